// The export in portions of many lines, as the read Worker hands it over.
import { LIMITS } from "../../app/index.ts"
import type { Sql } from "../books/types.ts"
import { exportBooks } from "./export.ts"

/** Name of this long read. */
export const EXPORT_BOOKS = "ledger.export"

export function* exportPieces(sql: Sql): Generator<string> {
  let text = ""
  for (const line of exportBooks(sql)) {
    text += line
    if (text.length < LIMITS.exportPortionChars) continue
    yield text
    text = ""
  }
  if (text) yield text
}
