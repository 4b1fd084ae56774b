// Money beyond credits: tax, what a plan costs above its credits, and what of both went back. So that the books have of each payment, refund
// and dispute what really moved, to the cent, whichever credits it was about.
import { nano } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { isBack } from "./refunds/rules.ts"
import type { Dispute, Payment, Refund } from "./refunds/types.ts"
import type { BillingDeps } from "./types.ts"

type Type = "topup" | "subscription" | "refund"

/** Nothing to do is the usual case: what credits moved is booked by them. */
export function squareIn(
  { ledger }: BillingDeps,
  tx: Tx,
  payment: Payment,
  refunds: readonly Refund[],
  disputes: readonly Dispute[],
): void {
  const { paidNano, taxNano } = payment
  const bookTo = (ref: string, type: Type, wantNano: number) => {
    const moves = ledger.moneyOfKeyIn(tx, "live", ref)
    const restNano = wantNano - moves.reduce((sum, { inNano }) => sum + inNano, 0)
    const wantTax = paidNano === 0 ? 0n : (BigInt(taxNano) * BigInt(wantNano)) / BigInt(paidNano)
    const moreTax = nano(wantTax - moves.reduce((sum, move) => sum + BigInt(move.taxNano), 0n))
    if (restNano === 0 && moreTax === 0) return
    const times = moves.filter(({ key }) => key?.startsWith(`${ref}:beyond`)).length
    const key = times === 0 ? `${ref}:beyond` : `${ref}:beyond:${times + 1}`
    ledger.bookIncomeIn(tx, { mode: "live", type, revenueNano: nano(restNano - moreTax), taxNano: moreTax, key })
  }
  bookTo(payment.key, payment.kind === "plan" ? "subscription" : "topup", paidNano)
  for (const one of refunds)
    bookTo(`stripe:${one.refundId ?? one.publicId}`, "refund", isBack(one) ? -one.amountNano : 0)
  for (const one of disputes)
    bookTo(`stripe:${one.disputeId}`, "refund", one.state === "won" || one.state === "closed" ? 0 : -one.withdrawnNano)
}
