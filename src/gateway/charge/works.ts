// Calls of other things than models that run now: whose they are, so that they can be cut.
import type { UserId } from "../../app/index.ts"

export class Works {
  private readonly running = new Map<string, { userId: number; cut: AbortController }>()

  begin(callId: string, userId: UserId): AbortSignal {
    const cut = new AbortController()
    this.running.set(callId, { userId, cut })
    return cut.signal
  }
  end(callId: string): void {
    this.running.delete(callId)
  }
  has(callId: string): boolean {
    return this.running.has(callId)
  }
  get size(): number {
    return this.running.size
  }
  /** @param userId of one person; without, all */
  cut(userId?: number): void {
    for (const one of this.running.values()) if (userId === undefined || one.userId === userId) one.cut.abort()
  }
}
