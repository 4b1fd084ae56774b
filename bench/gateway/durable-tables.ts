// Rows of the durable floor. As few columns as the promises allow; nothing of Purser's schema, so that it stays the same when that changes.
import { Database, type Statement } from "bun:sqlite"

export const LOTS_PER_USER = 5
/** Platform accounts come first. */
export const ACCOUNT = { upstream: 1, developer: 2, revenue: 3, firstUser: 100 } as const

const LOT_NANO = 1_000_000_000_000_000
const CHECKPOINT_PAGES = 8_000

const PRAGMAS = [
  "page_size = 4096",
  "journal_mode = WAL",
  // COMMIT writes the log, the floor syncs it off the main thread before it answers.
  "synchronous = NORMAL",
  `wal_autocheckpoint = ${CHECKPOINT_PAGES}`,
  "foreign_keys = OFF",
  "temp_store = MEMORY",
  "cache_size = -65536",
]

const TABLES = [
  "CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL) STRICT",
  `CREATE TABLE lots (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, remaining INTEGER NOT NULL, held INTEGER NOT NULL,
     CHECK (held >= 0 AND held <= remaining)) STRICT`,
  `CREATE TABLE holds (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, lot_id INTEGER NOT NULL, client_id INTEGER,
     amount INTEGER NOT NULL, call_id TEXT NOT NULL, model TEXT NOT NULL, lease_ms INTEGER NOT NULL) STRICT`,
  `CREATE TABLE transactions (id INTEGER PRIMARY KEY, public_id TEXT NOT NULL, at_ms INTEGER NOT NULL, hold_id INTEGER NOT NULL,
     account_id INTEGER NOT NULL, prev_hash BLOB NOT NULL, hash BLOB NOT NULL, request_id TEXT NOT NULL) STRICT`,
  `CREATE TABLE entries (transaction_id INTEGER NOT NULL, seq INTEGER NOT NULL, account_id INTEGER NOT NULL, amount INTEGER NOT NULL,
     lot_id INTEGER, balance_after INTEGER NOT NULL, PRIMARY KEY (transaction_id, seq)) STRICT, WITHOUT ROWID`,
  `CREATE TABLE usage (id INTEGER PRIMARY KEY, public_id TEXT NOT NULL, at_ms INTEGER NOT NULL, user_id INTEGER NOT NULL,
     client_id INTEGER, model TEXT NOT NULL, status INTEGER NOT NULL, latency_ms INTEGER NOT NULL, input INTEGER NOT NULL,
     output INTEGER NOT NULL, charge INTEGER NOT NULL, upstream INTEGER NOT NULL, developer INTEGER NOT NULL,
     revenue INTEGER NOT NULL, transaction_id INTEGER NOT NULL) STRICT`,
  "CREATE INDEX usage_user ON usage (user_id, id)",
  `CREATE TABLE daily (user_id INTEGER NOT NULL, day INTEGER NOT NULL, calls INTEGER NOT NULL, charge INTEGER NOT NULL,
     input INTEGER NOT NULL, output INTEGER NOT NULL, PRIMARY KEY (user_id, day)) STRICT, WITHOUT ROWID`,
]

/** A new file with its people; user u has account `firstUser + u` and lots `5u … 5u + 4`. */
export function createDurableFile(path: string, users: number): Database {
  const db = new Database(path, { create: true, strict: true })
  for (const pragma of PRAGMAS) db.run(`PRAGMA ${pragma}`)
  for (const table of TABLES) db.run(table)
  db.run("BEGIN")
  for (const id of [ACCOUNT.upstream, ACCOUNT.developer, ACCOUNT.revenue])
    db.run("INSERT INTO accounts (id, balance) VALUES (?, 0)", [id])
  for (let user = 1; user <= users; user++) {
    const account = ACCOUNT.firstUser + user
    db.run("INSERT INTO accounts (id, balance) VALUES (?, ?)", [account, LOTS_PER_USER * LOT_NANO])
    for (let lot = 0; lot < LOTS_PER_USER; lot++)
      db.run("INSERT INTO lots (id, account_id, remaining, held) VALUES (?, ?, ?, 0)", [
        user * LOTS_PER_USER + lot,
        account,
        LOT_NANO,
      ])
  }
  db.run("COMMIT")
  db.run("PRAGMA wal_checkpoint(TRUNCATE)")
  return db
}

const SQL = {
  begin: "BEGIN IMMEDIATE",
  commit: "COMMIT",
  lots: "SELECT id, remaining - held FROM lots WHERE account_id = ? AND id BETWEEN ? AND ?",
  hold: `INSERT INTO holds (account_id, lot_id, client_id, amount, call_id, model, lease_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
         RETURNING id`,
  reserve: "UPDATE lots SET held = held + ? WHERE id = ?",
  consume: "UPDATE lots SET held = held - ?, remaining = remaining - ? WHERE id = ?",
  release: "DELETE FROM holds WHERE id = ?",
  balance: "UPDATE accounts SET balance = balance + ? WHERE id = ? RETURNING balance",
  transaction: "INSERT INTO transactions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  entries:
    "INSERT INTO entries VALUES (?, 0, ?, ?, ?, ?), (?, 1, ?, ?, NULL, ?), (?, 2, ?, ?, NULL, ?), (?, 3, ?, ?, NULL, ?)",
  usage: `INSERT INTO usage (public_id, at_ms, user_id, client_id, model, status, latency_ms, input, output, charge, upstream,
            developer, revenue, transaction_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  daily: `INSERT INTO daily (user_id, day, calls, charge, input, output) VALUES (?, ?, 1, ?, ?, ?) ON CONFLICT DO UPDATE SET
            calls = calls + 1, charge = charge + excluded.charge, input = input + excluded.input, output = output + excluded.output`,
} as const

export type Prepared = Record<keyof typeof SQL, Statement>

export const prepareAll = (db: Database): Prepared =>
  Object.fromEntries(Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)])) as Prepared
