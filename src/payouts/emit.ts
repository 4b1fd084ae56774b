// The events of a payout, to its person's own endpoints: emitted in the write in which it moves.
import { creditsDecimal, UserId } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { emitIn } from "../webhooks/index.ts"
import { minorText } from "./money.ts"
import type { OrderShown } from "./types.ts"

type Moved = "payout.requested" | "payout.approved" | "payout.paid"

const about = (order: OrderShown) => ({
  person: UserId(order.ownerId),
  mode: order.mode,
  subject: order.publicId,
})

const dataOf = ({ publicId, amountNano, currency, paidMinor }: OrderShown) => ({
  payout: publicId,
  credits: creditsDecimal(amountNano),
  amount: currency === null || paidMinor === null ? null : `${minorText(paidMinor, currency)} ${currency}`,
})

export const emitMovedIn = (tx: Tx, type: Moved, order: OrderShown): void =>
  void emitIn(tx, { type, ...about(order), data: dataOf(order) })

/** @param reason null: not for its person to know */
export const emitStoppedIn = (
  tx: Tx,
  type: "payout.held" | "payout.failed",
  order: OrderShown,
  reason: string | null,
): void => void emitIn(tx, { type, ...about(order), data: { ...dataOf(order), reason } })
