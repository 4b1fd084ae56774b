// Sums for pages: days only, so that a dashboard costs the same after a year as on the first day.
import { type ClientId, dayOf, nano, type UserId } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import { walletOf } from "./calls.ts"
import {
  daysOfClient,
  daysOfWallet,
  type PersonDay,
  refusedDaysOf,
  refusedDaysOfClient,
  type Sums,
} from "./store-days.ts"
import { modelsOfWallet, toolsOfWallet } from "./store-models.ts"
import type { ClientDay, ClientUsage, Mode, ModelUse, ToolUse, Totals, UsageSummary } from "./types.ts"

const DAYS = 30

const NOTHING: Readonly<Sums> = {
  calls: 0,
  errors: 0,
  refused: 0,
  inputTokens: 0,
  outputTokens: 0,
  chargeNano: 0,
  collectedNano: 0,
  earnedNano: 0,
}

function sumOf(rows: readonly Sums[]): Sums {
  const sums = { ...NOTHING }
  for (const row of rows) {
    sums.calls += row.calls
    sums.errors += row.errors
    sums.refused += row.refused
    sums.inputTokens += row.inputTokens
    sums.outputTokens += row.outputTokens
    sums.chargeNano += row.chargeNano
    sums.collectedNano += row.collectedNano
    sums.earnedNano += row.earnedNano
  }
  return sums
}

function totals(rows: readonly Sums[]): Totals {
  const { calls, errors, refused, inputTokens, outputTokens, chargeNano, collectedNano } = sumOf(rows)
  return {
    calls,
    errors,
    refused,
    inputTokens,
    outputTokens,
    chargeNano: nano(chargeNano),
    collectedNano: nano(collectedNano),
  }
}

export function summary(reader: Reader, userId: UserId, mode: Mode, atMs: number, days = DAYS): UsageSummary {
  const today = dayOf(atMs)
  const date = new Date(atMs)
  const monthStart = dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1))
  const since = today - days + 1
  const rows = daysOfPerson(reader, userId, mode, Math.min(since, monthStart), today)
  const shown = rows.filter((row) => row.day >= since)
  const byDay = Map.groupBy(shown, (row) => row.day)
  return {
    today: totals(rows.filter((row) => row.day === today)),
    month: totals(rows.filter((row) => row.day >= monthStart)),
    days: Array.from({ length: days }, (_, at) => {
      const { calls, collectedNano } = sumOf(byDay.get(since + at) ?? [])
      return { day: since + at, calls, collectedNano: nano(collectedNano) }
    }),
    byClient: [...Map.groupBy(shown, (row) => row.clientId)]
      .sort(([a], [b]) => a - b)
      .map(([clientId, group]) => ({ clientId: clientId || null, ...totals(group) }))
      .sort(dearest),
    byScope: [...Map.groupBy(shown, (row) => row.scope)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([scope, group]) => ({ scope, ...totals(group) }))
      .sort(dearest),
  }
}

const dearest = (a: Totals, b: Totals): number => b.chargeNano - a.chargeNano

function daysOfPerson(reader: Reader, userId: UserId, mode: Mode, from: number, to: number): PersonDay[] {
  const accountId = walletOf(reader, userId, mode)
  const charged = accountId === null ? [] : daysOfWallet(reader, accountId, from, to)
  return [...charged, ...refusedDaysOf(reader, userId, mode, from, to)]
}

export function byModel(reader: Reader, userId: UserId, mode: Mode, fromDay: number, toDay: number): ModelUse[] {
  const accountId = walletOf(reader, userId, mode)
  if (accountId === null) return []
  return modelsOfWallet(reader, accountId, fromDay, toDay).map((row) => ({
    ...row,
    refused: 0,
    collectedNano: nano(row.collectedNano),
  }))
}

/** What each app called of one group of tools. */
export function toolsByClient(
  reader: Reader,
  { userId, mode, ...range }: { userId: UserId; mode: Mode; group: string; fromDay: number; toDay: number },
): ToolUse[] {
  const accountId = walletOf(reader, userId, mode)
  if (accountId === null) return []
  return toolsOfWallet(reader, { accountId, ...range }).map(({ clientId, collectedNano, ...row }) => ({
    ...row,
    clientId: clientId === 0 ? null : (clientId as ClientId),
    collectedNano: nano(collectedNano),
  }))
}

export function byClient(
  reader: Reader,
  clientId: ClientId,
  atMs: number,
  sinceDay = dayOf(atMs) - DAYS + 1,
): ClientUsage {
  const rows = [...daysOfClient(reader, clientId, sinceDay), ...refusedDaysOfClient(reader, clientId, sinceDay)]
  return {
    ...totals(rows),
    developerNano: nano(sumOf(rows).earnedNano),
  }
}

/** The last `days` UTC days of an app, oldest first, days without calls included. */
export function clientDays(reader: Reader, clientId: ClientId, atMs: number, days = DAYS): ClientDay[] {
  const since = dayOf(atMs) - days + 1
  const rows = [...daysOfClient(reader, clientId, since), ...refusedDaysOfClient(reader, clientId, since)]
  const byDay = Map.groupBy(rows, (row) => row.day)
  return Array.from({ length: days }, (_, at) => {
    const { calls, errors, refused, earnedNano } = sumOf(byDay.get(since + at) ?? [])
    return { day: since + at, calls, errors, refused, developerNano: nano(earnedNano) }
  })
}
