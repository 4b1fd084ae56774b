// Looks for words in a whole database: every text and blob of every table, those of search indexes included.
import type { Reader } from "../../src/store/index.ts"

/** Also what trigram indexes keep, which have no word in one piece: a blob is looked at as it is. @returns `table.column` for each find */
export function findWords(reader: Reader, words: readonly string[]): string[] {
  const tables = reader
    .all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
    .map(({ name }) => name)
  const found = new Set<string>()
  const wanted = words.map((word) => Buffer.from(word.toLowerCase()))
  for (const table of tables)
    for (const row of reader.all<Record<string, unknown>>(`SELECT * FROM "${table}"`))
      for (const [column, value] of Object.entries(row)) {
        if (typeof value !== "string" && !(value instanceof Uint8Array)) continue
        // Letters of ASCII only: what blobs hold otherwise does not change.
        const bytes = Buffer.from(
          Buffer.from(value as string).map((byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte)),
        )
        for (const [at, word] of wanted.entries())
          if (bytes.includes(word)) found.add(`${table}.${column}: ${words[at]}: ${String(value).slice(0, 200)}`)
      }
  return [...found].toSorted()
}
