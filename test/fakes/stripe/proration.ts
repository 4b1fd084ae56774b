// What a change of a subscription in the middle of its period costs: the rest of the old price back, the rest of the new one.
import { invalid } from "./fault.ts"
import { boundary } from "./periods.ts"
import type { InvoiceLine, Price, Subscription, SubscriptionItem } from "./types.ts"
import type { World } from "./world.ts"

export interface SentItem {
  id?: string
  price?: string
  quantity?: number
  deleted?: boolean
}
export interface ChangedItem {
  item: SubscriptionItem
  price: Price
  quantity: number
}

/**
 * @param at seconds
 * @returns lines in Stripe's order (what comes back first), and the items after the change
 */
export function changeLines(
  world: World,
  subscription: Subscription,
  sent: readonly SentItem[],
  at: number,
): { lines: InvoiceLine[]; items: ChangedItem[]; restarts: boolean } {
  const lines: InvoiceLine[] = []
  let restarts = false
  const items = subscription.items.data.map((item): ChangedItem => {
    const change = sent.find((one) => one.id === item.id)
    if (!change) return { item, price: item.price, quantity: item.quantity }
    const price = change.price ? world.find<Price>("price", change.price, "items[0][price]") : item.price
    if (!price.recurring)
      throw invalid(
        "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
        "items[0][price]",
      )
    const quantity = change.quantity ?? item.quantity
    if (price.id === item.price.id && quantity === item.quantity) return { item, price, quantity }
    const { current_period_start: start, current_period_end: end } = item
    const share = (end - Math.min(end, Math.max(start, at))) / (end - start)
    lines.push(
      lineOf(world, subscription, item, {
        price: item.price,
        quantity: item.quantity,
        amount: -Math.round(item.price.unit_amount * item.quantity * share),
        period: { start: at, end },
        description: `Unused time on ${nameOf(world, item.price)}`,
        proration: true,
      }),
    )
    const isOther = price.recurring.interval !== item.price.recurring!.interval
    restarts ||= isOther
    const whole = price.unit_amount * quantity
    lines.push(
      lineOf(world, subscription, item, {
        price,
        quantity,
        amount: isOther ? whole : Math.round(whole * share),
        period: { start: at, end: isOther ? boundary(at, price.recurring, 1) : end },
        description: isOther ? nameOf(world, price) : `Remaining time on ${nameOf(world, price)}`,
        proration: !isOther,
      }),
    )
    return { item, price, quantity }
  })
  return { lines, items, restarts }
}

export const nameOf = (world: World, price: Price): string =>
  (world.any(price.product) as { name?: string } | undefined)?.name ?? price.product

export function lineOf(
  world: World,
  subscription: Subscription,
  item: SubscriptionItem,
  line: {
    price: Price
    quantity: number
    amount: number
    period: { start: number; end: number }
    description: string
    proration: boolean
  },
): InvoiceLine {
  const { price, quantity, amount, period, description, proration } = line
  return {
    id: world.id("il"),
    object: "line_item",
    amount,
    currency: price.currency,
    description,
    discount_amounts: [],
    invoice: null,
    livemode: false,
    metadata: subscription.metadata,
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration,
        proration_details: null,
        subscription: subscription.id,
        subscription_item: item.id,
      },
      type: "subscription_item_details",
    },
    period,
    pricing: {
      price_details: { price: price.id, product: price.product },
      type: "price_details",
      unit_amount_decimal: null,
    },
    quantity,
    subtotal: amount,
  }
}
