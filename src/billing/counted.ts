// Questions to the processor after a restore, counted by what came of them.
import type { Log } from "../app/index.ts"
import { ProcessorError, type RefusalKind } from "./stripe/index.ts"
import type { BillingDepsOn } from "./types.ts"

export interface Counted {
  asked: number
  /** It was not what it was thought to be. */
  changed: number
  /** The processor says that it does not know them, or nonsense; the log names them. */
  unknown: number
  /** Silence: they are asked about again. */
  unanswered: number
}

/** @param sinceMs the last commit of what was restored */
export type CatchUp = (deps: BillingDepsOn, sinceMs: number) => Promise<Counted>

/** A key that is over says as little as no answer. */
const SILENT: readonly RefusalKind[] = ["unavailable", "rate_limited", "not_allowed"]

/** Counts what comes of questions. */
export function countedOf(log: Log) {
  const counts: Counted = { asked: 0, changed: 0, unknown: 0, unanswered: 0 }
  return {
    counts,
    /** @returns null = no answer, or none that makes sense */
    async of<T>(ask: () => Promise<T>, about = "what was made since"): Promise<T | null> {
      counts.asked++
      // Who was silent once is not waited for a thousand times: all of it is asked again.
      if (counts.unanswered > 0) {
        counts.unanswered++
        return null
      }
      try {
        return await ask()
      } catch (error) {
        if (!(error instanceof ProcessorError)) throw error
        if (SILENT.includes(error.kind)) counts.unanswered++
        else counts.unknown++
        log.warn("billing.not_asked", { about, kind: error.kind, why: error.message })
        return null
      }
    },
  }
}
