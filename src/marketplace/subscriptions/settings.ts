// What an operator decides about the money of the marketplace.
import { field } from "../../http/index.ts"
import type { Setting } from "../../part/index.ts"

const group = "Marketplace"
const GRACE_DAYS_MAX = 30
const PAST_DUE_DAYS_MAX = 365

const within = (least: number, most: number, words: string) => (value: number) =>
  Number.isSafeInteger(value) && value >= least && value <= most ? null : words

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

export const SUBSCRIPTION_SETTINGS = [GRACE_DAYS, PAST_DUE_DAYS]
