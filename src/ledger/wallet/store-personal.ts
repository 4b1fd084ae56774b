// What `ledger` has of a person. The books stay, for they have to prove: numbers, no names. What calls were is cleared, reasons that
// somebody typed are taken out; both stand outside the hashes.
import { type Personal, takeSteps } from "../../part/index.ts"
import type { Tx } from "../../store/index.ts"

const BOOKS = { stays: "the books have to prove, and name nobody but by number" }
const OF_BOOKS = { not: "how the books are kept; its movements and lots say what came of it" }
const OWN = "SELECT id FROM accounts WHERE owner_kind = 'principal' AND owner_id = ?1"

export const LEDGER_PERSONAL: Personal = {
  tables: {
    accounts: { erased: BOOKS, exported: OF_BOOKS },
    lots: { erased: BOOKS, exported: "credits.csv" },
    charges: { erased: "emptied", exported: "calls.csv" },
    charge_days: { erased: "emptied", exported: { not: "sums of the calls" } },
    wallet_callers: { erased: BOOKS, exported: { not: "sums of the calls" } },
    charge_client_days: { erased: BOOKS, exported: { not: "sums of an app over everybody" } },
    transactions: { erased: "emptied", exported: "movements.csv" },
    entries: { erased: BOOKS, exported: "movements.csv" },
    claims: { erased: BOOKS, exported: "movements.csv" },
    open_holds: { erased: { stays: "none is open when a person is erased" }, exported: { not: "calls that run" } },
    earning_days: { erased: BOOKS, exported: "earnings.csv" },
    earning_takes: { erased: BOOKS, exported: "earnings.csv" },
    earning_maturities: { erased: BOOKS, exported: OF_BOOKS },
    sales: { erased: BOOKS, exported: "movements.csv" },
    payouts: { erased: BOOKS, exported: "payouts.csv" },
    book_runs: {
      erased: { stays: "who had the books proved, by public id" },
      exported: { not: "of the operator's work" },
    },
  },
  files: [
    {
      name: "credits.csv",
      what: "Every grant of credits: what kind, how much, what became of it.",
      sql: `SELECT l.id AS place, l.public_id AS id, a.mode, l.bucket, l.paid, l.granted_nano, l.consumed_nano, l.expired_nano, l.voided_nano,
          l.clawed_nano, l.remaining_nano, l.effective_ms, l.expires_ms, l.created_ms
        FROM lots l JOIN accounts a ON a.id = l.account_id
        WHERE l.account_id IN (${OWN}) AND l.id > ?2 ORDER BY l.id LIMIT ?3`,
    },
    {
      name: "movements.csv",
      what: "Every movement of your credits that is no call.",
      sql: `SELECT t.id * 1000 + e.seq AS place, t.public_id AS id, t.type, t.mode, t.at_ms, a.kind AS account, e.amount_nano, e.balance_after_nano, t.reason
        FROM transactions t NOT INDEXED JOIN entries e ON e.transaction_id = t.id AND e.account_id IN (${OWN})
        JOIN accounts a ON a.id = e.account_id
        WHERE t.id >= ?2 / 1000 AND t.id * 1000 + e.seq > ?2 ORDER BY t.id, e.seq LIMIT ?3`,
    },
    {
      name: "earnings.csv",
      what: "What your apps earned, by day.",
      sql: `SELECT * FROM (SELECT row_number() OVER (ORDER BY d.day, d.account_id, d.source) AS place, a.mode, d.day AS on_day,
            d.source, d.earned_nano, d.clawed_nano, d.matured_nano
          FROM earning_days d JOIN accounts a ON a.id = d.account_id WHERE d.account_id IN (${OWN}))
        WHERE place > ?2 ORDER BY place LIMIT ?3`,
    },
    {
      name: "payouts.csv",
      what: "Money that was paid out to you.",
      sql: `SELECT id AS place, public_id AS id, mode, amount_nano, state, requested_ms, resolved_ms FROM payouts
        WHERE owner_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
    },
  ],
}

/** What is left in their wallets; what is due goes with the job that expires it. */
export const lotsToVoid = (tx: Tx, userId: number, rows: number): string[] =>
  tx
    .all<{ id: string }>(
      `SELECT public_id AS id FROM lots WHERE unspent = 1 AND account_id IN (${OWN}) AND (expires_ms IS NULL OR expires_ms > ?2)
       ORDER BY id LIMIT ?3`,
      userId,
      tx.now,
      rows,
    )
    .map(({ id }) => id)

/** Ids up to here are the platform's (schema). The index of people's entries is for those above: without saying so all entries are walked. */
const PLATFORM_ACCOUNTS = 100

/** Reasons of what was posted to their accounts, for the books' other side too: one of an admin may name them. */
export const eraseReasons = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
    (left) =>
      tx.run(
        `UPDATE transactions SET reason = 'erased' WHERE id IN (
           SELECT t.id FROM entries e JOIN transactions t ON t.id = e.transaction_id AND t.reason <> 'erased'
           WHERE e.account_id > ${PLATFORM_ACCOUNTS} AND e.account_id IN (${OWN}) LIMIT ?2)`,
        userId,
        left,
      ).changes,
  ])
