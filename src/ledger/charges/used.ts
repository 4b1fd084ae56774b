// What an app used of a wallet on a UTC day for one caller, and what their open holds keep of that day: decides whether a limit is reached.
// Of a wallet that several people spend from, each counts by themselves: the limit is the one that this person set.
import { type ClientId, dayOf, type Nano, nano, type PrincipalId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import type { WalletEntry } from "../books/memory.ts"
import type { OpenHold } from "../books/types.ts"
import { usedOfApp } from "./store.ts"

/** Whose use of which app is counted. */
export interface AppUse {
  clientId: ClientId
  callerId: PrincipalId
  scope: string
}

/** One call after the other is of the same app, caller and day: its key is made once, with the hash that maps keep in it. */
let last = { clientId: 0, callerId: 0, scope: "", day: -1, key: "" }

function keyOf({ clientId, callerId, scope }: AppUse, day: number): string {
  if (last.clientId !== clientId || last.callerId !== callerId || last.day !== day || last.scope !== scope)
    last = { clientId, callerId, scope, day, key: `${clientId} ${scope} ${day} ${callerId}` }
  return last.key
}

/** Days of holds are asked for again and again while they last; only those are remembered. */
const DAYS_MAX = 64

/** @param day UTC day of the hold that is counted */
export function spentOn(tx: Tx, wallet: WalletEntry, of: AppUse, day: number): { usedNano: Nano; heldNano: Nano } {
  const key = keyOf(of, day)
  let usedNano = wallet.used.get(key)
  if (usedNano === undefined) {
    usedNano = usedOfApp(tx, wallet.id, of, day, dayOf(tx.now))
    if (wallet.used.size >= DAYS_MAX) wallet.used.clear()
    wallet.used.set(key, usedNano)
  }
  return { usedNano: nano(usedNano), heldNano: heldOf(wallet, of, day) }
}

/** Of a hold that counts for a day of its app. */
export const useOf = ({ clientId, callerId, scope }: OpenHold): AppUse => ({ clientId: clientId!, callerId, scope })

const isOf = (hold: OpenHold, { clientId, callerId, scope }: AppUse): boolean =>
  hold.limited === 1 && hold.clientId === clientId && hold.scope === scope && hold.callerId === callerId

function heldOf(wallet: WalletEntry, of: AppUse, day: number): Nano {
  let heldNano = 0
  for (const hold of wallet.holds.values()) {
    if (isOf(hold, of) && dayOf(hold.createdMs) === day) heldNano += hold.amountNano
  }
  return nano(heldNano)
}

/** A charge counts for the day of its hold; what is not remembered is read when it is asked for. */
export function addUsed(wallet: WalletEntry, of: AppUse, day: number, amountNano: number): void {
  const key = keyOf(of, day)
  const known = wallet.used.get(key)
  if (known !== undefined) wallet.used.set(key, known + amountNano)
}
