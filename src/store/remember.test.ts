// The memory of mutations: what ends it, what does not, and that nothing it knows outlives a rollback.
import { afterEach, beforeEach, expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { sqliteTable, text } from "drizzle-orm/sqlite-core"
import { openTestStore, type Reader, remember, type Store, type Tx, testCtx } from "./index.ts"
import { withoutMemory } from "./remember.ts"

const meta = sqliteTable("meta", { key: text().primaryKey(), value: text().notNull() })

let opened: Awaited<ReturnType<typeof openTestStore>>
let store: Store
/** Keys that SQLite was asked for. */
let asked: string[]
const find = (reader: Reader, key: string): string | null => {
  asked.push(key)
  return reader.get<{ value: string }>("SELECT value FROM meta WHERE key = ?", key)?.value ?? null
}
const found = () => remember({ of: [meta], load: find })
const answered = () => remember({ of: [meta], load: find, absence: true })

const open = async (faults = {}) => {
  opened = await openTestStore({ faults })
  store = opened.store
  await write((tx) => set(tx, "a", "1"))
  asked = []
}
beforeEach(() => open())
afterEach(() => opened.close())

const write = <T>(body: (tx: Tx) => T): Promise<T> => store.write(testCtx, body as (tx: Tx) => never)
const set = (tx: Tx, key: string, value: string) => tx.run("INSERT INTO meta (key, value) VALUES (?, ?)", key, value)

test("a row is read once, whatever else is written", async () => {
  const memory = found()
  const read = () => write((tx) => [memory.get(tx, "a"), memory.get(tx, "a")])
  expect(await read()).toEqual(["1", "1"])
  await write((tx) => tx.run("UPDATE last_commit SET at_ms = at_ms"))
  await write((tx) => set(tx, "b", "2"))
  expect(await read()).toEqual(["1", "1"])
  expect(asked).toEqual(["a"])
})

const CHANGES: Record<string, (tx: Tx) => unknown> = {
  update: (tx) => tx.run("UPDATE meta SET value = 'new' WHERE key = 'a'"),
  "update … returning": (tx) => tx.get("UPDATE meta SET value = 'new' WHERE key = 'a' RETURNING value"),
  "update … returning all": (tx) => tx.all("UPDATE meta SET value = 'new' RETURNING value"),
  delete: (tx) => tx.run("DELETE FROM meta WHERE key = 'a'"),
  replace: (tx) => tx.run("REPLACE INTO meta (key, value) VALUES ('a', 'new')"),
  upsert: (tx) =>
    tx.run("INSERT INTO meta (key, value) VALUES ('a', 'new') ON CONFLICT DO UPDATE SET value = excluded.value"),
  with: (tx) => tx.run("WITH v (x) AS (SELECT 'new') UPDATE meta SET value = (SELECT x FROM v)"),
  "drizzle update": (tx) => tx.drizzle.update(meta).set({ value: "new" }).where(eq(meta.key, "a")).run(),
  "drizzle update … returning": (tx) => tx.drizzle.update(meta).set({ value: "new" }).returning().all(),
  "drizzle update … one": (tx) => tx.drizzle.update(meta).set({ value: "new" }).returning().get(),
  "drizzle delete": (tx) => tx.drizzle.delete(meta).run(),
  "drizzle upsert": (tx) =>
    tx.drizzle
      .insert(meta)
      .values({ key: "a", value: "new" })
      .onConflictDoUpdate({ target: meta.key, set: { value: "new" } })
      .run(),
  "drizzle raw": (tx) => tx.drizzle.run("UPDATE meta SET value = 'new'"),
  "not to be told": (tx) => tx.run("UPDATE [meta] SET value = 'new'"),
}
for (const [name, change] of Object.entries(CHANGES)) {
  test(`seen at once: ${name}`, async () => {
    const memory = found()
    await write((tx) => memory.get(tx, "a"))
    const [after, fresh] = await write((tx) => {
      change(tx)
      return [memory.get(tx, "a"), find(tx, "a")]
    })
    expect(after).not.toBe("1")
    expect(after).toBe(fresh)
    expect(await write((tx) => memory.get(tx, "a"))).toBe(fresh)
  })
  test(`taken back: ${name}`, async () => {
    const memory = found()
    const undone = write((tx) => {
      change(tx)
      expect(memory.get(tx, "a")).not.toBe("1")
      throw new Error("no")
    })
    // In the same commit.
    const next = write((tx) => memory.get(tx, "a"))
    await expect(undone).rejects.toThrow("no")
    expect(await next).toBe("1")
    expect(await write((tx) => memory.get(tx, "a"))).toBe("1")
  })
}

test("a row that was added and taken back is not there", async () => {
  const memory = found()
  const undone = write((tx) => {
    set(tx, "b", "2")
    expect(memory.get(tx, "b")).toBe("2")
    throw new Error("no")
  })
  const next = write((tx) => memory.get(tx, "b"))
  await expect(undone).rejects.toThrow("no")
  expect(await next).toBeNull()
})

test("a mutation that wrote nothing and throws ends no memory", async () => {
  const memory = found()
  const undone = write((tx) => {
    memory.get(tx, "a")
    throw new Error("no")
  })
  await expect(undone).rejects.toThrow("no")
  await write((tx) => memory.get(tx, "a"))
  expect(asked).toEqual(["a"])
})

test("what was read in a commit that failed is read again", async () => {
  let fail = false
  await opened.close()
  await open({
    beforeCommit() {
      if (fail) throw new Error("the disk is full")
    },
  })
  const memory = found()
  await write((tx) => memory.get(tx, "a"))
  fail = true
  const lost = [
    write((tx) => tx.run("UPDATE meta SET value = 'lost'")),
    write((tx) => expect(memory.get(tx, "a")).toBe("lost")),
  ]
  for (const one of await Promise.allSettled(lost)) expect(one.status).toBe("rejected")
  fail = false
  expect(await write((tx) => memory.get(tx, "a"))).toBe("1")
})

test("that there is no row is remembered only where it is an answer, until one is added", async () => {
  const rows = found()
  await write((tx) => [rows.get(tx, "b"), rows.get(tx, "b")])
  expect(asked).toEqual(["b", "b"])
  asked = []
  const answers = answered()
  await write((tx) => [answers.get(tx, "b"), answers.get(tx, "b")])
  expect(asked).toEqual(["b"])
  const seen = await write((tx) => {
    set(tx, "b", "2")
    return [rows.get(tx, "b"), answers.get(tx, "b")]
  })
  expect(seen).toEqual(["2", "2"])
})

test("it stays within its bound and keeps what is used", async () => {
  const memory = remember({ of: [meta], load: find, absence: true, max: 10 })
  await write((tx) => {
    for (let at = 0; at < 100; at++) {
      memory.get(tx, "a")
      memory.get(tx, `other ${at}`)
    }
  })
  expect(asked.filter((key) => key === "a")).toHaveLength(1)
  asked = []
  await write((tx) => {
    for (let at = 0; at < 100; at++) memory.get(tx, `other ${at}`)
  })
  expect(asked.length).toBeGreaterThan(90)
})

test("readers of committed data, and tests that compare, ask SQLite", async () => {
  const memory = found()
  await write((tx) => memory.get(tx, "a"))
  asked = []
  expect([memory.get(store.read, "a"), memory.get(store.read, "a")]).toEqual(["1", "1"])
  await write((tx) => withoutMemory(() => memory.get(tx, "a")))
  expect(asked).toEqual(["a", "a", "a"])
})

test("two databases are never mixed up", async () => {
  const memory = found()
  const other = await openTestStore()
  try {
    await write((tx) => memory.get(tx, "a"))
    expect(await other.store.write(testCtx, (tx) => memory.get(tx, "a"))).toBeNull()
    expect(await write((tx) => memory.get(tx, "a"))).toBe("1")
  } finally {
    await other.close()
  }
})

test("a transaction that is over is refused, also for what is remembered; an answer cannot be changed", async () => {
  const rows = remember({
    of: [meta],
    load: (reader, key: string) => reader.get<{ value: string }>("SELECT value FROM meta WHERE key = ?", key),
  })
  let over: Tx | null = null
  const row = await write((tx) => {
    over = tx
    return rows.get(tx, "a")!
  })
  expect(() => rows.get(over!, "a")).toThrow("after its mutation had returned")
  expect(() => {
    row.value = "changed"
  }).toThrow()
})

test("a write whose outcome is known is remembered, and nothing else is forgotten", async () => {
  const memory = answered()
  const change = (tx: Tx, key: string, value: string) =>
    memory.writing(tx, key, value, () => {
      tx.run("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", key, value)
    })
  await write((tx) => [memory.get(tx, "a"), memory.get(tx, "b")])
  asked = []
  await write((tx) => change(tx, "b", "2"))
  expect(await write((tx) => [memory.get(tx, "a"), memory.get(tx, "b")])).toEqual(["1", "2"])
  expect(asked).toEqual([])
  // What somebody else wrote before is not taken for known.
  await write((tx) => {
    tx.run("UPDATE meta SET value = 'new' WHERE key = 'a'")
    change(tx, "b", "3")
  })
  expect(await write((tx) => [memory.get(tx, "a"), memory.get(tx, "b")])).toEqual(["new", "3"])
  // Nor what was taken back, by a whole mutation or by half a write.
  await write((tx) => {
    change(tx, "b", "4")
    throw new Error("no")
  }).catch(() => {})
  expect(await write((tx) => memory.get(tx, "b"))).toBe("3")
  await write((tx) => {
    try {
      memory.writing(tx, "b", "5", () => {
        tx.run("UPDATE meta SET value = 'half' WHERE key = 'b'")
        throw new Error("no")
      })
    } catch {}
    expect(memory.get(tx, "b")).toBe("half")
  })
})
