import { describe, expect, test } from "bun:test"
import { nano } from "../app/index.ts"
import { chargeForApp, chargeForHold, chargeInBigInts, chargeInNumbers, parts } from "./charge.ts"
import { rawCost } from "./cost.ts"
import { PriceBook } from "./prices.ts"
import { DEFAULT_RULES } from "./rules.ts"
import { noUsage, random, randomUsage } from "./testing.ts"
import type { Charge, ChargeRule } from "./types.ts"

const rule = (platformBp: number, developerBp: number, minimum = 0, fee = 0): ChargeRule => ({
  platformBp,
  developerBp,
  minimumNano: nano(minimum),
  requestFeeNano: nano(fee),
})
const figures = (charge: Charge): number[] => [
  charge.totalNano,
  charge.upstreamNano,
  charge.developerNano,
  charge.platformNano,
]

describe("exact charges: [raw p$, rule] → [total, upstream, developer, platform] n$", () => {
  const half = DEFAULT_RULES.app
  const table: [string, bigint, ChargeRule, number[]][] = [
    ["nothing", 0n, half, [0, 0, 0, 0]],
    ["one pico-dollar costs one n$", 1n, half, [1, 1, 0, 0]],
    ["half an n$ doubles to exactly one", 500n, half, [1, 1, 0, 0]],
    ["one n$", 1_000n, half, [2, 1, 1, 0]],
    ["2.8 n$ raw: 5.6 rounds up once, to the largest remainders", 2_800n, half, [6, 3, 2, 1]],
    ["$0.004", 4_000_000_000n, half, [8_000_000, 4_000_000, 2_000_000, 2_000_000]],
    ["thirds", 1_000_000n, rule(3_333, 3_334), [1_667, 1_000, 334, 333]],
    ["no shares", 1_001n, rule(0, 0), [2, 2, 0, 0]],
    ["fee goes to the platform", 1_000_000n, rule(5_000, 5_000, 0, 70), [2_070, 1_000, 500, 570]],
    ["minimum goes to the platform", 1_000n, rule(5_000, 5_000, 100), [100, 1, 1, 98]],
    ["minimum below the total changes nothing", 1_000_000n, rule(5_000, 5_000, 100), [2_000, 1_000, 500, 500]],
    ["fee and minimum count for a free model too", 0n, rule(5_000, 5_000, 5, 3), [5, 0, 0, 5]],
  ]
  for (const [name, raw, by, expected] of table) {
    test(name, () => expect(figures(chargeForApp(raw, by))).toEqual(expected))
  }

  test("1,000 calls of $0.004 come to $4 raw and $8 charged, to the n$", () => {
    const sums = [0, 0, 0, 0]
    for (let call = 0; call < 1_000; call++) {
      for (const [index, figure] of figures(chargeForApp(4_000_000_000n, half)).entries()) sums[index]! += figure
    }
    expect(sums).toEqual([8_000_000_000, 4_000_000_000, 2_000_000_000, 2_000_000_000])
  })

  test("beyond a safe integer or below zero is refused, never wrapped", () => {
    expect(() => chargeForApp(10n ** 20n, half)).toThrow(RangeError)
    expect(() => chargeForApp(-1n, half)).toThrow(RangeError)
  })
})

describe("properties, seeded", () => {
  test("without BigInt the charge is the same to the n$, up to where doubles are exact; beyond, nothing is said", () => {
    const below = random(20_261_127)
    const unit = () => below(2 ** 31) / 2 ** 31
    const bps = [0, 1, 3_333, 3_334, 5_000, 9_999, 10_000, 50_000]
    let computed = 0
    for (let round = 0; round < 50_000; round++) {
      const by: ChargeRule = {
        ...rule(bps[below(bps.length)]!, bps[below(bps.length)]!, below(3) * below(10 ** 6), below(3) * below(10 ** 6)),
        ...(unit() < 0.3 ? { tokenPico: below(10 ** 5) } : {}),
        ...(unit() < 0.2 ? { ownUpstream: true as const } : {}),
      }
      // Every size, half of them where the two ways part.
      const raw = BigInt(Math.floor(unit() < 0.5 ? 2 ** (unit() * 50) : (2 ** 52 / 20_000) * (0.5 + unit())))
      const tokens = below(200_000)
      const fast = chargeInNumbers(raw, by, tokens)
      if (fast) computed++
      const exact = chargeInBigInts(raw, by, tokens)
      expect(fast ?? exact).toEqual(exact)
    }
    expect(computed).toBeGreaterThan(20_000)
    expect(computed).toBeLessThan(50_000)
    expect(chargeInNumbers(10n ** 12n, rule(5_000, 5_000), 0)).toBeNull()
    expect(chargeInNumbers(0n, rule(0, 0, 0, Number.MAX_SAFE_INTEGER), 0)).toBeNull()
  })

  test("parts add up; total is the exact sum rounded up once; each part is within 1 n$ of exact; monotone", () => {
    const next = random(20_261_121)
    for (let round = 0; round < 20_000; round++) {
      const by = rule(next(20_001), next(20_001), next(3) === 0 ? next(10_000) : 0, next(3) === 0 ? next(10_000) : 0)
      const raw = BigInt(next(10 ** (1 + next(12))))
      const charge = chargeForApp(raw, by)
      const [total, upstream, developer, platform] = figures(charge).map(BigInt) as [bigint, bigint, bigint, bigint]
      expect(upstream + developer + platform).toBe(total)
      expect(total * 1_000n).toBeGreaterThanOrEqual(raw)
      const exact = raw * BigInt(10_000 + by.platformBp + by.developerBp) + BigInt(by.requestFeeNano) * 10_000_000n
      const natural = (exact + 9_999_999n) / 10_000_000n
      expect(total).toBe(natural > BigInt(by.minimumNano) ? natural : BigInt(by.minimumNano))
      expect(near(upstream, raw * 10_000n) && near(developer, raw * BigInt(by.developerBp))).toBe(true)
      expect(platform).toBeGreaterThanOrEqual(0n)
      const more = chargeForApp(raw + 1n + BigInt(next(1_000_000)), by)
      expect(more.totalNano).toBeGreaterThanOrEqual(charge.totalNano)
    }
  })

  test("a hold covers every usage within its tokens", () => {
    const next = random(42)
    const book = new PriceBook([])
    const at = Date.UTC(2026, 10, 21)
    for (const [provider, model] of [
      ["openai", "gpt-4o-mini"],
      ["openai", "gpt-4o-realtime-preview"],
      ["anthropic", "claude-sonnet-4-5"],
      ["openrouter", "google/gemini-2.5-flash-lite"],
      ["perplexity", "sonar"],
      ["sandbox", "sandbox"],
    ] as const) {
      const price = book.price(provider, model, at, "chat")!
      for (let round = 0; round < 1_000; round++) {
        const usage = randomUsage(next)
        const by = rule(next(20_001), next(20_001), next(1_000), next(1_000))
        const hold = chargeForHold(price, usage.inputTokens + next(50), usage.outputTokens + next(50), by, {
          audio: true,
          cacheWrite1h: true,
        })
        expect(hold.totalNano).toBeGreaterThanOrEqual(chargeForApp(rawCost(price, usage), by).totalNano)
      }
      const larger = chargeForHold(price, 1_001, 100, DEFAULT_RULES.app).totalNano
      expect(larger).toBeGreaterThan(chargeForHold(price, 1_000, 100, DEFAULT_RULES.app).totalNano)
      expect(chargeForHold(price, 0, 0, DEFAULT_RULES.app).rawPico).toBe(rawCost(price, noUsage))
    }
  })
})

describe("parts of a collected amount", () => {
  const charge = chargeForApp(1_000_000n, DEFAULT_RULES.app)
  const shared = (collected: number): number[] => Object.values(parts(charge, nano(collected)))
  test("upstream first, then developer, then platform; the rest is uncollected", () => {
    expect(shared(0)).toEqual([0, 0, 0, 2_000])
    expect(shared(999)).toEqual([999, 0, 0, 1_001])
    expect(shared(1_200)).toEqual([1_000, 200, 0, 800])
    expect(shared(1_501)).toEqual([1_000, 500, 1, 499])
    expect(shared(2_000)).toEqual([1_000, 500, 500, 0])
  })
  test("more than the charge, or less than nothing, is refused", () => {
    expect(() => shared(2_001)).toThrow(RangeError)
    expect(() => shared(-1)).toThrow(RangeError)
  })
})

/** Whether a part is its exact amount (in 1e-7 n$) rounded down or up. */
const near = (part: bigint, exact: bigint): boolean =>
  part === exact / 10_000_000n || part === (exact + 9_999_999n) / 10_000_000n
