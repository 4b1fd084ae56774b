// Limits as rules and counters: exact in every window, over restarts and clocks that jump, for any mix of calls.
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { AppError, DAY_MS, HOUR_MS, KeyId, MINUTE_MS, SECOND_MS, UserId } from "../app/index.ts"
import { testCtx } from "../store/index.ts"
import { goDuration } from "./headers.ts"
import { LIMIT_KINDS, LIMITER_LIMITS, type LimitKind } from "./index.ts"
import { spanOf } from "./kinds.ts"
import { demandOf, type Kit, openLimits, START, type Who } from "./testing.ts"
import { Ticket } from "./ticket.ts"

let k: Kit
beforeEach(async () => {
  k = await openLimits()
})
afterEach(() => k.close())

const admitted = (outcomes: unknown[]) => outcomes.filter((one) => one instanceof Ticket).length
const refusal = (one: unknown): AppError => {
  if (!(one instanceof AppError)) throw new Error("was not refused")
  return one
}

describe("windows", () => {
  test("are aligned to UTC: midnight, Monday, the first of a month, leap years", () => {
    const at = (span: Parameters<typeof spanOf>[0], iso: string) => {
      const { startMs, endMs } = spanOf(span, Date.parse(iso))
      return [startMs, endMs].map((ms) => new Date(ms).toISOString().slice(0, 19))
    }
    expect(at("day", "2026-04-15T23:59:59.999Z")).toEqual(["2026-04-15T00:00:00", "2026-04-16T00:00:00"])
    expect(at("day", "2026-04-16T00:00:00.000Z")).toEqual(["2026-04-16T00:00:00", "2026-04-17T00:00:00"])
    expect(at("week", "2026-04-19T23:59:59.999Z")).toEqual(["2026-04-13T00:00:00", "2026-04-20T00:00:00"])
    expect(at("week", "2026-04-20T00:00:00.000Z")).toEqual(["2026-04-20T00:00:00", "2026-04-27T00:00:00"])
    expect(at("week", "1970-01-01T00:00:00.000Z")).toEqual(["1969-12-29T00:00:00", "1970-01-05T00:00:00"])
    expect(at("month", "2028-02-29T12:00:00.000Z")).toEqual(["2028-02-01T00:00:00", "2028-03-01T00:00:00"])
    expect(at("month", "2026-12-31T23:59:59.999Z")).toEqual(["2026-12-01T00:00:00", "2027-01-01T00:00:00"])
    for (let day = 0; day < 2_000; day++) {
      const { startMs, endMs } = spanOf("week", day * DAY_MS + 1)
      expect([new Date(startMs).getUTCDay(), endMs - startMs]).toEqual([1, 7 * DAY_MS])
      expect(startMs <= day * DAY_MS && day * DAY_MS < endMs).toBe(true)
    }
  })

  test.each([
    ["requests_second", SECOND_MS],
    ["requests_minute", MINUTE_MS],
  ] as const)("%s: exactly so many pass, the wait is true, and then as many again", async (kind, lengthMs) => {
    await k.set("everybody", "", kind, 10)
    for (let round = 0; round < 3; round++) {
      const outcomes = Array.from({ length: 1_000 }, () => k.ask())
      expect(admitted(outcomes)).toBe(10)
      const error = refusal(outcomes.at(-1))
      expect([error.code, error.extra.fields]).toEqual(["rate_limit_exceeded", { limit: kind, limit_of: "user" }])
      const waitMs = error.extra.retryAfterSeconds! * SECOND_MS
      k.clock.set(spanOf(kind === "requests_second" ? "second" : "minute", k.clock.now()).endMs - 1)
      expect(refusal(k.ask()).extra.retryAfterSeconds).toBe(1)
      k.clock.advance(1)
      expect(waitMs).toBeLessThanOrEqual(lengthMs)
    }
  })

  test.each(["requests_hour", "requests_day"] as const)("%s: exact, and survives a restart", async (kind) => {
    await k.set("everybody", "", kind, 10)
    const call = () => k.hold(k.admit(), 0)
    const outcomes = await Promise.all(Array.from({ length: 500 }, () => call()))
    expect(outcomes.filter((one) => one === null).length).toBe(10)
    k.restart()
    const error = refusal(await call())
    const { endMs } = spanOf(kind === "requests_hour" ? "hour" : "day", START)
    expect(error.extra.retryAfterSeconds).toBe((endMs - START) / SECOND_MS)
    k.clock.set(endMs - 1)
    expect(refusal(await call()).extra.retryAfterSeconds).toBe(1)
    k.clock.set(endMs)
    expect(await call()).toBeNull()
  })

  test("a clock that jumps back opens no window a second time", async () => {
    await k.set("everybody", "", "requests_minute", 3)
    await k.set("everybody", "", "tokens_minute", 1_000)
    for (let n = 0; n < 3; n++) expect(k.ask({}, demandOf(10))).toBeInstanceOf(Ticket)
    for (const back of [1, SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS, 400 * DAY_MS]) {
      k.clock.set(START - back)
      expect(refusal(k.ask({}, demandOf(10))).code).toBe("rate_limit_exceeded")
    }
    k.clock.set(spanOf("minute", START).endMs)
    expect(k.ask({}, demandOf(10))).toBeInstanceOf(Ticket)
  })

  test("0 lets nothing through, and says that waiting does not help", async () => {
    await k.set("everybody", "", "requests_minute", 0)
    const error = refusal(k.ask())
    expect([error.extra.retryAfterSeconds, error.extra.headers?.["x-should-retry"]]).toEqual([undefined, "false"])
  })

  test("a call that a long window refuses is counted in no short one", async () => {
    await k.set("everybody", "", "requests_minute", 5)
    await k.set("everybody", "", "requests_hour", 1)
    expect(await k.hold(k.admit(), 0)).toBeNull()
    for (let n = 2; n < 50; n++)
      expect(refusal(await k.hold(k.admit(), 0)).extra.fields).toMatchObject({ limit: "requests_hour" })
    expect(k.admit().headers()["x-ratelimit-remaining-requests"]).toBe("3")
  })
})

describe("whom a rule binds", () => {
  test("of each kind the nearest counts: person, then plan, then everybody", async () => {
    await k.set("everybody", "", "requests_minute", 1)
    await k.set("plan", "pro", "requests_minute", 2)
    await k.set("user", "7", "requests_minute", 3)
    const passes = (who: Who) => admitted(Array.from({ length: 9 }, () => k.ask(who)))
    expect([passes({ user: 1 }), passes({ user: 2, plan: "pro" }), passes({ user: 7, plan: "pro" })]).toEqual([1, 2, 3])
    // Another kind of the plan stays beside the person's own.
    await k.set("plan", "pro", "concurrent", 1)
    expect(refusal(k.ask({ user: 7, plan: "pro" })).extra.fields).toMatchObject({ limit: "requests_minute" })
    k.clock.advance(MINUTE_MS)
    expect(refusal(k.ask({ user: 7, plan: "pro" })).extra.fields).toMatchObject({ limit: "concurrent" })
  })

  test("a person's keys and apps share what the person may; each has its own limit besides", async () => {
    await k.set("everybody", "", "requests_minute", 5)
    await k.set("key", "4", "requests_minute", 2)
    await k.set("app", "3", "requests_minute", 3)
    await k.set("app_user", "3:8", "requests_minute", 1)
    const passes = (who: Who) => admitted(Array.from({ length: 9 }, () => k.ask(who)))
    expect(passes({ user: 1, key: 4 })).toBe(2)
    expect(refusal(k.ask({ user: 1, key: 4 })).extra.fields).toMatchObject({ limit_of: "key" })
    expect(passes({ user: 1, app: 3 })).toBe(3)
    expect(refusal(k.ask({ user: 1, key: 5 })).extra.fields).toMatchObject({ limit_of: "user" })
    expect([passes({ user: 8, app: 3 }), passes({ user: 9, app: 3 })]).toEqual([1, 3])
  })

  test("a change holds for the next request", async () => {
    const rule = await k.set("everybody", "", "requests_minute", 1)
    expect([k.ask(), k.ask()].map((one) => one instanceof Ticket)).toEqual([true, false])
    await k.limits.change(testCtx, { publicId: rule.publicId, amount: 2 })
    expect(k.ask()).toBeInstanceOf(Ticket)
    await k.limits.remove(testCtx, rule.publicId)
    expect(admitted(Array.from({ length: 100 }, () => k.ask()))).toBe(100)
  })

  test("acts are in the audit log, and two who change one limit meet", async () => {
    const { publicId, updatedMs } = await k.set("plan", "pro", "requests_minute", 1)
    await k.set("plan", "pro", "requests_minute", 1)
    await k.set("plan", "pro", "requests_minute", 2)
    const late = k.limits.change(testCtx, { publicId, amount: 3, seenMs: updatedMs })
    expect(await late.catch((error) => error.code)).toBe("conflict")
    await k.limits.remove(testCtx, publicId)
    const rows = k.store.read.all<{ action: string }>("SELECT action FROM audit_log ORDER BY id")
    expect(rows.map((row) => row.action)).toEqual(["limit.set", "limit.changed", "limit.removed"])
    expect(k.limits.rules()).toEqual([])
  })

  test("amounts that are none are refused", async () => {
    for (const amount of [-1, 1.5, Number.NaN, LIMITER_LIMITS.amountMax + 1])
      expect(await k.set("everybody", "", "requests_minute", amount).then(String, (error) => error.code)).toBe(
        "validation_failed",
      )
  })
})

describe("calls at the same time", () => {
  test("exactly so many run, each end lets one more in, and none gives back twice", async () => {
    await k.set("key", "1", "concurrent", 7)
    const outcomes = Array.from({ length: 1_000 }, () => k.ask({ key: 1 }))
    const running = outcomes.filter((one) => one instanceof Ticket)
    expect(running.length).toBe(7)
    expect(refusal(outcomes.at(-1)).extra.retryAfterSeconds).toBe(1)
    for (let n = 0; n < 3; n++) running[0]!.release()
    expect(admitted(Array.from({ length: 9 }, () => k.ask({ key: 1 })))).toBe(1)
  })
})

describe("tokens", () => {
  test("are reserved as estimated and set right when the call ends, in their minute only", async () => {
    await k.set("everybody", "", "tokens_minute", 100)
    const outcomes = Array.from({ length: 1_000 }, () => k.ask({}, demandOf(20, { outputTokens: 10 })))
    expect(admitted(outcomes)).toBe(3)
    const [first, second, third] = outcomes as Ticket[]
    await k.settle(first!, 0, 5)
    await k.settle(second!, 0, 50)
    // 5 + 50 + 30 reserved.
    expect(third!.headers()["x-ratelimit-remaining-tokens"]).toBe("15")
    // Never asked of anybody: all of it is free again.
    third!.release()
    expect(k.admit({}, demandOf(1)).headers()["x-ratelimit-remaining-tokens"]).toBe("44")
  })

  test("of a call that outlives its minute change nothing in the next", async () => {
    await k.set("everybody", "", "tokens_minute", 100)
    const ticket = k.admit({}, demandOf(60))
    k.clock.advance(MINUTE_MS)
    const next = k.admit({}, demandOf(90))
    ticket.release()
    expect(next.headers()["x-ratelimit-remaining-tokens"]).toBe("10")
  })

  test("more than the whole limit never fits, and says so; an answer without a maximum is shortened instead", async () => {
    await k.set("everybody", "", "tokens_minute", 100)
    const error = refusal(k.ask({}, demandOf(50, { outputTokens: 51 })))
    expect([error.code, error.extra.retryAfterSeconds, error.extra.headers?.["x-should-retry"]]).toEqual([
      "rate_limit_exceeded",
      undefined,
      "false",
    ])
    expect(k.admit({}, demandOf(50, { outputTokens: 4_096, isNamed: false })).outputTokensMax).toBe(50)
  })

  test("of one request: 400 by the name of the field, or shortened where none was named", async () => {
    await k.set("everybody", "", "tokens_request", 100)
    const named = refusal(k.ask({}, demandOf(50, { outputTokens: 51 })))
    expect([named.code, named.extra.param]).toEqual(["invalid_request", "max_tokens"])
    const prompt = refusal(k.ask({}, demandOf(100, { outputTokens: 1 })))
    expect([prompt.code, prompt.extra.param]).toEqual(["invalid_request", "messages"])
    expect(k.admit({}, demandOf(50, { outputTokens: 50 })).outputTokensMax).toBeNull()
    expect(k.admit({}, demandOf(50, { outputTokens: 51, isNamed: false })).outputTokensMax).toBe(50)
    expect(k.admit({}, demandOf(100)).outputTokensMax).toBeNull()
  })
})

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
    expect(k.limits.keyLimits({ keyId: KeyId(5), userId: UserId(1) }).own).toEqual(
      expect.arrayContaining([
        { kind: "spend_day", amount: 1_000, used: 0, held: 400, endMs: spanOf("day", START).endMs },
        { kind: "requests_minute", amount: 9, used: 1, held: 0, endMs: spanOf("minute", START).endMs },
        { kind: "concurrent", amount: 2, used: 1, held: 0, endMs: null },
      ]),
    )
    await k.limits.setKeyLimits(testCtx, { ...key, limits: { spend_day: null, concurrent: 1 } })
    expect(
      k.limits.keyLimits({ keyId: KeyId(5), userId: UserId(1) }).own.map(({ kind, amount }) => [kind, amount]),
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
    expect(k.limits.keyLimits({ keyId: KeyId(5), userId: UserId(1) }).own).toEqual([])
    await k.limits.setKeyLimits(testCtx, { ...key, limits: { requests_minute: 2 } })
    expect(admitted(Array.from({ length: 9 }, () => k.ask({ key: 5 })))).toBe(2)
    await k.set("key", "5", "requests_minute", 1)
    k.clock.advance(MINUTE_MS)
    expect(admitted(Array.from({ length: 9 }, () => k.ask({ key: 5 })))).toBe(1)
  })
})

describe("what is told", () => {
  test("the tightest window of each unit, in every family of headers", async () => {
    await k.set("everybody", "", "requests_minute", 60)
    await k.set("everybody", "", "requests_day", 10)
    await k.set("key", "5", "tokens_minute", 1_000)
    await k.set("key", "5", "concurrent", 4)
    const ticket = k.admit({ key: 5 }, demandOf(100))
    expect(await k.hold(ticket, 0)).toBeNull()
    const dayLeft = (spanOf("day", START).endMs - START) / SECOND_MS
    expect(ticket.headers()).toEqual({
      "ratelimit-policy":
        '"user-requests-day";q=10;w=86400, "key-tokens-minute";q=1000;qu="tokens";w=60, "key-concurrent";q=4;qu="concurrent-requests"',
      ratelimit: `"user-requests-day";r=9;t=${dayLeft}, "key-tokens-minute";r=900;t=7, "key-concurrent";r=3`,
      "x-ratelimit-limit-requests": "10",
      "x-ratelimit-remaining-requests": "9",
      "x-ratelimit-reset-requests": goDuration(dayLeft),
      "x-ratelimit-limit-tokens": "1000",
      "x-ratelimit-remaining-tokens": "900",
      "x-ratelimit-reset-tokens": "7s",
    })
    const other = k.admit({ key: 5 }, demandOf(100, { style: "anthropic" }))
    expect(other.headers()).toMatchObject({
      "anthropic-ratelimit-requests-limit": "60",
      "anthropic-ratelimit-requests-remaining": "58",
      "anthropic-ratelimit-requests-reset": "2026-04-15T09:27:00Z",
      "anthropic-ratelimit-tokens-remaining": "800",
    })
    expect(Object.keys(other.headers()).some((name) => name.startsWith("x-"))).toBe(false)
  })

  test("nothing where nothing is limited", () => {
    expect(k.admit({ key: 5, app: 3 }).headers()).toEqual({})
  })

  test("times as Go writes them", () => {
    expect([1, 59, 60, 360, 3_600, 86_399].map(goDuration)).toEqual([
      "1s",
      "59s",
      "1m0s",
      "6m0s",
      "1h0m0s",
      "23h59m59s",
    ])
  })

  test("refusals of a day are counted by rule, over a restart and past midnight", async () => {
    const rule = await k.set("everybody", "", "requests_minute", 1)
    for (let n = 0; n < 5; n++) k.ask()
    expect(k.limits.hitsToday().get(rule.id)).toBe(4)
    await k.limits.flushHits()
    k.restart()
    for (let n = 0; n < 3; n++) k.ask()
    expect(k.limits.hitsToday().get(rule.id)).toBe(6)
    k.clock.set(spanOf("day", START).endMs)
    expect(k.limits.hitsToday().get(rule.id)).toBeUndefined()
    for (let n = 0; n < 3; n++) k.ask()
    expect(k.limits.hitsToday().get(rule.id)).toBe(2)
    await k.limits.flushHits()
    expect(k.store.read.all("SELECT hits FROM limit_hits ORDER BY day")).toEqual([{ hits: 6 }, { hits: 2 }])
    await k.limits.remove(testCtx, rule.publicId)
    await k.limits.flushHits()
  })
})

describe("bounds", () => {
  test("memory holds so many subjects at most, and never forgets a call under way", async () => {
    await k.close()
    k = await openLimits({ talliesMax: 5_000 })
    await k.set("everybody", "", "concurrent", 1)
    const open = k.admit({ user: 1 })
    for (let user = 2; user <= 100_000; user++) {
      k.admit({ user }).release()
      if (user % 10_000 === 0) expect(k.limits.tallies).toBeLessThanOrEqual(5_001)
    }
    expect(k.ask({ user: 1 })).toBeInstanceOf(AppError)
    open.release()
    expect(k.ask({ user: 1 })).toBeInstanceOf(Ticket)
  }, 60_000)

  test("counters whose window is over are swept, unless a call holds of them", async () => {
    await k.set("user", "1", "requests_hour", 10)
    await k.set("user", "1", "spend_day", 10)
    const [done, open] = [k.admit(), k.admit()]
    await k.hold(done, 1)
    await k.settle(done, 1)
    await k.hold(open, 1)
    k.clock.advance(2 * DAY_MS)
    expect(await k.limits.forget(100)).toBe(1)
    await k.settle(open, 1)
    expect(await k.limits.forget(100)).toBe(1)
    expect(k.counts()).toEqual([])
  })
})

test("any mix of calls, ends and moments does what a naive count says", async () => {
  for (let seed = 1; seed <= 12; seed++) {
    await k.close()
    k = await openLimits()
    const random = seeded(seed)
    const kinds = ["requests_second", "requests_minute", "requests_hour", "requests_day", "tokens_minute", "concurrent"]
    const limit = new Map<string, number>()
    for (const kind of kinds)
      if (random(3) > 0) {
        const amount = kind === "tokens_minute" ? 20 + random(80) : 1 + random(12)
        limit.set(kind, amount)
        await k.set("everybody", "", kind as LimitKind, amount)
      }
    if (random(2) > 0) {
      limit.set("spend_day", 50 + random(400))
      await k.set("everybody", "", "spend_day", limit.get("spend_day")!)
    }
    const passed: { atMs: number; tokens: number; nano: number; ticket: Ticket; open: boolean }[] = []
    const within = (kind: LimitKind, of: (one: (typeof passed)[number]) => number) => {
      const span = kind.split("_")[1] as "day"
      const { startMs } = spanOf(span, k.clock.now())
      return passed.filter(({ atMs }) => atMs >= startMs).reduce((sum, one) => sum + of(one), 0)
    }
    for (let step = 0; step < 150; step++) {
      k.clock.advance([0, 100, 900, 20_000, 2_000_000][random(5)]!)
      const open = passed.filter((one) => one.open)
      if (random(3) === 0 && open.length > 0) {
        const one = open[random(open.length)]!
        one.open = false
        const [tokens, nano] = [random(30), random(one.nano + 1)]
        await k.settle(one.ticket, nano, tokens)
        one.nano = nano
        // A call of another minute leaves this one alone.
        one.tokens = tokens
        continue
      }
      const [tokens, nano] = [random(30), random(60)]
      const fits = (kind: LimitKind, used: number, more: number) => used + more <= (limit.get(kind) ?? 1e12)
      const expected =
        fits(
          "requests_second",
          within("requests_second", () => 1),
          1,
        ) &&
        fits(
          "requests_minute",
          within("requests_minute", () => 1),
          1,
        ) &&
        fits(
          "requests_hour",
          within("requests_hour", () => 1),
          1,
        ) &&
        fits(
          "requests_day",
          within("requests_day", () => 1),
          1,
        ) &&
        fits(
          "tokens_minute",
          within("tokens_minute", (one) => one.tokens),
          tokens,
        ) &&
        fits("concurrent", open.length, 1) &&
        fits(
          "spend_day",
          within("spend_day", (one) => one.nano),
          nano,
        )
      const ticket = k.ask({}, demandOf(tokens))
      const isIn = ticket instanceof Ticket && (await k.hold(ticket, nano)) === null
      expect([seed, step, isIn]).toEqual([seed, step, expected])
      if (isIn) passed.push({ atMs: k.clock.now(), tokens, nano, ticket: ticket as Ticket, open: true })
    }
  }
}, 120_000)

function seeded(seed: number): (max: number) => number {
  let state = seed >>> 0
  return (max) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * max)
  }
}
