// Charges what a seller owes the platform for being here: from what they have available, else from paid lots, else from what they earn next (payable
// goes below zero). Once a key, whatever repeats.
import { AppError, type Ids, invariant } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { assertAmount } from "../books/rules.ts"
import { balanceOfAccount, type EntryInput, ensureAccount, platformAccount, post } from "../books/store.ts"
import { isKeyTaken, shiftLot } from "../lots/store.ts"
import { payFromLots } from "./sell.ts"
import { feeOfSeller } from "./store.ts"
import type { SellerFee, SellerFeeInput } from "./types.ts"

export function chargeSellerIn(tx: Tx, ids: Ids, { seller, mode, amountNano, key }: SellerFeeInput): SellerFee {
  assertAmount(amountNano, "amountNano")
  invariant(amountNano > 0 && key !== "", "a fee is above 0 and has a key")
  const known = feeOfSeller(tx, key)
  if (known) return { ...known, already: true }
  if (isKeyTaken(tx, key)) throw new AppError("conflict", "This key was used for something else.", {}, key)
  const payableId = ensureAccount(tx, seller, mode, "payable")
  const isEarned = balanceOfAccount(tx, payableId) >= amountNano
  const paid = isEarned ? null : payFromLots(tx, ids, { owner: seller, mode, amountNano })
  const takes = paid?.ok ? paid.takes : null
  const from: EntryInput[] =
    takes === null
      ? [{ accountId: payableId, amountNano: -amountNano, lotId: null }]
      : takes.map((take) => ({
          accountId: ensureAccount(tx, seller, mode, "wallet"),
          amountNano: -take.amountNano,
          lotId: take.lot.id,
        }))
  for (const take of takes ?? []) shiftLot(tx, take.lot.id, { consumedNano: take.amountNano })
  const to = { accountId: platformAccount(mode, "revenue"), amountNano, lotId: null }
  const { publicId } = post(tx, ids, { type: "fee", mode, key, entries: [...from, to] })
  return { transactionId: publicId, amountNano, from: takes === null ? "earnings" : "credits", already: false }
}
