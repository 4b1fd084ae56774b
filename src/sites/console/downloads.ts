// How many downloads one person may start in a minute: each keeps the read Worker busy.
import { AppError, type Clock, LIMITS, limiter } from "../../app/index.ts"
import type { PageRequest } from "../base/index.ts"

/** @returns counts one @throws AppError rate_limit_exceeded */
export function countDownloads(clock: Clock, name: string, limit: number): (page: PageRequest) => void {
  const rule: limiter.WindowRule = { kind: "window", name, window: "minute", limit }
  const states = new limiter.MemoryStates(LIMITS.exportKeysMax)
  return (page) => {
    const now = clock.now()
    const decision = limiter.decide(states, [{ key: String(page.session.userId), rule }], now)
    if (decision.admitted) return
    throw new AppError("rate_limit_exceeded", "Too many downloads at once. Wait a minute, then try again.", {
      retryAfterSeconds: Math.max(1, Math.ceil(((decision.retryAtMs ?? now) - now) / 1_000)),
    })
  }
}
