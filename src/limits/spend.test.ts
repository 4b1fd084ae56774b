// Limits of spend, and those of a key: used and held together never pass them.
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { AppError, DAY_MS, KeyId, MINUTE_MS, UserId } from "../app/index.ts"
import { testCtx } from "../store/index.ts"
import { LIMIT_KINDS } from "./index.ts"
import { spanOf } from "./kinds.ts"
import { admitted, type Kit, openLimits, refusal, START, type Who } from "./testing.ts"

let k: Kit
beforeEach(async () => {
  k = await openLimits()
})
afterEach(() => k.close())

describe("spend", () => {
  const SPEND = LIMIT_KINDS.filter((kind) => kind.startsWith("spend"))

  test.each(SPEND)("%s: used and held are never above the limit, of 1,000 calls at once", async (kind) => {
    const limit = 5_000
    await k.set("key", "1", kind, limit)
    let holds = 0
    let seenMax = 0
    const watch = k.store.committed(() => {
      for (const { used, held } of k.counts()) seenMax = Math.max(seenMax, used + held)
    })
    const call = async (n: number) => {
      const ticket = k.admit({ key: 1 })
      if (await k.hold(ticket, 100)) return 0
      holds++
      const charged = (n * 37) % 101
      await k.settle(ticket, charged)
      return charged
    }
    const charges = await Promise.all(Array.from({ length: 1_000 }, (_, n) => call(n)))
    watch()
    const spent = charges.reduce((sum, one) => sum + one, 0)
    expect(k.counts()).toEqual([expect.objectContaining({ subject: "key:1", kind, used: spent, held: 0 })])
    expect(holds).toBeGreaterThanOrEqual(50)
    expect(seenMax).toBeGreaterThan(limit - 100)
    expect(seenMax).toBeLessThanOrEqual(limit)
  })

  test("survives a restart; what dead calls held is free once the books know what they came to", async () => {
    await k.set("key", "1", "spend_day", 1_000)
    const [done, dead] = [k.admit({ key: 1 }), k.admit({ key: 1 })]
    await k.hold(done, 400)
    await k.settle(done, 300)
    await k.hold(dead, 600)
    k.restart()
    // The place is taken until it is known what the call came to.
    expect(refusal(await k.hold(k.admit({ key: 1 }), 200)).code).toBe("spend_limit_exceeded")
    await k.limits.noteDead()
    await k.limits.recover()
    expect(k.counts()).toEqual([expect.objectContaining({ used: 300, held: 0 })])
    expect(await k.hold(k.admit({ key: 1 }), 700)).toBeNull()
  })

  test("a raise in the next window holds of the window of the hold", async () => {
    await k.set("key", "1", "spend_day", 1_000)
    const ticket = k.admit({ key: 1 })
    await k.hold(ticket, 600)
    k.clock.advance(DAY_MS)
    await k.write((tx) => {
      expect(ticket.roomIn(tx)).toBe(400)
      ticket.reserveIn(tx, 400)
    })
    await k.settle(ticket, 1_000)
    expect(k.counts()).toEqual([expect.objectContaining({ used: 1_000, held: 0 })])
  })

  test("what a mutation counted is undone with it, also beside others of one commit", async () => {
    await k.set("key", "1", "spend_day", 1_000)
    await k.set("key", "1", "requests_day", 100)
    const hold = (fails: boolean) => {
      const ticket = k.admit({ key: 1 })
      return k
        .write((tx) => {
          ticket.admitIn(tx)
          ticket.reserveIn(tx, 10)
          if (fails) throw new AppError("conflict", "undone")
        })
        .catch(() => {})
    }
    await Promise.all(Array.from({ length: 60 }, (_, n) => hold(n % 3 === 0)))
    expect(k.counts().map(({ used, held }) => [used, held])).toEqual([
      [40, 0],
      [0, 400],
    ])
  })

  test("belongs to the window of its hold, and a settle that comes twice counts once", async () => {
    await k.set("key", "1", "spend_week", 1_000)
    const sunday = Date.UTC(2026, 3, 19, 23, 59, 59, 999)
    k.clock.set(sunday)
    const ticket = k.admit({ key: 1 })
    await k.hold(ticket, 1_000)
    expect(refusal(await k.hold(k.admit({ key: 1 }), 1)).extra.retryAfterSeconds).toBe(1)
    k.clock.advance(1)
    expect(await k.hold(k.admit({ key: 1 }), 1_000)).toBeNull()
    await k.settle(ticket, 70)
    await k.settle(ticket, 70)
    expect(k.counts().map(({ used, held }) => [used, held])).toEqual([
      [70, 0],
      [0, 1_000],
    ])
  })

  test("of a total that is used up waiting does not help; free calls still pass", async () => {
    await k.set("key", "1", "spend_total", 100)
    const ticket = k.admit({ key: 1 })
    await k.hold(ticket, 100)
    await k.settle(ticket, 100)
    const error = refusal(await k.hold(k.admit({ key: 1 }), 1))
    expect([error.code, error.status, error.extra.retryAfterSeconds]).toEqual(["spend_limit_exceeded", 429, undefined])
    expect(await k.hold(k.admit({ key: 1 }), 0)).toBeNull()
  })

  test("a raise holds more, and the settle gives all of it back", async () => {
    await k.set("user", "1", "spend_month", 1_000)
    const ticket = k.admit()
    await k.hold(ticket, 300)
    await k.write((tx) => {
      expect(ticket.roomIn(tx)).toBe(700)
      ticket.reserveIn(tx, 500)
    })
    expect(k.counts()).toEqual([expect.objectContaining({ used: 0, held: 800 })])
    await k.settle(ticket, 450)
    expect(k.counts()).toEqual([expect.objectContaining({ used: 450, held: 0 })])
  })

  test("test credits are no money of a person, but a test key has its limit", async () => {
    await k.set("user", "1", "spend_day", 10)
    await k.set("key", "2", "spend_day", 20)
    const spend = (who: Who, nano: number) => k.hold(k.admit({ mode: "test", ...who }), nano)
    expect(await spend({}, 1_000)).toBeNull()
    expect(await spend({ key: 2 }, 20)).toBeNull()
    expect(refusal(await spend({ key: 2 }, 1)).extra.fields).toMatchObject({ limit_of: "key" })
  })
})

describe("a key's own limits", () => {
  const key = { keyId: KeyId(5), keyPublicId: "key_5" }

  test("are set, shown with what is used, and taken away by their owner", async () => {
    await k.limits.setKeyLimits(testCtx, { ...key, limits: { spend_day: 1_000, requests_minute: 9, concurrent: 2 } })
    const ticket = k.admit({ key: 5 })
    await k.hold(ticket, 400)
    expect(k.limits.keyLimits({ keyId: KeyId(5), payerId: UserId(1) }).own).toEqual(
      expect.arrayContaining([
        { kind: "spend_day", amount: 1_000, used: 0, held: 400, endMs: spanOf("day", START).endMs },
        { kind: "requests_minute", amount: 9, used: 1, held: 0, endMs: spanOf("minute", START).endMs },
        { kind: "concurrent", amount: 2, used: 1, held: 0, endMs: null },
      ]),
    )
    await k.limits.setKeyLimits(testCtx, { ...key, limits: { spend_day: null, concurrent: 1 } })
    expect(
      k.limits.keyLimits({ keyId: KeyId(5), payerId: UserId(1) }).own.map(({ kind, amount }) => [kind, amount]),
    ).toEqual([
      ["requests_minute", 9],
      ["concurrent", 1],
    ])
    expect(refusal(k.ask({ key: 5 })).extra.fields).toMatchObject({ limit: "concurrent", limit_of: "key" })
    expect(k.limits.rules()).toEqual([])
    const acts = k.store.read.all("SELECT subject FROM audit_log WHERE action = 'key.limits_changed'")
    expect(acts).toEqual([{ subject: "key_5" }, { subject: "key_5" }])
  })

  test("never go above what the operator set, and the lower of the two counts", async () => {
    await k.set("key", "5", "requests_minute", 3)
    const above = k.limits.setKeyLimits(testCtx, { ...key, limits: { requests_minute: 4, spend_day: 1 } })
    expect(await above.catch((error) => Object.keys(error.extra.formErrors))).toEqual(["requests_minute"])
    expect(k.limits.keyLimits({ keyId: KeyId(5), payerId: UserId(1) }).own).toEqual([])
    await k.limits.setKeyLimits(testCtx, { ...key, limits: { requests_minute: 2 } })
    expect(admitted(Array.from({ length: 9 }, () => k.ask({ key: 5 })))).toBe(2)
    await k.set("key", "5", "requests_minute", 1)
    k.clock.advance(MINUTE_MS)
    expect(admitted(Array.from({ length: 9 }, () => k.ask({ key: 5 })))).toBe(1)
  })
})

describe("members of a team", () => {
  const [TEAM, OTHER] = [50, 51]
  const limit = (user: number, limits: Record<string, number | null>, team = TEAM) =>
    k.write((tx) =>
      k.limits.setMemberLimitsIn(tx, {
        teamId: UserId(team),
        userId: UserId(user),
        teamPublicId: "tea_1",
        person: `usr_${user}`,
        limits,
      }),
    )
  const use = (user: number) => k.limits.memberUse({ teamId: UserId(TEAM), userId: UserId(user) })

  test.each(["spend_day", "spend_month"])(
    "%s: over 500 calls at once by two keys, exact, and nobody else's",
    async (kind) => {
      await limit(1, { [kind]: 5_000 })
      let spent = 0
      const call = async (who: Who, n: number) => {
        const ticket = k.admit(who)
        if (await k.hold(ticket, 100)) return 0
        await k.settle(ticket, (n * 37) % 101)
        return (n * 37) % 101
      }
      const charges = await Promise.all(
        Array.from({ length: 500 }, (_, n) => call({ user: 1, payer: TEAM, key: 1 + (n % 2) }, n)),
      )
      for (const one of charges) spent += one
      expect(spent).toBeGreaterThan(2_000)
      expect(spent).toBeLessThanOrEqual(5_000)
      expect(use(1).find((one) => one.kind === kind)).toMatchObject({ amount: 5_000, used: spent, held: 0 })
      // Their own wallet, another team's, and somebody else of this team are free.
      for (const who of [{ user: 1 }, { user: 1, payer: OTHER, key: 3 }, { user: 2, payer: TEAM, key: 4 }])
        expect(await k.hold(k.admit(who), 9_000)).toBeNull()
    },
  )

  test("a refusal says that it is the member's, of which team's making, and when to come again; taken away it lets all through", async () => {
    await limit(1, { spend_day: 100 })
    const refused = refusal(await k.hold(k.admit({ user: 1, payer: TEAM, key: 1 }), 60_000))
    expect([refused.code, refused.extra.fields]).toEqual([
      "spend_limit_exceeded",
      { limit: "spend_day", limit_of: "member" },
    ])
    expect(refused.message).toStartWith("In this team you may spend ")
    await limit(1, { spend_day: null })
    expect(await k.hold(k.admit({ user: 1, payer: TEAM, key: 1 }), 60_000)).toBeNull()
  })

  test("an app that the team pays counts as well, and a dead call gives back what it held", async () => {
    await limit(1, { spend_day: 1_000 })
    const [app, dead] = [k.admit({ user: 1, payer: TEAM, app: 7 }), k.admit({ user: 1, payer: TEAM, key: 1 })]
    await k.hold(app, 400)
    await k.settle(app, 400)
    await k.hold(dead, 600)
    k.restart()
    expect(refusal(await k.hold(k.admit({ user: 1, payer: TEAM, key: 1 }), 1)).code).toBe("spend_limit_exceeded")
    await k.limits.noteDead()
    await k.limits.recover()
    expect(await k.hold(k.admit({ user: 1, payer: TEAM, key: 1 }), 600)).toBeNull()
  })

  test("what an operator allows a person in all is counted beside for each team, by the plan that pays", async () => {
    await k.set("plan", "free", "requests_day", 1)
    await k.set("plan", "team", "requests_day", 2)
    const ask = (who: Who) => k.hold(k.admit(who), 0).then((error) => error?.code ?? "ok")
    const mine: Who = { user: 1, plan: "free" }
    const theirs: Who = { user: 1, payer: TEAM, key: 1, plan: "team" }
    expect([await ask(mine), await ask(mine), await ask(theirs), await ask(theirs), await ask(theirs)]).toEqual([
      "ok",
      "rate_limit_exceeded",
      "ok",
      "ok",
      "rate_limit_exceeded",
    ])
  })

  test("no operator's list has them; who is gone leaves none", async () => {
    await limit(1, { spend_day: 100, spend_month: 1_000 })
    expect(k.limits.rules()).toEqual([])
    await k.write((tx) => void k.limits.dropMemberLimitsIn(tx, { teamId: UserId(TEAM), userId: UserId(1) }))
    expect(use(1).map(({ amount }) => amount)).toEqual([null, null])
    expect(await k.hold(k.admit({ user: 1, payer: TEAM, key: 1 }), 60_000)).toBeNull()
  })

  test.each([-1, 1.5, Number.MAX_VALUE])("%p is no limit", async (amount) => {
    expect(refusal(await limit(1, { spend_day: amount }).catch((error) => error)).code).toBe("validation_failed")
  })
})
