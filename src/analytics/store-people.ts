// SQL of who called: sets by app and day, those who called since they were written, and those who were only refused. In one snapshot.
import { DAY_MS } from "../app/index.ts"
import { firstIdSince, type Reader, type SqlValue } from "../store/index.ts"
import { People } from "./people.ts"
import { kept, parted } from "./store-closed.ts"
import { HOUSE } from "./store-fold.ts"
import { payerOf, WITH_PAYERS } from "./store-payer.ts"
import type { CallersQuery, Span } from "./types.ts"

interface Row {
  clientId: number
  day: number
  userId: number
}

/** Adds the people of each app and day to the sets that `into` names. @param clientIds null: the whole house, in live mode */
function gatherPeople(
  reader: Reader,
  clientIds: readonly number[] | null,
  { from, to }: Span,
  into: (clientId: number, day: number) => readonly People[],
): void {
  const apps = JSON.stringify(clientIds ?? [HOUSE])
  for (const row of reader.all<{ clientId: number; day: number; chunk: number; bits: Uint8Array }>(
    `SELECT client_id AS clientId, day, chunk, bits FROM analytics_people
     WHERE client_id IN (SELECT value FROM json_each(?)) AND day BETWEEN ? AND ?`,
    apps,
    from,
    to,
  )) {
    for (const people of into(row.clientId, row.day)) people.addRow(row.chunk, row.bits)
  }
  const rows = clientIds === null ? unsettledHouse(reader, from, to) : unsettledApps(reader, apps, from, to)
  for (const { clientId, day, userId } of rows) for (const people of into(clientId, day)) people.add(userId)
}

/** Different people of some days: in all, of each app where there are several, and how many on each day. */
export interface Callers {
  all: People
  byApp: ReadonlyMap<number, People>
  onDay: ReadonlyMap<number, number>
}

/** Who called through these apps. @param clientIds null: the whole house, in live mode */
export function callersOf(reader: Reader, clientIds: readonly number[] | null, span: Span): Callers {
  const { closed, open } = parted(reader, span)
  const since = open && gatheredIn(reader, clientIds, open)
  if (closed === null) return since ?? NOBODY
  const name = `callers of ${clientIds?.join() ?? "all"} ${closed.from} ${closed.to}`
  const until = kept(reader, name, () => gatheredIn(reader, clientIds, closed), bytesOf)
  return since === null ? until : together(until, since)
}

/** How many they were of each app, as pairs; an app that nobody called is left out. */
export const activeUsers = (reader: Reader, { clientIds, span }: CallersQuery): [clientId: number, people: number][] =>
  [...callersOf(reader, clientIds, span).byApp]
    .map(([clientId, people]): [number, number] => [clientId, people.size])
    .filter(([, people]) => people > 0)

/** Of no day. */
const NOBODY: Callers = { all: new People(), byApp: new Map(), onDay: new Map() }

const bytesOf = ({ all, byApp }: Callers): number =>
  [...byApp.values()].reduce((sum, people) => sum + people.bytes, all.bytes)

function gatheredIn(reader: Reader, clientIds: readonly number[] | null, span: Span): Callers {
  const [all, days, apps] = [new People(), new Sets<number>(), new Sets<number>()]
  const isParted = clientIds !== null && clientIds.length > 1
  gatherPeople(reader, clientIds, span, (clientId, day) =>
    isParted ? [all, days.of(day), apps.of(clientId)] : [all, days.of(day)],
  )
  return {
    all,
    byApp: isParted ? apps.sets : new Map(clientIds?.map((clientId) => [clientId, all])),
    onDay: new Map([...days.sets].map(([day, people]) => [day, people.size])),
  }
}

const together = (until: Callers, since: Callers): Callers => ({
  all: People.union(until.all, since.all),
  byApp: unions(until.byApp, since.byApp),
  onDay: new Map([...until.onDay, ...since.onDay]),
})

/** Of each key the people of both. */
export function unions<Key>(one: ReadonlyMap<Key, People>, other: ReadonlyMap<Key, People>): ReadonlyMap<Key, People> {
  const both = new Map(one)
  for (const [key, people] of other) {
    const known = one.get(key)
    both.set(key, known ? People.union(known, people) : people)
  }
  return both
}

const WAITING = "c.id > (SELECT through FROM analytics_fold)"

const unsettledApps = (reader: Reader, apps: string, from: number, to: number): Row[] =>
  reader.all<Row>(
    `SELECT DISTINCT c.client_id AS clientId, c.day, c.caller_id AS userId FROM v_charges c
     WHERE ${WAITING} AND c.client_id IN (SELECT value FROM json_each(?1)) AND c.day BETWEEN ?2 AND ?3
     UNION ALL
     SELECT DISTINCT client_id, day, user_id FROM refused_days
     WHERE client_id IN (SELECT value FROM json_each(?1)) AND day BETWEEN ?2 AND ?3`,
    apps,
    from,
    to,
  )

const unsettledHouse = (reader: Reader, from: number, to: number): Row[] =>
  reader.all<Row>(
    `SELECT DISTINCT ${HOUSE} AS clientId, c.day, c.caller_id AS userId FROM v_charges c
     WHERE ${WAITING} AND c.mode = 'live' AND c.day BETWEEN ?1 AND ?2
     UNION ALL
     SELECT DISTINCT ${HOUSE}, day, user_id FROM refused_days WHERE mode = 'live' AND day BETWEEN ?1 AND ?2`,
    from,
    to,
  )

/** What a set by kind is of. */
export interface Kind {
  clientId: number
  day: number
  scope: string
  endpoint: string
  model: string
  payer: string
}

const NAMES = "COALESCE(r.endpoint, '') AS endpoint, COALESCE(r.requested, '') AS model"
const KIND = `a.client_id AS clientId, a.day, a.scope, a.endpoint, a.model, ${payerOf("a").key} AS payer`

/**
 * The same by kinds of calls, where their sets are whole (`kindsFromDay`).
 * @param only further conditions over `endpoint`, `model` and `scope`, with their values
 */
export function gatherKinds(
  reader: Reader,
  clientIds: readonly number[],
  { from, to }: Span,
  only: { sql: string; params: SqlValue[] },
  into: (kind: Kind) => readonly People[],
): void {
  const params = [JSON.stringify(clientIds), from, to, ...only.params]
  const where = `${payerOf("a").join} WHERE client_id IN (SELECT value FROM json_each(?)) AND day BETWEEN ? AND ?${only.sql}`
  for (const { chunk, bits, ...kind } of reader.all<Kind & { chunk: number; bits: Uint8Array }>(
    `${WITH_PAYERS} SELECT ${KIND}, a.chunk, a.bits FROM (
       SELECT k.client_id, k.day, k.scope, k.route_id, ${NAMES}, k.chunk, k.bits
       FROM analytics_kind_people k LEFT JOIN usage_routes r ON r.id = k.route_id) a ${where}`,
    ...params,
  ))
    for (const people of into(kind)) people.addRow(chunk, bits)
  for (const { userId, ...kind } of reader.all<Kind & { userId: number }>(
    `${WITH_PAYERS} SELECT DISTINCT ${KIND}, a.user_id AS userId FROM (
       SELECT c.client_id, c.day, c.scope, COALESCE(c.route_id, 0) AS route_id, ${NAMES}, c.caller_id AS user_id
       FROM v_charges c LEFT JOIN usage_routes r ON r.id = c.route_id WHERE ${WAITING}
       UNION ALL
       SELECT client_id, day, scope, -1, endpoint, model, user_id FROM refused_days) a ${where}`,
    ...params,
  ))
    for (const people of into(kind)) people.add(userId)
}

/** Sets that are made when they are first asked for. */
export class Sets<Key> {
  readonly sets = new Map<Key, People>()
  of(key: Key): People {
    const known = this.sets.get(key)
    if (known) return known
    const fresh = new People()
    this.sets.set(key, fresh)
    return fresh
  }
  size(key: Key): number {
    return this.sets.get(key)?.size ?? 0
  }
}

/** How many people came on each day, test users left out; days on which nobody came are there, too. */
export function newcomersOf(reader: Reader, span: Span): ReadonlyMap<number, number> {
  const { closed, open } = parted(reader, span)
  const until =
    closed &&
    kept(
      reader,
      `newcomers ${closed.from} ${closed.to}`,
      () => cameOn(reader, closed),
      () => 0,
    )
  return new Map([...(until ?? []), ...(open ? cameOn(reader, open) : [])])
}

/** A range of the index a day: parted by SQLite, everybody would be sorted. */
const cameOn = (reader: Reader, { from, to }: Span): ReadonlyMap<number, number> =>
  new Map(
    Array.from({ length: to - from + 1 }, (_, at) => {
      const day = from + at
      return [day, cameBetween(reader, day * DAY_MS, (day + 1) * DAY_MS)]
    }),
  )

const cameBetween = (reader: Reader, fromMs: number, endMs: number): number =>
  reader.get<{ n: number }>(
    "SELECT COUNT(*) AS n FROM v_identity_users WHERE test_of IS NULL AND created_ms >= ? AND created_ms < ?",
    fromMs,
    endMs,
  )!.n

/** People who let one of these apps in for the first time, by day; days on which nobody came are left out. */
export const appNewcomersOf = (reader: Reader, clientIds: readonly number[], { from, to }: Span): Map<number, number> =>
  new Map(
    reader
      .all<{ day: number; people: number }>(
        `SELECT day, SUM(people) AS people FROM v_oauth_consent_days
         WHERE client_id IN (SELECT value FROM json_each(?)) AND day BETWEEN ? AND ? GROUP BY day HAVING SUM(people) > 0`,
        JSON.stringify(clientIds),
        from,
        to,
      )
      .map(({ day, people }) => [day, people]),
  )

/** People are numbered in the order in which they came: the first number since a moment. */
export function firstUserSince(reader: Reader, ms: number): number {
  const lastId = reader.get<{ id: number | null }>("SELECT MAX(id) AS id FROM v_identity_users")?.id ?? 0
  return firstIdSince(
    reader,
    "SELECT created_ms AS atMs FROM v_identity_users WHERE id >= ? ORDER BY id LIMIT 1",
    lastId,
    ms,
  )
}
