// SQL of analytics: sums over the roll-ups, exact to the last commit. Runs in the read Worker, in one moment of the database. Sums stay
// below 2^53: an app's year is far under $9 M.
import type { ClientId } from "../app/index.ts"
import { nano } from "../app/index.ts"
import type { Reader, SqlValue } from "../store/index.ts"
import { People } from "./people.ts"
import { spanBefore } from "./rules.ts"
import { gatherPeople, Sets } from "./store-people.ts"
import type { Cut, DayFigures, EndpointDay, Figures, FiguresQuery, Filter, Report, Span } from "./types.ts"

type Sums = { [Key in keyof Figures]: number | null }
type Uncounted = Omit<Sums, "activeUsers">

const SUMS = `SUM(calls) AS calls, SUM(errors) AS errors, SUM(refused) AS refused, SUM(input_tokens) AS inputTokens,
  SUM(output_tokens) AS outputTokens, SUM(latency_ms) AS latencyMs, SUM(charge_nano) AS chargeNano, SUM(earned_nano) AS earnedNano`

/** Of an app the public id: numbers of ours are nobody's business. */
const KEYS: Readonly<Record<Cut, string>> = {
  day: "day",
  endpoint: "endpoint",
  model: "model",
  scope: "scope",
  app: "(SELECT public_id FROM v_oauth_clients k WHERE k.client_id = a.client_id)",
}

interface Asked {
  clientIds: readonly ClientId[]
  span: Span
  filter: Filter
}

function whereOf({ clientIds, span, filter }: Asked): { where: string; params: SqlValue[] } {
  const given = (["endpoint", "model", "scope"] as const).flatMap((name) => {
    const value = filter[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    where: [
      "a.client_id IN (SELECT value FROM json_each(?)) AND a.day BETWEEN ? AND ?",
      ...given.map(([name]) => `a.${name} = ?`),
    ].join(" AND "),
    params: [JSON.stringify(clientIds), span.from, span.to, ...given.map(([, value]) => value)],
  }
}

const toFigures = (row: Uncounted, activeUsers: number): Figures => ({
  calls: row.calls ?? 0,
  errors: row.errors ?? 0,
  refused: row.refused ?? 0,
  activeUsers,
  inputTokens: row.inputTokens ?? 0,
  outputTokens: row.outputTokens ?? 0,
  latencyMs: row.latencyMs ?? 0,
  chargeNano: nano(row.chargeNano ?? 0),
  earnedNano: nano(row.earnedNano ?? 0),
})

/** How many different people there were in all, and by the keys of a cut. */
interface Counts {
  all: number
  by(key: string | number): number
}

/** Kinds of calls are no part of the sets: where they are asked for, people are counted from days of wallets, row by row. */
const isByKind = ({ filter }: Asked, by: Cut | null): boolean =>
  by === "endpoint" || by === "model" || by === "scope" || Object.values(filter).some((value) => value !== undefined)

function countPeople(reader: Reader, asked: Asked, by: Cut | null): Counts {
  if (isByKind(asked, by)) return countByKind(reader, asked, by)
  const all = new People()
  const parts = new Sets<string | number>()
  const apps = new Map(
    reader
      .all<{ clientId: number; name: string }>(
        `SELECT client_id AS clientId, public_id AS name FROM v_oauth_clients WHERE client_id IN (SELECT value FROM json_each(?))`,
        JSON.stringify(asked.clientIds),
      )
      .map(({ clientId, name }) => [clientId, name]),
  )
  gatherPeople(reader, asked.clientIds, asked.span, (clientId, day) =>
    by === null ? [all] : [all, parts.of(by === "day" ? day : (apps.get(clientId) ?? ""))],
  )
  return { all: all.size, by: (key) => parts.size(key) }
}

function countByKind(reader: Reader, asked: Asked, by: Cut | null): Counts {
  const { where, params } = whereOf(asked)
  const all = reader.get<{ n: number }>(
    `SELECT COUNT(DISTINCT user_id) AS n FROM v_app_calls a WHERE ${where}`,
    ...params,
  )!.n
  const rows =
    by === null
      ? []
      : reader.all<{ key: string | number; n: number }>(
          `SELECT ${KEYS[by]} AS key, COUNT(DISTINCT user_id) AS n FROM v_app_calls a WHERE ${where} GROUP BY 1`,
          ...params,
        )
  const byKey = new Map(rows.map(({ key, n }) => [key, n]))
  return { all, by: (key) => byKey.get(key) ?? 0 }
}

function totals(reader: Reader, asked: Asked, people: number): Figures {
  const { where, params } = whereOf(asked)
  return toFigures(reader.get<Uncounted>(`SELECT ${SUMS} FROM v_app_sums a WHERE ${where}`, ...params)!, people)
}

/** People who let one of these apps in for the first time, by day. A permission is never older than its newest renewal. */
function newcomers(reader: Reader, clientIds: readonly ClientId[], { from, to }: Span): Map<number, number> {
  const rows = reader.all<{ day: number; people: number }>(
    `SELECT n.created_ms / 86400000 AS day, COUNT(*) AS people FROM v_oauth_consents n
     WHERE n.client_id IN (SELECT value FROM json_each(?1)) AND n.granted_ms >= ?2 * 86400000
       AND n.created_ms >= ?2 * 86400000 AND n.created_ms < (?3 + 1) * 86400000 GROUP BY 1`,
    JSON.stringify(clientIds),
    from,
    to,
  )
  return new Map(rows.map(({ day, people }) => [day, people]))
}

const sumOf = (counts: Map<number, number>): number => [...counts.values()].reduce((sum, one) => sum + one, 0)

function rowsBy(reader: Reader, query: FiguresQuery, people: Counts, newUsers: Map<number, number>): DayFigures[] {
  const { span, by, rowsMax } = query
  const { where, params } = whereOf(query)
  const order = by === "day" ? "1" : "SUM(calls) DESC, SUM(refused) DESC, 1"
  const found = reader.all<Uncounted & { key: string | number }>(
    `SELECT ${KEYS[by]} AS key, ${SUMS} FROM v_app_sums a WHERE ${where} GROUP BY 1 ORDER BY ${order} LIMIT ?`,
    ...params,
    by === "day" ? span.to - span.from + 1 : rowsMax,
  )
  const told = (key: string | number, row: Uncounted) => ({ key, ...toFigures(row, people.by(key)) })
  if (by !== "day") return found.map((row) => ({ ...told(row.key, row), newUsers: null }))
  const byDay = new Map(found.map((row) => [row.key as number, row]))
  return Array.from({ length: span.to - span.from + 1 }, (_, at) => {
    const day = span.from + at
    return { ...told(day, byDay.get(day) ?? NOTHING), newUsers: newUsers.get(day) ?? 0 }
  })
}

const NOTHING: Uncounted = {
  calls: 0,
  errors: 0,
  refused: 0,
  inputTokens: 0,
  outputTokens: 0,
  latencyMs: 0,
  chargeNano: 0,
  earnedNano: 0,
}

/** In one snapshot: rows and totals tell of the same moment. */
export function report(reader: Reader, query: FiguresQuery): Report {
  const [found] = reports(reader, query, [query.by])
  return found!
}

/** The same question parted by several things: what they share is summed once. */
export function reports(reader: Reader, query: Omit<FiguresQuery, "by">, cuts: readonly Cut[]): Report[] {
  const { clientIds, span } = query
  const before = { ...query, span: spanBefore(span) }
  const newUsers = newcomers(reader, clientIds, span)
  const people = new Map(cuts.map((by) => [by, countPeople(reader, query, by)]))
  const shared = {
    totals: { ...totals(reader, query, people.get(cuts[0]!)!.all), newUsers: sumOf(newUsers) },
    before: {
      ...totals(reader, before, countPeople(reader, before, null).all),
      newUsers: sumOf(newcomers(reader, clientIds, before.span)),
    },
  }
  return cuts.map((by) => ({ ...shared, rows: rowsBy(reader, { ...query, by }, people.get(by)!, newUsers) }))
}

/** How the calls of each day part by endpoint; days without calls are left out. */
export function endpointDays(
  reader: Reader,
  asked: Pick<FiguresQuery, "clientIds" | "span" | "filter">,
): EndpointDay[] {
  const { where, params } = whereOf(asked)
  return reader.all<EndpointDay>(
    `SELECT day, endpoint, SUM(calls) AS calls FROM v_app_sums a WHERE ${where} GROUP BY 1, 2 HAVING SUM(calls) > 0 ORDER BY 1, 2`,
    ...params,
  )
}

export interface PersonUse {
  userId: string
  calls: number
  chargeNano: number
}

/** What some people of an app used there since a day. */
export const usedByPeople = (
  reader: Reader,
  { clientId, userIds, fromDay }: { clientId: ClientId; userIds: readonly string[]; fromDay: number },
): PersonUse[] =>
  reader.all(
    `SELECT u.public_id AS userId, SUM(a.calls) AS calls, SUM(a.charge_nano) AS chargeNano
     FROM v_app_calls a JOIN v_identity_users u ON u.id = a.user_id
     WHERE a.client_id = ? AND a.day >= ? AND a.user_id IN (
       SELECT id FROM v_identity_users WHERE public_id IN (SELECT value FROM json_each(?)))
     GROUP BY 1`,
    clientId,
    fromDay,
    JSON.stringify(userIds),
  )
