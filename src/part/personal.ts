// Personal: which tables hold rows of people, what becomes of them when their person is erased, and the files in which a person gets
// them. A domain declares it beside its SQL (`store-personal.ts`); the read Worker makes the files, so nothing here needs the running domain.
import { creditsDecimal, DAY_MS, nano } from "../app/index.ts"

/** One table with rows of people. */
export interface PersonalTable {
  /** `emptied`: the row stays, what tells of its person goes. Else why it stays as it is. */
  erased: "deleted" | "emptied" | { stays: string }
  /** Name of the file of this domain that has it, or why none has. */
  exported: string | { not: string }
}

/** One CSV file about one person. */
export interface PersonalFile {
  /** Kebab-case: `api-keys.csv`. */
  name: string
  /** What it holds, in one sentence of the README file. */
  what: string
  /**
   * Rows, oldest first: ?1 = users.id, ?2 = where to go on, ?3 = how many. The first column is `place`, an integer that grows (the first
   * page comes after -1); it is not written. A file whose name ends in `/` has a name and bytes in each row: a file each. Columns that end in `_ms` are written
   * as times, `_day` as days, `_nano` as exact credits; all others as they are, so a duration is named in another way.
   */
  sql: string
}

export interface Personal {
  tables: Readonly<Record<string, PersonalTable>>
  files: readonly PersonalFile[]
}

/** A cell of a file: text, a number, or an exact decimal that is a number although it is written as text. */
export type Cell = string | number | null | { decimal: string }

/** The heading of a column, and how its values are written. */
export function columnOf(name: string): { heading: string; write(value: unknown): Cell } {
  const ending = /_(ms|day|nano)$/.exec(name)?.[1]
  if (name === "at_ms") return { heading: "at", write: (value) => timeOf(value, 1) }
  if (ending === "ms") return { heading: name.replace(/ms$/, "at"), write: (value) => timeOf(value, 1) }
  if (ending === "day") return { heading: name, write: (value) => timeOf(value, DAY_MS)?.slice(0, 10) ?? null }
  if (ending === "nano") return { heading: name.replace(/nano$/, "credits"), write: creditsCell }
  return { heading: name, write: plain }
}

const timeOf = (value: unknown, unit: number): string | null =>
  value === null ? null : new Date(Number(value) * unit).toISOString()

const creditsCell = (value: unknown): Cell =>
  value === null ? null : { decimal: creditsDecimal(nano(value as number | bigint)) }

/** Bytes as base64: as text they would be lost, or numbers in a row that nobody can put together. */
const plain = (value: unknown): Cell => {
  if (value === null || typeof value === "number") return value
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64")
  return typeof value === "bigint" ? Number(value) : String(value)
}
