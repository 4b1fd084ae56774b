// SQL of verification of charges against the books: what a hold says was charged, collected and earned is what its transaction
// booked. Both checks look at the same sums, made once. Read-only.
import { count, type SharedSql } from "./store-proof.ts"

/** SQL twin of `splitEarning`: the promo part of a developer's part. Exact up to a product of 9 × 10^18, null above. */
const promoPart = (part: string, promo: string, total: string): string => `
  CASE WHEN ${promo} = 0 THEN 0 WHEN ${promo} = ${total} THEN ${part}
       WHEN ${part} > 9000000000000000000 / ${promo} THEN NULL
       ELSE ${part} * ${promo} / ${total} + (${part} * ${promo} % ${total} > ${total} / 2) END`

const sumWhere = (condition: string, sign = "") => `COALESCE(${sign}SUM(e.amount_nano) FILTER (WHERE ${condition}), 0)`

/**
 * Every hold with what its transaction booked, in the order of holds: entries are found beside each other and nothing is
 * sorted. `part`: the most that its developer may have; `booked_promo`: what promo lots paid of `booked_lots`.
 */
const BOOKED = `
  SELECT h.id, h.charge_nano, h.charge_upstream_nano, h.charge_developer_nano, h.charge_platform_nano, h.collected_nano,
         h.uncollected_nano, h.promo_cap_nano, h.promo_earned_nano AS counted, h.developer_id, o.owner_id,
         min(h.charge_developer_nano, max(0, h.collected_nano - h.charge_upstream_nano)) AS part,
         ${sumWhere("a.kind = 'wallet'", "-")} AS booked_wallet, ${sumWhere("a.kind = 'uncollected'", "-")} AS booked_uncollected,
         ${sumWhere("a.kind = 'upstream_payable'")} AS booked_upstream, ${sumWhere("a.kind = 'revenue'")} AS booked_revenue,
         ${sumWhere("a.kind = 'pending'")} AS earned,
         COUNT(*) FILTER (WHERE a.kind = 'pending' AND a.owner_id IS NOT h.developer_id) AS strangers,
         ${sumWhere("l.id IS NOT NULL", "-")} AS booked_lots, ${sumWhere("l.paid = 0", "-")} AS booked_promo
  FROM holds h LEFT JOIN accounts o ON o.id = h.account_id LEFT JOIN entries e ON e.transaction_id = h.transaction_id
  LEFT JOIN accounts a ON a.id = e.account_id LEFT JOIN lots l ON l.id = e.lot_id
  GROUP BY h.id`

const CHARGE_BROKEN = `
  charge_nano <> charge_upstream_nano + charge_developer_nano + charge_platform_nano
  OR charge_nano <> collected_nano + uncollected_nano OR collected_nano <> booked_wallet
  OR uncollected_nano <> booked_uncollected OR charge_upstream_nano <> booked_upstream OR strangers > 0 OR earned > part
  OR booked_revenue <> charge_nano - charge_upstream_nano - earned`

const PROMO = promoPart("part", "booked_promo", "booked_lots")
const EARNING_BROKEN = `
  counted > 0 AND charge_developer_nano = 0
  OR charge_developer_nano > 0 AND (
    counted > part OR earned > part OR earned < counted
    OR (part > 0 AND (counted > (${PROMO}) OR earned <> part - (${PROMO}) + counted))
    OR (counted > 0 AND promo_cap_nano <> -1 AND (promo_cap_nano = 0 OR owner_id = developer_id)))`

export const CHARGE_CHECKS: SharedSql = {
  checks: [
    {
      name: "charge_parts",
      promise: "charge = collected + uncollected = the sum of its parts, and the books say the same",
      checked: count("holds", "WHERE state = 'settled'"),
    },
    {
      name: "earning_parts",
      promise: "a developer earns all of their part that paid lots paid, and of promo lots only what may count",
      checked: count("holds", "WHERE charge_developer_nano > 0"),
    },
  ],
  broken: `
    SELECT * FROM (
      WITH off AS MATERIALIZED (
        SELECT id, (${CHARGE_BROKEN}) AS in_charge, (${EARNING_BROKEN}) AS in_earning FROM (${BOOKED})
        WHERE in_charge OR in_earning)
      SELECT 'charge_parts' AS name, 'hold ' || id AS example FROM off WHERE in_charge
      UNION ALL SELECT 'earning_parts', 'hold ' || id FROM off WHERE in_earning)`,
}
