// What an operator sets for messages that left the house, or could not.
import { field } from "../http/index.ts"
import { daysBetween, KEEPING_GROUP, type Keeping, type Setting } from "../part/index.ts"

const DAYS_MAX = 365

export const DELIVERED_DAYS: Setting<number> = {
  key: "outbox.delivered_days",
  group: KEEPING_GROUP,
  field: field.days({
    label: "Messages that were delivered",
    help: "Mails and other effects, with what they said. Counted from when they were made.",
    required: true,
  }),
  default: 7,
  problem: daysBetween(1, DAYS_MAX),
}

export const GIVEN_UP_DAYS: Setting<number> = {
  key: "outbox.given_up_days",
  group: KEEPING_GROUP,
  field: field.days({
    label: "Messages that were given up",
    help: "So long they can be tried again by hand. Counted from when they were made.",
    required: true,
  }),
  default: 30,
  problem: daysBetween(1, DAYS_MAX),
}

export const OUTBOX_KEEPS: readonly Keeping[] = [
  {
    what: "Messages that were delivered",
    goes: "They are deleted with what they said.",
    kept: DELIVERED_DAYS,
    job: "purge-outbox",
  },
  { what: "Messages that were given up", goes: "They are deleted unsent.", kept: GIVEN_UP_DAYS, job: "purge-outbox" },
]
