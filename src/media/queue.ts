// One picture is decoded at a time, a few wait, the rest is refused: neither memory nor processor is a stranger's to take.
import { AppError } from "../app/index.ts"

/** Runs `work` when a place is free. @throws AppError overloaded when too many wait */
export type Queue = <T>(work: () => Promise<T>) => Promise<T>

export function createQueue({ runningMax, waitingMax }: { runningMax: number; waitingMax: number }): Queue {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= runningMax) {
      if (waiting.length >= waitingMax)
        throw new AppError("overloaded", "Too many pictures are being read. Try again in a moment.", {
          retryAfterSeconds: 5,
        })
      await new Promise<void>((free) => waiting.push(free))
    } else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      // The place goes to the next one as it is.
      if (next) next()
      else running--
    }
  }
}
