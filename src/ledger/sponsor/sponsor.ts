// Moves paid credits into a pool, and back: one transaction a lot, so that each keeps the time it had. Nobody is richer by it: what was bought
// stays bought, what expires expires, and only what is free and undoubted goes.
import { AppError, amountJson, type Ids, invariant, nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { assertAmount } from "../books/rules.ts"
import { balanceOfAccount, ensureAccount, findWallet, post } from "../books/store.ts"
import type { Bucket } from "../books/types.ts"
import { repayDebtIn } from "../lots/debt.ts"
import { insertLot, isKeyTaken, shiftLot } from "../lots/store.ts"
import type { LotTake } from "../lots/types.ts"
import { payFromLots, saleRefusal } from "../sales/sell.ts"
import { lotTerms, type MoveRow, moveByKey } from "./store.ts"
import type { Sponsored, SponsorInput } from "./types.ts"

/** @throws AppError insufficient_credits, credits_on_hold, `conflict`, `validation_failed` past 2^53 n$; nothing moved then */
export const fundPoolIn = (tx: Tx, ids: Ids, input: SponsorInput): Sponsored => moveIn(tx, ids, input, "sponsored")

/** What comes back is what was bought, and repays debt first as every paid lot does. @throws AppError as `fundPoolIn` */
export function takeBackPoolIn(tx: Tx, ids: Ids, input: SponsorInput): Sponsored {
  const moved = moveIn(tx, ids, input, "purchase")
  if (!moved.already) repayDebtIn(tx, ids, input.to, input.mode)
  return moved
}

function moveIn(tx: Tx, ids: Ids, input: SponsorInput, bucket: Bucket): Sponsored {
  const { from, to, mode, amountNano, key } = input
  assertAmount(amountNano, "amountNano")
  invariant(amountNano > 0 && key !== "", "what moves is above 0 and has a key")
  invariant(
    from.kind === "principal" && to.kind === "principal" && from.id !== to.id,
    "it moves between two principals",
  )
  const known = movesUnder(tx, key)
  if (known.length > 0) return repeat(tx, known, input, bucket)
  if (isKeyTaken(tx, keyOf(key, 1))) throw new AppError("conflict", "This key was used for something else.", {}, key)
  const toId = ensureAccount(tx, to, mode, "wallet")
  if (balanceOfAccount(tx, toId) > Number.MAX_SAFE_INTEGER - amountNano)
    throw new AppError("validation_failed", "A wallet cannot hold that much. Move a smaller amount.")
  const paid = payFromLots(tx, ids, { owner: from, mode, amountNano })
  if (!paid.ok) throw saleRefusal(paid, amountNano)
  const fromId = findWallet(tx, from, mode)!.id
  const lots: LotTake[] = []
  const transactionIds: string[] = []
  for (const [index, take] of paid.takes.entries()) {
    const { priority, expiresMs } = lotTerms(tx, take.lot.id)
    const lotKey = keyOf(key, index + 1)
    const lotId = insertLot(tx, {
      publicId: ids.next("lot"),
      accountId: toId,
      bucket,
      paid: true,
      priority,
      restriction: null,
      grantedNano: nano(take.amountNano),
      effectiveMs: tx.now,
      expiresMs,
      rollover: null,
      key: lotKey,
    })
    shiftLot(tx, take.lot.id, { consumedNano: take.amountNano })
    const entries = [
      { accountId: fromId, amountNano: -take.amountNano, lotId: take.lot.id },
      { accountId: toId, amountNano: take.amountNano, lotId },
    ]
    transactionIds.push(post(tx, ids, { type: "sponsor", mode, key: lotKey, entries }).publicId)
    lots.push({ lotId, amountNano: nano(take.amountNano), paid: true })
  }
  return { lots, transactionIds, already: false }
}

const keyOf = (key: string, number: number): string => `${key}:${number}`

function movesUnder(tx: Tx, key: string): MoveRow[] {
  const rows: MoveRow[] = []
  for (let row = moveByKey(tx, keyOf(key, 1)); row; row = moveByKey(tx, keyOf(key, rows.length + 1))) rows.push(row)
  return rows
}

function repeat(
  tx: Tx,
  known: MoveRow[],
  { from, to, mode, amountNano, key }: SponsorInput,
  bucket: Bucket,
): Sponsored {
  const [fromId, toId] = [findWallet(tx, from, mode)?.id, findWallet(tx, to, mode)?.id]
  const sum = known.reduce((total, row) => total + row.amountNano, 0)
  const isSame =
    sum === amountNano && known.every((row) => row.fromId === fromId && row.toId === toId && row.bucket === bucket)
  if (!isSame) {
    const fields = { moved: amountJson(nano(sum)) }
    throw new AppError("conflict", "These credits were moved before on other terms.", { fields }, key)
  }
  return {
    lots: known.map((row) => ({ lotId: row.lotId, amountNano: row.amountNano, paid: true })),
    transactionIds: known.map((row) => row.transactionId),
    already: true,
  }
}
