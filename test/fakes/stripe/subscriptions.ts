// Subscriptions: made, changed at once or at the end of the period, ended; renewed by `due.ts`.
import { methodBy } from "./cards.ts"
import { attach } from "./customers.ts"
import { Fault, invalid } from "./fault.ts"
import { type Route, route } from "./http.ts"
import { collect, type Discount, finalize, makeInvoice, methodFor, subscriptionOf } from "./invoices.ts"
import { EXPAND, none, PAGED, pageOf } from "./lists.ts"
import { periodAt } from "./periods.ts"
import { changeLines, lineOf, nameOf, type SentItem } from "./proration.ts"
import { fields, flag, list, metadata, moment, oneOf, orNone, text, whatever, whole } from "./shape.ts"
import type {
  Coupon,
  Customer,
  Invoice,
  InvoiceLine,
  PaymentMethod,
  Price,
  Subscription,
  SubscriptionItem,
} from "./types.ts"
import type { World } from "./world.ts"

export interface NewSubscription {
  customer: string
  items: readonly { price: Price; quantity: number }[]
  method: PaymentMethod | null
  metadata: Record<string, string>
  coupons: readonly string[]
  isTaxed: boolean
  authenticated?: boolean
  offSession: boolean
}

/** Subscriptions that Stripe Tax counts for. */
const TAXED = new WeakSet<Subscription>()
export const isTaxed = (subscription: Subscription): boolean => TAXED.has(subscription)

/** With its first invoice, paid as far as the card lets it. */
export function subscribe(world: World, input: NewSubscription): { subscription: Subscription; invoice: Invoice } {
  const now = world.now(input.customer)
  const id = world.id("sub")
  const subscription: Subscription = {
    id,
    object: "subscription",
    created: now,
    livemode: false,
    billing_cycle_anchor: now,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    collection_method: "charge_automatically",
    currency: input.items[0]!.price.currency,
    customer: input.customer,
    default_payment_method: input.method?.id ?? null,
    discounts: input.coupons.map((coupon) => discountOf(world, coupon)),
    ended_at: null,
    items: { object: "list", data: [], has_more: false, url: `/v1/subscription_items?subscription=${id}` },
    latest_invoice: null,
    metadata: input.metadata,
    pause_collection: null,
    schedule: null,
    start_date: now,
    status: "incomplete",
    test_clock: world.find<Customer>("customer", input.customer).test_clock,
  }
  subscription.items.data = input.items.map((item) => itemOf(world, subscription, item, now))
  if (input.isTaxed) TAXED.add(subscription)
  world.add(subscription)
  const invoice = makeInvoice(world, {
    customer: input.customer,
    subscription,
    lines: periodLines(world, subscription),
    reason: "subscription_create",
    period: { start: now, end: now },
    discounts: subscription.discounts,
    isTaxed: input.isTaxed,
  })
  world.emit("customer.subscription.created", subscription)
  finalize(world, invoice)
  if (invoice.status === "open") {
    const { method, offSession, authenticated } = input
    collect(world, invoice, { method, offSession, ...(authenticated ? { authenticated } : {}) })
  }
  return { subscription, invoice }
}

function itemOf(
  world: World,
  subscription: Subscription,
  item: { price: Price; quantity: number },
  now: number,
): SubscriptionItem {
  if (!item.price.recurring)
    throw invalid("You specified `payment` prices. Subscriptions need recurring prices.", "items[0][price]")
  const { start, end } = periodAt(subscription.billing_cycle_anchor, item.price.recurring, now)
  return {
    id: world.id("si"),
    object: "subscription_item",
    created: now,
    current_period_start: start,
    current_period_end: end,
    price: item.price,
    quantity: item.quantity,
    subscription: subscription.id,
    metadata: {},
  }
}

export const periodLines = (world: World, subscription: Subscription) =>
  subscription.items.data.map((item) =>
    lineOf(world, subscription, item, {
      price: item.price,
      quantity: item.quantity,
      amount: item.price.unit_amount * item.quantity,
      period: { start: item.current_period_start, end: item.current_period_end },
      description: `${item.quantity} × ${nameOf(world, item.price)}`,
      proration: false,
    }),
  )

export function discountOf(world: World, coupon: string): string {
  const found = world.find<Coupon>("coupon", coupon, "discounts[0][coupon]")
  if (!found.valid || (found.max_redemptions !== null && found.times_redeemed >= found.max_redemptions))
    throw invalid(`Coupon ${coupon} is used up and cannot be applied.`, "discounts", "coupon_expired")
  const discount: Discount = {
    id: world.id("di"),
    object: "discount",
    created: world.now(),
    source: { coupon, type: "coupon" },
    isUsed: false,
  }
  return world.add(discount).id
}

interface Change {
  items?: SentItem[]
  proration_behavior?: "always_invoice" | "create_prorations" | "none"
  proration_date?: number
  payment_behavior?: "allow_incomplete" | "error_if_incomplete" | "pending_if_incomplete" | "default_incomplete"
  cancel_at_period_end?: boolean
  cancel_at?: number | null
  default_payment_method?: string | null
  pause_collection?: { behavior: "keep_as_draft" | "mark_uncollectible" | "void"; resumes_at?: number } | null
  metadata?: Record<string, string>
}

/** @throws Fault 402 when nothing may change unless it is paid, and it is not */
export function change(world: World, subscription: Subscription, sent: Change): Subscription {
  if (["canceled", "incomplete_expired"].includes(subscription.status))
    throw invalid(
      `A canceled subscription can only update its cancellation_details and metadata.`,
      undefined,
      "resource_missing",
    )
  const was = structuredClone(subscription)
  const before: Record<string, unknown> = {}
  const set = <Name extends keyof Subscription>(name: Name, value: Subscription[Name]) => {
    if (JSON.stringify(subscription[name]) === JSON.stringify(value)) return
    before[name] = structuredClone(subscription[name])
    subscription[name] = value
  }
  if (sent.default_payment_method !== undefined) {
    const method = sent.default_payment_method
    set("default_payment_method", method && world.find<PaymentMethod>("payment_method", method).id)
  }
  // A key without a value is taken out.
  const kept = Object.entries({ ...subscription.metadata, ...sent.metadata }).filter(([, value]) => value !== "")
  if (sent.metadata) set("metadata", Object.fromEntries(kept))
  if (sent.pause_collection !== undefined)
    set(
      "pause_collection",
      sent.pause_collection && {
        behavior: sent.pause_collection.behavior,
        resumes_at: sent.pause_collection.resumes_at ?? null,
      },
    )
  if (sent.cancel_at !== undefined) {
    set("cancel_at", sent.cancel_at)
    set("canceled_at", sent.cancel_at === null ? null : world.now(subscription.customer))
  }
  if (sent.cancel_at_period_end !== undefined) {
    set("cancel_at_period_end", sent.cancel_at_period_end)
    set("cancel_at", sent.cancel_at_period_end ? subscription.items.data[0]!.current_period_end : null)
    set("canceled_at", sent.cancel_at_period_end ? world.now(subscription.customer) : null)
  }
  if (sent.items) changeItems(world, subscription, sent, before, was)
  if (Object.keys(before).length > 0) world.emit("customer.subscription.updated", subscription, before)
  return subscription
}

/** @param was what it was before anything of this request */
function changeItems(
  world: World,
  subscription: Subscription,
  sent: Change,
  before: Record<string, unknown>,
  was: Subscription,
): void {
  const at = sent.proration_date ?? world.now(subscription.customer)
  const { lines, items, restarts } = changeLines(world, subscription, sent.items ?? [], at)
  if (lines.length === 0) return
  before.items = was.items
  if (restarts) subscription.billing_cycle_anchor = at
  for (const { item, price, quantity } of items) {
    const { start, end } = periodAt(subscription.billing_cycle_anchor, price.recurring!, at)
    Object.assign(item, { price, quantity }, restarts ? { current_period_start: start, current_period_end: end } : {})
  }
  const behavior = sent.proration_behavior ?? "create_prorations"
  if (behavior === "none") return
  if (behavior === "create_prorations" && !restarts) {
    LATER.set(subscription, [...(LATER.get(subscription) ?? []), ...lines])
    return
  }
  const item = subscription.items.data[0]!
  const invoice = makeInvoice(world, {
    customer: subscription.customer,
    subscription,
    lines,
    reason: "subscription_update",
    period: { start: item.current_period_start, end: item.current_period_end },
    discounts: [],
    isTaxed: isTaxed(subscription),
  })
  finalize(world, invoice)
  if (invoice.status === "paid") return
  const method = methodFor(world, subscription.customer, subscription)
  const isPaid = collect(world, invoice, { method, offSession: true })
  if (isPaid || sent.payment_behavior !== "error_if_incomplete") return
  // As if it had not been asked for.
  const error = { code: "card_declined", message: "Your card was declined." }
  invoice.status = "void"
  Object.assign(subscription, was)
  throw new Fault(402, "card_error", error.message, { code: error.code })
}

/** Lines that wait for the next invoice. */
const LATER = new WeakMap<Subscription, InvoiceLine[]>()
export function takeLater(subscription: Subscription): InvoiceLine[] {
  const lines = LATER.get(subscription) ?? []
  LATER.delete(subscription)
  return lines
}

export function end(world: World, subscription: Subscription): Subscription {
  if (subscription.status === "canceled")
    throw invalid(`No such subscription: '${subscription.id}'`, "id", "resource_missing")
  const now = world.now(subscription.customer)
  subscription.status = "canceled"
  subscription.ended_at = now
  subscription.canceled_at ??= now
  for (const invoice of world.all<Invoice>("invoice")) {
    if (subscriptionOf(world, invoice) !== subscription || !["draft", "open"].includes(invoice.status)) continue
    invoice.auto_advance = false
    invoice.next_payment_attempt = null
    invoice.automatically_finalizes_at = null
  }
  world.emit("customer.subscription.deleted", subscription)
  return subscription
}

const ITEM = fields({}, { id: text, price: text, quantity: whole, deleted: flag, metadata })
const BEHAVIOR = oneOf("allow_incomplete", "error_if_incomplete", "pending_if_incomplete", "default_incomplete")
const COMMON = {
  metadata,
  default_payment_method: orNone(text),
  automatic_tax: fields({ enabled: flag }),
  payment_behavior: BEHAVIOR,
  proration_behavior: oneOf("always_invoice", "create_prorations", "none"),
  discounts: list(fields({}, { coupon: text })),
  payment_settings: whatever,
  off_session: flag,
  ...EXPAND,
}

export const subscriptionRoutes = (world: World): Route[] => [
  route("POST", "/v1/subscriptions", fields({ customer: text, items: list(ITEM) }, COMMON), (sent) => {
    const customer = world.find<Customer>("customer", sent.customer, "customer")
    const method = sent.default_payment_method
      ? methodBy(world, sent.default_payment_method, "default_payment_method")
      : methodFor(world, customer.id, null)
    if (method && method.customer === null) attach(world, method.id, customer)
    if (!method)
      throw invalid(
        "This customer has no attached payment source or default payment method.",
        undefined,
        "resource_missing",
      )
    const { subscription } = subscribe(world, {
      customer: customer.id,
      items: sent.items.map(({ price = "", quantity = 1 }) => ({
        price: world.find<Price>("price", price, "items[0][price]"),
        quantity,
      })),
      method,
      metadata: sent.metadata ?? {},
      coupons: (sent.discounts ?? []).flatMap(({ coupon }) => coupon ?? []),
      isTaxed: sent.automatic_tax?.enabled ?? false,
      offSession: sent.off_session ?? false,
    })
    return subscription
  }),
  route("GET", "/v1/subscriptions", fields({}, { ...PAGED, customer: text, status: text, price: text }), (sent) =>
    pageOf(
      world
        .all<Subscription>("subscription")
        .filter(
          (one) =>
            (!sent.customer || one.customer === sent.customer) &&
            (sent.status === "all" || (sent.status ? one.status === sent.status : one.status !== "canceled")),
        ),
      sent,
      "/v1/subscriptions",
    ),
  ),
  route("GET", "/v1/subscriptions/:id", none, (_, { id }) => world.find<Subscription>("subscription", id!)),
  route(
    "POST",
    "/v1/subscriptions/:id",
    fields(
      {},
      {
        ...COMMON,
        items: list(ITEM),
        proration_date: whole,
        cancel_at_period_end: flag,
        cancel_at: orNone(whole),
        billing_cycle_anchor: moment,
        cancellation_details: whatever,
        pause_collection: orNone(
          fields({ behavior: oneOf("keep_as_draft", "mark_uncollectible", "void") }, { resumes_at: whole }),
        ),
      },
    ),
    (sent, { id }) => change(world, world.find<Subscription>("subscription", id!), sent),
  ),
  route(
    "DELETE",
    "/v1/subscriptions/:id",
    fields({}, { prorate: flag, invoice_now: flag, cancellation_details: whatever, ...EXPAND }),
    (_, { id }) => end(world, world.find<Subscription>("subscription", id!)),
  ),
]
