// The verbs on real SQLite: what they promise, what they refuse, and what they leave alone.
import { describe, expect, test } from "bun:test"
import { DAY_MS, HOUR_MS } from "../app/index.ts"
import type { GrantInput } from "./index.ts"
import { ANN, BOB, chargeOf, ctx, DEV, everything, expectHealthy, holdOf, kit, race, refused } from "./testkit.ts"

const MAX = Number.MAX_SAFE_INTEGER
const balanceOf = (k: Awaited<ReturnType<typeof kit>>, kind: string, mode = "live") =>
  k.store.read.get<{ nano: string }>(
    "SELECT balance_nano AS nano FROM v_ledger_accounts WHERE kind = ? AND mode = ? AND owner_id IN (0, 9)",
    kind,
    mode,
  )?.nano

describe("grant", () => {
  test("posts lot and transaction once, however often the key comes", async () => {
    const k = await kit()
    const input: GrantInput = {
      owner: ANN, mode: "live", type: "topup", bucket: "purchase", amountNano: 500, paid: true, key: "order:1",
    } // biome-ignore format: one grant
    const results = await Promise.all(Array.from({ length: 100 }, () => k.ledger.grant(ctx, input)))
    expect(new Set(results.map((result) => `${result.lotId} ${result.transactionId}`)).size).toBe(1)
    expect(results.filter((result) => !result.already).length).toBe(1)
    expect(k.free()).toBe(500)
    expect(balanceOf(k, "cash")).toBe("-500")
    for (const other of [{ amountNano: 501 }, { owner: BOB }, { paid: false }, { type: "bonus" as const }]) {
      expect((await refused(k.ledger.grant(ctx, { ...input, ...other }))).code).toBe("conflict")
    }
    expectHealthy(k.ledger)
  })

  test("a wallet holds 2^53 - 1 n$ and not one more, and the platform's accounts go beyond", async () => {
    const k = await kit()
    await k.grant(MAX - 1)
    await k.grant(1)
    expect(k.free()).toBe(MAX)
    expect((await refused(k.grant(1))).code).toBe("validation_failed")
    await k.grant(MAX, { owner: BOB })
    expect(balanceOf(k, "promo")).toBe((-2n * BigInt(MAX)).toString())
    for (const bad of [0, -1, 1.5, 2 ** 53, Number.NaN]) expect(k.grant(bad)).rejects.toThrow()
    const hold = await k.hold(MAX)
    const settled = await k.ledger.settle(ctx, { holdId: hold, charge: chargeOf(MAX), developer: DEV })
    expect(settled).toMatchObject({ collectedNano: MAX, uncollectedNano: 0, balanceAfterNano: 0 })
    expectHealthy(k.ledger)
  })

  test("a lot that is effective later is not spendable before", async () => {
    const k = await kit()
    await k.grant(100, { effectiveMs: k.clock.now() + HOUR_MS })
    expect(k.free()).toBe(0)
    expect((await refused(k.hold(1))).code).toBe("insufficient_credits")
    k.clock.advance(HOUR_MS)
    expect(k.free()).toBe(100)
    await k.hold(100)
    expectHealthy(k.ledger)
  })
})

describe("hold", () => {
  test("funds for 10 and 200 in parallel: exactly 10", async () => {
    const k = await kit()
    for (const amount of [333, 333, 334]) await k.grant(amount)
    const counts = await race(Array.from({ length: 200 }, () => k.hold(100)))
    expect(counts).toEqual({ ok: 10, credits_on_hold: 190 })
    expect(k.ledger.wallet(ANN, "live")).toMatchObject({ balanceNano: 0, heldNano: 1_000 })
    expectHealthy(k.ledger)
  })

  test("an app's daily limit for 10 and 200 in parallel: exactly 10, another scope and app untouched", async () => {
    const k = await kit()
    await k.grant(1_000_000)
    const limit = { clientId: 3, scope: "llm", dailyNano: 1_000 }
    const counts = await race(Array.from({ length: 200 }, () => k.hold(100, { limit })))
    expect(counts).toEqual({ ok: 10, app_daily_limit_exceeded: 190 })
    expect(k.ledger.usedToday(ANN, 3, "llm")).toEqual({ usedNano: 0, heldNano: 1_000 } as never)
    await k.hold(100, { limit: { ...limit, scope: "speech" } })
    await k.hold(100, { limit: { ...limit, clientId: 4 } })
    await k.hold(100, { limit: { ...limit, dailyNano: null } })
    expectHealthy(k.ledger)
  })

  test("refusals say balance, need and when to come back", async () => {
    const k = await kit()
    await k.grant(1_900_000)
    const poor = await refused(k.hold(2_000_000))
    expect(poor.code).toBe("insufficient_credits")
    expect(poor.extra.fields).toMatchObject({ balance: { nano: "1900000", credits: "1.9" }, need: { credits: "2" } })
    k.clock.advance(DAY_MS - 10_500)
    const limit = { clientId: 3, scope: "llm", dailyNano: 5 }
    const late = await refused(k.hold(6, { limit }))
    expect(late.code).toBe("app_daily_limit_exceeded")
    expect(late.extra.retryAfterSeconds).toBe(11)
  })

  test("a refused operation leaves every table as it was, also when its caller catches the refusal", async () => {
    const k = await kit()
    await k.grant(100, { expiresMs: k.clock.now() + HOUR_MS })
    await k.grant(50)
    await k.hold(10)
    await k.claim(100, { freeBudgetNano: 150 })
    k.clock.advance(2 * HOUR_MS)
    const before = everything(k.store.read)
    const limit = { clientId: 3, scope: "llm", dailyNano: 5 }
    await refused(k.hold(1_000))
    await refused(k.hold(6, { limit }))
    await refused(k.hold(6, { owner: BOB }))
    await refused(k.claim(100))
    await refused(k.claim(100, { owner: BOB, freeBudgetNano: 150 }))
    await expect(
      k.ledger.settle(ctx, { holdId: 1, charge: { ...chargeOf(9), totalNano: 8 }, developer: DEV }),
    ).rejects.toThrow()
    await expect(k.ledger.settle(ctx, { holdId: 99, charge: chargeOf(9), developer: DEV })).rejects.toThrow()
    await k.store.write(ctx, (tx) => {
      expect(() => k.ledger.holdIn(tx, holdOf(1_000))).toThrow()
      expect(() => k.ledger.holdIn(tx, holdOf(6, { limit }))).toThrow()
      expect(() =>
        k.ledger.claimDailyIn(tx, { owner: ANN, mode: "live", amountNano: 1, freeBudgetNano: null, auto: true }),
      ).toThrow()
    })
    expect(everything(k.store.read)).toBe(before)
  })

  test("a free call holds nothing, also for someone who never had credits", async () => {
    const k = await kit()
    const hold = await k.hold(0)
    const settled = await k.ledger.settle(ctx, { holdId: hold, charge: chargeOf(0), developer: null })
    expect(settled).toMatchObject({ collectedNano: 0, transactionId: null, already: false })
    expectHealthy(k.ledger)
  })

  test("expiry comes first, in the same body", async () => {
    const k = await kit()
    await k.grant(100, { expiresMs: k.clock.now() + HOUR_MS })
    await k.grant(30)
    k.clock.advance(HOUR_MS)
    expect(k.free()).toBe(30)
    await k.hold(30)
    expect(k.ledger.history(ANN, "live", { limit: 1 })[0]).toMatchObject({ type: "expiry", amountNano: -100 })
    expect(balanceOf(k, "breakage")).toBe("100")
    expectHealthy(k.ledger)
  })

  test("live and test credits never mix", async () => {
    const k = await kit()
    await k.grant(100, { mode: "test" })
    expect((await refused(k.hold(1))).code).toBe("insufficient_credits")
    const hold = await k.hold(100, { mode: "test" })
    await k.ledger.settle(ctx, { holdId: hold, charge: chargeOf(80), developer: DEV })
    expect(balanceOf(k, "pending", "live")).toBeUndefined()
    expect(balanceOf(k, "pending", "test")).toBe("20")
    expect(balanceOf(k, "revenue", "live")).toBe("0")
    expectHealthy(k.ledger)
  })
})

describe("settle and release", () => {
  test("below the hold gives the rest back and shares the charge", async () => {
    const k = await kit()
    const lots = [await k.grant(60, { paid: true, type: "topup" }), await k.grant(100)]
    const limit = { clientId: 3, scope: "llm", dailyNano: 1_000 }
    const hold = await k.hold(150, { limit })
    const settled = await k.ledger.settle(ctx, {
      holdId: hold, charge: chargeOf(120), developer: DEV, links: { usageId: 77 },
    }) // biome-ignore format: one call
    expect(settled).toMatchObject({ collectedNano: 120, uncollectedNano: 0, balanceAfterNano: 40, already: false })
    expect(settled.lots as unknown).toEqual([
      { lotId: lots[1], amountNano: 100, paid: false },
      { lotId: lots[0], amountNano: 20, paid: true },
    ])
    expect(k.ledger.wallet(ANN, "live")).toMatchObject({ balanceNano: 40, heldNano: 0 })
    expect(k.ledger.usedToday(ANN, 3, "llm")).toEqual({ usedNano: 120, heldNano: 0 } as never)
    expect([balanceOf(k, "upstream_payable"), balanceOf(k, "pending"), balanceOf(k, "revenue")]).toEqual([
      "60",
      "30",
      "30",
    ])
    expect(k.ledger.history(ANN, "live", { limit: 1 })[0]).toMatchObject({
      transactionId: settled.transactionId!, type: "usage", amountNano: -120, balanceBeforeNano: 160,
      balanceAfterNano: 40, callId: "req_test", clientId: 3, usageId: 77,
    }) // biome-ignore format: one row
    expectHealthy(k.ledger)
  })

  test("above the hold collects what is there; the rest is uncollected and hurts the platform first", async () => {
    const k = await kit()
    await k.grant(100)
    const [first, other] = [await k.hold(50), await k.hold(30)]
    const settled = await k.ledger.settle(ctx, { holdId: first, charge: chargeOf(120), developer: DEV })
    expect(settled).toMatchObject({ collectedNano: 70, uncollectedNano: 50, balanceAfterNano: 0 })
    expect(balanceOf(k, "upstream_payable")).toBe("60")
    expect(balanceOf(k, "pending")).toBe("10")
    expect(balanceOf(k, "uncollected")).toBe("-50")
    expect(k.ledger.wallet(ANN, "live").heldNano as number).toBe(30)
    await k.ledger.settle(ctx, { holdId: other, charge: chargeOf(30), developer: DEV })
    expectHealthy(k.ledger)
  })

  test("100 settles and 100 releases of one hold: one effect, and every settle the same answer", async () => {
    const k = await kit()
    await k.grant(100)
    const hold = await k.hold(50)
    const settles = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        if (index % 2) await k.ledger.release(ctx, hold)
        return k.ledger.settle(ctx, { holdId: hold, charge: chargeOf(40), developer: DEV })
      }),
    )
    const { already: _, ...answer } = settles[0]!
    expect(settles.filter((settled) => !settled.already).length).toBe(settles[0]!.collectedNano === 0 ? 0 : 1)
    for (const settled of settles) expect(settled).toMatchObject(answer)
    expect(k.free()).toBe(100 - answer.collectedNano)
    expectHealthy(k.ledger)
  })

  test("a release gives everything back, once; a settle after it charges nothing", async () => {
    const k = await kit()
    await k.grant(100)
    const hold = await k.hold(50, { limit: { clientId: 1, scope: "llm", dailyNano: 50 } })
    expect(await k.ledger.release(ctx, hold)).toMatchObject({ releasedNano: 50, balanceAfterNano: 100, already: false })
    expect(await k.ledger.release(ctx, hold)).toMatchObject({ releasedNano: 0, already: true })
    expect(await k.ledger.settle(ctx, { holdId: hold, charge: chargeOf(40), developer: DEV })).toMatchObject({
      collectedNano: 0, transactionId: null, already: true,
    }) // biome-ignore format: one answer
    expect(k.ledger.usedToday(ANN, 1, "llm")).toEqual({ usedNano: 0, heldNano: 0 } as never)
    expect(k.free()).toBe(100)
    expectHealthy(k.ledger)
  })

  test("lots that expired while held still pay, and the rest of them breaks at once", async () => {
    const k = await kit()
    await k.grant(100, { expiresMs: k.clock.now() + HOUR_MS })
    await k.grant(10)
    const hold = await k.hold(80)
    k.clock.advance(HOUR_MS)
    expect(await k.ledger.expireDue()).toEqual({ wallets: 1, expiredNano: 20 } as never)
    const settled = await k.ledger.settle(ctx, { holdId: hold, charge: chargeOf(30), developer: DEV })
    expect(settled).toMatchObject({ collectedNano: 30, balanceAfterNano: 10 })
    expect(k.ledger.history(ANN, "live", { limit: 1 })[0]).toMatchObject({ type: "expiry", amountNano: -50 })
    expect(k.ledger.wallet(ANN, "live")).toMatchObject({ balanceNano: 10, heldNano: 0, nextExpiryMs: null })
    expectHealthy(k.ledger)
  })

  test("a call belongs to the day of its hold", async () => {
    const k = await kit()
    await k.grant(1_000)
    k.clock.advance(DAY_MS - 1)
    const limit = { clientId: 1, scope: "llm", dailyNano: 100 }
    const hold = await k.hold(100, { limit })
    k.clock.advance(1)
    expect(k.ledger.usedToday(ANN, 1, "llm")).toEqual({ usedNano: 0, heldNano: 0 } as never)
    await k.hold(100, { limit })
    await k.ledger.settle(ctx, { holdId: hold, charge: chargeOf(90), developer: DEV })
    expect(k.ledger.usedToday(ANN, 1, "llm")).toEqual({ usedNano: 0, heldNano: 100 } as never)
    expectHealthy(k.ledger)
  })

  test("a clock that jumps back grants nothing twice", async () => {
    const k = await kit()
    await k.claim(100)
    await k.grant(100, { expiresMs: k.clock.now() + HOUR_MS })
    k.clock.advance(HOUR_MS)
    await k.ledger.expireDue()
    const hold = await k.hold(50)
    k.clock.advance(-3 * DAY_MS)
    expect((await refused(k.claim(100))).code).toBe("claim_not_due")
    await k.ledger.settle(ctx, { holdId: hold, charge: chargeOf(50), developer: DEV })
    expect(k.free()).toBe(50)
    expectHealthy(k.ledger)
  })
})

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
    const people = Array.from({ length: 50 }, (_, index) => ({ kind: "principal", id: 100 + index }) as const)
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

describe("recovery and sweeper", () => {
  test("boot resolves every hold of the dead process at its best-known cost, and only those", async () => {
    const k = await kit()
    await k.grant(10_000)
    const more = { inputCostNano: 30, developer: DEV, split: { upstream: 2, developer: 1, platform: 1 } }
    const unsent = await k.hold(100, more)
    const sent = await k.hold(100, { ...more, stage: "sent" })
    const streaming = await k.hold(100, { ...more, limit: { clientId: 1, scope: "llm", dailyNano: 500 } })
    await k.ledger.mark(ctx, streaming, { stage: "streaming", knownCostNano: 70 })
    await k.ledger.mark(ctx, streaming, { stage: "sent", knownCostNano: 50 })
    const next = k.reboot("boot-2")
    const mine = (await next.hold(ctx, holdOf(500))).id
    const seen: string[] = []
    const report = await next.recoverHolds((_tx, resolved) => {
      seen.push(`${resolved.holdId} ${resolved.stage} ${resolved.charge.totalNano} ${resolved.developer?.id}`)
    })
    expect(report).toEqual({ resolved: 3, released: 1, chargedNano: 100 } as never)
    expect(seen).toEqual([`${unsent} held 0 9`, `${sent} sent 30 9`, `${streaming} streaming 70 9`])
    expect(next.wallet(ANN, "live")).toMatchObject({ balanceNano: 9_400, heldNano: 500 })
    expect(next.usedToday(ANN, 1, "llm")).toEqual({ usedNano: 70, heldNano: 0 } as never)
    expect(balanceOf(k, "pending")).toBe("26")
    expect(await next.recoverHolds()).toEqual({ resolved: 0, released: 0, chargedNano: 0 } as never)
    await next.release(ctx, mine)
    expectHealthy(next)
  })

  test("an observer that throws undoes that hold's resolution only", async () => {
    const k = await kit()
    await k.grant(100)
    await k.hold(10, { stage: "sent", inputCostNano: 5 })
    const next = k.reboot("boot-2")
    const fail = () => {
      throw new Error("no usage row")
    }
    await expect(next.recoverHolds(fail)).rejects.toThrow("no usage row")
    expect(next.wallet(ANN, "live").heldNano as number).toBe(10)
    expect((await next.recoverHolds()).resolved).toBe(1)
    expectHealthy(next)
  })

  test("the sweeper takes what is past its lease and not alive", async () => {
    const k = await kit()
    await k.grant(1_000)
    await k.hold(10, { callId: "req_alive", leaseMs: 1_000 })
    await k.hold(10, { callId: "req_dead", leaseMs: 1_000, stage: "sent", inputCostNano: 4 })
    const leased = await k.hold(10, { callId: "req_leased", leaseMs: 1_000 })
    await k.hold(10, { callId: "req_young", leaseMs: 5_000 })
    await k.ledger.mark(ctx, leased, { stage: "sent", knownCostNano: 0, leaseMs: 5_000 })
    k.clock.advance(1_000)
    const report = await k.ledger.sweep((callId) => callId === "req_alive")
    expect(report).toEqual({ resolved: 1, released: 0, chargedNano: 4 } as never)
    expect(k.ledger.wallet(ANN, "live").heldNano as number).toBe(30)
    expectHealthy(k.ledger)
  })

  test("more holds than one round are all resolved", async () => {
    const k = await kit()
    await k.grant(1_000)
    await Promise.all(Array.from({ length: 450 }, () => k.hold(1)))
    expect((await k.reboot("boot-2").recoverHolds()).resolved).toBe(450)
    expect(k.free()).toBe(1_000)
    expectHealthy(k.ledger)
  })
})

describe("wallet and history", () => {
  test("a page after a page, filtered, each with its balance", async () => {
    const k = await kit()
    for (let index = 1; index <= 7; index++) await k.grant(index)
    const hold = await k.hold(5)
    await k.ledger.settle(ctx, { holdId: hold, charge: chargeOf(5), developer: DEV })
    const first = k.ledger.history(ANN, "live", { limit: 3 })
    const second = k.ledger.history(ANN, "live", { limit: 3, beforeId: first[2]!.transactionId })
    const balances = [...first, ...second].map((row) => row.balanceAfterNano as number)
    expect(balances).toEqual([23, 28, 21, 15, 10, 6])
    for (const row of [...first, ...second]) expect(row.balanceBeforeNano + row.amountNano).toBe(row.balanceAfterNano)
    expect(k.ledger.history(ANN, "live", { limit: 9, types: ["usage"] }).length).toBe(1)
    expect(k.ledger.history(BOB, "live", { limit: 9 })).toEqual([])
    expect(k.ledger.history(BOB, "live", { limit: 9, beforeId: first[0]!.transactionId })).toEqual([])
  })

  test("reading never writes; walletIn posts what is due", async () => {
    const k = await kit()
    await k.grant(100, { expiresMs: k.clock.now() + HOUR_MS })
    k.clock.advance(HOUR_MS)
    const before = everything(k.store.read)
    expect(k.ledger.wallet(ANN, "live")).toMatchObject({ balanceNano: 0, lots: [] })
    expect(everything(k.store.read)).toBe(before)
    await k.store.write(ctx, (tx) => {
      expect(k.ledger.walletIn(tx, ANN, "live")).toMatchObject({ balanceNano: 0, lots: [] })
    })
    expect(k.ledger.history(ANN, "live", { limit: 1 })[0]!.type).toBe("expiry")
    expectHealthy(k.ledger)
  })
})
