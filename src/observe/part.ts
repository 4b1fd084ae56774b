// What `observe` contributes: figures of the process, its listener and its writer; and whether writes come through.
import { VERSION } from "../app/index.ts"
import type { Metric, NotReady, Part } from "../part/index.ts"
import type { Store } from "../store/index.ts"
import type { Observe } from "./index.ts"

type Writes = Pick<Store, "write" | "stats">

export const observePart: Part<{ observe: Observe; store: Writes }> = {
  name: "observe",
  run: ({ observe, store }) => ({
    metrics: [...processMetrics(observe), ...trafficMetrics(observe), ...writerMetrics(store)],
    ready: [writesOf(store)],
  }),
}

function processMetrics({ loop }: Pick<Observe, "loop">): Metric[] {
  return [
    {
      kind: "gauge",
      name: "build_info",
      help: "Always 1; the version is a label.",
      read: () => [{ labels: { version: VERSION, bun: Bun.version }, value: 1 }],
    },
    { kind: "gauge", name: "uptime_seconds", help: "Since the process began.", read: () => process.uptime() },
    {
      kind: "counter",
      name: "cpu_seconds_total",
      help: "Processor time of this process, user and system.",
      read() {
        const { user, system } = process.cpuUsage()
        return (user + system) / 1e6
      },
    },
    {
      kind: "gauge",
      name: "resident_memory_bytes",
      help: "Memory of this process that is in RAM.",
      read: () => process.memoryUsage.rss(),
    },
    {
      kind: "gauge",
      name: "event_loop_delay_seconds",
      help: "How late timers came since the last reading: what every request waited beside its own work.",
      read() {
        const delay = loop?.delay() ?? { mean: 0, p99: 0, max: 0 }
        return Object.entries(delay).map(([of, ms]) => ({ labels: { of }, value: ms / 1_000 }))
      },
    },
  ]
}

function trafficMetrics({ traffic }: Pick<Observe, "traffic">): Metric[] {
  return [
    { kind: "gauge", name: "http_running", help: "Requests whose answer has not begun.", read: () => traffic.running },
    {
      kind: "counter",
      name: "http_requests_total",
      help: "Answered requests by method, pattern of the route and status.",
      read: () =>
        traffic
          .rows()
          .flatMap(({ method, route, statuses }) =>
            [...statuses].map(([status, value]) => ({ labels: { method, route, status: String(status) }, value })),
          ),
    },
    {
      kind: "histogram",
      name: "http_request_seconds",
      help: "Until the answer began; streams go on after it.",
      scale: 0.001,
      read: () => traffic.rows().map(({ method, route, ms }) => ({ labels: { method, route }, value: ms })),
    },
  ]
}

function writerMetrics({ stats }: Pick<Writes, "stats">): Metric[] {
  return [
    { kind: "gauge", name: "write_queue", help: "Writes that wait for a commit.", read: () => stats.queued },
    { kind: "counter", name: "writes_total", help: "Writes that were run.", read: () => stats.mutations },
    { kind: "counter", name: "commit_failures_total", help: "Commits that kept nothing.", read: () => stats.failures },
    {
      kind: "counter",
      name: "write_lock_retries_total",
      help: "Commits that waited for another process’s lock.",
      read: () => stats.busyRetries,
    },
    { kind: "histogram", name: "commit_writes", help: "Writes of one commit.", read: () => stats.batches },
    {
      kind: "histogram",
      name: "commit_seconds",
      help: "One COMMIT; the event loop stands still meanwhile.",
      scale: 0.001,
      read: () => stats.commitTimes,
    },
    {
      kind: "histogram",
      name: "sync_seconds",
      help: "Waiting for the disk, mostly off the main thread.",
      scale: 0.001,
      read: () => stats.syncTimes,
    },
  ]
}

const PROBE = { actor: "system:observe", requestId: "ready", reason: "find out whether writes come through again" }
const PROBE_EVERY_MS = 1_000

/** Red after a commit that failed. A server without traffic writes nothing, so whoever asks lets it try, once a second. */
function writesOf({ write, stats }: Writes): () => NotReady | null {
  let triedMs = Number.NEGATIVE_INFINITY
  return () => {
    if (stats.failing === null) return null
    if (performance.now() - triedMs >= PROBE_EVERY_MS) {
      triedMs = performance.now()
      write(PROBE, () => {}).catch(() => {})
    }
    return {
      name: "writes-fail",
      text: `Nothing can be saved: ${stats.failing}. Free room on the disk or mend it; the server tries again by itself.`,
    }
  }
}
