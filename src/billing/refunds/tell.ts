// Who is told what, once: what was told last stands in the row. The audit log says the same.
import { creditsDecimal, type Nano } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Letter } from "../../part/index.ts"
import type { Tx } from "../../store/index.ts"
import { emitIn } from "../../webhooks/index.ts"
import { invoiceByKey } from "../invoices/index.ts"
import { dollars } from "../money.ts"
import { turnOffByMoneyBackIn } from "../recharge/rule.ts"
import type { BillingDeps } from "../types.ts"
import { type BackData, disputeLost, disputeOver, paymentDisputed, refundFailed, refundMade } from "./mails.ts"
import { isBack } from "./rules.ts"
import * as rows from "./store.ts"
import type { Dispute, Payment, Refund } from "./types.ts"

export function tellIn(deps: BillingDeps, tx: Tx, payment: Payment): void {
  for (const refund of rows.refundsOf(tx, payment.key)) {
    const news = newsOfRefund(refund)
    if (!news) continue
    rows.saveRefund(tx, { ...refund, told: refund.state })
    const { publicId, amountNano, note } = refund
    const after = { payment: payment.id, amount: amountNano, user: payment.userId, ...(note !== null && { note }) }
    auditIn(tx, { action: news.action, subject: publicId, after })
    if (news.action === "payment.refunded") backIn(tx, payment, amountNano)
    if (isBack(refund) && payment.kind === "order") turnOffByMoneyBackIn(deps, tx, payment.userId)
    mailIn(deps, tx, payment, news.letter, amountNano)
  }
  for (const dispute of rows.disputesOf(tx, payment.key)) {
    const news = newsOfDispute(dispute)
    if (!news) continue
    rows.saveDispute(tx, { ...dispute, told: dispute.state })
    const { publicId, amountNano, reason, kind, withdrawnNano } = dispute
    const after = { payment: payment.id, kind, amount: amountNano, reason, user: payment.userId }
    auditIn(tx, { action: news.action, subject: publicId, after })
    if (news.action === "payment.disputed") backIn(tx, payment, amountNano)
    if (dispute.state === "open" || dispute.state === "lost") turnOffByMoneyBackIn(deps, tx, payment.userId)
    mailIn(deps, tx, payment, news.letter, withdrawnNano || payment.paidNano)
  }
}

function backIn(tx: Tx, { id, userId }: Payment, amountNano: Nano): void {
  const data = { order: id, credits: creditsDecimal(amountNano) }
  emitIn(tx, { type: "payment.refunded", person: userId, subject: id, data })
}

interface News {
  action:
    | "payment.refunded"
    | "payment.refund_failed"
    | "payment.warned"
    | "payment.disputed"
    | "payment.dispute_won"
    | "payment.dispute_lost"
    | "payment.dispute_closed"
  letter: Letter<BackData> | null
}

function newsOfRefund(refund: Refund): News | null {
  const { state, told } = refund
  if (isBack(refund) && told === null) return { action: "payment.refunded", letter: refundMade }
  const isOff = state === "failed" || state === "canceled"
  if (!isOff || told === state) return null
  return { action: "payment.refund_failed", letter: told === null ? null : refundFailed }
}

function newsOfDispute({ state, told, kind }: Dispute): News | null {
  if (state === told) return null
  const letterOf = (letter: Letter<BackData>) => (told === null && state !== "lost" ? null : letter)
  if (state === "open")
    return { action: kind === "warning" ? "payment.warned" : "payment.disputed", letter: paymentDisputed }
  if (state === "lost") return { action: "payment.dispute_lost", letter: disputeLost }
  return { action: state === "won" ? "payment.dispute_won" : "payment.dispute_closed", letter: letterOf(disputeOver) }
}

function mailIn(deps: BillingDeps, tx: Tx, payment: Payment, letter: Letter<BackData> | null, amountNano: Nano): void {
  const user = deps.identity.userById(payment.userId)
  if (!user || letter === null) return
  const invoice = invoiceByKey(tx, payment.key)?.number
  const data = { amount: dollars(amountNano), what: payment.name, ...(invoice && { invoice }) }
  deps.mails.queueIn(tx, letter, { to: user.email, data, uselessAfterMs: null })
}
