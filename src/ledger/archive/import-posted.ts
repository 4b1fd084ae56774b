// A charge or a transaction of the file into the books: its place in the chain, its names, its rows, the balances that it leaves.
import type { AccountId, LotId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { chainHash, chargeHash, hex } from "../books/chain.ts"
import { platformAccount } from "../books/store.ts"
import type { ChargeLine, TransactionLine } from "./export-format.ts"
import { lotPublicId } from "./store-export.ts"
import * as rows from "./store-import.ts"

export interface Progress {
  /** Charges and transactions so far. */
  posted: number
  /** Of the last of them, hex. */
  hash: string
  atMs: number
  /** n$ by account; those of the platform may pass 2^53. */
  balances: Map<AccountId, bigint>
}

export function keepCharge(tx: Tx, line: ChargeLine, progress: Progress): void {
  const lots = line.lots.map((part) => [part.lotRow, part.nano] as const)
  const hash = chargeHash(progress.hash, { ...line, accountId: line.account, pendingId: line.pending }, lots)
  follow(tx, line, progress, hash)
  const paidNano = line.lots.reduce((sum, part) => sum + part.nano, 0)
  if (paidNano !== line.collectedNano) throw new Error("its lots do not add up to what was collected")
  sameAccount(tx, line.account, "wallet", line.owner)
  if (line.pending !== null) sameAccount(tx, line.pending, "pending", line.developerId)
  for (const part of line.lots) sameLot(tx, part.lotRow, part.lot)
  rows.insertChargeRow(tx, line, bookCharge(progress, line), hash)
  for (const take of line.takes ?? []) rows.insertTake(tx, take, line.id)
}

export function keepTransaction(tx: Tx, line: TransactionLine, progress: Progress): void {
  const entries = line.entries.map((entry) => ({
    accountId: entry.account,
    amountNano: entry.nano,
    lotId: entry.lotRow,
  }))
  const row = { ...line, reverses: line.reverses?.id ?? null, chargeId: line.charge?.id ?? null }
  const hash = chainHash(progress.hash, row, entries)
  follow(tx, line, progress, hash)
  if (line.lot) rows.insertLotRow(tx, line.lot, line.key ?? "")
  rows.insertTransaction(tx, line, hash)
  for (let seq = 0; seq < entries.length; seq++) {
    const entry = entries[seq]!
    rows.insertEntry(tx, line.id, seq, entry, book(progress, entry.accountId, entry.amountNano))
  }
  sameNames(tx, line)
  if (line.claim) rows.insertClaim(tx, line.claim, line.id)
  if (line.correction) rows.insertCorrectionRow(tx, line.correction, line.id)
  if (line.clawed && line.correction) rows.insertClawed(tx, line.clawed, line.correction.key)
  for (const repay of line.repaid ?? []) rows.insertRepayRow(tx, repay, line.id)
  if (line.maturity) rows.insertMaturityRow(tx, line.maturity, line.id, line.atMs)
  if (line.sale) rows.insertSaleRow(tx, line.sale, line.id, line.atMs)
  for (const take of line.takes ?? []) rows.insertTake(tx, take, line.id)
  if (line.payoutRequested) rows.insertPayoutRow(tx, line.payoutRequested, line.id)
  if (line.payoutResolved) rows.resolvePayoutRow(tx, line.payoutResolved, line.id)
}

/** The next link of the chain, not before the one before it. */
function follow(tx: Tx, line: ChargeLine | TransactionLine, progress: Progress, hash: Uint8Array): void {
  const made = hex(hash)
  if (line.prev !== progress.hash || line.hash !== made || line.id !== progress.posted + 1)
    throw new Error("its hash does not follow from the line before and its content")
  if (line.atMs < progress.atMs) throw new Error("it is older than the line before")
  if (line.atMs > tx.now) throw new Error("it is of the future; set the clock of this machine")
  progress.posted++
  progress.hash = made
  progress.atMs = line.atMs
}

/** @returns n$ the account has then */
function book({ balances }: Progress, id: AccountId, amountNano: number): bigint {
  const balance = (balances.get(id) ?? 0n) + BigInt(amountNano)
  balances.set(id, balance)
  return balance
}

/** The entries of a charge, as `v_entries` derives them. @returns n$ the wallet has then */
function bookCharge(progress: Progress, line: ChargeLine): bigint {
  const { mode, chargeNano, upstreamNano, collectedNano, earnedNano } = line
  book(progress, platformAccount(mode, "uncollected"), collectedNano - chargeNano)
  book(progress, platformAccount(mode, "upstream_payable"), upstreamNano)
  if (line.pending !== null) book(progress, line.pending, earnedNano)
  book(progress, platformAccount(mode, "revenue"), chargeNano - upstreamNano - earnedNano)
  return book(progress, line.account, -collectedNano)
}

/** What a person reads on a line (owner, account, lot, charge) is what its row ids mean. */
function sameNames(tx: Tx, line: TransactionLine): void {
  for (const entry of line.entries) {
    sameAccount(tx, entry.account, entry.kind, entry.owner)
    if (entry.lotRow !== null) sameLot(tx, entry.lotRow, entry.lot)
  }
  for (const named of [line.reverses, line.charge]) {
    if (named && rows.publicIdOf(tx, named.id) !== named.publicId)
      throw new Error(`transaction ${named.id} is not ${named.publicId}`)
  }
}

export function sameAccount(tx: Tx, id: AccountId, kind: string, owner: number | null): void {
  const account = rows.accountOf(tx, id)
  if (account?.kind !== kind || account.owner !== owner)
    throw new Error(`account ${id} is not the ${kind} of owner ${owner}`)
}

export function sameLot(tx: Tx, id: LotId, publicId: string | null): void {
  if (lotPublicId(tx, id) !== publicId) throw new Error(`lot ${id} is not ${publicId}`)
}
