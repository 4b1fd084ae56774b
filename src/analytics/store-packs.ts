// SQL of what is packed beside the sums, from charges with ids from … to, each once and in any order of slices: what wallets spent, which
// calls an app had, how it is. Decides nothing.
import type { Reader, Tx } from "../store/index.ts"
import { firstIdSince } from "../store/index.ts"
import { packed, Spending, type Spent } from "./spend.ts"
import { Gathered, type SetTable } from "./store-sets.ts"

export const ROUTE = "COALESCE(c.route_id, 0)"

/** One statement that adds charges `c` with ids from ? to ? to a table of sums. */
export function folding(
  table: string,
  key: Record<string, string>,
  sums: Record<string, string>,
  only = "TRUE",
): string {
  const names = Object.keys(sums)
  return `INSERT INTO ${table} (${[...Object.keys(key), ...names].join(", ")})
    SELECT ${[...Object.values(key), ...Object.values(sums)].join(", ")} FROM v_charges c
    WHERE c.id > ? AND c.id <= ? AND ${only} GROUP BY ${Object.keys(key)
      .map((_, at) => at + 1)
      .join(", ")}
    ON CONFLICT DO UPDATE SET ${names.map((name) => `${name} = ${name} + excluded.${name}`).join(", ")}`
}

/** Charges after this one are packed, as far as the sums go. */
export const packedAfter = (sql: Reader): number =>
  sql.get<{ id: number }>("SELECT packed_after AS id FROM analytics_fold")!.id

export const setPackedAfter = (tx: Tx, id: number): void =>
  void tx.run("UPDATE analytics_fold SET packed_after = ?", id)

/** So many charges up to and with that one: the one before the first of them; 0: there are no more. */
export const sliceBefore = (sql: Reader, to: number, rows: number): number =>
  sql.get<{ id: number }>("SELECT id FROM v_charges WHERE id <= ? ORDER BY id DESC LIMIT 1 OFFSET ?", to, rows)?.id ?? 0

/** The books are written forwards in time, so ids and `at_ms` grow together. */
export function idSince(reader: Reader, ms: number): number {
  const lastId = reader.get<{ id: number }>("SELECT id FROM v_charges ORDER BY id DESC LIMIT 1")?.id ?? 0
  return firstIdSince(reader, "SELECT at_ms AS atMs FROM v_charges WHERE id >= ? ORDER BY id LIMIT 1", lastId, ms)
}

/** Bounds of the classes of how long an answered call took, ms; what took longer is a class of its own. */
export const TIME_BOUNDS_MS = [250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000] as const
export const TIME_CLASS = `CASE ${TIME_BOUNDS_MS.map((ms) => `WHEN c.latency_ms <= ${ms} THEN '${ms}'`).join(" ")} ELSE '' END`

export const FAILED = "c.errors"
export const UNPAID = "c.collected_nano < c.charge_nano"
export const ANSWERED = "c.end_reason = 'done'"
const health = (kind: string, code: string, missing: string, only: string): string =>
  folding(
    "analytics_app_health",
    { client_id: "c.client_id", day: "c.day", kind: `'${kind}'`, code },
    { calls: "COUNT(*)", missing_nano: missing },
    `c.client_id IS NOT NULL AND ${only}`,
  )
const HEALTH = [
  health("failed", "c.error_code", "0", FAILED),
  health("unpaid", "''", "SUM(c.charge_nano - c.collected_nano)", UNPAID),
  health("time", TIME_CLASS, "0", ANSWERED),
]

export function packIn(tx: Tx, after: number, to: number): void {
  packSpendIn(tx, after, to)
  packCallsIn(tx, after, to)
  for (const sql of HEALTH) tx.run(sql, after, to)
  packUnwellIn(tx, after, to)
  packSlowestIn(tx, after, to)
}

/** Of wallets: no erased person's. What remains of those in the books is in no ranking. */
export const NOT_ERASED = (wallet: string): string => `NOT EXISTS (
  SELECT 1 FROM v_ledger_accounts a JOIN v_identity_users u ON u.id = a.owner_id
  WHERE a.account_id = ${wallet} AND a.owner_kind = 'principal' AND u.status = 'deleted')`

function packSpendIn(tx: Tx, after: number, to: number): void {
  const rows = tx.all<Spent & { day: number }>(
    `SELECT s.* FROM (
       SELECT day, account_id AS account, COUNT(*) AS calls, SUM(collected_nano) AS nano FROM v_charges
       WHERE id > ? AND id <= ? AND mode = 'live' GROUP BY day, account_id) s
     WHERE ${NOT_ERASED("s.account")}`,
    after,
    to,
  )
  for (const [day, spent] of Map.groupBy(rows, (row) => row.day)) {
    insertRun(tx, day, 0, spent)
    for (let tier = 0; mergeTier(tx, day, tier); tier++);
  }
}

/** Runs of a tier that become one of the next: each charge is written again as often as there are tiers, few times. */
const RUNS_OF_TIER = 8

function insertRun(tx: Tx, day: number, tier: number, spent: readonly Spent[]): void {
  const { spenders, bytes, wide } = packed(spent)
  if (spenders === 0) return
  tx.run(
    "INSERT INTO analytics_spend (day, tier, spenders, bytes, wide) VALUES (?, ?, ?, ?, ?)",
    day,
    tier,
    spenders,
    bytes,
    wide,
  )
}

function mergeTier(tx: Tx, day: number, tier: number): boolean {
  const runs = tx.all<{ id: number; bytes: Uint8Array; wide: Uint8Array }>(
    "SELECT id, bytes, wide FROM analytics_spend WHERE day = ? AND tier = ?",
    day,
    tier,
  )
  if (runs.length < RUNS_OF_TIER) return false
  const sum = new Spending()
  for (const run of runs) {
    sum.addRun(run)
    tx.run("DELETE FROM analytics_spend WHERE id = ?", run.id)
  }
  insertRun(tx, day, tier + 1, sum.all())
  return true
}

export const CALLS_OF_APP: SetTable = {
  name: "analytics_app_calls",
  key: ["client_id", "route_id", "failed"],
  count: "calls",
}

function packCallsIn(tx: Tx, after: number, to: number): void {
  const gathered = new Gathered()
  for (const { clientId, routeId, failed, id } of tx.all<{
    clientId: number
    routeId: number
    failed: 0 | 1
    id: number
  }>(
    `SELECT c.client_id AS clientId, ${ROUTE} AS routeId, c.errors AS failed, c.id FROM v_charges c
     WHERE c.id > ? AND c.id <= ? AND c.client_id IS NOT NULL`,
    after,
    to,
  ))
    gathered.add(CALLS_OF_APP, [clientId, routeId, failed], id)
  gathered.writeIn(tx)
}

const UNWELL: SetTable = {
  name: "analytics_health_people",
  key: ["client_id", "day", "kind", "code"],
  count: "people",
}

/** Who met what failed, and whose call was not paid in full. */
function packUnwellIn(tx: Tx, after: number, to: number): void {
  const gathered = new Gathered()
  for (const [kind, code, only] of [
    ["failed", "c.error_code", FAILED],
    ["unpaid", "''", UNPAID],
  ] as const) {
    for (const row of tx.all<{ clientId: number; day: number; code: string; userId: number }>(
      `SELECT DISTINCT c.client_id AS clientId, c.day, ${code} AS code, c.caller_id AS userId FROM v_charges c
       WHERE c.id > ? AND c.id <= ? AND c.client_id IS NOT NULL AND ${only}`,
      after,
      to,
    ))
      gathered.add(UNWELL, [row.clientId, row.day, kind, row.code], row.userId)
  }
  gathered.writeIn(tx)
}

/** Kept of a day and an app, and shown of all days: the slowest of all are among the slowest of their days. */
export const SLOWEST = 10

function packSlowestIn(tx: Tx, after: number, to: number): void {
  const rows = tx.all<{ clientId: number; day: number; latencyMs: number; id: number }>(
    `SELECT clientId, day, latencyMs, id FROM (
       SELECT c.client_id AS clientId, c.day, c.latency_ms AS latencyMs, c.id,
         ROW_NUMBER() OVER (PARTITION BY c.client_id, c.day ORDER BY c.latency_ms DESC, c.id DESC) AS place
       FROM v_charges c WHERE c.id > ? AND c.id <= ? AND c.client_id IS NOT NULL AND ${ANSWERED} AND c.latency_ms > 0)
     WHERE place <= ${SLOWEST}`,
    after,
    to,
  )
  for (const { clientId, day, latencyMs, id } of rows)
    tx.run("INSERT OR IGNORE INTO analytics_app_slowest VALUES (?, ?, ?, ?)", clientId, day, latencyMs, id)
  for (const [, [one]] of Map.groupBy(rows, ({ clientId, day }) => `${clientId} ${day}`)) {
    const { clientId, day } = one!
    tx.run(
      `DELETE FROM analytics_app_slowest WHERE client_id = ?1 AND day = ?2 AND (latency_ms, charge_id) < (
         SELECT latency_ms, charge_id FROM analytics_app_slowest WHERE client_id = ?1 AND day = ?2
         ORDER BY latency_ms DESC, charge_id DESC LIMIT 1 OFFSET ${SLOWEST - 1})`,
      clientId,
      day,
    )
  }
}
