// What the projections should be, as SQL over what never changes: entries, holds, claims. Verification compares with these
// sums and rebuild writes them, so that what is proven and what is rebuilt are the same thing.

/**
 * As what an entry counts on its lot (`countsAs` in `corrections/rules.ts` says the same): `t` is its transaction, `x` what that
 * one reverses, if it does. The entry with the lot's own key is the grant. A reversal moves the same figure back, but for a
 * grant's: what was granted stays a fixed term, so its opposite is clawed. Charges come first and have no key: nearly all
 * entries are theirs, and for them no lot is looked up.
 */
const LOT_KEY = "(SELECT key FROM lots WHERE id = e.lot_id)"
const TYPE = "COALESCE(x.type, t.type)"
const COUNTS_AS = `
  CASE WHEN t.type = 'usage' AND t.key IS NULL THEN 'consumed'
       WHEN t.key = ${LOT_KEY} THEN 'granted' WHEN x.key = ${LOT_KEY} THEN 'clawed'
       WHEN ${TYPE} = 'refund' AND (e.amount_nano > 0) = (t.reverses IS NULL) THEN 'consumed'
       WHEN ${TYPE} IN ('usage', 'sale', 'overage', 'fee', 'sponsor') THEN 'consumed'
       WHEN ${TYPE} IN ('expiry', 'subscription') THEN 'expired'
       WHEN ${TYPE} = 'adjustment' THEN 'voided' WHEN ${TYPE} IN ('refund', 'debt') THEN 'clawed' END`

const sumOf = (figure: string) => `COALESCE(SUM(amount) FILTER (WHERE figure = '${figure}'), 0)`

/** The figures of a lot as its entries tell them; the same table rebuilds the projection. Sorted by lot before it is summed. */
export const LOT_SUMS = `
  SELECT lot_id, SUM(amount) AS remaining, ${sumOf("granted")} AS granted, SUM(figure IS 'granted') AS grants,
         -${sumOf("consumed")} AS consumed, -${sumOf("expired")} AS expired, -${sumOf("voided")} AS voided,
         -${sumOf("clawed")} AS clawed
  FROM (SELECT e.lot_id, e.amount_nano AS amount, ${COUNTS_AS} AS figure
        FROM entries e CROSS JOIN transactions t ON t.id = e.transaction_id LEFT JOIN transactions x ON x.id = t.reverses
        WHERE e.lot_id IS NOT NULL)
  GROUP BY lot_id`

export const OPEN_HELD = `
  SELECT p.lot_id, SUM(p.amount_nano) AS held
  FROM hold_lots p JOIN holds h ON h.id = p.hold_id WHERE h.state = 'open' GROUP BY p.lot_id`

/** Entries are grouped first: joined to accounts as they are, each account would scan them all. */
export const ACCOUNT_SUMS = `
  SELECT a.id, COALESCE(s.balance, 0) AS balance FROM accounts a
  LEFT JOIN (SELECT account_id, SUM(amount_nano) AS balance FROM entries GROUP BY account_id) s ON s.account_id = a.id`

/** What refunds and reversals gave back of a settled call; they carry its hold. */
export const BACK_OF_HOLD = `
  SELECT t.hold_id, SUM(e.amount_nano) AS back
  FROM transactions t INDEXED BY transactions_after_hold JOIN entries e ON e.transaction_id = t.id
  WHERE t.hold_id IS NOT NULL AND t.type <> 'usage' AND e.lot_id IS NOT NULL GROUP BY t.hold_id`

/** When credits last came back to a lot. */
export const BACK_ON_LOT = `
  SELECT e.lot_id, MAX(t.at_ms) AS last_ms FROM transactions t CROSS JOIN entries e ON e.transaction_id = t.id
  JOIN lots l ON l.id = e.lot_id
  WHERE t.type IN ('refund', 'reversal') AND e.amount_nano > 0 AND t.key IS NOT l.key GROUP BY e.lot_id`

/** limit_day as the holds tell it: collected, less what came back, on the day of the hold. */
export const LIMIT_SUMS = `
  SELECT h.account_id, h.client_id, h.limit_scope AS scope, h.day,
         SUM(h.collected_nano - COALESCE(b.back, 0)) AS used,
         SUM(CASE h.state WHEN 'open' THEN h.amount_nano ELSE 0 END) AS held
  FROM holds h LEFT JOIN (${BACK_OF_HOLD}) b ON b.hold_id = h.id
  WHERE h.client_id IS NOT NULL GROUP BY h.account_id, h.client_id, h.limit_scope, h.day`

/** free_budget_day as the claims tell it. */
export const BUDGET_SUMS = `
  SELECT a.mode, c.at_ms / 86400000 AS day, SUM(c.amount_nano) AS granted, c.budget_nano AS budget, MAX(t.id) AS last
  FROM claims c JOIN accounts a ON a.id = c.account_id JOIN transactions t ON t.id = c.transaction_id
  WHERE c.budget_nano IS NOT NULL GROUP BY a.mode, c.at_ms / 86400000`
