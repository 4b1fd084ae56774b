// SQL of the sums of analytics: charges with ids from … to are added to each of them once, in order. Decides nothing.
import type { Reader, Tx } from "../store/index.ts"
import { folding, packIn, ROUTE } from "./store-packs.ts"
import { Gathered, type SetTable } from "./store-sets.ts"

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
  packIn(tx, after, to)
  tx.run(
    `UPDATE analytics_fold SET through = ?1,
       closed_before = MAX(closed_before, COALESCE((SELECT day FROM v_charges WHERE id <= ?1 ORDER BY id DESC LIMIT 1), 0))
     WHERE through = ?2`,
    to,
    after,
  )
}

/** In place of an app. */
export const HOUSE = 0

const BY_DAY: SetTable = { name: "analytics_people", key: ["client_id", "day"], count: "people" }
const BY_KIND: SetTable = {
  name: "analytics_kind_people",
  key: ["client_id", "day", "scope", "route_id"],
  count: "people",
}

interface Caller {
  clientId: number | null
  day: number
  scope: string
  routeId: number
  userId: number
}

function addKind(gathered: Gathered, { clientId, day, scope, routeId, userId }: Caller): void {
  if (clientId !== null) gathered.add(BY_KIND, [clientId, day, scope, routeId], userId)
}

function foldPeople(tx: Tx, after: number, to: number): void {
  const rows = tx.all<Caller & { mode: string }>(
    `SELECT DISTINCT c.client_id AS clientId, c.mode, c.day, c.scope, ${ROUTE} AS routeId, c.caller_id AS userId FROM v_charges c
     WHERE c.id > ? AND c.id <= ?`,
    after,
    to,
  )
  const gathered = new Gathered()
  for (const row of rows) {
    if (row.mode === "live") gathered.add(BY_DAY, [HOUSE, row.day], row.userId)
    if (row.clientId !== null) gathered.add(BY_DAY, [row.clientId, row.day], row.userId)
    addKind(gathered, row)
  }
  gathered.writeIn(tx)
}

/** From which day on the sets by kind are whole. */
export const kindsFromDay = (sql: Reader): number =>
  sql.get<{ day: number }>("SELECT kinds_from_day AS day FROM analytics_fold")!.day

/** The last day before it on which apps were called; null: there is none. */
export const dayBefore = (sql: Reader, day: number): number | null =>
  sql.get<{ day: number | null }>("SELECT MAX(day) AS day FROM analytics_app_days WHERE day < ?", day)!.day

export const setKindsFromDay = (tx: Tx, day: number): void =>
  void tx.run("UPDATE analytics_fold SET kinds_from_day = ?", day)

/** Adds who called by kind on a day, by so many rows of wallets after one. @returns the last wallet; null: that was the day */
export function addOldKindsIn(tx: Tx, day: number, after: number, rows: number): number | null {
  const to =
    tx.get<{ id: number }>(
      "SELECT account_id AS id FROM v_charge_days WHERE day = ? AND account_id > ? ORDER BY account_id LIMIT 1 OFFSET ?",
      day,
      after,
      rows - 1,
    )?.id ?? null
  const gathered = new Gathered()
  const found = tx.all<Caller>(
    `SELECT client_id AS clientId, day, scope, route_id AS routeId, caller_id AS userId FROM v_charge_days
     WHERE day = ? AND account_id > ? AND account_id <= ? AND client_id > 0`,
    day,
    after,
    to ?? Number.MAX_SAFE_INTEGER,
  )
  for (const row of found) addKind(gathered, row)
  // With the last of them, those that are in no day of wallets yet.
  const waiting = to === null ? waitingOf(tx, day) : []
  for (const row of waiting) addKind(gathered, row)
  gathered.writeIn(tx)
  return to
}

const waitingOf = (tx: Tx, day: number): Caller[] =>
  tx.all<Caller>(
    `SELECT DISTINCT c.client_id AS clientId, c.day, c.scope, ${ROUTE} AS routeId, c.caller_id AS userId FROM v_charges c
     WHERE c.id > (SELECT through FROM v_charge_fold) AND c.day = ?`,
    day,
  )
