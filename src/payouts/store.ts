// SQL of payouts. Decides nothing.
import type { PrincipalId, UserId } from "../app/index.ts"
import { columnsOf, findRow, insertRow, type Reader, type Tx } from "../store/index.ts"
import { PAYOUT_LIMITS as L } from "./limits.ts"
import { type payoutFiles, payoutHolds, payoutMethods, payoutOrders } from "./tables.ts"
import type { OrderShown, OrderState } from "./types.ts"

export type MethodRow = typeof payoutMethods.$inferSelect
export type FileRow = typeof payoutFiles.$inferSelect
export type HoldRow = typeof payoutHolds.$inferSelect

export const methodOf = (reader: Reader, ownerId: number): MethodRow | null =>
  findRow(reader, payoutMethods, "owner_id = ? AND ended_ms IS NULL", ownerId)

export const methodById = (reader: Reader, id: number): MethodRow | null => findRow(reader, payoutMethods, "id = ?", id)

export const methodsSince = (reader: Reader, ownerId: number, sinceMs: number): number =>
  reader.get<{ n: number }>(
    "SELECT count(*) AS n FROM payout_methods WHERE owner_id = ? AND created_ms >= ?",
    ownerId,
    sinceMs,
  )!.n

export const insertMethod = (tx: Tx, row: typeof payoutMethods.$inferInsert): number =>
  insertRow(tx, payoutMethods, row)

export function endMethod(tx: Tx, id: number): void {
  tx.run("UPDATE payout_methods SET ended_ms = ?, code_hash = NULL WHERE id = ? AND ended_ms IS NULL", tx.now, id)
}

const SHOWN = `SELECT ${columnsOf(payoutOrders, "o")}, m.kind, m.hint, f.public_id AS file
  FROM payout_orders o LEFT JOIN payout_methods m ON m.id = o.method_id LEFT JOIN payout_files f ON f.id = o.file_id`

export const orderByPublicId = (reader: Reader, publicId: string): OrderShown | null =>
  reader.get(`${SHOWN} WHERE o.public_id = ?`, publicId)

export const orderByKey = (reader: Reader, key: string): OrderShown | null =>
  reader.get(`${SHOWN} WHERE o.key = ?`, key)

/** Newest first. */
export const ordersOf = (
  reader: Reader,
  ownerId: number,
  { beforeId = null, mode = null, limit }: { beforeId?: number | null; mode?: "live" | "test" | null; limit: number },
): OrderShown[] =>
  reader.all(
    `${SHOWN} WHERE o.owner_id = ?1 AND (?2 IS NULL OR o.id < ?2) AND (?3 IS NULL OR o.mode = ?3) ORDER BY o.id DESC LIMIT ?4`,
    ownerId,
    beforeId,
    mode,
    limit,
  )

/** Of everybody, of live mode; what waits oldest first, what is over newest first. */
export function ordersIn(reader: Reader, state: OrderState, from: number | null, limit: number): OrderShown[] {
  const isOpen = state === "requested" || state === "approved"
  return reader.all(
    `${SHOWN} WHERE o.mode = 'live' AND o.state = ?1 AND (?2 IS NULL OR o.id ${isOpen ? ">" : "<"} ?2)
     ORDER BY o.id ${isOpen ? "ASC" : "DESC"} LIMIT ?3`,
    state,
    from,
    limit,
  )
}

export const countsByState = (reader: Reader): { state: OrderState; n: number }[] =>
  reader.all("SELECT state, count(*) AS n FROM payout_orders WHERE mode = 'live' GROUP BY state")

export const openOf = (reader: Reader, ownerId: number): number =>
  reader.get<{ n: number }>(
    `SELECT count(*) AS n FROM payout_orders WHERE owner_id = ? AND mode = 'live' AND state IN ('requested', 'approved')`,
    ownerId,
  )!.n

type NewOrder = Pick<
  typeof payoutOrders.$inferInsert,
  "publicId" | "key" | "ownerId" | "mode" | "amountNano" | "methodId" | "bySchedule"
>

export function insertOrder(tx: Tx, row: NewOrder): void {
  insertRow(tx, payoutOrders, { ...row, requestedMs: tx.now })
}

export interface Approved {
  currency: string
  rateMicro: number
  paidMinor: number
}

export function approve(tx: Tx, id: number, { currency, rateMicro, paidMinor }: Approved): void {
  tx.run(
    `UPDATE payout_orders SET state = 'approved', approved_ms = ?, currency = ?, rate_micro = ?, paid_minor = ?
     WHERE id = ? AND state = 'requested'`,
    tx.now,
    currency,
    rateMicro,
    paidMinor,
    id,
  )
}

export function resolve(
  tx: Tx,
  id: number,
  state: Exclude<OrderState, "requested" | "approved">,
  { because = null, reference = null }: { because?: string | null; reference?: string | null },
): void {
  tx.run(
    `UPDATE payout_orders SET state = ?, resolved_ms = ?, because = ?, reference = ?
     WHERE id = ? AND state IN ('requested', 'approved')`,
    state,
    tx.now,
    because,
    reference,
    id,
  )
}

export const openHold = (reader: Reader, ownerId: number): HoldRow | null =>
  findRow(reader, payoutHolds, "owner_id = ? AND released_ms IS NULL", ownerId)

export const heldOwners = (reader: Reader): (HoldRow & { userId: PrincipalId })[] =>
  reader.all(
    `SELECT ${columnsOf(payoutHolds)}, owner_id AS userId FROM payout_holds WHERE released_ms IS NULL ORDER BY id LIMIT ${L.rows}`,
  )

/** Teams that somebody answers for. */
export const teamsOwnedBy = (reader: Reader, userId: UserId): UserId[] =>
  reader.all<{ id: UserId }>("SELECT team_id AS id FROM v_team_owners WHERE user_id = ?", userId).map(({ id }) => id)

export const insertHold = (tx: Tx, ownerId: PrincipalId, reason: string): number =>
  insertRow(tx, payoutHolds, { ownerId, reason, heldMs: tx.now })

export function releaseHold(tx: Tx, id: number): void {
  tx.run("UPDATE payout_holds SET released_ms = ? WHERE id = ? AND released_ms IS NULL", tx.now, id)
}
