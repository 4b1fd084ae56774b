import { describe, expect, test } from "bun:test"
import { AppError, credits, type Nano, UserId } from "../app/index.ts"
import { auditOf } from "../audit/index.ts"
import { marginAtFullUse } from "./index.ts"
import { ANN, ctx, openPlans, usd } from "./testing.ts"

describe("the seeded plans are SPEC §2's", () => {
  test("price, daily and monthly credits, and what each allows", async () => {
    const { plans } = await openPlans()
    const rows = plans.list().map((plan) => ({
      code: plan.code,
      price: plan.priceNano,
      daily: plan.dailyClaimNano,
      monthly: plan.monthlyNano,
      markup: plan.markupPaidBp,
      either: plan.eitherOr,
      byok: plan.byokAllowed,
      more: (["overrides", "prioritySupport", "teams", "freeModelsOnly", "freeBudgetCounts"] as const).filter(
        (flag) => plan[flag],
      ),
    }))
    const none = { either: false, byok: false }
    const both = { either: true, byok: true }
    expect(rows).toEqual([
      {
        code: "free",
        price: usd(0),
        daily: credits(100),
        monthly: usd(0),
        markup: 0,
        ...none,
        more: ["freeModelsOnly", "freeBudgetCounts"],
      },
      { code: "basic", price: usd(9.99), daily: credits(500), monthly: usd(0), markup: 1_000, ...none, more: [] },
      {
        code: "pro",
        price: usd(29.99),
        daily: credits(2_000),
        monthly: usd(0),
        markup: 500,
        ...none,
        more: ["overrides", "prioritySupport"],
      },
      { code: "starter", price: usd(30), daily: credits(500), monthly: usd(30), markup: 1_000, ...none, more: [] },
      { code: "professional", price: usd(50), daily: credits(500), monthly: usd(50), markup: 500, ...both, more: [] },
      {
        code: "enterprise",
        price: usd(99),
        daily: credits(2_000),
        monthly: usd(100),
        markup: 0,
        ...both,
        more: ["teams"],
      },
    ])
    const free = plans.planByCode("free")!
    expect(free.freePer1kNano).toBe(credits(1))
    // LE-2: up to one cycle's amount rolls over, for one cycle.
    for (const plan of plans.list().filter((each) => each.monthlyNano > 0)) {
      const { rolloverMaxNano, rolloverCapNano, rolloverPeriods } = plan
      expect([rolloverMaxNano, rolloverCapNano, rolloverPeriods]).toEqual([plan.monthlyNano, plan.monthlyNano, 1])
    }
  })

  test("everybody starts on Free: 100 credits a day, from the free budget of 100,000", async () => {
    const { plans, store } = await openPlans()
    expect(plans.planOf(UserId(1))).toMatchObject({
      id: 1,
      code: "free",
      dailyClaimNano: credits(100),
      freeBudgetCounts: true,
    })
    expect(plans.standingOf(UserId(1))).toMatchObject({ period: null, choice: null, pendingPlan: null, paid: false })
    expect(plans.freeBudgetNano()).toBe(credits(100_000))
    const terms = await store.write(ctx, (tx) => plans.claimTermsIn(tx, UserId(1)))
    expect(terms).toEqual({ amountNano: credits(100), freeBudgetNano: credits(100_000) })
    expect(plans.entitlementsOf(UserId(1))).toEqual({
      planCode: "free",
      planName: "Free",
      dailyClaimNano: credits(100),
      markupPaidBp: 0,
      markupFreeBp: 0,
      freeModelsOnly: true,
      freePer1kNano: credits(1),
      byok: false,
      overrides: false,
      prioritySupport: false,
      teams: false,
    })
  })
})

describe("an admin's changes", () => {
  test("are seen at once and audited with before and after", async () => {
    const { plans, store } = await openPlans()
    await plans.updatePlan(ctx, { code: "free", dailyClaimNano: credits(50) })
    expect(plans.planOf(UserId(7)).dailyClaimNano).toBe(credits(50))
    await plans.setFreeBudget(ctx, credits(1_000))
    await plans.setFreeBudget(ctx, null)
    expect(plans.freeBudgetNano()).toBeNull()
    const trail = auditOf(store.read, "plans.free_budget_daily").map((row) => [row.before, row.after])
    expect(trail).toEqual([
      ["1000000000", "null"],
      ["100000000000", "1000000000"],
    ])
    const [edit] = auditOf(store.read, "plan:free")
    expect(JSON.parse(edit!.before!).dailyClaimNano).toBe(credits(100))
    expect(JSON.parse(edit!.after!).dailyClaimNano).toBe(credits(50))
  })

  test("that are wrong change nothing, and every wrong field is named", async () => {
    const { plans, store } = await openPlans()
    const before = plans.list()
    for (const bad of [-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]) {
      await expect(plans.setFreeBudget(ctx, bad)).rejects.toBeInstanceOf(AppError)
      for (const field of ["priceNano", "dailyClaimNano", "monthlyNano", "rolloverMaxNano", "rolloverCapNano"]) {
        const edit = plans.updatePlan(ctx, { code: "starter", [field]: bad })
        await expect(edit).rejects.toMatchObject({ code: "validation_failed" })
      }
    }
    const wrong = { name: " ", markupPaidBp: -1, rolloverPeriods: 0, sortOrder: 0.5, eitherOr: true }
    const error = await plans.updatePlan(ctx, { code: "basic", ...wrong }).catch((caught: AppError) => caught)
    expect(Object.keys((error as AppError).extra.formErrors ?? {}).sort()).toEqual(Object.keys(wrong).sort())
    await expect(plans.updatePlan(ctx, { code: "nope", name: "x" })).rejects.toMatchObject({ code: "not_found" })
    for (const bad of [{ priceNano: 1 as Nano }, { monthlyNano: 1 as Nano }, { active: false }]) {
      await expect(plans.updatePlan(ctx, { code: "free", ...bad })).rejects.toMatchObject({ code: "validation_failed" })
    }
    expect(plans.list()).toEqual(before)
    expect(auditOf(store.read, "plan:basic")).toEqual([])
  })

  test("of two who opened the same plan, the second is told", async () => {
    const { plans, clock } = await openPlans()
    const { updatedMs: seenMs } = plans.planByCode("basic")!
    await plans.updatePlan(ctx, { code: "basic", name: "Base", seenMs })
    clock.advance(1)
    await expect(plans.updatePlan(ctx, { code: "basic", name: "Bass", seenMs })).rejects.toMatchObject({
      code: "conflict",
    })
    expect(plans.planByCode("basic")?.name).toBe("Base")
  })
})

test("margin at full use: price − credits and thirty claims at what they cost at most; below zero is said", async () => {
  const { plans } = await openPlans()
  const kept = Object.fromEntries(
    plans.list().map((plan) => [plan.code, Number((marginAtFullUse(plan, 7_500).keptNano / 1e9).toFixed(2))]),
  )
  expect(kept).toEqual({
    free: -2.25, // 30 × $0.10 × 75 %: keys reach free models only, so apps are the only way to spend them
    basic: -3.65, // 9.99 − 30 × 0.50 ÷ 1.1
    pro: -27.16, // 29.99 − 30 × 2 ÷ 1.05
    starter: -10.92, // 30 − 30 ÷ 1.1 − 15 ÷ 1.1
    professional: -11.91, // 50 − 50 ÷ 1.05 − 15 ÷ 1.05
    enterprise: -61, // 99 − 100 − 60
  })
  // Whole cents, so that what a page shows adds up.
  for (const plan of plans.list()) {
    const { priceNano, monthlyCostNano, dailyCostNano, keptNano } = marginAtFullUse(plan, 7_500)
    expect([monthlyCostNano % 10_000_000, dailyCostNano % 10_000_000]).toEqual([0, 0])
    expect(priceNano - monthlyCostNano - dailyCostNano).toBe(keptNano)
  }
  // With a markup so high that apps are the dearer way, their share counts.
  const steep = { ...plans.planByCode("starter")!, markupPaidBp: 10_000 }
  expect(marginAtFullUse(steep, 7_500)).toMatchObject({ costBp: 7_500, monthlyCostNano: usd(22.5) })
  expect(plans.standingOf(ANN.id).plan.code).toBe("free")
})
