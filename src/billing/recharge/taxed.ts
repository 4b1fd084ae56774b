// The tax of a recharge: counted before the card is charged, and kept with the order, so that whoever charges again charges the same.
import { nano } from "../../app/index.ts"
import { centsOf, costOf, nanoOfCents } from "../money.ts"
import { paperOf } from "../order-invoice.ts"
import { orderById, saveOrder } from "../store.ts"
import type { TaxFacts } from "../stripe/index.ts"
import type { BillingDepsOn, Order, OrderPaper } from "../types.ts"
import { LOOK_CTX, tellCapIn } from "./look.ts"
import { monthOf, nextMonthOf } from "./rules.ts"
import { rechargedSince, ruleOf, saveRule } from "./store.ts"

type Tax = NonNullable<OrderPaper["taxed"]>

/** nothing: no tax is asked for. unknown: nobody knows where its person is. capped: with the tax it is more than they allow in a month. */
export type Taxed = Tax | "nothing" | "unknown" | "capped"

/** @throws ProcessorError */
export async function taxedOf(
  deps: BillingDepsOn,
  order: Order,
  of: { customerId: string; cardId: string },
): Promise<Taxed> {
  const { tax, taxed } = paperOf(order)
  if (tax === undefined) return "nothing"
  if (taxed) return taxed
  const input = { ...of, cents: centsOf(costOf(order)), behavior: tax, reference: order.publicId }
  const facts = await deps.processor.calculateTax(input, `tax:${order.publicId}`)
  return facts === null ? "unknown" : await keptIn(deps, order.publicId, facts)
}

/** What was counted first stays. */
function keptIn(deps: BillingDepsOn, publicId: string, facts: TaxFacts): Promise<Taxed> {
  return deps.store.write({ ...LOOK_CTX, reason: "the tax was counted" }, (tx): Taxed => {
    const order = orderById(tx, publicId)!
    const paper = paperOf(order)
    if (paper.taxed) return paper.taxed
    const { calculationId: id, taxCents: cents, isReverseCharge: isReverse, buyer } = facts
    const rule = ruleOf(tx, order.userId)
    // The order itself is counted already, without its tax.
    const usedNano = rechargedSince(tx, order.userId, monthOf(order.createdMs))
    if (rule && paper.tax === "exclusive" && usedNano + nanoOfCents(cents) > rule.monthNano) {
      tellCapIn(deps, tx, rule)
      // Else each look would make an order that comes to nothing; new terms begin anew.
      saveRule(tx, { ...ruleOf(tx, order.userId)!, notBeforeMs: nextMonthOf(tx.now), updatedMs: tx.now })
      return "capped"
    }
    const taxed: Tax = { id, cents, ...(isReverse ? { isReverse } : {}) }
    const known = Object.keys(buyer).length > 0 ? { buyer: { ...buyer, ...paper.buyer } } : {}
    saveOrder(tx, { ...order, paper: JSON.stringify({ ...paper, ...known, taxed } satisfies OrderPaper) })
    return taxed
  })
}

/** What the card is charged, cents. */
export const totalCents = (order: Order, taxCents: number): number =>
  centsOf(costOf(order)) + (order.taxInclusive ? 0 : taxCents)

/** The order as it was paid by the saved card. */
export function withTax(order: Order, taxCents: number): Order {
  const isReverse = paperOf(order).taxed?.isReverse === true && taxCents === 0
  return { ...order, taxNano: nano(nanoOfCents(taxCents)), reverseCharge: isReverse }
}
