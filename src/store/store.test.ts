import { Database } from "bun:sqlite"
import { afterEach, describe, expect, test } from "bun:test"
import { statSync } from "node:fs"
import { until } from "../../test/eventually.ts"
import { AppError, LIMITS, VirtualClock } from "../app/index.ts"
import { copyLog } from "./copy-log.ts"
import { openStore, openTestStore, type Store, type StoreFaults, type Tx, testCtx } from "./index.ts"
import { patientBatches } from "./testing.ts"

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

async function fresh(faults: StoreFaults = {}) {
  const made = await openTestStore({ faults })
  opened.push(made)
  return made
}

const put = (tx: Tx, key: string, value = "1") => tx.run("INSERT INTO meta (key, value) VALUES (?, ?)", key, value)
const keys = (store: Store) =>
  store.read.all<{ key: string }>("SELECT key FROM meta WHERE key <> 'version' ORDER BY key").map((row) => row.key)

describe("write", () => {
  test("resolves with the mutation's value once the row is committed and visible to readers", async () => {
    const { store } = await fresh()
    const value = await store.write(testCtx, (tx) => {
      put(tx, "a")
      return 42
    })
    expect(value).toBe(42)
    expect(keys(store)).toEqual(["a"])
  })

  test("many mutations of one turn share commits, in order", async () => {
    patientBatches()
    const { store } = await fresh()
    const order: number[] = []
    await Promise.all(
      Array.from({ length: 300 }, (_, index) =>
        store.write(testCtx, (tx) => {
          put(tx, `k${String(index).padStart(3, "0")}`)
          order.push(index)
        }),
      ),
    )
    expect(keys(store).length).toBe(300)
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(store.stats.commits).toBeLessThan(20)
  })

  test("a mutation that throws undoes only itself, and its memory effects never run", async () => {
    const { store } = await fresh()
    const effects: string[] = []
    const results = await Promise.allSettled([
      store.write(testCtx, (tx) => {
        put(tx, "before")
        tx.afterCommit(() => effects.push("before"))
      }),
      store.write(testCtx, (tx) => {
        put(tx, "bad")
        tx.afterCommit(() => effects.push("bad"))
        throw new AppError("conflict", "no")
      }),
      store.write(testCtx, (tx) => {
        put(tx, "after")
        tx.afterCommit(() => effects.push("after"))
      }),
    ])
    expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"])
    expect(keys(store)).toEqual(["after", "before"])
    expect(effects).toEqual(["before", "after"])
  })

  test("what its context refuses in the body is not begun: nothing is written, and the others of the batch are", async () => {
    const { store } = await fresh()
    let isIn = true
    const admit = (tx: Tx) => {
      const { n } = tx.get<{ n: number }>("SELECT count(*) AS n FROM meta WHERE key = 'out'")!
      if (n > 0) throw new AppError("forbidden", "You are out.")
    }
    const results = await Promise.allSettled([
      store.write({ ...testCtx, admit }, (tx) => void put(tx, "before")),
      // What comes between the page and the body, in the same batch.
      store.write(testCtx, (tx) => void put(tx, "out")),
      store.write({ ...testCtx, admit }, (tx) => {
        isIn = false
        put(tx, "after")
      }),
    ])
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"])
    expect((results[2] as PromiseRejectedResult).reason).toMatchObject({ code: "forbidden" })
    expect([isIn, keys(store)]).toEqual([true, ["before", "out"]])
  })

  test("memory effects are applied before the promise resolves", async () => {
    const { store } = await fresh()
    let applied = false
    await store
      .write(testCtx, (tx) => tx.afterCommit(() => (applied = true)) as undefined)
      .then(() => expect(applied).toBe(true))
    expect(applied).toBe(true)
  })

  test("a commit that fails rejects its whole batch and leaves nothing behind", async () => {
    patientBatches()
    let fail = false
    const { store } = await fresh({
      beforeCommit: () => {
        if (fail) throw new Error("disk says no")
      },
    })
    fail = true
    const effects: string[] = []
    const results = await Promise.allSettled(
      ["a", "b", "c"].map((key) =>
        store.write(testCtx, (tx) => {
          put(tx, key)
          tx.afterCommit(() => effects.push(key))
        }),
      ),
    )
    expect(results.every((result) => result.status === "rejected" && result.reason.code === "unavailable")).toBe(true)
    expect(effects).toEqual([])
    expect(keys(store)).toEqual([])
    fail = false
    await store.write(testCtx, (tx) => put(tx, "later"))
    expect(keys(store)).toEqual(["later"])
  })

  for (const [what, sabotage] of [
    ["SQLite rolls back on its own (disk full, I/O error)", "ROLLBACK"],
    ["a mutation cannot be undone", "RELEASE mutation"],
  ] as const) {
    test(`when ${what}, the whole batch is refused and the next one works`, async () => {
      patientBatches()
      const { store } = await fresh()
      const results = await Promise.allSettled([
        store.write(testCtx, (tx) => put(tx, "before")),
        store.write(testCtx, (tx) => {
          put(tx, "bad")
          tx.run(sabotage)
          throw new Error("no")
        }),
      ])
      expect(results.map((result) => result.status)).toEqual(["rejected", "rejected"])
      expect(keys(store)).toEqual([])
      await store.write(testCtx, (tx) => put(tx, "later"))
      expect(keys(store)).toEqual(["later"])
    })
  }

  test("an async mutation is refused and leaves nothing behind", async () => {
    const { store } = await fresh()
    const mutation = (async (tx: Tx) => put(tx, "x")) as unknown as (tx: Tx) => number
    await expect(store.write(testCtx, mutation)).rejects.toThrow("synchronous")
    expect(keys(store)).toEqual([])
  })

  test("a transaction kept past its mutation refuses to work", async () => {
    const { store } = await fresh()
    let kept: Tx | undefined
    await store.write(testCtx, (tx) => {
      kept = tx
    })
    expect(() => kept!.run("DELETE FROM meta")).toThrow("after its mutation")
    expect(() => kept!.drizzle).toThrow("after its mutation")
  })

  test("write inside a mutation throws and undoes that mutation", async () => {
    const { store } = await fresh()
    const outer = store.write(testCtx, (tx) => {
      put(tx, "outer")
      void store.write(testCtx, () => 1)
    })
    await expect(outer).rejects.toThrow("inside a mutation")
    expect(keys(store)).toEqual([])
  })

  test("a full queue refuses new holds only", async () => {
    const { store } = await fresh()
    const holds = Array.from({ length: 4_096 }, () => store.write(testCtx, () => 0, { lane: "hold" }))
    const refused = await store.write(testCtx, () => 0, { lane: "hold" }).catch((error: AppError) => error.code)
    expect(refused).toBe("overloaded")
    expect(await store.write(testCtx, () => "settled", { lane: "settle" })).toBe("settled")
    expect(await store.write(testCtx, () => "normal")).toBe("normal")
    await Promise.all(holds)
  })

  test("settles overtake holds that queued earlier", async () => {
    const { store } = await fresh()
    const order: string[] = []
    await Promise.all([
      store.write(testCtx, () => void order.push("hold"), { lane: "hold" }),
      store.write(testCtx, () => void order.push("normal")),
      store.write(testCtx, () => void order.push("settle"), { lane: "settle" }),
    ])
    expect(order).toEqual(["settle", "normal", "hold"])
  })

  test("time never runs backwards, not even across a reopening", async () => {
    const clock = new VirtualClock(1_000_000)
    const made = await openTestStore({ clock })
    opened.push(made)
    expect(await made.store.write(testCtx, (tx) => tx.now)).toBe(1_000_000)
    clock.set(500_000)
    expect(await made.store.write(testCtx, (tx) => tx.now)).toBe(1_000_000)
    await made.store.close()
    const again = openStore(made.path, { clock })
    expect(await again.write(testCtx, (tx) => tx.now)).toBe(1_000_000)
    await again.close()
    opened.pop()
  })

  test("a lock held by another connection for a second does not stop the event loop, and nothing is lost", async () => {
    const { store, path } = await fresh()
    const other = new Database(path)
    other.run("BEGIN IMMEDIATE")
    const pending = store.write(testCtx, (tx) => put(tx, "patient"))
    let longestGapMs = 0
    let last = performance.now()
    const probe = setInterval(() => {
      longestGapMs = Math.max(longestGapMs, performance.now() - last)
      last = performance.now()
    }, 5)
    await Bun.sleep(1_000)
    clearInterval(probe)
    expect(keys(store)).toEqual([])
    other.run("COMMIT")
    other.close()
    await pending
    expect(keys(store)).toEqual(["patient"])
    // The old way (busy_timeout) stood still for the whole second.
    expect(longestGapMs).toBeLessThan(900)
    expect(store.stats.busyRetries).toBeGreaterThan(10)
  })

  for (const syncMs of [2, 5]) {
    test(`a disk that takes ${syncMs} ms to sync never stops the loop, and each sync serves many`, async () => {
      const { store } = await fresh({ sync: () => Bun.sleep(syncMs) })
      let running = true
      const caller = async (id: number) => {
        for (let turn = 0; running; turn++) await store.write(testCtx, (tx) => put(tx, `${id}-${turn}`))
      }
      const before = store.stats.syncs
      const started = performance.now()
      const callers = Array.from({ length: 16 }, (_, id) => caller(id))
      await Bun.sleep(600)
      running = false
      await Promise.all(callers)
      const spentMs = performance.now() - started
      const syncs = store.stats.syncs - before
      expect(store.stats.commitMs / spentMs).toBeLessThan(0.2)
      expect(syncs * syncMs).toBeLessThanOrEqual(spentMs)
      expect(store.stats.mutations / syncs).toBeGreaterThan(8)
    })
  }

  test("nothing is answered before the disk has it, and no effect runs; later mutations gather meanwhile", async () => {
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    let slow = false
    const { store } = await fresh({ sync: () => (slow ? gate : Promise.resolve()) })
    await store.write(testCtx, (tx) => put(tx, "quick"))
    slow = true
    const answered: string[] = []
    const one = store.write(testCtx, (tx) => {
      put(tx, "one")
      tx.afterCommit(() => answered.push("effect"))
    })
    void one.then(() => answered.push("one"))
    await until(() => keys(store).includes("one"))
    const two = store.write(testCtx, (tx) => put(tx, "two"))
    void two.then(() => answered.push("two"))
    await Bun.sleep(20)
    expect(keys(store)).toEqual(["one", "quick"])
    expect(answered).toEqual([])
    release()
    await Promise.all([one, two])
    expect(answered).toEqual(["effect", "one", "two"])
  })

  test("a full batch does not wait for the disk", async () => {
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const { store } = await fresh({ sync: () => gate })
    const writes = [store.write(testCtx, (tx) => put(tx, "one"))]
    await until(() => keys(store).includes("one"))
    for (let index = 0; index < LIMITS.commitMutationsMax; index++) {
      writes.push(store.write(testCtx, (tx) => put(tx, `gathered-${index}`)))
    }
    await until(() => keys(store).includes("gathered-0"))
    release()
    await Promise.all(writes)
    expect(keys(store)).toHaveLength(1 + LIMITS.commitMutationsMax)
  })

  test("the log is copied back while commits go on, and starts over", async () => {
    const { store, path } = await fresh()
    let copies = 0
    store.checkpointWith(async () => {
      copies++
      await Bun.sleep(1)
      copyLog(path)
    })
    const big = "x".repeat(400_000)
    for (let turn = 0; turn < 320; turn++) {
      await store.write(testCtx, (tx) =>
        tx.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", `k${turn}`, big),
      )
    }
    expect(copies).toBeGreaterThan(1)
    // 320 × 400 kB were written; a log that never starts over would be longer than that.
    expect(statSync(`${path}-wal`).size).toBeLessThan(100_000_000)
    expect(keys(store)).toHaveLength(320)
    expect(store.read.get<{ quick_check: string }>("PRAGMA quick_check")?.quick_check).toBe("ok")
  })

  test("a sync that fails answers nobody with success and stops the store", async () => {
    let fail = false
    let release = () => {}
    const gate = new Promise<void>((_, reject) => {
      release = () => reject(new Error("EIO"))
    })
    const fatal: unknown[] = []
    const made = await openTestStore()
    await made.store.close()
    const store = openStore(made.path, {
      faults: { sync: () => (fail ? gate : Promise.resolve()) },
      onFatal: (error) => fatal.push(error),
    })
    opened.push(made)
    fail = true
    const first = store.write(testCtx, (tx) => put(tx, "a"))
    await until(() => keys(store).includes("a"))
    // One is committed and waits for the next sync, one still waits for its commit: neither may go on after the failure.
    const second = store.write(testCtx, (tx) => put(tx, "b"))
    await Bun.sleep(20)
    const third = store.write(testCtx, (tx) => put(tx, "c"))
    release()
    const results = await Promise.allSettled([first, second, third])
    expect(results.map((result) => result.status)).toEqual(["rejected", "rejected", "rejected"])
    expect(fatal).toHaveLength(1)
    await expect(store.write(testCtx, (tx) => put(tx, "later"))).rejects.toMatchObject({ code: "unavailable" })
    await store.close()
  })
})

describe("schema", () => {
  test("every table is STRICT, no conflict clause rolls back, nothing is deferrable", async () => {
    const { store } = await fresh()
    const tables = store.read.all<{ name: string; strict: number }>(
      "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND name NOT LIKE 'sqlite_%'",
    )
    expect(tables.length).toBeGreaterThan(5)
    expect(tables.filter((table) => !table.strict)).toEqual([])
    const texts = store.read.all<{ sql: string }>("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")
    expect(texts.filter(({ sql }) => /ON CONFLICT\s+ROLLBACK|RAISE\s*\(\s*ROLLBACK|DEFERRABLE/i.test(sql))).toEqual([])
  })

  // Up to 3.44 json_valid(NULL) is 0: integrity_check of an older SQLite (Debian's sqlite3, Litestream's) calls such rows broken.
  test("a text that may be missing is checked as JSON only when it is there", async () => {
    const { store } = await fresh()
    const nullable = store.read.all<{ name: string; sql: string }>(
      `SELECT c.name, m.sql FROM sqlite_schema m JOIN pragma_table_info(m.name) c
       WHERE m.type = 'table' AND c."notnull" = 0 AND m.sql LIKE '%json_valid(' || c.name || ')%'`,
    )
    expect(nullable.length).toBeGreaterThan(2)
    expect(nullable.filter(({ name, sql }) => !sql.includes(`${name} IS NULL OR json_valid(${name})`))).toEqual([])
  })

  test("money columns are integers: a float is refused by the table", async () => {
    const { store } = await fresh()
    const columns = store.read.all<{ tbl: string; name: string; type: string }>(
      `SELECT m.name AS tbl, c.name, c.type FROM sqlite_schema m JOIN pragma_table_info(m.name) c
       WHERE m.type = 'table' AND (c.name LIKE '%\\_nano' ESCAPE '\\' OR c.name LIKE '%\\_ms' ESCAPE '\\')`,
    )
    expect(columns.filter((column) => column.type !== "INTEGER")).toEqual([])
  })
})
