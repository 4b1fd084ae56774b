// The only SQL of `usage`. Sums stay below 2^53: a day of one person and app is far under $9 M.
import type { ClientId, UserId } from "../app/index.ts"
import { columnsOf, insertRow, type Reader, type Tx } from "../store/index.ts"
import { usageCalls, usageDaily, usagePrices } from "./tables.ts"
import type { Mode, UsageCall, UsageRow } from "./types.ts"

const ROLL_UP = `ON CONFLICT DO UPDATE SET calls = calls + 1, errors = errors + excluded.errors,
  refused = refused + excluded.refused, input_tokens = input_tokens + excluded.input_tokens,
  output_tokens = output_tokens + excluded.output_tokens, charge_nano = charge_nano + excluded.charge_nano,
  upstream_nano = upstream_nano + excluded.upstream_nano, developer_nano = developer_nano + excluded.developer_nano,
  collected_nano = collected_nano + excluded.collected_nano, latency_ms = latency_ms + excluded.latency_ms`

export function insertCall(tx: Tx, row: UsageRow, day: number, pricesId: number | null): number {
  return insertRow(tx, usageCalls, {
    publicId: row.publicId,
    atMs: row.atMs,
    day,
    mode: row.mode,
    userId: row.userId,
    clientId: row.clientId,
    developerId: row.developerId,
    kind: row.kind,
    scope: row.scope,
    model: row.model,
    upstreamId: row.upstreamId,
    upstreamModel: row.upstreamModel,
    stream: row.stream ? 1 : 0,
    status: row.status,
    errorCode: row.errorCode,
    end: row.end,
    latencyMs: row.latencyMs,
    firstTokenMs: row.firstTokenMs,
    inputTokens: row.inputTokens,
    cachedTokens: row.cachedTokens,
    outputTokens: row.outputTokens,
    reasoningTokens: row.reasoningTokens,
    source: row.source,
    pricesId,
    chargeNano: row.chargeNano,
    upstreamNano: row.upstreamNano,
    developerNano: row.developerNano,
    platformNano: row.platformNano,
    collectedNano: row.collectedNano,
    uncollectedNano: row.uncollectedNano,
    transactionId: row.transactionId,
  })
}

/** The row of these prices, made when they are new. */
export function pricesRow(tx: Tx, snapshot: string): number {
  const known = tx.get<{ id: number }>("SELECT id FROM usage_prices WHERE snapshot = ?", snapshot)
  return known?.id ?? insertRow(tx, usagePrices, { snapshot })
}

export function addToDay(tx: Tx, row: UsageRow, day: number, failed: 0 | 1, refused: 0 | 1): void {
  insertRow(
    tx,
    usageDaily,
    {
      day,
      userId: row.userId,
      clientId: row.clientId,
      scope: row.scope,
      model: row.model,
      mode: row.mode,
      calls: 1,
      errors: failed,
      refused,
      inputTokens: row.inputTokens,
      outputTokens: row.outputTokens,
      chargeNano: row.chargeNano,
      upstreamNano: row.upstreamNano,
      developerNano: row.earnedNano ?? row.developerNano,
      collectedNano: row.collectedNano,
      latencyMs: row.latencyMs,
    },
    ROLL_UP,
  )
}

export type CallRow = typeof usageCalls.$inferSelect & { prices: string | null }

/** Of `v_usage_calls`, which is a call and its prices. */
export const CALL = `${columnsOf(usageCalls)}, prices`

export const toCall = ({ day: _, pricesId: __, ...row }: CallRow): UsageCall => ({ ...row, stream: row.stream === 1 })

export function findCall(reader: Reader, userId: UserId, clientId: ClientId, publicId: string): UsageCall | null {
  const row = reader.get<CallRow>(
    `SELECT ${CALL} FROM v_usage_calls WHERE public_id = ? AND user_id = ? AND client_id = ?`,
    publicId,
    userId,
    clientId,
  )
  return row ? toCall(row) : null
}

export interface TotalsRow {
  calls: number
  errors: number
  refused: number
  input_tokens: number
  output_tokens: number
  charge_nano: number
  collected_nano: number
}

const TOTALS = `COALESCE(SUM(calls), 0) AS calls, COALESCE(SUM(errors), 0) AS errors, COALESCE(SUM(refused), 0) AS refused,
  COALESCE(SUM(input_tokens), 0) AS input_tokens, COALESCE(SUM(output_tokens), 0) AS output_tokens,
  COALESCE(SUM(charge_nano), 0) AS charge_nano, COALESCE(SUM(collected_nano), 0) AS collected_nano`

export const totalsOfUser = (reader: Reader, userId: UserId, mode: Mode, sinceDay: number): TotalsRow =>
  reader.get<TotalsRow>(
    `SELECT ${TOTALS} FROM usage_daily WHERE user_id = ? AND mode = ? AND day >= ?`,
    userId,
    mode,
    sinceDay,
  )!

export const daysOfUser = (
  reader: Reader,
  userId: UserId,
  mode: Mode,
  sinceDay: number,
): (TotalsRow & { day: number })[] =>
  reader.all(
    `SELECT day, ${TOTALS} FROM usage_daily WHERE user_id = ? AND mode = ? AND day >= ? GROUP BY day`,
    userId,
    mode,
    sinceDay,
  )

export const clientsOfUser = (
  reader: Reader,
  userId: UserId,
  mode: Mode,
  sinceDay: number,
): (TotalsRow & { client_id: ClientId })[] =>
  reader.all(
    `SELECT client_id, ${TOTALS} FROM usage_daily WHERE user_id = ? AND mode = ? AND day >= ?
      GROUP BY client_id ORDER BY charge_nano DESC, client_id`,
    userId,
    mode,
    sinceDay,
  )

export const scopesOfUser = (
  reader: Reader,
  userId: UserId,
  mode: Mode,
  sinceDay: number,
): (TotalsRow & { scope: string })[] =>
  reader.all(
    `SELECT scope, ${TOTALS} FROM usage_daily WHERE user_id = ? AND mode = ? AND day >= ?
      GROUP BY scope ORDER BY charge_nano DESC, scope`,
    userId,
    mode,
    sinceDay,
  )

export const totalsOfClient = (
  reader: Reader,
  clientId: ClientId,
  sinceDay: number,
): TotalsRow & { users: number; developer_nano: number } =>
  reader.get<TotalsRow & { users: number; developer_nano: number }>(
    `SELECT ${TOTALS}, COUNT(DISTINCT user_id) AS users, COALESCE(SUM(developer_nano), 0) AS developer_nano
       FROM usage_daily WHERE client_id = ? AND day >= ?`,
    clientId,
    sinceDay,
  )!

export const daysOfClient = (
  reader: Reader,
  clientId: ClientId,
  sinceDay: number,
): (TotalsRow & { day: number; developer_nano: number })[] =>
  reader.all(
    `SELECT day, ${TOTALS}, COALESCE(SUM(developer_nano), 0) AS developer_nano
       FROM usage_daily WHERE client_id = ? AND day >= ? GROUP BY day`,
    clientId,
    sinceDay,
  )

export const firstAnsweredCall = (reader: Reader, clientId: ClientId): number | null =>
  reader.get<{ at_ms: number }>(
    "SELECT at_ms FROM usage_calls WHERE client_id = ? AND status < 400 ORDER BY id LIMIT 1",
    clientId,
  )?.at_ms ?? null

/** Calls by their public ids, each once; ids travel as JSON so that the statement stays one. */
export const callsByIds = (reader: Reader, publicIds: string[]): UsageCall[] =>
  reader
    .all<CallRow>(
      `SELECT ${CALL} FROM v_usage_calls WHERE public_id IN (SELECT value FROM json_each(?))`,
      JSON.stringify(publicIds),
    )
    .map(toCall)

export const lastCallOf = (reader: Reader, userId: UserId, clientId: ClientId): number | null =>
  reader.get<{ at_ms: number }>(
    "SELECT at_ms FROM usage_calls WHERE user_id = ? AND client_id = ? ORDER BY id DESC LIMIT 1",
    userId,
    clientId,
  )?.at_ms ?? null
