import { describe, expect, test } from "bun:test"
import { nano } from "../app/index.ts"
import { compileRules, DEFAULT_RULES, developerShares, globMatcher } from "./rules.ts"
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

describe("what developers earn", () => {
  const share = (developerBp: number, rest: Partial<PriceRule> = {}) => ({ developerBp, ...rest })
  test("by the rules that count: what is off, of keys, or behind one for every model is not told", () => {
    expect(developerShares([])).toEqual({ usualBp: 5_000, minBp: 5_000, maxBp: 5_000 })
    expect(developerShares([rule(1, "*", share(3_000))])).toEqual({ usualBp: 3_000, minBp: 3_000, maxBp: 3_000 })
    expect(
      developerShares([
        rule(1, "*", share(3_000)),
        rule(2, "gpt-*", share(1_000)),
        rule(3, "o1", share(9_000, { active: false })),
        rule(4, "o2", share(8_000, { traffic: "key" })),
        rule(5, "o3", share(7_000, { priority: -1 })),
      ]),
    ).toEqual({ usualBp: 3_000, minBp: 1_000, maxBp: 3_000 })
    expect(developerShares([rule(1, "gpt-*", share(6_000))])).toEqual({ usualBp: 5_000, minBp: 5_000, maxBp: 6_000 })
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
