// The mails of payouts. No number of an account stands in one, only how it ends.
import { type Nano, nano } from "../app/index.ts"
import type { Letter } from "../part/index.ts"

const dollars = (amount: Nano): string =>
  `$${Math.trunc(amount / 1e9).toLocaleString("en")}.${String(Math.trunc((amount % 1e9) / 1e7)).padStart(2, "0")}`

const PAYOUTS = "/developer/payouts"

export interface MethodData {
  /** "Bank account ending in 3000" */
  method: string
  usableMs: number
  /** Another one stood there before. */
  isChange: boolean
}

const dayOf = (ms: number): string => new Date(ms).toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" })

export const payoutMethodChanged: Letter<MethodData> = {
  kind: "payout_method",
  subject: ({ isChange }, { productName }) =>
    isChange ? `Your ${productName} payouts go somewhere else now` : `Where your ${productName} payouts go`,
  body: ({ method, usableMs, isChange }, { baseUrl }) => [
    isChange ? `Your payout method was changed. It is now: ${method}.` : `A payout method was set: ${method}.`,
    `Payouts go there from ${dayOf(usableMs)} on.`,
    { text: "If it was not you, take it off now, and change your password:", link: `${baseUrl}${PAYOUTS}/method` },
  ],
  sample: { method: "Bank account ending in 3000", usableMs: Date.UTC(2026, 10, 30), isChange: true },
  others: [{ method: "PayPal account", usableMs: Date.UTC(2026, 10, 30), isChange: false }],
}

export interface MethodCode {
  code: string
}

export const payoutMethodCode: Letter<MethodCode> = {
  kind: "payout_method_code",
  subject: ({ code }, { productName }) => `${code} is your ${productName} payout code`,
  body: ({ code }, { productName }) => [
    { text: "Your code is", code },
    `Enter it on the page where you named this PayPal account for payouts of ${productName}. It works for half an hour.`,
    "If you did not, ignore this mail: nothing is paid to you or taken from you.",
  ],
  sample: { code: "123456" },
}

export interface PayoutData {
  payout: string
  amountNano: Nano
  method: string
}

const PAYOUT: PayoutData = {
  payout: "pay_01K9ZT4M2Q8V6X3B7N5RJDHWCE",
  amountNano: nano(12_400_000_000),
  method: "Bank account ending in 3000",
}

const linkOf = (baseUrl: string, { payout }: PayoutData): string => `${baseUrl}${PAYOUTS}/${payout}`

export interface AskedData extends PayoutData {
  bySchedule: boolean
}

export const payoutAsked: Letter<AskedData> = {
  kind: "payout_requested",
  subject: ({ amountNano }) => `Your payout of ${dollars(amountNano)} was asked for`,
  body: (data, { baseUrl }) => [
    data.bySchedule
      ? `It is the day of your monthly payout: ${dollars(data.amountNano)} to ${data.method}.`
      : `You asked for a payout of ${dollars(data.amountNano)} to ${data.method}.`,
    "You get another mail when it is approved, and one when it is on its way.",
    { text: "If it was not you, take it back, and change your password:", link: linkOf(baseUrl, data) },
  ],
  sample: { ...PAYOUT, bySchedule: false },
  others: [{ ...PAYOUT, bySchedule: true }],
}

export interface ApprovedData extends PayoutData {
  /** "€11.35", as it will arrive. */
  arrives: string
}

export const payoutApproved: Letter<ApprovedData> = {
  kind: "payout_approved",
  subject: ({ amountNano }) => `Your payout of ${dollars(amountNano)} is approved`,
  body: (data, { baseUrl }) => [
    `Your payout of ${dollars(data.amountNano)} was approved. ${data.arrives} will be sent to ${data.method}.`,
    { text: "See where it is:", link: linkOf(baseUrl, data) },
  ],
  sample: { ...PAYOUT, arrives: "EUR 11.40" },
}

export interface PaidData extends ApprovedData {
  reference: string
  isTest: boolean
}

export const payoutPaid: Letter<PaidData> = {
  kind: "payout_paid",
  subject: ({ amountNano, isTest }) => `${isTest ? "Test: your" : "Your"} payout of ${dollars(amountNano)} is paid`,
  body: (data, { baseUrl }) => [
    data.isTest
      ? `Your test payout of ${dollars(data.amountNano)} went through. It is test money: nothing was sent.`
      : `${data.arrives} was sent to ${data.method}. Banks take up to three working days.`,
    `Its reference is ${data.reference}.`,
    { text: "See the payout:", link: linkOf(baseUrl, data) },
  ],
  sample: { ...PAYOUT, arrives: "EUR 11.40", reference: "2026-11-28/4", isTest: false },
  others: [{ ...PAYOUT, arrives: "EUR 11.40", reference: "2026-11-28/4", isTest: true }],
}

export interface BackData extends PayoutData {
  state: "rejected" | "failed"
}

export const payoutBack: Letter<BackData> = {
  kind: "payout_failed",
  subject: ({ amountNano, state }) =>
    state === "rejected"
      ? `Your payout of ${dollars(amountNano)} was refused`
      : `Your payout of ${dollars(amountNano)} came back`,
  body: (data, { baseUrl }) => [
    data.state === "rejected"
      ? `Your payout of ${dollars(data.amountNano)} to ${data.method} was refused. The money is available to you again.`
      : `Your payout of ${dollars(data.amountNano)} did not arrive at ${data.method}. The money is available to you again.`,
    // Why, an operator wrote: it stands on the page.
    { text: "See why, and what you can do:", link: linkOf(baseUrl, data) },
  ],
  sample: { ...PAYOUT, state: "failed" },
  others: [{ ...PAYOUT, state: "rejected" }],
}

export interface CheckDecided {
  decision: "approved" | "refused"
  /** In the words of whoever looked. */
  because: string | null
}

export const payoutCheckDecided: Letter<CheckDecided> = {
  kind: "payout_check",
  subject: ({ decision }, { productName }) =>
    decision === "approved"
      ? `Your ${productName} documents are accepted`
      : `Your ${productName} documents were refused`,
  body: ({ decision, because }, { baseUrl }) =>
    decision === "approved"
      ? [
          "We have looked at the documents that you sent for payouts, and accepted them.",
          { text: "You can ask for larger payouts now:", link: `${baseUrl}${PAYOUTS}` },
        ]
      : [
          "We could not accept the documents that you sent for payouts.",
          ...(because === null ? [] : [`Why: ${because}`]),
          { text: "Send others:", link: `${baseUrl}${PAYOUTS}/documents` },
        ],
  sample: { decision: "approved", because: null },
  others: [{ decision: "refused", because: "The picture is too dark to read." }],
}

export const PAYOUT_LETTERS = [
  payoutCheckDecided,
  payoutMethodChanged,
  payoutMethodCode,
  payoutAsked,
  payoutApproved,
  payoutPaid,
  payoutBack,
] as const
