// Days of charges: folded in slices behind the newest, read together with what is not folded yet, exact to the last commit.
import { describe, expect, test } from "bun:test"
import { ClientId, DAY_MS, dayOf } from "../../app/index.ts"
import { expectTruth } from "../books/testing.ts"
import { charged } from "../corrections/testing.ts"
import { ANN, chargeOf, ctx, DEV, expectHealthy, type Kit, kit, openRaw, refused, seeded } from "../testing.ts"
import { DAY_KEY, DAY_SUMS, usedOfApp } from "./store.ts"
import { callIn, calls, foldedThrough, trulyUsed, usedToday } from "./testing.ts"

const MANY = 1_000_000
const APP = { clientId: 3, dailyNano: MANY }

/** Every row of the days against the charges that are folded into them. */
function expectDaysAddUp(k: Kit): void {
  const key = "day, account_id, client_id, scope, route_id, held_day, caller_id"
  const sums =
    "calls, errors, input_tokens, output_tokens, latency_ms, charge_nano, upstream_nano, earned_nano, collected_nano"
  const days = k.store.read.all(`SELECT ${key}, ${sums} FROM charge_days WHERE calls > 0 ORDER BY ${key}`)
  const folded = k.store.read.all(
    `SELECT ${DAY_KEY}, ${DAY_SUMS} FROM charges WHERE id <= ? GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY ${key}`,
    foldedThrough(k),
  )
  expect(days).toEqual(folded)
}

describe("what an app used today", () => {
  test("is exact before, while and after charges are folded, whatever comes back of them", async () => {
    const k = await kit()
    const random = seeded(5)
    await k.grant(MANY)
    const done: string[] = []
    const refunds: string[] = []
    const folds = new Set<number>()
    const expectExact = () => {
      for (const app of [3, 4]) {
        for (const scope of ["llm", "speech"]) expect(usedToday(k, app, scope)).toBe(trulyUsed(k, app, scope))
      }
    }
    for (let round = 0; round < 45; round++) {
      const scope = random() < 0.3 ? "speech" : "llm"
      const more = { ...APP, clientId: random() < 0.3 ? 4 : 3, scope, routeId: 1 + (round % 3) }
      done.push(...(await calls(k, 30 + Math.floor(random() * 40), more)))
      // Old ones are folded, new ones are not.
      const one = done[Math.floor(random() * done.length)]!
      const newest = done.at(-1)!
      await k.write.refundCharge({ transactionId: one, amountNano: 1, key: `r${round}` }).then(
        (refund) => refunds.push(refund.transactionId),
        () => {},
      )
      await k.write.reverse({ transactionId: newest })
      // A refund that took from a developer stays; of 1 n$ it did not.
      if (round % 4 === 3) await k.write.reverse({ transactionId: refunds.pop()! }).catch(() => {})
      folds.add(foldedThrough(k))
      expectExact()
      await expectTruth(k)
    }
    expect(folds.size).toBeGreaterThan(2)
    expectDaysAddUp(k)
    expectHealthy(k.ledger)
  }, 30_000)

  test("holds its limit to the unit on either side of a fold", async () => {
    const k = await kit()
    await k.grant(MANY)
    await calls(k, 500, APP)
    for (const count of [500, 100, 500]) {
      await calls(k, count, APP)
      const used = trulyUsed(k, 3)
      expect((await refused(k.hold(11, { ...APP, dailyNano: used + 10 }))).code).toBe("app_daily_limit_exceeded")
      await k.write.release(await k.hold(10, { ...APP, dailyNano: used + 10 }))
    }
    expect(foldedThrough(k)).toBe(1_024)
    expectHealthy(k.ledger)
  })

  test("is the same to a writer that remembers nothing of it", async () => {
    const k = await kit()
    await k.grant(MANY)
    const [first] = await calls(k, 1_200, APP)
    await k.write.refundCharge({ transactionId: first!, key: "r" })
    const used = trulyUsed(k, 3)
    // A commit of somebody else makes it read anew.
    const db = openRaw(k.path)
    db.run("UPDATE last_commit SET at_ms = at_ms + 1")
    db.close()
    expect((await refused(k.hold(11, { ...APP, dailyNano: used + 10 }))).code).toBe("app_daily_limit_exceeded")
    await k.hold(10, { ...APP, dailyNano: used + 10 })
    await expectTruth(k)
  })

  test("counts on the day of the hold, also when the charge comes after midnight and is folded later", async () => {
    const k = await kit()
    await k.grant(MANY)
    k.clock.advance(DAY_MS - 1)
    const day = dayOf(k.clock.now())
    const [late, never] = [await k.hold(90, APP), await k.hold(50, APP)]
    k.clock.advance(1)
    const settled = await k.write.settle({ hold: late, charge: chargeOf(80), developer: DEV })
    await k.write.release(never)
    const usedOn = (heldDay: number) =>
      usedOfApp(
        k.store.read,
        late.accountId,
        { clientId: ClientId(3), callerId: ANN.id, scope: "llm" },
        heldDay,
        dayOf(k.clock.now()),
      )
    expect([usedOn(day), usedOn(day + 1), usedToday(k, 3)]).toEqual([80, 0, 0])
    await calls(k, 1_100, APP)
    expect(foldedThrough(k)).toBeGreaterThan(1)
    expect([usedOn(day), usedOn(day + 1)]).toEqual([80, trulyUsed(k, 3)])
    // What comes back counts on that day, too, however late.
    k.clock.advance(5 * DAY_MS)
    await k.write.refundCharge({ transactionId: settled.transactionId!, amountNano: 30, key: "r" })
    expect([usedOn(day), usedToday(k, 3)]).toEqual([50, 0])
    expectHealthy(k.ledger)
  })
})

describe("a fold", () => {
  test("is undone with its mutation, and lost with its batch; the next charge does it", async () => {
    let fails = false
    const k = await kit({
      beforeCommit: () => {
        if (fails) throw new Error("disk says no")
      },
    })
    await k.grant(MANY)
    await calls(k, 1_022, APP)
    expect(foldedThrough(k)).toBe(0)
    const thrown = k.store.write(ctx, (tx) => {
      callIn(k, tx, 4, APP)
      expect(tx.get<{ through: number }>("SELECT through FROM charge_fold")!.through).toBe(512)
      throw new Error("no")
    })
    await expect(thrown).rejects.toThrow("no")
    expect([foldedThrough(k), usedToday(k, 3)]).toEqual([0, trulyUsed(k, 3)])
    const open = await k.hold(4, APP)
    fails = true
    await refused(k.write.settle({ hold: open, charge: chargeOf(4), developer: DEV }))
    fails = false
    expect([foldedThrough(k), usedToday(k, 3)]).toEqual([0, trulyUsed(k, 3)])
    await charged(k, 4, APP)
    expect([foldedThrough(k), usedToday(k, 3)]).toEqual([512, trulyUsed(k, 3)])
    await k.write.settle({ hold: open, charge: chargeOf(4), developer: DEV })
    expectDaysAddUp(k)
    expectHealthy(k.ledger)
  })

  test("keeps apart what days, apps, scopes, kinds of call and callers did", async () => {
    const k = await kit()
    await k.grant(MANY)
    const kinds = [
      { clientId: 3, dailyNano: null },
      { clientId: 3 },
      { clientId: 4, dailyNano: 500_000 },
      { scope: "speech", clientId: 3, dailyNano: null },
      { routeId: 8 },
      { callerId: 77 },
      {},
    ]
    for (let day = 0; day < 2; day++) {
      for (const kind of kinds) await calls(k, 200, kind)
      k.clock.advance(DAY_MS)
    }
    expect(foldedThrough(k)).toBeGreaterThan(kinds.length * 200)
    expectDaysAddUp(k)
    const { rows } = k.store.read.get<{ rows: number }>("SELECT COUNT(*) AS rows FROM charge_days")!
    expect(rows).toBeGreaterThan(kinds.length)
    expectHealthy(k.ledger)
  })

  test("catches up slice by slice after many transactions that are no charges", async () => {
    const k = await kit()
    await k.grant(MANY)
    await calls(k, 5, APP)
    await k.store.write(ctx, (tx) => {
      for (let index = 0; index < 2_500; index++) {
        const terms = { owner: ANN, mode: "live", type: "bonus", bucket: "bonus", paid: false } as const
        k.ledger.grantIn(tx, { ...terms, amountNano: 1 as never, key: `gift ${index}` })
      }
    })
    const through: number[] = []
    for (let index = 0; index < 5; index++) {
      await charged(k, 2, APP)
      through.push(foldedThrough(k))
      expect(usedToday(k, 3)).toBe(trulyUsed(k, 3))
    }
    expect(through).toEqual([512, 1_024, 1_536, 1_536, 1_536])
    expectHealthy(k.ledger)
  }, 20_000)
})
