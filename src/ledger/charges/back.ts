// What came back of a charge: counts at once for the app's day that the charge counts for.
import type { AccountId, TransactionId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { booksOf } from "../books/memory.ts"
import { countCallerBack } from "./callers.ts"
import { addBack } from "./store.ts"

/** @param amountNano below 0: taken again, by the reversal of a refund */
export function giveBack(tx: Tx, chargeId: TransactionId, accountId: AccountId, amountNano: number): void {
  const books = booksOf(tx)
  const wallet = books.wallet(tx, accountId)
  books.touch(wallet)
  wallet.used.clear()
  addBack(tx, chargeId, amountNano)
  countCallerBack(tx, chargeId, amountNano)
}
