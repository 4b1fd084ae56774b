import { describe, expect, test } from "bun:test"
import { HEALTH_PAIRS_MAX, LATENCY_SAMPLES } from "./limits.ts"
import { ordered } from "./select.ts"
import { begin, call, candidate, overloadOf, refused, routerKit, seeded } from "./testing.ts"
import { Minute } from "./window.ts"

const names = (list: readonly { upstream: { name: string } }[]) => list.map(({ upstream }) => upstream.name)

describe("the order of candidates", () => {
  test("1,000 calls over weights 3:1 come three to one, within chance", () => {
    const random = seeded(42)
    const two = [candidate(1, { weight: 3 }), candidate(2, { weight: 1 })]
    let first = 0
    for (let at = 0; at < 1_000; at++) if (ordered(two, () => 0, random)[0]!.upstream.name === "u1") first++
    // 750 ± 4 standard deviations of 13.7.
    expect(Math.abs(first - 750)).toBeLessThan(55)
  })

  test("every order comes as often as its weights say: the second draw is by what is left", () => {
    const random = seeded(7)
    const three = [candidate(1, { weight: 5 }), candidate(2, { weight: 3 }), candidate(3, { weight: 2 })]
    const seen = new Map<string, number>()
    for (let at = 0; at < 10_000; at++) {
      const order = names(ordered(three, () => 0, random)).join(" ")
      seen.set(order, (seen.get(order) ?? 0) + 1)
    }
    const share = {
      "u1 u2 u3": 0.3,
      "u1 u3 u2": 0.2,
      "u2 u1 u3": 3 / 14,
      "u2 u3 u1": 6 / 70,
      "u3 u1 u2": 0.125,
      "u3 u2 u1": 0.075,
    }
    for (const [order, expected] of Object.entries(share)) {
      expect([order, Math.abs((seen.get(order) ?? 0) / 10_000 - expected) < 0.02]).toEqual([order, true])
    }
  })

  test("lower priority first, models in the order they were given, and nobody is lost or doubled", () => {
    const random = seeded(3)
    const list = [
      candidate(1),
      candidate(2),
      candidate(3, { priority: 1 }),
      candidate(4, {}, "n"),
      candidate(5, {}, "n"),
    ]
    for (let at = 0; at < 200; at++) {
      const found = names(ordered(list, () => 0, random))
      expect([found.slice(0, 2).toSorted(), found[2], found.slice(3).toSorted()]).toEqual([
        ["u1", "u2"],
        "u3",
        ["u4", "u5"],
      ])
    }
  })

  test("those that may not be called now are left out", () => {
    expect(names(ordered([candidate(1), candidate(2)], ({ upstream }) => upstream.id - 1, seeded(1)))).toEqual(["u1"])
  })
})

describe("health", () => {
  test("five failures that are half of the minute's calls open the model there, and no other", () => {
    const { router, clock } = routerKit()
    const [a, other, b] = [candidate(1), candidate(1, {}, "n"), candidate(2)]
    for (let at = 0; at < 4; at++) call(router, a, 500)
    expect(router.order([a])).toEqual([a])
    call(router, a, 502)
    expect(names(router.order([a, b]))).toEqual(["u2"])
    expect(router.order([other])).toEqual([other])
    const refusal = overloadOf(() => router.order([a]))
    expect([refusal.status, refusal.extra.retryAfterSeconds]).toEqual([503, expect.any(Number)])
    expect(refusal.extra.retryAfterSeconds!).toBeWithin(5, 7)
    clock.advance(refusal.extra.retryAfterSeconds! * 1_000)
    // One probe at a time.
    const probe = begin(router, a)
    expect(router.begin(a, () => 0)).toBeNull()
    expect(overloadOf(() => router.order([a])).extra.retryAfterSeconds).toBe(1)
    router.answered(probe, 100)
    router.release(probe, null)
    expect(router.order([a])).toEqual([a])
    call(router, a, 500)
    expect(router.order([a])).toEqual([a])
  })

  test("failures among many successes, or spread over minutes, open nothing", () => {
    const { router, clock } = routerKit()
    const a = candidate(1)
    for (let at = 0; at < 20; at++) call(router, a, "ok")
    for (let at = 0; at < 15; at++) call(router, a, 500)
    expect(router.order([a])).toEqual([a])
    clock.advance(61_000)
    for (let at = 0; at < 10; at++) {
      call(router, a, 500)
      clock.advance(20_000)
    }
    expect(router.order([a])).toEqual([a])
  })

  test("what a caller asked for wrongly says that the server is well", () => {
    const { router } = routerKit()
    const a = candidate(1)
    for (let at = 0; at < 20; at++) {
      const ticket = begin(router, a)
      const rejected = refused(422)
      Object.assign(rejected.error, { code: "provider_rejected" })
      expect(router.failed(ticket, rejected)).toBe("caller")
      router.release(ticket, null)
    }
    expect(router.order([a])).toEqual([a])
  })

  test("a cooldown lasts as long as the server said, to the second", () => {
    const { router, clock } = routerKit()
    const a = candidate(1)
    call(router, a, 429, 90)
    expect(overloadOf(() => router.order([a])).extra.retryAfterSeconds).toBe(90)
    clock.advance(89_001)
    expect(overloadOf(() => router.order([a])).extra.retryAfterSeconds).toBe(1)
    clock.advance(999)
    expect(router.order([a])).toEqual([a])
  })

  test("an overloaded one that says when to come again is left alone until then; else it must fail more often", () => {
    const { router, clock } = routerKit()
    const a = candidate(1)
    call(router, a, 529)
    expect(router.order([a])).toEqual([a])
    call(router, a, 503, 20)
    expect(overloadOf(() => router.order([a])).extra.retryAfterSeconds).toBe(20)
    clock.advance(20_000)
    expect(router.order([a])).toEqual([a])
  })

  test("when all are down the soonest time is told", () => {
    const { router } = routerKit()
    const [a, b, c] = [candidate(1), candidate(2), candidate(3, { isDraining: true })]
    call(router, a, 429, 90)
    call(router, b, 429, 30)
    expect(overloadOf(() => router.order([a, b, c])).extra.retryAfterSeconds).toBe(30)
  })

  test("a refused key or spent credit takes the whole account out, told once, until a probe or a test", () => {
    const { router, clock, outs } = routerKit()
    for (const [id, status, why] of [
      [1, 401, "key"],
      [2, 403, "key"],
      [3, 402, "credit"],
    ] as const) {
      const [a, other] = [candidate(id), candidate(id, {}, "n")]
      const late = begin(router, a)
      call(router, a, status)
      router.failed(late, refused(status))
      router.release(late, null)
      expect(() => router.order([other])).toThrow()
      expect(outs.filter((one) => one === `u${id} ${why}`)).toHaveLength(1)
      // A probe that fails prolongs it without another alarm.
      clock.advance(73_000)
      call(router, other, status)
      expect(outs.filter((one) => one === `u${id} ${why}`)).toHaveLength(1)
      router.health.reset(id)
      expect(router.order([a, other])).toHaveLength(2)
      call(router, a, status)
      expect(outs.filter((one) => one === `u${id} ${why}`)).toHaveLength(2)
      clock.advance(73_000)
      call(router, a, "ok")
      expect(router.order([other])).toEqual([other])
    }
  })

  test("connections that fail take all models of the account out", () => {
    const { router } = routerKit()
    for (let at = 0; at < 5; at++) call(router, candidate(1, {}, `m${at}`), "reset")
    expect(() => router.order([candidate(1, {}, "m9")])).toThrow()
  })

  test("a stream that broke off after its first token counts as one failed call", () => {
    const { router, clock } = routerKit()
    const a = candidate(1)
    for (let at = 0; at < 5; at++) {
      const ticket = begin(router, a)
      router.answered(ticket, 50)
      router.failed(ticket, refused(500))
      router.release(ticket, null)
    }
    const { counts } = router.health.pair(router.health.account(1), "m")
    expect([counts.calls.total(clock.now()), counts.failures.total(clock.now())]).toEqual([5, 5])
    expect(() => router.order([a])).toThrow()
  })

  test("draining: no new calls; those that run end, and are seen running until then", () => {
    const { router } = routerKit()
    const ticket = begin(router, candidate(1))
    const draining = candidate(1, { isDraining: true })
    expect(names(router.order([draining, candidate(2)]))).toEqual(["u2"])
    expect(overloadOf(() => router.order([draining])).extra.retryAfterSeconds).toBe(60)
    expect(router.health.account(1).running).toBe(1)
    router.answered(ticket, 10)
    router.release(ticket, null)
    router.release(ticket, null)
    expect(router.health.account(1).running).toBe(0)
  })

  test("its memory is bounded", () => {
    const { router } = routerKit()
    for (let at = 0; at < HEALTH_PAIRS_MAX + 500; at++) call(router, candidate(1 + (at % 3), {}, `m${at}`), "ok")
    expect(router.health.size).toBeLessThanOrEqual(HEALTH_PAIRS_MAX)
    for (let at = 0; at < LATENCY_SAMPLES * 3; at++) call(router, candidate(9), "ok")
    expect(router.health.pair(router.health.account(9), "m").firstTokens(Date.UTC(2026, 0, 1))).toHaveLength(
      LATENCY_SAMPLES,
    )
  })
})

describe("what the provider grants", () => {
  test("a full account is passed over; when all are full, the time is told truthfully", () => {
    const { router, clock } = routerKit()
    const [a, b] = [candidate(1, { requestsPerMinute: 3 }), candidate(2, { requestsPerMinute: 2 })]
    for (let at = 0; at < 3; at++) {
      call(router, a, "ok")
      clock.advance(5_000)
    }
    expect(names(router.order([a, b]))).toEqual(["u2"])
    call(router, b, "ok")
    call(router, b, "ok")
    const seconds = overloadOf(() => router.order([a, b])).extra.retryAfterSeconds!
    expect(seconds).toBe(45)
    clock.advance(seconds * 1_000 - 1)
    expect(() => router.order([a, b])).toThrow()
    clock.advance(1)
    expect(names(router.order([a, b]))).toEqual(["u1"])
  })

  test("tokens are taken by estimate and corrected by what was used", () => {
    const { router, clock } = routerKit()
    const a = candidate(1, { tokensPerMinute: 1_000 })
    const ticket = begin(router, a, 900)
    expect(router.order([a])).toEqual([a])
    router.answered(ticket, 1)
    router.release(ticket, 1_200)
    expect(() => router.order([a])).toThrow()
    expect(router.health.account(1).allowance.used(clock.now())).toEqual({ requests: 1, tokens: 1_200 })
    clock.advance(60_000)
    expect(router.order([a])).toEqual([a])
  })

  test("a sliding minute is what a list of all additions says", () => {
    const random = seeded(5)
    for (let run = 0; run < 50; run++) {
      const minute = new Minute()
      const all: { second: number; amount: number }[] = []
      let nowMs = 1_000_000
      for (let step = 0; step < 300; step++) {
        nowMs += Math.floor(random() * random() * 20_000)
        const amount = Math.floor(random() * 10)
        minute.add(nowMs, amount)
        all.push({ second: Math.floor(nowMs / 1_000), amount })
        const since = (atMs: number) =>
          all.filter(({ second }) => second > Math.floor(atMs / 1_000) - 60).reduce((sum, one) => sum + one.amount, 0)
        expect(minute.total(nowMs)).toBe(since(nowMs))
        const limit = 1 + Math.floor(random() * 40)
        const freeMs = minute.belowAtMs(nowMs, limit)
        expect(since(freeMs)).toBeLessThan(limit)
        if (freeMs > nowMs) expect(since(freeMs - 1)).toBeGreaterThanOrEqual(limit)
      }
    }
  })
})
