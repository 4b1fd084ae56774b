// Words of the statement: what the processor says of the money, and what of that stands in the books.
import type { Clock, Nano, UserId } from "../../app/index.ts"
import type { Ledger } from "../../ledger/index.ts"
import type { Store } from "../../store/index.ts"
import type { Movement } from "../stripe/index.ts"

export interface MovementRow extends Omit<Movement, "id"> {
  id: number
  /** `txn_…` of the processor. */
  movementId: string
  /** What was kept, in dollars; null: nobody knows. */
  usdFeeCents: number | null
  /** Of this house: the account may have other business. */
  isOurs: boolean
  /** `txn_…` of our books that booked its fee. */
  transactionId: string | null
}

export type Category = "payments" | "refunds" | "disputes" | "other"

/** What both sides say of one kind of movement in a period, cents. `elsewhere`: agreed, but on the other side of the period's edge. */
export interface ComparedLine {
  category: Category | "fees"
  processorCents: number
  booksCents: number
  elsewhereCents: number
  differenceCents: number
}

export type DifferenceKind = "not_in_books" | "not_at_processor" | "amounts" | "fee_not_booked"

/** One object that both sides tell differently, over all time. Cents; what came in is above 0. */
export interface Difference {
  kind: DifferenceKind
  category: Category | "fees"
  /** Its name at the processor, such as `ch_…`; null: it knows none. */
  objectId: string | null
  /** Ours, such as `ord_…`. */
  orderId: string | null
  /** The payment that it is about, as its page is called: `ord_…` or `in_…`. */
  paymentId: string | null
  /** Whose it is. */
  userId: UserId | null
  transactionIds: readonly string[]
  processorCents: number
  booksCents: number
  atMs: number
  /** What the processor calls it. */
  text: string | null
}

export interface Comparison {
  fromMs: number
  toMs: number
  /** The statement is read up to here; null: never. */
  readThroughMs: number | null
  lines: ComparedLine[]
  /** Newest first; at most `BILLING_LIMITS.differencesMax`. */
  differences: Difference[]
  isMore: boolean
  /** Movements of the account that are not of this house. */
  foreignCents: number
  /** What went to the operator's bank. */
  bankCents: number
  /** Must return to 0; n$ as booked. */
  clearing: { account: "disputes" | "payouts"; standsNano: Nano }[]
}

/** A UTC day of the books, n$. */
export interface MoneyOfDay {
  day: number
  inNano: Nano
  refundsNano: Nano
  disputesNano: Nano
  feesNano: Nano
}

export interface ComparisonInput {
  fromMs: number
  /** Not included. */
  toMs: number
  nowMs: number
}

export interface StatementDeps {
  store: Store
  clock: Clock
  ledger: Pick<Ledger, "bookFeeIn" | "bookIncomeIn" | "moneyOfKeyIn">
}

export interface StatementVerbs {
  /** Reads what is new of the processor's statement and books its fees, each once. @returns lines that were new. @throws ProcessorError */
  read(signal?: AbortSignal): Promise<number>
  /** What the processor says against what the books say; pages ask the read Worker for it. */
  compare(fromMs: number, toMs: number): Comparison
  /** Days on which anything moved, oldest first; pages ask the read Worker for them. */
  days(fromMs: number, toMs: number): MoneyOfDay[]
}
