// What the writer keeps is emptied when somebody else committed, whatever its own commits were, and by nothing else.
import { Database } from "bun:sqlite"
import { expect, test } from "bun:test"
import { openTestStore, testCtx } from "./open.ts"
import type { Kept, Tx } from "./types.ts"

async function kit() {
  const { store, clock, path, close } = await openTestStore()
  let forgotten = 0
  const make = (): Kept => ({ mutationEnded() {}, beforeCommit() {}, forget: () => void forgotten++ })
  const other = new Database(path, { readwrite: true })
  other.run("CREATE TABLE things (id INTEGER PRIMARY KEY, size INTEGER)")
  other.run("INSERT INTO things VALUES (1, 0)")
  const write = (mutation: (tx: Tx) => void) =>
    store.write(testCtx, (tx) => {
      tx.kept(make)
      mutation(tx)
    })
  const isForgotten = async () => {
    const before = forgotten
    await write(() => {})
    return forgotten > before
  }
  await write(() => {})
  await write(() => {})
  const end = async () => {
    other.close()
    await close()
  }
  return { clock, other, write, isForgotten, end }
}

const OURS: Record<string, (tx: Tx) => void> = {
  "a row that stays as it was": (tx) => tx.run("UPDATE things SET size = size"),
  "a row that changes": (tx) => tx.run("UPDATE things SET size = size + 1"),
  "a row that is taken back": (tx) => {
    tx.run("UPDATE things SET size = size + 1")
    throw new Error("undone")
  },
  nothing: () => {},
}

for (const [name, mutation] of Object.entries(OURS)) {
  for (const ms of [0, 5]) {
    test(`after a commit that writes ${name}, ${ms} ms later, somebody else's is noticed`, async () => {
      const k = await kit()
      k.clock.advance(ms)
      await k.write(mutation).catch(() => {})
      k.other.run("UPDATE things SET size = size + 1")
      expect(await k.isForgotten()).toBe(true)
      expect(await k.isForgotten()).toBe(false)
      await k.end()
    })
  }
}

test("a checkpoint of another connection empties nothing", async () => {
  const k = await kit()
  k.clock.advance(1)
  await k.write(OURS["a row that changes"]!)
  k.other.query("PRAGMA wal_checkpoint(TRUNCATE)").get()
  expect(await k.isForgotten()).toBe(false)
  await k.end()
})
