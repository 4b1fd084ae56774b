// SQL of what goes: deliveries by age, those beyond the bound of an endpoint, all of an endpoint that was removed, and then their events.
import type { Tx } from "../store/index.ts"

function deleteDeliveries(tx: Tx, found: readonly { id: number }[]): number {
  if (found.length === 0) return 0
  const list = JSON.stringify(found.map(({ id }) => id))
  tx.run("DELETE FROM webhook_tries WHERE delivery_id IN (SELECT value FROM json_each(?))", list)
  return tx.run("DELETE FROM webhook_deliveries WHERE id IN (SELECT value FROM json_each(?))", list).changes
}

/** What is on its way stays: it is over within days. */
export const deleteOld = (tx: Tx, beforeMs: number, rows: number): number =>
  deleteDeliveries(
    tx,
    tx.all(
      "SELECT id FROM webhook_deliveries WHERE created_ms < ? AND state <> 'waiting' ORDER BY created_ms, id LIMIT ?",
      beforeMs,
      rows,
    ),
  )

/** Of the first endpoint after `after` that has more than that. @returns that endpoint; null = none has */
export function deleteBeyond(
  tx: Tx,
  after: number,
  keptMax: number,
  rows: number,
): { id: number; gone: number } | null {
  const full = tx.get<{ id: number; last: number }>(
    `SELECT p.id, (SELECT id FROM webhook_deliveries WHERE endpoint_id = p.id ORDER BY id DESC LIMIT 1 OFFSET ?2) AS last
     FROM webhook_endpoints p WHERE p.id > ?1 AND last IS NOT NULL ORDER BY p.id LIMIT 1`,
    after,
    keptMax,
  )
  if (!full) return null
  const found = tx.all<{ id: number }>(
    "SELECT id FROM webhook_deliveries WHERE endpoint_id = ? AND id <= ? AND state <> 'waiting' ORDER BY id LIMIT ?",
    full.id,
    full.last,
    rows,
  )
  return { id: full.id, gone: deleteDeliveries(tx, found) }
}

/** The endpoint goes with the last of its deliveries. */
export function deleteRemoved(tx: Tx, rows: number): number {
  const gone = tx.get<{ id: number }>("SELECT id FROM webhook_endpoints WHERE off_because = 'removed' LIMIT 1")
  if (!gone) return 0
  const found = tx.all<{ id: number }>(
    "SELECT id FROM webhook_deliveries WHERE endpoint_id = ? ORDER BY id LIMIT ?",
    gone.id,
    rows,
  )
  if (found.length > 0) return deleteDeliveries(tx, found)
  tx.run("DELETE FROM webhook_health WHERE endpoint_id = ?", gone.id)
  return tx.run("DELETE FROM webhook_endpoints WHERE id = ?", gone.id).changes
}

export const deleteEvents = (tx: Tx, beforeMs: number, rows: number): number =>
  tx.run(
    `DELETE FROM webhook_events WHERE id IN (SELECT e.id FROM webhook_events e WHERE e.created_ms < ?
       AND NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE event_id = e.id) ORDER BY e.created_ms LIMIT ?)`,
    beforeMs,
    rows,
  ).changes
