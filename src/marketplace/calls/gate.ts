// Calls that come at once are judged in one mutation, one after the other: a mutation of its own for each costs more than most of them. What
// may have to be undone for one call alone has a mutation of its own still.
import { AppError, limiter } from "../../app/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import {
  type Admitted,
  type Alone,
  admitAloneIn,
  admitTogetherIn,
  type Sample,
  type Seen,
  type UnitsInMutation,
  type Wanted,
} from "./admit.ts"
import type { Asked } from "./asked.ts"
import type { CallsCore } from "./core.ts"
import { CALL_LIMITS as L } from "./limits.ts"
import type { Signed } from "./signature.ts"

const CTX: WriteContext = { actor: "system:marketplace", requestId: "calls", reason: "calls of products" }
const HOLD = { lane: "hold" } as const

type Judged = Admitted | Sample | Wanted

interface Waiting {
  asked: Asked
  seen: Seen
  resolve(judged: Judged | Alone): void
  reject(error: unknown): void
}

type Outcome = Judged | Alone | { kind: "refused"; error: unknown }

export class Gate {
  private waiting: Waiting[] = []
  /** Mutations that are queued and have not run: each takes so many of those who wait. */
  private queued = 0

  constructor(private readonly core: CallsCore) {}

  /** @throws AppError why it may not go, or that the server is busy */
  async ask(asked: Asked, seen: Seen): Promise<Judged> {
    const judged = await this.together(asked, seen)
    return judged.kind === "alone" ? this.alone(asked, seen, null) : judged
  }

  /** @param body what was read and found right; null = nothing was read */
  alone(asked: Asked, seen: Seen, body: Signed | null): Promise<Judged> {
    return this.core.store.write(contextFor(asked), (tx) => admitAloneIn(this.core, tx, asked, seen, body), HOLD)
  }

  private together(asked: Asked, seen: Seen): Promise<Judged | Alone> {
    if (this.waiting.length >= L.judgeWaitingMax)
      throw new AppError("overloaded", "The server is busy. Try again in a second.", { retryAfterSeconds: 1 })
    return new Promise((resolve, reject) => {
      this.waiting.push({ asked, seen, resolve, reject })
      if (this.waiting.length > this.queued * L.judgedAtOnceMax) void this.judge()
    })
  }

  private async judge(): Promise<void> {
    this.queued++
    let taken: Waiting[] | null = null
    const take = () => {
      this.queued--
      taken = this.waiting.splice(0, L.judgedAtOnceMax)
      return taken
    }
    try {
      const outcomes = await this.core.store.write(CTX, (tx) => this.judgeIn(tx, take()), HOLD)
      for (const [at, outcome] of outcomes.entries()) {
        const { resolve, reject } = taken![at]!
        if (outcome.kind === "refused") reject(outcome.error)
        else resolve(outcome)
      }
    } catch (error) {
      for (const one of taken ?? take()) this.undone(one, error)
    }
  }

  private judgeIn(tx: Tx, taken: readonly Waiting[]): Outcome[] {
    const units: UnitsInMutation = new Map()
    const outcomes = taken.map(({ asked, seen }): Outcome => {
      try {
        return admitTogetherIn(this.core, tx, asked, seen, units)
      } catch (error) {
        // These are thrown before anything is written; whatever else it is undoes all of them.
        if (error instanceof AppError || error instanceof limiter.LimiterFull) return { kind: "refused", error }
        throw error
      }
    })
    for (const one of units.values()) one.write()
    return outcomes
  }

  /** Nothing was written. Where one of them broke it, the others are judged without it. */
  private undone({ seen, resolve, reject }: Waiting, error: unknown): void {
    if (error instanceof AppError) {
      reject(error)
      return
    }
    if (seen.seat) this.core.busy.leave(seen.seat, "nothing", this.core.clock.now())
    seen.seat = null
    resolve({ kind: "alone" })
  }
}

export const contextFor = (asked: Asked): WriteContext => ({
  actor: "system:marketplace",
  requestId: asked.requestId,
  reason: `${asked.publisher}/${asked.product}`,
})
