// What an operator sets for webhooks.
import { field } from "../http/index.ts"
import { daysBetween, KEEPING_GROUP, type Keeping, type Setting } from "../part/index.ts"

/** Longer than anything is tried, so that nothing goes while it is on its way. */
const DAYS_MIN = 5
const DAYS_MAX = 90

export const WEBHOOK_DAYS: Setting<number> = {
  key: "webhooks.log_days",
  group: KEEPING_GROUP,
  field: field.days({
    label: "Webhooks that were sent",
    help: "Events with what was sent and answered, of apps and people. So long they can be sent again.",
    required: true,
  }),
  default: 30,
  problem: daysBetween(DAYS_MIN, DAYS_MAX),
}

export const WEBHOOK_KEEPS: readonly Keeping[] = [
  {
    what: "Webhooks that were sent",
    goes: "Events are deleted with what was sent and answered; of one endpoint at most 10,000 are kept.",
    kept: WEBHOOK_DAYS,
    job: "sweep-webhooks",
  },
]
