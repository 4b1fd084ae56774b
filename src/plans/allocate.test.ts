import { describe, expect, test } from "bun:test"
import { DAY_MS, nano, UserId } from "../app/index.ts"
import { advance, start } from "./assignment.ts"
import { ANN, at, ctx, expectHealthy, openPlans, type PlansKit, usd } from "./testing.ts"

const periods = (kit: PlansKit) =>
  kit.plans
    .historyOf(UserId(1))
    .toReversed()
    .map((row) => new Date(row.atMs).toISOString().slice(0, 10))

/** All that a person can tell apart: lots and what was granted, expired and rolled, without the moment of posting. */
const outcome = (kit: PlansKit) => ({
  lots: kit.lots(),
  balance: kit.balance(),
  standing: kit.plans.standingOf(UserId(1)),
  events: kit.plans.historyOf(UserId(1)).map(({ event, planCode, atMs, grantedNano, periodNo }) => ({
    event,
    planCode,
    atMs,
    grantedNano,
    periodNo,
  })),
  breakage: kit.store.read.get(
    "SELECT balance_nano AS nano FROM v_ledger_accounts WHERE kind = 'breakage' AND mode = 'live'",
  ),
})

describe("monthly credits", () => {
  test("come once a period, on the anchor's day or the month's last, and never drift", async () => {
    const kit = await openPlans("2026-01-31T12:00:00")
    await kit.plans.assign(ctx, { user: ANN, planCode: "starter" })
    for (const day of ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]) {
      await kit.until(`${day}T11:59:59.999`)
      const before = kit.plans.historyOf(UserId(1)).length
      await kit.until(`${day}T12:00:00`)
      await kit.until(`${day}T12:00:00`)
      expect(kit.plans.historyOf(UserId(1)).length).toBe(before + 1)
    }
    expect(periods(kit)).toEqual(["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"])
    expectHealthy(kit)
  })

  test("what is unused rolls over for one period, up to one period's credits", async () => {
    const kit = await openPlans("2026-03-01T00:00:00")
    await kit.plans.assign(ctx, { user: ANN, planCode: "starter" })
    await kit.spend(usd(12))
    await kit.until("2026-04-01T00:00:00")
    expect(kit.lots()).toEqual([
      ["subscription", usd(18), "2026-05-01T00:00"],
      ["subscription", usd(30), "2026-05-01T00:00"],
    ])
    // The older credits go first; what had rolled over once is lost then.
    await kit.spend(usd(10))
    await kit.until("2026-05-01T00:00:00")
    expect(kit.balance()).toBe(usd(60))
    await kit.until("2026-06-01T00:00:00")
    expect(kit.balance()).toBe(usd(60))
    expectHealthy(kit)
  })

  test("are granted by 100 calls at once, once", async () => {
    const kit = await openPlans("2026-03-01T00:00:00")
    await kit.plans.assign(ctx, { user: ANN, planCode: "starter" })
    await kit.spend(usd(30))
    kit.sleepUntil("2026-04-01T00:00:00")
    const calls = Array.from({ length: 100 }, () => kit.store.write(ctx, (tx) => kit.plans.allocateDueIn(tx, ANN.id)))
    const jobs = [kit.plans.allocateDue(), kit.plans.allocateDue()]
    const posted = (await Promise.all(calls)).reduce((sum, count) => sum + count, 0)
    const byJobs = (await Promise.all(jobs)).reduce((sum, job) => sum + job.periods, 0)
    expect(posted + byJobs).toBe(1)
    expect(kit.balance()).toBe(usd(30))
  })

  test("a mutation that is undone grants nothing, and the next one does", async () => {
    const kit = await openPlans("2026-03-01T00:00:00")
    await kit.plans.assign(ctx, { user: ANN, planCode: "starter" })
    await kit.spend(usd(30))
    kit.sleepUntil("2026-04-01T00:00:00")
    const undone = kit.store.write(ctx, (tx) => {
      kit.plans.allocateDueIn(tx, ANN.id)
      throw new Error("refused")
    })
    await expect(undone).rejects.toThrow("refused")
    expect(kit.plans.historyOf(UserId(1))).toHaveLength(1)
    expect(await kit.plans.allocateDue()).toEqual({ people: 1, periods: 1 })
    expect(kit.balance()).toBe(usd(30))
  })

  test("one person's failure does not keep others waiting", async () => {
    const kit = await openPlans("2026-03-01T00:00:00")
    const bob = { id: UserId(2), publicId: "usr_bob" }
    for (const user of [ANN, bob]) await kit.plans.assign(ctx, { user, planCode: "starter" })
    // A wallet that is full: nobody has that much, so it is made by hand.
    const room = Number.MAX_SAFE_INTEGER - usd(30)
    const full = { type: "bonus", bucket: "bonus", paid: false, key: "full", amountNano: nano(room) } as const
    const ann = { kind: "principal", id: UserId(1) } as const
    await kit.store.write(ctx, (tx) => kit.ledger.grantIn(tx, { owner: ann, mode: "live", ...full }))
    kit.sleepUntil("2026-04-01T00:00:00")
    await expect(kit.plans.allocateDue()).rejects.toMatchObject({ code: "validation_failed" })
    expect(kit.plans.historyOf(UserId(1))).toHaveLength(1)
    expect(kit.plans.historyOf(UserId(2))).toHaveLength(2)
  })
})

describe("lateness changes nothing", () => {
  /** Starter with 12 dollars used, then nobody looks until July; on time or after three boundaries at once. */
  async function live(kit: PlansKit, onTime: boolean) {
    await kit.plans.assign(ctx, { user: ANN, planCode: "starter" })
    await kit.spend(usd(12))
    if (onTime) for (const day of ["2026-04-01", "2026-05-01", "2026-06-01"]) await kit.until(`${day}T00:00:00`)
    await kit.until("2026-06-20T00:00:00")
  }

  test("three periods missed: granted, expired and rolled over as if the server had run", async () => {
    const [prompt, late] = [await openPlans("2026-03-01T00:00:00"), await openPlans("2026-03-01T00:00:00")]
    await live(prompt, true)
    await live(late, false)
    expect(late.plans.historyOf(UserId(1))).toHaveLength(4)
    expect(outcome(late)).toEqual(outcome(prompt))
    expect(late.balance()).toBe(usd(60))
    expectHealthy(late)
    expectHealthy(prompt)
  })

  test("a change and a choice that waited take effect at their own moment", async () => {
    const kits = [await openPlans("2026-03-01T00:00:00"), await openPlans("2026-03-01T00:00:00")]
    for (const [index, kit] of kits.entries()) {
      await kit.plans.assign(ctx, { user: ANN, planCode: "enterprise" })
      await kit.plans.change(ctx, { user: ANN, planCode: "professional", choice: "byok" })
      if (index === 0) await kit.until("2026-04-01T00:00:00")
      await kit.until("2026-05-05T00:00:00")
    }
    expect(outcome(kits[1]!)).toEqual(outcome(kits[0]!))
    expect(kits[1]!.plans.standingOf(UserId(1))).toMatchObject({ plan: { code: "professional" }, choice: "byok" })
  })

  test("a period keeps the terms of its start when the plan is edited before it is posted", async () => {
    const kits = [await openPlans("2026-03-01T00:00:00"), await openPlans("2026-03-01T00:00:00")]
    for (const [index, kit] of kits.entries()) {
      await kit.plans.assign(ctx, { user: ANN, planCode: "starter" })
      kit.sleepUntil("2026-04-01T00:00:00")
      if (index === 0) await kit.plans.allocateDue()
      await kit.plans.updatePlan(ctx, { code: "starter", monthlyNano: usd(10), rolloverMaxNano: usd(1) })
      await kit.until("2026-05-10T00:00:00")
    }
    expect(outcome(kits[1]!)).toEqual(outcome(kits[0]!))
    expect(kits[1]!.plans.historyOf(UserId(1)).map((row) => row.grantedNano)).toEqual([usd(10), usd(30), usd(30)])
  })

  test("for any rollover terms and any spending: the job every day, or never and calls alone", async () => {
    for (let seed = 1; seed <= 6; seed++) {
      let state = seed * 7_919
      const random = (below: number) => {
        state = (state * 16_807) % 2_147_483_647
        return state % below
      }
      const terms = {
        rolloverMaxNano: usd(random(31)),
        rolloverCapNano: random(3) === 0 ? null : usd(random(60)),
        rolloverPeriods: 1 + random(3),
      }
      const days = Array.from({ length: 8 }, () => random(200)).sort((a, b) => a - b)
      const spending = days.map((day) => ({ day, amountNano: usd(random(20) + 1) }))
      const kits = [await openPlans("2026-01-31T00:00:00"), await openPlans("2026-01-31T00:00:00")]
      for (const [index, kit] of kits.entries()) {
        await kit.plans.updatePlan(ctx, { code: "starter", ...terms })
        kit.clock.advance(1_000)
        await kit.plans.assign(ctx, { user: ANN, planCode: "starter" })
        for (let day = 0; day <= 200; day++) {
          if (index === 0 || day === 200) {
            await kit.plans.allocateDue()
            await kit.ledger.expireDue()
          }
          for (const call of spending.filter((each) => each.day === day)) {
            await kit.spend(call.amountNano).catch((error: { code?: string }) => {
              if (error.code !== "conflict") throw error
            })
          }
          kit.clock.advance(DAY_MS)
        }
      }
      expect({ seed, ...outcome(kits[1]!) }).toEqual({ seed, ...outcome(kits[0]!) })
    }
  })

  test("for any starting moment: the steps at once are the steps one by one, without a gap", async () => {
    const kit = await openPlans("2026-03-01T00:00:00")
    const plan = kit.plans.planByCode("starter")!
    let state = 11
    const random = () => {
      state = (state * 16_807) % 2_147_483_647
      return state / 2_147_483_647
    }
    for (let round = 0; round < 300; round++) {
      const now = Math.floor(at("2024-01-01T00:00:00") + random() * 1_500 * DAY_MS)
      const first = start({ userId: UserId(1), plan, choice: undefined, paid: false, now, before: null }).after
      const endMs = now + Math.floor(random() * 900) * DAY_MS
      const atOnce = advance(first, endMs, () => plan)
      const oneByOne = []
      let row = first
      for (let moment = now; moment <= endMs; moment += DAY_MS) {
        const steps = advance(row, moment, () => plan)
        expect(steps.length).toBeLessThanOrEqual(1)
        oneByOne.push(...steps)
        row = steps.at(-1)?.after ?? row
      }
      expect(atOnce).toEqual(oneByOne)
      let boundary = first.periodEndMs!
      for (const { after, grant } of atOnce) {
        expect(after.periodStartMs).toBe(boundary)
        expect([grant?.effectiveMs, grant?.expiresMs]).toEqual([boundary, after.periodEndMs!])
        boundary = after.periodEndMs!
      }
      expect(boundary).toBeGreaterThan(endMs)
    }
  })
})
