// Takes credits away by an admin's word: the unheld rest of a lot, or an amount over the lots of a wallet. Posted as `adjustment`,
// counted as voided. Promo credits go back to promo, paid ones become breakage. Never touches held credits.
import { type AccountId, AppError, type Ids, nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { type EntryInput, platformAccount, post } from "../books/store.ts"
import type { Mode } from "../books/types.ts"
import { expireDueLots } from "../lots/expire.ts"
import { isDue, type LotState, type Take } from "../lots/rules.ts"
import { shiftLot } from "../lots/store.ts"
import { once } from "./once.ts"
import { type LotFull, lotByPublicId } from "./store.ts"
import type { Voided, VoidLotInput } from "./types.ts"

export function voidLotIn(tx: Tx, ids: Ids, input: VoidLotInput): Voided {
  return once(tx, { key: input.key, verb: "void_lot", request: { lotId: input.lotId } }, () => {
    const lot = lotByPublicId(tx, input.lotId)
    if (!lot) throw new AppError("not_found", "There are no such credits.")
    const amountNano = nano(unheldOf(lot, tx.now))
    expireDueLots(tx, ids, lot.accountId, lot.mode)
    const transactionId = postVoid(tx, ids, lot.accountId, lot.mode, [{ lot, amountNano }], input.key)
    return { answer: { transactionId, voidedNano: amountNano }, lotId: lot.id, amountNano }
  })
}

function unheldOf(lot: LotFull, now: number): number {
  const freeNano = lot.remainingNano - lot.heldNano
  if (freeNano > 0 && !isDue(lot, now)) return freeNano
  throw new AppError(
    "conflict",
    lot.heldNano > 0
      ? "What is left of these credits is held by calls in progress. Try again when they have finished."
      : "Nothing is left of these credits.",
  )
}

/** @returns `txn_…` */
export function postVoid(
  tx: Tx,
  ids: Ids,
  accountId: AccountId,
  mode: Mode,
  takes: readonly Take<LotState>[],
  key: string,
): string {
  const entries: EntryInput[] = []
  const back = { promo: 0, breakage: 0 }
  for (const { lot, amountNano } of takes) {
    shiftLot(tx, lot.id, { voidedNano: amountNano })
    entries.push({ accountId, amountNano: -amountNano, lotId: lot.id })
    back[lot.paid === 1 ? "breakage" : "promo"] += amountNano
  }
  for (const kind of ["promo", "breakage"] as const) {
    if (back[kind] > 0) entries.push({ accountId: platformAccount(mode, kind), amountNano: back[kind], lotId: null })
  }
  return post(tx, ids, { type: "adjustment", mode, key, entries }).publicId
}
