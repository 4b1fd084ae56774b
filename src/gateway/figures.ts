// What the gateway counts of calls as they end: plain numbers, for /metrics. Rows are by endpoint and by how a call ended, so there are few.
import { ANSWER_MS, Histogram } from "../app/index.ts"
import type { EndReason } from "../ledger/index.ts"
import type { Metric, Sample } from "../part/index.ts"
import type { Endpoint } from "../usage/index.ts"
import type { Gateway, Outcome, UpstreamLive } from "./types.ts"

interface EndpointFigures {
  readonly ends: Map<EndReason, number>
  /** From the request to the settle. */
  readonly ms: Histogram
  readonly firstTokenMs: Histogram
}

export class CallFigures {
  private readonly byEndpoint = new Map<Endpoint, EndpointFigures>()
  inputTokens = 0
  outputTokens = 0
  chargedNano = 0
  /** Settles that a commit refused and that were tried again. */
  settleRetries = 0

  ended(
    endpoint: Endpoint,
    outcome: Pick<Outcome, "end" | "firstTokenMs" | "usage">,
    ms: number,
    chargedNano: number,
  ): void {
    let figures = this.byEndpoint.get(endpoint)
    if (!figures) {
      figures = { ends: new Map(), ms: new Histogram(ANSWER_MS), firstTokenMs: new Histogram(ANSWER_MS) }
      this.byEndpoint.set(endpoint, figures)
    }
    figures.ends.set(outcome.end, (figures.ends.get(outcome.end) ?? 0) + 1)
    figures.ms.observe(ms)
    if (outcome.firstTokenMs !== null) figures.firstTokenMs.observe(outcome.firstTokenMs)
    this.chargedNano += chargedNano
    if (outcome.usage === null) return
    this.inputTokens += outcome.usage.inputTokens
    this.outputTokens += outcome.usage.outputTokens
  }

  ends(): Sample[] {
    return this.each(({ ends }, endpoint) => [...ends].map(([end, value]) => ({ labels: { endpoint, end }, value })))
  }
  times(of: "ms" | "firstTokenMs"): Sample<Histogram>[] {
    return this.each((figures, endpoint) => [{ labels: { endpoint }, value: figures[of] }])
  }
  private each<T>(of: (figures: EndpointFigures, endpoint: string) => T[]): T[] {
    return [...this.byEndpoint].flatMap(([endpoint, figures]) => of(figures, endpoint))
  }
}

type Told = Pick<Gateway, "figures" | "callsInFlight" | "upstreams" | "health">

export function gatewayMetrics(gateway: Told): Metric[] {
  const { figures } = gateway
  return [
    { kind: "gauge", name: "calls_in_flight", help: "Calls that hold credits now.", read: () => gateway.callsInFlight },
    {
      kind: "counter",
      name: "calls_total",
      help: "Calls that were settled, by how they ended.",
      read: () => figures.ends(),
    },
    {
      kind: "histogram",
      name: "call_seconds",
      help: "From the request to the settle of a call.",
      scale: 0.001,
      read: () => figures.times("ms"),
    },
    {
      kind: "histogram",
      name: "call_first_token_seconds",
      help: "Until a call's answer began.",
      scale: 0.001,
      read: () => figures.times("firstTokenMs"),
    },
    {
      kind: "counter",
      name: "tokens_total",
      help: "Tokens of settled calls.",
      read: () => [
        { labels: { direction: "input" }, value: figures.inputTokens },
        { labels: { direction: "output" }, value: figures.outputTokens },
      ],
    },
    {
      kind: "counter",
      name: "charged_nanodollars_total",
      help: "Credits that settled calls took, in nano-dollars.",
      read: () => figures.chargedNano,
    },
    {
      kind: "counter",
      name: "settle_retries_total",
      help: "Settles that could not be saved and were tried again.",
      read: () => figures.settleRetries,
    },
    ...upstreamMetrics(gateway),
  ]
}

function upstreamMetrics(gateway: Told): Metric[] {
  const of = (pick: (live: UpstreamLive) => number) => (): Sample[] =>
    gateway
      .upstreams()
      .filter(({ enabled }) => enabled)
      .flatMap(({ name, publicId }) => {
        const live = gateway.health(publicId)
        return live ? [{ labels: { upstream: name }, value: pick(live) }] : []
      })
  return [
    {
      kind: "gauge",
      name: "upstream_up",
      help: "1 when an upstream that is turned on may be called, 0 when its circuit is open or it was taken out.",
      read: of(({ state }) => (state === "open" || state === "out" ? 0 : 1)),
    },
    {
      kind: "gauge",
      name: "upstream_running",
      help: "Calls on their way to an upstream.",
      read: of(({ running }) => running),
    },
    {
      kind: "gauge",
      name: "upstream_calls_last_minute",
      help: "Calls of the last minute, also those that failed.",
      read: of(({ calls }) => calls),
    },
    {
      kind: "gauge",
      name: "upstream_failures_last_minute",
      help: "Calls of the last minute that failed.",
      read: of(({ failures }) => failures),
    },
  ]
}
