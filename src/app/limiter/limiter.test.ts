// The promises of the limiter, each over random rules, weights, moments and clocks that jump (research, "GCRA invariants"; Kong
// #5311, Tyk #1986, #265). Same seed, same run.
import { describe, expect, test } from "bun:test"
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../clock.ts"
import {
  decide,
  eitherStates,
  giveBack,
  isLongRule,
  LimiterFull,
  type LimitRow,
  type LimitRule,
  limitHeaders,
  MemoryStates,
  type QuotaRule,
  rowStates,
  type SmoothRule,
  WINDOW_MS,
  type WindowName,
  type WindowRule,
} from "./index.ts"

const START = Date.UTC(2026, 2, 14, 9, 26, 53)
const WINDOWS: WindowName[] = ["second", "minute", "hour", "day"]

function seeded(seed: number): (max: number) => number {
  let state = seed >>> 0
  return (max) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * max)
  }
}

const perWindow = (window: WindowName, limit: number, name: string = window): WindowRule => ({
  kind: "window",
  name,
  window,
  limit,
})
const smooth = (limit: number, periodMs: number, burst: number): SmoothRule => ({
  kind: "smooth",
  name: "smooth",
  limit,
  periodMs,
  burst,
})
const memory = (keysMax = 1_000) => new MemoryStates(keysMax)

/** Rows in a plain map, read and written as columns: what a domain's store does with SQL. */
function rows() {
  const table = new Map<string, LimitRow>()
  const states = rowStates({
    find: (key, rule) => table.get(`${rule}:${key}`) ?? null,
    save: (key, rule, row) => void table.set(`${rule}:${key}`, { ...row }),
  })
  return { table, states }
}

describe("fixed windows", () => {
  test("no aligned window ever admits more than its limit, under random weights and moments", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = seeded(seed)
      const window = WINDOWS[random(4)]!
      const rule = perWindow(window, random(20))
      const states = random(2) === 0 ? memory() : rows().states
      const admitted = new Map<number, number>()
      let now = START
      for (let step = 0; step < 400; step++) {
        now += random(WINDOW_MS[window] / 5)
        const weight = random(4)
        const decision = decide(states, [{ key: "k", rule, weight }], now)
        const cell = Math.floor(now / WINDOW_MS[window])
        if (decision.admitted) admitted.set(cell, (admitted.get(cell) ?? 0) + weight)
        const used = admitted.get(cell) ?? 0
        expect(used).toBeLessThanOrEqual(rule.limit)
        // Exact in both directions: what fits is admitted.
        if (!decision.admitted) expect(used + weight).toBeGreaterThan(rule.limit)
        expect(decision.standings[0]).toMatchObject({
          remaining: rule.limit - used,
          resetMs: (cell + 1) * WINDOW_MS[window],
        })
      }
    }
  })

  test("1,000 parallel admits of a limit of 100: exactly 100", async () => {
    const rule = perWindow("minute", 100)
    const states = memory()
    const ask = async () => {
      await Bun.sleep(Math.random() * 3)
      return decide(states, [{ key: "k", rule }], START).admitted
    }
    const results = await Promise.all(Array.from({ length: 1_000 }, ask))
    expect(results.filter(Boolean).length).toBe(100)
  })

  test("windows are aligned to the UTC clock, not to the first request", () => {
    const rule = perWindow("day", 1)
    const states = memory()
    const lastMs = Math.floor(START / DAY_MS) * DAY_MS + DAY_MS - 1
    expect(decide(states, [{ key: "k", rule }], lastMs).admitted).toBe(true)
    expect(decide(states, [{ key: "k", rule }], lastMs)).toMatchObject({ admitted: false, retryAtMs: lastMs + 1 })
    expect(decide(states, [{ key: "k", rule }], lastMs + 1).admitted).toBe(true)
  })

  test("more than the whole limit is refused for good", () => {
    const decision = decide(memory(), [{ key: "k", rule: perWindow("minute", 5), weight: 6 }], START)
    expect(decision).toMatchObject({ admitted: false, retryAtMs: null })
    expect(limitHeaders(decision, START)["retry-after"]).toBeUndefined()
  })
})

describe("for every kind of rule", () => {
  const any = (random: (max: number) => number): LimitRule =>
    [
      perWindow(WINDOWS[random(4)]!, 1 + random(15)),
      smooth(1 + random(15), [SECOND_MS, MINUTE_MS, 7_001][random(3)]!, 1 + random(10)),
      { kind: "quota", name: "quota", startMs: START - DAY_MS, endMs: START + DAY_MS, limit: random(30) } as QuotaRule,
    ][random(3)]!

  test("a weight of n is n unit calls", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = seeded(seed)
      const rule = any(random)
      const [heavy, light] = [memory(), memory()]
      let now = START
      for (let step = 0; step < 30; step++) {
        now += random(3_000)
        const weight = 1 + random(4)
        const whole = decide(heavy, [{ key: "k", rule, weight }], now)
        if (!whole.admitted) {
          // Refused as a whole: units one by one would have stopped before the last.
          const copy = memory()
          const state = light.read("k", rule)
          if (state) copy.write("k", rule, state, Number.MAX_SAFE_INTEGER)
          const units = Array.from({ length: weight }, () => decide(copy, [{ key: "k", rule }], now).admitted)
          expect(units.at(-1)).toBe(false)
          continue
        }
        const units = Array.from({ length: weight }, () => decide(light, [{ key: "k", rule }], now))
        expect(units.every((unit) => unit.admitted)).toBe(true)
        expect(units.at(-1)!.standings).toEqual(whole.standings)
        expect(light.read("k", rule)).toEqual(heavy.read("k", rule))
      }
    }
  })

  test("a clock that runs backwards grants nothing", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = seeded(seed)
      const rule = any(random)
      const states = memory()
      let now = START
      while (decide(states, [{ key: "k", rule }], now).admitted);
      for (let step = 0; step < 30; step++) {
        now -= random(2 * HOUR_MS)
        expect(decide(states, [{ key: "k", rule }], now).admitted).toBe(false)
      }
    }
  })

  test("a refused request moves nothing, in any of several rules", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seeded(seed)
      const rules = [perWindow("second", 1 + random(9), "a"), { ...smooth(9, SECOND_MS, 1 + random(9)), name: "b" }]
      const states = memory()
      const { states: long, table } = rows()
      const both = eitherStates(states, long, isLongRule)
      const asks = (weight: number) => [
        ...rules.map((rule) => ({ key: "k", rule, weight })),
        { key: "k", rule: perWindow("day", 40, "c"), weight },
      ]
      const seen = () =>
        JSON.stringify([rules.map((rule) => String(JSON.stringify(states.read("k", rule), big))), [...table]])
      let now = START
      for (let step = 0; step < 60; step++) {
        now += random(400)
        const before = seen()
        const { admitted, standings } = decide(both, asks(1 + random(5)), now)
        if (admitted) expect(seen()).not.toBe(before)
        else {
          expect(seen()).toBe(before)
          // Asking with weight 0 shows the very same standing.
          expect(decide(both, asks(0), now).standings.map((one) => one.remaining)).toEqual(
            standings.map((one) => one.remaining),
          )
        }
      }
    }
  })

  test("what is told to wait for is true: refused until then, admitted at it", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = seeded(seed)
      const rules = [perWindow("minute", 1 + random(5), "a"), smooth(1 + random(5), 10_000, 1 + random(3))]
      const states = memory()
      const asks = rules.map((rule) => ({ key: "k", rule }))
      let now = START + random(MINUTE_MS)
      let decision = decide(states, asks, now)
      while (decision.admitted) {
        now += random(500)
        decision = decide(states, asks, now)
      }
      expect(decide(states, asks, decision.retryAtMs! - 1).admitted).toBe(false)
      expect(decide(states, asks, decision.retryAtMs!).admitted).toBe(true)
    }
  })
})

const big = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value)

describe("smoothing", () => {
  test("in any stretch at most burst + t × limit / period, exactly for any rate", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const random = seeded(seed)
      const rule = smooth(1 + random(30), 1 + random(5_000), 1 + random(12))
      const states = memory()
      const taken: { at: number; weight: number }[] = []
      let now = START
      for (let step = 0; step < 200; step++) {
        now += random(rule.periodMs)
        const weight = 1 + random(3)
        if (decide(states, [{ key: "k", rule, weight }], now).admitted) taken.push({ at: now, weight })
      }
      for (let from = 0; from < taken.length; from++) {
        let sum = 0
        for (let to = from; to < taken.length; to++) {
          sum += taken[to]!.weight
          const allowed = rule.burst + ((taken[to]!.at - taken[from]!.at) * rule.limit) / rule.periodMs
          expect(sum).toBeLessThanOrEqual(allowed + 1e-6)
        }
      }
    }
  })

  test("a third of a second is a third: no drift over a million units", () => {
    const rule = smooth(3, SECOND_MS, 1)
    const states = memory()
    let admitted = 0
    for (let ms = 0; ms < 60_000; ms++) if (decide(states, [{ key: "k", rule }], START + ms).admitted) admitted++
    expect(admitted).toBe(180)
  })
})

describe("quotas", () => {
  const quota = (limit: number, startMs: number, endMs: number): QuotaRule => ({
    kind: "quota",
    name: "calls",
    limit,
    startMs,
    endMs,
  })
  const month = (limit: number) => quota(limit, START, START + 30 * DAY_MS)

  test("the N+1th is refused; another plan keeps what was used; a new period starts at zero", () => {
    const { states } = rows()
    const ask = (rule: QuotaRule, now: number, weight = 1) => decide(states, [{ key: "sub", rule, weight }], now)
    expect(ask(month(10), START, 10).admitted).toBe(true)
    expect(ask(month(10), START + 5).admitted).toBe(false)
    expect(ask(month(4), START + 5, 0).standings[0]!.remaining).toBe(0)
    expect(ask(month(15), START + 9, 5).admitted).toBe(true)
    expect(ask(month(15), START + 10).admitted).toBe(false)
    const next = quota(15, START + 30 * DAY_MS, START + 60 * DAY_MS)
    expect(ask(next, START + 30 * DAY_MS, 15).admitted).toBe(true)
    expect(ask(next, START + 30 * DAY_MS).admitted).toBe(false)
  })

  test("outside its period nothing is admitted", () => {
    const ask = (now: number) => decide(memory(), [{ key: "k", rule: month(5) }], now).admitted
    expect([ask(START - 1), ask(START), ask(START + 30 * DAY_MS)]).toEqual([false, true, false])
  })
})

describe("memory", () => {
  test("idle keys are forgotten, and forgetting grants nothing, also when the clock then jumps back", () => {
    const states = memory(10_000)
    const rule = perWindow("minute", 1)
    for (let key = 0; key < 5_000; key++) decide(states, [{ key: `k${key}`, rule }], START)
    expect(states.size).toBe(5_000)
    decide(states, [{ key: "later", rule }], START + 2 * MINUTE_MS)
    expect(states.size).toBe(1)
    // The old minute's window is over for good: back in it, time stands still at the latest moment.
    const back = decide(states, [{ key: "k1", rule }], START)
    expect(back).toMatchObject({ admitted: true })
    expect(back.standings[0]!.resetMs).toBeGreaterThan(START + 2 * MINUTE_MS)
    expect(decide(states, [{ key: "k1", rule }], START).admitted).toBe(false)
    expect(decide(states, [{ key: "later", rule }], START).admitted).toBe(false)
  })

  test("bounded: endless keys are refused room, those that are counted go on being counted", () => {
    const states = memory(100)
    const rule = perWindow("minute", 2)
    for (let key = 0; key < 100; key++) decide(states, [{ key: `k${key}`, rule }], START)
    for (let key = 0; key < 1_000; key++)
      expect(() => decide(states, [{ key: `new${key}`, rule }], START)).toThrow(LimiterFull)
    expect(states.size).toBe(100)
    expect(decide(states, [{ key: "k7", rule }], START).admitted).toBe(true)
    expect(decide(states, [{ key: "k7", rule }], START).admitted).toBe(false)
    expect(decide(states, [{ key: "new", rule }], START + MINUTE_MS).admitted).toBe(true)
  })

  test("no room for the second of two rules: nothing is written for the first", () => {
    const states = memory(1)
    const asks = [perWindow("minute", 2, "a"), perWindow("second", 2, "b")].map((rule) => ({ key: "k", rule }))
    expect(() => decide(states, asks, START)).toThrow(LimiterFull)
    expect(states.size).toBe(0)
  })
})

describe("headers", () => {
  test("the draft's fields, the older ones for the tightest rule, and when to come back", () => {
    const states = memory()
    const asks = [perWindow("minute", 10), perWindow("day", 11)].map((rule) => ({ key: "k", rule }))
    const first = decide(states, asks, START)
    expect(limitHeaders(first, START)).toEqual({
      ratelimit: '"minute";r=9;t=7, "day";r=10;t=52387',
      "ratelimit-policy": '"minute";q=10;w=60, "day";q=11;w=86400',
      "x-ratelimit-limit": "10",
      "x-ratelimit-remaining": "9",
      "x-ratelimit-reset": "7",
    })
    for (let call = 0; call < 9; call++) decide(states, asks, START)
    expect(limitHeaders(decide(states, asks, START), START)).toMatchObject({
      "retry-after": "7",
      "x-ratelimit-remaining": "0",
    })
    decide(states, asks, START + 7_000)
    expect(limitHeaders(decide(states, asks, START + 7_001), START + 7_001)).toMatchObject({
      "x-ratelimit-limit": "11",
      "retry-after": "52380",
    })
  })

  test("weights and limits that are not whole are a defect", () => {
    for (const weight of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => decide(memory(), [{ key: "k", rule: perWindow("day", 5), weight }], START)).toThrow(RangeError)
    expect(() => decide(memory(), [{ key: "k", rule: perWindow("day", -1) }], START)).toThrow(RangeError)
    expect(() => decide(memory(), [{ key: "k", rule: smooth(0, 1, 1) }], START)).toThrow(RangeError)
    const twice = { key: "k", rule: perWindow("day", 5) }
    expect(() => decide(memory(), [twice, twice], START)).toThrow(RangeError)
  })
})

describe("units given back", () => {
  const smooth: LimitRule = { kind: "smooth", name: "tries", limit: 1, periodMs: MINUTE_MS, burst: 3 }
  const day: LimitRule = { kind: "window", name: "mails", window: "day", limit: 3 }
  const noon = Date.UTC(2026, 5, 1, 12)

  test.each([smooth, day])("are there again, exactly those: %o", (rule) => {
    const states = new MemoryStates(10)
    const ask = [{ key: "a", rule }]
    const admits = () => decide(states, ask, noon).admitted
    for (let i = 0; i < 3; i++) expect(admits()).toBe(true)
    expect(admits()).toBe(false)
    giveBack(states, ask, noon)
    expect([admits(), admits()]).toEqual([true, false])
    giveBack(states, [{ ...ask[0]!, weight: 3 }], noon)
    expect([admits(), admits(), admits(), admits()]).toEqual([true, true, true, false])
  })

  test("never make more than a fresh key has", () => {
    const states = new MemoryStates(10)
    for (const rule of [smooth, day]) {
      const ask = [{ key: "a", rule }]
      giveBack(states, ask, noon)
      decide(states, ask, noon)
      for (let i = 0; i < 5; i++) giveBack(states, ask, noon)
      const admitted = Array.from({ length: 5 }, () => decide(states, ask, noon).admitted)
      expect(admitted.filter(Boolean)).toHaveLength(3)
    }
  })

  test("of a window that is over are not given to the next", () => {
    const states = new MemoryStates(10)
    const ask = [{ key: "a", rule: day }]
    decide(states, ask, noon)
    const tomorrow = noon + DAY_MS
    for (let i = 0; i < 3; i++) decide(states, ask, tomorrow)
    expect(decide(states, ask, tomorrow).admitted).toBe(false)
    const late = new MemoryStates(10)
    decide(late, ask, noon)
    giveBack(late, ask, tomorrow)
    const admitted = Array.from({ length: 4 }, () => decide(late, ask, tomorrow).admitted)
    expect(admitted.filter(Boolean)).toHaveLength(3)
  })
})
