// The platform's own money: what the processor of payments keeps, and reads of what came in, went out and is on its way.
import type { Tx } from "../../store/index.ts"
import type { LedgerDeps, Mode } from "../books/types.ts"
import { bookFeeIn } from "./fee.ts"
import { bookIncomeIn } from "./income.ts"
import { moneyDays, moneyIn, moneyMoves, moneyOfKey } from "./store.ts"
import type { FeeBooked, FeeInput, IncomeInput, MoneyAccount, MoneyDay, MoneyMove, MoneySpan } from "./types.ts"

export const moneyVerbs = ({ store: { read }, ids }: LedgerDeps) => ({
  /** What the processor kept of a payment, once a key. @throws AppError `conflict` for a key that booked anything else */
  bookFeeIn: (tx: Tx, input: FeeInput): FeeBooked => bookFeeIn(tx, ids, input),
  /** What was paid beyond credits, once a key. @throws AppError `conflict` for a key that booked anything else */
  bookIncomeIn: (tx: Tx, input: IncomeInput): FeeBooked => bookIncomeIn(tx, ids, input),
  /** By UTC day, account and type. Reads what moved money alone, however many calls there were. */
  moneyDays: (span: MoneySpan): MoneyDay[] => moneyDays(read, span),
  /** What moved money in a span, in the order of the books; fees aside. */
  moneyMoves: (span: MoneySpan): MoneyMove[] => moneyMoves(read, span),
  /** What moved money under a key or one that goes on with a colon; fees aside. */
  moneyOfKey: (mode: Mode, key: string): MoneyMove[] => moneyOfKey(read, mode, key),
  moneyOfKeyIn: (tx: Tx, mode: Mode, key: string): MoneyMove[] => moneyOfKey(tx, mode, key),
  /** As booked; a clearing account (`disputes`, `payouts`) returns to 0. */
  moneyIn: (mode: Mode, account: MoneyAccount) => moneyIn(read, mode, account),
})
