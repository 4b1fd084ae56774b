// What a domain keeps beside the writer hears of everything that may make it wrong, in order.
import { Database } from "bun:sqlite"
import { describe, expect, onTestFinished, test } from "bun:test"
import { type Kept, openTestStore, type StoreFaults, type Tx, testCtx } from "./index.ts"
import { patientBatches } from "./testing.ts"

/** Says what it hears. `beforeCommit` writes one row, as sums do. */
class Diary implements Kept {
  static made = 0
  static heard: string[] = []
  static breaks = false
  readonly name = ++Diary.made
  mutationEnded(undone: boolean): void {
    Diary.heard.push(undone ? "undone" : "ended")
  }
  beforeCommit(tx: Tx): void {
    Diary.heard.push("before commit")
    if (Diary.breaks) throw new Error("sums do not fit")
    tx.run("INSERT INTO meta (key, value) VALUES ('sum', '1') ON CONFLICT DO UPDATE SET value = value + 1")
  }
  forget(): void {
    Diary.heard.push("forget")
  }
}
const makeDiary = () => new Diary()

async function opened(faults: StoreFaults = {}) {
  patientBatches()
  const { store, close, path, clock } = await openTestStore({ faults })
  onTestFinished(close)
  Diary.heard = []
  Diary.breaks = false
  /** Writes a row under this name; a name with `!` is undone. */
  const write = (name: string) =>
    store.write(testCtx, (tx) => {
      tx.kept(makeDiary)
      Diary.heard.push(name)
      tx.run("INSERT INTO meta (key, value) VALUES (?, '1')", name)
      if (name.endsWith("!")) throw new Error(name)
    })
  const heard = () => Diary.heard.splice(0)
  const rows = () =>
    store.read.all<{ key: string }>("SELECT key FROM meta WHERE key <> 'version' ORDER BY key").map((row) => row.key)
  const sum = () => Number(store.read.get<{ value: string }>("SELECT value FROM meta WHERE key = 'sum'")?.value ?? 0)
  return { store, path, clock, write, heard, rows, sum }
}

describe("what is kept beside the writer", () => {
  test("hears the end of each mutation, and the commit once, inside the transaction", async () => {
    const { write, heard, rows, sum } = await opened()
    await Promise.allSettled([write("a"), write("b!"), write("c")])
    expect(heard()).toEqual(["a", "ended", "b!", "undone", "c", "ended", "before commit"])
    expect([rows(), sum()]).toEqual([["a", "c", "sum"], 1])
    await write("d")
    expect([heard(), sum()]).toEqual([["d", "ended", "before commit"], 2])
  })

  test("is one a kind and writer, also when the mutation that made it is undone", async () => {
    const { store, write, heard } = await opened()
    const made = Diary.made
    await write("a!").catch(() => {})
    await write("b")
    const [one, two] = await store.write(testCtx, (tx) => [tx.kept(makeDiary), tx.kept(makeDiary)] as const)
    expect([one === two, Diary.made - made]).toEqual([true, 1])
    expect(heard().slice(0, 3)).toEqual(["a!", "undone", "before commit"])
  })

  test("hears that its batch was lost when the commit fails, after all its mutations", async () => {
    const disk = { fails: false }
    const { write, heard, rows } = await opened({
      beforeCommit: () => {
        if (disk.fails) throw new Error("disk says no")
      },
    })
    disk.fails = true
    await Promise.allSettled([write("a"), write("b!")])
    disk.fails = false
    expect(heard()).toEqual(["a", "ended", "b!", "undone", "before commit", "forget"])
    expect(rows()).toEqual([])
    await write("c")
    expect(heard()).toEqual(["c", "ended", "before commit"])
  })

  test("refuses the batch when it cannot write its own, and is told to forget", async () => {
    const { write, heard, rows } = await opened()
    Diary.breaks = true
    const lost = await Promise.allSettled([write("a"), write("b")])
    expect(lost.map((one) => one.status === "rejected" && one.reason.code)).toEqual(["unavailable", "unavailable"])
    expect(heard()).toEqual(["a", "ended", "b", "ended", "before commit", "forget"])
    expect(rows()).toEqual([])
    Diary.breaks = false
    await write("c")
    expect(rows()).toEqual(["c", "sum"])
  })

  test("forgets when SQLite rolls the batch back on its own", async () => {
    const { store, write, heard } = await opened()
    await write("a")
    heard()
    const bad = store.write(testCtx, (tx) => {
      tx.run("ROLLBACK")
      throw new Error("disk full")
    })
    await expect(bad).rejects.toThrow()
    expect(heard()).toEqual(["undone", "forget"])
  })

  test("forgets before the first mutation that comes after a write of somebody else, and only then", async () => {
    const { path, clock, write, heard } = await opened()
    await write("a")
    clock.advance(1)
    await write("b")
    heard()
    const other = new Database(path)
    other.run("INSERT INTO meta (key, value) VALUES ('theirs', '1')")
    await Promise.all([write("c"), write("d")])
    expect(heard()).toEqual(["forget", "c", "ended", "d", "ended", "before commit"])
    other.run("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()
    await write("e")
    expect(heard()).toEqual(["e", "ended", "before commit"])
  })
})
