// How often one person may have a picture read: each costs a process and some hundred milliseconds.
import { AppError, type Clock, limiter, type UserId } from "../app/index.ts"
import { MEDIA_LIMITS } from "./rules.ts"

export interface Tries {
  /** @throws AppError rate_limit_exceeded, with seconds to wait */
  count(userId: UserId): void
}

const RULE: limiter.LimitRule = {
  kind: "smooth",
  name: "pictures",
  limit: MEDIA_LIMITS.triesMax,
  periodMs: MEDIA_LIMITS.triesMs,
  burst: MEDIA_LIMITS.triesMax,
}

export function createTries(clock: Clock): Tries {
  const counted = new limiter.MemoryStates(MEDIA_LIMITS.triesKeysMax)
  return {
    count(userId) {
      const asks = [{ key: String(userId), rule: RULE }]
      const now = clock.now()
      const decision = limiter.decide(counted, asks, now)
      if (decision.admitted) return
      throw new AppError("rate_limit_exceeded", "You sent many pictures. Wait a few minutes, then try again.", {
        retryAfterSeconds: Math.max(1, Math.ceil(((decision.retryAtMs ?? now) - now) / 1_000)),
      })
    },
  }
}
