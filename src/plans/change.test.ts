import { describe, expect, test } from "bun:test"
import { credits, DAY_MS, nano, PrincipalId, UserId } from "../app/index.ts"
import { auditOf } from "../audit/index.ts"
import { ANN, at, ctx, expectHealthy, openPlans, type PlansKit, usd } from "./testing.ts"

const START = "2026-03-01T00:00:00"
const promo = (kit: PlansKit, kind = "promo") =>
  kit.store.read.get<{ nano: string }>(
    "SELECT balance_nano AS nano FROM v_ledger_accounts WHERE kind = ? AND mode = 'live' AND owner_id = 0",
    kind,
  )?.nano

describe("assigning a plan", () => {
  test("starts its first period now and grants its credits, as a gift unless it was paid for", async () => {
    const kit = await openPlans(START)
    const { plans, store } = kit
    const standing = await plans.assign(ctx, { user: ANN, planCode: "starter" })
    expect(standing).toMatchObject({
      plan: { code: "starter" },
      period: { no: 1, startMs: at(START), endMs: at("2026-04-01T00:00:00") },
      choice: null,
      paid: false,
    })
    expect(kit.lots()).toEqual([["subscription", usd(30), "2026-04-01T00:00"]])
    expect([promo(kit), promo(kit, "cash")]).toEqual([String(-usd(30)), "0"])
    expect(plans.historyOf(UserId(1))[0]).toMatchObject({ event: "started", planCode: "starter", grantedNano: usd(30) })
    expect(auditOf(store.read, "usr_ann")[0]).toMatchObject({ action: "plan.assigned", before: '{"plan":"free"}' })

    const bob = { id: UserId(2), publicId: "usr_bob" }
    await plans.assign(ctx, { user: bob, planCode: "starter", paid: true })
    expect([promo(kit), promo(kit, "cash")]).toEqual([String(-usd(30)), String(-usd(30))])
    expect(kit.ledger.wallet({ kind: "principal", id: PrincipalId(2) }, "live").lots[0]?.paid).toBe(true)
    expectHealthy(kit)
  })

  test("is refused twice, for no plan, an inactive plan, Free, or a choice the plan does not have", async () => {
    const kit = await openPlans(START)
    const { plans } = kit
    const refusals = [
      [{ planCode: "nope" }, "not_found"],
      [{ planCode: "free" }, "conflict"],
      [{ planCode: "starter", choice: "byok" }, "validation_failed"],
    ] as const
    for (const [input, code] of refusals)
      await expect(plans.assign(ctx, { user: ANN, ...input })).rejects.toMatchObject({ code })
    await plans.updatePlan(ctx, { code: "basic", active: false })
    await expect(plans.assign(ctx, { user: ANN, planCode: "basic" })).rejects.toMatchObject({ code: "conflict" })
    await plans.assign(ctx, { user: ANN, planCode: "pro" })
    await expect(plans.assign(ctx, { user: ANN, planCode: "pro" })).rejects.toMatchObject({ code: "conflict" })
    expect(plans.historyOf(UserId(1))).toHaveLength(1)
    expect(kit.balance()).toBe(0)
  })

  test("100 at once: one of them does it, one lot", async () => {
    const kit = await openPlans(START)
    const tries = Array.from({ length: 100 }, () => kit.plans.assign(ctx, { user: ANN, planCode: "starter" }))
    const done = (await Promise.allSettled(tries)).filter((result) => result.status === "fulfilled")
    expect(done).toHaveLength(1)
    expect(kit.lots()).toHaveLength(1)
  })
})

describe("a dearer plan", () => {
  test("holds at once; the rest of the period is granted the difference, pro rata, rounded down", async () => {
    const kit = await openPlans(START)
    await kit.plans.assign(ctx, { user: ANN, planCode: "starter" })
    kit.sleepUntil("2026-03-11T00:00:00")
    const standing = await kit.plans.change(ctx, { user: ANN, planCode: "professional" })
    expect(standing).toMatchObject({ plan: { code: "professional" }, choice: "credits", period: { no: 1 } })
    const difference = Math.floor((usd(20) * 21) / 31)
    expect(kit.balance()).toBe(usd(30) + difference)
    expect(kit.lots().map(([, , expiry]) => expiry)).toEqual(["2026-04-01T00:00", "2026-04-01T00:00"])
    // A second step up in the same period starts from what the first one reached.
    kit.sleepUntil("2026-03-31T23:59:59.999")
    await kit.plans.change(ctx, { user: ANN, planCode: "enterprise" })
    expect(kit.balance()).toBe(usd(30) + difference + Math.floor(usd(50) / (31 * DAY_MS)))
    await kit.until("2026-04-01T00:00:00")
    expect(kit.plans.standingOf(UserId(1))).toMatchObject({ plan: { code: "enterprise" }, period: { no: 2 } })
    expectHealthy(kit)
  })

  test("at the very start of a period it gives the whole difference; at the end of it the next period's credits", async () => {
    const kit = await openPlans(START)
    await kit.plans.assign(ctx, { user: ANN, planCode: "starter" })
    await kit.plans.change(ctx, { user: ANN, planCode: "professional" })
    expect(kit.balance()).toBe(usd(50))
    // The period ends in the same millisecond as the change: the new one begins first, on the plan that was.
    await kit.spend(usd(50))
    kit.sleepUntil("2026-04-01T00:00:00")
    await kit.plans.change(ctx, { user: ANN, planCode: "enterprise" })
    expect(kit.balance()).toBe(usd(100))
    expect(kit.plans.historyOf(UserId(1)).map((row) => [row.event, row.planCode, row.grantedNano])).toEqual([
      ["upgraded", "enterprise", usd(50)],
      ["renewed", "professional", usd(50)],
      ["upgraded", "professional", usd(20)],
      ["started", "starter", usd(30)],
    ])
    expectHealthy(kit)
  })

  test("never grants more for going up, down and up again", async () => {
    const kit = await openPlans(START)
    await kit.plans.assign(ctx, { user: ANN, planCode: "starter" })
    for (let round = 0; round < 5; round++) {
      await kit.plans.change(ctx, { user: ANN, planCode: "enterprise" })
      await kit.plans.change(ctx, { user: ANN, planCode: "starter" })
    }
    expect(kit.balance()).toBe(usd(100))
    expect(kit.plans.standingOf(UserId(1))).toMatchObject({
      plan: { code: "enterprise" },
      pendingPlan: { code: "starter" },
    })
  })

  test("counts what the period was granted, also over a plan in between with fewer credits, or a move that waited", async () => {
    const kit = await openPlans(START)
    await kit.plans.updatePlan(ctx, { code: "professional", monthlyNano: usd(10), rolloverMaxNano: 0 })
    await kit.plans.assign(ctx, { user: ANN, planCode: "starter" })
    await kit.plans.change(ctx, { user: ANN, planCode: "basic" })
    await kit.plans.change(ctx, { user: ANN, planCode: "professional" })
    expect(kit.balance()).toBe(usd(30))
    await kit.plans.change(ctx, { user: ANN, planCode: "basic" })
    await kit.plans.change(ctx, { user: ANN, planCode: "enterprise" })
    expect(kit.balance()).toBe(usd(100))
    expect(kit.plans.standingOf(UserId(1)).pendingPlan).toBeNull()
  })

  test("own keys in this period take the credits already granted into account", async () => {
    const kit = await openPlans(START)
    await kit.plans.assign(ctx, { user: ANN, planCode: "starter" })
    await kit.plans.change(ctx, { user: ANN, planCode: "professional", choice: "byok" })
    expect(kit.balance()).toBe(usd(30))
    expect(kit.plans.entitlementsOf(UserId(1))).toMatchObject({ planCode: "professional", byok: true })
    // Between two either-or plans the choice of the period stays.
    const up = await kit.plans.change(ctx, { user: ANN, planCode: "enterprise", choice: "credits" })
    expect(up).toMatchObject({ choice: "byok", pendingChoice: "credits" })
    expect(kit.balance()).toBe(usd(30))
  })
})

describe("a cheaper plan, or none", () => {
  test("waits for the end of the period and takes nothing back", async () => {
    const kit = await openPlans(START)
    await kit.plans.assign(ctx, { user: ANN, planCode: "professional" })
    kit.sleepUntil("2026-03-20T00:00:00")
    const standing = await kit.plans.change(ctx, { user: ANN, planCode: "basic" })
    expect(standing).toMatchObject({ plan: { code: "professional" }, pendingPlan: { code: "basic" } })
    expect(kit.balance()).toBe(usd(50))
    expect(kit.plans.planOf(UserId(1)).dailyClaimNano).toBe(credits(500))
    kit.sleepUntil("2026-03-31T23:59:59.999")
    expect(kit.plans.planOf(UserId(1)).code).toBe("professional")
    // Computed, whether or not the job has run.
    kit.sleepUntil("2026-04-01T00:00:00")
    expect(kit.plans.planOf(UserId(1)).code).toBe("basic")
    await kit.until("2026-04-01T00:00:00")
    expect(kit.plans.standingOf(UserId(1))).toMatchObject({ plan: { code: "basic" }, choice: null, pendingPlan: null })
    expect(kit.lots()).toEqual([["subscription", usd(50), "2026-05-01T00:00"]])
    expectHealthy(kit)
  })

  test("cancelling ends on Free; a later plan counts its periods on and has an anchor of its own", async () => {
    const kit = await openPlans(START)
    await kit.plans.assign(ctx, { user: ANN, planCode: "starter" })
    await kit.spend(usd(30))
    await kit.plans.cancel(ctx, ANN)
    await kit.until("2026-06-15T08:00:00")
    expect(kit.plans.standingOf(UserId(1))).toMatchObject({ plan: { code: "free" }, period: null })
    expect(kit.plans.historyOf(UserId(1))[0]).toMatchObject({
      event: "ended",
      planCode: "free",
      atMs: at("2026-04-01T00:00:00"),
    })
    await expect(kit.plans.cancel(ctx, ANN)).rejects.toMatchObject({ code: "conflict" })
    const again = await kit.plans.change(ctx, { user: ANN, planCode: "starter" })
    expect(again.period).toEqual({ no: 2, startMs: at("2026-06-15T08:00:00"), endMs: at("2026-07-15T08:00:00") })
    expect(kit.balance()).toBe(usd(30))
    expectHealthy(kit)
  })

  test("the present plan again drops what was to come", async () => {
    const kit = await openPlans(START)
    await kit.plans.assign(ctx, { user: ANN, planCode: "starter" })
    await kit.plans.cancel(ctx, ANN)
    const standing = await kit.plans.change(ctx, { user: ANN, planCode: "starter" })
    expect(standing.pendingPlan).toBeNull()
    await kit.until("2026-04-01T00:00:00")
    expect(kit.plans.planOf(UserId(1)).code).toBe("starter")
  })
})

describe("credits or own keys", () => {
  test("is switched at the end of the period, and may be taken back until then", async () => {
    const kit = await openPlans(START)
    const { plans } = kit
    await plans.assign(ctx, { user: ANN, planCode: "professional" })
    expect(plans.entitlementsOf(UserId(1)).byok).toBe(false)
    expect(await plans.choose(ctx, { user: ANN, choice: "byok" })).toMatchObject({
      choice: "credits",
      pendingChoice: "byok",
    })
    expect((await plans.choose(ctx, { user: ANN, choice: "credits" })).pendingChoice).toBeNull()
    await plans.choose(ctx, { user: ANN, choice: "byok" })
    expect(plans.entitlementsOf(UserId(1)).byok).toBe(false)
    await kit.spend(usd(50))
    await kit.until("2026-04-01T00:00:00")
    expect([plans.entitlementsOf(UserId(1)).byok, kit.balance()]).toEqual([true, 0])
    await plans.choose(ctx, { user: ANN, choice: "credits" })
    await kit.until("2026-05-01T00:00:00")
    expect([plans.entitlementsOf(UserId(1)).byok, kit.balance()]).toEqual([false, usd(50)])
  })

  test("is refused where the plan has no choice", async () => {
    const { plans } = await openPlans(START)
    await expect(plans.choose(ctx, { user: ANN, choice: "byok" })).rejects.toMatchObject({ code: "conflict" })
    await plans.assign(ctx, { user: ANN, planCode: "starter" })
    await expect(plans.choose(ctx, { user: ANN, choice: "byok" })).rejects.toMatchObject({ code: "conflict" })
  })
})

describe("daily claims follow the plan", () => {
  const claim = (kit: PlansKit) =>
    kit.store.write(ctx, (tx) => {
      const terms = kit.plans.claimTermsIn(tx, ANN.id)
      return kit.ledger.claimDailyIn(tx, {
        owner: { kind: "principal", id: PrincipalId(1) },
        mode: "live",
        ...terms,
        auto: false,
      })
    })

  test("an upgrade raises the next claim, which is due 24 hours after the last; the streak goes on", async () => {
    const kit = await openPlans(START)
    expect((await claim(kit)).grantedNano).toBe(credits(100))
    kit.clock.advance(3_600_000)
    await kit.plans.assign(ctx, { user: ANN, planCode: "pro" })
    await expect(claim(kit)).rejects.toMatchObject({ code: "claim_not_due" })
    kit.clock.advance(DAY_MS - 3_600_000)
    expect(await claim(kit)).toMatchObject({ grantedNano: credits(2_000), streak: 2 })
  })

  test("claims of paid plans are granted when the free budget is spent, and take nothing of it", async () => {
    const kit = await openPlans(START)
    await kit.plans.setFreeBudget(ctx, 0)
    await expect(claim(kit)).rejects.toMatchObject({ code: "free_budget_spent" })
    await kit.plans.assign(ctx, { user: ANN, planCode: "basic" })
    expect((await claim(kit)).grantedNano).toBe(credits(500))
    expect(kit.ledger.freeBudgetUsed("live")).toBe(nano(0))
  })
})
