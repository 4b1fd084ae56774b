// What an app used of a person's credits on a UTC day, and what its open holds keep of that day: decides whether a limit is reached.
import { type ClientId, dayOf, type Nano, nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import type { WalletEntry } from "../books/memory.ts"
import { usedOfApp } from "./store.ts"

/** One call after the other is of the same app and day: its key is made once, with the hash that maps keep in it. */
let last = { clientId: 0, scope: "", day: -1, key: "" }

function keyOf(clientId: ClientId, scope: string, day: number): string {
  if (last.clientId !== clientId || last.day !== day || last.scope !== scope)
    last = { clientId, scope, day, key: `${clientId} ${scope} ${day}` }
  return last.key
}

/** Days of holds are asked for again and again while they last; only those are remembered. */
const DAYS_MAX = 64

/** @param day UTC day of the hold that is counted */
export function spentOn(
  tx: Tx,
  wallet: WalletEntry,
  clientId: ClientId,
  scope: string,
  day: number,
): { usedNano: Nano; heldNano: Nano } {
  const key = keyOf(clientId, scope, day)
  let usedNano = wallet.used.get(key)
  if (usedNano === undefined) {
    usedNano = usedOfApp(tx, wallet.id, clientId, scope, day, dayOf(tx.now))
    if (wallet.used.size >= DAYS_MAX) wallet.used.clear()
    wallet.used.set(key, usedNano)
  }
  return { usedNano: nano(usedNano), heldNano: heldOf(wallet, clientId, scope, day) }
}

function heldOf(wallet: WalletEntry, clientId: ClientId, scope: string, day: number): Nano {
  let heldNano = 0
  for (const hold of wallet.holds.values()) {
    if (hold.limited === 1 && hold.clientId === clientId && hold.scope === scope && dayOf(hold.createdMs) === day) {
      heldNano += hold.amountNano
    }
  }
  return nano(heldNano)
}

/** A charge counts for the day of its hold; what is not remembered is read when it is asked for. */
export function addUsed(wallet: WalletEntry, clientId: ClientId, scope: string, day: number, amountNano: number): void {
  const key = keyOf(clientId, scope, day)
  const known = wallet.used.get(key)
  if (known !== undefined) wallet.used.set(key, known + amountNano)
}
