// SQL of events, their deliveries and each try.
import { insertRow, type Reader, type Tx } from "../store/index.ts"
import { setOff } from "./store.ts"
import { webhookDeliveries, webhookEvents, webhookTries } from "./tables.ts"
import type { Delivery, DeliveryState, DeliveryTry, OffBecause } from "./types.ts"

export const insertEvent = (tx: Tx, row: { publicId: string; type: string; subject: string; body: string }): number =>
  insertRow(tx, webhookEvents, { ...row, createdMs: tx.now })

export const insertDelivery = (
  tx: Tx,
  row: { publicId: string; endpointId: number; eventId: number; message: string },
): number => insertRow(tx, webhookDeliveries, { ...row, createdMs: tx.now })

/** One more waits. @returns how many now */
export const waitsMore = (tx: Tx, endpointId: number): number =>
  tx.get<{ waiting: number }>(
    "UPDATE webhook_health SET waiting = waiting + 1 WHERE endpoint_id = ? RETURNING waiting",
    endpointId,
  )?.waiting ?? 0

export const switchOff = (tx: Tx, endpointId: number, because: OffBecause): void => setOff(tx, endpointId, because)

export interface Due {
  id: number
  publicId: string
  endpointId: number
  state: DeliveryState
  tries: number
  createdMs: number
  resentMs: number | null
  eventId: string
  type: string
  subject: string
  body: string
}

const DUE = `SELECT d.id, d.public_id AS publicId, d.endpoint_id AS endpointId, d.state, d.tries, d.created_ms AS createdMs,
    d.resent_ms AS resentMs, e.public_id AS eventId, e.type, e.subject, e.body
  FROM webhook_deliveries d JOIN webhook_events e ON e.id = d.event_id`

export const dueById = (reader: Reader, publicId: string): Due | null =>
  reader.get<Due>(`${DUE} WHERE d.public_id = ?`, publicId)

export function insertTry(tx: Tx, deliveryId: number, one: DeliveryTry): void {
  const { sent, answered, ...row } = one
  insertRow(tx, webhookTries, {
    deliveryId,
    ...row,
    sent: JSON.stringify(sent),
    answered: answered && JSON.stringify(answered),
  })
}

/** It waits no more, whatever became of it. */
export function endDelivery(tx: Tx, due: Pick<Due, "id" | "endpointId">, state: DeliveryState, tries: number): void {
  const ended = tx.run(
    "UPDATE webhook_deliveries SET state = ?, tries = ? WHERE id = ? AND state = 'waiting'",
    state,
    tries,
    due.id,
  )
  if (ended.changes === 1)
    tx.run("UPDATE webhook_health SET waiting = max(waiting - 1, 0) WHERE endpoint_id = ?", due.endpointId)
}

export const countTry = (tx: Tx, id: number, tries: number): void =>
  void tx.run("UPDATE webhook_deliveries SET tries = ? WHERE id = ?", tries, id)

export const markWell = (tx: Tx, endpointId: number): void =>
  void tx.run(
    "UPDATE webhook_health SET failures = 0, failing_ms = NULL, rests_until_ms = 0 WHERE endpoint_id = ? AND failures > 0",
    endpointId,
  )

export const markIll = (tx: Tx, endpointId: number, restsUntilMs: number): void =>
  void tx.run(
    `UPDATE webhook_health SET failures = failures + 1, failing_ms = coalesce(failing_ms, ?), rests_until_ms = ?
     WHERE endpoint_id = ?`,
    tx.now,
    restsUntilMs,
    endpointId,
  )

/** On its way again, by another message. */
export function resend(tx: Tx, due: Pick<Due, "id" | "endpointId">, message: string): void {
  tx.run(
    "UPDATE webhook_deliveries SET state = 'waiting', message = ?, resent_ms = ? WHERE id = ?",
    message,
    tx.now,
    due.id,
  )
  waitsMore(tx, due.endpointId)
}

/** By hand within a while: resends, and test events. */
export const byHandSince = (reader: Reader, endpointId: number, sinceMs: number, testType: string): number =>
  reader.get<{ n: number }>(
    `SELECT (SELECT count(*) FROM webhook_deliveries WHERE endpoint_id = ?1 AND resent_ms > ?2)
       + (SELECT count(*) FROM webhook_deliveries d JOIN webhook_events e ON e.id = d.event_id
          WHERE d.endpoint_id = ?1 AND d.created_ms > ?2 AND e.type = ?3) AS n`,
    endpointId,
    sinceMs,
    testType,
  )!.n

/** Those that failed or were dropped, oldest first. */
export const missed = (reader: Reader, endpointId: number, sinceMs: number, rows: number): string[] =>
  reader
    .all<{ publicId: string }>(
      `SELECT public_id AS publicId FROM webhook_deliveries
       WHERE endpoint_id = ? AND created_ms > ? AND state IN ('failed', 'dropped') ORDER BY id LIMIT ?`,
      endpointId,
      sinceMs,
      rows,
    )
    .map(({ publicId }) => publicId)

const LISTED = `SELECT d.id, d.public_id AS publicId, e.public_id AS eventId, e.type, e.subject, d.state, d.tries,
    d.created_ms AS createdMs,
    (SELECT t.status FROM webhook_tries t WHERE t.delivery_id = d.id ORDER BY t.id DESC LIMIT 1) AS status
  FROM webhook_deliveries d JOIN webhook_events e ON e.id = d.event_id`

export interface DeliveriesQuery {
  endpointId: number
  state?: DeliveryState | undefined
  /** `id` of the last one of the page before. */
  beforeId?: number | undefined
  rows: number
}

/** Newest first. */
export const deliveriesOf = (reader: Reader, { endpointId, state, beforeId, rows }: DeliveriesQuery) =>
  reader.all<Delivery & { id: number }>(
    `${LISTED} WHERE d.endpoint_id = ?1 AND d.id < ?2 AND (?3 IS NULL OR d.state = ?3) ORDER BY d.id DESC LIMIT ?4`,
    endpointId,
    beforeId ?? Number.MAX_SAFE_INTEGER,
    state ?? null,
    rows,
  )

export const deliveryOf = (reader: Reader, endpointId: number, publicId: string) =>
  reader.get<Delivery & { id: number; body: string; message: string }>(
    `${LISTED.replace("d.state,", "d.state, e.body, d.message,")} WHERE d.endpoint_id = ? AND d.public_id = ?`,
    endpointId,
    publicId,
  )

type TryRow = Omit<DeliveryTry, "sent" | "answered"> & { sent: string; answered: string | null }

/** Oldest first. */
export const triesOf = (reader: Reader, deliveryId: number): DeliveryTry[] =>
  reader
    .all<TryRow>(
      `SELECT at_ms AS atMs, took_ms AS tookMs, status, problem, sent, answered, answer
       FROM webhook_tries WHERE delivery_id = ? ORDER BY id`,
      deliveryId,
    )
    .map((row) => ({
      ...row,
      sent: JSON.parse(row.sent) as Record<string, string>,
      answered: row.answered === null ? null : (JSON.parse(row.answered) as Record<string, string>),
    }))

/** How many of each state since then. */
export const countsOf = (reader: Reader, endpointId: number, sinceMs: number): Record<DeliveryState, number> => {
  const counts = { waiting: 0, delivered: 0, failed: 0, dropped: 0 }
  for (const { state, n } of reader.all<{ state: DeliveryState; n: number }>(
    "SELECT state, count(*) AS n FROM webhook_deliveries WHERE endpoint_id = ? AND created_ms > ? GROUP BY state",
    endpointId,
    sinceMs,
  ))
    counts[state] = n
  return counts
}
