// What the processor of payments kept of a payment: processor_fees − , cash +; and back, where it gives a fee back. Once a key.
import { AppError, type Ids, invariant } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { assertAmount } from "../books/rules.ts"
import { platformAccount, post } from "../books/store.ts"
import { isKeyTaken } from "../lots/store.ts"
import { feeByKey } from "./store.ts"
import type { FeeBooked, FeeInput } from "./types.ts"

/** @throws AppError `conflict` for a key that booked anything else */
export function bookFeeIn(tx: Tx, ids: Ids, { mode, amountNano, key }: FeeInput): FeeBooked {
  assertAmount(Math.abs(amountNano), "amountNano")
  invariant(amountNano !== 0 && key !== "", "a fee is not 0 and has a key")
  const known = feeByKey(tx, key)
  if (known?.mode === mode && known.amountNano === amountNano)
    return { transactionId: known.transactionId, already: true }
  if (known || isKeyTaken(tx, key))
    throw new AppError("conflict", "This key was used for something else. Use a new one.", {}, key)
  const { publicId } = post(tx, ids, {
    type: "fee",
    mode,
    key,
    entries: [
      { accountId: platformAccount(mode, "processor_fees"), amountNano: -amountNano, lotId: null },
      { accountId: platformAccount(mode, "cash"), amountNano, lotId: null },
    ],
  })
  return { transactionId: publicId, already: false }
}
