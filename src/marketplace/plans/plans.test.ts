// Product plans: terms by version, who keeps which, what is refused, and the one mapping of plans to endpoints.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { AppError, createIds, UserId, VirtualClock } from "../../app/index.ts"
import { insertRow, openTestStore, type Store, testCtx } from "../../store/index.ts"
import { marketSubscriptions } from "../tables.ts"
import { createProductPlans, type NewPlan, opens, type ProductPlan, type ProductPlans } from "./index.ts"
import { cents, seedProduct, terms } from "./testing.ts"

let store: Store
let close: () => Promise<void>
let plans: ProductPlans
let productId: number
const clock = new VirtualClock(Date.UTC(2026, 0, 31, 12))

beforeAll(async () => {
  const opened = await openTestStore({ clock })
  store = opened.store
  close = opened.close
  plans = createProductPlans({ store, ids: createIds(clock) })
  productId = await store.write(testCtx, (tx) => seedProduct(tx, "weather"))
})
afterAll(() => close())

const create = (input: Partial<NewPlan> = {}) =>
  store.write(testCtx, (tx) => plans.createPlanIn(tx, { productId, name: "Plan", terms: terms(), ...input }))
const change = (input: Parameters<ProductPlans["changePlanIn"]>[1]) =>
  store.write(testCtx, (tx) => plans.changePlanIn(tx, input))

let people = 0
const subscribed = (plan: ProductPlan) =>
  store.write(testCtx, (tx) =>
    insertRow(tx, marketSubscriptions, {
      publicId: `msb_${++people}`,
      productId,
      userId: UserId(100 + people),
      payerId: UserId(100 + people),
      planId: plan.id,
      termsId: plan.terms.id,
      state: "active",
      anchorMs: tx.now,
      periodStartMs: tx.now,
      periodEndMs: tx.now + 1,
      createdMs: tx.now,
      updatedMs: tx.now,
    }),
  )

async function errorsOf(act: Promise<unknown>): Promise<string[]> {
  try {
    await act
  } catch (error) {
    if (error instanceof AppError) return Object.keys(error.extra.formErrors ?? { [error.code]: "" })
    throw error
  }
  return []
}

describe("terms", () => {
  test("are one version while nobody has them, and the next one once somebody does; who subscribed keeps theirs", async () => {
    const free = await create({ name: "Free" })
    expect(free.terms.version).toBe(1)
    const edited = await change({ planId: free.id, terms: terms({ priceNano: cents(500) }) })
    expect([edited.terms.version, edited.terms.id, edited.terms.priceNano]).toEqual([1, free.terms.id, cents(500)])
    await subscribed(edited)
    const later = await change({ planId: free.id, terms: terms({ priceNano: cents(900), quotas: [] }) })
    expect([later.terms.version, later.terms.priceNano, later.terms.quotas]).toEqual([2, cents(900), []])
    expect(plans.termsById(edited.terms.id)).toEqual(edited.terms)
    expect(plans.termsInUse(free.id).map(({ terms: { version }, subscribers }) => [version, subscribers])).toEqual([
      [1, 1],
    ])
  })
  test("that are the same make no version; a new name does not either", async () => {
    const plan = await create({ name: "Same" })
    await subscribed(plan)
    const after = await change({ planId: plan.id, name: "Still the same", terms: terms() })
    expect([after.name, after.terms.id]).toEqual(["Still the same", plan.terms.id])
  })
  test("are refused by field", async () => {
    const bad = terms({
      priceNano: (cents(1) - 1) as never,
      overageCapNano: cents(5),
      quotas: [
        { period: "day", anchor: "calendar", units: 1 },
        { period: "day", anchor: "anniversary", units: 2 },
      ],
      trialDays: 91,
    })
    expect((await errorsOf(create({ name: "", terms: bad }))).sort()).toEqual([
      "name",
      "overageCapNano",
      "priceNano",
      "quotas",
      "trialDays",
    ])
  })
})

describe("places in the order", () => {
  test("grow by themselves, are taken once, and stay where there are subscribers", async () => {
    const one = await create({ name: "One" })
    const two = await create({ name: "Two" })
    expect(two.rank).toBe(one.rank + 10)
    expect(await errorsOf(change({ planId: two.id, rank: one.rank }))).toEqual(["rank"])
    expect((await change({ planId: two.id, rank: two.rank + 5 })).rank).toBe(two.rank + 5)
    await subscribed(two)
    expect(await errorsOf(change({ planId: two.id, rank: two.rank + 6 }))).toEqual(["rank"])
  })
  test("two editors do not overwrite each other; a closed plan opens again", async () => {
    const plan = await create({ name: "Closing" })
    const closed = await change({ planId: plan.id, retired: true, seenMs: plan.updatedMs })
    expect(closed.retiredMs).not.toBeNull()
    expect(await errorsOf(change({ planId: plan.id, name: "Late", seenMs: plan.updatedMs }))).toEqual(["conflict"])
    expect((await change({ planId: plan.id, retired: false })).retiredMs).toBeNull()
  })
})

test("a plan opens what it and lower ones have, a needless endpoint is open to all, an unknown need to nobody", () => {
  const order = [
    { id: 7, rank: 10 },
    { id: 3, rank: 20 },
    { id: 5, rank: 15 },
  ]
  for (const plan of order) {
    expect(opens(plan.rank, { minPlanId: null }, order)).toBe(true)
    expect(opens(plan.rank, { minPlanId: 99 }, order)).toBe(false)
    for (const least of order) expect(opens(plan.rank, { minPlanId: least.id }, order)).toBe(plan.rank >= least.rank)
  }
})
