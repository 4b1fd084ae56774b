// The mails of subscriptions: what was paid, what could not be, and what became of them. Products are named by their short name, which is
// plain letters: titles are a stranger's words.
import { type Nano, nano, type UserId, withoutTrailing } from "../../app/index.ts"
import type { Letter, Paragraph } from "../../part/index.ts"
import type { Tx } from "../../store/index.ts"
import type { Core } from "./core.ts"
import type { BillKind } from "./types.ts"

const dollars = (amount: Nano): string => {
  const micro = (BigInt(amount) + 999n) / 1_000n
  const [whole, part] = [
    micro / 1_000_000n,
    withoutTrailing(String(micro % 1_000_000n).padStart(6, "0"), "0").padEnd(2, "0"),
  ]
  return `$${Number(whole).toLocaleString("en-US")}.${part}`
}

const dayWords = (ms: number): string =>
  new Date(ms).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" })

const page = (baseUrl: string, subscription: string): Paragraph => ({
  text: "See the subscription:",
  link: `${baseUrl}/subscriptions/${subscription}`,
})

export interface PaidData {
  product: string
  kind: BillKind
  paidNano: Nano
  untilMs: number
  /** INV-2026-001 */
  invoice: string
  subscription: string
}

const FOR: Record<BillKind, (data: PaidData) => string> = {
  trial: ({ product }) => `your trial of ${product}`,
  period: ({ product, untilMs }) => `${product} until ${dayWords(untilMs)} (UTC)`,
  upgrade: ({ product }) => `your new plan of ${product}`,
  overage: ({ product }) => `calls of ${product} beyond your plan`,
}

/** A kind that a later release has not is a period’s. */
const wordsFor = (data: PaidData): string => ((FOR as Partial<typeof FOR>)[data.kind] ?? FOR.period)(data)

export const paidLetter: Letter<PaidData> = {
  kind: "market_paid",
  subject: (data) => `Receipt: ${dollars(data.paidNano)} for ${data.product}`,
  body: (data, { baseUrl }) => [
    `You paid ${dollars(data.paidNano)} with your credits for ${wordsFor(data)}.`,
    ...(data.kind === "overage" ? ["It was taken call by call; this is the invoice for all of them."] : []),
    { text: `Invoice ${data.invoice}:`, link: `${baseUrl}/credits/invoices/${data.invoice}` },
    page(baseUrl, data.subscription),
  ],
  sample: {
    product: "weather",
    kind: "period",
    paidNano: nano(29_990_000_000),
    untilMs: Date.UTC(2026, 6, 1),
    invoice: "INV-2026-004",
    subscription: "msb_1",
  },
  others: (["trial", "upgrade", "overage"] as const).map((kind) => ({
    product: "weather",
    kind,
    paidNano: nano(29_990_000_000),
    untilMs: Date.UTC(2026, 6, 1),
    invoice: "INV-2026-004",
    subscription: "msb_1",
  })),
}

export interface UnpaidData {
  product: string
  needNano: Nano
  /** Calls go on until then; null = they are refused. */
  untilMs: number | null
  endsMs: number
  subscription: string
}

export const unpaidLetter: Letter<UnpaidData> = {
  kind: "market_unpaid",
  subject: ({ product, untilMs }) =>
    untilMs === null
      ? `Calls of ${product} are refused until it is paid`
      : `${product} could not be renewed: credits are short`,
  body: ({ needNano, product, untilMs, endsMs, subscription }, { baseUrl }) => [
    `The next period of ${product} costs ${dollars(needNano)}, and you have fewer bought credits than that. Credits that were a gift do not count.`,
    untilMs === null
      ? "Its calls are refused now. The same keys work again as soon as it is paid."
      : `Its calls go on until ${dayWords(untilMs)} (UTC).`,
    { text: "Buy credits; it is then paid by itself:", link: `${baseUrl}/credits` },
    `Without payment the subscription ends on ${dayWords(endsMs)} (UTC).`,
    page(baseUrl, subscription),
  ],
  sample: {
    product: "weather",
    needNano: nano(29_990_000_000),
    untilMs: Date.UTC(2026, 6, 4),
    endsMs: Date.UTC(2026, 7, 1),
    subscription: "msb_1",
  },
  others: [
    {
      product: "weather",
      needNano: nano(29_990_000_000),
      untilMs: null,
      endsMs: Date.UTC(2026, 7, 1),
      subscription: "msb_1",
    },
  ],
}

export type Became = "ended_unpaid" | "banned" | "unbanned" | "revoked" | "moved"
export interface BecameData {
  product: string
  became: Became
  subscription: string
}

const WORDS: Record<Became, (product: string) => { subject: string; text: string }> = {
  ended_unpaid: (product) => ({
    subject: `Your subscription to ${product} ended`,
    text: `It was not paid, so it is over, with its keys. Nothing more is charged. You can subscribe again at any time.`,
  }),
  banned: (product) => ({
    subject: `Calls of ${product} are refused`,
    text: `Its publisher blocked your subscription to ${product}. It is not renewed, and nothing more is charged.`,
  }),
  unbanned: (product) => ({
    subject: `Calls of ${product} go through again`,
    text: `Its publisher no longer blocks your subscription to ${product}. The same keys work.`,
  }),
  revoked: (product) => ({
    subject: `Your subscription to ${product} was ended`,
    text: `Its publisher ended your subscription to ${product}, with its keys. Nothing more is charged.`,
  }),
  moved: (product) => ({
    subject: `You have another plan of ${product}`,
    text: `Its publisher moved you to another plan of ${product}. It costs you nothing until the period ends, and never more than before unless you say so.`,
  }),
}

const wordsOf = (became: Became): (typeof WORDS)[Became] => (WORDS as Partial<typeof WORDS>)[became] ?? WORDS.revoked

export const becameLetter: Letter<BecameData> = {
  kind: "market_became",
  subject: ({ became, product }) => wordsOf(became)(product).subject,
  body: ({ became, product, subscription }, { baseUrl }) => [
    wordsOf(became)(product).text,
    page(baseUrl, subscription),
  ],
  sample: { product: "weather", became: "banned", subscription: "msb_1" },
  others: (["ended_unpaid", "unbanned", "revoked", "moved"] as const).map((became) => ({
    product: "weather",
    became,
    subscription: "msb_1",
  })),
}

export interface RefundedData {
  product: string
  backNano: Nano
  invoice: string
  /** CN-2026-001 */
  note: string
  subscription: string
  /** To the publisher: what of it they had earned; null = to who paid. */
  earnedNano: Nano | null
}

/** Of a payment that was given back, to who paid it, and to the publisher where an admin did it. */
export const refundedLetter: Letter<RefundedData> = {
  kind: "market_refunded",
  subject: ({ backNano, product }) => `Given back: ${dollars(backNano)} for ${product}`,
  body: ({ backNano, product, invoice, note, earnedNano, subscription }, { baseUrl }) =>
    earnedNano === null
      ? [
          `${dollars(backNano)} of what you paid for ${product} went back to your credits, to those that had paid it.`,
          { text: `Credit note ${note}, of invoice ${invoice}:`, link: `${baseUrl}/credits/invoices/${invoice}` },
          page(baseUrl, subscription),
        ]
      : [
          `The people who run this service gave ${dollars(backNano)} of a payment for ${product} back to a consumer. ${dollars(earnedNano)} of it was your part.`,
          "It comes off what you have pending; what had been paid out to you already comes off what you earn next.",
          { text: "See your revenue:", link: `${baseUrl}/publisher/revenue` },
        ],
  sample: {
    product: "weather",
    backNano: nano(29_990_000_000),
    invoice: "INV-2026-004",
    note: "CN-2026-001",
    subscription: "msb_1",
    earnedNano: null,
  },
  others: [
    {
      product: "weather",
      backNano: nano(29_990_000_000),
      invoice: "INV-2026-004",
      note: "CN-2026-001",
      subscription: "msb_1",
      earnedNano: nano(26_991_000_000),
    },
  ],
}

export interface TrialEndsData {
  product: string
  /** Of each period from then on. */
  priceNano: Nano
  endsMs: number
  /** Bought credits do not reach for it. */
  isShort: boolean
  subscription: string
}

export const trialEndsLetter: Letter<TrialEndsData> = {
  kind: "market_trial_ends",
  subject: ({ product, endsMs }) => `Your trial of ${product} ends on ${dayWords(endsMs)}`,
  body: ({ product, priceNano, endsMs, isShort, subscription }, { baseUrl }) => [
    `Your trial of ${product} ends on ${dayWords(endsMs)} (UTC). From then on it costs ${dollars(priceNano)} each period, paid with your bought credits.`,
    ...(isShort
      ? [
          {
            text: "You have fewer of them than that. Buy credits to go on without a break:",
            link: `${baseUrl}/credits`,
          },
        ]
      : []),
    "If you cancel before, you pay nothing, and it works until the trial ends.",
    page(baseUrl, subscription),
  ],
  sample: {
    product: "weather",
    priceNano: nano(29_990_000_000),
    endsMs: Date.UTC(2026, 6, 14),
    isShort: true,
    subscription: "msb_1",
  },
  others: [
    {
      product: "weather",
      priceNano: nano(29_990_000_000),
      endsMs: Date.UTC(2026, 6, 14),
      isShort: false,
      subscription: "msb_1",
    },
  ],
}

export const SUBSCRIPTION_LETTERS = [trialEndsLetter, paidLetter, unpaidLetter, becameLetter, refundedLetter] as const

/** To whoever is still there. */
export function tellIn<T>(
  { identity, mails }: { identity: Pick<Core["identity"], "userById">; mails: Core["mails"] },
  tx: Tx,
  userId: UserId,
  letter: Letter<T>,
  data: T,
): void {
  const person = identity.userById(userId)
  if (person) mails.queueIn(tx, letter, { to: person.email, data, uselessAfterMs: null })
}
