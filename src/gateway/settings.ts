// What an operator sets for the gateway's own notes.
import { field } from "../http/index.ts"
import type { Setting } from "../part/index.ts"

const DAYS_MAX = 365

export const ATTEMPTS_DAYS: Setting<number> = {
  key: "gateway.attempts_days",
  group: "How long things are kept",
  field: field.days({
    label: "Which providers were asked for a call",
    help: "Of calls that the first provider did not answer; never more than 200,000 rows.",
    required: true,
  }),
  default: 30,
  problem: (value) => (value >= 1 && value <= DAYS_MAX ? null : `Give 1 to ${DAYS_MAX} days.`),
}
