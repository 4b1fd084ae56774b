import { describe, expect, test } from "bun:test"
import { DAY_MS, nano, UserId } from "../app/index.ts"
import { principal } from "../ledger/index.ts"
import { GRACE_MS } from "./paid.ts"
import { addMonths } from "./period.ts"
import { ANN, at, ctx, expectHealthy, openPlans, type PlansKit, usd } from "./testing.ts"
import type { PaidInvoice, PaidLine } from "./types.ts"

const ID = { basic: 2, pro: 3, starter: 4, professional: 5, enterprise: 6 } as const
type Code = keyof typeof ID

let count = 0
function line(code: Code, from: string | number, to: string | number, more: Partial<PaidLine> = {}): PaidLine {
  const ms = (text: string | number) => (typeof text === "number" ? text : at(text))
  const common = { months: 1, cents: 3_000, priceCents: 3_000, isBack: false } as const
  return { key: `stripe:in_${++count}:il_1`, planId: ID[code], startMs: ms(from), endMs: ms(to), ...common, ...more }
}

function pay(
  kit: PlansKit,
  lines: PaidLine[],
  more: Partial<PaidInvoice & { endsMs: number | null; next: number | null }> = {},
) {
  const { endsMs = null, next = null, ...given } = more
  return kit.store.write(ctx, (tx) => {
    const subscription = "sub_1"
    const anchorMs = lines[0]!.startMs
    const netNano = usd(1_000)
    const { grantedNano } = kit.plans.payIn(tx, {
      user: ANN,
      subscription,
      lines,
      netNano,
      anchorMs,
      choice: null,
      ...given,
    })
    kit.plans.keepIn(tx, { user: ANN, subscription, nextPlanId: next, endsMs })
    return grantedNano
  })
}
const plan = (kit: PlansKit) => kit.plans.planOf(UserId(1)).code

describe("a paid month", () => {
  test("gives its plan and credits, once; after it and three days of grace, Free, without anybody doing anything", async () => {
    const kit = await openPlans("2026-01-31T12:00:00")
    const one = line("starter", "2026-01-31T12:00:00", "2026-02-28T12:00:00")
    expect(await pay(kit, [one])).toBe(usd(30))
    expect(await pay(kit, [one])).toBe(nano(0))
    expect(kit.lots()).toEqual([["subscription", usd(30), "2026-02-28T12:00"]])
    expect(kit.plans.standingOf(UserId(1))).toMatchObject({
      plan: { code: "starter" },
      source: "subscription",
      paid: true,
      period: { startMs: at("2026-01-31T12:00:00"), endMs: at("2026-02-28T12:00:00") },
      pendingPlan: null,
      beside: null,
    })
    await kit.until("2026-02-28T12:00:00")
    expect([plan(kit), kit.balance()]).toEqual(["starter", usd(30)]) // rolled over
    kit.sleepUntil("2026-03-03T11:59:59.999")
    expect(plan(kit)).toBe("starter")
    kit.sleepUntil("2026-03-03T12:00:00")
    expect([plan(kit), kit.plans.keyTermsOf(UserId(1)).planCode]).toEqual(["free", "free"])
    expectHealthy(kit)
  })

  test("no grace where it ends for good, and what is late counts again", async () => {
    const kit = await openPlans("2026-03-01T00:00:00")
    const [from, to] = ["2026-03-01T00:00:00", "2026-04-01T00:00:00"]
    await pay(kit, [line("pro", from, to)], { endsMs: at(to), next: 1 })
    expect(kit.plans.standingOf(UserId(1)).pendingPlan?.code).toBe("free")
    kit.sleepUntil(to)
    expect(plan(kit)).toBe("free")
    kit.sleepUntil("2026-04-06T00:00:00")
    await pay(kit, [line("pro", to, "2026-05-01T00:00:00")])
    expect(plan(kit)).toBe("pro")
  })

  test("rolls over to the end of the next one, whose day comes back after a short month", async () => {
    const kit = await openPlans("2026-01-31T00:00:00")
    const anchorMs = at("2026-01-31T00:00:00")
    for (const month of [0, 1]) {
      kit.sleepUntil(new Date(addMonths(anchorMs, month)).toISOString().slice(0, 19))
      await pay(kit, [line("starter", addMonths(anchorMs, month), addMonths(anchorMs, month + 1))], { anchorMs })
    }
    expect(kit.lots().map(([, left, end]) => [left, end])).toEqual([
      [usd(30), "2026-03-31T00:00"],
      [usd(30), "2026-03-31T00:00"],
    ])
    expectHealthy(kit)
  })

  test("more credits than were paid for are a gift beside them; with a whole discount all of them", async () => {
    const kit = await openPlans("2026-03-01T00:00:00")
    const lots = () =>
      kit.ledger.wallet(principal(UserId(1)), "live").lots.map(({ paid, grantedNano }) => [paid, grantedNano as number])
    await pay(kit, [line("enterprise", "2026-03-01T00:00:00", "2026-04-01T00:00:00")], { netNano: usd(99) })
    expect(lots().toSorted()).toEqual([
      [false, usd(1)],
      [true, usd(99)],
    ])
    kit.sleepUntil("2026-04-01T00:00:00")
    await pay(kit, [line("starter", "2026-04-01T00:00:00", "2026-05-01T00:00:00")], { netNano: nano(0) })
    expect(lots()).toContainEqual([false, usd(30)])
    expectHealthy(kit)
  })
})

describe("in the middle of a period", () => {
  const [start, end] = ["2026-03-01T00:00:00", "2026-04-01T00:00:00"]

  test("what is paid more for gives so much more, until the same end; the terms of the plan before count as they were", async () => {
    const kit = await openPlans(start)
    await pay(kit, [line("starter", start, end)])
    await kit.plans.updatePlan(ctx, { code: "starter", monthlyNano: usd(40), rolloverMaxNano: usd(0) })
    kit.sleepUntil("2026-03-16T12:00:00")
    const now = "2026-03-16T12:00:00"
    const back = line("starter", now, end, { cents: 1_500, isBack: true })
    const rest = line("professional", now, end, { cents: 2_500, priceCents: 5_000 })
    expect(await pay(kit, [back, rest])).toBe(usd(10))
    expect(kit.plans.standingOf(UserId(1))).toMatchObject({
      plan: { code: "professional" },
      choice: "credits",
      period: { startMs: at(start), endMs: at(end) },
    })
    expect(kit.balance()).toBe(usd(40))
    expectHealthy(kit)
  })

  test("from a month to a year: a lot for each month of the year, the first without what was there", async () => {
    const kit = await openPlans(start)
    await pay(kit, [line("starter", start, end)])
    const now = "2026-03-16T12:00:00"
    kit.sleepUntil(now)
    const back = line("starter", now, end, { cents: 1_500, isBack: true })
    const year = line("starter", now, "2027-03-16T12:00:00", { months: 12, cents: 30_000, priceCents: 30_000 })
    expect(await pay(kit, [back, year])).toBe(usd(345))
    const ends = kit.lots().map(([, left, until]) => [left, until])
    expect(ends.slice(1, 4)).toEqual([
      [usd(15), "2026-04-16T12:00"],
      [usd(30), "2026-05-16T12:00"],
      [usd(30), "2026-06-16T12:00"],
    ])
    expect(kit.balance()).toBe(usd(45))
    expectHealthy(kit)
  })
})

test("a year has twelve months, whatever day it begins on; each begins where the one before ends", async () => {
  for (const from of ["2026-01-31", "2028-02-29", "2027-02-28", "2026-12-30", "2027-08-31"]) {
    const kit = await openPlans(`${from}T06:00:00`)
    const startMs = at(`${from}T06:00:00`)
    const year = line("starter", startMs, addMonths(startMs, 12), { months: 12, cents: 30_000, priceCents: 30_000 })
    expect(await pay(kit, [year], { netNano: usd(300) })).toBe(usd(360))
    const lots = kit.ledger.wallet(principal(UserId(1)), "live").lots.filter(({ paid }) => paid)
    const times = lots.map(({ effectiveMs, expiresMs }) => [effectiveMs, expiresMs!]).toSorted((a, b) => a[0]! - b[0]!)
    expect([from, times.length, times[0]![0], times.at(-1)![1]]).toEqual([from, 12, startMs, addMonths(startMs, 12)])
    for (const [index, [effectiveMs, expiresMs]] of times.entries()) {
      if (index > 0) expect(effectiveMs).toBe(times[index - 1]![1]!)
      expect((expiresMs! - effectiveMs!) / DAY_MS).toBeWithin(27, 32)
    }
    expect(new Set(lots.map(({ grantedNano }) => grantedNano as number))).toEqual(new Set([usd(25)]))
    expectHealthy(kit)
  }
})

describe("beside what an admin assigned", () => {
  test("the better one counts, both give their credits, and the other comes back when it is over", async () => {
    const kit = await openPlans("2026-03-01T00:00:00")
    await kit.plans.assign(ctx, { user: ANN, planCode: "starter" })
    await pay(kit, [line("professional", "2026-03-01T00:00:00", "2026-04-01T00:00:00")], {
      endsMs: at("2026-04-01T00:00:00"),
    })
    expect(kit.plans.standingOf(UserId(1))).toMatchObject({
      plan: { code: "professional" },
      source: "subscription",
      beside: { plan: { code: "starter" }, source: "assigned" },
    })
    expect(kit.plans.assignedOf(UserId(1)).plan.code).toBe("starter")
    expect([...kit.plans.peopleByPlan()]).toEqual([["professional", 1]])
    expect(kit.balance()).toBe(usd(80))
    await kit.plans.change(ctx, { user: ANN, planCode: "enterprise" })
    expect(kit.plans.standingOf(UserId(1))).toMatchObject({
      plan: { code: "enterprise" },
      source: "assigned",
      beside: { plan: { code: "professional" }, source: "subscription" },
    })
    expect([...kit.plans.peopleByPlan()]).toEqual([["enterprise", 1]])
    await kit.plans.cancel(ctx, ANN)
    await kit.until("2026-04-01T00:00:00")
    expect(plan(kit)).toBe("free")
    expectHealthy(kit)
  })
})

describe("own keys or credits", () => {
  test("chosen at the start, and again for the next period, which is the next that is paid", async () => {
    const kit = await openPlans("2026-03-01T00:00:00")
    await pay(kit, [line("professional", "2026-03-01T00:00:00", "2026-04-01T00:00:00")], { choice: "byok" })
    expect([kit.balance(), kit.plans.entitlementsOf(UserId(1)).byok]).toEqual([0, true])
    await kit.plans.choose(ctx, { user: ANN, choice: "credits" })
    kit.sleepUntil("2026-04-01T00:00:00")
    expect(kit.plans.entitlementsOf(UserId(1)).byok).toBe(true)
    await pay(kit, [line("professional", "2026-04-01T00:00:00", "2026-05-01T00:00:00")])
    expect([kit.balance(), kit.plans.entitlementsOf(UserId(1)).byok]).toEqual([usd(50), false])
    expect(kit.plans.standingOf(UserId(1))).toMatchObject({ choice: "credits", pendingChoice: null })
  })
})

test("nothing that was paid is no plan, and grace is three days", async () => {
  const kit = await openPlans("2026-03-01T00:00:00")
  await kit.store.write(ctx, (tx) =>
    kit.plans.keepIn(tx, { user: ANN, subscription: "sub_2", nextPlanId: null, endsMs: null }),
  )
  expect([plan(kit), GRACE_MS]).toEqual(["free", 3 * DAY_MS])
})
