// Words and verbs of developer earnings: pending → payable → paid or clawed (SPEC §2, DE-5). Terms are arguments: the ledger
// knows no settings.
import type { Nano } from "../app/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import type { Mode, Owner } from "./types.ts"

/** Which lots an earning came from. */
export type EarningSource = "paid" | "promo"

/** Whole UTC days, from 1: what was earned on day d is payable when day d + n begins. The operator's, so an argument. */
export interface Maturity {
  paidDays: number
  promoDays: number
}

export interface Earnings {
  pendingNano: Nano
  /** May be asked for now. */
  payableNano: Nano
  /** Asked for and on its way. */
  requestedNano: Nano
  paidNano: Nano
  /** Taken back while it was pending, all time. */
  clawedNano: Nano
  /** What of `pendingNano` becomes payable on which UTC day, soonest first; their sum is `pendingNano`. */
  upcoming: { day: number; source: EarningSource; amountNano: Nano }[]
}

export type PayoutState = "requested" | "paid" | "failed"

export interface PayoutInput {
  owner: Owner
  mode: Mode
  amountNano: number
  /** The operator's smallest payout. */
  minimumNano: number
  /** Deterministic; the same key again returns the first result, with other content it throws `conflict`. */
  key: string
}

export interface Payout {
  /** `pay_…` */
  id: string
  owner: Owner
  mode: Mode
  amountNano: Nano
  state: PayoutState
  requestedMs: number
  resolvedMs: number | null
}

export type StatementKind = "earned_paid" | "earned_promo" | "clawed" | "matured" | "payout_requested" | "payout_failed"

export interface StatementLine {
  /** UTC day. */
  day: number
  kind: StatementKind
  /** Change of each account; matured moves from one to the other. */
  pendingNano: Nano
  payableNano: Nano
}

/** Opening + lines = closing, for both accounts. */
export interface Statement {
  fromMs: number
  toMs: number
  opening: { pendingNano: Nano; payableNano: Nano }
  closing: { pendingNano: Nano; payableNano: Nano }
  lines: StatementLine[]
}

export interface EarningVerbs {
  /** Moves what is due of one developer from pending to payable. @returns n$ moved; 0 when nothing is due */
  matureIn(tx: Tx, input: { owner: Owner; mode: Mode; maturity: Maturity }): { maturedNano: Nano }
  /** The job: every developer, a body each; once, whatever restarts or runs at the same time, however late. */
  matureDue(maturity: Maturity): Promise<{ developers: number; maturedNano: Nano }>

  /** What was earned by one `usage` (its row id) and is still pending is clawed; the caller posts `pending −takenNano`. */
  takeBackEarningIn(
    tx: Tx,
    input: { transactionId: number; amountNano: number },
  ): { takenNano: number; accountId: number | null }

  /** payable → payouts. @throws AppError `validation_failed` below the minimum or above what is payable; `conflict` */
  requestPayoutIn(tx: Tx, input: PayoutInput): Payout & { already: boolean }
  requestPayout(ctx: WriteContext, input: PayoutInput): Promise<Payout & { already: boolean }>
  /** The money has arrived: payouts → cash. @throws AppError `not_found`; `conflict` when it had failed */
  completePayoutIn(tx: Tx, payoutId: string): Payout & { already: boolean }
  completePayout(ctx: WriteContext, payoutId: string): Promise<Payout & { already: boolean }>
  /** It came back: payouts → payable. @throws AppError `not_found`; `conflict` when it was paid */
  failPayoutIn(tx: Tx, payoutId: string): Payout & { already: boolean }
  failPayout(ctx: WriteContext, payoutId: string): Promise<Payout & { already: boolean }>
  /** Newest first, at most 200. */
  payoutsOf(owner: Owner, mode: Mode, limit: number): Payout[]

  earningsOf(owner: Owner, mode: Mode, maturity: Maturity): Earnings
  /** Both times are starts of UTC days, the second exclusive; RangeError otherwise. */
  statementOf(owner: Owner, mode: Mode, fromMs: number, toMs: number): Statement
}
