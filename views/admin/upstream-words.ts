// How upstreams do, in words.
import { count } from "../ui/format.ts"
import type { Tone } from "../ui/index.ts"

/** What came of asking an account. */
export type Outcome =
  | "answered"
  | "caller"
  | "gone"
  | "unaffordable"
  | "rate"
  | "busy"
  | "failed"
  | "timeout"
  | "network"
  | "broken"
  | "key"
  | "credit"

/** After the name of the account: "openai was overloaded". */
const OUTCOME: Record<Outcome, string> = {
  answered: "answered",
  caller: "refused what was asked",
  gone: "was left by the caller",
  unaffordable: "was too dear for the caller’s balance",
  rate: "asked to wait",
  busy: "was overloaded",
  failed: "answered with an error",
  timeout: "took too long",
  network: "could not be reached",
  broken: "sent an answer that cannot be read",
  key: "refused the key",
  credit: "is out of credit",
}

/** Of counts: "12 overloaded". */
export const FAILURE_LABEL: Record<Exclude<Outcome, "answered" | "caller" | "gone" | "unaffordable">, string> = {
  rate: "Asked to wait",
  busy: "Overloaded",
  failed: "Server errors",
  timeout: "Too slow",
  network: "Not reached",
  broken: "Unreadable answers",
  key: "Key refused",
  credit: "Out of credit",
}

export const outcomeText = (outcome: Outcome, status: number | null): string =>
  status === null ? OUTCOME[outcome] : `${OUTCOME[outcome]} (${status})`

export interface Tried {
  /** Null = the account is gone. */
  upstream: string | null
  outcome: Outcome
  status: number | null
  ms: number
}

/** "openai was overloaded (529) after 120 ms, then azure answered after 800 ms." Names stay as they are. */
export function attemptsText(tried: readonly Tried[]): string {
  const parts = tried.map(({ upstream, outcome, status, ms }) => {
    const after = outcome === "unaffordable" ? "" : ` after ${msText(ms)}`
    return `${upstream ?? "an account that is gone"} ${outcomeText(outcome, status)}${after}`
  })
  return `${parts.join(", then ")}.`
}

export const msText = (ms: number): string =>
  ms < 10_000 ? `${count(Math.round(ms))} ms` : `${Math.round(ms / 1_000)} s`

export type UpstreamState =
  | "untested"
  | "healthy"
  | "failing"
  | "disabled"
  | "draining"
  | "key"
  | "credit"
  | "open"
  | "half-open"
  | "full"
  | "degraded"

export const UPSTREAM_STATE: Record<UpstreamState, { tone: Tone; text: string }> = {
  untested: { tone: "neutral", text: "Not tested" },
  healthy: { tone: "ok", text: "Healthy" },
  failing: { tone: "bad", text: "Failing" },
  disabled: { tone: "warn", text: "Off" },
  draining: { tone: "warn", text: "Draining" },
  key: { tone: "bad", text: "Key refused" },
  credit: { tone: "bad", text: "Out of credit" },
  open: { tone: "bad", text: "Not reached" },
  "half-open": { tone: "warn", text: "Being tried" },
  full: { tone: "warn", text: "Minute used up" },
  degraded: { tone: "warn", text: "Some models rest" },
}

/** Share of calls that went well; "–" without a call. Never rounded up to all. */
export function successText(calls: number, failures: number): string {
  if (calls === 0) return "–"
  const percent = ((calls - Math.min(failures, calls)) / calls) * 100
  return `${failures > 0 ? Math.min(99, Math.floor(percent)) : 100}%`
}
