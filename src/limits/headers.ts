// How limits stand, as answer headers: `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers: structured fields,
// seconds), OpenAI's `x-ratelimit-*` and Anthropic's `anthropic-ratelimit-*`. Of each unit only the window with the least left is
// told, and only what is limited. Pure.
import { KINDS, LIMIT_KINDS, type LimitKind, secondsUntil } from "./kinds.ts"
import type { HeaderStyle, LimitScope } from "./types.ts"

/** How one counter stands. */
export interface Standing {
  scope: LimitScope
  kind: LimitKind
  limit: number
  remaining: number
  /** When it starts anew; null: it has no window (calls at the same time). */
  endMs: number | null
}

export type RateHeaders = Record<string, string>

/** The least that is left; of two alike the one that lasts longer. */
const tightest = (standings: readonly Standing[], unit: "requests" | "tokens" | "calls"): Standing | null => {
  let found: Standing | null = null
  for (const one of standings) {
    if (KINDS[one.kind].unit !== unit) continue
    const isTighter = !found || one.remaining < found.remaining
    if (isTighter || (one.remaining === found!.remaining && (one.endMs ?? 0) > (found!.endMs ?? 0))) found = one
  }
  return found
}

const WINDOW_SECONDS: Partial<Record<LimitKind, number>> = {
  requests_second: 1,
  requests_minute: 60,
  requests_hour: 3_600,
  requests_day: 86_400,
  tokens_minute: 60,
}

/** Requests are the draft's default unit; the names of others are the draft's (concurrent-requests) or plain. */
const UNIT: Partial<Record<LimitKind, string>> = {
  tokens_minute: ';qu="tokens"',
  concurrent: ';qu="concurrent-requests"',
}

const nameOf = ({ scope, kind }: Standing): string => NAMES[scope][kind]

const namesOf = (scope: LimitScope): Record<LimitKind, string> =>
  Object.fromEntries(LIMIT_KINDS.map((kind) => [kind, `"${scope}-${KINDS[kind].token}"`])) as Record<LimitKind, string>
const NAMES: Readonly<Record<LimitScope, Record<LimitKind, string>>> = {
  user: namesOf("user"),
  key: namesOf("key"),
  app: namesOf("app"),
  member: namesOf("member"),
}
/** After the quota: unit and window. */
const TAILS = Object.fromEntries(
  LIMIT_KINDS.map((kind) => {
    const seconds = WINDOW_SECONDS[kind]
    return [kind, `${UNIT[kind] ?? ""}${seconds === undefined ? "" : `;w=${seconds}`}`]
  }),
) as Record<LimitKind, string>

const policyOf = (one: Standing): string => `${nameOf(one)};q=${one.limit}${TAILS[one.kind]}`

const stateOf = (one: Standing, nowMs: number): string =>
  `${nameOf(one)};r=${one.remaining}${one.endMs === null ? "" : `;t=${secondsUntil(one.endMs, nowMs)}`}`

/** Go's way to write a time, as OpenAI does: `1s`, `6m0s`, `23h59m0s`. */
export function goDuration(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  return h > 0 ? `${h}h${m}m${s}s` : m > 0 ? `${m}m${s}s` : `${s}s`
}

export function rateHeaders(standings: readonly Standing[], nowMs: number, style: HeaderStyle): RateHeaders {
  const requests = tightest(standings, "requests")
  const tokens = tightest(standings, "tokens")
  const calls = tightest(standings, "calls")
  const shown = [requests, tokens, calls].filter((one) => one !== null)
  if (shown.length === 0) return NONE
  const headers: RateHeaders = {
    "ratelimit-policy": shown.map(policyOf).join(", "),
    ratelimit: shown.map((one) => stateOf(one, nowMs)).join(", "),
  }
  const say = style === "openai" ? sayOpenai : sayAnthropic
  if (requests) say(headers, "requests", requests, nowMs)
  if (tokens) say(headers, "tokens", tokens, nowMs)
  return headers
}

const NONE: RateHeaders = {}

function sayOpenai(headers: RateHeaders, unit: string, one: Standing, nowMs: number): void {
  headers[`x-ratelimit-limit-${unit}`] = String(one.limit)
  headers[`x-ratelimit-remaining-${unit}`] = String(one.remaining)
  headers[`x-ratelimit-reset-${unit}`] = goDuration(secondsUntil(one.endMs ?? nowMs, nowMs))
}

function sayAnthropic(headers: RateHeaders, unit: string, one: Standing, nowMs: number): void {
  headers[`anthropic-ratelimit-${unit}-limit`] = String(one.limit)
  headers[`anthropic-ratelimit-${unit}-remaining`] = String(one.remaining)
  headers[`anthropic-ratelimit-${unit}-reset`] = new Date(one.endMs ?? nowMs).toISOString().replace(/\.\d+Z$/, "Z")
}

/** What a browser's script may read. */
export const RATE_HEADER_NAMES: readonly string[] = [
  "ratelimit",
  "ratelimit-policy",
  ...["requests", "tokens"].flatMap((unit) =>
    ["limit", "remaining", "reset"].flatMap((what) => [
      `x-ratelimit-${what}-${unit}`,
      `anthropic-ratelimit-${unit}-${what}`,
    ]),
  ),
]
