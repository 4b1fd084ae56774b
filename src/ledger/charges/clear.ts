// Clears what a call was and leaves what it cost: retention and erasure call it. Money, client, caller, scope and the app's day stay,
// and so does the chain, which hashes none of the rest. Retention leaves the sums by day, erasure takes them too.
import { dayOf } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { booksOf } from "../books/memory.ts"
import { findWallet } from "../books/store.ts"
import type { Mode, Owner } from "../books/types.ts"
import { foldCharges, foldedThrough } from "./store.ts"
import {
  chargedBetween,
  chargeIdSince,
  clearCharges,
  clearChargesBetween,
  clearedThrough,
  detailedCharges,
  detailedDays,
  nextToClear,
  refoldDays,
} from "./store-clear.ts"

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

export interface ClearOldCallsInput {
  /** ms UTC; calls charged before it, of everybody. */
  beforeMs: number
  /** Most charges of this mutation. */
  rows: number
}

/**
 * Clears the same by age, whoever paid: the oldest that are not cleared yet. Days keep all that they sum, by model too; they are folded
 * first, where they lack these charges. Some 2 µs a charge.
 * @returns how many charges were passed; as many as `rows`: more may be left
 */
export function clearOldCallsIn(tx: Tx, { beforeMs, rows }: ClearOldCallsInput): { cleared: number } {
  const after = clearedThrough(tx)
  const { count, to } = nextToClear(tx, after, chargeIdSince(tx, beforeMs), rows)
  if (count === 0) return { cleared: 0 }
  const books = booksOf(tx)
  const folded = books.foldedThrough ?? foldedThrough(tx)
  if (folded < to) {
    foldCharges(tx, folded, to)
    books.foldedTo(to)
  }
  clearChargesBetween(tx, after, to)
  return { cleared: count }
}

/**
 * Clears route, key, error, units, tokens and times of a wallet's charges, and folds its days anew without them, also those whose charges
 * are cleared by age: then whole days. About 10 µs a charge, inside this one mutation: much is cleared window by window.
 * @returns how many charges had something to clear
 */
export function clearCallsIn(tx: Tx, { owner, mode, fromMs = 0, beforeMs }: ClearCallsInput): { cleared: number } {
  const wallet = findWallet(tx, owner, mode)
  if (!wallet) return { cleared: 0 }
  const span = { from: chargeIdSince(tx, fromMs), to: chargeIdSince(tx, beforeMs) }
  const found = detailedCharges(tx, wallet.id, span)
  const old = detailedDays(tx, wallet.id, dayOf(fromMs), dayOf(beforeMs - 1))
  const days = [...new Set([...old, ...found.map((row) => dayOf(row.atMs))])]
  if (days.length === 0) return { cleared: 0 }
  clearCharges(
    tx,
    found.map((row) => row.id),
  )
  refoldDays(tx, wallet.id, days, {
    from: chargeIdSince(tx, Math.min(...days) * DAY_MS),
    to: chargeIdSince(tx, (Math.max(...days) + 1) * DAY_MS),
  })
  return { cleared: found.length }
}

export interface ClearNextInput {
  /** Who paid, in both modes. */
  owner: Owner
  /** The last place of the time before; 0 = from the first. */
  after: number
  /** Most places of this mutation, whoever paid there. */
  places: number
}

/** Clears all calls of a person, some places of the books at a time. @returns the last place, and whether there may be more after it */
export function clearNextIn(tx: Tx, { owner, after, places }: ClearNextInput): { through: number; more: boolean } {
  const { count, to } = nextToClear(tx, after, Number.MAX_SAFE_INTEGER, places)
  if (count === 0) return { through: after, more: false }
  const span = chargedBetween(tx, after, to)
  for (const mode of ["live", "test"] as const)
    clearCallsIn(tx, { owner, mode, fromMs: span.fromMs, beforeMs: span.toMs + 1 })
  return { through: to, more: count === places }
}
