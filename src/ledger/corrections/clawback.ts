// Takes back what was sold when its money went back: first what of the lot nobody spent and nobody has any more (it expired, or was voided: the
// house has it in `breakage`), then what is unheld of it. The rest was spent: it becomes debt, and what developers have pending of it is taken
// back. Never touches held credits or other lots; the debt is repaid by paid credits later (`lots/debt.ts`).
import { AppError, amountJson, type Ids, invariant, type LotId, nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { assertAmount, principal } from "../books/rules.ts"
import { ensureAccount, findWallet, ownerIdOf, platformAccount, post } from "../books/store.ts"
import type { Owner } from "../books/types.ts"
import { expireDueLots } from "../lots/expire.ts"
import { allocate, isDue } from "../lots/rules.ts"
import { shiftLot } from "../lots/store.ts"
import { takeFromDevelopers } from "./developers.ts"
import { once } from "./once.ts"
import { brokenLeft, clawedOf, isGrantReversed, type LotFull, lotByKey, lotsRolledFrom } from "./store.ts"
import type { ClawBackInput, ClawedBack } from "./types.ts"

export function clawBackIn(tx: Tx, ids: Ids, input: ClawBackInput): ClawedBack {
  assertAmount(input.amountNano, "amountNano")
  invariant(input.amountNano > 0, "a claw-back is above 0")
  const { lotKey, amountNano, through, key } = input
  return once(tx, { key, verb: "claw_back", request: { lotKey, amountNano, through } }, () => {
    const lot = lotByKey(tx, lotKey)
    if (!lot) throw new AppError("not_found", "There are no such credits.")
    assertClawable(tx, lot, input)
    const answer = clawBack(tx, ids, lot, input)
    return { answer, lotId: lot.id, amountNano: nano(answer.brokenNano + answer.takenNano + answer.debtNano) }
  })
}

function assertClawable(tx: Tx, lot: LotFull, { amountNano, through }: ClawBackInput): void {
  if ((lot.paid === 0) !== (through === "promo"))
    throw new AppError(
      "conflict",
      lot.paid === 0 ? "These credits were never paid for. Void them instead." : "These credits were paid for.",
    )
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
  const { amountNano, through, key } = input
  expireDueLots(tx, ids, lot.accountId, lot.mode)
  const lots = [lotByKey(tx, lot.key)!, ...lotsRolledFrom(tx, lot.id)]
  const brokenNano = Math.min(amountNano, brokenLeft(tx, lot.id))
  const alive = lots.filter((one) => !isDue(one, tx.now))
  const takes = allocate(alive, amountNano - brokenNano)
  const takenNano = takes.reduce((sum, take) => sum + take.amountNano, 0)
  const debtNano = through === "promo" ? 0 : amountNano - brokenNano - takenNano
  const allNano = brokenNano + takenNano + debtNano
  if (allNano === 0)
    return {
      transactionId: null,
      brokenNano: nano(0),
      takenNano: nano(0),
      debtNano: nano(0),
      fromDevelopersNano: nano(0),
    }
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
  if (brokenNano > 0)
    entries.push({ accountId: platformAccount(lot.mode, "breakage"), amountNano: -brokenNano, lotId: null })
  entries.push({ accountId: platformAccount(lot.mode, through), amountNano: allNano, lotId: null })
  const of = {
    clawKey: key,
    accountId: lot.accountId,
    mode: lot.mode,
    lotIds: lots.map(({ id }) => id),
    lotKey: lot.key,
  }
  // What calls hold may still come back; what they spend of it is borne by the platform.
  const heldNano = lots.reduce((sum, one) => sum + one.heldNano, 0)
  const developers = takeFromDevelopers(tx, of, Math.max(0, debtNano - heldNano))
  const { publicId } = post(tx, ids, {
    type: "refund",
    mode: lot.mode,
    key,
    entries: [...entries, ...developers.entries],
  })
  return {
    transactionId: publicId,
    brokenNano: nano(brokenNano),
    takenNano: nano(takenNano),
    debtNano: nano(debtNano),
    fromDevelopersNano: nano(developers.takenNano),
  }
}

export const ownerOf = (tx: Tx, lot: LotFull): Owner => principal(ownerIdOf(tx, lot.accountId))
