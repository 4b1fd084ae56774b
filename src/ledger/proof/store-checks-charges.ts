// SQL of verification of charges: that each fits the accounts and lots it names, what it earned, and when its lots lived. One pass over
// charges with their accounts, one that sums them by lot, one over the few with several lots. A lot is fetched once, not with each
// of its charges; these are looked at one by one only where their sums leave a doubt. Of what a call
// was nothing is asked that may be cleared (`charges/clear.ts`). Read-only.
import { count, type SharedSql } from "./store-proof.ts"
import { lotSums } from "./store-sums.ts"

/** The most that its developer may have. */
const PART = "min(c.developer_nano, max(0, c.collected_nano - c.upstream_nano))"

/** SQL twin of `splitEarning`: the promo part of a developer's part. Exact up to a product of 9 × 10^18, null above. */
const promoPart = (promo: string, total: string): string => `
  CASE WHEN ${promo} = 0 THEN 0 WHEN ${promo} = ${total} THEN ${PART}
       WHEN ${PART} > 9000000000000000000 / ${promo} THEN NULL
       ELSE ${PART} * ${promo} / ${total} + (${PART} * ${promo} % ${total} > ${total} / 2) END`

/** Whatever lots paid. CHECKs say most of it; whoever can write the file can turn them off. */
const PARTS_BROKEN = `
  c.collected_nano < 0 OR c.collected_nano > c.charge_nano OR c.upstream_nano < 0 OR c.developer_nano < 0
  OR c.upstream_nano + c.developer_nano > c.charge_nano
  OR c.earned_nano < 0 OR c.earned_nano > ${PART} OR (c.pending_id IS NULL) <> (c.earned_nano = 0)
  OR c.held_day > c.at_ms / 86400000 OR w.kind IS NOT 'wallet'
  OR CASE WHEN c.pending_id IS NULL THEN 0 ELSE p.kind IS NOT 'pending' OR p.owner_id IS NOT c.developer_id END`

const MODES_BROKEN = "w.mode IS NOT c.mode OR p.mode <> c.mode"

const REFERENCES_BROKEN = "w.id IS NULL OR (c.pending_id IS NOT NULL AND p.id IS NULL)"

const PROMO_BROKEN = `
  c.promo_earned_nano < 0 OR c.promo_earned_nano > c.earned_nano
  OR c.promo_earned_nano > 0 AND (c.promo_cap_nano = 0 OR w.owner_id = p.owner_id)`

/** Of one lot all is paid, or all is promo. What is earned stays within the part in any case (`PARTS_BROKEN`). */
const EARNING_OF_ONE = `CASE l.paid
    WHEN 0 THEN c.earned_nano <> c.promo_earned_nano ELSE c.promo_earned_nano <> 0 OR c.earned_nano <> ${PART} END`

/** Of several: `promo` is the promo part of the developer's part. */
const earningOfMore = (promo: string): string => `${PART} > 0
    AND (c.promo_earned_nano > (${promo}) OR c.earned_nano <> ${PART} - (${promo}) + c.promo_earned_nano)`

/** Taken outside the lot's life, or by a call that it is not for; but what a hold kept before the end may be taken after it. */
const ALIVE_BROKEN = `
  c.at_ms < l.effective_ms OR c.at_ms < l.created_ms OR l.restriction <> c.scope
  OR (c.at_ms >= l.expires_ms AND c.held_day * 86400000 >= l.expires_ms)`

const WITH_ACCOUNTS = `
  SELECT c.call_id,
    (${PARTS_BROKEN}) OR CASE WHEN c.lot_id IS NOT NULL THEN c.collected_nano = 0
      WHEN c.collected_nano > 0 THEN NOT EXISTS (SELECT 1 FROM charge_lots k WHERE k.charge_id = c.id) END AS in_parts,
    (${PROMO_BROKEN}) AS in_earning, 0 AS in_alive, (${MODES_BROKEN}) AS in_modes, (${REFERENCES_BROKEN}) AS in_references
  FROM charges c LEFT JOIN accounts w ON w.id = c.account_id LEFT JOIN accounts p ON p.id = c.pending_id
  WHERE in_parts OR in_earning OR in_modes OR in_references`

/** What charges of one lot took of it, by whom, when, and what they earned. */
const SPENT = `
  SELECT lot_id, SUM(collected_nano) AS amount, MIN(account_id) AS first_account, MAX(account_id) AS last_account,
         MIN(at_ms) AS first_ms, MAX(at_ms) AS last_ms, SUM(earned_nano) AS earned, SUM(promo_earned_nano) AS promo,
         SUM(${PART}) AS part
  FROM charges c WHERE lot_id IS NOT NULL GROUP BY lot_id`

/**
 * Lots whose charges are to be looked at one by one. As no charge earns more than its part, or more for promo than in all, sums that
 * agree say that each of them does.
 */
const ODD = `
  SELECT s.lot_id FROM spent s LEFT JOIN lots l ON l.id = s.lot_id
  WHERE l.id IS NULL OR l.account_id <> s.first_account OR l.account_id <> s.last_account OR l.restriction IS NOT NULL
    OR s.first_ms < l.effective_ms OR s.first_ms < l.created_ms OR s.last_ms >= l.expires_ms
    OR CASE l.paid WHEN 0 THEN s.earned <> s.promo ELSE s.promo <> 0 OR s.earned <> s.part END`

const OF_ODD_LOTS = `
  SELECT c.call_id, l.account_id IS NOT c.account_id AS in_parts, (${EARNING_OF_ONE}) AS in_earning,
    (${ALIVE_BROKEN} OR (c.at_ms >= l.expires_ms AND c.collected_nano > c.held_nano)) AS in_alive, 0, l.id IS NULL
  FROM charges c LEFT JOIN lots l ON l.id = c.lot_id
  WHERE EXISTS (SELECT 1 FROM odd) AND c.lot_id IN (SELECT lot_id FROM odd)`

const DUE_NANO = "COALESCE(SUM(k.amount_nano) FILTER (WHERE c.at_ms >= l.expires_ms), 0)"

const MORE_LOTS = `
  SELECT c.call_id,
    (COUNT(*) < 2 OR SUM(k.amount_nano) <> c.collected_nano OR c.lot_id IS NOT NULL OR MIN(k.amount_nano) <= 0
      OR MIN(k.seq) <> 0 OR MAX(k.seq) <> COUNT(*) - 1 OR COUNT(DISTINCT k.lot_id) <> COUNT(*)
      OR SUM(l.account_id IS NOT c.account_id) > 0) AS in_parts,
    (${earningOfMore(promoPart("COALESCE(SUM(k.amount_nano) FILTER (WHERE l.paid = 0), 0)", "SUM(k.amount_nano)"))}) AS in_earning,
    (SUM(${ALIVE_BROKEN}) > 0 OR ${DUE_NANO} > c.held_nano) AS in_alive, 0, 0
  FROM charge_lots k CROSS JOIN charges c ON c.id = k.charge_id LEFT JOIN lots l ON l.id = k.lot_id
  GROUP BY k.charge_id HAVING in_parts OR in_earning OR in_alive`

const FIGURES_BROKEN = `
  SELECT l.public_id FROM lots l LEFT JOIN (${lotSums("spent")}) s ON s.lot_id = l.id
  WHERE s.lot_id IS NULL OR s.grants <> 1 OR s.granted <> l.granted_nano OR s.remaining <> l.remaining_nano
     OR s.consumed <> l.consumed_nano OR s.expired <> l.expired_nano OR s.voided <> l.voided_nano
     OR s.clawed <> l.clawed_nano
  UNION ALL
  SELECT 'transaction ' || e.transaction_id || ' entry ' || e.seq
  FROM entries e CROSS JOIN accounts a ON a.id = e.account_id LEFT JOIN lots l ON l.id = e.lot_id
  WHERE (a.kind = 'wallet') <> (e.lot_id IS NOT NULL) OR l.account_id <> e.account_id`

/** Credits that expired or rolled over before their time. */
const EXPIRED_EARLY = `
  SELECT t.public_id || ' expired early ' || l.public_id
  FROM transactions t CROSS JOIN entries e ON e.transaction_id = t.id CROSS JOIN lots l ON l.id = e.lot_id
  WHERE t.type IN ('expiry', 'subscription') AND e.amount_nano < 0 AND (l.expires_ms IS NULL OR t.at_ms < l.expires_ms)`

/** On a lot that a hold could not have taken when it was made; raises came later. */
const HELD_DEAD = `
  SELECT 'hold of ' || h.call_id || ' on ' || l.public_id
  FROM v_open_hold_lots p CROSS JOIN open_holds h ON h.account_id = p.account_id AND h.id = p.hold_id
  CROSS JOIN lots l ON l.id = p.lot_id
  WHERE h.created_ms >= l.expires_ms OR l.effective_ms > (SELECT MAX(at_ms) FROM last_commit) OR l.restriction <> h.scope`

const MODES_ELSEWHERE = `
  SELECT t.public_id FROM entries e CROSS JOIN transactions t ON t.id = e.transaction_id
  LEFT JOIN accounts a ON a.id = e.account_id WHERE a.mode IS NOT t.mode
  UNION ALL
  SELECT t.public_id FROM transactions t CROSS JOIN charges c ON c.id = t.charge_id WHERE c.mode <> t.mode
  UNION ALL
  SELECT 'claim of account ' || c.account_id FROM claims c JOIN accounts a ON a.id = c.account_id
  JOIN transactions t ON t.id = c.transaction_id WHERE a.mode <> t.mode`

/** Of all tables but charges, which the pass above looks through, and their days, which are proved by charges. */
const TABLES =
  "lots open_holds charge_lots transactions entries claims earning_days earning_takes earning_maturities payouts corrections sales"

const MISSING = TABLES.split(" ")
  .map((table) => `SELECT "table" || ' names a missing ' || parent FROM pragma_foreign_key_check('${table}')`)
  .join(" UNION ALL ")

export const CHARGE_CHECKS: SharedSql = {
  checks: [
    {
      name: "lot_entries",
      promise:
        "the figures of a lot are the sums of its charges and entries, and every wallet entry names a lot of that wallet",
      checked: count("lots"),
    },
    {
      name: "charge_parts",
      promise: "a charge is the sum of its parts; one wallet paid it from its own lots, and its own developer earned",
      checked: count("charges"),
    },
    {
      name: "earning_parts",
      promise: "a developer earns all of their part that paid lots paid, and of promo lots only what may count",
      checked: count("charges"),
    },
    {
      name: "lots_alive",
      promise: "nothing is reserved on, or taken from, a lot outside its life, but by a hold made within it",
      checked: count("charges"),
    },
    {
      name: "modes_apart",
      promise: "live and test never meet in one transaction, charge or claim",
      checked: "SELECT (SELECT COUNT(*) FROM charges) + (SELECT COUNT(*) FROM entries) AS n",
    },
    {
      name: "references",
      promise: "every row that is named exists",
      checked: "SELECT (SELECT COUNT(*) FROM charges) + (SELECT COUNT(*) FROM entries) AS n",
    },
  ],
  broken: `
    SELECT * FROM (
      WITH spent AS MATERIALIZED (${SPENT}), odd AS MATERIALIZED (${ODD}),
      off AS MATERIALIZED (
        SELECT * FROM (${WITH_ACCOUNTS}) UNION ALL SELECT * FROM (${OF_ODD_LOTS}) UNION ALL SELECT * FROM (${MORE_LOTS})),
      named AS (
        SELECT 'charge_parts' AS name, call_id FROM off WHERE in_parts
        UNION ALL SELECT 'earning_parts', call_id FROM off WHERE in_earning
        UNION ALL SELECT 'lots_alive', call_id FROM off WHERE in_alive
        UNION ALL SELECT 'modes_apart', call_id FROM off WHERE in_modes
        UNION ALL SELECT 'references', call_id FROM off WHERE in_references)
      SELECT DISTINCT name, 'txn_' || substr(call_id, 5) AS example FROM named
      UNION ALL SELECT 'lot_entries', * FROM (${FIGURES_BROKEN})
      UNION ALL SELECT 'lots_alive', * FROM (${EXPIRED_EARLY} UNION ALL ${HELD_DEAD})
      UNION ALL SELECT 'modes_apart', * FROM (${MODES_ELSEWHERE})
      UNION ALL SELECT 'references', * FROM (${MISSING}))`,
}
