// SQL of the vault: sealed rows of every domain by its declaration, and two notes in `meta`. Identifiers come from declarations only.
import type { SealedColumn } from "../part/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import type { SealedCount } from "./types.ts"

const kidIn = (blob: string): string => `substr(${blob}, 4, 8)`

/** How many rows are sealed by which key. */
export function countSealed(
  reader: Reader,
  { what, table, blob }: SealedColumn,
  keys: { current: string; old: readonly string[] },
): SealedCount {
  const rows = reader.all<{ kid: string; n: number }>(
    `SELECT ${kidIn(blob)} AS kid, COUNT(*) AS n FROM ${table} WHERE ${blob} IS NOT NULL GROUP BY 1`,
  )
  const sum = (is: (kid: string) => boolean) => rows.filter(({ kid }) => is(kid)).reduce((all, { n }) => all + n, 0)
  const isOld = (kid: string) => keys.old.includes(kid)
  return {
    what,
    current: sum((kid) => kid === keys.current),
    old: sum(isOld),
    lost: sum((kid) => kid !== keys.current && !isOld(kid)),
  }
}

export interface SealedRow {
  id: number
  blob: string
  values: string[]
}

/** Rows sealed by one of these keys, oldest first. */
export function sealedBy(reader: Reader, column: SealedColumn, kids: readonly string[], rowsMax: number): SealedRow[] {
  const { table, blob, columns } = column
  return reader
    .all<{ id: number; blob: string; place: string }>(
      `SELECT rowid AS id, ${blob} AS blob, json_array(${columns.join(", ")}) AS place FROM ${table}
       WHERE ${blob} IS NOT NULL AND ${kidIn(blob)} IN (SELECT value FROM json_each(?)) ORDER BY rowid LIMIT ?`,
      JSON.stringify(kids),
      rowsMax,
    )
    .map(({ id, blob: sealed, place }) => ({ id, blob: sealed, values: (JSON.parse(place) as unknown[]).map(String) }))
}

export function saveSealed(tx: Tx, { table, assign }: SealedColumn, row: { id: number; blob: string }): void {
  tx.run(`UPDATE ${table} SET ${assign} WHERE rowid = ?`, row.blob, row.id)
}

export const readNote = (reader: Reader, key: string): string | null =>
  reader.get<{ value: string }>("SELECT value FROM meta WHERE key = ?", key)?.value ?? null

export function saveNote(tx: Tx, key: string, value: string): void {
  tx.run(
    "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    key,
    value,
  )
}
