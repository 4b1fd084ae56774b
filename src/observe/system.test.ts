import { afterEach, expect, test } from "bun:test"
import { DAY_MS } from "../app/index.ts"
import { openTestStore, testCtx } from "../store/index.ts"
import { giveBackSpace, growthOf, noteSize, systemFacts, withToday } from "./system.ts"

let opened: Awaited<ReturnType<typeof openTestStore>>
afterEach(() => opened?.close())

test("growth is told by the day, over the last 30 days", () => {
  expect(growthOf([])).toBeNull()
  expect(growthOf([[1, 100]])).toBeNull()
  expect(
    growthOf([
      [1, 9_999],
      [60, 1_000],
      [90, 4_000],
    ]),
  ).toBe(100)
  expect(
    withToday(
      [
        [1, 5],
        [2, 6],
      ],
      2,
      7,
    ),
  ).toEqual([
    [1, 5],
    [2, 7],
  ])
})

test("the size is noted once a day, and facts are those of the file", async () => {
  opened = await openTestStore()
  const { store, clock } = opened
  await noteSize(store, clock)
  await noteSize(store, clock)
  clock.advance(DAY_MS)
  await noteSize(store, clock)
  const facts = systemFacts(store)
  expect(facts.sizes.length).toBe(2)
  expect(facts.sizes[1]![1]).toBe(facts.databaseBytes)
  expect(facts.databaseBytes).toBeGreaterThan(100_000)
  expect(facts.disk!.freeBytes).toBeGreaterThan(0)
})

test("unused pages are given back a slice at a time once they are many; few are kept for rows to come", async () => {
  opened = await openTestStore()
  const { store } = opened
  expect(await giveBackSpace(store, 500)).toBe(false)
  await store.write(testCtx, (tx) => {
    for (let n = 0; n < 400; n++) tx.run("INSERT INTO meta (key, value) VALUES (?, ?)", `k${n}`, "x".repeat(20_000))
  })
  const full = systemFacts(store).databaseBytes
  await store.write(testCtx, (tx) => tx.run("DELETE FROM meta WHERE key LIKE 'k%'"))
  expect(systemFacts(store)).toMatchObject({ databaseBytes: full, unusedBytes: expect.any(Number) })
  let slices = 0
  while (await giveBackSpace(store, 500)) slices++
  expect(slices).toBeGreaterThan(2)
  expect(systemFacts(store).databaseBytes).toBeLessThan(full / 2)
  expect(store.read.get("PRAGMA quick_check")).toEqual({ quick_check: "ok" })
})
