// Checkout sessions: a page to pay on, and what comes of it.
import { kindOf, makeCard } from "./cards.ts"
import { makePrice, PRICE_DATA } from "./catalog.ts"
import { attach } from "./customers.ts"
import { Fault, invalid } from "./fault.ts"
import { type Route, route } from "./http.ts"
import { EXPAND, none, PAGED, pageOf } from "./lists.ts"
import { confirm, makeIntent } from "./payments.ts"
import { nameOf } from "./proration.ts"
import { fields, flag, list, metadata, oneOf, text, whatever, whole } from "./shape.ts"
import { discountOf, subscribe } from "./subscriptions.ts"
import { TAX_IDS } from "./tax.ts"
import type {
  Address,
  Coupon,
  Customer,
  Invoice,
  PaymentIntent,
  PaymentMethod,
  Price,
  Session,
  SetupIntent,
} from "./types.ts"
import type { World } from "./world.ts"

interface Item {
  price: Price
  quantity: number
}
/** What a session was made for. */
interface Wanted {
  items: Item[]
  coupons: string[]
  intentMetadata: Record<string, string>
  subscriptionMetadata: Record<string, string>
  setupMetadata: Record<string, string>
  setupFutureUsage: PaymentIntent["setup_future_usage"]
  description: string | null
}
const WANTED = new WeakMap<Session, Wanted>()
export const itemsOf = (session: Session): readonly Item[] => WANTED.get(session)?.items ?? []

const DAY = 86_400
const LINE = fields({}, { price: text, price_data: PRICE_DATA, quantity: whole, adjustable_quantity: whatever })

const SESSION = {
  line_items: list(LINE),
  success_url: text,
  cancel_url: text,
  customer: text,
  customer_email: text,
  customer_creation: oneOf("always", "if_required"),
  client_reference_id: text,
  metadata,
  payment_intent_data: fields(
    {},
    {
      metadata,
      description: text,
      setup_future_usage: oneOf("off_session", "on_session"),
      statement_descriptor_suffix: text,
      receipt_email: text,
    },
  ),
  subscription_data: fields({}, { metadata, description: text }),
  setup_intent_data: fields({}, { metadata, description: text }),
  invoice_creation: fields({ enabled: flag }),
  discounts: list(fields({}, { coupon: text, promotion_code: text })),
  automatic_tax: fields({ enabled: flag }),
  customer_update: fields({}, { address: oneOf("auto", "never"), name: oneOf("auto", "never") }),
  tax_id_collection: fields({ enabled: flag }),
  billing_address_collection: oneOf("auto", "required"),
  expires_at: whole,
  payment_method_types: list(text),
  payment_method_collection: oneOf("always", "if_required"),
  saved_payment_method_options: whatever,
  allow_promotion_codes: flag,
  locale: text,
  submit_type: text,
  currency: text,
  ui_mode: oneOf("hosted_page"),
  ...EXPAND,
}

export const checkoutRoutes = (world: World): Route[] => [
  route(
    "POST",
    "/v1/checkout/sessions",
    fields({ mode: oneOf("payment", "subscription", "setup") }, SESSION),
    (sent) => {
      const items = (sent.line_items ?? []).map(({ price, price_data, quantity = 1 }): Item => {
        if (!price && !price_data) throw invalid("You must specify either `price` or `price_data`.", "line_items[0]")
        return {
          price: price ? world.find<Price>("price", price, "line_items[0][price]") : makePrice(world, price_data!),
          quantity,
        }
      })
      if (sent.mode !== "setup" && items.length === 0)
        throw invalid("Missing required param: line_items.", "line_items", "parameter_missing")
      if (sent.mode === "subscription" && items.some(({ price }) => !price.recurring))
        throw invalid("You must provide at least one recurring price in `subscription` mode.", "line_items")
      if (sent.mode === "payment" && items.some(({ price }) => price.recurring))
        throw invalid("You specified `payment` mode but passed a recurring price.", "line_items")
      if (items.some(({ price }) => !price.active))
        throw invalid("The price specified is inactive.", "line_items[0][price]")
      if (sent.customer) world.find<Customer>("customer", sent.customer, "customer")
      if (sent.customer && sent.customer_email)
        throw invalid("You may only specify one of these parameters: customer, customer_email.", "customer_email")
      if (sent.automatic_tax?.enabled && sent.customer && sent.customer_update?.address !== "auto")
        throw invalid("Automatic tax calculation requires the customer's address.", "customer_update[address]")
      if (sent.tax_id_collection?.enabled && sent.customer && sent.customer_update?.name !== "auto")
        throw invalid("Tax ID collection requires updating business name on the customer.", "customer_update[name]")
      if (!sent.success_url) throw invalid("Missing required param: success_url.", "success_url", "parameter_missing")
      const coupons = (sent.discounts ?? []).flatMap(({ coupon }) => coupon ?? [])
      // A coupon that cannot be used is refused before anybody sees a page.
      for (const coupon of coupons) discountOf(world, coupon)
      const now = world.now(sent.customer)
      const expires = sent.expires_at ?? now + DAY
      if (expires < now + 1_800 || expires > now + DAY + 60)
        throw invalid(
          "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.",
          "expires_at",
        )
      const id = world.id("cs_test")
      const session: Session = {
        id,
        object: "checkout.session",
        created: now,
        livemode: false,
        mode: sent.mode,
        status: "open",
        payment_status: sent.mode === "setup" ? "no_payment_required" : "unpaid",
        amount_subtotal: null,
        amount_total: null,
        automatic_tax: {
          enabled: sent.automatic_tax?.enabled ?? false,
          liability: null,
          provider: null,
          status: sent.automatic_tax?.enabled ? "requires_location_inputs" : null,
        },
        cancel_url: sent.cancel_url ?? null,
        client_reference_id: sent.client_reference_id ?? null,
        currency: items[0]?.price.currency ?? sent.currency ?? null,
        customer: sent.customer ?? null,
        customer_details: null,
        customer_email: sent.customer_email ?? null,
        discounts: coupons.map((coupon) => ({ coupon, promotion_code: null })),
        expires_at: expires,
        invoice: null,
        metadata: sent.metadata ?? {},
        payment_intent: null,
        setup_intent: null,
        subscription: null,
        success_url: sent.success_url,
        total_details: null,
        ui_mode: "hosted_page",
        url: `${world.options.origin}/pay/${id}`,
      }
      WANTED.set(session, {
        items,
        coupons,
        intentMetadata: sent.payment_intent_data?.metadata ?? {},
        subscriptionMetadata: sent.subscription_data?.metadata ?? {},
        setupMetadata: sent.setup_intent_data?.metadata ?? {},
        setupFutureUsage: sent.payment_intent_data?.setup_future_usage ?? null,
        description: sent.payment_intent_data?.description ?? null,
      })
      if (sent.mode !== "setup") total(world, session, null)
      return world.add(session)
    },
  ),
  route(
    "GET",
    "/v1/checkout/sessions",
    fields(
      {},
      {
        ...PAGED,
        customer: text,
        payment_intent: text,
        subscription: text,
        status: oneOf("open", "complete", "expired"),
      },
    ),
    (sent) =>
      pageOf(
        world
          .all<Session>("checkout.session")
          .filter(
            (one) =>
              (!sent.customer || one.customer === sent.customer) &&
              (!sent.payment_intent || one.payment_intent === sent.payment_intent) &&
              (!sent.subscription || one.subscription === sent.subscription) &&
              (!sent.status || one.status === sent.status),
          ),
        sent,
        "/v1/checkout/sessions",
      ),
  ),
  route("GET", "/v1/checkout/sessions/:id", none, (_, { id }) => world.find<Session>("checkout.session", id!)),
  route("GET", "/v1/checkout/sessions/:id/line_items", fields({}, PAGED), (_, { id }) => {
    const session = world.find<Session>("checkout.session", id!)
    const data = itemsOf(session).map(({ price, quantity }, at) => ({
      id: `li_${session.id.slice(8)}_${at}`,
      object: "item",
      amount_discount: 0,
      amount_subtotal: price.unit_amount * quantity,
      amount_tax: 0,
      amount_total: price.unit_amount * quantity,
      currency: price.currency,
      description: nameOf(world, price),
      price,
      quantity,
    }))
    return { object: "list", data, has_more: false, url: `/v1/checkout/sessions/${id}/line_items` }
  }),
  route("POST", "/v1/checkout/sessions/:id/expire", none, (_, { id }) => {
    const session = world.find<Session>("checkout.session", id!)
    if (session.status !== "open") throw invalid('Only Checkout Sessions with a status in ["open"] can be expired.')
    return expire(world, session)
  }),
  route("GET", "/v1/setup_intents/:id", fields({}, EXPAND), (_, { id }) =>
    world.find<SetupIntent>("setup_intent", id!),
  ),
]

export function expire(world: World, session: Session): Session {
  session.status = "expired"
  session.url = null
  world.emit("checkout.session.expired", session)
  return session
}

/** Sums, as far as the country is known. */
function total(world: World, session: Session, country: string | null, taxId?: string): void {
  const { items, coupons } = WANTED.get(session)!
  const subtotal = items.reduce((sum, { price, quantity }) => sum + price.unit_amount * quantity, 0)
  const off = coupons.reduce((sum, id) => {
    const coupon = world.find<Coupon>("coupon", id)
    return sum + (coupon.amount_off ?? Math.round((subtotal * coupon.percent_off!) / 100))
  }, 0)
  const net = Math.max(0, subtotal - off)
  const behavior = items[0]!.price.tax_behavior === "inclusive" ? "inclusive" : "exclusive"
  const isKnown = session.automatic_tax.enabled && country !== null
  const tax = isKnown && !taxId ? (world.options.taxOf?.(net, country, behavior) ?? 0) : 0
  if (isKnown) session.automatic_tax.status = "complete"
  session.amount_subtotal = subtotal
  session.amount_total = behavior === "exclusive" ? net + tax : net
  session.total_details = { amount_discount: Math.min(off, subtotal), amount_shipping: 0, amount_tax: tax }
}

export interface Paying {
  /** A card number, or `bank` for money that takes days. */
  with: string
  email?: string
  name?: string
  country?: string
  /** VAT number: its owner owes the tax. */
  taxId?: string
  /** Its bank asked, and its owner answered. */
  authenticated?: boolean
}
/** "asks" = the bank wants its owner's word. */
export type Paid = { outcome: "complete" | "asks" } | { outcome: "refused"; why: string }

/** What the button of the page does. */
export function completeSession(world: World, session: Session, paying: Paying): Paid {
  if (session.status !== "open") throw invalid(`This Checkout Session is ${session.status}.`)
  const customer = customerFor(world, session, paying)
  if (session.mode !== "setup")
    total(world, session, paying.country ?? customer?.address?.country ?? null, paying.taxId)
  session.customer_details = detailsOf(customer, paying)
  const method =
    paying.with === "bank" ? bankAccount(world, customer?.id ?? null) : makeCardOf(world, paying, customer?.id ?? null)
  if ("outcome" in method) return method
  if (session.mode === "setup") return setUp(world, session, method, customer!, paying)
  return session.mode === "payment"
    ? payOnce(world, session, method, paying)
    : payMonthly(world, session, method, paying)
}

const detailsOf = (
  customer: Customer | null,
  { name, email, country, taxId }: Paying,
): Session["customer_details"] => ({
  address: customer?.address ?? (country ? addressIn(country) : null),
  business_name: null,
  email: customer?.email ?? email ?? null,
  individual_name: null,
  name: name ?? customer?.name ?? null,
  phone: null,
  tax_exempt: taxId ? "reverse" : "none",
  tax_ids: taxId ? [{ type: "eu_vat", value: taxId }] : [],
})

function customerFor(world: World, session: Session, paying: Paying): Customer | null {
  if (session.customer) {
    const known = world.find<Customer>("customer", session.customer)
    // A page that only saves a card leaves its customer as they are.
    if (paying.country && session.mode !== "setup") known.address = addressIn(paying.country)
    if (paying.taxId) TAX_IDS.set(known, [{ type: "eu_vat", value: paying.taxId }])
    return known
  }
  if (session.mode === "payment" && WANTED.get(session)?.setupFutureUsage === null) return null
  const made: Customer = {
    id: world.id("cus"),
    object: "customer",
    created: world.now(),
    livemode: false,
    email: session.customer_email ?? paying.email ?? null,
    name: paying.name ?? null,
    balance: 0,
    currency: null,
    address: paying.country ? addressIn(paying.country) : null,
    invoice_settings: { default_payment_method: null },
    metadata: {},
    test_clock: null,
  }
  world.add(made)
  session.customer = made.id
  world.emit("customer.created", made)
  return made
}

const addressIn = (country: string): Address => ({
  city: null,
  country,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
})

function makeCardOf(world: World, paying: Paying, customer: string | null): PaymentMethod | Paid {
  try {
    return makeCard(world, paying.with, {
      customer: null,
      email: paying.email ?? null,
      name: paying.name ?? null,
      ...(customer && paying.country ? { address: addressIn(paying.country) } : {}),
    })
  } catch (error) {
    if (error instanceof Fault) return { outcome: "refused", why: error.message }
    throw error
  }
}

const bankAccount = (world: World, customer: string | null): PaymentMethod =>
  world.add<PaymentMethod>({
    id: world.id("pm"),
    object: "payment_method",
    created: world.now(customer),
    livemode: false,
    customer,
    type: "us_bank_account",
    us_bank_account: { bank_name: "FAKE BANK", last4: "6789" },
    billing_details: { address: null, email: null, name: null, phone: null },
    metadata: {},
  })

function payOnce(world: World, session: Session, method: PaymentMethod, paying: Paying): Paid {
  const wanted = WANTED.get(session)!
  if (session.amount_total === 0) return complete(world, session, "no_payment_required")
  const known = session.payment_intent ? world.find<PaymentIntent>("payment_intent", session.payment_intent) : null
  const intent =
    known ??
    makeIntent(world, {
      amount: session.amount_total!,
      currency: session.currency!,
      customer: session.customer,
      description: wanted.description,
      metadata: wanted.intentMetadata,
      setupFutureUsage: wanted.setupFutureUsage,
    })
  intent.amount = session.amount_total!
  session.payment_intent = intent.id
  confirm(world, intent, { method, offSession: false, ...(paying.authenticated ? { authenticated: true } : {}) })
  if (intent.status === "requires_action") return { outcome: "asks" }
  if (intent.last_payment_error) return { outcome: "refused", why: intent.last_payment_error.message }
  return complete(world, session, intent.status === "succeeded" ? "paid" : "unpaid")
}

function payMonthly(world: World, session: Session, method: PaymentMethod, paying: Paying): Paid {
  const wanted = WANTED.get(session)!
  if (method.type !== "card") return { outcome: "refused", why: "Subscriptions are paid by card here." }
  const says = kindOf(method).onPage
  if (says === "asks" && !paying.authenticated) return { outcome: "asks" }
  if (typeof says === "object") return { outcome: "refused", why: says.message }
  attach(world, method.id, world.find<Customer>("customer", session.customer!))
  const { subscription, invoice } = subscribe(world, {
    customer: session.customer!,
    items: wanted.items,
    method,
    metadata: wanted.subscriptionMetadata,
    coupons: wanted.coupons,
    isTaxed: session.automatic_tax.enabled,
    offSession: false,
    authenticated: true,
  })
  session.subscription = subscription.id
  session.invoice = invoice.id
  return complete(world, session, "paid")
}

function setUp(world: World, session: Session, method: PaymentMethod, customer: Customer, paying: Paying): Paid {
  const says = kindOf(method).onPage
  if (says === "asks" && !paying.authenticated) return { outcome: "asks" }
  if (typeof says === "object") return { outcome: "refused", why: says.message }
  attach(world, method.id, customer)
  const intent: SetupIntent = {
    id: world.id("seti"),
    object: "setup_intent",
    created: world.now(customer.id),
    livemode: false,
    customer: customer.id,
    payment_method: method.id,
    status: "succeeded",
    usage: "off_session",
    metadata: WANTED.get(session)?.setupMetadata ?? {},
  }
  world.add(intent)
  session.setup_intent = intent.id
  world.emit("setup_intent.succeeded", intent)
  return complete(world, session, "no_payment_required")
}

function complete(world: World, session: Session, status: Session["payment_status"]): Paid {
  session.status = "complete"
  session.payment_status = status
  session.url = null
  world.emit("checkout.session.completed", session)
  return { outcome: "complete" }
}

/** What a bank said of a session that was complete and unpaid. */
export function sessionSettled(world: World, intent: PaymentIntent, isPaid: boolean): void {
  const session = world.all<Session>("checkout.session").find(({ payment_intent }) => payment_intent === intent.id)
  if (session?.status !== "complete") return
  if (isPaid) session.payment_status = "paid"
  world.emit(`checkout.session.async_payment_${isPaid ? "succeeded" : "failed"}`, session)
}

export type { Invoice }
