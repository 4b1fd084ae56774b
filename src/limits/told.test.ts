// What callers are told of limits, and what limits may be.
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { AppError, DAY_MS, SECOND_MS } from "../app/index.ts"
import { testCtx } from "../store/index.ts"
import { goDuration } from "./headers.ts"
import { spanOf } from "./kinds.ts"
import { demandOf, type Kit, openLimits, START } from "./testing.ts"
import { Ticket } from "./ticket.ts"

let k: Kit
beforeEach(async () => {
  k = await openLimits()
})
afterEach(() => k.close())

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
