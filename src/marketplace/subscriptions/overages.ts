// The invoice of what calls were charged above a plan: one for each subscription and period, when nothing runs in it any more. The money moved
// with the calls; this says it in lines that their counts explain.
import { eachAlone, invariant, nano } from "../../app/index.ts"
import type { InvoiceLine } from "../../billing/index.ts"
import type { Tx } from "../../store/index.ts"
import { type Core, productOf } from "./core.ts"
import { SUBSCRIPTION_LIMITS as L } from "./limits.ts"
import { invoiceIn } from "./pay.ts"
import * as rows from "./store.ts"
import { type OverageLine, overageLines, periodEnd, unbilledPeriods } from "./store-overages.ts"

const CTX = {
  actor: "system:invoice-api-overages",
  requestId: "job_invoice-api-overages",
  reason: "calls beyond plans",
}

/** A slice. @returns whether more is to be billed */
export async function billOverages(core: Core, limit: number): Promise<boolean> {
  const periods = unbilledPeriods(core.store.read, core.clock.now(), L.overageLeewayMs, limit)
  await eachAlone(
    periods,
    ({ subscriptionId }) => subscriptionId,
    ({ subscriptionId, periodStartMs }) =>
      core.store.write(CTX, (tx) => billOverageIn(core, tx, subscriptionId, periodStartMs)),
  )
  return periods.length === limit
}

function billOverageIn(core: Core, tx: Tx, subscriptionId: number, periodStartMs: number): void {
  if (rows.billOf(tx, subscriptionId, "overage", periodStartMs)) return
  const lines = overageLines(tx, subscriptionId, periodStartMs)
  const subscription = rows.byId(tx, subscriptionId)
  const last = lines.at(-1)
  invariant(subscription && last, "what is billed was called")
  const endMs = Math.max(periodEnd(tx, subscriptionId, periodStartMs) ?? tx.now, periodStartMs + 1)
  const sum = (of: (line: OverageLine) => number) => nano(lines.reduce((total, line) => total + of(line), 0))
  const bill = rows.insertBill(tx, {
    subscriptionId,
    kind: "overage",
    startMs: periodStartMs,
    endMs,
    planId: last.planId,
    termsId: last.termsId,
    amountNano: sum(({ nano: amount }) => amount),
    commissionNano: sum(({ commissionNano }) => commissionNano),
    state: "paid",
    dueMs: tx.now,
    paidMs: tx.now,
  })
  const { title } = productOf(tx, subscription)
  const paper = lines.map((line) => lineOf(line, title, periodStartMs, endMs))
  invoiceIn(core, tx, subscription, bill, paper)
}

const lineOf = (
  { endpoint, units, unitNano, nano: amountNano }: OverageLine,
  title: string,
  fromMs: number,
  toMs: number,
): InvoiceLine => ({
  text: endpoint === null ? `${title}: units beyond the plan` : `${title}: ${endpoint}`,
  quantity: units,
  unitNano,
  amountNano,
  fromMs,
  toMs,
})
