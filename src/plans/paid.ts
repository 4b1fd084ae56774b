// Plans that people pay for: an invoice that was paid gives its months and their credits, once, and nothing else does.
import { DAY_MS, type Nano, nano } from "../app/index.ts"
import { principal } from "../ledger/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { requiredTerms } from "./allocate.ts"
import { grantsOf, type ValuedLine } from "./paid-grants.ts"
import { planById } from "./store.ts"
import {
  insertLine,
  lastLine,
  lineByKey,
  lineUntil,
  periodStart,
  type SubscriptionRow,
  saveSubscription,
  subscriptionOf,
} from "./store-paid.ts"
import type { KeepInput, PaidGranted, PaidInvoice, PaidLine, PlanChoice, PlanLedger } from "./types.ts"

/** A period that is not paid gives its plan for so long after the end of the one before. */
export const GRACE_MS = 3 * DAY_MS

export function payIn(tx: Tx, ledger: PlanLedger, invoice: PaidInvoice): PaidGranted {
  const { user, subscription } = invoice
  const forward = invoice.lines.filter((line) => !line.isBack)
  if (forward.length === 0 || forward.some((line) => lineByKey(tx, line.key)))
    return { grantedNano: nano(0), paidNano: nano(0) }
  const row = subscriptionOf(tx, user.id)
  const valued = invoice.lines.map((line) => valuedLine(tx, invoice, row, line))
  const owner = principal(user.id)
  // The month before expires first, so that what rolls over comes before the new credits.
  ledger.walletIn(tx, owner, "live")
  const grants = grantsOf({ ...invoice, lines: valued })
  const common = { owner, mode: "live", type: "subscription", bucket: "subscription" } as const
  for (const grant of grants) ledger.grantIn(tx, { ...common, ...grant })
  for (const { key, planId, months, startMs, endMs, choice, monthlyNano, isBack } of valued) {
    if (isBack) continue
    const own = grants.filter((grant) => grant.key === key || grant.key.startsWith(`${key}:`))
    const grantedNano = sumOf(own)
    const line = {
      key,
      userId: user.id,
      subscription,
      planId,
      months,
      startMs,
      endMs,
      choice,
      monthlyNano,
      grantedNano,
    }
    insertLine(tx, { ...line, recordedMs: tx.now })
  }
  return { grantedNano: sumOf(grants), paidNano: sumOf(grants.filter(({ paid }) => paid)) }
}

const sumOf = (grants: readonly { amountNano: Nano }[]): Nano =>
  nano(grants.reduce((sum, { amountNano }) => sum + amountNano, 0))

type ChosenLine = ValuedLine & { choice: PlanChoice | null }

/** What comes back of a plan is worth what it was given for, whatever its terms are now. */
function valuedLine(reader: Reader, invoice: PaidInvoice, row: SubscriptionRow | null, line: PaidLine): ChosenLine {
  const terms = requiredTerms(reader)(line.planId, line.startMs)
  const was = line.isBack ? lineUntil(reader, invoice.subscription, line.planId, line.endMs) : null
  if (was) return { ...line, terms, choice: was.choice, monthlyNano: was.monthlyNano }
  const choice = terms.eitherOr ? choiceFor(invoice, row, line) : null
  return { ...line, terms, choice, monthlyNano: choice === "byok" ? nano(0) : terms.monthlyNano }
}

/** A period has one choice: another one that was made in it is for the next. */
function choiceFor(invoice: PaidInvoice, row: SubscriptionRow | null, line: PaidLine): PlanChoice {
  const isOwn = row?.subscription === invoice.subscription
  const isNext = !isOwn || line.endMs > row.periodEndMs
  const known = isOwn ? (isNext ? (row.pendingChoice ?? row.choice) : row.choice) : null
  return known ?? invoice.choice ?? "credits"
}

export function keepIn(tx: Tx, { user, subscription, nextPlanId, endsMs }: KeepInput): void {
  const last = lastLine(tx, subscription)
  if (!last) return
  const before = subscriptionOf(tx, user.id)
  const pending = before?.subscription === subscription ? before.pendingChoice : null
  const isEitherOr = planById(tx, nextPlanId ?? last.planId)?.eitherOr ?? false
  saveSubscription(tx, {
    userId: user.id,
    subscription,
    planId: last.planId,
    months: last.months,
    choice: last.choice,
    pendingChoice: isEitherOr && pending !== last.choice ? pending : null,
    nextPlanId: nextPlanId === last.planId ? null : nextPlanId,
    periodStartMs: periodStart(tx, subscription, last.endMs) ?? last.startMs,
    periodEndMs: last.endMs,
    untilMs: Math.min(last.endMs + GRACE_MS, endsMs ?? Number.POSITIVE_INFINITY),
  })
}
