// Reading usage for pages: roll-ups only, so that a dashboard costs the same after a year as on the first day.
import { type ClientId, dayOf, nano, type UserId } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import {
  clientsOfUser,
  daysOfClient,
  daysOfUser,
  scopesOfUser,
  type TotalsRow,
  totalsOfClient,
  totalsOfUser,
} from "./store.ts"
import type { ClientDay, ClientUsage, Mode, Totals, UsageSummary } from "./types.ts"

const DAYS = 30

const totals = (row: TotalsRow): Totals => ({
  calls: row.calls,
  errors: row.errors,
  refused: row.refused,
  inputTokens: row.input_tokens,
  outputTokens: row.output_tokens,
  chargeNano: nano(row.charge_nano),
  collectedNano: nano(row.collected_nano),
})

export function summary(reader: Reader, userId: UserId, mode: Mode, atMs: number, days = DAYS): UsageSummary {
  const today = dayOf(atMs)
  const date = new Date(atMs)
  const monthStart = dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1))
  const since = today - days + 1
  const byDay = new Map(daysOfUser(reader, userId, mode, since).map((row) => [row.day, row]))
  return {
    today: totals(totalsOfUser(reader, userId, mode, today)),
    month: totals(totalsOfUser(reader, userId, mode, monthStart)),
    days: Array.from({ length: days }, (_, at) => {
      const row = byDay.get(since + at)
      return { day: since + at, calls: row?.calls ?? 0, collectedNano: nano(row?.collected_nano ?? 0) }
    }),
    byClient: clientsOfUser(reader, userId, mode, since).map((row) => ({ clientId: row.client_id, ...totals(row) })),
    byScope: scopesOfUser(reader, userId, mode, since).map((row) => ({ scope: row.scope, ...totals(row) })),
  }
}

export function byClient(
  reader: Reader,
  clientId: ClientId,
  atMs: number,
  sinceDay = dayOf(atMs) - DAYS + 1,
): ClientUsage {
  const row = totalsOfClient(reader, clientId, sinceDay)
  return { ...totals(row), users: row.users, developerNano: nano(row.developer_nano) }
}

/** The last `days` UTC days of an app, oldest first, days without calls included. */
export function clientDays(reader: Reader, clientId: ClientId, atMs: number, days = DAYS): ClientDay[] {
  const since = dayOf(atMs) - days + 1
  const byDay = new Map(daysOfClient(reader, clientId, since).map((row) => [row.day, row]))
  return Array.from({ length: days }, (_, at) => {
    const row = byDay.get(since + at)
    return {
      day: since + at,
      calls: row?.calls ?? 0,
      errors: row?.errors ?? 0,
      refused: row?.refused ?? 0,
      developerNano: nano(row?.developer_nano ?? 0),
    }
  })
}
