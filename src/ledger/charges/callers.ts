// What each person used of a wallet that is not theirs: counted with the charge and what comes back of it, so that a bound for one person is
// exact. Whoever calls from their own wallet has no row: the wallet says it.
import { type AccountId, type Nano, nano, type PrincipalId, type TransactionId } from "../../app/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { booksIf } from "../books/memory.ts"
import { findWallet } from "../books/store.ts"
import type { Mode, Owner } from "../books/types.ts"
import { addCallerBack, addCallerUse, heldOfCaller, usedOfAll, usedOfCaller } from "./store-callers.ts"

export function callerUse(
  sql: Reader,
  owner: Owner,
  mode: Mode,
  callerId: PrincipalId,
): { usedNano: Nano; heldNano: Nano } {
  const wallet = findWallet(sql, owner, mode)
  if (!wallet) return { usedNano: nano(0), heldNano: nano(0) }
  const usedNano = nano(usedOfCaller(sql, wallet.id, callerId))
  const writer = booksIf(sql)
  if (!writer) return { usedNano, heldNano: nano(heldOfCaller(sql, wallet.id, callerId)) }
  let heldNano = 0
  for (const hold of writer.books.wallet(writer.tx, wallet.id).holds.values())
    if (hold.callerId === callerId) heldNano += hold.amountNano
  return { usedNano, heldNano: nano(heldNano) }
}

/** What all others used of a wallet so far, less what came back, n$, and how many they are. */
export function usedByOthers(sql: Reader, owner: Owner, mode: Mode): { usedNano: Nano; people: number } {
  const wallet = findWallet(sql, owner, mode)
  if (!wallet) return { usedNano: nano(0), people: 0 }
  const { usedNano, people } = usedOfAll(sql, wallet.id)
  return { usedNano: nano(usedNano), people }
}

/** Of a charge that was just posted. One that cost nothing has its row, too: so all wallets that a person calls from are known by them. */
export function countCaller(
  tx: Tx,
  wallet: { id: AccountId; ownerId: PrincipalId },
  callerId: PrincipalId,
  collectedNano: number,
): void {
  if (callerId !== wallet.ownerId) addCallerUse(tx, wallet.id, callerId, collectedNano)
}

/** @param amountNano below 0: taken again */
export const countCallerBack = (tx: Tx, chargeId: TransactionId, amountNano: number): void =>
  addCallerBack(tx, chargeId, amountNano)
