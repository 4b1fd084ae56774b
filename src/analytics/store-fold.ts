// SQL of the sums of analytics: charges with ids from … to are added to each of them once, in order. Decides nothing.
import type { Reader, SqlValue, Tx } from "../store/index.ts"
import { join, People, written } from "./people.ts"

export const foldedThrough = (sql: Reader): number =>
  sql.get<{ through: number }>("SELECT through FROM analytics_fold")!.through

/** The last of the next charges, at most so many; null: fewer than that wait. */
export const nextSlice = (sql: Reader, after: number, rows: number): number | null =>
  sql.get<{ id: number }>("SELECT id FROM v_charges WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?", after, rows - 1)?.id ??
  null

/** What a charge is in each of the sums; the views of 0076_analytics say the same of those that wait. */
const ERROR = "CASE WHEN c.errors THEN c.error_code ELSE '' END"
const DAY_SUMS = {
  calls: "COUNT(*)",
  input_tokens: "SUM(c.input_tokens)",
  output_tokens: "SUM(c.output_tokens)",
  latency_ms: "SUM(c.latency_ms)",
  first_tokens: "COUNT(c.first_token_ms)",
  first_token_ms: "COALESCE(SUM(c.first_token_ms), 0)",
  charge_nano: "SUM(c.charge_nano)",
  upstream_nano: "SUM(c.upstream_nano)",
  earned_nano: "SUM(c.earned_nano)",
  collected_nano: "SUM(c.collected_nano)",
}
const HOUR_SUMS = {
  calls: "COUNT(*)",
  errors: "SUM(c.errors)",
  upstream_nano: "SUM(c.upstream_nano)",
  earned_nano: "SUM(c.earned_nano)",
  collected_nano: "SUM(c.collected_nano)",
}
const APP_SUMS = {
  calls: "COUNT(*)",
  errors: "SUM(c.errors)",
  input_tokens: "SUM(c.input_tokens)",
  output_tokens: "SUM(c.output_tokens)",
  latency_ms: "SUM(c.latency_ms)",
  charge_nano: "SUM(c.charge_nano)",
  earned_nano: "SUM(c.earned_nano)",
}
const KEY_SUMS = {
  calls: "COUNT(*)",
  errors: "SUM(c.errors)",
  input_tokens: "SUM(c.input_tokens)",
  output_tokens: "SUM(c.output_tokens)",
  collected_nano: "SUM(c.collected_nano)",
}

function folding(table: string, key: Record<string, string>, sums: Record<string, string>, only = "TRUE"): string {
  const names = Object.keys(sums)
  return `INSERT INTO ${table} (${[...Object.keys(key), ...names].join(", ")})
    SELECT ${[...Object.values(key), ...Object.values(sums)].join(", ")} FROM v_charges c
    WHERE c.id > ? AND c.id <= ? AND ${only} GROUP BY ${Object.keys(key)
      .map((_, at) => at + 1)
      .join(", ")}
    ON CONFLICT DO UPDATE SET ${names.map((name) => `${name} = ${name} + excluded.${name}`).join(", ")}`
}

const ROUTE = "COALESCE(c.route_id, 0)"
const FOLDS = [
  folding("analytics_days", { mode: "c.mode", day: "c.day", route_id: ROUTE, error_code: ERROR }, DAY_SUMS),
  folding("analytics_hours", { mode: "c.mode", hour: "c.at_ms / 3600000" }, HOUR_SUMS),
  folding(
    "analytics_app_days",
    { client_id: "c.client_id", day: "c.day", scope: "c.scope", route_id: ROUTE },
    APP_SUMS,
    "c.client_id IS NOT NULL",
  ),
  folding(
    "analytics_key_days",
    { user_id: "c.caller_id", mode: "c.mode", day: "c.day", key_id: "c.key_id", scope: "c.scope", route_id: ROUTE },
    KEY_SUMS,
    "c.key_id IS NOT NULL",
  ),
]

export function foldIn(tx: Tx, after: number, to: number): void {
  for (const fold of FOLDS) tx.run(fold, after, to)
  foldPeople(tx, after, to)
  tx.run("UPDATE analytics_fold SET through = ? WHERE through = ?", to, after)
}

function foldPeople(tx: Tx, after: number, to: number): void {
  const rows = tx.all<{ clientId: number | null; mode: string; day: number; userId: number }>(
    `SELECT DISTINCT c.client_id AS clientId, c.mode, c.day, c.caller_id AS userId FROM v_charges c
     WHERE c.id > ? AND c.id <= ?`,
    after,
    to,
  )
  const sets = new Map<string, { clientId: number; day: number; people: People }>()
  const add = (clientId: number, day: number, userId: number) => {
    const key = `${clientId} ${day}`
    const known = sets.get(key) ?? { clientId, day, people: new People() }
    sets.set(key, known)
    known.people.add(userId)
  }
  for (const { clientId, mode, day, userId } of rows) {
    if (mode === "live") add(HOUSE, day, userId)
    if (clientId !== null) add(clientId, day, userId)
  }
  for (const { clientId, day, people } of sets.values())
    for (const [chunk, words] of people.pieces()) addChunk(tx, clientId, day, chunk, words)
}

/** In place of an app. */
export const HOUSE = 0

function addChunk(tx: Tx, clientId: number, day: number, chunk: number, words: Uint32Array): void {
  const known = tx.get<{ people: number; bits: Uint8Array }>(
    "SELECT people, bits FROM analytics_people WHERE client_id = ? AND day = ? AND chunk = ?",
    clientId,
    day,
    chunk,
  )
  if (known) join(words, known.bits)
  const { people, bits } = written(words)
  if (people === known?.people) return
  tx.run(
    `INSERT INTO analytics_people (client_id, day, chunk, people, bits) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET people = excluded.people, bits = excluded.bits`,
    clientId,
    day,
    chunk,
    people,
    bits as SqlValue,
  )
}
