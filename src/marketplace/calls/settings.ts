// What an operator sets for the log of calls of products.
import { field } from "../../http/index.ts"
import { daysBetween, KEEPING_GROUP, type Keeping, type Setting } from "../../part/index.ts"
import { CALL_LIMITS as L } from "./limits.ts"
import { SIGNAL_SETTINGS } from "./signals/settings.ts"

export const CALL_DAYS: Setting<number> = {
  key: "marketplace.call_days",
  group: KEEPING_GROUP,
  field: field.days({
    label: "Calls of API products, one by one",
    help: `At most ${L.rowsPerDay.toLocaleString("en")} of a subscription and day; sums by day stay.`,
    required: true,
  }),
  default: 90,
  problem: daysBetween(1, 400),
}

export const CALL_SETTINGS = [CALL_DAYS, ...SIGNAL_SETTINGS] as const

export const CALL_KEEPS: readonly Keeping[] = [
  {
    what: "Calls of API products, one by one",
    goes: "Rows of the request log are deleted; sums by day stay.",
    kept: CALL_DAYS,
    job: "forget-product-calls",
  },
  {
    what: "Signs of abuse of product keys",
    goes: "Those that somebody closed are deleted.",
    kept: `${L.signalDays} days`,
    job: "forget-product-calls",
  },
]
