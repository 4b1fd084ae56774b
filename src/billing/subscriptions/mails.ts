// The mails of plans that are paid for.
import type { Letter } from "../../part/index.ts"

export interface UnpaidData {
  plan: string
  /** "3 December 2026", UTC. */
  until: string
}

const LINK = "/credits/plans"

export const planUnpaid: Letter<UnpaidData> = {
  kind: "plan_unpaid",
  subject: ({ plan }) => `The payment for your plan ${plan} failed`,
  body: ({ plan, until }, { baseUrl }) => [
    `Your bank did not pay for the next period of ${plan}. Your plan goes on until ${until} (UTC); after that you are on Free until it is paid.`,
    { text: "Look at your card, or use another one:", link: `${baseUrl}${LINK}` },
    "The payment is tried again by itself. Credits that you have stay yours.",
  ],
  sample: { plan: "Pro", until: "3 December 2026" },
}

export const planEndsSoon: Letter<UnpaidData> = {
  kind: "plan_unpaid_reminder",
  subject: ({ plan, until }) => `${plan} is not paid: it ends on ${until}`,
  body: ({ plan, until }, { baseUrl }) => [
    `The payment for your plan ${plan} still failed. On ${until} (UTC) you move to Free, unless it is paid before.`,
    { text: "Use another card:", link: `${baseUrl}${LINK}` },
  ],
  sample: { plan: "Pro", until: "3 December 2026" },
}

export const planRests: Letter<{ plan: string }> = {
  kind: "plan_rests",
  subject: ({ plan }) => `You are on Free now: ${plan} was not paid`,
  body: ({ plan }, { baseUrl }) => [
    `Three days went by and ${plan} was not paid, so you are on Free now. Credits that you have stay yours.`,
    { text: "Pay it, and the plan is back at once:", link: `${baseUrl}${LINK}` },
  ],
  sample: { plan: "Pro" },
}

export const planEnded: Letter<{ plan: string }> = {
  kind: "plan_ended",
  subject: ({ plan }) => `Your plan ${plan} has ended`,
  body: ({ plan }, { baseUrl }) => [
    `Your subscription of ${plan} is over, and nothing more is charged for it. Credits that you have stay yours until they expire.`,
    { text: "Choose a plan again whenever you like:", link: `${baseUrl}${LINK}` },
  ],
  sample: { plan: "Pro" },
}

export const PLAN_LETTERS = [planUnpaid, planEndsSoon, planRests, planEnded] as const
