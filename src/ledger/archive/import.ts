// Books from an export into a database that has none, in one mutation: every line's checksum and hash is followed, projections are
// computed anew and all of it is proved before it is kept. Anything wrong throws, and then nothing is there.
import { AppError } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { chainHash, GENESIS, hex } from "../books/chain.ts"
import { insertEntries } from "../books/store.ts"
import { rebuildProjectionsIn } from "../proof/store-rebuild.ts"
import { verify } from "../proof/verify.ts"
import { EXPORT_VERSION, type ExportLine, ImportError, LineReader, type TransactionLine } from "./export-format.ts"
import * as rows from "./store-import.ts"

export interface Imported {
  transactions: number
  lines: number
  /** Hash of the newest transaction, hex. */
  head: string | null
  /** Principals that own an account, by id: whoever calls makes sure that they exist. */
  ownerIds: number[]
}

interface Progress {
  transactions: number
  hash: Uint8Array
  atMs: number
}

/**
 * @param lines without their line ends
 * @throws ImportError with line and reason; AppError `conflict` when there are books already
 */
export function importBooksIn(tx: Tx, lines: Iterable<string>): Imported {
  if (rows.hasBooks(tx))
    throw new AppError("conflict", "There are books in this database already. Import into an empty one.")
  const reader = new LineReader()
  const progress: Progress = { transactions: 0, hash: GENESIS, atMs: 0 }
  let expected: { transactions: number; head: string | null } | null = null
  let ended = false
  for (const text of lines) {
    if (ended) throw new ImportError(reader.lines + 1, "there is more after the end of the export")
    const line = reader.read(text)
    if (expected === null) expected = headOf(line)
    else if (line.line === "end") {
      ended = true
      if (line.lines !== reader.lines) throw new ImportError(reader.lines, "lines are missing before the end")
    } else
      atLine(reader.lines, () => {
        keep(tx, line, progress)
      })
  }
  if (expected === null) throw new ImportError(null, "the file is empty")
  if (!ended) throw new ImportError(reader.lines, "the file ends here, before its end line; it was cut")
  const head = progress.transactions === 0 ? null : hex(progress.hash)
  if (expected.transactions !== progress.transactions || expected.head !== head)
    throw new ImportError(1, "the first line promises other books than the file holds")
  prove(tx)
  return { transactions: progress.transactions, lines: reader.lines, head, ownerIds: rows.ownerIds(tx) }
}

function headOf(line: ExportLine): { transactions: number; head: string | null } {
  if (line.line !== "books") throw new ImportError(1, "this is not an export of the books")
  if (line.version !== EXPORT_VERSION)
    throw new ImportError(1, `the export is of version ${line.version}, this Purser reads version ${EXPORT_VERSION}`)
  return line
}

/** What the database refuses has a line too. */
function atLine(line: number, act: () => void): void {
  try {
    act()
  } catch (error) {
    if (error instanceof ImportError) throw error
    throw new ImportError(line, `the books do not take this (${(error as Error).message})`)
  }
}

function keep(tx: Tx, line: ExportLine, progress: Progress): void {
  if (line.line === "account") rows.insertAccount(tx, line)
  else if (line.line === "transaction") keepTransaction(tx, line, progress)
  else if (line.line === "hold") {
    rows.insertHold(tx, line)
    rows.resolveHold(tx, line, null)
  } else if (line.line === "correction") rows.insertCorrectionRow(tx, line, null)
  else throw new Error(`a line named ${line.line} has no place here`)
}

function keepTransaction(tx: Tx, line: TransactionLine, progress: Progress): void {
  const entries = line.entries.map((entry) => ({
    accountId: entry.account,
    amountNano: entry.nano,
    lotId: entry.lotRow,
  }))
  const hash = chainHash(progress.hash, { ...line, reverses: line.reverses?.id ?? null }, entries)
  if (line.prev !== hex(progress.hash) || line.hash !== hex(hash) || line.id !== progress.transactions + 1)
    throw new Error("its hash does not follow from the transaction before and its content")
  if (line.atMs < progress.atMs) throw new Error("it is older than the transaction before")
  if (line.atMs > tx.now) throw new Error("it is of the future; set the clock of this machine")
  if (line.lot) rows.insertLotRow(tx, line.lot, line.key ?? "")
  if (line.hold) rows.insertHold(tx, line.hold)
  rows.insertTransaction(tx, line, progress.hash, hash)
  insertEntries(tx, line.id, entries)
  sameNames(tx, line)
  if (line.hold) rows.resolveHold(tx, line.hold, line.id)
  if (line.claim) rows.insertClaim(tx, line.claim, line.id)
  if (line.correction) rows.insertCorrectionRow(tx, line.correction, line.id)
  if (line.maturity) rows.insertMaturityRow(tx, line.maturity, line.id, line.atMs)
  for (const take of line.takes ?? []) rows.insertTake(tx, take, line.id)
  if (line.payoutRequested) rows.insertPayoutRow(tx, line.payoutRequested, line.id)
  if (line.payoutResolved) rows.resolvePayoutRow(tx, line.payoutResolved, line.id)
  progress.transactions++
  progress.hash = hash
  progress.atMs = line.atMs
}

/** What a person reads on a line (owner, account, lot) is what its row ids mean. */
function sameNames(tx: Tx, line: TransactionLine): void {
  for (const entry of line.entries) {
    const account = rows.accountOf(tx, entry.account)
    if (account?.kind !== entry.kind || account.owner !== entry.owner)
      throw new Error(`account ${entry.account} is not the ${entry.kind} of owner ${entry.owner}`)
    if (entry.lotRow !== null && rows.lotOf(tx, entry.lotRow)?.publicId !== entry.lot)
      throw new Error(`lot ${entry.lotRow} is not ${entry.lot}`)
  }
}

/** Projections from the sums of verification, then verification itself. */
function prove(tx: Tx): void {
  try {
    rebuildProjectionsIn(tx)
  } catch (error) {
    throw new ImportError(null, `the books of this file do not balance: ${(error as Error).message}`)
  }
  const wrong = verify(tx).checks.filter((check) => check.violations > 0)
  if (wrong.length === 0) return
  const words = wrong.map((check) => `${check.name} (${check.examples[0] ?? check.violations})`).join(", ")
  throw new ImportError(null, `the books of this file do not balance: ${words}`)
}
