// Books from an export into a database that has none, in one mutation: every line's checksum and hash is followed, projections are
// computed anew and all of it is proved before it is kept. Anything wrong throws, and then nothing is there.
import { AppError } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { GENESIS } from "../books/chain.ts"
import { booksOf } from "../books/memory.ts"
import { rebuildProjectionsIn } from "../proof/store-rebuild.ts"
import { verify } from "../proof/verify.ts"
import { EXPORT_VERSION, type ExportLine, ImportError, LineReader } from "./export-format.ts"
import { keepHold } from "./import-hold.ts"
import { keepCharge, keepTransaction, type Progress } from "./import-posted.ts"
import * as rows from "./store-import.ts"

export interface Imported {
  /** Charges and transactions together. */
  transactions: number
  lines: number
  /** Hash of the newest of them, hex. */
  head: string | null
  /** Principals that own an account, by id: whoever calls makes sure that they exist. */
  ownerIds: number[]
}

/**
 * @param lines without their line ends
 * @throws ImportError with line and reason; AppError `conflict` when there are books already
 */
export function importBooksIn(tx: Tx, lines: Iterable<string>): Imported {
  if (rows.hasBooks(tx))
    throw new AppError("conflict", "There are books in this database already. Import into an empty one.")
  const reader = new LineReader()
  const progress: Progress = { posted: 0, hash: GENESIS, atMs: 0, balances: new Map() }
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
  const head = progress.posted === 0 ? null : progress.hash
  if (expected.transactions !== progress.posted || expected.head !== head)
    throw new ImportError(1, "the first line promises other books than the file holds")
  prove(tx)
  return { transactions: progress.posted, lines: reader.lines, head, ownerIds: rows.ownerIds(tx) }
}

function headOf(line: ExportLine): { transactions: number; head: string | null } {
  if (line.line !== "books") throw new ImportError(1, "this is not an export of the books")
  if (line.version === EXPORT_VERSION) return line
  const whose = line.version < EXPORT_VERSION ? "an older" : "a newer"
  throw new ImportError(
    1,
    `this export is of version ${line.version}, written by ${whose} Purser; this one reads version ${EXPORT_VERSION} only. ` +
      "Import it with the Purser that wrote it",
  )
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
  else if (line.line === "charge") keepCharge(tx, line, progress)
  else if (line.line === "transaction") keepTransaction(tx, line, progress)
  else if (line.line === "hold") keepHold(tx, line)
  else if (line.line === "correction") rows.insertCorrectionRow(tx, line, null)
  else throw new Error(`a line named ${line.line} has no place here`)
}

/** Projections from the sums of verification, then verification itself. What the writer remembers was of an empty database. */
function prove(tx: Tx): void {
  booksOf(tx).forget()
  try {
    rebuildProjectionsIn(tx)
  } catch (error) {
    throw new ImportError(null, `the books of this file do not balance: ${(error as Error).message}`)
  }
  booksOf(tx).forget()
  rows.noteMoment(tx)
  const wrong = verify(tx).checks.filter((check) => check.violations > 0)
  if (wrong.length === 0) return
  const words = wrong.map((check) => `${check.name} (${check.examples[0] ?? check.violations})`).join(", ")
  throw new ImportError(null, `the books of this file do not balance: ${words}`)
}
