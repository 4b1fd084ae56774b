// What an operator sets for the gateway's own notes.
import { field } from "../http/index.ts"
import { daysBetween, KEEPING_GROUP, type Keeping, type Setting } from "../part/index.ts"

const DAYS_MAX = 365

export const ATTEMPTS_DAYS: Setting<number> = {
  key: "gateway.attempts_days",
  group: KEEPING_GROUP,
  field: field.days({
    label: "Which providers were asked for a call",
    help: "Of calls that the first provider did not answer; never more than 200,000 rows.",
    required: true,
  }),
  default: 30,
  problem: daysBetween(1, DAYS_MAX),
}

export const GATEWAY_KEEPS: readonly Keeping[] = [
  {
    what: "Which providers were asked for a call",
    goes: "The notes are deleted, earlier beyond 200,000; who answered stands with the call.",
    kept: ATTEMPTS_DAYS,
    job: "forget-attempts",
  },
  {
    what: "Answers to requests with an Idempotency-Key",
    goes: "Key and sealed answer are deleted; the header promises no longer.",
    kept: "24 hours",
    job: "forget-idempotency-keys",
  },
  {
    what: "Answers kept for the same question, where an app or a key asks for that",
    goes: "The sealed answer is deleted.",
    kept: "as long as the caller said, at most 7 days",
    job: "forget-cached-answers",
  },
  {
    what: "Which videos were asked for",
    goes: "The row is deleted; the video itself stays at its provider, which deletes it earlier.",
    kept: "30 days after it was done",
    job: "forget-videos",
  },
]
