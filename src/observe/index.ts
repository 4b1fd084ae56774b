// The door of `observe`: what an operator's tools are told of this process. It watches; nothing that earns or spends depends on it.
import type { Config, Log } from "../app/index.ts"
import { Traffic } from "../http/index.ts"
import { type EventLoop, watchEventLoop } from "./event-loop.ts"
import { hasMetrics } from "./metrics.ts"
import { Exporter } from "./otlp.ts"
import { createTracer, type Tracer } from "./trace.ts"

export { createMetrics, type Metrics } from "./metrics.ts"
export { observePart } from "./part.ts"
export { type SystemFacts, systemFacts } from "./system.ts"
export type { CallTrace, Tracer } from "./trace.ts"

export interface Observe {
  /** What the listener counts. */
  traffic: Traffic
  /** Watched where metrics are asked for: it wakes the process fifty times a second. */
  loop: EventLoop | null
  /** Null: calls are not traced, and cost nothing for it. */
  tracer: Tracer | null
  spans: Pick<Exporter, "sent" | "dropped"> | null
  stop(): Promise<void>
}

export function createObserve(config: Pick<Config, "metricsToken" | "metricsListen" | "otlp">, log: Log): Observe {
  const loop = hasMetrics(config) ? watchEventLoop() : null
  const exporter = config.otlp && new Exporter({ ...config.otlp, log })
  return {
    traffic: new Traffic(),
    loop,
    tracer: config.otlp && exporter && createTracer(config.otlp.ratio, exporter.keep),
    spans: exporter,
    async stop() {
      loop?.stop()
      await exporter?.stop()
    },
  }
}
