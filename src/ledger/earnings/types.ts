// Words of developer earnings: pending → payable → paid or clawed (SPEC §2, DE-5). Terms are arguments: the ledger knows no
// settings.
import type { Nano } from "../../app/index.ts"
import type { EarningSource, Mode, Owner } from "../books/types.ts"

export type { EarningSource } from "../books/types.ts"

/** Whole UTC days, from 1: what was earned on day d is payable when day d + n begins. The operator's, so an argument. */
export interface Maturity {
  paidDays: number
  promoDays: number
}

export interface Earnings {
  pendingNano: Nano
  /** May be asked for now. Below zero: refunds of what was paid out already; what is earned next fills it. */
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
  amountNano: Nano
  /** The operator's smallest payout. */
  minimumNano: Nano
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

export type StatementKind =
  | "earned_paid"
  | "earned_promo"
  | "clawed"
  | "clawed_late"
  | "restored"
  | "restored_late"
  | "matured"
  | "payout_requested"
  | "payout_failed"

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
