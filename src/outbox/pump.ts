// Starts what is due, at most a few at once, never two of one subject, and sleeps until the next is. Topics with turns of their own
// (`DeliverBy`) are asked for apart: whoever keeps theirs waiting takes no turn of the others.
import { type Clock, LIMITS, type Log, MINUTE_MS } from "../app/index.ts"
import type { DeliverBy } from "../part/index.ts"
import type { Store } from "../store/index.ts"
import { deliver } from "./deliver.ts"
import { awaitedRows, dueOfTopic, dueRows, laneOf, nextAwaitedMs, nextDueMs, nextMsAfter, type Row } from "./store.ts"
import { onEnqueued } from "./waiting.ts"

export class Pump {
  private readonly running = new Map<number, Row>()
  private readonly inFlight = new Set<Promise<void>>()
  private timer: ReturnType<typeof setTimeout> | null = null
  private started = false
  private forget = () => {}
  /** Since when only what somebody waits for is delivered; null = everything is. */
  private pausedSinceMs: number | null = null

  constructor(
    private readonly deps: { store: Store; clock: Clock; log: Log; random?: (() => number) | undefined },
    private readonly handlers: ReadonlyMap<string, DeliverBy>,
  ) {}

  start(): void {
    this.started = true
    this.forget = onEnqueued(() => this.wake(0))
    this.wake(0)
  }

  get isPaused(): boolean {
    return this.pausedSinceMs !== null
  }

  pause(sinceMs: number | null): void {
    this.pausedSinceMs = sinceMs
    this.wake(0)
  }

  wake(ms: number): void {
    if (!this.started) return
    if (this.timer) clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.pump(), Math.max(0, Math.min(ms, MINUTE_MS)))
  }

  async flush(): Promise<void> {
    for (;;) {
      await this.pump()
      if (this.inFlight.size === 0) return
      await Promise.all(this.inFlight)
    }
  }

  async stop(): Promise<void> {
    this.started = false
    this.forget()
    if (this.timer) clearTimeout(this.timer)
    await Promise.all(this.inFlight)
  }

  private async pump(): Promise<void> {
    const { store, clock } = this.deps
    const sinceMs = this.pausedSinceMs
    const nowMs = clock.now()
    const apart = [...this.handlers].filter(([, { laneMax }]) => Number.isFinite(laneMax))
    const shared = new Set([...this.handlers.keys()].filter((topic) => !apart.some(([one]) => one === topic)))
    const topics = apart.map(([topic]) => topic)
    const rows = sinceMs === null ? dueRows(store.read, nowMs, topics) : awaitedRows(store.read, sinceMs, nowMs)
    for (const row of rows) {
      if (!shared.has(row.topic)) continue
      if (this.runningOf(shared).length >= LIMITS.outboxParallelMax) break
      this.run(row)
    }
    if (sinceMs === null) for (const [topic, by] of apart) this.runTopic(topic, by, nowMs)
    this.wakeForNext(sinceMs, nowMs)
  }

  private wakeForNext(sinceMs: number | null, nowMs: number): void {
    const { read } = this.deps.store
    // What is due while others run waits for one of them to end, which wakes.
    const ofAll = () => (this.running.size === 0 ? nextDueMs(read) : nextMsAfter(read, nowMs))
    const nextMs = sinceMs === null ? ofAll() : this.running.size === 0 ? nextAwaitedMs(read, sinceMs) : null
    if (nextMs !== null) this.wake(Math.max(250, nextMs - nowMs))
  }

  private runTopic(topic: string, by: DeliverBy, nowMs: number): void {
    const lanes = new Map<string, number>()
    const of = this.runningOf(new Set([topic]))
    let left = by.parallelMax - of.length
    for (const row of of) lanes.set(laneOf(row), (lanes.get(laneOf(row)) ?? 0) + 1)
    const full = [...lanes].filter(([, n]) => n >= by.laneMax).map(([lane]) => lane)
    while (left > 0) {
      const rows = dueOfTopic(this.deps.store.read, topic, nowMs, full).filter(({ id }) => !this.running.has(id))
      const before = left
      for (const row of rows) {
        const n = lanes.get(laneOf(row)) ?? 0
        if (left === 0 || n >= by.laneMax) continue
        lanes.set(laneOf(row), n + 1)
        if (n + 1 >= by.laneMax) full.push(laneOf(row))
        left--
        this.run(row)
      }
      if (left === before) return
    }
  }

  private runningOf(topics: ReadonlySet<string>): Row[] {
    return [...this.running.values()].filter((row) => topics.has(row.topic))
  }

  private run(row: Row): void {
    const handler = this.handlers.get(row.topic)
    if (!handler || this.running.has(row.id)) return
    this.running.set(row.id, row)
    const attempt = deliver(this.deps, row, handler).finally(() => {
      this.running.delete(row.id)
      this.inFlight.delete(attempt)
      this.wake(0)
    })
    this.inFlight.add(attempt)
  }
}
