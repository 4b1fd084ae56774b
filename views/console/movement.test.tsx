import { expect, test } from "bun:test"
import { nano } from "../../src/app/units.ts"
import { html } from "../layout/html.ts"
import { type Movement, movementWords, Statement } from "./movement.tsx"

const NOW = Date.UTC(2026, 10, 20, 14, 30)
const usage = (id: string, amount: number): Movement => ({
  id,
  atMs: NOW,
  type: "usage",
  amount: nano(amount),
  app: "Storyteller",
  model: "gpt-5-mini",
  inputTokens: 23,
  outputTokens: 9,
})

/** Figures of the head, then of the rows. */
function figures(outAmount: number, ...movements: Movement[]): string[] {
  const day = { dayMs: NOW, isContinued: false, inAmount: nano(0), outAmount: nano(outAmount), movements }
  const markup = html(<Statement days={[day]} now={NOW} />)
  const head = /([\d.]+) credits out/.exec(markup)?.[1] ?? "none"
  return [head, ...[...markup.matchAll(/\u2212((?:&lt;)?[\d.]+) credits<\/span><\/span>/g)].map((one) => one[1]!)]
}

test("rows of a whole day add up to its total", () => {
  const rows = ["a", "b", "c"].map((id) => usage(id, -1_333_400))
  expect(figures(4_000_200, ...rows)).toEqual(["4.01", "1.34", "1.34", "1.33"])
  // Half a day on this page cannot: each row stands for itself.
  expect(figures(9_000_000, ...rows)).toEqual(["9.00", "1.34", "1.34", "1.34"])
})

test("a row that is next to nothing says so", () => {
  expect(figures(1_004_000, usage("a", -1_000_000), usage("b", -2_000), usage("c", -2_000))).toEqual([
    "1.01",
    "1.00",
    "0.01",
    "&lt;0.01",
  ])
})

test("a call that has no tokens has no words of them", () => {
  const call = { ...usage("a", -1), inputTokens: 0, outputTokens: 0 }
  expect(movementWords(call)).toBe("Storyteller · gpt-5-mini")
})

test("tokens are called tokens", () => {
  expect(movementWords(usage("a", -1))).toBe("Storyteller · gpt-5-mini · 23 tokens in, 9 out")
  expect(movementWords({ ...usage("a", -1), inputTokens: 1 })).toContain("1 token in, 9 out")
  expect(movementWords({ ...usage("a", -1), inputTokens: null, outputTokens: null })).toBe("Storyteller · gpt-5-mini")
})
