// What an operator sets about people who go.
import { field } from "../http/index.ts"
import type { Keeping, Setting } from "../part/index.ts"
import { PRIVACY_LIMITS as L } from "./limits.ts"

export const GRACE_DAYS: Setting<number> = {
  key: "privacy.grace_days",
  group: "People who leave",
  field: field.count({
    label: "Days until an account is erased",
    help: "So long a person who asked for it may still keep the account. 0: it is erased at once.",
    required: true,
    min: 0,
    max: L.graceDaysMax,
  }),
  default: 14,
  problem: (days) =>
    Number.isInteger(days) && days >= 0 && days <= L.graceDaysMax ? null : `Give 0 to ${L.graceDaysMax} days.`,
}

export const PRIVACY_KEEPS: readonly Keeping[] = [
  {
    what: "Copies of their data that people asked for",
    goes: "The file is deleted.",
    kept: "7 days",
    job: "sweep-exports",
  },
]
