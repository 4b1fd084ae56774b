// SQL of analytics: sums over the roll-ups, exact to the last commit. Runs in the read Worker, in one moment of the database. Sums stay
// below 2^53: an app's year is far under $9 M.
import type { ClientId } from "../app/index.ts"
import { nano } from "../app/index.ts"
import type { Reader, SqlValue } from "../store/index.ts"
import { People } from "./people.ts"
import { spanBefore } from "./rules.ts"
import { kept, parted } from "./store-closed.ts"
import { kindsFromDay } from "./store-fold.ts"
import { payerOf, WITH_PAYERS } from "./store-payer.ts"
import { appNewcomersOf, callersOf, gatherKinds, Sets, unions } from "./store-people.ts"
import type { Cut, DayFigures, EndpointDay, Figures, FiguresQuery, Filter, Report, Span } from "./types.ts"

type Uncounted = { [Key in Exclude<keyof Figures, "activeUsers">]: number }

const SUMS = `SUM(calls) AS calls, SUM(errors) AS errors, SUM(refused) AS refused, SUM(input_tokens) AS inputTokens,
  SUM(output_tokens) AS outputTokens, SUM(latency_ms) AS latencyMs, SUM(charge_nano) AS chargeNano, SUM(earned_nano) AS earnedNano`

/** Of an app the public id: numbers of ours are nobody's business. */
const KEYS: Readonly<Record<Cut, string>> = {
  day: "day",
  endpoint: "endpoint",
  model: "model",
  scope: "scope",
  payer: payerOf("a").key,
  app: "(SELECT public_id FROM v_oauth_clients k WHERE k.client_id = a.client_id)",
}

/** What cuts are read from, beside the calls `a`. */
const besideOf = (cuts: readonly Cut[]) =>
  cuts.includes("payer") ? { before: WITH_PAYERS, join: payerOf("a").join } : { before: "", join: "" }

interface Asked {
  clientIds: readonly ClientId[]
  span: Span
  filter: Filter
}

const givenOf = ({ filter }: Pick<Asked, "filter">) =>
  (["endpoint", "model", "scope"] as const).flatMap((name) => {
    const value = filter[name]
    return value === undefined ? [] : [[name, value] as const]
  })

function whereOf({ clientIds, span, filter }: Asked): { where: string; params: SqlValue[] } {
  const given = givenOf({ filter })
  return {
    where: [
      "a.client_id IN (SELECT value FROM json_each(?)) AND a.day BETWEEN ? AND ?",
      ...given.map(([name]) => `a.${name} = ?`),
    ].join(" AND "),
    params: [JSON.stringify(clientIds), span.from, span.to, ...given.map(([, value]) => value)],
  }
}

const toFigures = (row: Uncounted, activeUsers: number): Figures => ({
  ...row,
  activeUsers,
  chargeNano: nano(row.chargeNano),
  earnedNano: nano(row.earnedNano),
})

/** How many different people there were in all, and by the keys of a cut. */
interface Counts {
  all: number
  by(key: string | number): number
}

const isOfKinds = (by: Cut): boolean => by !== "day" && by !== "app"

/** For each cut, and once for all of them. Sets by kind are several rows where those of a day are one: only where kinds are asked for. */
function countPeople(reader: Reader, asked: Asked, cuts: readonly Cut[]): ReadonlyMap<Cut | null, Counts> {
  const byKind = Object.values(asked.filter).some((value) => value !== undefined)
  const [kinds, others] = [cuts.filter((by) => byKind || isOfKinds(by)), cuts.filter((by) => !byKind && !isOfKinds(by))]
  const count = asked.span.from < kindsFromDay(reader) ? countOldKinds : countKinds
  const found = [
    ...(kinds.length > 0 || byKind ? count(reader, asked, kinds) : []),
    ...(others.length > 0 || !byKind ? countDays(reader, asked, others) : []),
  ]
  return new Map(found)
}

type Found = (readonly [Cut | null, Counts])[]

const appNames = (reader: Reader, clientIds: readonly ClientId[]): ReadonlyMap<number, string> =>
  new Map(
    reader
      .all<{ clientId: number; name: string }>(
        `SELECT client_id AS clientId, public_id AS name FROM v_oauth_clients WHERE client_id IN (SELECT value FROM json_each(?))`,
        JSON.stringify(clientIds),
      )
      .map(({ clientId, name }) => [clientId, name]),
  )

/** Apps and days, as `cuts` name them. */
function countDays(reader: Reader, asked: Asked, cuts: readonly Cut[]): Found {
  const { all, byApp, onDay } = callersOf(reader, asked.clientIds, asked.span)
  const names = appNames(reader, asked.clientIds)
  const sizes = new Map<string | number, number>(
    cuts.includes("app") ? [...byApp].map(([clientId, people]) => [names.get(clientId) ?? "", people.size]) : [],
  )
  const size = all.size
  return [
    [null, { all: size, by: () => 0 }],
    ...cuts.map(
      (by) =>
        [
          by,
          { all: size, by: (key: string | number) => (by === "day" ? onDay.get(Number(key)) : sizes.get(key)) ?? 0 },
        ] as const,
    ),
  ]
}

/** Different people in all, and by the keys of cuts. */
interface ByKind {
  all: People
  parts: ReadonlyMap<Cut, ReadonlyMap<string | number, People>>
}

function countKinds(reader: Reader, asked: Asked, cuts: readonly Cut[]): Found {
  const { closed, open } = parted(reader, asked.span)
  const told = (span: Span) => `kinds ${JSON.stringify([asked.clientIds, span, givenOf(asked), cuts])}`
  const until = closed && kept(reader, told(closed), () => kindsIn(reader, { ...asked, span: closed }, cuts), bytesOf)
  const since = open && kindsIn(reader, { ...asked, span: open }, cuts)
  const { all, parts } = until && since ? together(until, since) : (until ?? since ?? NOBODY)
  const size = all.size
  return [
    [null, { all: size, by: () => 0 }],
    ...cuts.map((by) => {
      const people = parts.get(by)
      return [by, { all: size, by: (key: string | number) => people?.get(key)?.size ?? 0 }] as const
    }),
  ]
}

function kindsIn(reader: Reader, asked: Asked, cuts: readonly Cut[]): ByKind {
  const [all, apps] = [new People(), appNames(reader, asked.clientIds)]
  const sets = new Map(cuts.map((by) => [by, new Sets<string | number>()]))
  const given = givenOf(asked)
  const only = { sql: given.map(([name]) => ` AND ${name} = ?`).join(""), params: given.map(([, value]) => value) }
  gatherKinds(reader, asked.clientIds, asked.span, only, (kind) => [
    all,
    ...[...sets].map(([by, own]) => own.of(by === "app" ? (apps.get(kind.clientId) ?? "") : kind[by])),
  ])
  return { all, parts: new Map([...sets].map(([by, own]) => [by, own.sets])) }
}

/** Of no day. */
const NOBODY: ByKind = { all: new People(), parts: new Map() }

const bytesOf = ({ all, parts }: ByKind): number =>
  [...parts.values()].reduce(
    (sum, sets) => sum + [...sets.values()].reduce((part, one) => part + one.bytes, 0),
    all.bytes,
  )

const together = (until: ByKind, since: ByKind): ByKind => ({
  all: People.union(until.all, since.all),
  parts: new Map([...until.parts].map(([by, sets]) => [by, unions(sets, since.parts.get(by)!)])),
})

/** From days of wallets, row by row: of days whose sets are not made yet. */
function countOldKinds(reader: Reader, asked: Asked, cuts: readonly Cut[]): Found {
  const { where, params } = whereOf(asked)
  const all = reader.get<{ n: number }>(
    `SELECT COUNT(DISTINCT user_id) AS n FROM v_app_calls a WHERE ${where}`,
    ...params,
  )!.n
  return [
    [null, { all, by: () => 0 }],
    ...cuts.map((by) => {
      const byKey = countByKey(reader, asked, by)
      return [by, { all, by: (key: string | number) => byKey.get(key) ?? 0 }] as const
    }),
  ]
}

function countByKey(reader: Reader, asked: Asked, by: Cut): Map<string | number, number> {
  const { where, params } = whereOf(asked)
  const { before, join } = besideOf([by])
  const rows = reader.all<{ key: string | number; n: number }>(
    `${before} SELECT ${KEYS[by]} AS key, COUNT(DISTINCT user_id) AS n FROM v_app_calls a ${join} WHERE ${where} GROUP BY 1`,
    ...params,
  )
  return new Map(rows.map(({ key, n }) => [key, n]))
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

const sumOfValues = (counts: Map<number, number>): number => [...counts.values()].reduce((sum, one) => sum + one, 0)

/** Calls that are alike in all that is asked for, in the time shown or before it. */
type Cell = Uncounted & { past: 0 | 1 } & Partial<Record<Cut, string | number>>

/** Of both times, read once for all cuts: what waits to be summed is read again by every statement, most of it while calls are many. */
function cellsOf(reader: Reader, asked: Asked, cuts: readonly Cut[]): Cell[] {
  const { span } = asked
  const { where, params } = whereOf({ ...asked, span: { from: spanBefore(span).from, to: span.to } })
  const { before, join } = besideOf(cuts)
  const keys = ["a.day < ? AS past", ...cuts.map((by) => `${KEYS[by]} AS "${by}"`)]
  const group = keys.map((_, at) => at + 1).join(", ")
  return reader.all<Cell>(
    `${before} SELECT ${keys.join(", ")}, ${SUMS} FROM v_app_sums a ${join} WHERE ${where} GROUP BY ${group}`,
    span.from,
    ...params,
  )
}

function sumOf(cells: readonly Cell[]): Uncounted {
  const sum = { ...NOTHING }
  for (const cell of cells) for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += cell[name]
  return sum
}

function rowsBy(
  cells: readonly Cell[],
  { by, rowsMax, span }: FiguresQuery,
  people: Counts,
  newUsers: Map<number, number>,
): DayFigures[] {
  const told = (key: string | number, own: readonly Cell[]) => ({ key, ...toFigures(sumOf(own), people.by(key)) })
  const parts = Map.groupBy(cells, (cell) => cell[by]!)
  if (by !== "day")
    return [...parts]
      .map(([key, own]) => ({ ...told(key, own), newUsers: null }))
      .sort((a, b) => b.calls - a.calls || b.refused - a.refused || (a.key < b.key ? -1 : 1))
      .slice(0, rowsMax)
  return Array.from({ length: span.to - span.from + 1 }, (_, at) => {
    const day = span.from + at
    return { ...told(day, parts.get(day) ?? []), newUsers: newUsers.get(day) ?? 0 }
  })
}

/** In one snapshot: rows and totals tell of the same moment. */
export function report(reader: Reader, query: FiguresQuery): Report {
  const [found] = reports(reader, query, [query.by])
  return found!
}

/** The same question parted by several things: what they share is read once. */
export function reports(reader: Reader, query: Omit<FiguresQuery, "by">, cuts: readonly Cut[]): Report[] {
  const { clientIds, span } = query
  const before = { ...query, span: spanBefore(span) }
  const newUsers = appNewcomersOf(reader, clientIds, span)
  const people = countPeople(reader, query, cuts)
  const cells = cellsOf(reader, query, cuts)
  const shown = cells.filter(({ past }) => past === 0)
  const shared = {
    totals: { ...toFigures(sumOf(shown), people.get(null)!.all), newUsers: sumOfValues(newUsers) },
    before: {
      ...toFigures(sumOf(cells.filter(({ past }) => past === 1)), countPeople(reader, before, []).get(null)!.all),
      newUsers: sumOfValues(appNewcomersOf(reader, clientIds, before.span)),
    },
  }
  return cuts.map((by) => ({ ...shared, rows: rowsBy(shown, { ...query, by }, people.get(by)!, newUsers) }))
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
