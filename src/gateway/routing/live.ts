// How accounts do, as pages show it: read from memory in this moment.
import type { Routing } from "../types.ts"
import type { FailureKind } from "./failures.ts"
import { type AccountHealth, type Health, type LastError, type ModelHealth, percentile } from "./health.ts"

export interface FirstTokens {
  p50: number
  p95: number
}

/** Of the last minute. */
interface Live {
  calls: number
  failures: number
  /** ms; null without an answer. */
  firstTokenMs: FirstTokens | null
  /** Kinds that occurred. */
  errors: { kind: FailureKind; count: number }[]
  /** Whenever it was. */
  last: LastError | null
  /** When it may be called again; null = now, or nobody knows. */
  untilMs: number | null
}

export interface ModelLive extends Live {
  model: string
  state: "closed" | "open" | "half-open"
}

export interface UpstreamLive extends Live {
  /**
   * `out`: refused or out of credit. `open`: it cannot be reached. `half-open`: the next call finds out. `full`: its minute is used up.
   * `degraded`: some models rest.
   */
  state: "closed" | "degraded" | "full" | "half-open" | "open" | "out" | "draining"
  out: "key" | "credit" | null
  running: number
  /** Counted where the operator said what is granted. */
  used: { requests: number; tokens: number }
  /** Those that were called, failing ones first. */
  models: ModelLive[]
}

export function liveOf(account: AccountHealth, routing: Routing, nowMs: number): UpstreamLive {
  const models = [...account.models.values()].map((health) => modelLive(health, nowMs))
  const calls = sum(models, ({ calls }) => calls)
  const freeMs = account.allowance.freeAtMs(routing, nowMs)
  const state = stateOf(account, routing, models, freeMs, nowMs)
  const untilMs = state === "full" ? freeMs : account.breaker.untilMs
  return {
    state,
    out: account.out,
    untilMs: untilMs !== null && untilMs > nowMs ? untilMs : null,
    running: account.running,
    used: account.allowance.used(nowMs),
    calls,
    failures: sum(models, ({ failures }) => failures),
    firstTokenMs: firstTokens([...account.models.values()].flatMap((health) => health.firstTokens(nowMs))),
    errors: summed(models),
    last: account.last,
    models: models.toSorted((a, b) => b.failures - a.failures || b.calls - a.calls || (a.model < b.model ? -1 : 1)),
  }
}

function stateOf(
  account: AccountHealth,
  routing: Routing,
  models: readonly ModelLive[],
  freeMs: number,
  nowMs: number,
): UpstreamLive["state"] {
  if (routing.isDraining) return "draining"
  const circuit = account.breaker.state(nowMs)
  if (circuit === "open") return account.out === null ? "open" : "out"
  if (circuit === "half-open") return "half-open"
  if (freeMs > nowMs) return "full"
  return models.some(({ state }) => state !== "closed") ? "degraded" : "closed"
}

function modelLive(health: ModelHealth, nowMs: number): ModelLive {
  const { untilMs } = health.breaker
  return {
    model: health.model,
    state: health.breaker.state(nowMs),
    untilMs: untilMs !== null && untilMs > nowMs ? untilMs : null,
    calls: health.counts.calls.total(nowMs),
    failures: health.counts.failures.total(nowMs),
    firstTokenMs: firstTokens(health.firstTokens(nowMs)),
    errors: health
      .kinds(nowMs)
      .filter(([, count]) => count > 0)
      .map(([kind, count]) => ({ kind, count })),
    last: health.last,
  }
}

function firstTokens(samples: number[]): FirstTokens | null {
  samples.sort((a, b) => a - b)
  const [p50, p95] = [percentile(samples, 0.5), percentile(samples, 0.95)]
  return p50 === null || p95 === null ? null : { p50: Math.round(p50), p95: Math.round(p95) }
}

const sum = (models: readonly ModelLive[], of: (model: ModelLive) => number): number =>
  models.reduce((all, model) => all + of(model), 0)

function summed(models: readonly ModelLive[]): Live["errors"] {
  const counts = new Map<FailureKind, number>()
  for (const { kind, count } of models.flatMap(({ errors }) => errors))
    counts.set(kind, (counts.get(kind) ?? 0) + count)
  return [...counts].map(([kind, count]) => ({ kind, count })).toSorted((a, b) => b.count - a.count)
}

/** Short text that changes when a state does, and every few seconds while calls pass: what follows it need not look more often. */
export function stampOf(health: Health, nowMs: number): string {
  let text = ""
  for (const [id, account] of health.entries()) {
    text += `${id}${account.breaker.state(nowMs)}${account.out ?? ""}`
    if (account.network.calls.total(nowMs) > 0) text += Math.floor(nowMs / STAMP_MS)
    for (const { model, breaker } of account.models.values()) {
      if (breaker.state(nowMs) !== "closed") text += `${model}${breaker.state(nowMs)}`
    }
  }
  return Bun.hash(text).toString(36)
}
const STAMP_MS = 3_000
