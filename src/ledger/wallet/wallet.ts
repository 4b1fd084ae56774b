// What a person has, as they see it: balance, what is held, lots in the order they will be spent.
import { dayOf, type Ids, nano } from "../../app/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { findWallet } from "../books/store.ts"
import type { Mode, Owner } from "../books/types.ts"
import { heldOfApp, usedOfApp } from "../charges/store.ts"
import type { AppUse } from "../charges/used.ts"
import { expireDueLots } from "../lots/expire.ts"
import { rolledOverAt } from "../lots/rollover.ts"
import { compareLots, isDue } from "../lots/rules.ts"
import { type LotRow, lastTransactionOf, lotRows, lotsAt, walletIdsOf } from "./store.ts"
import type { LotView, Wallet } from "./types.ts"

const EMPTY: Wallet = {
  balanceNano: nano(0),
  heldNano: nano(0),
  frozenNano: nano(0),
  debtNano: nano(0),
  spendableNano: nano(0),
  lots: [],
  nextExpiryMs: null,
}

/**
 * Computed at `now`: lots that are due count for nothing, whether or not their expiry is posted yet; what rolls over of them
 * counts already, under the id of the old lot.
 */
export function walletAt(sql: Reader, now: number, owner: Owner, mode: Mode): Wallet {
  const account = findWallet(sql, owner, mode)
  if (!account) return EMPTY
  const rows = lotRows(sql, account.id)
  const alive = rows.filter((lot) => !isDue(lot, now))
  const unexpired = [...alive, ...rolledOverAt(sql, account.id, rows, now)].sort(compareLots)
  let balanceNano = 0
  let frozenNano = 0
  let nextExpiryMs: number | null = null
  for (const lot of unexpired) {
    if (lot.frozen === 1) frozenNano += lot.remainingNano - lot.heldNano
    else if (lot.effectiveMs <= now) balanceNano += lot.remainingNano - lot.heldNano
    if (lot.expiresMs !== null) nextExpiryMs = Math.min(nextExpiryMs ?? lot.expiresMs, lot.expiresMs)
  }
  return {
    balanceNano: nano(balanceNano),
    heldNano: nano(rows.reduce((sum, lot) => sum + lot.heldNano, 0)),
    frozenNano: nano(frozenNano),
    debtNano: nano(account.debtNano),
    spendableNano: nano(account.debtNano > 0 ? 0 : balanceNano),
    lots: unexpired.map(lotView),
    nextExpiryMs,
  }
}

/** Expires what is due first. */
export function walletIn(tx: Tx, ids: Ids, owner: Owner, mode: Mode): Wallet {
  const account = findWallet(tx, owner, mode)
  if (account) expireDueLots(tx, ids, account.id, mode)
  return walletAt(tx, tx.now, owner, mode)
}

export const lotView = (lot: LotRow): LotView => ({
  id: lot.id,
  publicId: lot.publicId,
  bucket: lot.bucket,
  paid: lot.paid === 1,
  grantedNano: nano(lot.grantedNano),
  remainingNano: nano(lot.remainingNano),
  heldNano: nano(lot.heldNano),
  priority: lot.priority,
  effectiveMs: lot.effectiveMs,
  expiresMs: lot.expiresMs,
  restriction: lot.restriction,
  frozen: lot.frozen === 1,
})

/** Over both modes: a client belongs to one of them only. */
export function usedToday(sql: Reader, now: number, owner: Owner, of: AppUse) {
  let usedNano = 0
  let heldNano = 0
  for (const id of walletIdsOf(sql, owner)) {
    usedNano += usedOfApp(sql, id, of, dayOf(now), dayOf(now))
    heldNano += heldOfApp(sql, id, of, dayOf(now))
  }
  return { usedNano: nano(usedNano), heldNano: nano(heldNano) }
}

/** A few lookups by key; for pages that ask again and again whether anything moved. Lots come and go by time alone, too. */
export function stampOf(sql: Reader, now: number, owner: Owner, mode: Mode): string {
  const account = findWallet(sql, owner, mode)
  if (!account) return "none"
  const { heldNano, usable } = lotsAt(sql, account.id, now)
  return `${lastTransactionOf(sql, account.id)}.${heldNano}.${usable}.${account.debtNano}`
}
