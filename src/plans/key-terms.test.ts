// What a plan says of people's own keys, from memory: never other than the rows say.
import { expect, test } from "bun:test"
import { DAY_MS, UserId } from "../app/index.ts"
import { ANN, ctx, openPlans } from "./testing.ts"

test("is what the rows say: after a change of plan, of a plan's terms, and at the end of a period, posted or not", async () => {
  const { plans, store, clock } = await openPlans()
  const now = () => {
    const terms = plans.keyTermsOf(ANN.id)
    expect(terms).toEqual(plans.entitlementsOf(ANN.id))
    return [terms.planCode, terms.markupPaidBp, terms.freeModelsOnly, terms.freePer1kNano as number]
  }
  expect(now()).toEqual(["free", 0, true, 1_000_000])
  await plans.assign(ctx, { user: ANN, planCode: "basic" })
  expect(now()).toEqual(["basic", 1_000, false, 0])
  await plans.updatePlan(ctx, { code: "basic", markupPaidBp: 1_200 })
  expect(now()).toEqual(["basic", 1_200, false, 0])
  const undone = store.write(ctx, (tx) => {
    plans.updatePlanIn(tx, { code: "basic", markupPaidBp: 9_000 })
    throw new Error("taken back")
  })
  await undone.catch(() => {})
  expect(now()).toEqual(["basic", 1_200, false, 0])
  await plans.cancel(ctx, ANN)
  const { endMs } = plans.standingOf(ANN.id).period!
  clock.advance(endMs - 1 - clock.now())
  expect(now()[0]).toBe("basic")
  clock.advance(1)
  expect(now()[0]).toBe("free")
})

test("a change in another process is seen after a while, and a clock that jumps back asks again", async () => {
  const { plans, store, clock } = await openPlans()
  const per1k = () => plans.keyTermsOf(ANN.id).freePer1kNano as number
  expect(per1k()).toBe(1_000_000)
  // Past the verbs, as somebody else's write is.
  await store.write(ctx, (tx) => void tx.run("UPDATE plans SET free_per_1k_nano = 5 WHERE code = 'free'"))
  clock.advance(DAY_MS)
  expect(per1k()).toBe(5)
  await store.write(ctx, (tx) => void tx.run("UPDATE plans SET free_per_1k_nano = 6 WHERE code = 'free'"))
  clock.advance(-DAY_MS)
  expect(per1k()).toBe(6)
  expect(plans.keyTermsOf(UserId(99)).planCode).toBe("free")
})
