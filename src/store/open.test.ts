import { Database } from "bun:sqlite"
import { afterEach, describe, expect, test } from "bun:test"
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sqliteTable, text } from "drizzle-orm/sqlite-core"
import { callControl, loadMigrations, lockFolder, openReadOnly, openStore, serveControl, testCtx } from "./index.ts"
import { migrate } from "./migrate.ts"

let folder = ""
const made: string[] = []
function fresh(): string {
  folder = mkdtempSync(join(tmpdir(), "purser-open-"))
  made.push(folder)
  return join(folder, "purser.db")
}
afterEach(() => {
  for (const one of made.splice(0)) rmSync(one, { recursive: true, force: true })
})

const message = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    return (error as Error).message
  }
  return "did not throw"
}

describe("refusing a database", () => {
  test("that is no database, without touching it", () => {
    const path = fresh()
    writeFileSync(path, "this is a letter, not a database ".repeat(200))
    const before = readFileSync(path)
    expect(message(() => openStore(path))).toContain("is not a database")
    expect(readFileSync(path)).toEqual(before)
  })

  test("that is damaged in the middle", async () => {
    const path = fresh()
    const store = openStore(path)
    await store.write(testCtx, (tx) => {
      for (let index = 0; index < 2_000; index++) tx.run("INSERT INTO meta VALUES (?, ?)", `k${index}`, "x".repeat(200))
    })
    await store.close()
    const bytes = readFileSync(path)
    bytes.fill(0xab, 4096 * 3, 4096 * 60)
    writeFileSync(path, bytes)
    expect(message(() => openStore(path))).toMatch(/damaged/)
  })

  test("that a newer Purser wrote", async () => {
    const path = fresh()
    await openStore(path).close()
    const db = new Database(path)
    db.run("INSERT INTO schema_migrations VALUES (9999, '9999_future.sql', 'x', 0)")
    db.close()
    expect(message(() => openStore(path))).toContain("newer Purser")
  })

  test("whose migration was changed after it ran", async () => {
    const path = fresh()
    await openStore(path).close()
    const db = new Database(path)
    db.run("UPDATE schema_migrations SET checksum = 'other' WHERE number = 1")
    db.close()
    expect(message(() => openStore(path))).toContain("other contents")
  })

  test("in a folder that cannot be written", () => {
    fresh()
    writeFileSync(join(folder, "file"), "")
    expect(message(() => lockFolder(join(folder, "file", "data")))).toContain("make it writable")
    if (process.getuid?.() === 0) return // root writes anywhere; the message is tested by the line above
    chmodSync(folder, 0o500)
    expect(message(() => lockFolder(folder))).toContain("make it writable")
    chmodSync(folder, 0o700)
  })
})

describe("closing", () => {
  test("leaves one file with everything in it, whatever was prepared and not finalized", async () => {
    const path = fresh()
    const store = openStore(path)
    const notes = sqliteTable("meta", { key: text().primaryKey(), value: text().notNull() })
    await store.write(testCtx, (tx) => void tx.drizzle.insert(notes).values({ key: "k", value: "v" }).run())
    expect(store.read.drizzle.select().from(notes).all()).toContainEqual({ key: "k", value: "v" })
    await store.close()
    expect(readdirSync(folder)).toEqual(["purser.db"])
  })

  test("a reader lets go of the file at once", () => {
    const path = fresh()
    const db = new Database(path)
    db.run("PRAGMA journal_mode = WAL")
    db.run("CREATE TABLE notes (note)")
    const reader = openReadOnly(path)
    reader.get("BEGIN")
    reader.get("SELECT note FROM notes")
    reader.close()
    db.close(true)
    expect(readdirSync(folder)).toEqual(["purser.db"])
  })
})

describe("the lock", () => {
  test("a second server on one folder is refused, and may start once the first has gone", () => {
    fresh()
    const first = lockFolder(folder)
    expect(message(() => lockFolder(folder))).toContain("already running")
    first.release()
    lockFolder(folder).release()
  })

  test("whoever drops it still holds it, whatever the garbage collector does", async () => {
    fresh()
    const script = `const { lockFolder } = await import(${JSON.stringify(join(import.meta.dir, "index.ts"))}); lockFolder(${JSON.stringify(folder)}); for (let n = 0; n < 3; n++) { await Bun.sleep(5); Bun.gc(true) } console.log("locked"); setInterval(() => {}, 1000)`
    const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe" })
    const { value } = await child.stdout.getReader().read()
    expect(new TextDecoder().decode(value)).toBe("locked\n")
    expect(message(() => lockFolder(folder))).toContain("already running")
    child.kill(9)
    await child.exited
  })

  test("kill -9 frees it", async () => {
    fresh()
    const script = `const { lockFolder } = await import(${JSON.stringify(join(import.meta.dir, "index.ts"))}); lockFolder(${JSON.stringify(folder)}); console.log("locked"); setInterval(() => {}, 1000)`
    const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe" })
    await child.stdout.getReader().read()
    expect(message(() => lockFolder(folder))).toContain("already running")
    child.kill(9)
    await child.exited
    lockFolder(folder).release()
  })
})

describe("migrations", () => {
  const write = (name: string, sql: string) => writeFileSync(join(folder, "migrations", name), sql)

  test("a failing one leaves the database as it was and names itself", async () => {
    const path = fresh()
    mkdirSync(join(folder, "migrations"))
    for (const { name, sql } of loadMigrations(join(import.meta.dir, "../../migrations")).slice(0, 1)) write(name, sql)
    await openStore(path, { migrationsFolder: join(folder, "migrations") }).close()
    write("0002_broken.sql", "CREATE TABLE good (id INTEGER PRIMARY KEY) STRICT; INSERT INTO nowhere VALUES (1);")
    expect(message(() => openStore(path, { migrationsFolder: join(folder, "migrations") }))).toContain("nowhere")
    const reader = openReadOnly(path)
    expect(reader.get("SELECT 1 FROM sqlite_schema WHERE name = 'good'")).toBeNull()
    reader.close()
  })

  test("a table rebuild keeps child rows, and broken references are refused before COMMIT", async () => {
    const path = fresh()
    const db = new Database(path)
    db.run("PRAGMA foreign_keys = ON")
    mkdirSync(join(folder, "migrations"))
    write(
      "0001_a.sql",
      `CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT;
       CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL REFERENCES parent (id) ON DELETE CASCADE) STRICT;
       INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1, 1);`,
    )
    const at = { nowMs: 1, snapshotOf: null }
    migrate(db, loadMigrations(join(folder, "migrations")), at)
    write(
      "0002_rebuild.sql",
      `CREATE TABLE parent_new (id INTEGER PRIMARY KEY, name TEXT) STRICT; INSERT INTO parent_new SELECT id, NULL FROM parent;
       DROP TABLE parent; ALTER TABLE parent_new RENAME TO parent;`,
    )
    migrate(db, loadMigrations(join(folder, "migrations")), at)
    expect(db.query("SELECT COUNT(*) AS n FROM child").get()).toEqual({ n: 1 })
    write("0003_break.sql", "DELETE FROM parent;")
    expect(message(() => migrate(db, loadMigrations(join(folder, "migrations")), at))).toContain("broken references")
    expect(db.query("SELECT COUNT(*) AS n FROM parent").get()).toEqual({ n: 1 })
    db.close()
  })
})

describe("control socket", () => {
  test("verbs reach the running server; errors come back in its words; no server is null", async () => {
    fresh()
    expect(await callControl(folder, "greet", {})).toBeNull()
    const control = serveControl(folder, {
      greet: async (input) => `hello ${(input as { name: string }).name}`,
      fail: async () => {
        throw new Error("not today")
      },
    })
    expect(await callControl(folder, "greet", { name: "Ada" })).toEqual({ result: "hello Ada" })
    await expect(callControl(folder, "fail", {})).rejects.toThrow("not today")
    await expect(callControl(folder, "unknown", {})).rejects.toThrow("no such verb")
    await control.stop()
    expect(await callControl(folder, "greet", {})).toBeNull()
  })
})
