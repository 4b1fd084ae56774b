import { expect, test } from "bun:test"
import { eachAlone, inRounds, RowsFailed } from "./index.ts"

test("rows that fail keep no others waiting, and are told of in the end", async () => {
  const done: number[] = []
  const act = async (row: number) => {
    if (row % 2 === 0) throw new Error(`no ${row}`)
    done.push(row)
  }
  const name = (row: number) => `row ${row}`
  const failed = await eachAlone([1, 2, 3, 4, 5], name, act, 5).catch((error: unknown) => error)
  expect(done).toEqual([1, 3, 5])
  expect(failed).toBeInstanceOf(RowsFailed)
  const { message, errors, next, cause } = failed as RowsFailed
  expect(message).toBe("2 rows of 5 failed, row 2 first: Error: no 2")
  expect(errors.map(String)).toEqual(["Error: no 2", "Error: no 4"])
  expect([String(cause), next]).toEqual(["Error: no 2", 5])
  await eachAlone([1, 3], name, act)
  expect(done).toEqual([1, 3, 5, 1, 3])
})

test("a round goes on behind a slice in which a row failed", async () => {
  const seen: number[] = []
  const go = inRounds(async (after, rows) => {
    const slice = [1, 2, 3, 4, 5].filter((row) => row > after).slice(0, rows)
    const next = slice.length < rows ? null : slice.at(-1)!
    const act = (row: number) => {
      seen.push(row)
      if (row === 2) throw new Error("never")
    }
    await eachAlone(slice, (row) => row, act, next)
    return next
  })
  await expect(go(2)).rejects.toThrow("1 row of 2 failed, 2 first: Error: never")
  expect([await go(2), await go(2)]).toEqual([true, false])
  expect(seen).toEqual([1, 2, 3, 4, 5])
  // What broke the slice itself is met again.
  const asked: number[] = []
  const broken = inRounds(async (after) => {
    asked.push(after)
    if (asked.length === 2) throw new Error("no database")
    return 7
  })
  await broken(1)
  await expect(broken(1)).rejects.toThrow("no database")
  await broken(1)
  expect(asked).toEqual([0, 7, 7])
})
