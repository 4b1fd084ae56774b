// What an operator sets for the log of calls.
import { field } from "../http/index.ts"
import { daysBetween, KEEPING_GROUP, type Keeping, type Setting } from "../part/index.ts"

const DAYS_MAX = 3_650

export const CALLS_DAYS: Setting<number> = {
  key: "usage.calls_days",
  group: KEEPING_GROUP,
  field: field.days({
    label: "Answered calls, one by one",
    help: "After so many whole days (UTC) it is forgotten which model and key a call used, how many tokens, how long it took and how it failed. What it cost, and sums by day and model, stay for ever.",
    required: true,
  }),
  default: 90,
  problem: daysBetween(1, DAYS_MAX),
}

export const REFUSED_DAYS: Setting<number> = {
  key: "usage.refused_days",
  group: KEEPING_GROUP,
  field: field.days({
    label: "Refused calls, one by one",
    help: "They are deleted after so many days. Their numbers by day stay for ever.",
    required: true,
  }),
  default: 90,
  problem: daysBetween(1, DAYS_MAX),
}

export const USAGE_KEEPS: readonly Keeping[] = [
  {
    what: "Answered calls, one by one",
    goes: "Model, key, tokens, times and errors of a call are cleared; what it cost and through which app stays, as the books need it.",
    kept: CALLS_DAYS,
    job: "forget-calls",
  },
  {
    what: "Refused calls, one by one",
    goes: "The calls are deleted; their numbers by day stay.",
    kept: REFUSED_DAYS,
    job: "forget-refused-calls",
  },
  { what: "Calls by day and model", goes: "Sums without single calls.", kept: "for ever", job: null },
]
