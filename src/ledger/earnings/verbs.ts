// The verbs of developer earnings.
import { type Nano, nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { latestMs } from "../books/store.ts"
import type { LedgerDeps, Mode, Owner } from "../books/types.ts"
import { earningsOf, takeBackEarningIn } from "./earnings.ts"
import { matureDue, matureIn } from "./mature.ts"
import { completePayoutIn, failPayoutIn, payoutsOf, requestPayoutIn } from "./payout.ts"
import { statementOf } from "./statement.ts"
import { payableOf } from "./store.ts"
import type { Earnings, Maturity, Payout, PayoutInput, Statement } from "./types.ts"

type Resolved = Payout & { already: boolean }

export const earningVerbs = ({ store, clock, ids }: LedgerDeps) => ({
  /** Moves what is due of one developer from pending to payable. @returns n$ moved; 0 when nothing is due */
  matureIn: (tx: Tx, input: { owner: Owner; mode: Mode; maturity: Maturity }): { maturedNano: Nano } =>
    matureIn(tx, ids, input),
  /** The job: every developer, a write each; once, whatever restarts or runs at the same time, however late. */
  matureDue: (maturity: Maturity): Promise<{ developers: number; maturedNano: Nano }> =>
    matureDue(store, clock, ids, maturity),
  /** What was earned by one `usage` (its row id) and is still pending is clawed; the caller posts `pending −takenNano`. */
  takeBackEarningIn,

  /** What may be asked for, inside this write; below zero by refunds of what was paid out. */
  payableIn: (tx: Tx, owner: Owner, mode: Mode): Nano => nano(payableOf(tx, owner, mode)),
  /** payable → payouts. @throws AppError `validation_failed` below the minimum or above what is payable; `conflict` */
  requestPayoutIn: (tx: Tx, input: PayoutInput): Resolved => requestPayoutIn(tx, ids, input),
  /** The money has arrived: payouts → cash. @throws AppError `not_found`; `conflict` when it had failed */
  completePayoutIn: (tx: Tx, payoutId: string): Resolved => completePayoutIn(tx, ids, payoutId),
  /** It came back: payouts → payable. @throws AppError `not_found`; `conflict` when it was paid */
  failPayoutIn: (tx: Tx, payoutId: string): Resolved => failPayoutIn(tx, ids, payoutId),
  /** Newest first, at most 200. */
  payoutsOf: (owner: Owner, mode: Mode, limit: number): Payout[] => payoutsOf(store.read, owner, mode, limit),

  earningsOf: (owner: Owner, mode: Mode, maturity: Maturity): Earnings =>
    earningsOf(store.read, latestMs(store.read, clock.now()), owner, mode, maturity),
  /** Both times are starts of UTC days, the second exclusive; RangeError otherwise. */
  statementOf: (owner: Owner, mode: Mode, fromMs: number, toMs: number): Statement =>
    statementOf(store.read, owner, mode, fromMs, toMs),
})
