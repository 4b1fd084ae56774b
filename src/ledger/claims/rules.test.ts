import { describe, expect, test } from "bun:test"
import { CLAIM_EVERY_MS, decideClaim, STREAK_WINDOW_MS } from "./rules.ts"

describe("claim", () => {
  const claim = (last: { atMs: number; streak: number } | null, now: number, budget = null as never) =>
    decideClaim({ last, now, amountNano: 100, budget })
  test("due after exactly 24 hours; the streak lives for exactly 48", () => {
    const last = { atMs: 1_000, streak: 3 }
    expect(claim(null, 5)).toMatchObject({ ok: true, streak: 1, nextAtMs: 5 + CLAIM_EVERY_MS })
    expect(claim(last, 1_000 + CLAIM_EVERY_MS - 1)).toMatchObject({ ok: false, dueAtMs: 1_000 + CLAIM_EVERY_MS })
    expect(claim(last, 1_000 + CLAIM_EVERY_MS)).toMatchObject({ ok: true, streak: 4 })
    expect(claim(last, 1_000 + STREAK_WINDOW_MS)).toMatchObject({ ok: true, streak: 4 })
    expect(claim(last, 1_000 + STREAK_WINDOW_MS + 1)).toMatchObject({ ok: true, streak: 1 })
  })
  test("the free budget is spent to its last unit and never beyond", () => {
    const budget = (grantedNano: number) => ({ grantedNano, budgetNano: 250 }) as never
    expect(claim(null, 0, budget(150))).toMatchObject({ ok: true })
    expect(claim(null, 0, budget(151))).toMatchObject({ ok: false, why: "free_budget_spent" })
  })
})
