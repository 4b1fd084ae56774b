// Keeps the sums close behind the books: some time after a commit, charges that wait are added a slice at a time, so that calls come
// between. Nothing is awaited by an answer, and an idle house writes nothing.
import type { Log } from "../app/index.ts"
import type { Store } from "../store/index.ts"
import { ANALYTICS_LIMITS as L } from "./limits.ts"
import { foldedThrough, foldIn, nextSlice } from "./store-fold.ts"

const CTX = { actor: "system:analytics", requestId: "job:analytics", reason: "sums of calls" }

export class Folding {
  private timer: ReturnType<typeof setTimeout> | null = null
  private running: Promise<void> | null = null
  private isStopped = false
  private readonly quit: () => void

  constructor(
    private readonly store: Store,
    private readonly log: Log,
  ) {
    this.quit = store.committed(() => this.schedule())
  }

  /** Adds what fills whole slices. Resolves when nothing more does. */
  async flush(): Promise<void> {
    await this.running
    this.running = this.run().finally(() => {
      this.running = null
    })
    await this.running
  }

  async stop(): Promise<void> {
    this.isStopped = true
    this.quit()
    if (this.timer) clearTimeout(this.timer)
    await this.running
  }

  private schedule(): void {
    if (this.timer || this.running || this.isStopped) return
    this.timer = setTimeout(() => {
      this.timer = null
      void this.flush()
    }, L.foldWaitMs)
    this.timer.unref()
  }

  private async run(): Promise<void> {
    try {
      while (!this.isStopped) {
        const startMs = performance.now()
        // Asked of what is committed, so that a house in which nothing waits is not written to.
        if (nextSlice(this.store.read, foldedThrough(this.store.read), L.foldRows) === null) return
        const isMore = await this.store.write(CTX, (tx) => {
          const after = foldedThrough(tx)
          const to = nextSlice(tx, after, L.foldRows)
          if (to === null) return false
          foldIn(tx, after, to)
          return true
        })
        if (!isMore) return
        await Bun.sleep(performance.now() - startMs)
      }
    } catch (error) {
      // The next commit tries again; until then reads go through more single charges.
      this.log.warn("analytics.not_folded", { error })
    }
  }
}
