// What was paid beyond credits: tax is owed to the state, the rest is the platform's. cash −, tax_payable +, revenue +; and back. Once a key.
import { AppError, type Ids, invariant } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { assertAmount } from "../books/rules.ts"
import { platformAccount, post } from "../books/store.ts"
import { isKeyTaken } from "../lots/store.ts"
import { incomeByKey } from "./store.ts"
import type { FeeBooked, IncomeInput } from "./types.ts"

/** @throws AppError `conflict` for a key that booked anything else */
export function bookIncomeIn(tx: Tx, ids: Ids, { mode, type, revenueNano, taxNano, key }: IncomeInput): FeeBooked {
  const inNano = revenueNano + taxNano
  for (const amount of [revenueNano, taxNano, inNano]) assertAmount(Math.abs(amount), "amountNano")
  invariant((revenueNano !== 0 || taxNano !== 0) && key !== "", "income is not 0 and has a key")
  const known = incomeByKey(tx, key)
  if (known?.mode === mode && known.type === type && known.inNano === inNano && known.taxNano === taxNano)
    return { transactionId: known.transactionId, already: true }
  if (known || isKeyTaken(tx, key))
    throw new AppError("conflict", "This key was used for something else. Use a new one.", {}, key)
  const of = (kind: "cash" | "tax_payable" | "revenue", amountNano: number) =>
    amountNano === 0 ? [] : [{ accountId: platformAccount(mode, kind), amountNano, lotId: null }]
  const entries = [...of("cash", -inNano), ...of("tax_payable", taxNano), ...of("revenue", revenueNano)]
  return { transactionId: post(tx, ids, { type, mode, key, entries }).publicId, already: false }
}
