// Invoices: drafted, finalised, paid or not; what a change of a subscription would cost.
import { invalid } from "./fault.ts"
import { type Route, route } from "./http.ts"
import { EXPAND, none, PAGED, pageOf } from "./lists.ts"
import { pay } from "./payments.ts"
import { changeLines } from "./proration.ts"
import { fields, flag, list, metadata, moment, oneOf, text, whole } from "./shape.ts"
import type {
  Coupon,
  Customer,
  Invoice,
  InvoiceLine,
  InvoicePayment,
  Named,
  PaymentMethod,
  Price,
  Subscription,
} from "./types.ts"
import type { World } from "./world.ts"

/** A coupon as it was given to somebody. */
export interface Discount extends Named {
  object: "discount"
  source: { coupon: string; type: "coupon" }
  /** One of `once` is used up. */
  isUsed: boolean
}

export interface DraftInvoice {
  customer: string
  subscription: Subscription | null
  lines: InvoiceLine[]
  reason: Invoice["billing_reason"]
  period: { start: number; end: number }
  discounts: readonly string[]
  isTaxed: boolean
  /** Until then it may be changed. */
  finalizesAt?: number
}

/** Sums, without keeping anything. */
export function draft(world: World, from: DraftInvoice): Invoice {
  const customer = world.find<Customer>("customer", from.customer)
  const subtotal = from.lines.reduce((sum, { amount }) => sum + amount, 0)
  const off = from.discounts
    .map((id) => ({ discount: id, amount: amountOff(world, id, subtotal) }))
    .filter(({ amount }) => amount > 0)
  const net = subtotal - off.reduce((sum, { amount }) => sum + amount, 0)
  const behavior = behaviorOf(world, from.lines)
  const tax =
    from.isTaxed && net > 0 ? (world.options.taxOf?.(net, customer.address?.country ?? null, behavior) ?? 0) : 0
  const total = behavior === "exclusive" ? net + tax : net
  // Credit of the customer (below 0) is used first; what is below 0 in all becomes credit.
  const due = Math.max(0, total + Math.min(0, customer.balance))
  const id = world.id("in")
  return {
    id,
    object: "invoice",
    created: world.now(from.customer),
    livemode: false,
    amount_due: due,
    amount_paid: 0,
    amount_remaining: due,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    automatic_tax: {
      disabled_reason: null,
      enabled: from.isTaxed,
      liability: null,
      provider: null,
      status: from.isTaxed ? "complete" : null,
    },
    automatically_finalizes_at: from.finalizesAt ?? null,
    billing_reason: from.reason,
    collection_method: "charge_automatically",
    currency: "usd",
    customer: from.customer,
    customer_address: customer.address,
    customer_email: customer.email,
    customer_name: customer.name,
    customer_tax_exempt: "none",
    customer_tax_ids: [],
    ending_balance: null,
    hosted_invoice_url: null,
    lines: {
      object: "list",
      data: from.lines.map((line) => ({ ...line, invoice: id })),
      has_more: false,
      url: `/v1/invoices/${id}/lines`,
    },
    metadata: {},
    next_payment_attempt: null,
    number: null,
    parent: from.subscription
      ? {
          quote_details: null,
          subscription_details: { metadata: from.subscription.metadata, subscription: from.subscription.id },
          type: "subscription_details",
        }
      : null,
    period_end: from.period.end,
    period_start: from.period.start,
    starting_balance: customer.balance,
    status: "draft",
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal,
    total,
    total_discount_amounts: off,
    total_excluding_tax: behavior === "exclusive" ? net : net - tax,
    total_taxes:
      tax > 0
        ? [
            {
              amount: tax,
              tax_behavior: behavior,
              tax_rate_details: null,
              taxability_reason: "standard_rated",
              taxable_amount: net,
              type: "tax_rate_details",
            },
          ]
        : [],
  }
}

function amountOff(world: World, id: string, subtotal: number): number {
  const discount = world.find<Discount>("discount", id)
  const coupon = world.find<Coupon>("coupon", discount.source.coupon)
  if (subtotal <= 0 || (coupon.duration === "once" && discount.isUsed)) return 0
  return Math.min(subtotal, coupon.amount_off ?? Math.round((subtotal * coupon.percent_off!) / 100))
}

const behaviorOf = (world: World, lines: readonly InvoiceLine[]): "exclusive" | "inclusive" => {
  const price = lines[0] && (world.any(lines[0].pricing.price_details.price) as Price | undefined)
  return price?.tax_behavior === "inclusive" ? "inclusive" : "exclusive"
}

export function makeInvoice(world: World, from: DraftInvoice): Invoice {
  const invoice = world.add(draft(world, from))
  if (from.subscription) from.subscription.latest_invoice = invoice.id
  world.emit("invoice.created", invoice)
  return invoice
}

export function finalize(world: World, invoice: Invoice): void {
  if (invoice.status !== "draft") return
  const customer = world.find<Customer>("customer", invoice.customer)
  invoice.status = "open"
  invoice.automatically_finalizes_at = null
  invoice.number = `FAKE-${String(world.all<Invoice>("invoice").filter(({ number }) => number !== null).length + 1).padStart(4, "0")}`
  invoice.hosted_invoice_url = `${world.options.origin}/invoices/${invoice.id}`
  invoice.status_transitions.finalized_at = world.now(invoice.customer)
  const before = customer.balance
  customer.balance = Math.min(0, customer.balance + invoice.total)
  if (invoice.total > 0 && before >= 0) customer.balance = before
  invoice.ending_balance = customer.balance
  for (const { discount } of invoice.total_discount_amounts) {
    const given = world.find<Discount>("discount", discount)
    given.isUsed = true
    world.find<Coupon>("coupon", given.source.coupon).times_redeemed++
  }
  world.emit("invoice.finalized", invoice)
  if (invoice.amount_due === 0) markPaid(world, invoice)
}

/** Takes the money of an open invoice. @returns whether it is paid */
export function collect(
  world: World,
  invoice: Invoice,
  how: { method: PaymentMethod | null; offSession: boolean; authenticated?: boolean },
): boolean {
  if (invoice.status === "paid") return true
  if (invoice.status !== "open") throw invalid(`Invoice ${invoice.id} is ${invoice.status}.`)
  invoice.attempted = true
  invoice.attempt_count++
  if (how.method === null) {
    failed(world, invoice)
    return false
  }
  const intent = pay(world, {
    amount: invoice.amount_remaining,
    currency: invoice.currency,
    customer: invoice.customer,
    method: how.method,
    offSession: how.offSession,
    ...(how.authenticated ? { authenticated: true } : {}),
    description: invoice.parent ? "Subscription update" : "Invoice",
    setupFutureUsage: "off_session",
  })
  notePayment(world, invoice, intent.id, intent.status === "succeeded")
  if (intent.status === "succeeded") {
    markPaid(world, invoice)
    return true
  }
  if (intent.status === "processing") return false
  failed(
    world,
    invoice,
    intent.last_payment_error?.code === "authentication_required" || intent.status === "requires_action",
  )
  return false
}

function notePayment(world: World, invoice: Invoice, intent: string, isPaid: boolean): void {
  const payment: InvoicePayment = {
    id: world.id("inpay"),
    object: "invoice_payment",
    created: world.now(invoice.customer),
    livemode: false,
    amount_paid: isPaid ? invoice.amount_remaining : null,
    amount_requested: invoice.amount_remaining,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    payment: { type: "payment_intent", payment_intent: intent },
    status: isPaid ? "paid" : "open",
  }
  world.add(payment)
  invoice.payments = {
    object: "list",
    data: world.all<InvoicePayment>("invoice_payment").filter((one) => one.invoice === invoice.id),
    has_more: false,
    url: "/v1/invoice_payments",
  }
}

export function markPaid(world: World, invoice: Invoice): void {
  invoice.status = "paid"
  invoice.amount_paid = invoice.amount_due
  invoice.amount_remaining = 0
  invoice.attempted = true
  invoice.next_payment_attempt = null
  invoice.status_transitions.paid_at = world.now(invoice.customer)
  const subscription = subscriptionOf(world, invoice)
  world.emit("invoice.paid", invoice)
  world.emit("invoice.payment_succeeded", invoice)
  if (subscription && ["incomplete", "past_due", "unpaid"].includes(subscription.status)) {
    const before = { status: subscription.status }
    subscription.status = "active"
    world.emit("customer.subscription.updated", subscription, before)
  }
}

export function voided(world: World, invoice: Invoice): Invoice {
  invoice.status = "void"
  invoice.automatically_finalizes_at = null
  invoice.next_payment_attempt = null
  invoice.status_transitions.voided_at = world.now(invoice.customer)
  world.emit("invoice.voided", invoice)
  return invoice
}

/** Days after the first try that failed; then the subscription ends. */
export const RETRY_DAYS = [3, 5, 7]

function failed(world: World, invoice: Invoice, needsOwner = false): void {
  const days = RETRY_DAYS[invoice.attempt_count - 1]
  const first = invoice.status_transitions.finalized_at ?? invoice.created
  const subscription = subscriptionOf(world, invoice)
  const isFirst = invoice.billing_reason === "subscription_create"
  invoice.next_payment_attempt = isFirst || days === undefined ? null : first + days * 86_400
  world.emit("invoice.payment_failed", invoice)
  if (needsOwner) world.emit("invoice.payment_action_required", invoice)
  if (subscription?.status === "active") {
    subscription.status = "past_due"
    world.emit("customer.subscription.updated", subscription, { status: "active" })
  }
}

export const subscriptionOf = (world: World, invoice: Invoice): Subscription | null => {
  const id = invoice.parent?.subscription_details.subscription
  return id ? ((world.any(id) as Subscription | undefined) ?? null) : null
}

export const methodFor = (world: World, customer: string, subscription: Subscription | null): PaymentMethod | null => {
  const id =
    subscription?.default_payment_method ??
    world.find<Customer>("customer", customer).invoice_settings.default_payment_method
  return id ? world.find<PaymentMethod>("payment_method", id) : null
}

const PREVIEW_ITEM = fields({}, { id: text, price: text, quantity: whole, deleted: flag })

export const invoiceRoutes = (world: World): Route[] => [
  route(
    "POST",
    "/v1/invoices/create_preview",
    fields(
      {},
      {
        customer: text,
        subscription: text,
        automatic_tax: fields({ enabled: flag }),
        subscription_details: fields(
          {},
          {
            items: list(PREVIEW_ITEM),
            proration_behavior: oneOf("always_invoice", "create_prorations", "none"),
            proration_date: whole,
            billing_cycle_anchor: moment,
            cancel_at_period_end: flag,
          },
        ),
        ...EXPAND,
      },
    ),
    (sent) => {
      if (!sent.subscription)
        throw invalid("Missing required param: subscription.", "subscription", "parameter_missing")
      const subscription = world.find<Subscription>("subscription", sent.subscription)
      const details = sent.subscription_details ?? {}
      const lines = changeLines(
        world,
        subscription,
        details.items ?? [],
        details.proration_date ?? world.now(subscription.customer),
      )
      const item = subscription.items.data[0]!
      return draft(world, {
        customer: subscription.customer,
        subscription,
        lines: lines.lines,
        reason: "upcoming",
        period: { start: item.current_period_start, end: item.current_period_end },
        discounts: [],
        isTaxed: sent.automatic_tax?.enabled ?? false,
      })
    },
  ),
  route("GET", "/v1/invoices", fields({}, { ...PAGED, customer: text, subscription: text, status: text }), (sent) =>
    pageOf(
      world
        .all<Invoice>("invoice")
        .filter(
          (one) =>
            (!sent.customer || one.customer === sent.customer) &&
            (!sent.status || one.status === sent.status) &&
            (!sent.subscription || one.parent?.subscription_details.subscription === sent.subscription),
        ),
      sent,
      "/v1/invoices",
    ),
  ),
  route("GET", "/v1/invoices/:id", none, (_, { id }) => world.find<Invoice>("invoice", id!)),
  route("GET", "/v1/invoices/:id/lines", fields({}, PAGED), (_, { id }) => world.find<Invoice>("invoice", id!).lines),
  route("POST", "/v1/invoices/:id", fields({}, { metadata, auto_advance: flag, ...EXPAND }), (sent, { id }) => {
    const invoice = world.find<Invoice>("invoice", id!)
    if (sent.metadata) Object.assign(invoice.metadata, sent.metadata)
    if (sent.auto_advance !== undefined) invoice.auto_advance = sent.auto_advance
    world.emit("invoice.updated", invoice)
    return invoice
  }),
  route(
    "POST",
    "/v1/invoices/:id/pay",
    fields({}, { payment_method: text, off_session: flag, ...EXPAND }),
    (sent, { id }) => {
      const invoice = world.find<Invoice>("invoice", id!)
      if (invoice.status === "draft") finalize(world, invoice)
      const method = sent.payment_method
        ? world.find<PaymentMethod>("payment_method", sent.payment_method)
        : methodFor(world, invoice.customer, subscriptionOf(world, invoice))
      collect(world, invoice, { method, offSession: sent.off_session ?? false })
      if (invoice.status !== "paid") throw invalid("Your card was declined.", undefined, "card_declined")
      return invoice
    },
  ),
  route("POST", "/v1/invoices/:id/void", none, (_, { id }) => {
    const invoice = world.find<Invoice>("invoice", id!)
    if (invoice.status !== "open") throw invalid("You can only void an open invoice.")
    return voided(world, invoice)
  }),
  route(
    "GET",
    "/v1/invoice_payments",
    fields({}, { ...PAGED, invoice: text, status: text, payment: fields({ type: text }, { payment_intent: text }) }),
    (sent) =>
      pageOf(
        world
          .all<InvoicePayment>("invoice_payment")
          .filter(
            (one) =>
              (!sent.invoice || one.invoice === sent.invoice) &&
              (!sent.status || one.status === sent.status) &&
              (!sent.payment?.payment_intent || one.payment.payment_intent === sent.payment.payment_intent),
          ),
        sent,
        "/v1/invoice_payments",
      ),
  ),
]
