// The mails of money that goes back.
import type { Letter, Paragraph } from "../../part/index.ts"
import { invoiceLine } from "../receipts/mails.ts"

export interface BackData {
  /** "$25.00" */
  amount: string
  /** What was bought. */
  what: string
  /** INV-2026-001; what was paid without one, or told by an older release, has none. */
  invoice?: string
}

const LINK = "/credits"
const OFF = "Auto-recharge, if you had it, is off until you turn it on again."
const WHAT: BackData = { amount: "$25.00", what: "Plus", invoice: "INV-2026-001" }

export const refundMade: Letter<BackData> = {
  kind: "refund_made",
  subject: ({ amount }) => `You get ${amount} back`,
  body: ({ amount, what, invoice }, { baseUrl }): Paragraph[] => [
    `${amount} of what you paid for ${what} goes back to where it came from. Banks take five to ten days to show it.`,
    "The credits that were bought with it are taken back. Where some of them were spent already, the next credits you buy pay for these first.",
    OFF,
    invoice ? invoiceLine(baseUrl, invoice) : { text: "See your credits:", link: `${baseUrl}${LINK}` },
  ],
  sample: WHAT,
  others: [{ amount: "$25.00", what: "Plus" }],
}

export const refundFailed: Letter<BackData> = {
  kind: "refund_failed",
  subject: ({ amount }) => `Your bank did not take the ${amount} we sent back`,
  body: ({ amount, what }, { baseUrl }) => [
    `${amount} of what you paid for ${what} could not be given back: your bank refused it, perhaps as the card is closed.`,
    "The credits that were taken back for it are yours again. Write to us if the money should go another way.",
    { text: "See your credits:", link: `${baseUrl}${LINK}` },
  ],
  sample: WHAT,
}

export const paymentDisputed: Letter<BackData> = {
  kind: "payment_disputed",
  subject: ({ what }) => `Your payment for ${what} is being looked at`,
  body: ({ what }, { baseUrl }) => [
    `A bank asks whether the payment for ${what} was made by its owner. Until that is settled, credits bought with it cannot be spent.`,
    OFF,
    "If you asked your bank for the money by mistake, tell it so: the credits come back as soon as it says that all is well.",
    { text: "See your credits:", link: `${baseUrl}${LINK}` },
  ],
  sample: WHAT,
}

export const disputeOver: Letter<BackData> = {
  kind: "payment_dispute_over",
  subject: ({ what }) => `Your payment for ${what} is fine`,
  body: ({ what }, { baseUrl }) => [
    `What was asked about the payment for ${what} is settled. The credits that were bought with it are yours to spend again.`,
    { text: "See your credits:", link: `${baseUrl}${LINK}` },
  ],
  sample: WHAT,
}

export const disputeLost: Letter<BackData> = {
  kind: "payment_dispute_lost",
  subject: ({ what }) => `Your bank took back the payment for ${what}`,
  body: ({ amount, what }, { baseUrl }) => [
    `Your bank decided that ${amount} of the payment for ${what} goes back to the card. The credits that were bought with it are gone.`,
    "Where some of them were spent already, the next credits you buy pay for these first.",
    { text: "See your credits:", link: `${baseUrl}${LINK}` },
  ],
  sample: WHAT,
}

export const REFUND_LETTERS = [refundMade, refundFailed, paymentDisputed, disputeOver, disputeLost] as const
