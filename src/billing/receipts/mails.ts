// The mails of money that came: what was paid, what it gave, and where the invoice lies.
import { type Nano, nano } from "../../app/index.ts"
import type { Letter, Paragraph } from "../../part/index.ts"
import { creditsWords, dollars } from "../money.ts"

interface PaidData {
  /** n$, tax included; 0 = nothing was to be paid. */
  paidNano: Nano
  taxNano: Nano
  /** INV-2026-001 */
  invoice: string
  /** The processor is in test mode. */
  isTest: boolean
}

export interface OrderPaidData extends PaidData {
  /** "Plus" */
  what: string
  /** Of a payment that an admin wrote down. */
  isByHand: boolean
  /** All of them. */
  creditsNano: Nano
  /** Of these, off the price by a coupon; and on top, as a gift. */
  couponNano: Nano
  bonusNano: Nano
  /** "1 June 2027", UTC: until when the gift is good; null = for ever. */
  bonusUntil: string | null
}

/** Where an invoice is read and printed. */
export const invoiceLine = (baseUrl: string, invoice: string): Paragraph => ({
  text: `See the invoice ${invoice}:`,
  link: `${baseUrl}/credits/invoices/${invoice}`,
})

const TEST = "The payment service is in test mode: no money moved."

const taxWords = ({ taxNano }: PaidData): string => (taxNano > 0 ? `, ${dollars(taxNano)} of it tax` : "")
const ending = (data: PaidData, baseUrl: string): Paragraph[] => [
  ...(data.isTest ? [TEST] : []),
  invoiceLine(baseUrl, data.invoice),
]

export const orderPaid: Letter<OrderPaidData> = {
  kind: "order_paid",
  subject: ({ what, paidNano }) =>
    paidNano > 0 ? `Receipt: ${dollars(paidNano)} for ${what}` : `${what}: nothing was to be paid`,
  body: (data, { baseUrl }) => [
    data.paidNano === 0
      ? `Your order of ${data.what} is complete. Nothing was to be paid.`
      : data.isByHand
        ? `Your payment of ${dollars(data.paidNano)} for ${data.what} has arrived${taxWords(data)}. Thank you.`
        : `You paid ${dollars(data.paidNano)} for ${data.what}${taxWords(data)}. Thank you.`,
    creditsSentence(data),
    ...ending(data, baseUrl),
  ],
  sample: {
    what: "Plus",
    paidNano: nano(29_750_000_000),
    taxNano: nano(4_750_000_000),
    isByHand: false,
    creditsNano: nano(26_250_000_000),
    couponNano: nano(0),
    bonusNano: nano(1_250_000_000),
    bonusUntil: "1 June 2027",
    invoice: "INV-2026-001",
    isTest: false,
  },
  others: [
    {
      what: "Plus",
      paidNano: nano(0),
      taxNano: nano(0),
      isByHand: false,
      creditsNano: nano(25_000_000_000),
      couponNano: nano(25_000_000_000),
      bonusNano: nano(0),
      bonusUntil: null,
      invoice: "INV-2026-001",
      isTest: true,
    },
    {
      what: "Plus",
      paidNano: nano(25_000_000_000),
      taxNano: nano(0),
      isByHand: true,
      creditsNano: nano(26_250_000_000),
      couponNano: nano(0),
      bonusNano: nano(1_250_000_000),
      bonusUntil: null,
      invoice: "INV-2026-001",
      isTest: false,
    },
  ],
}

function creditsSentence({ creditsNano, couponNano, bonusNano, bonusUntil }: OrderPaidData): string {
  const parts = [
    ...(couponNano > 0 ? [`${creditsWords(couponNano)} by your coupon`] : []),
    ...(bonusNano > 0
      ? [`${creditsWords(bonusNano)} on top${bonusUntil === null ? "" : `, good until ${bonusUntil} (UTC)`}`]
      : []),
  ]
  const among = parts.length === 0 ? "" : ` Among them: ${parts.join("; ")}.`
  return `${creditsWords(creditsNano)} are in your balance.${among}`
}

export interface PlanPaidData extends PaidData {
  plan: string
  /** "1 July 2026", UTC. */
  until: string
  grantedNano: Nano
  /** Its credits come month by month. */
  isYear: boolean
  /** From another plan, in the middle of a period. */
  isChange: boolean
}

export const planPaid: Letter<PlanPaidData> = {
  kind: "plan_paid",
  subject: ({ plan, paidNano }) =>
    paidNano > 0 ? `Receipt: ${dollars(paidNano)} for your plan ${plan}` : `${plan} goes on: nothing was to be paid`,
  body: (data, { baseUrl }) => [
    planSentence(data),
    ...(data.grantedNano > 0
      ? [`It gives you ${creditsWords(data.grantedNano)}${data.isYear ? ", month by month" : ""}.`]
      : []),
    ...ending(data, baseUrl),
    { text: "Change or end your plan:", link: `${baseUrl}/credits/plans` },
  ],
  sample: {
    plan: "Starter",
    until: "1 July 2026",
    paidNano: nano(30_000_000_000),
    taxNano: nano(0),
    grantedNano: nano(30_000_000_000),
    isYear: false,
    isChange: false,
    invoice: "INV-2026-002",
    isTest: false,
  },
  others: [
    {
      plan: "Pro",
      until: "1 July 2027",
      paidNano: nano(287_900_000_000),
      taxNano: nano(0),
      grantedNano: nano(30_000_000_000),
      isYear: true,
      isChange: true,
      invoice: "INV-2026-003",
      isTest: false,
    },
    {
      plan: "Pro",
      until: "1 July 2026",
      paidNano: nano(0),
      taxNano: nano(0),
      grantedNano: nano(0),
      isYear: false,
      isChange: false,
      invoice: "INV-2026-003",
      isTest: false,
    },
  ],
}

function planSentence(data: PlanPaidData): string {
  const { plan, until, paidNano, isChange } = data
  const period = `It is paid until ${until} (UTC).`
  if (paidNano === 0) return `Nothing was to be paid for your plan ${plan}. ${period}`
  const paid = `${dollars(paidNano)}${taxWords(data)}`
  return isChange
    ? `You moved to ${plan} and paid ${paid}. ${period}`
    : `You paid ${paid} for your plan ${plan}. ${period}`
}

export const RECEIPT_LETTERS = [orderPaid, planPaid] as const
