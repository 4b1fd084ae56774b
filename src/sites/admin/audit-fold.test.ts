import { expect, test } from "bun:test"
import type { AuditRow } from "../../audit/index.ts"
import { foldRuns } from "./audit-fold.ts"

/** "a a b" = two entries of act a, then one of b, newest first; ids fall from 100. */
const rows = (acts: string): AuditRow[] =>
  acts.split(" ").map((action, at) => ({ id: 100 - at, action, actor: "user:usr_1" }) as AuditRow)
const shape = (acts: string, most = 10, isFolded = true) => {
  const { groups, beforeId } = foldRuns(rows(acts), null, most, isFolded)
  return [groups.map((group) => `${group.length}${group[0]!.action}`).join(" "), beforeId]
}

test("three of an act by one actor in a row are one; two are two", () => {
  expect(shape("a a a b b a")).toEqual(["3a 1b 1b 1a", null])
  expect(shape("a a a", 10, false)).toEqual(["1a 1a 1a", null])
  const others = rows("a a a").map((row, at) => ({ ...row, actor: `user:usr_${at}` }))
  expect(foldRuns(others, null, 10).groups).toHaveLength(3)
})

test("the next page begins behind the last entry shown, also of a run", () => {
  expect(shape("a a a b c", 1)).toEqual(["3a", 98])
  expect(shape("b a a a c", 2)).toEqual(["1b 3a", 97])
  expect(foldRuns(rows("a b"), 40, 10).beforeId).toBe(40)
  expect(foldRuns([], 40, 10)).toEqual({ groups: [], beforeId: 40 })
})
