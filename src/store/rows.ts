// Rows by name, for hot paths: fixed SQL made once from a table's description, instead of lists of `?` filled by place.
import { getTableColumns, getTableName, type InferInsertModel, type InferSelectModel } from "drizzle-orm"
import type { SQLiteTable } from "drizzle-orm/sqlite-core"
import { invariant } from "../app/index.ts"
import type { Reader, SqlValue, Tx } from "./types.ts"

type Encode = (value: unknown) => SqlValue

/** The statement of one shape of row: the same fields in the same order. */
interface Insert {
  fields: readonly string[]
  tail: string
  sql: string
  /** Where values stand that are stored as something else (booleans), and how. */
  encode: readonly (readonly [at: number, encode: Encode])[]
}

const inserts = new WeakMap<SQLiteTable, Insert[]>()

type IdOf<T extends SQLiteTable> = InferSelectModel<T> extends { id: infer Id extends number } ? Id : number

/**
 * Inserts a row. What it leaves out takes the default of the column.
 * @param tail what follows the values, as fixed text: `ON CONFLICT …`
 * @returns the row id
 */
export function insertRow<T extends SQLiteTable>(tx: Tx, table: T, row: InferInsertModel<T>, tail = ""): IdOf<T> {
  const fields = Object.keys(row)
  const values = Object.values(row) as SqlValue[]
  const { sql, encode } = insertOf(table, fields, tail)
  for (const [at, as] of encode) values[at] = as(values[at])
  return tx.run(sql, ...values).lastInsertRowid as IdOf<T>
}

/**
 * The insert of a table on the hottest paths: its names are looked up once, and every column is given.
 * @returns it answers the row id
 */
export function inserter<T extends SQLiteTable>(table: T): (tx: Tx, row: InferSelectModel<T>) => IdOf<T> {
  const fields = Object.keys(getTableColumns(table)) as (keyof InferSelectModel<T> & string)[]
  const { sql, encode } = makeInsert(table, fields, "")
  invariant(encode.length === 0, "rows of the hottest paths are stored as they are")
  const count = fields.length
  return (tx, row) => {
    const values = new Array<SqlValue>(count)
    for (let at = 0; at < count; at++) values[at] = row[fields[at]!] as SqlValue
    return tx.insert(sql, values) as IdOf<T>
  }
}

/** A table has one or two shapes, so that looking through them beats a key made of all their names. */
function insertOf(table: SQLiteTable, fields: readonly string[], tail: string): Insert {
  const known = inserts.get(table) ?? []
  for (const one of known) if (one.tail === tail && isSame(one.fields, fields)) return one
  const made = makeInsert(table, fields, tail)
  inserts.set(table, [...known, made])
  return made
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false
  return true
}

function makeInsert(table: SQLiteTable, fields: readonly string[], tail: string): Insert {
  const described = getTableColumns(table)
  const columns = fields.map((field) => {
    const column = described[field]
    invariant(column, `${getTableName(table)} has no column ${field}`)
    return column
  })
  const names = columns.map((column) => column.name).join(", ")
  const places = columns.map(() => "?").join(", ")
  return {
    fields,
    tail,
    sql: `INSERT INTO ${getTableName(table)} (${names}) VALUES (${places})${tail && ` ${tail}`}`,
    encode: columns.flatMap((column, at) =>
      column.dataType === "boolean"
        ? [[at, (value: unknown) => column.mapToDriverValue(value) as SqlValue] as const]
        : [],
    ),
  }
}

interface Select {
  /** Up to and with WHERE. */
  sql: string
  flags: readonly string[]
}

const selects = new WeakMap<SQLiteTable, Select>()

/** The first row that fits, as the table describes it. @param where fixed text, also with an ORDER BY */
export function findRow<T extends SQLiteTable>(
  reader: Reader,
  table: T,
  where: string,
  ...params: SqlValue[]
): InferSelectModel<T> | null {
  const { sql, flags } = selectOf(table)
  const row = reader.get<Record<string, unknown>>(`${sql} ${where}`, ...params)
  if (row) for (const field of flags) if (row[field] !== null) row[field] = row[field] === 1
  return row as InferSelectModel<T> | null
}

function selectOf(table: SQLiteTable): Select {
  const known = selects.get(table)
  if (known) return known
  const flags = Object.entries(getTableColumns(table)).filter(([, column]) => column.dataType === "boolean")
  const made = {
    sql: `SELECT ${columnsOf(table)} FROM ${getTableName(table)} WHERE`,
    flags: flags.map(([field]) => field),
  }
  selects.set(table, made)
  return made
}

/**
 * The columns of a table by the names of its fields, for the text of a SELECT: `public_id AS publicId, …`. The rows are then
 * `$inferSelect`.
 */
export const columnsOf = (table: SQLiteTable, alias = ""): string =>
  Object.entries(getTableColumns(table))
    .map(([field, { name }]) => {
      const column = alias ? `${alias}.${name}` : name
      return name === field ? column : `${column} AS ${field}`
    })
    .join(", ")
