// Work that repeats: after each end a pause, never twice at once, and none of it keeps the process alive.
export class Loops {
  private readonly timers = new Map<object, Timer>()
  private stopped = false

  constructor(private readonly failed: (error: unknown) => void) {}

  every(ms: number, work: () => Promise<void>): void {
    const next = () => {
      if (this.stopped) return
      const timer = setTimeout(() => work().catch(this.failed).finally(next), ms)
      timer.unref()
      this.timers.set(work, timer)
    }
    next()
  }

  stop(): void {
    this.stopped = true
    for (const timer of this.timers.values()) clearTimeout(timer)
  }
}
