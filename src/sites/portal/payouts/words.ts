// A payout as pages show it, to its developer and to an admin.
import type { PayoutRow } from "../../../../views/portal/payouts/row.tsx"
import { methodName, minorText, type OrderShown, rateText } from "../../../payouts/index.ts"

export const rowOf = (order: OrderShown): PayoutRow => ({
  id: order.publicId,
  amount: order.amountNano,
  state: order.state,
  isTest: order.mode === "test",
  inFile: order.file !== null && order.state === "approved",
  to: order.kind === null || order.hint === null ? null : methodName({ kind: order.kind, hint: order.hint }),
  arrives: arrivesOf(order),
  askedMs: order.requestedMs,
  resolvedMs: order.resolvedMs,
})

/** "EUR 23.50", once it is known. */
const arrivesOf = ({ currency, paidMinor }: OrderShown): string | null =>
  currency === null || paidMinor === null ? null : `${currency} ${minorText(paidMinor, currency)}`

/** "1 USD = 0.92 EUR"; null for dollars. */
export const rateOf = ({ currency, rateMicro }: OrderShown): string | null =>
  currency === null || rateMicro === null || currency === "USD" ? null : `$1 = ${rateText(rateMicro)} ${currency}`
