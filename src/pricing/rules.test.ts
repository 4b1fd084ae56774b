import { describe, expect, test } from "bun:test"
import { nano } from "../app/index.ts"
import { compileRules, DEFAULT_RULES, globMatcher } from "./rules.ts"
import type { PriceRule } from "./types.ts"

const rule = (id: number, pattern: string, rest: Partial<PriceRule> = {}): PriceRule => ({
  id,
  pattern,
  traffic: "any",
  priority: 0,
  platformBp: 5_000,
  developerBp: 5_000,
  minimumNano: nano(0),
  requestFeeNano: nano(0),
  active: true,
  ...rest,
})

describe("which rule applies", () => {
  test("priority before length, length before traffic, traffic before age", () => {
    const find = compileRules([
      rule(1, "*"),
      rule(2, "gpt-4*"),
      rule(3, "gpt-4o*"),
      rule(4, "gpt-4o*", { traffic: "app" }),
      rule(5, "claude-*", { priority: 5 }),
      rule(6, "claude-opus-*", { priority: 4 }),
      rule(7, "o1", { active: false }),
    ])
    expect(find("gpt-4-turbo", "app").id).toBe(2)
    expect(find("gpt-4o-mini", "app").id).toBe(4)
    expect(find("gpt-4o-mini", "key").id).toBe(3)
    expect(find("claude-opus-5", "app").id).toBe(5)
    expect(find("o1", "app").id).toBe(1)
    expect(find("GPT-4O", "key").id).toBe(3)
  })

  test("with no row left, an app's call keeps its shares and a key pays raw", () => {
    const find = compileRules([])
    expect(find("x", "app")).toBe(DEFAULT_RULES.app)
    expect([find("x", "app").platformBp, find("x", "app").developerBp]).toEqual([5_000, 5_000])
    expect([find("x", "key").platformBp, find("x", "key").developerBp]).toEqual([0, 0])
  })
})

describe("globs", () => {
  const table: [string, string, boolean][] = [
    ["*", "", true],
    ["*", "anything", true],
    ["gpt-4*", "gpt-4", true],
    ["gpt-4*", "gpt-3.5", false],
    ["gpt-?o", "gpt-4o", true],
    ["gpt-?o", "gpt-o", false],
    ["*/llama-*:free", "meta/llama-3:free", true],
    ["*/llama-*:free", "meta/llama-3", false],
    ["a.c", "abc", false],
    ["*mini", "gpt-4o-mini", true],
    ["*mini", "gpt-4o-mini-x", false],
    ["", "x", false],
  ]
  for (const [pattern, name, matches] of table) {
    test(`${pattern || "(empty)"} ${matches ? "matches" : "does not match"} ${name || "(empty)"}`, () =>
      expect(globMatcher(pattern)(name)).toBe(matches))
  }
  test("a hostile pattern and name end at once", () => {
    const started = performance.now()
    expect(globMatcher(`${"*a".repeat(90)}b`)("a".repeat(200))).toBe(false)
    expect(performance.now() - started).toBeLessThan(50)
  })
})
