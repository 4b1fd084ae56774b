// Objects as the fake keeps and answers them. The compiler holds each to the official client's type: no member that Stripe does not have,
// none of another kind. Members that nobody of ours reads are left out.
import type Stripe from "stripe"

type Holds<Ours extends Theirs, Theirs> = Ours
type Of<Theirs, Name extends keyof Theirs> = Pick<Theirs, Name>

export type Metadata = Record<string, string>
export interface Page<T> {
  object: "list"
  data: T[]
  has_more: boolean
  url: string
}

export interface Customer {
  id: string
  object: "customer"
  created: number
  livemode: boolean
  email: string | null
  name: string | null
  balance: number
  currency: string | null
  address: Address | null
  invoice_settings: { default_payment_method: string | null }
  metadata: Metadata
  test_clock: string | null
  deleted?: true
}
export interface Address {
  city: string | null
  country: string | null
  line1: string | null
  line2: string | null
  postal_code: string | null
  state: string | null
}

export interface Product {
  id: string
  object: "product"
  active: boolean
  created: number
  livemode: boolean
  name: string
  description: string | null
  metadata: Metadata
  tax_code: string | null
}

export interface Price {
  id: string
  object: "price"
  active: boolean
  created: number
  livemode: boolean
  currency: string
  product: string
  type: "one_time" | "recurring"
  unit_amount: number
  recurring: { interval: "day" | "week" | "month" | "year"; interval_count: number; usage_type: "licensed" } | null
  tax_behavior: "exclusive" | "inclusive" | "unspecified"
  lookup_key: string | null
  metadata: Metadata
  nickname: string | null
}

export interface Coupon {
  id: string
  object: "coupon"
  created: number
  livemode: boolean
  percent_off: number | null
  amount_off: number | null
  currency: string | null
  duration: "forever" | "once" | "repeating"
  duration_in_months: number | null
  max_redemptions: number | null
  times_redeemed: number
  name: string | null
  valid: boolean
  metadata: Metadata
}

export interface PaymentMethod {
  id: string
  object: "payment_method"
  created: number
  livemode: boolean
  customer: string | null
  type: "card" | "us_bank_account"
  card?: { brand: string; last4: string; exp_month: number; exp_year: number; country: string; fingerprint: string }
  us_bank_account?: { bank_name: string; last4: string }
  billing_details: { address: Address | null; email: string | null; name: string | null; phone: string | null }
  metadata: Metadata
}

export interface TaxCalculation {
  id: string
  object: "tax.calculation"
  created: number
  livemode: boolean
  amount_total: number
  currency: string
  customer: string | null
  customer_details: {
    address: Address
    address_source: "billing"
    ip_address: null
    tax_ids: readonly { type: string; value: string }[]
    taxability_override: "none"
  }
  expires_at: number
  tax_amount_exclusive: number
  tax_amount_inclusive: number
  tax_breakdown: readonly { amount: number; taxability_reason: "reverse_charge" }[]
}

export interface PaymentIntent {
  id: string
  object: "payment_intent"
  created: number
  livemode: boolean
  amount: number
  amount_received: number
  currency: string
  customer: string | null
  description: string | null
  last_payment_error: PaymentError | null
  latest_charge: string | null
  payment_method: string | null
  setup_future_usage: "off_session" | "on_session" | null
  canceled_at: number | null
  client_secret: string
  status:
    | "canceled"
    | "processing"
    | "requires_action"
    | "requires_confirmation"
    | "requires_payment_method"
    | "succeeded"
  metadata: Metadata
}
export interface PaymentError {
  type: "card_error"
  code: string
  decline_code?: string
  message: string
}

export interface SetupIntent {
  id: string
  object: "setup_intent"
  created: number
  livemode: boolean
  customer: string | null
  payment_method: string | null
  status: "requires_payment_method" | "requires_action" | "succeeded" | "canceled"
  usage: "off_session"
  metadata: Metadata
}

export interface Charge {
  id: string
  object: "charge"
  created: number
  livemode: boolean
  amount: number
  amount_captured: number
  amount_refunded: number
  balance_transaction: string | null
  captured: boolean
  currency: string
  customer: string | null
  description: string | null
  disputed: boolean
  failure_code: string | null
  failure_message: string | null
  paid: boolean
  payment_intent: string | null
  payment_method: string | null
  payment_method_details: { type: "card"; card: { fingerprint: string } } | null
  receipt_url: string | null
  refunded: boolean
  status: "failed" | "pending" | "succeeded"
  metadata: Metadata
}

export interface Refund {
  id: string
  object: "refund"
  created: number
  amount: number
  balance_transaction: string | null
  charge: string
  currency: string
  failure_balance_transaction?: string
  failure_reason?: string
  payment_intent: string | null
  reason: "duplicate" | "fraudulent" | "requested_by_customer" | null
  status: "pending" | "succeeded" | "failed" | "canceled"
  metadata: Metadata
}

export interface Dispute {
  id: string
  object: "dispute"
  created: number
  livemode: boolean
  amount: number
  balance_transactions: BalanceTransaction[]
  charge: string
  currency: string
  is_charge_refundable: boolean
  payment_intent: string | null
  reason: string
  status: "needs_response" | "under_review" | "won" | "lost" | "warning_needs_response" | "warning_closed"
  metadata: Metadata
}

export interface EarlyFraudWarning {
  id: string
  object: "radar.early_fraud_warning"
  created: number
  livemode: boolean
  actionable: boolean
  charge: string
  fraud_type: string
  payment_intent?: string
}

export interface BalanceTransaction {
  id: string
  object: "balance_transaction"
  created: number
  available_on: number
  amount: number
  fee: number
  net: number
  currency: string
  description: string | null
  source: string | null
  status: "available"
  type: "charge" | "refund" | "refund_failure" | "adjustment" | "transfer" | "stripe_fee" | "payout"
  reporting_category: string
}

export interface Session {
  id: string
  object: "checkout.session"
  created: number
  livemode: boolean
  mode: "payment" | "subscription" | "setup"
  status: "open" | "complete" | "expired"
  payment_status: "no_payment_required" | "paid" | "unpaid"
  amount_subtotal: number | null
  amount_total: number | null
  automatic_tax: {
    enabled: boolean
    liability: null
    provider: null
    status: "complete" | "requires_location_inputs" | null
  }
  cancel_url: string | null
  client_reference_id: string | null
  currency: string | null
  customer: string | null
  customer_details: {
    address: Address | null
    business_name: null
    email: string | null
    individual_name: null
    name: string | null
    phone: null
    tax_exempt: "exempt" | "none" | "reverse" | null
    tax_ids: { type: "eu_vat"; value: string | null }[]
  } | null
  customer_email: string | null
  discounts: { coupon: string | null; promotion_code: null }[]
  expires_at: number
  invoice: string | null
  metadata: Metadata
  payment_intent: string | null
  setup_intent: string | null
  subscription: string | null
  success_url: string | null
  total_details: { amount_discount: number; amount_shipping: number; amount_tax: number } | null
  ui_mode: "hosted_page"
  url: string | null
}

export interface SubscriptionItem {
  id: string
  object: "subscription_item"
  created: number
  current_period_end: number
  current_period_start: number
  price: Price
  quantity: number
  subscription: string
  metadata: Metadata
}

export interface Subscription {
  id: string
  object: "subscription"
  created: number
  livemode: boolean
  billing_cycle_anchor: number
  cancel_at: number | null
  cancel_at_period_end: boolean
  canceled_at: number | null
  collection_method: "charge_automatically"
  currency: string
  customer: string
  default_payment_method: string | null
  discounts: string[]
  ended_at: number | null
  items: Page<SubscriptionItem>
  latest_invoice: string | null
  metadata: Metadata
  pause_collection: { behavior: "keep_as_draft" | "mark_uncollectible" | "void"; resumes_at: number | null } | null
  schedule: string | null
  start_date: number
  status: "active" | "canceled" | "incomplete" | "incomplete_expired" | "past_due" | "paused" | "unpaid"
  test_clock: string | null
}

export interface InvoiceLine {
  id: string
  object: "line_item"
  amount: number
  currency: string
  description: string | null
  discount_amounts: { amount: number; discount: string }[]
  invoice: string | null
  livemode: boolean
  metadata: Metadata
  parent: {
    invoice_item_details: null
    subscription_item_details: {
      invoice_item: null
      proration: boolean
      proration_details: null
      subscription: string
      subscription_item: string
    }
    type: "subscription_item_details"
  }
  period: { start: number; end: number }
  pricing: { price_details: { price: string; product: string }; type: "price_details"; unit_amount_decimal: null }
  quantity: number
  subtotal: number
}

export interface Invoice {
  id: string
  object: "invoice"
  created: number
  livemode: boolean
  amount_due: number
  amount_paid: number
  amount_remaining: number
  attempt_count: number
  attempted: boolean
  auto_advance: boolean
  automatically_finalizes_at: number | null
  billing_reason: "manual" | "subscription_create" | "subscription_cycle" | "subscription_update" | "upcoming"
  collection_method: "charge_automatically"
  currency: string
  customer: string
  customer_address: Address | null
  customer_email: string | null
  customer_name: string | null
  customer_tax_exempt: "exempt" | "none" | "reverse" | null
  customer_tax_ids: { type: "eu_vat"; value: string | null }[] | null
  automatic_tax: {
    disabled_reason: null
    enabled: boolean
    liability: null
    provider: null
    status: "complete" | null
  }
  ending_balance: number | null
  hosted_invoice_url: string | null
  lines: Page<InvoiceLine>
  metadata: Metadata
  next_payment_attempt: number | null
  number: string | null
  parent: {
    quote_details: null
    subscription_details: { metadata: Metadata; subscription: string }
    type: "subscription_details"
  } | null
  payments?: Page<InvoicePayment>
  period_end: number
  period_start: number
  starting_balance: number
  status: "draft" | "open" | "paid" | "uncollectible" | "void"
  status_transitions: {
    finalized_at: number | null
    marked_uncollectible_at: number | null
    paid_at: number | null
    voided_at: number | null
  }
  subtotal: number
  total: number
  total_discount_amounts: { amount: number; discount: string }[]
  total_excluding_tax: number
  total_taxes: {
    amount: number
    tax_behavior: "exclusive" | "inclusive"
    tax_rate_details: null
    taxability_reason: "standard_rated"
    taxable_amount: number
    type: "tax_rate_details"
  }[]
}

export interface InvoicePayment {
  id: string
  object: "invoice_payment"
  created: number
  livemode: boolean
  amount_paid: number | null
  amount_requested: number
  currency: string
  invoice: string
  is_default: boolean
  payment: { type: "payment_intent"; payment_intent: string }
  status: "open" | "paid" | "canceled"
}

export interface Schedule {
  id: string
  object: "subscription_schedule"
  created: number
  livemode: boolean
  customer: string
  subscription: string | null
  released_at: number | null
  released_subscription: string | null
  canceled_at: number | null
  completed_at: number | null
  end_behavior: "cancel" | "release"
  current_phase: { start_date: number; end_date: number } | null
  phases: Phase[]
  status: "active" | "canceled" | "completed" | "not_started" | "released"
  metadata: Metadata
}
export interface Phase {
  start_date: number
  end_date: number
  items: { price: string; quantity: number; metadata: Metadata }[]
  proration_behavior: "always_invoice" | "create_prorations" | "none"
}

export interface WebhookEndpoint {
  id: string
  object: "webhook_endpoint"
  created: number
  livemode: boolean
  api_version: string | null
  description: string | null
  enabled_events: string[]
  metadata: Metadata
  secret?: string
  status: "enabled" | "disabled"
  url: string
}

export interface PortalConfiguration {
  id: string
  object: "billing_portal.configuration"
  created: number
  livemode: boolean
  active: boolean
  /** The one that the account's dashboard says. */
  is_default: boolean
  default_return_url: string | null
  features: {
    customer_update: { enabled: boolean; allowed_updates: string[] }
    invoice_history: { enabled: boolean }
    payment_method_update: { enabled: boolean }
    subscription_cancel: { enabled: boolean; mode: "at_period_end" | "immediately"; proration_behavior: string }
    subscription_update: { enabled: boolean }
  }
  metadata: Record<string, string>
}

export interface PortalSession {
  id: string
  object: "billing_portal.session"
  created: number
  livemode: boolean
  customer: string
  configuration: string
  return_url: string | null
  url: string
}

export interface TestClock {
  id: string
  object: "test_helpers.test_clock"
  created: number
  livemode: boolean
  frozen_time: number
  name: string | null
  status: "ready"
  deletes_after: number
}

export interface Account {
  id: string
  object: "account"
  created: number
  charges_enabled: boolean
  payouts_enabled: boolean
  details_submitted: boolean
  email: string | null
  country: string
  default_currency: string
  type: "express" | "standard" | "custom"
  metadata: Metadata
}

export interface Transfer {
  id: string
  object: "transfer"
  created: number
  livemode: boolean
  amount: number
  amount_reversed: number
  balance_transaction: string | null
  currency: string
  description: string | null
  destination: string
  reversed: boolean
  transfer_group: string | null
  metadata: Metadata
}

export interface StripeEvent {
  id: string
  object: "event"
  api_version: string
  created: number
  livemode: boolean
  account?: string
  type: string
  data: { object: object; previous_attributes?: object }
  pending_webhooks: number
  request: { id: string | null; idempotency_key: string | null } | null
}

/** Whatever has an id. */
export interface Named {
  id: string
  object: string
  created: number
}

// The official types, as far as each of ours goes.
export type Checked = [
  Holds<Customer, Of<Stripe.Customer, "id" | "email" | "balance" | "address" | "metadata">>,
  Holds<Product, Of<Stripe.Product, keyof Product & keyof Stripe.Product>>,
  Holds<Price, Omit<Of<Stripe.Price, keyof Price & keyof Stripe.Price>, "recurring">>,
  Holds<PaymentIntent, Omit<Of<Stripe.PaymentIntent, keyof PaymentIntent>, "last_payment_error">>,
  Holds<SetupIntent, Of<Stripe.SetupIntent, keyof SetupIntent>>,
  Holds<Charge, Of<Stripe.Charge, Exclude<keyof Charge, "payment_method_details">>>,
  Holds<Refund, Of<Stripe.Refund, keyof Refund>>,
  Holds<Dispute, Of<Stripe.Dispute, Exclude<keyof Dispute, "balance_transactions">>>,
  Holds<BalanceTransaction, Of<Stripe.BalanceTransaction, Exclude<keyof BalanceTransaction, "type">>>,
  Holds<Session, Of<Stripe.Checkout.Session, keyof Session>>,
  Holds<Invoice, Omit<Of<Stripe.Invoice, keyof Invoice>, "lines" | "payments" | "total_taxes">>,
  Holds<InvoiceLine, Omit<Of<Stripe.InvoiceLineItem, keyof InvoiceLine>, "pricing">>,
  Holds<Subscription, Omit<Of<Stripe.Subscription, keyof Subscription>, "items">>,
  Holds<SubscriptionItem, Omit<Of<Stripe.SubscriptionItem, keyof SubscriptionItem>, "price">>,
  Holds<WebhookEndpoint, Omit<Of<Stripe.WebhookEndpoint, keyof WebhookEndpoint>, never>>,
  Holds<Transfer, Of<Stripe.Transfer, keyof Transfer>>,
]
