// Every table of the real schema against its one description in a tables.ts: migrations are written by hand, and what
// TypeScript believes of a row must be the same.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { is } from "drizzle-orm"
import { getTableConfig, type SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core"
import { openTestStore, type Store } from "../src/store/index.ts"

interface Column {
  name: string
  type: string
  notnull: number
  /** As SQL text. */
  fallback: string | null
  pk: number
}

const SRC = join(import.meta.dir, "../src")
/** Made by the migrations themselves, before the first of them. */
const UNDESCRIBED = ["schema_migrations"]

let store: Store
let close: () => Promise<void>
let described: ReturnType<typeof getTableConfig>[]
beforeAll(async () => {
  const opened = await openTestStore()
  store = opened.store
  close = opened.close
  const paths = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith("tables.ts"))
  const exported = await Promise.all(paths.map((path) => import(join(SRC, path)) as Promise<object>))
  described = exported
    .flatMap((module) => Object.values(module) as unknown[])
    .flatMap((one) => (is(one, SQLiteTable) ? [getTableConfig(one)] : []))
})
afterAll(() => close())

const realTables = (): string[] =>
  store.read
    .all<{ name: string }>(
      // Search indexes and what SQLite keeps them in are written by triggers alone.
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .map((row) => row.name)
    .filter((name) => !UNDESCRIBED.includes(name))

const sqlOf = (value: unknown): string =>
  typeof value === "string" ? `'${value}'` : String(typeof value === "boolean" ? Number(value) : value)

test("every table has one description", () => {
  expect(described.map((table) => table.name).sort()).toEqual(realTables().sort())
})

test("each is described column by column: name, type, whether it may be null, its default, its part in the key", () => {
  for (const table of described) {
    const real = store.read.all<Column>(
      `SELECT name, type, "notnull", dflt_value AS fallback, pk FROM pragma_table_info('${table.name}')`,
    )
    const keyOf = table.primaryKeys[0]?.columns.map((column) => column.name) ?? []
    const inKey = (column: SQLiteColumn) => (column.primary ? 1 : keyOf.indexOf(column.name) + 1)
    const words = table.columns.map((column) => ({
      name: column.name,
      type: column.getSQLType().toUpperCase(),
      notnull: column.notNull || inKey(column) > 0,
      fallback: column.default === undefined ? null : sqlOf(column.default),
      pk: inKey(column),
    }))
    expect({ table: table.name, columns: words }).toEqual({
      table: table.name,
      columns: real.map((column) => ({ ...column, notnull: column.notnull === 1 || column.pk > 0 })),
    })
  }
})
