// Limits as rules and counters: exact in every window, over restarts and clocks that jump, for calls and their tokens.
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../app/index.ts"
import { testCtx } from "../store/index.ts"
import { LIMITER_LIMITS } from "./index.ts"
import { spanOf } from "./kinds.ts"
import { admitted, demandOf, type Kit, openLimits, refusal, START, type Who } from "./testing.ts"
import { Ticket } from "./ticket.ts"

let k: Kit
beforeEach(async () => {
  k = await openLimits()
})
afterEach(() => k.close())

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
