// SQL of the request log and its sums.
import { columnsOf, deleteSome, firstIdSince, insertRow, type Reader, type Tx } from "../../../store/index.ts"
import { CALL_LIMITS as L } from "../limits.ts"
import { marketCallDays, marketCalls } from "../tables.ts"
import type { CallEnd, CallRow } from "../types.ts"
import { type DayCounts, type DayRow, Latencies } from "./rules.ts"

const INSERT = `INSERT INTO market_calls (request_id, at_ms, product_id, subscription_id, key_id, endpoint_id, method, path, status,
    error_code, latency_ms, upstream_ms, units, charged_nano, bytes_out, from_console)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (request_id) DO NOTHING`

/** The hottest insert of the log: a row by its names costs as much again. */
export const insertCall = (tx: Tx, call: CallEnd, subscriptionId: number): void =>
  void tx.insert(INSERT, [
    call.requestId,
    call.atMs,
    call.productId,
    subscriptionId,
    call.keyId ?? 0,
    call.endpointId ?? 0,
    call.method.slice(0, 20),
    call.path.slice(0, L.pathCharsMax),
    call.status,
    call.errorCode,
    call.latencyMs,
    call.upstreamMs,
    call.units,
    call.chargedNano,
    call.bytesOut,
    call.fromConsole ? 1 : 0,
  ])

/** The sum of a product, whoever called. */
export const ALL = -1

type DayKey = Pick<DayRow, "day" | "productId" | "endpointId" | "subscriptionId">

const FIELDS = [
  ["calls", "calls"],
  ["status4xx", "status_4xx"],
  ["status5xx", "status_5xx"],
  ["failed", "failed"],
  ["refusedKey", "refused_key"],
  ["refusedPlan", "refused_plan"],
  ["refusedRate", "refused_rate"],
  ["refusedQuota", "refused_quota"],
  ["refusedState", "refused_state"],
  ["refusedOther", "refused_other"],
  ["units", "units"],
  ["chargedNano", "charged_nano"],
  ["bytesOut", "bytes_out"],
] as const satisfies [keyof DayCounts, string][]

const ADD = `ON CONFLICT (day, product_id, endpoint_id, subscription_id) DO UPDATE SET
  ${FIELDS.map(([, column]) => `${column} = ${column} + excluded.${column}`).join(", ")}, latencies = excluded.latencies`

export function addDay(tx: Tx, key: DayKey, counts: DayCounts, latencies: Latencies): void {
  const before = tx.get<{ latencies: string }>(
    "SELECT latencies FROM market_call_days WHERE day = ? AND product_id = ? AND endpoint_id = ? AND subscription_id = ?",
    key.day,
    key.productId,
    key.endpointId,
    key.subscriptionId,
  )
  if (before) latencies.add(new Latencies(before.latencies))
  insertRow(tx, marketCallDays, { ...key, ...counts, latencies: String(latencies) }, ADD)
}

/** Counted of one subscription on a UTC day: as many rows were kept at most. */
export function countedOfDay(reader: Reader, subscriptionId: number, day: number, refused: boolean): number {
  const what = refused
    ? "refused_key + refused_plan + refused_rate + refused_quota + refused_state + refused_other"
    : "calls + failed"
  return (
    reader.get<{ n: number | null }>(
      `SELECT SUM(${what}) AS n FROM market_call_days WHERE subscription_id = ? AND day = ?`,
      subscriptionId,
      day,
    )?.n ?? 0
  )
}

// ---- reads -------------------------------------------------------------------------------------------------------

const CALL = `SELECT ${columnsOf(marketCalls)} FROM market_calls`
const asRow = (row: CallRow): CallRow => ({ ...row, fromConsole: Boolean(row.fromConsole) })

export interface CallFilter {
  /** Id of the last row of the page before. */
  beforeId?: number | undefined
  endpointId?: number | undefined
  keyId?: number | undefined
  /** `failed`: 4xx, 5xx and what was refused. */
  status?: "ok" | "failed" | undefined
  limit: number
}

/** Newest first. */
export function calls(reader: Reader, of: "subscription_id" | "product_id", id: number, filter: CallFilter): CallRow[] {
  const { beforeId = Number.MAX_SAFE_INTEGER, endpointId = null, keyId = null, status = null, limit } = filter
  return reader
    .all<CallRow>(
      `${CALL} WHERE ${of} = ?1 AND id < ?2 AND (?3 IS NULL OR endpoint_id = ?3) AND (?4 IS NULL OR key_id = ?4)
         AND (?5 IS NULL OR (status >= 400) = (?5 = 'failed')) ORDER BY id DESC LIMIT ?6`,
      id,
      beforeId,
      endpointId,
      keyId,
      status,
      limit,
    )
    .map(asRow)
}

export function callByRequest(reader: Reader, requestId: string): CallRow | null {
  const row = reader.get<CallRow>(`${CALL} WHERE request_id = ?`, requestId)
  return row && asRow(row)
}

export interface DaySpan {
  fromDay: number
  /** Included. */
  toDay: number
}

const DAYS = `SELECT ${columnsOf(marketCallDays)} FROM market_call_days`

export const daysOfSubscription = (reader: Reader, subscriptionId: number, { fromDay, toDay }: DaySpan): DayRow[] =>
  reader.all(`${DAYS} WHERE subscription_id = ? AND day BETWEEN ? AND ? ORDER BY day`, subscriptionId, fromDay, toDay)

export const daysOfProduct = (reader: Reader, productId: number, { fromDay, toDay }: DaySpan): DayRow[] =>
  reader.all(
    `${DAYS} WHERE product_id = ? AND day BETWEEN ? AND ? AND subscription_id = ? ORDER BY day`,
    productId,
    fromDay,
    toDay,
    ALL,
  )

export interface SubscriberCalls {
  subscriptionId: number
  calls: number
  failed: number
  refused: number
  units: number
  chargedNano: number
}

/** Whoever called most first. */
export const subscribersOf = (
  reader: Reader,
  productId: number,
  { fromDay, toDay }: DaySpan,
  limit: number,
): SubscriberCalls[] =>
  reader.all(
    `SELECT subscription_id AS subscriptionId, SUM(calls) AS calls, SUM(failed + status_5xx) AS failed, SUM(units) AS units,
       SUM(refused_key + refused_plan + refused_rate + refused_quota + refused_state + refused_other) AS refused, SUM(charged_nano) AS chargedNano
     FROM market_call_days WHERE product_id = ? AND day BETWEEN ? AND ? AND subscription_id > 0
     GROUP BY subscription_id ORDER BY calls DESC, subscription_id LIMIT ?`,
    productId,
    fromDay,
    toDay,
    limit,
  )

/** Calls that were let through, by subscription and day, before a day; for what is usual. */
export const usualCalls = (reader: Reader, subscriptionId: number, fromDay: number, beforeDay: number): number[] =>
  reader
    .all<{ n: number }>(
      `SELECT SUM(calls + failed) AS n FROM market_call_days WHERE subscription_id = ? AND day >= ? AND day < ? GROUP BY day`,
      subscriptionId,
      fromDay,
      beforeDay,
    )
    .map(({ n }) => n)

// ---- retention ---------------------------------------------------------------------------------------------------

/** @returns rows deleted */
export function forgetCalls(tx: Tx, beforeMs: number, rows: number): number {
  const lastId = tx.get<{ id: number }>("SELECT MAX(id) AS id FROM market_calls")?.id ?? 0
  const first = firstIdSince(
    tx,
    "SELECT at_ms AS atMs FROM market_calls WHERE id >= ? ORDER BY id LIMIT 1",
    lastId,
    beforeMs,
  )
  return deleteSome(tx, "market_calls", "id < ?", [first], rows)
}
