// Cards of Stripe's test mode: what each number does, on the page and later without its owner.
import { Fault } from "./fault.ts"
import type { Address, PaymentError, PaymentMethod } from "./types.ts"
import type { World } from "./world.ts"

export interface CardKind {
  brand: string
  last4: string
  country: string
  /** When its owner pays. */
  onPage: "ok" | "asks" | Decline
  /** Later, without its owner. */
  offSession: "ok" | "asks" | Decline
  /** What follows a payment. */
  after?: "dispute" | "warning"
}
interface Decline {
  code: string
  decline_code: string
  message: string
}

const DECLINED: Decline = { code: "card_declined", decline_code: "generic_decline", message: "Your card was declined." }
const NO_FUNDS: Decline = {
  code: "card_declined",
  decline_code: "insufficient_funds",
  message: "Your card has insufficient funds.",
}
const EXPIRED: Decline = { code: "expired_card", decline_code: "expired_card", message: "Your card has expired." }

const visa = { brand: "visa", country: "US", onPage: "ok", offSession: "ok" } as const
/** By number; the token of each is `pm_card_…`. */
export const CARDS: Readonly<Record<string, CardKind & { token: string }>> = {
  "4242424242424242": { ...visa, last4: "4242", token: "pm_card_visa" },
  "5555555555554444": { ...visa, brand: "mastercard", last4: "4444", token: "pm_card_mastercard" },
  "4000002760000016": { ...visa, last4: "0016", country: "DE", token: "pm_card_de" },
  "4000000000000002": {
    ...visa,
    last4: "0002",
    onPage: DECLINED,
    offSession: DECLINED,
    token: "pm_card_chargeDeclined",
  },
  "4000000000009995": {
    ...visa,
    last4: "9995",
    onPage: NO_FUNDS,
    offSession: NO_FUNDS,
    token: "pm_card_chargeDeclinedInsufficientFunds",
  },
  "4000000000000069": {
    ...visa,
    last4: "0069",
    onPage: EXPIRED,
    offSession: EXPIRED,
    token: "pm_card_chargeDeclinedExpiredCard",
  },
  "4000000000000341": { ...visa, last4: "0341", offSession: DECLINED, token: "pm_card_chargeCustomerFail" },
  "4000002500003155": { ...visa, last4: "3155", onPage: "asks", token: "pm_card_authenticationRequiredOnSetup" },
  "4000002760003184": {
    ...visa,
    last4: "3184",
    onPage: "asks",
    offSession: "asks",
    token: "pm_card_authenticationRequired",
  },
  "4000000000000259": { ...visa, last4: "0259", after: "dispute", token: "pm_card_createDispute" },
  "4000000000005423": { ...visa, last4: "5423", after: "warning", token: "pm_card_createIssuerFraudRecord" },
}
const KINDS = new WeakMap<PaymentMethod, CardKind>()
export const kindOf = (method: PaymentMethod): CardKind => KINDS.get(method) ?? CARDS["4242424242424242"]!
const numberOf = (token: string): string | undefined =>
  Object.entries(CARDS).find(([, card]) => card.token === token)?.[0]

/** @throws Fault for a number that is none of test mode */
export function makeCard(
  world: World,
  number: string,
  owner: { customer: string | null; email?: string | null; name?: string | null; address?: Address | null },
): PaymentMethod {
  const kind = CARDS[number.replace(/\D/g, "")]
  if (!kind)
    throw new Fault(402, "card_error", "Your card number is incorrect.", { code: "incorrect_number", param: "number" })
  const { brand, last4, country } = kind
  const method: PaymentMethod = {
    id: world.id("pm"),
    object: "payment_method",
    created: world.now(owner.customer),
    livemode: false,
    customer: owner.customer,
    type: "card",
    card: { brand, last4, exp_month: 12, exp_year: 2034, country, fingerprint: `fp${last4}` },
    billing_details: {
      address: owner.address ?? null,
      email: owner.email ?? null,
      name: owner.name ?? null,
      phone: null,
    },
    metadata: {},
  }
  KINDS.set(method, kind)
  return world.add(method)
}

/** A payment method by its id or by the token of a test card, which becomes one. */
export function methodBy(world: World, id: string, param: string): PaymentMethod {
  const number = numberOf(id)
  return number ? makeCard(world, number, { customer: null }) : world.find<PaymentMethod>("payment_method", id, param)
}

export const errorOf = ({ code, decline_code, message }: Decline): PaymentError => ({
  type: "card_error",
  code,
  decline_code,
  message,
})
export const AUTHENTICATION: PaymentError = {
  type: "card_error",
  code: "authentication_required",
  decline_code: "authentication_required",
  message: "Your card was declined. This transaction requires authentication.",
}
