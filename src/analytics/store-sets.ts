// SQL of sets of numbers: people who called, charges of an app. Sets that are written together are gathered, so that each row is read and
// written once.
import type { SqlValue, Tx } from "../store/index.ts"
import { join, People, written } from "./people.ts"

/** Where sets stand, what each row is the set of, and the column that counts what is in it. */
export interface SetTable {
  name: string
  key: readonly string[]
  count: string
}

/** Sets that are written together. */
export class Gathered {
  private readonly sets = new Map<string, { table: SetTable; key: readonly SqlValue[]; numbers: People }>()

  add(table: SetTable, key: readonly SqlValue[], number: number): void {
    const name = `${table.name} ${key.join(" ")}`
    const known = this.sets.get(name) ?? { table, key, numbers: new People() }
    this.sets.set(name, known)
    known.numbers.add(number)
  }

  writeIn(tx: Tx): void {
    for (const { table, key, numbers } of this.sets.values())
      for (const [chunk, words] of numbers.pieces()) addChunk(tx, table, [...key, chunk], words)
  }
}

function addChunk(tx: Tx, { name, key, count }: SetTable, at: readonly SqlValue[], words: Uint32Array): void {
  const columns = [...key, "chunk"]
  const known = tx.get<{ n: number; bits: Uint8Array }>(
    `SELECT ${count} AS n, bits FROM ${name} WHERE ${columns.map((one) => `${one} = ?`).join(" AND ")}`,
    ...at,
  )
  if (known) join(words, known.bits)
  const { people, bits } = written(words)
  if (people === known?.n) return
  tx.run(
    `INSERT INTO ${name} (${columns.join(", ")}, ${count}, bits) VALUES (${columns.map(() => "?").join(", ")}, ?, ?)
     ON CONFLICT DO UPDATE SET ${count} = excluded.${count}, bits = excluded.bits`,
    ...at,
    people,
    bits as SqlValue,
  )
}
