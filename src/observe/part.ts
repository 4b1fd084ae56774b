// What `observe` contributes: figures of the process, its listener and its writer; and whether writes come through.
import { DAY_MS, HOUR_MS, type Log, MINUTE_MS, type SteadyClock, VERSION } from "../app/index.ts"
import type { Check, Metric, NotReady, Part } from "../part/index.ts"
import type { ReadWorker, Store } from "../store/index.ts"
import { CHECK_FILE, createFileCheck } from "./file-check.ts"
import type { Observe } from "./index.ts"
import { damageIn } from "./store.ts"
import { giveBackSpace, noteSize, systemFacts } from "./system.ts"

type Writes = Pick<Store, "write" | "stats" | "read" | "path">

interface Works {
  observe: Observe
  store: Writes
  proofs: Pick<ReadWorker, "ask">
  clock: SteadyClock
  log: Log
}

export const observePart: Part<Works> = {
  name: "observe",
  reads: { [CHECK_FILE]: damageIn },
  run: ({ observe, store, proofs, clock, log }) => {
    const file = createFileCheck({ store, proofs, clock, log })
    return {
      jobs: [
        file.job,
        {
          name: "note-size",
          everyMs: HOUR_MS,
          atStart: true,
          goesOn: true,
          run: () => noteSize(store, clock).then(() => false),
        },
        // A slice of pages at a time, so that calls come between.
        { name: "give-back-space", everyMs: DAY_MS, run: ({ rows }) => giveBackSpace(store, rows) },
      ],
      checks: [() => disk(store), () => timeOf(clock), file.line],
      metrics: [
        ...processMetrics(observe),
        ...trafficMetrics(observe),
        ...writerMetrics(store),
        ...fileMetrics(store),
        {
          kind: "gauge",
          name: "clock_ahead_seconds",
          help: "How far time in the books is ahead of the machine's clock, which was set back; else 0.",
          read: () => clock.aheadMs() / 1_000,
        },
        ...spanMetrics(observe),
        file.metric,
      ],
      ready: [writesOf(store)],
    }
  },
}

/** Below this it is the work of a time service. */
const AHEAD_MS_MAX = MINUTE_MS

function timeOf(clock: Pick<SteadyClock, "aheadMs">): Check[] {
  const minutes = Math.ceil(clock.aheadMs() / MINUTE_MS)
  if (minutes * MINUTE_MS <= AHEAD_MS_MAX) return []
  const ahead = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`
  return [
    {
      label: "Clock",
      state: "warn",
      text: `the machine’s clock was set back; time here is ${ahead} ahead and goes on at half its pace`,
      remedy:
        "Let the clock be synchronised (timedatectl set-ntp true). If it is right now, wait: the two meet by themselves.",
    },
  ]
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

function spanMetrics({ spans }: Pick<Observe, "spans">): Metric[] {
  if (spans === null) return []
  return [
    {
      kind: "counter",
      name: "trace_spans_total",
      help: "Spans that were sent to the collector, and those that were lost.",
      read: () => [
        { labels: { result: "sent" }, value: spans.sent },
        { labels: { result: "lost" }, value: spans.dropped },
      ],
    },
  ]
}

function fileMetrics(store: Writes): Metric[] {
  return [
    {
      kind: "gauge",
      name: "database_bytes",
      help: "The database file; its log; what the disk has left.",
      read() {
        const { databaseBytes, walBytes, disk } = systemFacts(store)
        return [
          { labels: { of: "file" }, value: databaseBytes },
          { labels: { of: "wal" }, value: walBytes },
          ...(disk ? [{ labels: { of: "disk_free" }, value: disk.freeBytes }] : []),
        ]
      },
    },
  ]
}

/** A full disk refuses every call. */
const DISK_FREE_MIN = 512 * 1024 * 1024
const DAYS_LEFT_MIN = 14

/** Nothing while there is room. */
function disk(store: Writes): Check[] {
  const { disk: room, growthBytes } = systemFacts(store)
  if (room === null) return []
  const days = growthBytes !== null && growthBytes > 0 ? Math.floor(room.freeBytes / growthBytes) : null
  const isFull = room.freeBytes < DISK_FREE_MIN
  if (!isFull && (days === null || days >= DAYS_LEFT_MIN)) return []
  const left = `${Math.floor(room.freeBytes / 1024 / 1024)} MB free`
  return [
    {
      label: "Disk",
      href: "/admin/system",
      state: isFull ? "bad" : "warn",
      text: days === null ? left : `${left}, ${days} days at this growth`,
      remedy: "Free room or give the data folder a larger disk: nothing can be charged once it is full.",
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
