// Posts a charge: one row that is a whole transaction. Balances that many share move with the commit's sums, the wallet's lots are
// the caller's; days are folded as charges come.
import { type AccountId, dayOf, invariant, type LotId, nano, TransactionId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { chargeHash } from "../books/chain.ts"
import { BooksMemory, booksOf } from "../books/memory.ts"
import { bookWallet, chargePublicId, platformAccount } from "../books/store.ts"
import type { Mode, OpenHold } from "../books/types.ts"
import { countCaller } from "./callers.ts"
import { foldCharges, foldedThrough, insertCharge, insertChargeLots } from "./store.ts"
import type { CallEnd, Charge } from "./types.ts"
import { addUsed, useOf } from "./used.ts"

export interface ChargePosting {
  hold: OpenHold
  mode: Mode
  charge: Charge
  /** Which lots paid how much, in the order they were spent. */
  lots: readonly (readonly [LotId, number])[]
  collectedNano: number
  /** What the developer is credited, and where; null when that is nothing. */
  earned: { pendingId: AccountId; totalNano: number; promoNano: number } | null
  developerId: OpenHold["developerId"]
  call: CallEnd
}

/** @returns row id, and `txn_…` of a charge that is above 0; null, and nothing is posted, when this call has been charged */
export function postCharge(tx: Tx, posting: ChargePosting): { id: TransactionId; publicId: string | null } | null {
  const { hold, charge, lots, collectedNano, call } = posting
  const books = booksOf(tx)
  const last = books.lastLink(tx)
  const row = hashedOf(TransactionId(last.id + 1), tx.now, posting)
  const hash = chargeHash(last.hash, row, lots)
  const day = dayOf(hold.createdMs)
  const wallet = books.wallet(tx, hold.accountId)
  const isFirst = insertCharge(tx, {
    id: row.id,
    callId: row.callId,
    atMs: row.atMs,
    mode: row.mode,
    accountId: row.accountId,
    lotId: row.lotId,
    chargeNano: row.chargeNano,
    upstreamNano: row.upstreamNano,
    developerNano: row.developerNano,
    collectedNano: row.collectedNano,
    pendingId: row.pendingId,
    earnedNano: row.earnedNano,
    promoEarnedNano: row.promoEarnedNano,
    promoCapNano: hold.promoCapNano,
    balanceAfterNano: nano(wallet.bookedNano - collectedNano),
    hash,
    developerId: posting.developerId,
    callerId: hold.callerId,
    clientId: hold.clientId,
    keyId: hold.keyId,
    scope: hold.scope,
    heldDay: hold.limited === 1 ? day : null,
    heldNano: hold.amountNano,
    routeId: call.routeId === undefined ? hold.routeId : call.routeId,
    stream: hold.stream,
    status: call.status,
    errorCode: call.errorCode,
    end: call.end,
    latencyMs: call.latencyMs,
    firstTokenMs: call.firstTokenMs,
    inputTokens: call.inputTokens,
    cachedTokens: call.cachedTokens,
    outputTokens: call.outputTokens,
    reasoningTokens: call.reasoningTokens,
    units: call.units ? JSON.stringify(call.units) : null,
    source: call.source,
  })
  if (!isFirst) return null
  bookWallet(tx, hold.accountId, -collectedNano)
  if (lots.length > 1) insertChargeLots(tx, row.id, lots)
  books.setLink(row.id, hash)
  addToSums(books, posting, dayOf(tx.now))
  countCaller(tx, wallet, hold.callerId, collectedNano)
  if (hold.limited === 1) addUsed(wallet, useOf(hold), day, collectedNano)
  fold(tx, books, row.id)
  return { id: row.id, publicId: charge.totalNano === 0 ? null : chargePublicId(hold.callId) }
}

/** What the chain hashes of a charge, but its lots. */
function hashedOf(id: TransactionId, atMs: number, posting: ChargePosting) {
  const { hold, mode, charge, lots, collectedNano, earned } = posting
  return {
    id,
    callId: hold.callId,
    atMs,
    mode,
    accountId: hold.accountId,
    lotId: lots.length === 1 ? lots[0]![0] : null,
    chargeNano: charge.totalNano,
    upstreamNano: charge.upstreamNano,
    developerNano: charge.developerNano,
    collectedNano: nano(collectedNano),
    pendingId: earned?.pendingId ?? null,
    earnedNano: nano(earned?.totalNano ?? 0),
    promoEarnedNano: nano(earned?.promoNano ?? 0),
  }
}

/** The other side of the posting; see the table in README.md. What is earned less than the developer's part stays revenue. */
function addToSums({ sums }: BooksMemory, { charge, mode, collectedNano, earned }: ChargePosting, day: number): void {
  const earnedNano = earned?.totalNano ?? 0
  sums.addToAccount(platformAccount(mode, "uncollected"), collectedNano - charge.totalNano)
  sums.addToAccount(platformAccount(mode, "upstream_payable"), charge.upstreamNano)
  sums.addToAccount(platformAccount(mode, "revenue"), charge.totalNano - charge.upstreamNano - earnedNano)
  if (!earned) return
  sums.addToAccount(earned.pendingId, earnedNano)
  sums.addEarned(earned.pendingId, day, "paid", earnedNano - earned.promoNano)
  sums.addEarned(earned.pendingId, day, "promo", earned.promoNano)
}

function fold(tx: Tx, books: BooksMemory, id: TransactionId): void {
  books.foldedThrough ??= foldedThrough(tx)
  const through = books.foldedThrough
  invariant(through < id, "what is folded is older")
  const slice = BooksMemory.limits.foldSlice
  if (id - through < 2 * slice) return
  foldCharges(tx, through, through + slice)
  books.foldedTo(through + slice)
}
