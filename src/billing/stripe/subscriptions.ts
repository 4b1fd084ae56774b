// Subscriptions: as the processor knows them, with what was asked and paid for them, and the acts that change them.
import type Stripe from "stripe"
import { type BuyerFacts, buyerFrom } from "./checkout.ts"
import type { Asked } from "./client.ts"
import { PAUSED_BY } from "./collection.ts"
import { cents, idOf } from "./read.ts"
import { ProcessorError } from "./types.ts"

export type SubscriptionStatus = "incomplete" | "active" | "past_due" | "unpaid" | "paused" | "ended"

/** Times ms. */
export interface SubscriptionFacts {
  id: string
  customerId: string
  status: SubscriptionStatus
  itemId: string
  priceId: string
  periodStartMs: number
  periodEndMs: number
  /** Months are counted from it. */
  anchorMs: number
  /** Where it ends for good: it is to, or it has. */
  endsMs: number | null
  scheduleId: string | null
  /** What the schedule makes of it at the end of the period. */
  nextPriceId: string | null
  /** `sgn_…` that it came from. */
  signupId: string | null
  /** What its periods cost is not collected. */
  isPaused: boolean
  /** By `pauseCollection`, not by a hand at the processor. */
  isPausedByUs: boolean
  createdMs: number
  isLive: boolean
}

export interface InvoiceLineFacts {
  id: string
  priceId: string | null
  text: string
  /** Below 0: what is given back. */
  cents: number
  startMs: number
  endMs: number
}

/** Amounts in cents. */
export interface InvoiceFacts {
  id: string
  status: "draft" | "open" | "paid" | "void" | "uncollectible"
  currency: string
  lines: InvoiceLineFacts[]
  /** Of the lines, before discounts and tax. */
  grossCents: number
  discountCents: number
  taxCents: number
  isTaxInside: boolean
  /** After discounts, without tax. */
  netCents: number
  dueCents: number
  paidCents: number
  /** How often it was tried to take the money. */
  tries: number
  createdMs: number
  paidMs: number | null
  /** `pi_…` that paid it; null where nothing was to be paid. */
  paymentIntentId: string | null
  /** Where it can be paid by hand. */
  url: string | null
  /** As they told it on the page, where it asked. */
  buyer: Partial<BuyerFacts> | null
  isReverseCharge: boolean
}

/** What a change costs now: nothing is changed. */
export interface ChangePreview {
  lines: InvoiceLineFacts[]
  /** What would be taken at once; below 0: what would be kept for later invoices. */
  totalCents: number
  dueCents: number
  taxCents: number
}

export interface ChangeInput {
  subscriptionId: string
  itemId: string
  priceId: string
  /** What is left of the period is counted from then, seconds. */
  atSeconds: number
}

export interface ScheduleInput {
  subscriptionId: string
  /** null = it has none yet. */
  scheduleId: string | null
  now: { priceId: string; startMs: number; endMs: number }
  next: { priceId: string; months: 1 | 12 }
}

/** @throws ProcessorError */
export interface SubscriptionCalls {
  subscription(id: string): Promise<SubscriptionFacts>
  /** Newest first, at most a hundred. */
  subscriptionsOf(customerId: string): Promise<SubscriptionFacts[]>
  /** Newest first, of the last two years. */
  planInvoices(subscriptionId: string): Promise<InvoiceFacts[]>
  /** @returns the subscription that it is of */
  subscriptionOfInvoice(invoiceId: string): Promise<string | null>
  /** @returns the subscription that it changes, or did */
  subscriptionOfSchedule(scheduleId: string): Promise<string | null>
  previewChange(input: ChangeInput): Promise<ChangePreview>
  /** At once, and paid at once: where it cannot be paid nothing is changed. It goes on after the period, whatever was planned. */
  changeSubscription(input: ChangeInput, key: string): Promise<SubscriptionFacts>
  /** At the end of the period, or no longer. */
  endSubscription(input: { subscriptionId: string; isEnding: boolean }, key: string): Promise<SubscriptionFacts>
  scheduleChange(input: ScheduleInput, key: string): Promise<void>
  /** What was planned no longer comes. */
  releaseSchedule(scheduleId: string, key: string): Promise<void>
}

const EXPAND = ["schedule"]
const INVOICES = 26

type Acts = "previewChange" | "changeSubscription" | "endSubscription" | "scheduleChange" | "releaseSchedule"

export const subscriptionCalls = (stripe: Stripe, asked: Asked): SubscriptionCalls => ({
  ...actsOf(stripe, asked),
  async subscription(id) {
    return readSubscription(await asked(stripe.subscriptions.retrieve(id, { expand: EXPAND })))
  },
  async subscriptionsOf(customer) {
    const page = await asked(
      stripe.subscriptions.list({ customer, status: "all", limit: 100, expand: ["data.schedule"] }),
    )
    return page.data.map(readSubscription)
  },
  async planInvoices(subscription) {
    return (await asked(stripe.invoices.list({ subscription, limit: INVOICES, expand: ["data.payments"] }))).data.map(
      readInvoice,
    )
  },
  async subscriptionOfInvoice(id) {
    const invoice = await asked(stripe.invoices.retrieve(id))
    return idOf(invoice.parent?.subscription_details?.subscription ?? null)
  },
  async subscriptionOfSchedule(id) {
    const schedule = await asked(stripe.subscriptionSchedules.retrieve(id))
    return idOf(schedule.subscription) ?? schedule.released_subscription
  },
})

const actsOf = (stripe: Stripe, asked: Asked): Pick<SubscriptionCalls, Acts> => ({
  async previewChange(input) {
    const details = {
      items: itemsOf(input),
      proration_behavior: "always_invoice",
      proration_date: input.atSeconds,
    } as const
    const sent = { subscription: input.subscriptionId, subscription_details: details }
    return readPreview(await asked(stripe.invoices.createPreview(sent)))
  },
  async changeSubscription(input, idempotencyKey) {
    const sent = {
      items: itemsOf(input),
      proration_behavior: "always_invoice",
      proration_date: input.atSeconds,
      payment_behavior: "error_if_incomplete",
      cancel_at_period_end: false,
      expand: EXPAND,
    } as const
    return readSubscription(await asked(stripe.subscriptions.update(input.subscriptionId, sent, { idempotencyKey })))
  },
  async endSubscription({ subscriptionId, isEnding }, idempotencyKey) {
    const sent = { cancel_at_period_end: isEnding, expand: EXPAND }
    return readSubscription(await asked(stripe.subscriptions.update(subscriptionId, sent, { idempotencyKey })))
  },
  async scheduleChange({ subscriptionId, scheduleId, now, next }, key) {
    const id =
      scheduleId ??
      (
        await asked(
          stripe.subscriptionSchedules.create({ from_subscription: subscriptionId }, { idempotencyKey: `${key}:made` }),
        )
      ).id
    const [start_date, end_date] = [now.startMs / 1_000, now.endMs / 1_000]
    const interval = next.months === 12 ? "year" : "month"
    const phases = [
      { items: [{ price: now.priceId, quantity: 1 }], start_date, end_date },
      {
        items: [{ price: next.priceId, quantity: 1 }],
        duration: { interval, interval_count: 1 },
        proration_behavior: "none",
      },
    ] satisfies Stripe.SubscriptionScheduleUpdateParams["phases"]
    const sent = { phases, end_behavior: "release" } as const
    await asked(stripe.subscriptionSchedules.update(id, sent, { idempotencyKey: key }))
  },
  async releaseSchedule(id, idempotencyKey) {
    await asked(stripe.subscriptionSchedules.release(id, {}, { idempotencyKey }))
  },
})

const itemsOf = ({ itemId, priceId }: ChangeInput) => [{ id: itemId, price: priceId, quantity: 1 }]

const STATUS: Partial<Record<string, SubscriptionStatus>> = {
  incomplete: "incomplete",
  active: "active",
  // What is tried out for free is not paid: it gives nothing here.
  trialing: "active",
  past_due: "past_due",
  unpaid: "unpaid",
  paused: "paused",
  canceled: "ended",
  incomplete_expired: "ended",
}

function readSubscription(from: Stripe.Subscription): SubscriptionFacts {
  const [item] = from.items.data
  const status = STATUS[from.status]
  if (!item || !status) throw new ProcessorError("invalid", `the subscription ${from.id} is not as it should be`)
  const schedule = typeof from.schedule === "object" ? from.schedule : null
  const periodEnd = item.current_period_end
  const next = schedule?.phases.find(({ start_date }) => start_date >= periodEnd)
  const ends = from.ended_at ?? from.cancel_at ?? (from.cancel_at_period_end ? periodEnd : null)
  return {
    id: from.id,
    customerId: idOf(from.customer) ?? "",
    status,
    itemId: item.id,
    priceId: item.price.id,
    periodStartMs: item.current_period_start * 1_000,
    periodEndMs: periodEnd * 1_000,
    anchorMs: from.billing_cycle_anchor * 1_000,
    endsMs: ends === null ? null : ends * 1_000,
    scheduleId: idOf(from.schedule),
    nextPriceId: idOf(next?.items[0]?.price ?? null),
    signupId: from.metadata.signup ?? null,
    isPaused: from.pause_collection !== null,
    isPausedByUs: from.pause_collection !== null && from.metadata[PAUSED_BY] === "purser",
    createdMs: from.created * 1_000,
    isLive: from.livemode,
  }
}

const INVOICE_STATUS = ["draft", "open", "paid", "void", "uncollectible"] as const

function readInvoice(from: Stripe.Invoice): InvoiceFacts {
  const status = INVOICE_STATUS.find((one) => one === from.status)
  if (!status) throw new ProcessorError("invalid", `the invoice ${from.id} is ${from.status}`)
  const taxes = from.total_taxes ?? []
  const taxCents = taxes.reduce((sum, { amount }) => sum + cents(amount), 0)
  const payment = from.payments?.data.find((one) => one.status === "paid")
  const paidAt = from.status_transitions.paid_at
  return {
    id: from.id!,
    status,
    currency: from.currency,
    lines: from.lines.data.map(readLine),
    grossCents: cents(from.subtotal),
    discountCents: (from.total_discount_amounts ?? []).reduce((sum, { amount }) => sum + cents(amount), 0),
    taxCents,
    isTaxInside: taxes.some(({ tax_behavior }) => tax_behavior === "inclusive"),
    netCents: cents(from.total) - taxCents,
    dueCents: cents(from.amount_due),
    paidCents: cents(from.amount_paid),
    tries: from.attempt_count,
    createdMs: from.created * 1_000,
    paidMs: paidAt === null ? null : paidAt * 1_000,
    paymentIntentId: idOf(payment?.payment.payment_intent ?? null),
    url: from.hosted_invoice_url ?? null,
    buyer: from.automatic_tax?.enabled || from.customer_address ? buyerOfInvoice(from) : null,
    isReverseCharge: from.customer_tax_exempt === "reverse",
  }
}

const buyerOfInvoice = (from: Stripe.Invoice): Partial<BuyerFacts> =>
  buyerFrom({
    name: from.customer_name,
    email: from.customer_email,
    address: from.customer_address,
    taxIds: from.customer_tax_ids ?? null,
  })

const readLine = (line: Stripe.InvoiceLineItem): InvoiceLineFacts => ({
  id: line.id,
  priceId: idOf(line.pricing?.price_details?.price ?? null),
  text: line.description ?? "",
  cents: cents(line.amount),
  startMs: line.period.start * 1_000,
  endMs: line.period.end * 1_000,
})

const readPreview = (from: Stripe.Invoice): ChangePreview => ({
  lines: from.lines.data.map(readLine),
  totalCents: cents(from.total),
  dueCents: cents(from.amount_due),
  taxCents: (from.total_taxes ?? []).reduce((sum, { amount }) => sum + cents(amount), 0),
})
