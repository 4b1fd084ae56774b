// The index over the documentation: SQLite's full-text search in memory, made with the first search. What it holds is in the executable.
import { Database } from "bun:sqlite"
import { DOCS_LIMITS as L } from "./limits.ts"
import type { Sought } from "./rules.ts"
import type { DocHit } from "./types.ts"

export interface IndexedPart extends Omit<DocHit, "snippet"> {
  /** Words of the tree beside the title. */
  about: string
  text: string
}

/** Around what was found, as the statement below says; no text has them. */
const [BEGIN, END] = ["\u0002", "\u0003"]

export type DocsIndex = ReturnType<typeof openIndex>

/** Words as people type them, endings aside; and pieces of words, for what is found in the middle of one. */
const TOKENIZERS = {
  by_word: "tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2 3'",
  by_piece: "tokenize = 'trigram remove_diacritics 1'",
} as const

function makeTable(db: Database, table: keyof typeof TOKENIZERS, parts: readonly IndexedPart[]): void {
  const columns = "title, heading, about, text, path UNINDEXED, anchor UNINDEXED"
  db.run(`CREATE VIRTUAL TABLE ${table} USING fts5(${columns}, ${TOKENIZERS[table]})`)
  const add = db.query(`INSERT INTO ${table} (title, heading, about, text, path, anchor) VALUES (?, ?, ?, ?, ?, ?)`)
  db.transaction(() => {
    // The title of a page counts for its top alone, else each part of it would be as good.
    for (const { title, heading, about, text, path, anchor } of parts)
      add.run(heading === null ? title : "", heading ?? "", heading === null ? about : "", text, path, anchor ?? "")
  })()
}

export function openIndex(parts: readonly IndexedPart[]) {
  const db = new Database(":memory:")
  /** Each with the first search that needs it: pieces take longer than words, and are asked for seldom. */
  const made = new Set<keyof typeof TOKENIZERS>()
  function make(table: keyof typeof TOKENIZERS): void {
    if (made.has(table)) return
    made.add(table)
    makeTable(db, table, parts)
  }
  const titles = new Map(parts.map(({ path, title }) => [path, title]))
  const find = (table: keyof typeof TOKENIZERS, match: string): DocHit[] => {
    make(table)
    return db
      .query<{ path: string; heading: string; anchor: string; snippet: string }, [string]>(
        `SELECT path, heading, anchor, snippet(${table}, 3, char(2), char(3), '…', 24) AS snippet FROM ${table}
         WHERE ${table} MATCH ? ORDER BY bm25(${table}, 12, 6, 4, 1) LIMIT ${L.matches}`,
      )
      .all(match)
      .map(({ path, heading, anchor, snippet }) => ({
        path,
        title: titles.get(path) ?? path,
        heading: heading || null,
        anchor: anchor || null,
        snippet: snippet.replaceAll(END, BEGIN).split(BEGIN),
      }))
  }

  return {
    /** Best first, the best part of each page. */
    search({ words, pieces }: Sought): DocHit[] {
      const whole = find("by_word", words)
      const found = whole.length > 0 || pieces === null ? whole : find("by_piece", pieces)
      const best = new Map<string, DocHit>()
      for (const hit of found) if (!best.has(hit.path)) best.set(hit.path, hit)
      return [...best.values()].slice(0, L.hits)
    },
  }
}
