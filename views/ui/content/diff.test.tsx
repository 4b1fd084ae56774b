import { expect, test } from "bun:test"
import { Diff } from "./diff.tsx"
import { diffModel } from "./diff-model.ts"

const lines = (count: number, word = "line") => Array.from({ length: count }, (_, at) => `${word} ${at + 1}`).join("\n")
const text = (parts: readonly { text: string }[]) => parts.map((part) => part.text).join("")

test("a changed line is removed and added, with the words that differ marked", () => {
  const { rows, added, removed } = diffModel("one\ntwo old words here\nthree", "one\ntwo new words here\nthree")
  expect(rows.map((row) => row.kind)).toEqual(["same", "removed", "added", "same"])
  expect([added, removed]).toEqual([1, 1])
  const [, old, now] = rows
  if (old?.kind !== "removed" || now?.kind !== "added") throw new Error("other rows")
  expect(old.parts.filter((part) => part.changed).map((part) => part.text)).toEqual(["old"])
  expect(now.parts.filter((part) => part.changed).map((part) => part.text)).toEqual(["new"])
  expect([text(old.parts), text(now.parts)]).toEqual(["two old words here", "two new words here"])
})

test("lines that have little in common are not taken apart", () => {
  const { rows } = diffModel("completely different words", "nothing alike in here at all")
  for (const row of rows) if ("parts" in row) expect(row.parts).toHaveLength(1)
})

test("every line of both texts is there once, in order, whatever was changed", () => {
  let state = 7
  const next = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state % below
  }
  for (let round = 0; round < 200; round++) {
    const old = Array.from({ length: next(30) }, () => `w${next(6)} w${next(3)}`)
    const now = old.flatMap((line) => (next(4) === 0 ? [] : next(4) === 0 ? [`${line} w${next(3)}`, "new"] : [line]))
    const { rows } = diffModel(old.join("\n"), now.join("\n"))
    const folds = rows.reduce((sum, row) => sum + (row.kind === "fold" ? row.lines : 0), 0)
    const left = rows.flatMap((row) => ("left" in row ? [row.kind === "same" ? row.text : text(row.parts)] : []))
    const right = rows.flatMap((row) => ("right" in row ? [row.kind === "same" ? row.text : text(row.parts)] : []))
    if (folds === 0) expect([left, right]).toEqual([old.join("\n") ? old : [], now.join("\n") ? now : []])
    else expect([left.length + folds, right.length + folds]).toEqual([old.length, now.length])
  }
})

test("what did not change is folded, with a few lines around each change", () => {
  const { rows } = diffModel(lines(50), lines(50).replace("line 25", "line twenty-five"))
  expect(rows.map((row) => (row.kind === "fold" ? row.lines : row.kind))).toEqual([
    21,
    "same",
    "same",
    "same",
    "removed",
    "added",
    "same",
    "same",
    "same",
    22,
  ])
  expect(diffModel("a\nb", "a\nb").rows).toEqual([{ kind: "fold", lines: 2 }])
})

test("texts that have nothing in common, long lines and long texts cost little and end", () => {
  const start = performance.now()
  const usual = () => diffModel(lines(1_000), lines(1_000).replaceAll("7", "seven"))
  usual()
  const one = performance.now() - start
  const again = performance.now()
  const apart = diffModel(lines(2_500, "x"), lines(2_500, "y"))
  diffModel("a b ".repeat(50_000), "c d ".repeat(50_000))
  diffModel("a b ".repeat(240), "c d ".repeat(240))
  expect(performance.now() - again).toBeLessThan(100 * one)
  expect([apart.removed, apart.added, apart.isCut]).toEqual([2_000, 2_000, true])
})

test("said in words for who listens, in marks for who prints; side by side in pairs", () => {
  const props = { label: "<b>Text</b>", before: "a <i>b</i> c d e f\nsame", after: "a <u>b</u> c d e f\nsame\nmore" }
  const unified = String(<Diff {...props} />)
  for (const words of ["Removed: ", "Added: ", "1 line removed, 2 lines added", "\u2212", "<bdi>&lt;b&gt;Text"])
    expect(unified).toContain(words)
  expect(unified.replace(/"[^"]*"/g, "")).not.toMatch(/<(i|u|b)>/)
  const sides = String(<Diff {...props} sideBySide />)
  const row = /<tbody><tr>([\s\S]*?)<\/tr>/.exec(sides)![1]!
  expect(row.indexOf("Removed: ")).toBeGreaterThan(0)
  expect(row.indexOf("Added: ")).toBeGreaterThan(row.indexOf("Removed: "))
  expect(String(<Diff label="a" before="x" after="x" />)).toContain("Nothing changed")
  expect(String(<Diff label="a" before="" after="x" />)).toContain("0 lines removed, 1 line added")
})
