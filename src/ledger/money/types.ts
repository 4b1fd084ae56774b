// Words of the platform's own money: what a processor of payments kept, and what moved in which account.
import type { Nano } from "../../app/index.ts"
import type { Mode, TransactionType } from "../books/types.ts"

export interface FeeInput {
  mode: Mode
  /** > 0 was kept by the processor, < 0 came back from it. */
  amountNano: Nano
  key: string
}

/** What was paid beyond credits. Both may be below 0: what went back with a refund. */
export interface IncomeInput {
  mode: Mode
  type: "topup" | "subscription" | "refund"
  /** Earned by the platform, such as what a plan costs above its credits. */
  revenueNano: Nano
  /** Owed to the state. */
  taxNano: Nano
  key: string
}

export interface FeeBooked {
  /** `txn_…` */
  transactionId: string
  already: boolean
}

/** Where money stands that is no wallet's: what was taken, what banks dispute, what is the state's, what the processor kept. */
export type MoneyAccount = "cash" | "disputes" | "tax_payable" | "processor_fees" | "payouts"

export interface MoneySpan {
  mode: Mode
  fromMs: number
  toMs: number
}

/** What moved in an account on a UTC day by transactions of a type. Signs as booked: money that came in debits cash. */
export interface MoneyDay {
  day: number
  account: MoneyAccount
  type: TransactionType
  amountNano: Nano
}

/** A transaction that moved money: fees aside. */
export interface MoneyMove {
  transactionId: string
  type: TransactionType
  atMs: number
  key: string | null
  /** What came in (> 0) or went out (< 0): the opposite of what `cash` and `disputes` were credited. */
  inNano: Nano
  /** Of it, what is the state's. */
  taxNano: Nano
  /** The principal whose wallet it moved; null = nobody's. Where it was asked for by its key. */
  ownerId?: number | null
}
