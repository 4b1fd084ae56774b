// The mails of auto-recharge: what a card was charged, and what its person has to do where it was not.
import { type Nano, nano } from "../../app/index.ts"
import type { Letter, Paragraph } from "../../part/index.ts"
import { creditsWords, dollars } from "../money.ts"
import { invoiceLine } from "../receipts/mails.ts"
import type { OffWhy } from "./types.ts"

export interface ChargedData {
  amountNano: Nano
  /** "Visa ending in 4242" */
  card: string
  orderId: string
}
const CHARGED: ChargedData = { amountNano: nano(10_000_000_000), card: "Visa ending in 4242", orderId: "ord_1" }

const orderLink = (baseUrl: string, orderId: string): string => `${baseUrl}/credits/orders/${orderId}`

export interface RechargedData extends ChargedData {
  /** What is credited; in mails that were queued by an older release it is what was charged. */
  creditsNano?: Nano
  /** INV-2026-001; mails that were queued by an older release have none. */
  invoice?: string
}

export const rechargePaid: Letter<RechargedData> = {
  kind: "recharge_paid",
  subject: ({ amountNano }, { productName }) => `${productName} bought credits for ${dollars(amountNano)}`,
  body: ({ amountNano, creditsNano = amountNano, card, orderId, invoice }, { baseUrl }): Paragraph[] => [
    `Your credits ran low, so your card was charged as you had set it: ${dollars(amountNano)} from your ${card}. The ${creditsWords(creditsNano)} are there.`,
    ...(invoice ? [invoiceLine(baseUrl, invoice)] : [{ text: "See the order:", link: orderLink(baseUrl, orderId) }]),
    { text: "Change or turn off auto-recharge:", link: `${baseUrl}/credits/cards` },
  ],
  sample: { ...CHARGED, invoice: "INV-2026-001" },
  others: [CHARGED],
}

export interface FailedData extends ChargedData {
  /** Auto-recharge is off because of it. */
  isOff: boolean
}

const GOES_ON = "It is tried again by itself, later each time."
const IS_OFF = "It did not work three times in a row, so auto-recharge is off. Turn it on again when the card works."

export const rechargeDeclined: Letter<FailedData> = {
  kind: "recharge_declined",
  subject: ({ isOff }, { productName }) =>
    isOff ? `${productName} auto-recharge is off: your card was declined` : `Your card was declined by its bank`,
  body: ({ amountNano, card, orderId, isOff }, { baseUrl }) => [
    `Your credits ran low, and the bank of your ${card} refused ${dollars(amountNano)}. Nothing was charged.`,
    { text: "Pay it yourself, with this card or another one:", link: orderLink(baseUrl, orderId) },
    isOff ? IS_OFF : GOES_ON,
    { text: "Save another card:", link: `${baseUrl}/credits/cards` },
  ],
  sample: { ...CHARGED, isOff: false },
  others: [{ ...CHARGED, isOff: true }],
}

export const rechargeAsks: Letter<FailedData> = {
  kind: "recharge_asks",
  subject: ({ amountNano }) => `Your bank asks you to confirm ${dollars(amountNano)}`,
  body: ({ amountNano, card, orderId, isOff }, { baseUrl }) => [
    `Your credits ran low. The bank of your ${card} pays ${dollars(amountNano)} only when you confirm it yourself. Nothing was charged yet.`,
    { text: "Confirm the payment:", link: orderLink(baseUrl, orderId) },
    isOff ? IS_OFF : "Nothing else is charged until then. If you do nothing, this order ends after three days.",
  ],
  sample: { ...CHARGED, isOff: false },
  others: [{ ...CHARGED, isOff: true }],
}

export const rechargeNeedsPlace: Letter<FailedData> = {
  kind: "recharge_needs_address",
  subject: () => "Your address is needed to buy credits",
  body: ({ amountNano, card, orderId, isOff }, { baseUrl }) => [
    `Your credits ran low. Tax depends on where you are, and no address is known for your ${card}, so the ${dollars(amountNano)} were not charged.`,
    { text: "Pay it once with your address; after that it goes by itself:", link: orderLink(baseUrl, orderId) },
    isOff ? IS_OFF : "Nothing else is charged until then. If you do nothing, this order ends after three days.",
  ],
  sample: { ...CHARGED, isOff: false },
  others: [{ ...CHARGED, isOff: true }],
}

export interface CardData {
  card: string
  /** "03/2027" */
  expires: string
}

export const cardExpires: Letter<CardData> = {
  kind: "card_expires",
  subject: ({ card }) => `Your ${card} expires soon`,
  body: ({ card, expires }, { baseUrl }) => [
    `The card that auto-recharge charges, your ${card}, is good until the end of ${expires}.`,
    { text: "Save another one, so that your apps go on working:", link: `${baseUrl}/credits/cards` },
  ],
  sample: { card: "Visa ending in 4242", expires: "03/2027" },
}

export interface OffData {
  /** unknown: the house has another account at the processor than when it was saved. */
  why: Exclude<OffWhy, "declined"> | "unknown"
  card: string
}

function offBecause({ why, card }: OffData): string {
  if (why === "expired")
    return `Your credits ran low, but your ${card} has expired. Nothing was charged, and auto-recharge is off.`
  if (why === "unknown")
    return `Your credits ran low, but your ${card} was saved with another account of our payment service than we use now. Nothing was charged, and auto-recharge is off.`
  return `Your ${card} was taken off, and it was the last one. Auto-recharge is off.`
}

export const rechargeOff: Letter<OffData> = {
  kind: "recharge_off",
  subject: (_, { productName }) => `${productName} auto-recharge is off`,
  body: (data, { baseUrl }) => [
    offBecause(data),
    { text: "Save a card and turn it on again:", link: `${baseUrl}/credits/cards` },
  ],
  sample: { why: "expired", card: "Visa ending in 4242" },
  others: (["unknown", "card"] as const).map((why) => ({ why, card: "Visa ending in 4242" })),
}

export interface CappedData {
  capNano: Nano
}

export const rechargeCapped: Letter<CappedData> = {
  kind: "recharge_capped",
  subject: (_, { productName }) => `Your ${productName} auto-recharge has reached its limit for this month`,
  body: ({ capNano }, { baseUrl }) => [
    `Your credits ran low, but one more charge would go above the ${dollars(capNano)} a month that you set. Nothing was charged.`,
    { text: "Buy credits, or raise the limit:", link: `${baseUrl}/credits/cards` },
    "It goes on by itself with the next month (UTC).",
  ],
  sample: { capNano: nano(50_000_000_000) },
}

export const RECHARGE_LETTERS = [
  rechargePaid,
  rechargeDeclined,
  rechargeAsks,
  rechargeNeedsPlace,
  cardExpires,
  rechargeOff,
  rechargeCapped,
] as const
