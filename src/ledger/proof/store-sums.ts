// What the projections should be, as SQL over what never changes: charges, entries, claims. Verification compares with these
// sums and rebuild writes them, so that what is proven and what is rebuilt are the same thing.

/**
 * As what an entry counts on its lot (`countsAs` in `corrections/rules.ts` says the same): `t` is its transaction, `x` what that
 * one reverses, if it does; nothing there when it reverses a charge. The entry with the lot's own key is the grant. A reversal
 * moves the same figure back, but for a grant's: what was granted stays a fixed term, so its opposite is clawed.
 */
const LOT_KEY = "(SELECT key FROM lots WHERE id = e.lot_id)"
const TYPE = "COALESCE(x.type, CASE WHEN t.reverses IS NULL THEN t.type ELSE 'usage' END)"
/** Of charges and of sales; the latter have no row of the books that hangs on them. */
const REFUNDS = "SELECT transaction_id FROM corrections WHERE verb = 'refund_charge'"
const COUNTS_AS = `
  CASE WHEN t.key = ${LOT_KEY} THEN 'granted' WHEN x.key = ${LOT_KEY} THEN 'clawed'
       WHEN ${TYPE} = 'refund' AND (t.charge_id IS NOT NULL OR t.id IN (${REFUNDS})) THEN 'consumed'
       WHEN ${TYPE} IN ('usage', 'sale', 'overage', 'fee', 'sponsor') THEN 'consumed'
       WHEN ${TYPE} IN ('expiry', 'subscription') THEN 'expired'
       WHEN ${TYPE} = 'adjustment' THEN 'voided' WHEN ${TYPE} IN ('refund', 'debt') THEN 'clawed' END`

const sumOf = (figure: string) => `COALESCE(SUM(amount) FILTER (WHERE figure = '${figure}'), 0)`

/** What charges of one lot took of it. Two numbers a charge are sorted, nothing else. */
const SPENT = "SELECT lot_id, SUM(collected_nano) AS amount FROM charges WHERE lot_id IS NOT NULL GROUP BY lot_id"

/**
 * The figures of a lot as charges and entries tell them; the same table rebuilds the projection.
 * @param spent what charges of one lot took of it, where that is summed already
 */
export const lotSums = (spent = `(${SPENT})`): string => `
  SELECT lot_id, SUM(amount) AS remaining, ${sumOf("granted")} AS granted, SUM(figure IS 'granted') AS grants,
         -${sumOf("consumed")} AS consumed, -${sumOf("expired")} AS expired, -${sumOf("voided")} AS voided,
         -${sumOf("clawed")} AS clawed
  FROM (SELECT e.lot_id, e.amount_nano AS amount, ${COUNTS_AS} AS figure
        FROM entries e CROSS JOIN transactions t ON t.id = e.transaction_id LEFT JOIN transactions x ON x.id = t.reverses
        WHERE e.lot_id IS NOT NULL
        UNION ALL SELECT lot_id, -amount, 'consumed' FROM ${spent}
        UNION ALL SELECT lot_id, -SUM(amount_nano), 'consumed' FROM charge_lots GROUP BY lot_id)
  GROUP BY lot_id`

/** Id of a platform account, which its mode and place give (`platformAccount` of books says the same). */
const platform = (live: number) => `CASE mode WHEN 'live' THEN ${live} ELSE ${live + 20} END`

/**
 * What charges moved on accounts without lots: uncollected, the upstream's, revenue, the developer's; wallets have their lots.
 * `from`: FROM clause with charges as `c`; `columns`: what is told with each.
 */
export const otherSides = (from: string, columns = "") => `
  SELECT ${columns} ${platform(5)} AS account_id, c.collected_nano - c.charge_nano AS amount_nano ${from}
  UNION ALL SELECT ${columns} ${platform(2)}, c.upstream_nano ${from}
  UNION ALL SELECT ${columns} ${platform(1)}, c.charge_nano - c.upstream_nano - c.earned_nano ${from}
  UNION ALL SELECT ${columns} c.pending_id, c.earned_nano ${from} WHERE c.earned_nano > 0`

/** What each account without lots should have. Rows are grouped first: joined to accounts as they are, each would scan them all. */
export const ACCOUNT_SUMS = `
  SELECT a.id, COALESCE(s.balance, 0) AS balance FROM accounts a LEFT JOIN (
    SELECT account_id, SUM(amount_nano) AS balance FROM (
      SELECT account_id, amount_nano FROM entries WHERE lot_id IS NULL
      UNION ALL ${otherSides(`FROM (
        SELECT mode, pending_id, SUM(collected_nano) AS collected_nano, SUM(charge_nano) AS charge_nano,
               SUM(upstream_nano) AS upstream_nano, SUM(earned_nano) AS earned_nano FROM charges GROUP BY mode, pending_id) c`)})
    GROUP BY account_id) s ON s.account_id = a.id
  WHERE a.kind <> 'wallet'`

/** What refunds and reversals gave back of a charge, by lot; they say which charge. */
export const BACK_OF_CHARGE = `
  SELECT t.charge_id, e.lot_id, SUM(e.amount_nano) AS back
  FROM transactions t INDEXED BY transactions_of_charge CROSS JOIN entries e ON e.transaction_id = t.id
  WHERE t.charge_id IS NOT NULL AND e.lot_id IS NOT NULL GROUP BY t.charge_id, e.lot_id`

/** The same of a sale, which the correction names: by lot. */
export const BACK_OF_SALE = `
  SELECT json_extract(c.request, '$.transactionId') AS sale, e.lot_id, SUM(e.amount_nano) AS back
  FROM corrections c CROSS JOIN transactions t ON t.id = c.transaction_id CROSS JOIN entries e ON e.transaction_id = t.id
  WHERE c.verb = 'refund_charge' AND t.charge_id IS NULL AND e.lot_id IS NOT NULL GROUP BY 1, 2`

/** free_budget_day as the claims tell it. */
export const BUDGET_SUMS = `
  SELECT a.mode, c.at_ms / 86400000 AS day, SUM(c.amount_nano) AS granted, c.budget_nano AS budget, MAX(t.id) AS last
  FROM claims c JOIN accounts a ON a.id = c.account_id JOIN transactions t ON t.id = c.transaction_id
  WHERE c.budget_nano IS NOT NULL GROUP BY a.mode, c.at_ms / 86400000`
