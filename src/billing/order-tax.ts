// Whether tax is asked for with an order: decided when it is made, so that the same order is the same page and the same charge.
import type { Tx } from "../store/index.ts"
import { ASK_ADDRESS, STRIPE_TAX } from "./invoices/index.ts"
import type { BillingDeps, Order, OrderPaper } from "./types.ts"

export function taxOf({ settings }: BillingDeps, tx: Tx): Pick<Order, "taxInclusive" | "paper"> {
  const how = settings.get(STRIPE_TAX, tx)
  if (how === "off" && settings.get(ASK_ADDRESS, tx) === "no") return {}
  const paper: OrderPaper = how === "off" ? { asksWho: true } : { tax: how, asksWho: true }
  return { taxInclusive: how === "inclusive", paper: JSON.stringify(paper) }
}
