// Clears what a call was and leaves what it cost: retention and erasure call it. Money, client, caller, scope and the app's day stay,
// and so does the chain, which hashes none of the rest.
import { dayOf } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { findWallet } from "../books/store.ts"
import type { Mode, Owner } from "../books/types.ts"
import { chargeIdSince, clearCharges, detailedCharges, refoldDays } from "./store-clear.ts"

const DAY_MS = 86_400_000

export interface ClearCallsInput {
  /** Who paid. */
  owner: Owner
  mode: Mode
  /** ms UTC; default: from the first call on. Who clears again and again names where the last time ended. */
  fromMs?: number
  /** ms UTC; calls charged before it. */
  beforeMs: number
}

/**
 * Clears route, key, error, units, tokens and times of a wallet's charges, and folds its days anew without them. About 10 µs a
 * charge, inside this one mutation: much is cleared window by window.
 * @returns how many charges had something to clear
 */
export function clearCallsIn(tx: Tx, { owner, mode, fromMs = 0, beforeMs }: ClearCallsInput): { cleared: number } {
  const wallet = findWallet(tx, owner, mode)
  if (!wallet) return { cleared: 0 }
  const span = { from: chargeIdSince(tx, fromMs), to: chargeIdSince(tx, beforeMs) }
  const found = detailedCharges(tx, wallet.id, span)
  if (found.length === 0) return { cleared: 0 }
  clearCharges(
    tx,
    found.map((row) => row.id),
  )
  const days = [...new Set(found.map((row) => dayOf(row.atMs)))]
  refoldDays(tx, wallet.id, days, {
    from: chargeIdSince(tx, Math.min(...days) * DAY_MS),
    to: chargeIdSince(tx, (Math.max(...days) + 1) * DAY_MS),
  })
  return { cleared: found.length }
}
