// What an operator sets for the log of calls.
import { field } from "../http/index.ts"
import type { Setting } from "../part/index.ts"

const DAYS_MAX = 3_650

export const REFUSED_DAYS: Setting<number> = {
  key: "usage.refused_days",
  group: "How long things are kept",
  field: field.days({
    label: "Refused calls, one by one",
    help: "Their numbers by day stay for ever, and so do answered calls: they are the books.",
    required: true,
  }),
  default: 90,
  problem: (value) => (value >= 1 && value <= DAYS_MAX ? null : `Give 1 to ${DAYS_MAX} days.`),
}
