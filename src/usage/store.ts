// SQL of what usage writes with a call, as fixed texts: routes, prices, first calls. Decides nothing.
import { type ClientId, type RouteId, UpstreamId } from "../app/index.ts"
import { insertRow, type Reader, type Tx } from "../store/index.ts"
import { usageFirstCalls, usagePrices, usageRoutes } from "./tables.ts"
import type { Route } from "./types.ts"

const NONE = UpstreamId(0)

/** The row of these prices, made when they are new. */
export function pricesRow(tx: Tx, snapshot: string): number {
  const known = tx.get<{ id: number }>("SELECT id FROM usage_prices WHERE snapshot = ?", snapshot)
  return known?.id ?? insertRow(tx, usagePrices, { snapshot })
}

/** The row of this kind of call, made when it is new. */
export function routeRow(tx: Tx, { endpoint, requested, upstreamId, model }: Route, pricesId: number): RouteId {
  const known = tx.get<{ id: RouteId }>(
    `SELECT id FROM usage_routes
     WHERE endpoint = ? AND requested = ? AND upstream_id = ? AND model = ? AND prices_id = ?`,
    endpoint,
    requested,
    upstreamId ?? NONE,
    model,
    pricesId,
  )
  if (known) return known.id
  return insertRow(tx, usageRoutes, { endpoint, requested, upstreamId: upstreamId ?? NONE, model, pricesId })
}

export const routesByIds = (reader: Reader, ids: readonly RouteId[]): (Route & { id: RouteId })[] =>
  reader.all(
    `SELECT r.id, r.endpoint, r.requested, NULLIF(r.upstream_id, 0) AS upstreamId, r.model, p.snapshot AS prices
     FROM json_each(?) j CROSS JOIN usage_routes r ON r.id = j.value LEFT JOIN usage_prices p ON p.id = r.prices_id`,
    JSON.stringify(ids),
  )

/** Does nothing when it is known. */
export function insertFirstCall(tx: Tx, clientId: ClientId): void {
  insertRow(tx, usageFirstCalls, { clientId, atMs: tx.now }, "ON CONFLICT DO NOTHING")
}

export const firstCallOf = (reader: Reader, clientId: ClientId): number | null =>
  reader.get<{ atMs: number }>("SELECT at_ms AS atMs FROM usage_first_calls WHERE client_id = ?", clientId)?.atMs ??
  null

/** Through an app, or with a person's own key: where no app was answered there are few others to look through. */
export const hasFirstCall = (reader: Reader): boolean =>
  reader.get("SELECT 1 FROM usage_first_calls LIMIT 1") !== null ||
  reader.get("SELECT 1 FROM v_charges WHERE status < 400 LIMIT 1") !== null
