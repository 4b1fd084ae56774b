// The books as text, one JSON line per transaction, with all that is no projection. Reads only and keeps nothing: give it a reader
// inside one read transaction, so that every line is of the same moment.
import { hex } from "../books/chain.ts"
import type { Sql } from "../books/types.ts"
import { EXPORT_VERSION, type HoldFacts, LineWriter, type TransactionLine } from "./export-format.ts"
import * as rows from "./store-export.ts"

/** Lines with their line ends: head, accounts, transactions, holds and corrections without one, end. */
export function* exportBooks(sql: Sql): Generator<string> {
  const writer = new LineWriter()
  const { transactions, head } = rows.booksSize(sql)
  yield writer.write({ line: "books", version: EXPORT_VERSION, transactions, head: head && hex(head) })
  for (const account of rows.accountLines(sql)) yield writer.write({ line: "account", ...account })
  for (const row of rows.transactionRows(sql)) yield writer.write(transactionLine(sql, row))
  for (const hold of rows.loneHoldLines(sql)) yield writer.write({ line: "hold", ...holdFacts(sql, hold) })
  for (const correction of rows.loneCorrectionLines(sql)) yield writer.write({ line: "correction", ...correction })
  yield writer.write({ line: "end", lines: writer.lines + 1 })
}

const holdFacts = (sql: Sql, hold: rows.HoldLine): HoldFacts => ({ ...hold, lots: rows.holdPartLines(sql, hold.id) })

function transactionLine(sql: Sql, row: rows.TransactionRowFull): TransactionLine {
  const { prevHash, hash, reverses, reversesId, ...plain } = row
  return {
    line: "transaction",
    ...plain,
    reverses: reverses === null ? null : { id: reverses, publicId: reversesId ?? "" },
    entries: rows.entryLines(sql, row.id),
    ...factsOf(sql, row),
    prev: hex(prevHash),
    hash: hex(hash),
  }
}

/** Looked up only where a type can have them: most transactions are charges. */
function factsOf(sql: Sql, { id, type, key, holdId }: rows.TransactionRowFull): Partial<TransactionLine> {
  if (type === "usage") {
    const hold = holdId === null ? null : rows.holdLine(sql, holdId)
    const takes = rows.takeLines(sql, id)
    return { ...(hold && { hold: holdFacts(sql, hold) }), ...(takes.length > 0 && { takes }) }
  }
  if (type === "payout") {
    const requested = rows.requestedPayout(sql, id)
    const resolved = rows.resolvedPayout(sql, id)
    if (requested) {
      const { state: _, resolvedMs: __, ...payoutRequested } = requested
      return { payoutRequested }
    }
    return resolved
      ? { payoutResolved: { id: resolved.id, state: resolved.state, resolvedMs: resolved.resolvedMs } }
      : {}
  }
  const lot = key === null ? null : rows.lotLine(sql, key)
  const claim = type === "daily_bonus" ? rows.claimLine(sql, id) : null
  const correction = key === null ? null : rows.correctionLine(sql, id)
  const maturity = type === "adjustment" ? rows.maturityLine(sql, id) : null
  return {
    ...(lot && { lot }),
    ...(claim && { claim }),
    ...(correction && { correction }),
    ...(maturity && { maturity }),
  }
}
