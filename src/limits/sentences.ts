// What the audit log says of limits.
import { type Sentences, said } from "../part/index.ts"
import { KINDS, type LimitKind } from "./kinds.ts"
import { amountWords } from "./refusal.ts"

const WHOM: Readonly<Record<string, string>> = {
  everybody: "everybody",
  plan: "a plan",
  user: "a person",
  key: "an API key",
  app: "an app",
  app_user: "a person in an app",
  member: "a member of a team",
}

type Facts = Readonly<Record<string, unknown>>

/** `60 requests a minute`; of values that no rule has, nothing that could mislead. */
function words({ kind, amount }: Facts): string {
  const isKnown = typeof kind === "string" && kind in KINDS && Number.isSafeInteger(amount)
  return isKnown ? amountWords({ kind: kind as LimitKind, amount: amount as number }) : "a limit"
}
const whom = ({ level, subject }: Facts): string =>
  level === "plan" && typeof subject === "string" ? `the plan ${subject}` : (WHOM[String(level)] ?? "somebody")

export const LIMIT_SENTENCES: Sentences = {
  "limit.set": {
    topic: "settings",
    label: "New limit",
    say: ({ who, after }) => said`${who} limited ${whom(after)} to ${words(after)}`,
  },
  "limit.changed": {
    topic: "settings",
    label: "Change of a limit",
    say: ({ who, before, after }) =>
      said`${who} changed the limit of ${whom(after)} from ${words(before)} to ${words(after)}`,
  },
  "limit.removed": {
    topic: "settings",
    label: "Limit removed",
    say: ({ who, before }) => said`${who} removed the limit of ${whom(before)}, ${words(before)}`,
  },
  "team.limits_changed": {
    topic: "access",
    label: "Limits of a team’s member",
    say: ({ who, what, after }) =>
      said`${who} changed what ${typeof after.member === "string" ? { name: after.member } : "somebody"} may spend in ${what}`,
  },
  "key.limits_changed": {
    topic: "access",
    label: "Limits of an API key",
    say: ({ who, what }) => said`${who} changed the limits of the API key ${what}`,
  },
}
