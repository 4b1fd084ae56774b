// SQL of endpoints and their secrets. Who listens is asked with every event, and so kept in memory.
import type { ClientId, UserId } from "../app/index.ts"
import { insertRow, type Reader, remember, type Tx } from "../store/index.ts"
import { readTypes } from "./rules.ts"
import { webhookEndpoints, webhookHealth, webhookSecrets } from "./tables.ts"
import type { Endpoint, EndpointHealth, Mode, OffBecause } from "./types.ts"

export interface Listener {
  id: number
  publicId: string
  mode: Mode
  types: string
}

const listeners = remember<string, readonly Listener[]>({
  of: [webhookEndpoints],
  absence: true,
  load: (reader, key) =>
    reader.all<Listener>(
      `SELECT id, public_id AS publicId, mode, types FROM webhook_endpoints
       WHERE off_because IS NULL AND ${key.startsWith("c") ? "client_id = ?" : "client_id IS NULL AND user_id = ?"} ORDER BY id`,
      Number(key.slice(1)),
    ),
})

/** Endpoints that are on. @param owner `c` and the id of an app, or `u` and that of a person */
export const listenersOf = (tx: Tx, owner: string): readonly Listener[] => listeners.get(tx, owner)

type Row = Omit<Endpoint, "types"> & { types: string }
const COLUMNS = `id, public_id AS publicId, user_id AS userId, client_id AS clientId, mode, url, description, types,
  off_because AS offBecause, off_ms AS offMs, created_ms AS createdMs`
const toEndpoint = (row: Row): Endpoint => ({ ...row, types: readTypes(row.types) })

const IS_OWNED = "coalesce(client_id, 0) = ?1 AND user_id = ?2 AND off_because IS NOT 'removed'"

/** Oldest first. */
export const endpointsOf = (reader: Reader, userId: UserId, clientId: ClientId | null): Endpoint[] =>
  reader
    .all<Row>(`SELECT ${COLUMNS} FROM webhook_endpoints WHERE ${IS_OWNED} ORDER BY id`, clientId ?? 0, userId)
    .map(toEndpoint)

export const endpointById = (reader: Reader, id: number): Endpoint | null => {
  const row = reader.get<Row>(`SELECT ${COLUMNS} FROM webhook_endpoints WHERE id = ?`, id)
  return row && toEndpoint(row)
}

export const insertEndpoint = (
  tx: Tx,
  row: Pick<Endpoint, "publicId" | "userId" | "clientId" | "mode" | "url" | "description"> & { types: string },
): number => {
  const id = insertRow(tx, webhookEndpoints, { ...row, createdMs: tx.now })
  insertRow(tx, webhookHealth, { endpointId: id })
  return id
}

export const updateEndpoint = (tx: Tx, id: number, set: { url: string; description: string; types: string }): void => {
  tx.run(
    "UPDATE webhook_endpoints SET url = ?, description = ?, types = ? WHERE id = ?",
    set.url,
    set.description,
    set.types,
    id,
  )
}

export const setOn = (tx: Tx, id: number): void => {
  tx.run("UPDATE webhook_endpoints SET off_because = NULL, off_ms = NULL, told = 1 WHERE id = ?", id)
  tx.run("UPDATE webhook_health SET failures = 0, failing_ms = NULL, rests_until_ms = 0 WHERE endpoint_id = ?", id)
}

export const setOff = (tx: Tx, id: number, because: OffBecause): void => {
  tx.run(
    "UPDATE webhook_endpoints SET off_because = ?, off_ms = ?, told = ? WHERE id = ? AND off_because IS NULL",
    because,
    tx.now,
    because === "owner" ? 1 : 0,
    id,
  )
}

/** Went off by themselves, and their owner does not know yet. */
export const untold = (reader: Reader, rows: number): Endpoint[] =>
  reader.all<Row>(`SELECT ${COLUMNS} FROM webhook_endpoints WHERE told = 0 ORDER BY id LIMIT ?`, rows).map(toEndpoint)
export const markTold = (tx: Tx, id: number): void =>
  void tx.run("UPDATE webhook_endpoints SET told = 1 WHERE id = ?", id)

/** For everybody; its rows go with the sweep, a bounded step at a time, and its secrets at once. */
export function markRemoved(tx: Tx, id: number): void {
  tx.run("DELETE FROM webhook_secrets WHERE endpoint_id = ?", id)
  tx.run("UPDATE webhook_endpoints SET off_because = 'removed', off_ms = ?, told = 1 WHERE id = ?", tx.now, id)
}

export const endpointIdsOfClient = (reader: Reader, clientId: ClientId): number[] =>
  reader.all<{ id: number }>("SELECT id FROM webhook_endpoints WHERE client_id = ?", clientId).map(({ id }) => id)

export const isWaiting = (reader: Reader, clientId: ClientId): boolean =>
  reader.get(
    `SELECT 1 FROM webhook_endpoints w JOIN webhook_health h ON h.endpoint_id = w.id
     WHERE w.client_id = ? AND w.off_because IS NULL AND h.waiting > 0`,
    clientId,
  ) !== null

/** Those that are not removed, oldest first. */
export const endpointsOfClient = (reader: Reader, clientId: ClientId): Endpoint[] =>
  reader
    .all<Row>(
      `SELECT ${COLUMNS} FROM webhook_endpoints WHERE client_id = ? AND off_because IS NOT 'removed' ORDER BY id`,
      clientId,
    )
    .map(toEndpoint)

export const healthOf = (reader: Reader, endpointId: number): EndpointHealth & { restsUntilMs: number } =>
  reader.get<EndpointHealth & { restsUntilMs: number }>(
    `SELECT waiting, failures, failing_ms AS failingMs, rests_until_ms AS restsUntilMs
     FROM webhook_health WHERE endpoint_id = ?`,
    endpointId,
  ) ?? { waiting: 0, failures: 0, failingMs: null, restsUntilMs: 0 }

export interface SecretRow {
  id: number
  publicId: string
  sealed: string
  madeMs: number
  endsMs: number | null
}

/** Newest first. */
export const secretsOf = (reader: Reader, endpointId: number): SecretRow[] =>
  reader.all(
    `SELECT id, public_id AS publicId, sealed, made_ms AS madeMs, ends_ms AS endsMs
     FROM webhook_secrets WHERE endpoint_id = ? ORDER BY id DESC`,
    endpointId,
  )

export const insertSecret = (tx: Tx, row: { publicId: string; endpointId: number; sealed: string }): void =>
  void insertRow(tx, webhookSecrets, { ...row, madeMs: tx.now })

/** The newest one goes on for a while, those before it are over. */
export function endSecrets(tx: Tx, endpointId: number, endsMs: number): void {
  tx.run("DELETE FROM webhook_secrets WHERE endpoint_id = ? AND ends_ms IS NOT NULL", endpointId)
  tx.run("UPDATE webhook_secrets SET ends_ms = ? WHERE endpoint_id = ?", endsMs, endpointId)
}
