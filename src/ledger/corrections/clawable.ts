// What of the lots of one payment could be taken back at this moment, and from where: for whoever spreads money that goes back over them.
import type { Ids } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { expireDueLots } from "../lots/expire.ts"
import { isDue } from "../lots/rules.ts"
import { lotsUnder } from "../wallet/store-views.ts"
import { brokenLeft, clawedOf, lotByKey, lotsRolledFrom } from "./store.ts"
import type { ClawableLot } from "./types.ts"

/** Due credits expire first, so that what is told is what a claw-back would find. */
export function clawableIn(tx: Tx, ids: Ids, key: string): ClawableLot[] {
  const keys = lotsUnder(tx, key).map((one) => one.key)
  for (const accountId of new Set(keys.map((one) => lotByKey(tx, one)!.accountId)))
    expireDueLots(tx, ids, accountId, lotByKey(tx, keys[0]!)!.mode)
  return keys.map((one) => {
    const lot = lotByKey(tx, one)!
    const alive = [lot, ...lotsRolledFrom(tx, lot.id)].filter((other) => !isDue(other, tx.now))
    return {
      key: one,
      paid: lot.paid === 1,
      effectiveMs: lot.effectiveMs,
      leftNano: lot.grantedNano - clawedOf(tx, lot.id),
      brokenNano: brokenLeft(tx, lot.id),
      freeNano: alive.reduce((sum, { remainingNano, heldNano }) => sum + remainingNano - heldNano, 0),
    }
  })
}
