// What follows for auto-recharge when an order of its kind moves: paid, by whatever road, it begins anew.
import { principal } from "../../ledger/index.ts"
import type { Tx } from "../../store/index.ts"
import { invoiceByKey } from "../invoices/index.ts"
import { totalOf } from "../money.ts"
import { invoiceKeyOf } from "../order-invoice.ts"
import type { BillingDeps, Order } from "../types.ts"
import { mailIn } from "./look.ts"
import { rechargePaid } from "./mails.ts"
import { cardName } from "./rules.ts"
import { cardById, rechargeOf, ruleOf, saveRule } from "./store.ts"

export function rechargeMovedIn(deps: BillingDeps, tx: Tx, order: Order): void {
  const rule = ruleOf(tx, order.userId)
  if (order.state !== "paid") return
  if (rule) {
    saveRule(tx, { ...rule, failures: 0, notBeforeMs: null })
    if (rule.active && !rule.paused) deps.ledger.watchIn(tx, principal(order.userId), rule.belowNano)
  }
  const recharge = rechargeOf(tx, order.id)
  // Whoever paid it on a page has the receipt of that.
  if (!recharge || recharge.pages > 0) return
  const card = cardName(cardById(tx, recharge.cardId)!)
  const invoice = invoiceByKey(tx, invoiceKeyOf(order))
  const data = {
    amountNano: totalOf(order),
    creditsNano: order.priceNano,
    card,
    orderId: order.publicId,
    ...(invoice && { invoice: invoice.number }),
  }
  mailIn(deps, tx, order.userId, (to) => deps.mails.queueIn(tx, rechargePaid, { to, data, uselessAfterMs: null }))
}
