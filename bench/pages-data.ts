// Rows for the pages benchmark, written straight into a migrated file by a few INSERT … SELECT: a million charges through the product
// would take minutes. The chain is not hashed; nothing here is verified, only read.
import { Database } from "bun:sqlite"
import { DAY_MS } from "../src/app/index.ts"

export interface FillInput {
  /** Ids of people are `firstUser … firstUser + users - 1`. */
  firstUser: number
  users: number
  charges: number
  clientIds: readonly number[]
  developerId: number
  nowMs: number
  /** All charges belong to the first person; else they take turns. */
  isOnePerson: boolean
}

const DAYS = 100
const CHARGE = 1_900_000
const LOT = 1_000_000_000_000_000
const WALLET = 1_000

/** @returns rows by table */
export function fill(path: string, input: FillInput): Record<string, number> {
  const { firstUser, users, charges, clientIds, developerId, nowMs, isOnePerson } = input
  const db = new Database(path, { readwrite: true, strict: true })
  for (const pragma of ["synchronous = OFF", "foreign_keys = OFF", "cache_size = -262144", "temp_store = MEMORY"])
    db.run(`PRAGMA ${pragma}`)
  const base = db.query<{ n: number }, []>("SELECT COALESCE(MAX(id), 0) AS n FROM transactions").get()!.n
  const start = nowMs - DAYS * DAY_MS
  const pending = WALLET + users
  const zeros = "zeroblob(32)"
  const numbers = (count: number) =>
    `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${count})`
  const person = isOnePerson ? "0" : `i % ${users}`
  const turn = isOnePerson ? "i" : `i / ${users}`
  const at = `${start} + CAST(i * ${DAYS * DAY_MS - 60_000}.0 / ${charges} AS INTEGER)`
  // Runs of calls through one app, as people make them.
  const client = `CASE ((i / ${users}) / 7 + i) % ${clientIds.length} ${clientIds
    .map((id, index) => `WHEN ${index} THEN ${id}`)
    .join(" ")} END`
  const perPerson = isOnePerson ? charges : Math.ceil(charges / users)
  const left = LOT - perPerson * CHARGE
  const lotId = `${WALLET} + ${person}`
  const charge = base + 2 * users + 1
  const txn = `${charge} + i`
  const statements = [
    `INSERT OR IGNORE INTO principals (id, kind, created_ms) ${numbers(users)} SELECT ${firstUser} + i, 'user', ${start} FROM n`,
    `INSERT OR IGNORE INTO users (id, public_id, email, email_verified_ms, created_ms, updated_ms)
     ${numbers(users)} SELECT ${firstUser} + i, printf('usr_bench%021d', i), printf('bench%d@example.com', i), ${start}, ${start}, ${start} FROM n`,
    `INSERT INTO accounts (id, owner_kind, owner_id, mode, kind, balance_nano, created_ms)
     ${numbers(users)} SELECT ${WALLET} + i, 'principal', ${firstUser} + i, 'live', 'wallet', ${left}, ${start} FROM n`,
    `INSERT INTO accounts (id, owner_kind, owner_id, mode, kind, balance_nano, created_ms)
     VALUES (${pending}, 'principal', ${developerId}, 'live', 'pending', ${(charges * CHARGE) / 4}, ${start})`,
    `INSERT INTO lots (id, public_id, account_id, bucket, paid, priority, granted_nano, consumed_nano, remaining_nano, effective_ms, created_ms, key)
     ${numbers(users)} SELECT ${WALLET} + i, printf('lot_bench%021d', i), ${WALLET} + i, 'purchase', 1, 50, ${LOT}, ${LOT - left}, ${left},
       ${start}, ${start}, 'bench:' || i FROM n`,
    `INSERT INTO transactions (id, public_id, type, mode, at_ms, actor, request_id, reason, key, prev_hash, hash)
     ${numbers(users)} SELECT ${base + 1} + i, printf('txn_grant%021d', i), 'topup', 'live', ${start}, 'cli', 'req_bench', 'bench',
       'bench:' || i, ${zeros}, ${zeros} FROM n`,
    `INSERT INTO entries (transaction_id, seq, account_id, amount_nano, lot_id, balance_after_nano)
     ${numbers(users)} SELECT ${base + 1} + i, 0, ${WALLET} + i, ${LOT}, ${WALLET} + i, ${LOT} FROM n`,
    `INSERT INTO transactions (id, public_id, type, mode, at_ms, actor, request_id, reason, prev_hash, hash)
     ${numbers(users)} SELECT ${base + users + 1} + i, printf('txn_bonus%021d', i), 'daily_bonus', 'live', ${start}, 'cli', 'req_bench', 'bench',
       ${zeros}, ${zeros} FROM n`,
    `INSERT INTO entries (transaction_id, seq, account_id, amount_nano, lot_id, balance_after_nano)
     ${numbers(users)} SELECT ${base + users + 1} + i, 0, ${WALLET} + i, 1, ${WALLET} + i, ${LOT} FROM n`,
    `INSERT INTO holds (id, account_id, call_id, boot_id, reason, client_id, scope, limit_scope, day, amount_nano, stage, input_cost_nano,
       known_cost_nano, split_upstream, split_developer, split_platform, developer_id, lease_until_ms, created_ms, state, resolved_ms,
       transaction_id, charge_nano, charge_upstream_nano, charge_developer_nano, charge_platform_nano, collected_nano)
     ${numbers(charges)} SELECT i + 1, ${WALLET} + ${person}, printf('req_bench%021d', i), 'bench', 'gpt-5-mini', ${client}, 'llm', 'llm',
       (${at}) / ${DAY_MS}, ${CHARGE}, 'sent', 0, 0, 2, 1, 1, ${developerId}, ${at}, ${at}, 'settled', ${at}, ${txn}, ${CHARGE}, ${CHARGE / 2},
       ${CHARGE / 4}, ${CHARGE / 4}, ${CHARGE} FROM n`,
    `INSERT INTO hold_lots (hold_id, lot_id, seq, amount_nano) ${numbers(charges)} SELECT i + 1, ${lotId}, 0, ${CHARGE} FROM n`,
    `INSERT INTO transactions (id, public_id, type, mode, at_ms, actor, on_behalf_of, request_id, reason, hold_id, prev_hash, hash)
     ${numbers(charges)} SELECT ${txn}, printf('txn_bench%021d', i), 'usage', 'live', ${at}, 'app:cli_bench', 'usr_bench',
       printf('req_bench%021d', i), 'gpt-5-mini', i + 1, ${zeros}, ${zeros} FROM n`,
    `INSERT INTO entries (transaction_id, seq, account_id, amount_nano, lot_id, balance_after_nano)
     ${numbers(charges)}, part (seq) AS (VALUES (0), (1), (2), (3))
     SELECT ${txn}, seq, CASE seq WHEN 0 THEN ${WALLET} + ${person} WHEN 1 THEN 2 WHEN 2 THEN ${pending} ELSE 1 END,
       CASE seq WHEN 0 THEN -${CHARGE} WHEN 1 THEN ${CHARGE / 2} ELSE ${CHARGE / 4} END, CASE seq WHEN 0 THEN ${lotId} END,
       CASE seq WHEN 0 THEN ${LOT} - ${CHARGE} * (${turn} + 1) ELSE 0 END FROM n CROSS JOIN part`,
    `INSERT INTO usage_calls (public_id, at_ms, day, mode, user_id, client_id, developer_id, kind, scope, model, stream, status, end_reason,
       latency_ms, input_tokens, cached_tokens, output_tokens, reasoning_tokens, usage_source, charge_nano, upstream_nano, developer_nano,
       platform_nano, collected_nano, uncollected_nano, transaction_id)
     ${numbers(charges)} SELECT printf('req_bench%021d', i), ${at}, (${at}) / ${DAY_MS}, 'live', ${firstUser} + ${person}, ${client}, ${developerId},
       'chat', 'llm', 'gpt-5-mini', 0, 200, 'done', 800, 812, 0, 204, 0, 'reported', ${CHARGE}, ${CHARGE / 2}, ${CHARGE / 4}, ${CHARGE / 4},
       ${CHARGE}, 0, printf('txn_bench%021d', i) FROM n`,
    `INSERT INTO usage_daily (day, user_id, client_id, scope, model, mode, calls, errors, refused, input_tokens, output_tokens, charge_nano,
       upstream_nano, developer_nano, collected_nano, latency_ms)
     SELECT day, user_id, client_id, scope, model, mode, COUNT(*), 0, 0, SUM(input_tokens), SUM(output_tokens), SUM(charge_nano),
       SUM(upstream_nano), SUM(developer_nano), SUM(collected_nano), SUM(latency_ms)
     FROM usage_calls GROUP BY user_id, day, client_id, scope, model, mode`,
  ]
  db.run("BEGIN")
  for (const sql of statements) db.run(sql)
  db.run("COMMIT")
  const rows: Record<string, number> = {}
  for (const table of ["users", "transactions", "entries", "holds", "usage_calls", "usage_daily", "wallet_other"])
    rows[table] = db.query<{ n: number }, []>(`SELECT COUNT(*) AS n FROM ${table}`).get()!.n
  db.close()
  return rows
}

/** Somewhere in the middle of a person's history: their charge number `turn`, counted from the oldest. */
export const chargeId = (users: number, isOnePerson: boolean, person: number, turn: number): string =>
  `txn_bench${String(isOnePerson ? turn : turn * users + person).padStart(21, "0")}`
