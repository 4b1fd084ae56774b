// Saved cards: kept by a page of the processor, shown, and taken off.
import type Stripe from "stripe"
import type { Asked } from "./client.ts"
import { idOf } from "./read.ts"
import { ProcessorError } from "./types.ts"

export interface CardFacts {
  /** `pm_…` */
  id: string
  /** null = it belongs to nobody any more. */
  customerId: string | null
  brand: string
  last4: string
  expMonth: number
  expYear: number
}

/** A card that somebody saved, or is about to. */
export interface SetupFacts {
  /** Made for auto-recharge: its person was told what it is for. */
  isOurs: boolean
  customerId: string | null
  /** Once it is saved. */
  card: CardFacts | null
  /** Of the page; null = it is over, or never was. */
  url: string | null
  isLive: boolean
}

/** @throws ProcessorError */
export interface CardCalls {
  /** A page to save a card on. */
  createSetup(
    input: {
      customerId: string
      returnUrl: string
      cancelUrl: string
      /** Tax, or the paper, depends on where its owner is. */
      asksWho?: boolean
    },
    key: string,
  ): Promise<SetupFacts>
  /** By the id of that page, `cs_…`. */
  setup(sessionId: string): Promise<SetupFacts>
  /** By its own id, `seti_…`. */
  setupIntent(id: string): Promise<SetupFacts>
  /** null = it is not a card, or gone. */
  card(id: string): Promise<CardFacts | null>
  /** What names the card of a charge, whoever pays with it; null = it was no card. */
  cardOfCharge(chargeId: string): Promise<string | null>
  /** Nothing happens to one that is off already. */
  detachCard(id: string, key: string): Promise<void>
}

const SETUP_EXPAND = ["setup_intent.payment_method"]

/** Only with this word of ours may a card be charged without its person. */
const PURPOSE = "auto-recharge"

export function cardCalls(stripe: Stripe, asked: Asked): CardCalls {
  return {
    async cardOfCharge(chargeId) {
      const { payment_method_details: details } = await asked(stripe.charges.retrieve(chargeId))
      return details?.card?.fingerprint ?? null
    },
    async createSetup({ customerId, returnUrl, cancelUrl, asksWho }, idempotencyKey) {
      const input = {
        mode: "setup",
        payment_method_types: ["card"],
        customer: customerId,
        setup_intent_data: { metadata: { purpose: PURPOSE } },
        success_url: returnUrl,
        cancel_url: cancelUrl,
        ...(asksWho ? { billing_address_collection: "required" as const } : {}),
      } satisfies Stripe.Checkout.SessionCreateParams
      return readSetup(await asked(stripe.checkout.sessions.create(input, { idempotencyKey })))
    },
    setup: async (id) => readSetup(await asked(stripe.checkout.sessions.retrieve(id, { expand: SETUP_EXPAND }))),
    setupIntent: async (id) =>
      readSetupIntent(await asked(stripe.setupIntents.retrieve(id, { expand: ["payment_method"] })), null),
    async card(id) {
      try {
        return readCard(await asked(stripe.paymentMethods.retrieve(id)))
      } catch (error) {
        if (error instanceof ProcessorError && error.kind === "gone") return null
        throw error
      }
    },
    async detachCard(id, idempotencyKey) {
      try {
        await asked(stripe.paymentMethods.detach(id, {}, { idempotencyKey }))
      } catch (error) {
        const isOff = error instanceof ProcessorError && (error.kind === "gone" || error.kind === "invalid")
        if (!isOff) throw error
      }
    },
  }
}

function readSetup(session: Stripe.Checkout.Session): SetupFacts {
  const intent = typeof session.setup_intent === "object" ? session.setup_intent : null
  if (intent) return readSetupIntent(intent, session.url)
  const { customer, url, livemode } = session
  return { isOurs: false, customerId: idOf(customer), card: null, url, isLive: livemode }
}

function readSetupIntent(intent: Stripe.SetupIntent, url: string | null): SetupFacts {
  const method = typeof intent.payment_method === "object" ? intent.payment_method : null
  return {
    isOurs: intent.metadata?.purpose === PURPOSE,
    customerId: idOf(intent.customer),
    card: method && intent.status === "succeeded" ? readCard(method) : null,
    url,
    isLive: intent.livemode,
  }
}

function readCard(method: Stripe.PaymentMethod): CardFacts | null {
  const { card } = method
  if (!card) return null
  const { brand, last4, exp_month, exp_year } = card
  return { id: method.id, customerId: idOf(method.customer), brand, last4, expMonth: exp_month, expYear: exp_year }
}
