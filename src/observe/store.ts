// SQL of `observe`: pages of the file, pages that nobody uses, and the size of the database by day.
import type { Reader, Tx } from "../store/index.ts"

export interface Pages {
  pageBytes: number
  pages: number
  free: number
}

export const pagesOf = (reader: Reader): Pages =>
  reader.get<Pages>(
    `SELECT (SELECT page_size FROM pragma_page_size) AS pageBytes, (SELECT page_count FROM pragma_page_count) AS pages,
            (SELECT freelist_count FROM pragma_freelist_count) AS free`,
  )!

/** Gives so many unused pages at the end of the file back to the disk. */
export const giveBack = (tx: Tx, pages: number): void =>
  void tx.all(`PRAGMA incremental_vacuum(${Math.max(1, Math.trunc(pages))})`)

/** Oldest first: UTC day, bytes. */
export type Sizes = readonly (readonly [day: number, bytes: number])[]

const KEY = "database_sizes"

export function sizesOf(reader: Reader): Sizes {
  const row = reader.get<{ value: string }>("SELECT value FROM meta WHERE key = ?", KEY)
  return row ? (JSON.parse(row.value) as Sizes) : []
}

export const saveSizes = (tx: Tx, sizes: Sizes): void =>
  void tx.run(
    "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    KEY,
    JSON.stringify(sizes),
  )

/** Reads the whole file. @returns what is wrong with it; null = it is whole */
export function damageIn(reader: Reader): string | null {
  const found = reader.get<{ quick_check: string }>("PRAGMA quick_check(1)")?.quick_check ?? "no answer"
  return found === "ok" ? null : found
}
