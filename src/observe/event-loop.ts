// How late the event loop comes to its timers: what every request waits beside its own work.
import { monitorEventLoopDelay } from "node:perf_hooks"

export interface EventLoop {
  /** ms since the last look; null before anything was measured. */
  delay(): { mean: number; p99: number; max: number } | null
  stop(): void
}

const RESOLUTION_MS = 20

export function watchEventLoop(): EventLoop {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  histogram.enable()
  /** What a timer of this resolution takes when nothing is in its way. */
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)
  return {
    delay() {
      if (!Number.isFinite(histogram.mean)) return null
      const found = { mean: late(histogram.mean), p99: late(histogram.percentile(99)), max: late(histogram.max) }
      histogram.reset()
      return found
    },
    stop: () => void histogram.disable(),
  }
}
