// Every tables.ts against the real schema: migrations are written by hand, drizzle must see the same.
import { expect, test } from "bun:test"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { is } from "drizzle-orm"
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core"
import { openTestStore } from "../src/store/index.ts"

interface Column {
  name: string
  type: string
  notnull: number
  pk: number
}

const SRC = join(import.meta.dir, "../src")

test("drizzle's tables are the migrated tables, column by column", async () => {
  const { store, close } = await openTestStore()
  const paths = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith("tables.ts"))
  let compared = 0
  for (const path of paths) {
    const exported: unknown[] = Object.values(await import(join(SRC, path)))
    for (const table of exported.filter((one) => is(one, SQLiteTable))) {
      const { name, columns } = getTableConfig(table)
      const real = store.read.all<Column>(`SELECT name, type, "notnull", pk FROM pragma_table_info('${name}')`)
      const described = columns.map((column) => [
        column.name,
        column.getSQLType().toUpperCase(),
        column.notNull || column.primary,
      ])
      expect(described).toEqual(real.map((column) => [column.name, column.type, column.notnull === 1 || column.pk > 0]))
      compared++
    }
  }
  expect(compared).toBeGreaterThanOrEqual(5)
  await close()
})
