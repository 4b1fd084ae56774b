// SQL of verification: one named query per promise of DESIGN §4 that answers with what breaks it. Sums are compared inside
// SQLite, where 64 bits are exact; only texts come out. Read-only, needs nothing but a reader.
import { CORRECTION_CHECKS } from "./store-checks-corrections.ts"
import { EARNING_CHECKS } from "./store-checks-earnings.ts"
import { type CheckSql, REFERENCES } from "./store-proof.ts"
import { ACCOUNT_SUMS, BACK_ON_LOT, BUDGET_SUMS, LIMIT_SUMS, LOT_SUMS, OPEN_HELD } from "./store-sums.ts"

const order = (lot: string) =>
  `(${lot}.priority, COALESCE(${lot}.expires_ms, 9223372036854775807), ${lot}.paid, ${lot}.created_ms, ${lot}.id)`

const count = (table: string, where = "") => `SELECT COUNT(*) AS n FROM ${table} ${where}`

export const CHECKS: readonly CheckSql[] = [
  {
    name: "entries_balance",
    promise: "the entries of every transaction sum to zero",
    checked: count("transactions"),
    broken: `
      SELECT t.public_id AS example FROM transactions t
      WHERE COALESCE((SELECT SUM(e.amount_nano) <> 0 OR COUNT(*) < 2 OR MAX(e.seq) <> COUNT(*) - 1
                      FROM entries e WHERE e.transaction_id = t.id), 1)
      UNION ALL
      SELECT 'entry of missing transaction ' || transaction_id FROM entries
      WHERE transaction_id NOT IN (SELECT id FROM transactions)`,
  },
  {
    name: "books_balance",
    promise: "all entries of a mode sum to zero",
    checked: count("entries"),
    broken: `
      SELECT a.mode || ' is off by ' || SUM(e.amount_nano) AS example
      FROM entries e JOIN accounts a ON a.id = e.account_id GROUP BY a.mode, a.asset HAVING SUM(e.amount_nano) <> 0`,
  },
  {
    name: "account_balance",
    promise: "the balance of an account is the sum of its entries",
    checked: count("accounts"),
    broken: `
      SELECT 'account ' || a.id || ' says ' || a.balance_nano || ', its entries ' || s.balance AS example
      FROM accounts a JOIN (${ACCOUNT_SUMS}) s ON s.id = a.id WHERE a.balance_nano <> s.balance`,
  },
  {
    name: "running_balance",
    promise: "every entry shows the balance that it left",
    checked: count("entries"),
    broken: `
      SELECT 'transaction ' || transaction_id || ' entry ' || seq AS example FROM (
        SELECT transaction_id, seq, balance_after_nano AS shown,
               SUM(amount_nano) OVER (PARTITION BY account_id ORDER BY transaction_id, seq) AS summed FROM entries)
      WHERE shown <> summed`,
  },
  {
    name: "wallet_lots",
    promise: "the balance of a wallet is what remains of its lots, and never below zero",
    checked: count("accounts", "WHERE kind = 'wallet'"),
    broken: `
      SELECT 'account ' || a.id AS example FROM accounts a
      LEFT JOIN (SELECT account_id, SUM(remaining_nano) AS remaining, SUM(remaining_nano - held_nano) AS free
                 FROM lots GROUP BY account_id) l ON l.account_id = a.id
      WHERE a.kind = 'wallet'
        AND (a.balance_nano <> COALESCE(l.remaining, 0) OR a.balance_nano < 0 OR COALESCE(l.free, 0) < 0)`,
  },
  {
    name: "lot_bounds",
    promise: "0 <= held <= remaining <= granted on every lot",
    checked: count("lots"),
    broken: `
      SELECT public_id AS example FROM lots
      WHERE NOT (0 <= held_nano AND held_nano <= remaining_nano AND remaining_nano <= granted_nano AND granted_nano > 0
                 AND consumed_nano >= 0 AND expired_nano >= 0 AND voided_nano >= 0 AND clawed_nano >= 0
                 AND live = (remaining_nano > 0))`,
  },
  {
    name: "lot_sums",
    promise: "granted = consumed + expired + voided + clawed + remaining on every lot",
    checked: count("lots"),
    broken: `
      SELECT public_id AS example FROM lots
      WHERE granted_nano <> consumed_nano + expired_nano + voided_nano + clawed_nano + remaining_nano`,
  },
  {
    name: "lot_entries",
    promise: "the figures of a lot are the sums of its entries, and every wallet entry names a lot of that wallet",
    checked: count("lots"),
    broken: `
      SELECT l.public_id AS example FROM lots l LEFT JOIN (${LOT_SUMS}) s ON s.lot_id = l.id
      WHERE s.lot_id IS NULL OR s.grants <> 1 OR s.granted <> l.granted_nano OR s.remaining <> l.remaining_nano
         OR s.consumed <> l.consumed_nano OR s.expired <> l.expired_nano OR s.voided <> l.voided_nano
         OR s.clawed <> l.clawed_nano
      UNION ALL
      SELECT 'transaction ' || e.transaction_id || ' entry ' || e.seq
      FROM entries e JOIN accounts a ON a.id = e.account_id LEFT JOIN lots l ON l.id = e.lot_id
      WHERE (a.kind = 'wallet') <> (e.lot_id IS NOT NULL) OR l.account_id <> e.account_id`,
  },
  {
    name: "grants_once",
    promise: "a key grants once: every lot has one transaction with its key, which credits all of it",
    checked: count("lots"),
    broken: `
      SELECT l.public_id AS example FROM lots l
      LEFT JOIN transactions t ON t.key = l.key
      LEFT JOIN entries e ON e.transaction_id = t.id AND e.lot_id = l.id AND e.amount_nano = l.granted_nano
      WHERE e.lot_id IS NULL
      UNION ALL SELECT 'lot key ' || key FROM lots GROUP BY key HAVING COUNT(*) > 1
      UNION ALL SELECT 'transaction key ' || key FROM transactions WHERE key IS NOT NULL GROUP BY key HAVING COUNT(*) > 1`,
  },
  {
    name: "lot_holds",
    promise: "what is held on a lot is what open holds reserved there",
    checked: count("lots"),
    broken: `
      SELECT l.public_id AS example FROM lots l LEFT JOIN (${OPEN_HELD}) h ON h.lot_id = l.id
      WHERE l.held_nano <> COALESCE(h.held, 0)`,
  },
  {
    name: "hold_parts",
    promise: "a hold is the sum of what it reserved, on lots of its own wallet, on the day it was made",
    checked: count("holds"),
    broken: `
      SELECT 'hold ' || h.id AS example FROM holds h
      WHERE h.amount_nano <> COALESCE((SELECT SUM(p.amount_nano) FROM hold_lots p WHERE p.hold_id = h.id), 0)
         OR h.day <> h.created_ms / 86400000
         OR EXISTS (SELECT 1 FROM hold_lots p JOIN lots l ON l.id = p.lot_id
                    WHERE p.hold_id = h.id AND l.account_id <> h.account_id)`,
  },
  {
    name: "consumption_order",
    promise: "lots are reserved and spent by priority, expiry, promo before paid, created, id",
    checked: count("hold_lots"),
    // (1) a hold's own order; (2) spending a later lot before an earlier one is used up; (3) passing over an earlier lot that
    // was free: it has free credits now, none came back to it since, and no other hold was on it when this one was made or
    // raised.
    broken: `
      SELECT 'hold ' || a.hold_id || ' out of order' AS example
      FROM hold_lots a JOIN hold_lots b ON b.hold_id = a.hold_id AND b.seq > a.seq
      JOIN lots la ON la.id = a.lot_id JOIN lots lb ON lb.id = b.lot_id WHERE ${order("la")} > ${order("lb")}
      UNION ALL
      SELECT 'hold ' || h.id || ' spent a later lot first' FROM holds h
      JOIN hold_lots a ON a.hold_id = h.id JOIN hold_lots b ON b.hold_id = h.id AND b.seq > a.seq
      WHERE h.state = 'settled'
        AND a.amount_nano > COALESCE((SELECT -SUM(e.amount_nano) FROM entries e
                                      WHERE e.transaction_id = h.transaction_id AND e.lot_id = a.lot_id), 0)
        AND EXISTS (SELECT 1 FROM entries e WHERE e.transaction_id = h.transaction_id AND e.lot_id = b.lot_id)
      UNION ALL
      SELECT 'hold ' || h.id || ' passed over ' || skipped.public_id
      FROM hold_lots p JOIN holds h ON h.id = p.hold_id JOIN lots used ON used.id = p.lot_id
      JOIN lots skipped ON skipped.account_id = h.account_id AND skipped.live = 1
      LEFT JOIN (${BACK_ON_LOT}) back ON back.lot_id = skipped.id
      WHERE ${order("skipped")} < ${order("used")} AND skipped.remaining_nano > skipped.held_nano
        AND skipped.created_ms < h.created_ms AND skipped.effective_ms <= h.created_ms
        AND COALESCE(back.last_ms, -1) < h.created_ms
        AND (skipped.expires_ms IS NULL OR skipped.expires_ms > h.created_ms)
        AND (skipped.restriction IS NULL OR skipped.restriction = h.scope)
        AND NOT EXISTS (SELECT 1 FROM hold_lots mine WHERE mine.hold_id = h.id AND mine.lot_id = skipped.id)
        AND NOT EXISTS (SELECT 1 FROM holds o JOIN hold_lots q ON q.hold_id = o.id AND q.lot_id = skipped.id
                        WHERE o.account_id = h.account_id AND o.id <> h.id
                          AND (o.id < h.id OR COALESCE(o.raised_ms, o.created_ms) <= h.raised_ms)
                          AND (o.resolved_ms IS NULL OR o.resolved_ms >= h.created_ms))`,
  },
  {
    name: "lots_alive",
    promise: "nothing is reserved on, or taken from, a lot outside its life, but by a hold made within it",
    checked: count("hold_lots"),
    broken: `
      SELECT 'hold ' || h.id || ' on ' || l.public_id AS example
      FROM hold_lots p JOIN holds h ON h.id = p.hold_id JOIN lots l ON l.id = p.lot_id
      WHERE h.created_ms >= l.expires_ms OR COALESCE(h.raised_ms, h.created_ms) < l.effective_ms
      UNION ALL
      SELECT t.public_id || ' took from ' || l.public_id
      FROM entries e JOIN transactions t ON t.id = e.transaction_id JOIN lots l ON l.id = e.lot_id
      WHERE t.type = 'usage' AND (t.at_ms >= l.expires_ms OR t.at_ms < l.effective_ms)
        AND NOT EXISTS (SELECT 1 FROM hold_lots p WHERE p.hold_id = t.hold_id AND p.lot_id = l.id)
      UNION ALL
      SELECT t.public_id || ' expired ' || l.public_id || ' early'
      FROM entries e JOIN transactions t ON t.id = e.transaction_id JOIN lots l ON l.id = e.lot_id
      WHERE (t.type = 'expiry' OR (t.type = 'subscription' AND e.amount_nano < 0))
        AND (l.expires_ms IS NULL OR t.at_ms < l.expires_ms)`,
  },
  {
    name: "charge_parts",
    promise: "charge = collected + uncollected = the sum of its parts, and the books say the same",
    checked: count("holds", "WHERE state = 'settled'"),
    broken: `
      SELECT 'hold ' || h.id AS example FROM holds h
      LEFT JOIN (
        SELECT e.transaction_id,
               -SUM(CASE a.kind WHEN 'wallet' THEN e.amount_nano ELSE 0 END) AS collected,
               -SUM(CASE a.kind WHEN 'uncollected' THEN e.amount_nano ELSE 0 END) AS uncollected,
               SUM(CASE a.kind WHEN 'upstream_payable' THEN e.amount_nano ELSE 0 END) AS upstream,
               SUM(CASE a.kind WHEN 'pending' THEN e.amount_nano ELSE 0 END) AS developer,
               SUM(CASE WHEN a.kind = 'pending' AND a.owner_id IS NOT h.developer_id THEN 1 ELSE 0 END) AS strangers,
               SUM(CASE a.kind WHEN 'revenue' THEN e.amount_nano ELSE 0 END) AS revenue
        FROM holds h JOIN entries e ON e.transaction_id = h.transaction_id JOIN accounts a ON a.id = e.account_id
        GROUP BY e.transaction_id) s ON s.transaction_id = h.transaction_id
      WHERE h.charge_nano <> h.charge_upstream_nano + h.charge_developer_nano + h.charge_platform_nano
         OR h.charge_nano <> h.collected_nano + h.uncollected_nano
         OR h.collected_nano <> COALESCE(s.collected, 0) OR h.uncollected_nano <> COALESCE(s.uncollected, 0)
         OR h.charge_upstream_nano <> COALESCE(s.upstream, 0) OR COALESCE(s.strangers, 0) > 0
         OR COALESCE(s.developer, 0)
            > min(h.charge_developer_nano, max(0, h.collected_nano - h.charge_upstream_nano))
         OR COALESCE(s.revenue, 0) <> h.charge_nano - h.charge_upstream_nano - COALESCE(s.developer, 0)`,
  },
  {
    name: "hold_resolved_once",
    promise: "a hold resolves once: a charged hold and its usage transaction name each other, an open one has none",
    checked: count("holds"),
    broken: `
      SELECT 'hold ' || h.id AS example FROM holds h LEFT JOIN transactions t ON t.id = h.transaction_id
      WHERE (h.state = 'open') <> (h.resolved_ms IS NULL) OR (h.charge_nano > 0) <> (h.transaction_id IS NOT NULL)
         OR (h.state <> 'settled' AND h.charge_nano <> 0)
         OR (h.transaction_id IS NOT NULL AND (t.id IS NULL OR t.type <> 'usage' OR t.hold_id IS NOT h.id))
      UNION ALL
      SELECT t.public_id FROM transactions t LEFT JOIN holds h ON h.id = t.hold_id
      WHERE (t.type = 'usage' AND h.transaction_id IS NOT t.id)
         OR (t.hold_id IS NOT NULL AND t.type NOT IN ('usage', 'refund', 'reversal'))
      UNION ALL
      SELECT 'hold ' || hold_id FROM transactions WHERE type = 'usage' GROUP BY hold_id HAVING COUNT(*) > 1`,
  },
  {
    name: "reversals_once",
    promise: "a transaction is reversed once, by its exact opposite",
    checked: count("transactions", "WHERE type = 'reversal'"),
    broken: `
      SELECT r.public_id AS example FROM transactions r
      WHERE r.type = 'reversal' AND (r.reverses IS NULL OR EXISTS (
        SELECT 1 FROM entries e WHERE e.transaction_id IN (r.id, r.reverses)
        GROUP BY e.account_id, e.lot_id HAVING SUM(e.amount_nano) <> 0))
      UNION ALL
      SELECT 'transaction ' || reverses FROM transactions WHERE reverses IS NOT NULL GROUP BY reverses HAVING COUNT(*) > 1`,
  },
  {
    name: "limit_day",
    promise: "used and held of an app's day are what its holds say",
    checked: count("limit_day"),
    broken: `
      SELECT 'account ' || account_id || ' client ' || client_id || ' ' || scope || ' day ' || day AS example FROM (
        SELECT account_id, client_id, scope, day, used_nano AS used, held_nano AS held FROM limit_day
        UNION ALL SELECT account_id, client_id, scope, day, -used, -held FROM (${LIMIT_SUMS}))
      GROUP BY account_id, client_id, scope, day HAVING SUM(used) <> 0 OR SUM(held) <> 0`,
  },
  {
    name: "claims_apart",
    promise: "claims of one wallet are 24 hours apart, each with its grant and its streak",
    checked: count("claims"),
    broken: `
      SELECT 'account ' || c.account_id || ' at ' || c.at_ms AS example FROM (
        SELECT *, LAG(at_ms) OVER w AS before_ms, LAG(streak) OVER w AS before_streak FROM claims
        WINDOW w AS (PARTITION BY account_id ORDER BY at_ms)) c
      LEFT JOIN transactions t ON t.id = c.transaction_id AND t.type = 'daily_bonus' AND t.at_ms = c.at_ms
      LEFT JOIN entries e ON e.transaction_id = t.id AND e.account_id = c.account_id AND e.amount_nano = c.amount_nano
      WHERE e.account_id IS NULL OR c.at_ms - c.before_ms < 86400000
         OR c.streak <> CASE WHEN c.at_ms - c.before_ms <= 172800000 THEN c.before_streak + 1 ELSE 1 END`,
  },
  {
    name: "free_budget",
    promise: "the free claims of a UTC day stay within the free budget, and its row counts them",
    checked: count("free_budget_day"),
    broken: `
      SELECT mode || ' day ' || day AS example FROM (
        SELECT mode, day, granted_nano AS granted, budget_nano AS budget FROM free_budget_day
        UNION ALL SELECT mode, day, -granted, -budget FROM (${BUDGET_SUMS}))
      GROUP BY mode, day HAVING SUM(granted) <> 0 OR SUM(budget) <> 0
      UNION ALL
      SELECT mode || ' transaction ' || transaction_id FROM (
        SELECT a.mode, c.transaction_id, c.budget_nano, SUM(c.amount_nano) OVER (
                 PARTITION BY a.mode, c.at_ms / 86400000 ORDER BY c.transaction_id) AS granted
        FROM claims c JOIN accounts a ON a.id = c.account_id WHERE c.budget_nano IS NOT NULL)
      WHERE granted > budget_nano`,
  },
  {
    name: "modes_apart",
    promise: "live and test never meet in one transaction, hold or claim",
    checked: count("entries"),
    broken: `
      SELECT t.public_id AS example FROM entries e JOIN transactions t ON t.id = e.transaction_id
      LEFT JOIN accounts a ON a.id = e.account_id WHERE a.mode IS NOT t.mode
      UNION ALL
      SELECT t.public_id FROM transactions t JOIN holds h ON h.id = t.hold_id JOIN accounts a ON a.id = h.account_id
      WHERE a.mode <> t.mode
      UNION ALL
      SELECT 'claim of account ' || c.account_id FROM claims c JOIN accounts a ON a.id = c.account_id
      JOIN transactions t ON t.id = c.transaction_id WHERE a.mode <> t.mode`,
  },
  REFERENCES,
  ...EARNING_CHECKS,
  ...CORRECTION_CHECKS,
]
