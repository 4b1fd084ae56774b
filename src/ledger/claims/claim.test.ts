import { describe, expect, test } from "bun:test"
import { DAY_MS, HOUR_MS } from "../../app/index.ts"
import { ANN, expectHealthy, kit, person, race, refused } from "../testing.ts"

describe("daily claim", () => {
  test("100 in parallel: one", async () => {
    const k = await kit()
    const counts = await race(Array.from({ length: 100 }, (_, index) => k.claim(100, { auto: index % 2 === 0 })))
    expect(counts).toEqual({ ok: 1, claim_not_due: 99 })
    expect(k.free()).toBe(100)
    expectHealthy(k.ledger)
  })

  test("streak over days, its end, and the countdown", async () => {
    const k = await kit()
    expect(k.ledger.claimStatus(ANN, "live")).toEqual({ dueAtMs: 0, isDue: true, streak: 0, lastAtMs: null })
    const streaks: number[] = []
    for (const hours of [0, 24, 48, 30, 48 + 1, 24]) {
      k.clock.advance(hours * HOUR_MS)
      streaks.push((await k.claim(100)).streak)
    }
    expect(streaks).toEqual([1, 2, 3, 4, 1, 2])
    k.clock.advance(HOUR_MS)
    const early = await refused(k.claim(100))
    expect(early.extra.retryAfterSeconds).toBe(23 * 3600)
    expect(k.ledger.claimStatus(ANN, "live")).toMatchObject({ isDue: false, streak: 2 })
    k.clock.advance(48 * HOUR_MS)
    expect(k.ledger.claimStatus(ANN, "live")).toMatchObject({ isDue: true, streak: 0 })
    expectHealthy(k.ledger)
  })

  test("all free claims of a UTC day stay within the free budget; paid plans do not count", async () => {
    const k = await kit()
    const people = Array.from({ length: 50 }, (_, index) => person(100 + index))
    const claims = () => race(people.map((owner) => k.claim(100, { owner, freeBudgetNano: 1_050 })))
    expect(await claims()).toEqual({ ok: 10, free_budget_spent: 40 })
    await k.claim(500, { freeBudgetNano: null })
    k.clock.advance(DAY_MS)
    expect(await claims()).toEqual({ ok: 10, free_budget_spent: 40 })
    expectHealthy(k.ledger)
  })

  test("daily credits live 48 hours", async () => {
    const k = await kit()
    await k.claim(100)
    k.clock.advance(48 * HOUR_MS - 1)
    expect(k.free()).toBe(100)
    k.clock.advance(1)
    expect(k.free()).toBe(0)
    expect(await k.ledger.expireDue()).toEqual({ wallets: 1, expiredNano: 100 } as never)
    expect(await k.ledger.expireDue()).toEqual({ wallets: 0, expiredNano: 0 } as never)
    expectHealthy(k.ledger)
  })
})
