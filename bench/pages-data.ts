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
  /** Has one of 2,003 charges. */
  quietId?: number
  developerId: number
  nowMs: number
  /** All charges belong to the first person; else they take turns. */
  isOnePerson: boolean
}

const DAYS = 100
const CHARGE = 1_900_000
/** What each person has: of all together, a sum that 64 bits hold. */
const LOT_OF_ONE = 1_000_000_000_000_000
const LOT_OF_MANY = 1_000_000_000_000
const WALLET = 1_000
const ROUTE = 1
const SUMS =
  "calls, errors, input_tokens, output_tokens, latency_ms, charge_nano, upstream_nano, earned_nano, collected_nano"
const SUMMED = `COUNT(*), 0, SUM(input_tokens), SUM(output_tokens), SUM(latency_ms), SUM(charge_nano), SUM(upstream_nano),
  SUM(earned_nano), SUM(collected_nano)`

/** @returns rows by table */
export function fill(path: string, input: FillInput): Record<string, number> {
  const { firstUser, users, charges, clientIds, quietId, developerId, nowMs, isOnePerson } = input
  const db = new Database(path, { readwrite: true, strict: true })
  for (const pragma of ["synchronous = OFF", "foreign_keys = OFF", "cache_size = -262144", "temp_store = MEMORY"])
    db.run(`PRAGMA ${pragma}`)
  const base = db
    .query<{ n: number }, []>(
      "SELECT max((SELECT COALESCE(MAX(id), 0) FROM charges), (SELECT COALESCE(MAX(id), 0) FROM transactions)) AS n",
    )
    .get()!.n
  const start = nowMs - DAYS * DAY_MS
  const pending = WALLET + users
  const zeros = "zeroblob(32)"
  const LOT = isOnePerson ? LOT_OF_ONE : LOT_OF_MANY
  const numbers = (count: number) =>
    `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${count})`
  const person = isOnePerson ? "0" : `i % ${users}`
  const turn = isOnePerson ? "i" : `i / ${users}`
  const at = `${start} + CAST(i * ${DAYS * DAY_MS - 60_000}.0 / ${charges} AS INTEGER)`
  // Runs of calls through one app, as people make them.
  const cameMs = `${start} + CAST(i * ${DAYS * DAY_MS - 60_000}.0 / ${users} AS INTEGER)`
  const busy = `CASE ((i / ${users}) / 7 + i) % ${clientIds.length} ${clientIds
    .map((id, index) => `WHEN ${index} THEN ${id}`)
    .join(" ")} END`
  const client = quietId === undefined ? busy : `CASE i % 2003 WHEN 0 THEN ${quietId} ELSE ${busy} END`
  const perPerson = isOnePerson ? charges : Math.ceil(charges / users)
  const left = LOT - perPerson * CHARGE
  const charge = base + 2 * users + 1
  const statements = [
    `INSERT OR IGNORE INTO principals (id, kind, created_ms) ${numbers(users)} SELECT ${firstUser} + i, 'user', ${start} FROM n`,
    `INSERT OR IGNORE INTO users (id, public_id, email, email_verified_ms, created_ms, updated_ms)
     ${numbers(users)} SELECT ${firstUser} + i, printf('usr_bench%021d', i), printf('bench%d@example.com', i), ${cameMs}, ${cameMs}, ${cameMs} FROM n`,
    `INSERT OR IGNORE INTO oauth_consents (public_id, user_id, client_id, scopes, declined, created_ms, granted_ms)
     ${numbers(users)} SELECT printf('con_bench%021d', i), ${firstUser} + i, CASE i % ${clientIds.length} ${clientIds
       .map((id, index) => `WHEN ${index} THEN ${id}`)
       .join(" ")} END, 'openid profile email llm', '', ${cameMs}, ${cameMs} FROM n`,
    `INSERT INTO accounts (id, owner_kind, owner_id, mode, kind, balance_nano, created_ms)
     ${numbers(users)} SELECT ${WALLET} + i, 'principal', ${firstUser} + i, 'live', 'wallet', NULL, ${start} FROM n`,
    `INSERT INTO accounts (id, owner_kind, owner_id, mode, kind, balance_nano, created_ms)
     VALUES (${pending}, 'principal', ${developerId}, 'live', 'pending', ${(charges * CHARGE) / 4}, ${start})`,
    `INSERT INTO lots (id, public_id, account_id, bucket, paid, priority, granted_nano, consumed_nano, remaining_nano, effective_ms, created_ms, key)
     ${numbers(users)} SELECT ${WALLET} + i, printf('lot_bench%021d', i), ${WALLET} + i, 'purchase', 1, 50, ${LOT}, ${LOT - left}, ${left},
       ${start}, ${start}, 'bench:' || i FROM n`,
    `INSERT INTO transactions (id, public_id, type, mode, at_ms, actor, request_id, reason, key, hash)
     ${numbers(users)} SELECT ${base + 1} + i, printf('txn_grant%021d', i), 'topup', 'live', ${start}, 'cli', 'req_bench', 'bench',
       'bench:' || i, ${zeros} FROM n`,
    `INSERT INTO entries (transaction_id, seq, account_id, amount_nano, lot_id, balance_after_nano)
     ${numbers(users)} SELECT ${base + 1} + i, 0, ${WALLET} + i, ${LOT}, ${WALLET} + i, ${LOT} FROM n`,
    `INSERT INTO transactions (id, public_id, type, mode, at_ms, actor, request_id, reason, hash)
     ${numbers(users)} SELECT ${base + users + 1} + i, printf('txn_bonus%021d', i), 'daily_bonus', 'live', ${start}, 'cli', 'req_bench', 'bench',
       ${zeros} FROM n`,
    `INSERT INTO entries (transaction_id, seq, account_id, amount_nano, lot_id, balance_after_nano)
     ${numbers(users)} SELECT ${base + users + 1} + i, 0, ${WALLET} + i, 1, ${WALLET} + i, ${LOT} FROM n`,
    `INSERT INTO usage_routes (id, endpoint, requested, upstream_id, model, prices_id)
     VALUES (${ROUTE}, 'chat', 'gpt-5-mini', 0, 'gpt-5-mini', 0)`,
    `INSERT INTO charges (id, call_id, at_ms, mode, account_id, lot_id, charge_nano, upstream_nano, developer_nano, collected_nano,
       pending_id, earned_nano, promo_earned_nano, promo_cap_nano, balance_after_nano, hash, developer_id, caller_id, client_id, scope,
       held_day, held_nano, route_id, stream, status, end_reason, latency_ms, input_tokens, cached_tokens, output_tokens,
       reasoning_tokens, usage_source)
     ${numbers(charges)} SELECT ${charge} + i, printf('req_bench%021d', i), ${at}, 'live', ${WALLET} + ${person}, ${WALLET} + ${person},
       ${CHARGE}, ${CHARGE / 2}, ${CHARGE / 4}, ${CHARGE}, ${pending}, ${CHARGE / 4}, 0, 9007199254740991,
       ${LOT} - ${CHARGE} * (${turn} + 1), ${zeros}, ${developerId}, ${firstUser} + ${person}, ${client}, 'llm', (${at}) / ${DAY_MS},
       ${CHARGE}, ${ROUTE}, 0, 200, 'done', 800, 812, 0, 204, 0, 'reported' FROM n`,
    `INSERT INTO charge_days (day, account_id, client_id, scope, route_id, held_day, caller_id, ${SUMS})
     SELECT at_ms / ${DAY_MS} AS day, account_id, client_id, scope, route_id, held_day, caller_id, ${SUMMED}
     FROM charges GROUP BY 1, 2, 3, 4, 5, 6, 7`,
    `INSERT INTO charge_client_days (client_id, day, ${SUMS})
     SELECT client_id, at_ms / ${DAY_MS} AS day, ${SUMMED} FROM charges GROUP BY 1, 2`,
    "UPDATE charge_fold SET through = (SELECT MAX(id) FROM charges)",
  ]
  db.run("BEGIN")
  for (const sql of statements) db.run(sql)
  db.run("COMMIT")
  const rows: Record<string, number> = {}
  for (const table of ["users", "transactions", "entries", "charges", "charge_days"])
    rows[table] = db.query<{ n: number }, []>(`SELECT COUNT(*) AS n FROM ${table}`).get()!.n
  db.close()
  return rows
}

/** Somewhere in the middle of a person's history: their charge number `turn`, counted from the oldest. */
export const chargeId = (users: number, isOnePerson: boolean, person: number, turn: number): string =>
  `txn_bench${String(isOnePerson ? turn : turn * users + person).padStart(21, "0")}`
