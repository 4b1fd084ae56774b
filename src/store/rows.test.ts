// Rows by name against a real database.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import { columnsOf, findRow, insertRow, openTestStore, type Store, testCtx } from "./index.ts"

const things = sqliteTable("things", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  isOpen: integer("is_open", { mode: "boolean" }).notNull(),
  seen: integer().notNull().default(7),
})

let store: Store
let close: () => Promise<void>
beforeAll(async () => {
  const opened = await openTestStore()
  store = opened.store
  close = opened.close
  await store.write(testCtx, (tx) =>
    tx.run(
      "CREATE TABLE things (id INTEGER PRIMARY KEY, public_id TEXT NOT NULL UNIQUE, is_open INTEGER NOT NULL, seen INTEGER NOT NULL DEFAULT 7) STRICT",
    ),
  )
})
afterAll(() => close())

const all = () => store.read.all(`SELECT ${columnsOf(things, "t")} FROM things t ORDER BY id`)

test("fields go to their columns whatever their order, flags as 0 and 1, what is left out takes its default", async () => {
  const ids = await store.write(testCtx, (tx) => [
    insertRow(tx, things, { publicId: "a", isOpen: true }),
    insertRow(tx, things, { seen: 2, isOpen: false, publicId: "b" }),
    insertRow(tx, things, { isOpen: false, publicId: "c", seen: 3 }),
  ])
  expect(ids).toEqual([1, 2, 3])
  expect(all()).toEqual([
    { id: 1, publicId: "a", isOpen: 1, seen: 7 },
    { id: 2, publicId: "b", isOpen: 0, seen: 2 },
    { id: 3, publicId: "c", isOpen: 0, seen: 3 },
  ])
})

test("a row is found as it is described, flags as booleans", () => {
  expect(findRow(store.read, things, "public_id = ?", "a")).toEqual({ id: 1, publicId: "a", isOpen: true, seen: 7 })
  expect(findRow(store.read, things, "seen > ? ORDER BY seen", 2)?.publicId).toBe("c")
  expect(findRow(store.read, things, "id = ?", 99)).toBeNull()
})

test("a tail says what becomes of a row that is there already", async () => {
  const tail = "ON CONFLICT (public_id) DO UPDATE SET seen = seen + excluded.seen"
  await store.write(testCtx, (tx) => insertRow(tx, things, { publicId: "a", isOpen: true, seen: 5 }, tail))
  expect(all()[0]).toEqual({ id: 1, publicId: "a", isOpen: 1, seen: 12 })
  await expect(
    store.write(testCtx, (tx) => insertRow(tx, things, { publicId: "a", isOpen: true, seen: 5 })),
  ).rejects.toThrow("UNIQUE")
})

test("a field that the table does not have is refused, never dropped", async () => {
  const row = { publicId: "d", isOpen: true, sseen: 1 }
  await expect(store.write(testCtx, (tx) => insertRow(tx, things, row))).rejects.toThrow("things has no column sseen")
})
