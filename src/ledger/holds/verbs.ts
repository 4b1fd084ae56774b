// The verbs of holds. New holds and raises belong into the lane `hold` of a write, what ends or renews one into `settle`.
import type { Tx } from "../../store/index.ts"
import type { LedgerDeps } from "../books/types.ts"
import { holdIn, markIn } from "./hold.ts"
import { raiseIn, renewIn } from "./raise.ts"
import { recoverHolds, sweep } from "./recover.ts"
import { releaseIn, settleIn } from "./settle.ts"
import { heldNow } from "./store.ts"
import type {
  Hold,
  HoldInput,
  HoldRef,
  HoldTerms,
  Raised,
  RecoverReport,
  Released,
  Settled,
  SettleInput,
} from "./types.ts"

export const holdVerbs = ({ store, clock, ids, bootId }: LedgerDeps) => ({
  /** @throws AppError insufficient_credits, credits_on_hold, app_daily_limit_exceeded; nothing is written then */
  holdIn: (tx: Tx, input: HoldInput): Hold => holdIn(tx, ids, bootId, input),
  /**
   * Holds `amountNano` more on an open hold. `dailyNano`: the app's daily limit as it stands, null = none; it is counted on
   * the hold's own day. `leastNano`: hold what fits when all does not, if it is at least this much; default: all or nothing.
   * `terms`: of the one who is asked from here on, where others are paid than before.
   * @throws AppError as `holdIn`; `conflict` when the hold is resolved
   */
  raiseIn: (
    tx: Tx,
    hold: HoldRef,
    amountNano: number,
    dailyNano?: number | null,
    leastNano?: number,
    terms?: HoldTerms,
  ): Raised => raiseIn(tx, ids, hold, amountNano, dailyNano, leastNano, terms),
  /** @returns false when the hold is resolved already */
  markIn,
  /** Extends the lease of an open hold to now + `leaseMs`; never shortens it. @returns false when it is resolved */
  renewIn,
  settleIn: (tx: Tx, input: SettleInput): Settled => settleIn(tx, ids, input),
  releaseIn: (tx: Tx, hold: HoldRef): Released => releaseIn(tx, ids, hold),

  /** What is held at this moment, by everybody. */
  held: (): { holds: number; amountNano: number } => heldNow(store.read),
  /** Resolves every open hold of other boots at its best-known cost. To be awaited before listening. */
  recoverHolds: (): Promise<RecoverReport> => recoverHolds(store, ids, bootId),
  /** Resolves open holds past their lease whose call is not alive in memory. */
  sweep: (isAlive: (callId: string) => boolean): Promise<RecoverReport> => sweep(store, clock, ids, isAlive),
})
