// Starts what is due, at most a few at once, never two of one subject, and sleeps until the next is.
import { type Clock, LIMITS, type Log, MINUTE_MS } from "../app/index.ts"
import type { Deliver } from "../part/index.ts"
import type { Store } from "../store/index.ts"
import { deliver } from "./deliver.ts"
import { awaitedRows, dueRows, nextAwaitedMs, nextDueMs } from "./store.ts"

export class Pump {
  private readonly running = new Set<number>()
  private readonly inFlight = new Set<Promise<void>>()
  private timer: ReturnType<typeof setTimeout> | null = null
  private started = false
  /** Since when only what somebody waits for is delivered; null = everything is. */
  private pausedSinceMs: number | null = null

  constructor(
    private readonly deps: { store: Store; clock: Clock; log: Log; random?: (() => number) | undefined },
    private readonly handlers: ReadonlyMap<string, Deliver>,
  ) {}

  start(): void {
    this.started = true
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
    if (this.timer) clearTimeout(this.timer)
    await Promise.all(this.inFlight)
  }

  private async pump(): Promise<void> {
    const { store, clock } = this.deps
    const sinceMs = this.pausedSinceMs
    const nowMs = clock.now()
    for (const row of sinceMs === null ? dueRows(store.read, nowMs) : awaitedRows(store.read, sinceMs, nowMs)) {
      const handler = this.handlers.get(row.topic)
      if (!handler || this.running.has(row.id)) continue
      if (this.running.size >= LIMITS.outboxParallelMax) break
      this.running.add(row.id)
      const attempt = deliver(this.deps, row, handler).finally(() => {
        this.running.delete(row.id)
        this.inFlight.delete(attempt)
        this.wake(0)
      })
      this.inFlight.add(attempt)
    }
    const nextMs = sinceMs === null ? nextDueMs(store.read) : nextAwaitedMs(store.read, sinceMs)
    if (nextMs !== null && this.running.size === 0) this.wake(Math.max(250, nextMs - clock.now()))
  }
}
