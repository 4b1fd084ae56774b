// SQL of payouts by Stripe. Decides nothing.
import { findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { payoutTransfers } from "../tables.ts"

export interface ToSend {
  orderId: number
  publicId: string
  methodPublicId: string
  sealed: string | null
  paidMinor: number
}

/** Approved, of nobody who is held; oldest first, after an id. Those that Stripe was asked for go on whatever happened since. */
export const ordersToSend = (reader: Reader, afterId: number, limit: number): ToSend[] =>
  reader.all(
    `SELECT o.id AS orderId, o.public_id AS publicId, m.public_id AS methodPublicId, m.sealed, o.paid_minor AS paidMinor
     FROM payout_orders o JOIN payout_methods m ON m.id = o.method_id
     WHERE o.mode = 'live' AND o.state = 'approved' AND m.kind = 'stripe' AND o.id > ?
       AND (EXISTS (SELECT 1 FROM payout_transfers t WHERE t.order_id = o.id)
         OR NOT EXISTS (SELECT 1 FROM payout_holds h WHERE h.released_ms IS NULL
           AND h.owner_id IN (o.owner_id, (SELECT t.user_id FROM v_team_owners t WHERE t.team_id = o.owner_id))))
     ORDER BY o.id LIMIT ?`,
    afterId,
    limit,
  )

/** Asked, and nobody knows what came of it. */
export const isAsked = (reader: Reader, orderId: number): boolean => {
  const row = findRow(reader, payoutTransfers, "order_id = ?", orderId)
  return row !== null && row.transferId === null && row.refusedMs === null
}

export const noteAsked = (tx: Tx, orderId: number): void => {
  insertRow(tx, payoutTransfers, { orderId, askedMs: tx.now }, "ON CONFLICT (order_id) DO NOTHING")
}

export const noteSent = (tx: Tx, orderId: number, transferId: string): void => {
  tx.run("UPDATE payout_transfers SET transfer_id = ? WHERE order_id = ?", transferId, orderId)
}

export const noteRefused = (tx: Tx, orderId: number): void => {
  tx.run("UPDATE payout_transfers SET refused_ms = ? WHERE order_id = ?", tx.now, orderId)
}

/** Methods in use, and whose they are: a slice by id. */
export const stripeMethods = (reader: Reader, afterId: number, limit: number): { id: number; ownerId: number }[] =>
  reader.all(
    `SELECT id, owner_id AS ownerId FROM payout_methods
     WHERE kind = 'stripe' AND ended_ms IS NULL AND sealed IS NOT NULL AND id > ? ORDER BY id LIMIT ?`,
    afterId,
    limit,
  )
