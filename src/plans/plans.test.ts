import { afterEach, expect, test } from "bun:test"
import { AppError, credits } from "../app/index.ts"
import { auditOf } from "../audit/index.ts"
import { openTestStore, testCtx } from "../store/index.ts"
import { createPlans } from "./index.ts"

let close: (() => Promise<void>) | null = null
afterEach(async () => close?.())

async function open() {
  const opened = await openTestStore()
  close = opened.close
  return { ...opened, plans: createPlans({ store: opened.store }) }
}

test("everybody starts on Free: 100 credits a day, from the free budget of 100,000", async () => {
  const { plans } = await open()
  expect(plans.planOf(1)).toEqual({
    id: 1,
    code: "free",
    name: "Free",
    dailyClaimNano: credits(100),
    freeBudgetCounts: true,
  })
  expect(plans.freeBudgetNano()).toBe(credits(100_000))
})

test("an admin's changes are seen at once and audited with before and after", async () => {
  const { plans, store } = await open()
  await plans.updatePlan(testCtx, { code: "free", dailyClaimNano: credits(50) })
  expect(plans.planOf(7).dailyClaimNano).toBe(credits(50))
  await plans.setFreeBudget(testCtx, credits(1_000))
  expect(plans.freeBudgetNano()).toBe(credits(1_000))
  await plans.setFreeBudget(testCtx, null)
  expect(plans.freeBudgetNano()).toBeNull()
  const trail = auditOf(store.read, "free_budget_daily").map((row) => [row.before, row.after])
  expect(trail).toEqual([
    ["1000000000", "null"],
    ["100000000000", "1000000000"],
  ])
})

test("amounts that are not whole, safe and non-negative change nothing", async () => {
  const { plans } = await open()
  for (const bad of [-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]) {
    await expect(plans.setFreeBudget(testCtx, bad)).rejects.toBeInstanceOf(AppError)
    await expect(plans.updatePlan(testCtx, { code: "free", dailyClaimNano: bad })).rejects.toBeInstanceOf(AppError)
  }
  await expect(plans.updatePlan(testCtx, { code: "nope", name: "x" })).rejects.toMatchObject({ code: "not_found" })
  await expect(plans.updatePlan(testCtx, { code: "free", name: " " })).rejects.toMatchObject({
    code: "validation_failed",
  })
  expect(plans.planOf(1).dailyClaimNano).toBe(credits(100))
  expect(plans.freeBudgetNano()).toBe(credits(100_000))
})
