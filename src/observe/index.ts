// The door of `observe`: what an operator's tools are told of this process. It watches; nothing that earns or spends depends on it.
import type { Config } from "../app/index.ts"
import { Traffic } from "../http/index.ts"
import { type EventLoop, watchEventLoop } from "./event-loop.ts"
import { hasMetrics } from "./metrics.ts"

export { createMetrics, type Metrics } from "./metrics.ts"
export { observePart } from "./part.ts"
export { type SystemFacts, systemFacts } from "./system.ts"

export interface Observe {
  /** What the listener counts. */
  traffic: Traffic
  /** Watched where metrics are asked for: it wakes the process fifty times a second. */
  loop: EventLoop | null
  stop(): void
}

export function createObserve(config: Pick<Config, "metricsToken" | "metricsListen">): Observe {
  const loop = hasMetrics(config) ? watchEventLoop() : null
  return { traffic: new Traffic(), loop, stop: () => loop?.stop() }
}
