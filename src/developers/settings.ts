// The operator's terms of earning: when developers are paid, and what free credits may earn them (SPEC §2).
import { credits } from "../app/index.ts"
import { field } from "../http/index.ts"
import type { Setting } from "../part/index.ts"
import type { EarningTerms } from "./types.ts"

const MATURITY_DAYS_MAX = 365
const ALL_BP = 10_000

const group = "Earnings of developers"
const within = (least: number, most: number, words: string) => (value: number) =>
  Number.isSafeInteger(value) && value >= least && value <= most ? null : words
const days = within(1, MATURITY_DAYS_MAX, `Give whole days from 1 to ${MATURITY_DAYS_MAX}.`)

export const EARNING_TERMS: { readonly [Key in keyof EarningTerms]: Setting<EarningTerms[Key]> } = {
  paidDays: {
    key: "developers.paid_days",
    group,
    field: field.days({
      label: "Shares of bought credits are available after",
      help: "Long enough for a card payment to be disputed and refunded.",
      required: true,
    }),
    default: 7,
    problem: days,
  },
  promoDays: {
    key: "developers.promo_days",
    group,
    field: field.days({ label: "Shares of free credits are available after", required: true }),
    default: 30,
    problem: days,
  },
  promoCapBp: {
    key: "developers.promo_cap",
    group,
    field: field.percent({
      name: "promo_cap",
      label: "Free credits earn one developer at most",
      suffix: "% of the day’s free budget",
      help: "Per UTC day. 0 pays nothing for free credits.",
      required: true,
    }),
    default: 1_000,
    problem: within(0, ALL_BP, "Give a share from 0 to 100%."),
  },
  payoutMinNano: {
    key: "developers.payout_min",
    group,
    field: field.dollars({
      name: "payout_min",
      label: "Smallest payout",
      wrong: "Give an amount in dollars, such as 10.",
      required: true,
    }),
    default: credits(10_000),
    problem: within(1, Number.MAX_SAFE_INTEGER, "Give an amount above 0."),
  },
}

export const EARNING_FIELDS = Object.keys(EARNING_TERMS) as readonly (keyof EarningTerms)[]
