// Payment intents and charges: money taken now, taken later by a bank, refused, or in need of its owner.
import { book, feeOf } from "./balance.ts"
import { AUTHENTICATION, errorOf, kindOf, methodBy } from "./cards.ts"
import { disputeSoon } from "./disputes.ts"
import { Fault, invalid } from "./fault.ts"
import { type Route, route } from "./http.ts"
import { EXPAND, none, PAGED, pageOf } from "./lists.ts"
import { fields, flag, list, metadata, oneOf, text, whatever, whole } from "./shape.ts"
import type { Charge, Customer, Metadata, PaymentError, PaymentIntent, PaymentMethod, TaxCalculation } from "./types.ts"
import type { World } from "./world.ts"

export interface Payment {
  amount: number
  currency: string
  customer: string | null
  method: PaymentMethod
  /** Its owner is not there. */
  offSession: boolean
  /** Its owner answered their bank. */
  authenticated?: boolean
  description?: string | null
  metadata?: Metadata
  setupFutureUsage?: PaymentIntent["setup_future_usage"]
}

/** Makes an intent and takes the money, as far as the card lets it. */
export function pay(world: World, payment: Payment): PaymentIntent {
  const intent = makeIntent(world, payment)
  confirm(world, intent, payment)
  return intent
}

export function makeIntent(world: World, payment: Omit<Payment, "method" | "offSession">): PaymentIntent {
  const id = world.id("pi")
  const intent: PaymentIntent = {
    id,
    object: "payment_intent",
    created: world.now(payment.customer),
    livemode: false,
    amount: payment.amount,
    amount_received: 0,
    currency: payment.currency,
    customer: payment.customer,
    description: payment.description ?? null,
    last_payment_error: null,
    latest_charge: null,
    payment_method: null,
    setup_future_usage: payment.setupFutureUsage ?? null,
    canceled_at: null,
    client_secret: `${id}_secret_fake`,
    status: "requires_payment_method",
    metadata: payment.metadata ?? {},
  }
  world.add(intent)
  world.emit("payment_intent.created", intent)
  return intent
}

export function confirm(
  world: World,
  intent: PaymentIntent,
  { method, offSession, authenticated = false }: Pick<Payment, "method" | "offSession" | "authenticated">,
): void {
  intent.payment_method = method.id
  intent.last_payment_error = null
  if (method.type === "us_bank_account") {
    intent.status = "processing"
    charge(world, intent, "pending")
    world.emit("payment_intent.processing", intent)
    return
  }
  const does = offSession ? kindOf(method).offSession : kindOf(method).onPage
  if (does === "asks" && !authenticated) {
    if (offSession) {
      refuse(world, intent, AUTHENTICATION)
      return
    }
    intent.status = "requires_action"
    world.emit("payment_intent.requires_action", intent)
  } else if (typeof does === "object") refuse(world, intent, errorOf(does))
  else succeed(world, intent, charge(world, intent, "succeeded"))
}

function refuse(world: World, intent: PaymentIntent, error: PaymentError): void {
  intent.status = "requires_payment_method"
  intent.last_payment_error = error
  const failed = charge(world, intent, "failed", error)
  world.emit("charge.failed", failed)
  world.emit("payment_intent.payment_failed", intent)
}

function charge(world: World, intent: PaymentIntent, status: Charge["status"], error?: PaymentError): Charge {
  const id = world.id("ch")
  const made: Charge = {
    id,
    object: "charge",
    created: world.now(intent.customer),
    livemode: false,
    amount: intent.amount,
    amount_captured: status === "failed" ? 0 : intent.amount,
    amount_refunded: 0,
    balance_transaction: null,
    captured: status !== "failed",
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_code: error?.code ?? null,
    failure_message: error?.message ?? null,
    paid: status === "succeeded",
    payment_intent: intent.id,
    payment_method: intent.payment_method,
    payment_method_details: detailsOf(world, intent.payment_method),
    receipt_url: `${world.options.origin}/receipts/${id}`,
    refunded: false,
    status,
    metadata: { ...intent.metadata },
  }
  intent.latest_charge = id
  return world.add(made)
}

/** The same for the same number, whoever pays with it. */
function detailsOf(world: World, method: string | null): Charge["payment_method_details"] {
  const card = method === null ? null : world.find<PaymentMethod>("payment_method", method).card
  return card ? { type: "card", card: { fingerprint: `fp_${card.brand}_${card.last4}` } } : null
}

function succeed(world: World, intent: PaymentIntent, paid: Charge): void {
  const { amount, currency, customer } = intent
  intent.status = "succeeded"
  intent.amount_received = amount
  paid.status = "succeeded"
  paid.paid = true
  paid.balance_transaction = book(world, {
    type: "charge",
    amount,
    fee: feeOf(amount),
    currency,
    source: paid.id,
    customer,
  }).id
  if (intent.setup_future_usage && customer && intent.payment_method) {
    const method = world.find<PaymentMethod>("payment_method", intent.payment_method)
    if (method.customer !== customer) {
      method.customer = customer
      world.emit("payment_method.attached", method)
    }
  }
  world.emit("charge.succeeded", paid)
  world.emit("payment_intent.succeeded", intent)
  const method = world.any(intent.payment_method!) as PaymentMethod | undefined
  if (method) disputeSoon(world, paid, kindOf(method).after)
}

/** What a bank says days later of a payment that was on its way. */
export function settleLater(world: World, intent: PaymentIntent, isPaid: boolean): void {
  if (intent.status !== "processing") throw invalid(`${intent.id} is not on its way`)
  const pending = world.find<Charge>("charge", intent.latest_charge!)
  if (isPaid) {
    succeed(world, intent, pending)
    return
  }
  const error: PaymentError = {
    type: "card_error",
    code: "payment_method_bank_debit_failed",
    message: "The bank did not pay.",
  }
  Object.assign(pending, {
    status: "failed",
    failure_code: error.code,
    failure_message: error.message,
    captured: false,
  })
  intent.status = "requires_payment_method"
  intent.last_payment_error = error
  world.emit("charge.failed", pending)
  world.emit("payment_intent.payment_failed", intent)
}

/** How Stripe answers a request whose payment was refused. */
export function requirePaid(world: World, intent: PaymentIntent): PaymentIntent {
  const error = intent.last_payment_error
  if (!error) return intent
  throw new Fault(402, "card_error", error.message, {
    code: error.code,
    ...(error.decline_code ? { decline_code: error.decline_code } : {}),
    payment_intent: structuredClone(intent),
    ...(intent.payment_method ? { payment_method: structuredClone(world.any(intent.payment_method)!) } : {}),
  })
}

export function cancelIntent(world: World, intent: PaymentIntent): PaymentIntent {
  if (intent.status === "succeeded" || intent.status === "processing")
    throw invalid(
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`,
      undefined,
      "payment_intent_unexpected_state",
    )
  if (intent.status === "canceled") return intent
  intent.status = "canceled"
  intent.canceled_at = world.now(intent.customer)
  world.emit("payment_intent.canceled", intent)
  return intent
}

const CONFIRM = { off_session: flag, return_url: text, payment_method: text, error_on_requires_action: flag }

export const paymentRoutes = (world: World): Route[] => [
  route(
    "POST",
    "/v1/payment_intents",
    fields(
      { amount: whole, currency: text },
      {
        ...CONFIRM,
        customer: text,
        confirm: flag,
        description: text,
        metadata,
        setup_future_usage: oneOf("off_session", "on_session"),
        payment_method_types: list(text),
        automatic_payment_methods: fields({ enabled: flag }, { allow_redirects: text }),
        statement_descriptor_suffix: text,
        receipt_email: text,
        hooks: fields({ inputs: fields({ tax: fields({ calculation: text }) }) }),
        ...EXPAND,
      },
    ),
    (sent) => {
      if (sent.amount < 50) throw invalid("Amount must be at least $0.50 usd", "amount", "amount_too_small")
      const customer = sent.customer ? world.find<Customer>("customer", sent.customer, "customer") : null
      const calculation = sent.hooks?.inputs.tax.calculation
      if (calculation) {
        const { amount_total } = world.find<TaxCalculation>("tax.calculation", calculation, "hooks[inputs][tax]")
        if (amount_total !== sent.amount) throw invalid("The amount is not that of the calculation.", "amount")
      }
      const intent = makeIntent(world, {
        amount: sent.amount,
        currency: sent.currency,
        customer: customer?.id ?? null,
        ...(sent.description ? { description: sent.description } : {}),
        ...(sent.metadata ? { metadata: sent.metadata } : {}),
        ...(sent.setup_future_usage ? { setupFutureUsage: sent.setup_future_usage } : {}),
      })
      if (!sent.confirm) return intent
      return confirmAsked(world, intent, sent)
    },
  ),
  route("GET", "/v1/payment_intents", fields({}, { ...PAGED, customer: text }), (sent) =>
    pageOf(
      world.all<PaymentIntent>("payment_intent").filter((one) => !sent.customer || one.customer === sent.customer),
      sent,
      "/v1/payment_intents",
    ),
  ),
  route("GET", "/v1/payment_intents/:id", fields({}, { ...EXPAND, client_secret: text }), (_, { id }) =>
    world.find<PaymentIntent>("payment_intent", id!),
  ),
  route(
    "POST",
    "/v1/payment_intents/:id/confirm",
    fields({}, { ...CONFIRM, ...EXPAND, payment_method_options: whatever }),
    (sent, { id }) => confirmAsked(world, world.find<PaymentIntent>("payment_intent", id!), sent),
  ),
  route("POST", "/v1/payment_intents/:id/cancel", fields({}, { ...EXPAND, cancellation_reason: text }), (_, { id }) =>
    cancelIntent(world, world.find<PaymentIntent>("payment_intent", id!)),
  ),
  route("GET", "/v1/charges/:id", none, (_, { id }) => world.find<Charge>("charge", id!)),
  route("GET", "/v1/charges", fields({}, { ...PAGED, customer: text, payment_intent: text }), (sent) =>
    pageOf(
      world
        .all<Charge>("charge")
        .filter(
          (one) =>
            (!sent.customer || one.customer === sent.customer) &&
            (!sent.payment_intent || one.payment_intent === sent.payment_intent),
        ),
      sent,
      "/v1/charges",
    ),
  ),
]

function confirmAsked(
  world: World,
  intent: PaymentIntent,
  sent: { payment_method?: string; off_session?: boolean; error_on_requires_action?: boolean },
): PaymentIntent {
  const id = sent.payment_method ?? intent.payment_method
  if (!id)
    throw invalid(
      "You cannot confirm this PaymentIntent because it's missing a payment method.",
      "payment_method",
      "payment_intent_unexpected_state",
    )
  const method = methodBy(world, id, "payment_method")
  if (method.customer && intent.customer !== method.customer)
    throw invalid("The provided PaymentMethod belongs to another customer.", "payment_method", "resource_missing")
  confirm(world, intent, { method, offSession: sent.off_session ?? false })
  return requirePaid(world, intent)
}
