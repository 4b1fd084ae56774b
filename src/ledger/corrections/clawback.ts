// Takes back what was sold when its money went back: what is unheld of the lot, the rest becomes debt. Never touches held credits
// or other lots; the debt is repaid by paid credits later (`lots/debt.ts`).
import { AppError, amountJson, type Ids, invariant, type LotId, nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { assertAmount, principal } from "../books/rules.ts"
import { ensureAccount, findWallet, ownerIdOf, platformAccount, post } from "../books/store.ts"
import type { Owner } from "../books/types.ts"
import { expireDueLots } from "../lots/expire.ts"
import { allocate, isDue } from "../lots/rules.ts"
import { shiftLot } from "../lots/store.ts"
import { once } from "./once.ts"
import { clawedOf, isGrantReversed, type LotFull, lotByKey, lotsRolledFrom } from "./store.ts"
import type { ClawBackInput, ClawedBack } from "./types.ts"

export function clawBackIn(tx: Tx, ids: Ids, input: ClawBackInput): ClawedBack {
  assertAmount(input.amountNano, "amountNano")
  invariant(input.amountNano > 0, "a claw-back is above 0")
  const { lotKey, amountNano, through, key } = input
  return once(tx, { key, verb: "claw_back", request: { lotKey, amountNano, through } }, () => {
    const lot = lotByKey(tx, lotKey)
    if (!lot) throw new AppError("not_found", "There are no such credits.")
    assertClawable(tx, lot, amountNano)
    return { answer: clawBack(tx, ids, lot, input), lotId: lot.id, amountNano }
  })
}

function assertClawable(tx: Tx, lot: LotFull, amountNano: number): void {
  if (lot.paid === 0) throw new AppError("conflict", "These credits were never paid for. Void them instead.")
  if (lot.rolledFrom !== null)
    throw new AppError("conflict", "Take back the purchase that these were rolled over from.")
  if (isGrantReversed(tx, lot.key)) throw new AppError("conflict", "This purchase was reversed already.")
  const leftNano = lot.grantedNano - clawedOf(tx, lot.id)
  if (amountNano > leftNano) {
    throw new AppError("conflict", "That is more than is left of this purchase. Take back less.", {
      fields: { left: amountJson(nano(leftNano)) },
    })
  }
  const owed = findWallet(tx, ownerOf(tx, lot), lot.mode)?.debtNano ?? 0
  if (owed > Number.MAX_SAFE_INTEGER - amountNano) {
    throw new AppError("validation_failed", "A debt cannot be that large. Take back less.")
  }
}

function clawBack(tx: Tx, ids: Ids, lot: LotFull, input: ClawBackInput): Omit<ClawedBack, "already"> {
  expireDueLots(tx, ids, lot.accountId, lot.mode)
  const lots = [lotByKey(tx, lot.key)!, ...lotsRolledFrom(tx, lot.id)].filter((one) => !isDue(one, tx.now))
  const takes = allocate(lots, input.amountNano)
  const takenNano = takes.reduce((sum, take) => sum + take.amountNano, 0)
  const debtNano = input.amountNano - takenNano
  for (const take of takes) shiftLot(tx, take.lot.id, { clawedNano: take.amountNano })
  const entries = takes.map(({ lot: { id }, amountNano }) => ({
    accountId: lot.accountId,
    amountNano: -amountNano,
    lotId: id as LotId | null,
  }))
  if (debtNano > 0) {
    const accountId = ensureAccount(tx, ownerOf(tx, lot), lot.mode, "debt")
    entries.push({ accountId, amountNano: -debtNano, lotId: null })
  }
  const accountId = platformAccount(lot.mode, input.through)
  entries.push({ accountId, amountNano: input.amountNano, lotId: null })
  const { publicId } = post(tx, ids, { type: "refund", mode: lot.mode, key: input.key, entries })
  return { transactionId: publicId, takenNano: nano(takenNano), debtNano: nano(debtNano) }
}

const ownerOf = (tx: Tx, lot: LotFull): Owner => principal(ownerIdOf(tx, lot.accountId))
