// One timer for all calls in flight: timeouts, keep-alives and marks. Cheaper and easier to reason about than timers per call.
import { Passing } from "../../app/index.ts"
import type { Watched } from "../types.ts"

export class Watch {
  private readonly calls = new Passing<string, Watched>()
  private timer: ReturnType<typeof setInterval> | null = null

  constructor(private readonly tickMs: number) {}

  add(call: Watched): void {
    this.calls.set(call.callId, call)
    if (this.timer) return
    this.timer = setInterval(() => {
      const nowMs = performance.now()
      for (const call of this.calls.values()) call.tick(nowMs)
    }, this.tickMs)
    this.timer.unref?.()
  }

  remove(call: Watched): void {
    this.calls.delete(call.callId)
  }

  has(callId: string): boolean {
    return this.calls.has(callId)
  }

  get size(): number {
    return this.calls.size
  }

  values(): Iterable<Watched> {
    return this.calls.values()
  }

  close(): void {
    if (this.timer) clearInterval(this.timer)
    this.timer = null
  }
}
