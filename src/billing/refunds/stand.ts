// Brings the books to where the refunds and disputes of a payment want them, in the write that learned of one. Nothing to do is the usual case.
import { AppError, nano } from "../../app/index.ts"
import { principal } from "../../ledger/index.ts"
import type { Tx } from "../../store/index.ts"
import { creditNoteIn } from "../invoices/index.ts"
import { squareIn } from "../square.ts"
import type { BillingDeps } from "../types.ts"
import { paymentByKey } from "./payments.ts"
import { isBack, type Step, stepsTo, sumOf, type Wanted, wanted } from "./rules.ts"
import * as rows from "./store.ts"
import { tellIn } from "./tell.ts"
import type { Holdback, Payment } from "./types.ts"

/** @returns why somebody has to look: the ledger would not do something; all else is done */
export function standIn(deps: BillingDeps, tx: Tx, paymentKey: string): string | null {
  const payment = paymentByKey(tx, paymentKey)
  if (payment === null) return null
  rows.adopt(tx, paymentKey, payment.paymentIntentId, payment.chargeId)
  const refunds = rows.refundsOf(tx, paymentKey)
  const disputes = rows.disputesOf(tx, paymentKey)
  if (payment.paidMs === null || payment.paidNano === 0) return null
  if (refunds.length + disputes.length === 0) {
    squareIn(deps, tx, payment, [], [])
    return null
  }
  const want = wanted(payment.paidNano, deps.ledger.lotsUnderIn(tx, paymentKey), refunds, disputes)
  const odd = stepAllIn(deps, tx, payment, want)
  squareIn(deps, tx, payment, refunds, disputes)
  const refundedNano = sumOf(refunds.filter(isBack).map(({ amountNano }) => amountNano))
  if (refundedNano !== payment.refundedNano) {
    if (payment.kind === "order") rows.setOrderRefunded(tx, payment.id, refundedNano)
    else rows.setInvoiceRefunded(tx, payment.id, refundedNano)
  }
  creditIn(deps, tx, payment)
  tellIn(deps, tx, payment)
  return odd
}

function stepAllIn(deps: BillingDeps, tx: Tx, payment: Payment, want: Wanted[]): string | null {
  let odd: string | null = null
  let owed = false
  // What was clawed a moment ago may be lost at once.
  for (let round = 0; round < 2; round++) {
    for (const step of stepsTo(want, rows.holdbacksOf(tx, payment.key))) {
      try {
        owed = stepIn(deps, tx, payment, step) || owed
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        odd = `${payment.key}: ${step.do} ${"of" in step ? step.of.key : step.want.lotKey}: ${error.message}`
      }
    }
  }
  // Other paid credits of the same person pay what is owed, before anything else is spent.
  if (owed) deps.ledger.repayDebtIn(tx, principal(payment.userId), "live")
  return odd
}

/** @returns whether somebody owes more than before */
function stepIn({ ledger }: BillingDeps, tx: Tx, payment: Payment, step: Step): boolean {
  if ("want" in step) return beginIn(ledger, tx, payment, step.want)
  const { key, id } = step.of
  if (step.do === "restore") ledger.restoreClawIn(tx, { clawKey: key, key: `${key}:back` })
  else if (step.do === "settle") ledger.settleDisputeIn(tx, { clawKey: key, key: `${key}:lost` })
  else ledger.thawLotIn(tx, { freezeKey: key, key: `${key}:thaw` })
  rows.endHoldback(tx, id, step.do === "settle" ? "lost" : "over")
  return false
}

function beginIn(ledger: LedgerOf, tx: Tx, payment: Payment, want: Wanted): boolean {
  const key = keyOf(tx, payment, want)
  const got = want.kind === "claw" ? clawIn(ledger, tx, want, key) : freezeIn(ledger, tx, want, key)
  const { source, kind, lotKey, through, amountNano } = want
  const row = { paymentKey: payment.key, source, kind, lotKey, through, amountNano, ...got, key }
  rows.insertHoldback(tx, { ...row, state: "standing", createdMs: tx.now, updatedMs: tx.now })
  return got.debtNano > 0
}

type LedgerOf = BillingDeps["ledger"]
type Figures = Pick<Holdback, "takenNano" | "debtNano" | "developersNano">

function clawIn(ledger: LedgerOf, tx: Tx, { lotKey, amountNano, through }: Wanted, key: string): Figures {
  const got = ledger.clawBackIn(tx, { lotKey, amountNano, through: through || "cash", key })
  return { takenNano: got.takenNano, debtNano: got.debtNano, developersNano: got.fromDevelopersNano }
}

function freezeIn(ledger: LedgerOf, tx: Tx, { lotKey }: Wanted, key: string): Figures {
  ledger.freezeLotIn(tx, { lotKey, key })
  return { takenNano: nano(0), debtNano: nano(0), developersNano: nano(0) }
}

/** `stripe:re_…`, and what tells its lots and tries apart. */
function keyOf(tx: Tx, { key: paymentKey }: Payment, { source, kind, lotKey }: Wanted): string {
  const before = rows
    .holdbacksOf(tx, paymentKey)
    .filter((one) => one.source === source && one.kind === kind && one.lotKey === lotKey).length
  const lot = lotKey.slice(paymentKey.length + 1)
  const parts = ["stripe", source, ...(kind === "freeze" ? ["freeze"] : []), ...(lot ? [lot] : [])]
  return [...parts, ...(before > 0 ? [String(before + 1)] : [])].join(":")
}

/** A paper for what went back: of refunds that are done, and of disputes that are lost. */
function creditIn(deps: BillingDeps, tx: Tx, payment: Payment): void {
  const { key: invoiceKey } = payment
  for (const { state, refundId, publicId, amountNano } of rows.refundsOf(tx, invoiceKey))
    if (state === "succeeded")
      creditNoteIn(deps, tx, {
        invoiceKey,
        key: `stripe:${refundId ?? publicId}`,
        amountNano,
        reason: "Refund",
      })
  for (const { state, disputeId, withdrawnNano } of rows.disputesOf(tx, invoiceKey))
    if (state === "lost" && withdrawnNano > 0)
      creditNoteIn(deps, tx, {
        invoiceKey,
        key: `stripe:${disputeId}`,
        amountNano: withdrawnNano,
        reason: "Disputed payment",
      })
}
