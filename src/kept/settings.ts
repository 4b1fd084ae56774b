// What an operator sets for kept answers.
import { field } from "../http/index.ts"
import type { Setting } from "../part/index.ts"

const DAYS_MAX = 365

export const KEPT_DAYS: Setting<number> = {
  key: "kept.days",
  group: "Kept answers",
  field: field.days({
    label: "Kept for",
    help: "For people who let apps keep answers. Counted from when a conversation last went on.",
    required: true,
  }),
  default: 30,
  problem: (value) => (value >= 1 && value <= DAYS_MAX ? null : `Give 1 to ${DAYS_MAX} days.`),
}
