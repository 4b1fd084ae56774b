// What a refused caller is told: which limit, whose, and when to come again. Pure.
import { AppError, creditsDecimal, type ErrorExtra, nano } from "../app/index.ts"
import { KINDS, type LimitSpan } from "./kinds.ts"
import type { Limit, LimitScope } from "./types.ts"

export const WHOSE: Readonly<Record<LimitScope, string>> = {
  user: "Your account",
  key: "This API key",
  app: "This app, for you,",
  member: "In this team you",
}

/** A limit that stands in the way. */
export interface Met {
  scope: LimitScope
  limit: Limit
  /** Whole seconds until the same call may pass; null = waiting does not help. */
  waitSeconds: number | null
}

/** The one that has to be waited for longest. */
export const longest = (met: readonly Met[]): Met =>
  met.reduce((a, b) =>
    (b.waitSeconds ?? Number.POSITIVE_INFINITY) > (a.waitSeconds ?? Number.POSITIVE_INFINITY) ? b : a,
  )

const A: Readonly<Record<LimitSpan, string>> = {
  second: "a second",
  minute: "a minute",
  hour: "an hour",
  day: "a day",
  week: "a week",
  month: "a month",
  total: "in all",
  request: "in one request",
  now: "at the same time",
}

/** `60 requests a minute`. */
export function amountWords({ kind, amount }: Pick<Limit, "kind" | "amount">): string {
  const { unit, span } = KINDS[kind]
  const text = unit === "nano" ? creditsDecimal(nano(amount)) : amount.toLocaleString("en")
  const one = amount === 1 && unit !== "nano"
  const noun = unit === "nano" ? "credits" : one ? unit.slice(0, -1) : unit
  return `${text} ${noun} ${A[span]}`
}

const waiting = (seconds: number): string => {
  if (seconds < 120) return `${seconds} ${seconds === 1 ? "second" : "seconds"}`
  if (seconds < 7_200) return `${Math.ceil(seconds / 60)} minutes`
  return seconds < 172_800 ? `${Math.ceil(seconds / 3_600)} hours` : `${Math.ceil(seconds / 86_400)} days`
}

export function refusalOf({ scope, limit, waitSeconds }: Met, headers: Record<string, string>): AppError {
  const isMoney = KINDS[limit.kind].unit === "nano"
  const may = isMoney ? "may spend" : "may have"
  const fields = { limit: limit.kind, limit_of: scope }
  const extra: ErrorExtra = { fields, headers }
  if (waitSeconds !== null) extra.retryAfterSeconds = waitSeconds
  // SDKs repeat a 429 by themselves; what never fits would only be refused again.
  else extra.headers = { ...headers, "x-should-retry": "false" }
  const then =
    waitSeconds === null
      ? HOPELESS[isMoney ? (scope === "member" ? "team" : "money") : "size"]
      : `Try again in ${waiting(waitSeconds)}.`
  const code = isMoney ? "spend_limit_exceeded" : "rate_limit_exceeded"
  return new AppError(code, `${WHOSE[scope]} ${may} ${amountWords(limit)}. ${then}`, extra)
}

const HOPELESS = {
  money: "Raise the limit to go on.",
  team: "Its owner can raise the limit.",
  size: "This request asks for more than that: shorten it, or lower its maximum.",
}

/** @param param the field to change */
export function tooLarge({ scope, limit }: Omit<Met, "waitSeconds">, param: string, inputTokens: number): AppError {
  const words =
    `${WHOSE[scope]} may have ${amountWords(limit)}, prompt and answer together; this prompt comes to about ` +
    `${inputTokens.toLocaleString("en")}. Lower \`${param}\`, or shorten the prompt.`
  return new AppError("invalid_request", words, { param, fields: { limit: limit.kind, limit_of: scope } })
}
