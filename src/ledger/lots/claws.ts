// What becomes of clawed credits that a call still held: what it gives back of them pays what their claw-back left owed. Those whose time is over pay
// instead of expiring, so that in the end only what was spent is owed, whichever came first: the end of the call or the claw-back.
import { type Ids, type LotId, nano, type TransactionId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import type { WalletEntry } from "../books/memory.ts"
import { principal } from "../books/rules.ts"
import { type EntryInput, ensureAccount, post } from "../books/store.ts"
import { DEFAULT_PRIORITY, type LotState, type Take } from "./rules.ts"
import { insertLot, shiftLot } from "./store.ts"
import { insertRepay, owedClaws } from "./store-claws.ts"

/** Of credits that would expire, moved as expired already. `but`: a claw-back that is being restored wants nothing any more. @returns what claw-backs took, and what of it came back as a new lot */
export function payClaws(
  tx: Tx,
  ids: Ids,
  wallet: WalletEntry,
  lotId: LotId,
  amountNano: number,
  but: string | null,
): { paidNano: number; anewNano: number } {
  let paidNano = 0
  let anewNano = 0
  for (const claw of owedClaws(tx, lotId, but)) {
    const paysNano = Math.min(claw.leftNano, amountNano - paidNano)
    if (paysNano === 0) break
    paidNano += paysNano
    anewNano += pay(tx, ids, wallet, lotId, claw.key, paysNano)
  }
  return { paidNano, anewNano }
}

/** What other credits repaid meanwhile is given anew: it never expires, like what a restored claw-back gives. @returns n$ given anew */
function pay(tx: Tx, ids: Ids, wallet: WalletEntry, lotId: LotId, clawKey: string, paysNano: number): number {
  const { id: accountId, mode } = wallet
  const liftedNano = Math.min(paysNano, wallet.debtNano)
  const anewNano = paysNano - liftedNano
  shiftLot(tx, lotId, { expiredNano: -paysNano, clawedNano: paysNano })
  const entries: EntryInput[] = [{ accountId, amountNano: -paysNano, lotId }]
  const anew = anewNano > 0 ? anewLot(tx, ids, wallet, anewNano) : null
  if (anew) entries.push({ accountId, amountNano: anewNano, lotId: anew.lotId })
  if (liftedNano > 0) {
    const debt = ensureAccount(tx, principal(wallet.ownerId), mode, "debt")
    entries.push({ accountId: debt, amountNano: liftedNano, lotId: null })
  }
  const { id } = post(tx, ids, { type: "debt", mode, key: anew?.key ?? null, entries, reason: "debt repaid" })
  insertRepay(tx, { clawKey, transactionId: id, lotId, amountNano: nano(paysNano), late: 1 })
  return anewNano
}

function anewLot(tx: Tx, ids: Ids, wallet: WalletEntry, grantedNano: number): { lotId: LotId; key: string } {
  const publicId = ids.next("lot")
  const key = `unspent:${publicId}`
  const lotId = insertLot(tx, {
    publicId,
    accountId: wallet.id,
    bucket: "purchase",
    paid: true,
    priority: DEFAULT_PRIORITY,
    restriction: null,
    grantedNano: nano(grantedNano),
    effectiveMs: tx.now,
    expiresMs: null,
    rollover: null,
    key,
  })
  return { lotId, key }
}

/** Notes what credits that live paid of the claw-backs of their own lot, so that it is not paid twice. */
export function noteRepaid(
  tx: Tx,
  transactionId: TransactionId,
  takes: readonly Take<LotState>[],
  but: string | null,
): void {
  for (const { lot, amountNano } of takes) {
    let leftNano = amountNano
    for (const claw of owedClaws(tx, lot.id, but)) {
      const paysNano = Math.min(claw.leftNano, leftNano)
      if (paysNano === 0) break
      leftNano -= paysNano
      insertRepay(tx, { clawKey: claw.key, transactionId, lotId: lot.id, amountNano: nano(paysNano), late: 0 })
    }
  }
}
