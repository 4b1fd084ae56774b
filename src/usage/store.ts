// The only SQL of `usage`. Sums stay below 2^53: a day of one person and app is far under $9 M.
import type { Reader, Tx } from "../store/index.ts"
import type { EndReason, Mode, UsageCall, UsageRow, UsageSource } from "./types.ts"

const INSERT = `INSERT INTO usage_calls (public_id, at_ms, day, mode, user_id, client_id, developer_id, kind, scope, model,
  upstream_id, upstream_model, stream, status, error_code, end_reason, latency_ms, first_token_ms, input_tokens, cached_tokens,
  output_tokens, reasoning_tokens, usage_source, prices_id, charge_nano, upstream_nano, developer_nano, platform_nano,
  collected_nano, uncollected_nano, transaction_id)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const ROLL_UP = `INSERT INTO usage_daily (day, user_id, client_id, scope, model, mode, calls, errors, refused, input_tokens,
  output_tokens, charge_nano, upstream_nano, developer_nano, collected_nano, latency_ms)
  VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET calls = calls + 1, errors = errors + excluded.errors, refused = refused + excluded.refused,
    input_tokens = input_tokens + excluded.input_tokens, output_tokens = output_tokens + excluded.output_tokens,
    charge_nano = charge_nano + excluded.charge_nano, upstream_nano = upstream_nano + excluded.upstream_nano,
    developer_nano = developer_nano + excluded.developer_nano, collected_nano = collected_nano + excluded.collected_nano,
    latency_ms = latency_ms + excluded.latency_ms`

export function insertCall(tx: Tx, row: UsageRow, day: number, pricesId: number | null): number {
  return tx.run(
    INSERT,
    row.publicId,
    row.atMs,
    day,
    row.mode,
    row.userId,
    row.clientId,
    row.developerId,
    row.kind,
    row.scope,
    row.model,
    row.upstreamId,
    row.upstreamModel,
    row.stream ? 1 : 0,
    row.status,
    row.errorCode,
    row.end,
    row.latencyMs,
    row.firstTokenMs,
    row.inputTokens,
    row.cachedTokens,
    row.outputTokens,
    row.reasoningTokens,
    row.source,
    pricesId,
    row.chargeNano,
    row.upstreamNano,
    row.developerNano,
    row.platformNano,
    row.collectedNano,
    row.uncollectedNano,
    row.transactionId,
  ).lastInsertRowid
}

/** The row of these prices, made when they are new. */
export function pricesRow(tx: Tx, snapshot: string): number {
  const known = tx.get<{ id: number }>("SELECT id FROM usage_prices WHERE snapshot = ?", snapshot)
  return known?.id ?? tx.run("INSERT INTO usage_prices (snapshot) VALUES (?)", snapshot).lastInsertRowid
}

export function addToDay(tx: Tx, row: UsageRow, day: number, failed: 0 | 1, refused: 0 | 1): void {
  tx.run(
    ROLL_UP,
    day,
    row.userId,
    row.clientId,
    row.scope,
    row.model,
    row.mode,
    failed,
    refused,
    row.inputTokens,
    row.outputTokens,
    row.chargeNano,
    row.upstreamNano,
    row.earnedNano ?? row.developerNano,
    row.collectedNano,
    row.latencyMs,
  )
}

export interface CallRow {
  id: number
  public_id: string
  at_ms: number
  mode: Mode
  user_id: number
  client_id: number
  developer_id: number | null
  kind: "chat"
  scope: string
  model: string
  upstream_id: number | null
  upstream_model: string | null
  stream: number
  status: number
  error_code: string | null
  end_reason: EndReason
  latency_ms: number
  first_token_ms: number | null
  input_tokens: number
  cached_tokens: number
  output_tokens: number
  reasoning_tokens: number
  usage_source: UsageSource
  prices: string | null
  charge_nano: number
  upstream_nano: number
  developer_nano: number
  platform_nano: number
  collected_nano: number
  uncollected_nano: number
  transaction_id: string | null
}

export const toCall = (row: CallRow): UsageCall => ({
  id: row.id,
  publicId: row.public_id,
  atMs: row.at_ms,
  mode: row.mode,
  userId: row.user_id,
  clientId: row.client_id,
  developerId: row.developer_id,
  kind: row.kind,
  scope: row.scope,
  model: row.model,
  upstreamId: row.upstream_id,
  upstreamModel: row.upstream_model,
  stream: row.stream === 1,
  status: row.status,
  errorCode: row.error_code,
  end: row.end_reason,
  latencyMs: row.latency_ms,
  firstTokenMs: row.first_token_ms,
  inputTokens: row.input_tokens,
  cachedTokens: row.cached_tokens,
  outputTokens: row.output_tokens,
  reasoningTokens: row.reasoning_tokens,
  source: row.usage_source,
  prices: row.prices,
  chargeNano: row.charge_nano,
  upstreamNano: row.upstream_nano,
  developerNano: row.developer_nano,
  platformNano: row.platform_nano,
  collectedNano: row.collected_nano,
  uncollectedNano: row.uncollected_nano,
  transactionId: row.transaction_id,
})

export function findCall(reader: Reader, userId: number, clientId: number, publicId: string): UsageCall | null {
  const row = reader.get<CallRow>(
    "SELECT * FROM v_usage_calls WHERE public_id = ? AND user_id = ? AND client_id = ?",
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

export const totalsOfUser = (reader: Reader, userId: number, mode: Mode, sinceDay: number): TotalsRow =>
  reader.get<TotalsRow>(
    `SELECT ${TOTALS} FROM usage_daily WHERE user_id = ? AND mode = ? AND day >= ?`,
    userId,
    mode,
    sinceDay,
  )!

export const daysOfUser = (
  reader: Reader,
  userId: number,
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
  userId: number,
  mode: Mode,
  sinceDay: number,
): (TotalsRow & { client_id: number })[] =>
  reader.all(
    `SELECT client_id, ${TOTALS} FROM usage_daily WHERE user_id = ? AND mode = ? AND day >= ?
      GROUP BY client_id ORDER BY charge_nano DESC, client_id`,
    userId,
    mode,
    sinceDay,
  )

export const scopesOfUser = (
  reader: Reader,
  userId: number,
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
  clientId: number,
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
  clientId: number,
  sinceDay: number,
): (TotalsRow & { day: number; developer_nano: number })[] =>
  reader.all(
    `SELECT day, ${TOTALS}, COALESCE(SUM(developer_nano), 0) AS developer_nano
       FROM usage_daily WHERE client_id = ? AND day >= ? GROUP BY day`,
    clientId,
    sinceDay,
  )

export const firstAnsweredCall = (reader: Reader, clientId: number): number | null =>
  reader.get<{ at_ms: number }>(
    "SELECT at_ms FROM usage_calls WHERE client_id = ? AND status < 400 ORDER BY id LIMIT 1",
    clientId,
  )?.at_ms ?? null

/** Calls by their public ids, each once; ids travel as JSON so that the statement stays one. */
export const callsByIds = (reader: Reader, publicIds: string[]): UsageCall[] =>
  reader
    .all<CallRow>(
      "SELECT * FROM v_usage_calls WHERE public_id IN (SELECT value FROM json_each(?))",
      JSON.stringify(publicIds),
    )
    .map(toCall)

export const lastCallOf = (reader: Reader, userId: number, clientId: number): number | null =>
  reader.get<{ at_ms: number }>(
    "SELECT at_ms FROM usage_calls WHERE user_id = ? AND client_id = ? ORDER BY id DESC LIMIT 1",
    userId,
    clientId,
  )?.at_ms ?? null
