// Freezes what is left of a lot while its payment is in doubt, and thaws it. Moves nothing: nothing new is taken from a frozen lot, what calls in
// progress hold is theirs, and its time goes on. Several may freeze one lot; it thaws with the last of them.
import { AppError, type Ids, nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { repayDebtIn } from "../lots/debt.ts"
import { expireDueLots } from "../lots/expire.ts"
import { isDue } from "../lots/rules.ts"
import { ownerOf } from "./clawback.ts"
import { once } from "./once.ts"
import { correctionAndEnd, lotById, lotByKey, lotsRolledFrom } from "./store.ts"
import { freezesOf, setFrozen } from "./store-claws.ts"
import type { FreezeLotInput, FrozenLot, ThawedLot, ThawLotInput } from "./types.ts"

export function freezeLotIn(tx: Tx, ids: Ids, { lotKey, key }: FreezeLotInput): FrozenLot {
  return once(tx, { key, verb: "freeze_lot", request: { lotKey } }, () => {
    const lot = lotByKey(tx, lotKey)
    if (!lot) throw new AppError("not_found", "There are no such credits.")
    if (lot.rolledFrom !== null) throw new AppError("conflict", "Freeze the purchase that these were rolled over from.")
    expireDueLots(tx, ids, lot.accountId, lot.mode)
    setFrozen(tx, lot.id, lot.accountId, 1)
    const alive = [lotById(tx, lot.id)!, ...lotsRolledFrom(tx, lot.id)].filter((one) => !isDue(one, tx.now))
    const frozenNano = nano(alive.reduce((sum, one) => sum + one.remainingNano - one.heldNano, 0))
    return { answer: { frozenNano }, lotId: lot.id, amountNano: nano(0) }
  })
}

export function thawLotIn(tx: Tx, ids: Ids, { freezeKey, key }: ThawLotInput): ThawedLot {
  return once(tx, { key, verb: "thaw_lot", request: { freezeKey }, ofKey: freezeKey }, () => {
    const freeze = correctionAndEnd(tx, freezeKey)
    if (freeze?.verb !== "freeze_lot") throw new AppError("not_found", "There is no such freeze.")
    if (freeze.thawed !== null) throw new AppError("conflict", "This freeze has ended already.")
    const lot = lotById(tx, freeze.lotId!)!
    const isFrozen = freezesOf(tx, lot.id) > 1
    if (!isFrozen) setFrozen(tx, lot.id, lot.accountId, 0)
    const repaidNano = isFrozen ? nano(0) : repayDebtIn(tx, ids, ownerOf(tx, lot), lot.mode)
    return { answer: { isFrozen, repaidNano }, lotId: lot.id, amountNano: nano(0) }
  })
}
