// A hold that needs more: reserves further credits for the same call, refused like a hold; and longer leases for async jobs.
import { AppError, type HoldId, type Ids, invariant, nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { assertAmount, principal } from "../books/rules.ts"
import { findWallet, ownerIdOf } from "../books/store.ts"
import { expireLots } from "../lots/expire.ts"
import { rollsOver } from "../lots/rollover.ts"
import { compareLots, type LotState, type Take } from "../lots/rules.ts"
import { unspentLots } from "../lots/store.ts"
import { refusal } from "./hold.ts"
import { decideHold } from "./rules.ts"
import { findHold, type HoldRow, holdLimit, limitDay } from "./store.ts"
import { addToHold, orderHold, partsOfHold, renewHold } from "./store-raise.ts"
import type { Raised } from "./types.ts"

/** `dailyNano`: the app's limit as it stands; counted on the day of the hold, whatever day it is now. */
export function raiseIn(tx: Tx, ids: Ids, holdId: HoldId, amountNano: number, dailyNano: number | null = null): Raised {
  assertAmount(amountNano, "amountNano")
  if (dailyNano !== null) assertAmount(dailyNano, "dailyNano")
  const hold = findHold(tx, holdId)
  invariant(hold, `there is no hold ${holdId}`)
  if (hold.state !== "open") throw new AppError("conflict", "This call has ended already.")
  const wallet = findWallet(tx, principal(ownerIdOf(tx, hold.accountId)), hold.mode)
  invariant(wallet, "a hold is on a wallet")
  let lots = unspentLots(tx, wallet.id)
  if (rollsOver(tx, lots, tx.now)) {
    expireLots(tx, ids, wallet.id, hold.mode, lots)
    lots = unspentLots(tx, wallet.id)
  }
  const verdict = decideHold({
    lots,
    debtNano: wallet.debtNano,
    amountNano,
    scope: hold.scope,
    now: tx.now,
    limit: limitOf(tx, hold, dailyNano),
  })
  if (!verdict.ok) throw refusal(verdict, amountNano, tx.now)

  expireLots(tx, ids, wallet.id, hold.mode, lots)
  if (amountNano > 0) raise(tx, hold, verdict.takes, lots)
  return { amountNano: nano(hold.amountNano + amountNano), balanceAfterNano: nano(verdict.balanceAfterNano) }
}

function limitOf(tx: Tx, hold: HoldRow, dailyNano: number | null) {
  if (hold.clientId === null || hold.limitScope === null || dailyNano === null) return null
  return { dailyNano, ...limitDay(tx, hold.accountId, hold.clientId, hold.limitScope, hold.day) }
}

/** Parts stand in the order of consumption, also when a lot that comes first joins later. */
function raise(tx: Tx, hold: HoldRow, takes: Take<LotState>[], lots: LotState[]): void {
  addToHold(tx, hold.id, takes)
  const terms = new Map(lots.map((lot) => [lot.id, lot]))
  const parts = partsOfHold(tx, hold.id)
  orderHold(
    tx,
    hold.id,
    parts.sort((a, b) => compareLots(terms.get(a)!, terms.get(b)!)),
  )
  const addedNano = takes.reduce((sum, take) => sum + take.amountNano, 0)
  if (hold.clientId !== null && hold.limitScope !== null) {
    const { accountId, clientId, limitScope, day } = hold
    holdLimit(tx, { accountId, clientId, scope: limitScope, day, heldNano: nano(addedNano) })
  }
}

/** Never shortens a lease. @returns false when the hold is resolved */
export function renewIn(tx: Tx, holdId: HoldId, leaseMs: number): boolean {
  assertAmount(leaseMs, "leaseMs")
  return renewHold(tx, holdId, tx.now + leaseMs)
}
