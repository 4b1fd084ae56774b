// An upgrade: a copy first, all of it or nothing, and the way back.
import { Database } from "bun:sqlite"
import { afterEach, beforeEach, expect, test } from "bun:test"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { VirtualClock } from "../app/index.ts"
import {
  loadMigrations,
  openReadOnly,
  openStore,
  PutBackError,
  putBack,
  readSchema,
  snapshotsOf,
  testCtx,
} from "./index.ts"

let folder = ""
let path = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "purser-upgrade-"))
  path = join(folder, "purser.db")
  mkdirSync(join(folder, "migrations"))
  for (const { name, sql } of loadMigrations(join(import.meta.dir, "../../migrations")).slice(0, 1)) add(name, sql)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const add = (name: string, sql: string) => writeFileSync(join(folder, "migrations", name), sql)
const open = (options: Parameters<typeof openStore>[1] = {}) =>
  openStore(path, { migrationsFolder: join(folder, "migrations"), ...options })
const why = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`
  }
  return "did not throw"
}
const schemaNow = (): number => readSchema(path, join(folder, "migrations")).applied.length
const TABLE = (name: string) => `CREATE TABLE ${name} (id INTEGER PRIMARY KEY) STRICT;`

test("a copy is made before data is changed, for its owner alone, and never of a new database", async () => {
  await open().close()
  expect(snapshotsOf(path)).toEqual([])
  add("0002_more.sql", TABLE("more"))
  const ran: string[][] = []
  await open({ clock: new VirtualClock(7), onMigrated: (names) => void ran.push(names) }).close()
  expect(ran).toEqual([["0002_more.sql"]])
  const [made] = snapshotsOf(path)
  expect(made).toMatchObject({ schema: 1, madeMs: 7 })
  expect(statSync(made!.path).mode & 0o077).toBe(0)
  expect(statSync(join(folder, "snapshots")).mode & 0o077).toBe(0)
  expect(readSchema(made!.path, join(folder, "migrations")).applied).toHaveLength(1)
  // Nothing pending: nothing is copied.
  await open({ clock: new VirtualClock(8) }).close()
  expect(snapshotsOf(path)).toHaveLength(1)
})

test("the last three copies stay", async () => {
  await open().close()
  for (let number = 2; number <= 6; number++) {
    add(`000${number}_more.sql`, TABLE(`more${number}`))
    await open({ clock: new VirtualClock(number) }).close()
  }
  expect(snapshotsOf(path).map(({ schema }) => schema)).toEqual([5, 4, 3])
  expect(readdirSync(join(folder, "snapshots"))).toHaveLength(3)
})

test("of several that are pending all run, or none: the database stays as it was, byte for byte in its rows", async () => {
  const store = open()
  await store.write(testCtx, (tx) => tx.run("INSERT INTO meta VALUES ('kept', 'yes')"))
  await store.close()
  add("0002_good.sql", TABLE("good"))
  add("0003_broken.sql", `${TABLE("half")} INSERT INTO nowhere VALUES (1);`)
  const words = why(() => open())
  expect(words).toStartWith("UpgradeError: the upgrade stopped at 0003_broken.sql: no such table: nowhere")
  expect(words).toContain("The database is as it was")
  const reader = openReadOnly(path)
  expect(reader.all("SELECT name FROM sqlite_schema WHERE name IN ('good', 'half')")).toEqual([])
  expect(reader.get("SELECT value FROM meta WHERE key = 'kept'")).toEqual({ value: "yes" })
  reader.close()
  expect(schemaNow()).toBe(1)
  // The executable from before has no such files, and opens it.
  rmSync(join(folder, "migrations/0002_good.sql"))
  rmSync(join(folder, "migrations/0003_broken.sql"))
  await open().close()
})

test("without room for a copy nothing is begun; without-copy goes on", async () => {
  await open().close()
  add("0002_more.sql", TABLE("more"))
  const words = why(() => open({ freeBytes: () => statSync(path).size * 2 - 1 }))
  expect(words).toStartWith("UpgradeError: the upgrade first keeps a copy")
  expect(words).toContain("purser migrate up --without-copy")
  expect(schemaNow()).toBe(1)
  expect(snapshotsOf(path)).toEqual([])
  await open({ freeBytes: () => 0, withoutCopy: true }).close()
  expect(schemaNow()).toBe(2)
})

test("a copy that cannot be written keeps the upgrade from beginning", async () => {
  await open().close()
  add("0002_more.sql", TABLE("more"))
  writeFileSync(join(folder, "snapshots"), "in the way")
  expect(why(() => open())).toContain("the copy of the database from before the upgrade cannot be made")
  expect(schemaNow()).toBe(1)
})

test("a newer database is refused with the version to start and the way back; nothing is written to it", async () => {
  await open().close()
  const db = new Database(path)
  db.run("UPDATE meta SET value = '9.8.7' WHERE key = 'version'")
  db.run("INSERT INTO schema_migrations VALUES (9000, '9000_later.sql', 'x', 1)")
  db.close(true)
  const before = readFileSync(path)
  const words = why(() => open())
  expect(words).toStartWith("MigrationError: this database was written by a newer Purser (9.8.7, schema 9000; this is ")
  expect(words).toContain("Start Purser 9.8.7, or go back to the copy from before the upgrade: purser migrate back")
  expect(readFileSync(path)).toEqual(before)
  expect(readSchema(path, join(folder, "migrations"))).toMatchObject({ writer: "9.8.7", refused: words.slice(16) })
})

test("a copy is put back whole, what stood there is kept, and a replica's notes go with it", async () => {
  await open().close()
  add("0002_more.sql", TABLE("more"))
  await open().close()
  mkdirSync(join(folder, ".purser.db-litestream"))
  // A log that was not brought in: the process was killed.
  const killed = new Database(path)
  killed.run("INSERT INTO more VALUES (1)")
  const [copy] = snapshotsOf(path)
  expect(() => putBack(path, copy!.path, 5, { signIns: true })).toThrow(PutBackError)
  expect(schemaNow()).toBe(2)
  killed.close(true)
  const aside = putBack(path, copy!.path, 5, { signIns: true })
  expect(aside).toBe(`${path}.set-aside-19700101T000000005Z`)
  expect(schemaNow()).toBe(1)
  expect(statSync(path).mode & 0o077).toBe(0)
  expect(readSchema(aside, join(folder, "migrations")).applied).toHaveLength(2)
  expect(existsSync(join(folder, ".purser.db-litestream"))).toBe(false)
  expect(existsSync(copy!.path)).toBe(true)
})
