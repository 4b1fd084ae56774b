// SQL of who called: sets by app and day, those who called since they were written, and those who were only refused. In one snapshot.
import { firstIdSince, type Reader, type SqlValue } from "../store/index.ts"
import { People } from "./people.ts"
import { HOUSE } from "./store-fold.ts"
import { payerOf, WITH_PAYERS } from "./store-payer.ts"
import type { Span } from "./types.ts"

interface Row {
  clientId: number
  day: number
  userId: number
}

/** Adds the people of each app and day to the sets that `into` names. @param clientIds null: the whole house, in live mode */
export function gatherPeople(
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
  private readonly sets = new Map<Key, People>()
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

/** How many people came since a moment and before another one, test users left out. */
export const cameBetween = (reader: Reader, fromMs: number, endMs: number): number =>
  reader.get<{ n: number }>(
    "SELECT COUNT(*) AS n FROM v_identity_users WHERE test_of IS NULL AND created_ms >= ? AND created_ms < ?",
    fromMs,
    endMs,
  )!.n

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
