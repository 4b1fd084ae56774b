// What one row of the books must be, given all before it: a charge, a transaction with its entries, an entry without one.
import { chainHash, hex } from "../books/chain.ts"
import { chargePublicId, PLATFORM_IDS, platformAccount } from "../books/store.ts"
import type { EarnedDay } from "./earned.ts"
import type { Sums } from "./exact.ts"
import { type Found, note } from "./store-proof.ts"
import type { ChargeLink, TransactionLink, WalkEntry } from "./store-walk.ts"
import type { WalkCheck } from "./walk.ts"

export interface WalkState {
  found: Record<WalkCheck, Found>
  /** The row before; its hash as it stands there, hex. */
  last: { id: number; atMs: number; hash: string }
  sums: Sums
  earned: EarnedDay
}

export function checkCharge(state: WalkState, row: ChargeLink): void {
  const { sums, found } = state
  const revenueNano = row.chargeNano - row.upstreamNano - row.earnedNano
  found.entries_balance.checked++
  found.books_balance.checked++
  found.running_balance.checked++
  // Its entries sum to zero by their making; so it is enough that each goes its own way.
  const isWhole =
    Number.isSafeInteger(row.chargeNano) &&
    row.collectedNano >= 0 &&
    row.collectedNano <= row.chargeNano &&
    row.upstreamNano >= 0 &&
    row.earnedNano >= 0 &&
    revenueNano >= 0
  if (!isWhole) note(found.entries_balance, chargePublicId(row.callId))
  const expected = Bun.SHA256.hash(`["${state.last.hash}",${row.text.slice(1)}`, "hex")
  if (!isLinked(state, row, expected)) note(found.chain, chargePublicId(row.callId))
  sums.add(row.accountId, -row.collectedNano)
  if (!sums.isExactly(row.accountId, row.balanceAfterNano)) note(found.running_balance, chargePublicId(row.callId))
  sums.add(platformAccount(row.mode, "uncollected"), row.collectedNano - row.chargeNano)
  sums.add(platformAccount(row.mode, "upstream_payable"), row.upstreamNano)
  sums.add(platformAccount(row.mode, "revenue"), revenueNano)
  if (row.pendingId === null) return
  sums.add(row.pendingId, row.earnedNano)
  state.earned.add(row, row.pendingId)
}

export function checkTransaction(state: WalkState, row: TransactionLink, entries: readonly WalkEntry[]): void {
  const { found } = state
  found.entries_balance.checked++
  let sum = 0
  let isWhole = entries.length >= 2
  for (let index = 0; index < entries.length; index++) {
    const { amountNano, seq } = entries[index]!
    sum += amountNano
    // Beyond 2^53 a sum may be rounded: nothing that large is ever posted.
    if (seq !== index || !Number.isSafeInteger(amountNano) || !Number.isSafeInteger(sum)) isWhole = false
  }
  if (!isWhole || sum !== 0) note(found.entries_balance, row.publicId)
  if (!isLinked(state, row, hex(chainHash(state.last.hash, row, entries)))) note(found.chain, row.publicId)
  for (const entry of entries) {
    checkRunning(state, entry)
    if (isOfSeller(row, entry)) state.earned.addSale(row.atMs, entry.accountId, entry.amountNano)
  }
}

/** The seller's side of a sale, or of its commission. */
const isOfSeller = ({ type }: TransactionLink, { accountId, lotId }: WalkEntry): boolean =>
  (type === "sale" || type === "commission") && lotId === null && accountId > PLATFORM_IDS

export function checkOrphan(state: WalkState, entry: WalkEntry): void {
  note(state.found.entries_balance, `entry of missing transaction ${entry.transactionId}`)
  checkRunning(state, entry)
}

/** Moves on to this row. */
function isLinked(state: WalkState, row: { id: number; atMs: number; hash: string }, expected: string): boolean {
  const { last } = state
  state.found.chain.checked++
  state.last = row
  return row.id === last.id + 1 && row.atMs >= last.atMs && row.hash === expected
}

function checkRunning({ found, sums }: WalkState, entry: WalkEntry): void {
  found.books_balance.checked++
  found.running_balance.checked++
  sums.add(entry.accountId, entry.amountNano)
  if (sums.is(entry.accountId, entry.shownHigh, entry.shownLow)) return
  note(found.running_balance, `transaction ${entry.transactionId} entry ${entry.seq}`)
}
