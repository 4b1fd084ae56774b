// What an operator sets for kept answers.
import { field } from "../http/index.ts"
import { daysBetween, KEEPING_GROUP, type Keeping, type Setting } from "../part/index.ts"

const DAYS_MAX = 365

export const KEPT_DAYS: Setting<number> = {
  key: "kept.days",
  group: KEEPING_GROUP,
  field: field.days({
    label: "Answers that apps may go on from",
    help: "Of people who let apps keep answers. Counted from when a conversation last went on; then answer and question are deleted.",
    required: true,
  }),
  default: 30,
  problem: daysBetween(1, DAYS_MAX),
}

export const KEPT_KEEPS: readonly Keeping[] = [
  {
    what: "Answers that apps may go on from",
    goes: "Answer and question are deleted, counted from when their conversation last went on.",
    kept: KEPT_DAYS,
    job: "sweep-answers",
  },
]
