// What an operator decides about the money of the marketplace.
import { field } from "../../http/index.ts"
import type { Setting } from "../../part/index.ts"

const group = "Marketplace"
const ALL_BP = 10_000
const GRACE_DAYS_MAX = 30
const PAST_DUE_DAYS_MAX = 365

const within = (least: number, most: number, words: string) => (value: number) =>
  Number.isSafeInteger(value) && value >= least && value <= most ? null : words

export const COMMISSION_BP: Setting<number> = {
  key: "marketplace.commission",
  group,
  field: field.percent({
    name: "market_commission",
    label: "Commission on API plans and overages",
    suffix: "% of the price",
    help: "A product or a publisher may have another one. It is rounded up to the nano-dollar, once a payment.",
    required: true,
  }),
  default: 1_000,
  problem: within(0, ALL_BP, "Give a share from 0 to 100%."),
}

export const GRACE_DAYS: Setting<number> = {
  key: "marketplace.grace_days",
  group,
  field: field.days({
    label: "Calls go on without payment for",
    help: "After a renewal that could not be paid, never beyond the period itself. 0 refuses them at once.",
    required: true,
  }),
  default: 3,
  problem: within(0, GRACE_DAYS_MAX, `Give whole days from 0 to ${GRACE_DAYS_MAX}.`),
}

export const PAST_DUE_DAYS: Setting<number> = {
  key: "marketplace.past_due_days",
  group,
  field: field.days({
    label: "Unpaid subscriptions end after",
    help: "Until then the same keys work again as soon as it is paid.",
    required: true,
  }),
  default: 30,
  problem: within(1, PAST_DUE_DAYS_MAX, `Give whole days from 1 to ${PAST_DUE_DAYS_MAX}.`),
}

export const SUBSCRIPTION_SETTINGS = [COMMISSION_BP, GRACE_DAYS, PAST_DUE_DAYS]
