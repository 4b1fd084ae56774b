import { expect, test } from "bun:test"
import { cut, TITLE_CHARS_MAX, titleOf } from "./title.ts"

test("short titles stay as they are, and nothing is said twice", () => {
  expect(titleOf("Users", "Admin")).toBe("Users · Admin · Purser")
  expect(titleOf("Dashboard")).toBe("Dashboard · Purser")
  expect(titleOf("Purser")).toBe("Purser")
  expect(titleOf("Admin", "Admin")).toBe("Admin · Purser")
})

test("a long one is cut after a word that ends late, with its section and product whole", () => {
  const title = titleOf("Storyteller for everybody who likes long names of apps that never end", "Developer")
  expect(title).toBe("Storyteller for everybody who likes long names… · Developer · Purser")
  expect(title.length).toBeLessThanOrEqual(TITLE_CHARS_MAX)
  expect(cut("one two three", 8)).toBe("one two…")
  expect(cut("one two three", 13)).toBe("one two three")
})

test("without a word to end at it is cut between letters, never inside one", () => {
  expect(cut("x".repeat(300), 10)).toBe(`${"x".repeat(9)}…`)
  expect(cut(`a ${"x".repeat(300)}`, 10)).toBe(`a ${"x".repeat(7)}…`)
  const family = "👩‍👩‍👧‍👦"
  expect(cut(family.repeat(9), 2 * family.length + 5)).toBe(`${family.repeat(2)}…`)
  expect(cut("e\u0301".repeat(9), 6)).toBe(`${"e\u0301".repeat(2)}…`)
  expect(cut(family, 3)).toBe("…")
  for (const text of ["x".repeat(300), family.repeat(40), "word ".repeat(80), "\u202Eمرحبا بالعالم ".repeat(20)])
    expect(titleOf(text, "Developer").length).toBeLessThanOrEqual(TITLE_CHARS_MAX)
})
