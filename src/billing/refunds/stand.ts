// Brings the books to where the refunds and disputes of a payment want them, in the write that learned of one. Nothing to do is the usual case.
import { AppError, nano } from "../../app/index.ts"
import { principal } from "../../ledger/index.ts"
import type { Tx } from "../../store/index.ts"
import { cancelCreditIn, creditNoteIn } from "../invoices/index.ts"
import { squareIn } from "../square.ts"
import type { BillingDeps } from "../types.ts"
import { paymentByKey } from "./payments.ts"
import {
  isBack,
  isOff,
  type Step,
  stepsTo,
  sumOf,
  type Wanted,
  type WantedClaw,
  type WantedFreeze,
  wanted,
} from "./rules.ts"
import { type Share, spread } from "./spread.ts"
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
      for (const act of actsOf(deps, tx, payment, step)) {
        try {
          owed = act.run() > 0 || owed
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          odd = `${payment.key}: ${step.do} ${act.about}: ${error.message}`
        }
      }
    }
  }
  // Other paid credits of the same person pay what is owed, before anything else is spent.
  if (owed) deps.ledger.repayDebtIn(tx, principal(payment.userId), "live")
  return odd
}

interface OneAct {
  about: string
  /** @returns n$ that somebody owes more than before */
  run(): number
}

/** A step, lot by lot: one that the ledger refuses does not keep the others back. */
function actsOf({ ledger }: BillingDeps, tx: Tx, payment: Payment, step: Step): OneAct[] {
  if (step.do === "freeze") {
    const { lotKey } = step.want
    return [{ about: lotKey, run: () => freezeIn(ledger, tx, payment, step.want) }]
  }
  if (step.do !== "claw") return [{ about: step.of.key, run: () => endIn(ledger, tx, step) }]
  const { want, moreNano } = step
  const isPaid = want.through !== "promo"
  const lots = ledger.clawableIn(tx, payment.key).filter(({ paid }) => paid === isPaid)
  return spread(moreNano, lots).map(({ lotKey, amountNano }) => ({
    about: lotKey,
    run: () => clawIn(ledger, tx, payment, { ...want, lotKey, amountNano }),
  }))
}

type LedgerOf = BillingDeps["ledger"]
type Ending = Exclude<Step, { want: unknown }>

function endIn(ledger: LedgerOf, tx: Tx, { do: what, of: { key, id } }: Ending): number {
  if (what === "restore") ledger.restoreClawIn(tx, { clawKey: key, key: `${key}:back` })
  else if (what === "settle") ledger.settleDisputeIn(tx, { clawKey: key, key: `${key}:lost` })
  else ledger.thawLotIn(tx, { freezeKey: key, key: `${key}:thaw` })
  rows.endHoldback(tx, id, what === "settle" ? "lost" : "over")
  return 0
}

const NOTHING = { brokenNano: nano(0), takenNano: nano(0), debtNano: nano(0), developersNano: nano(0) }

function clawIn(ledger: LedgerOf, tx: Tx, payment: Payment, want: Omit<WantedClaw, "isLost"> & Share): number {
  const { source, kind, lotKey, through, amountNano } = want
  const key = keyOf(tx, payment, want)
  const got = ledger.clawBackIn(tx, { lotKey, amountNano, through, key })
  const { brokenNano, takenNano, debtNano, fromDevelopersNano: developersNano } = got
  const figures = { brokenNano, takenNano, debtNano, developersNano }
  noteIn(tx, { paymentKey: payment.key, source, kind, lotKey, through, amountNano, ...figures, key })
  return debtNano
}

function freezeIn(ledger: LedgerOf, tx: Tx, payment: Payment, want: WantedFreeze): number {
  const key = keyOf(tx, payment, want)
  ledger.freezeLotIn(tx, { lotKey: want.lotKey, key })
  noteIn(tx, { paymentKey: payment.key, ...want, through: "", amountNano: nano(0), ...NOTHING, key })
  return 0
}

const noteIn = (tx: Tx, row: Omit<Holdback, "id" | "state" | "createdMs" | "updatedMs">): void =>
  void rows.insertHoldback(tx, { ...row, state: "standing", createdMs: tx.now, updatedMs: tx.now })

/** `stripe:re_…`, and what tells its lots and tries apart. */
function keyOf(
  tx: Tx,
  { key: paymentKey }: Payment,
  { source, kind, lotKey }: Pick<Holdback, "source" | "kind" | "lotKey">,
): string {
  const before = rows
    .holdbacksOf(tx, paymentKey)
    .filter((one) => one.source === source && one.kind === kind && one.lotKey === lotKey).length
  const lot = lotKey.slice(paymentKey.length + 1)
  const parts = ["stripe", source, ...(kind === "freeze" ? ["freeze"] : []), ...(lot ? [lot] : [])]
  return [...parts, ...(before > 0 ? [String(before + 1)] : [])].join(":")
}

/** A paper for what went back: of refunds that are done, and of disputes that are lost; and another where it came back after all. */
function creditIn(deps: BillingDeps, tx: Tx, payment: Payment): void {
  const { key: invoiceKey } = payment
  for (const { state, refundId, publicId, amountNano } of rows.refundsOf(tx, invoiceKey)) {
    const key = `stripe:${refundId ?? publicId}`
    if (state === "succeeded") creditNoteIn(deps, tx, { invoiceKey, key, amountNano, reason: "Refund" })
    else if (isOff(state)) cancelCreditIn(tx, { key, reason: "The refund did not arrive" })
  }
  for (const { state, disputeId, withdrawnNano } of rows.disputesOf(tx, invoiceKey)) {
    const key = `stripe:${disputeId}`
    if (state === "lost" && withdrawnNano > 0)
      creditNoteIn(deps, tx, { invoiceKey, key, amountNano: withdrawnNano, reason: "Disputed payment" })
    else if (state === "won") cancelCreditIn(tx, { key, reason: "The dispute was won after all" })
  }
}
