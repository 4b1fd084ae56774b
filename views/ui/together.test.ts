import { describe, expect, test } from "bun:test"
import { credits, type Nano, nano } from "../../src/app/units.ts"
import {
  apportion,
  creditPlaces,
  creditStep,
  creditsAt,
  creditsTextAt,
  percentages,
  toStep,
  usdAt,
  usdPlaces,
} from "./together.ts"

/** A generator that repeats for a seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Amounts of every size, with nothing among them. */
function amounts(next: () => number, most = 12): Nano[] {
  return Array.from({ length: 1 + Math.floor(next() * most) }, () =>
    next() < 0.1 ? nano(0) : nano(Math.floor(next() * 10 ** (1 + Math.floor(next() * 13)))),
  )
}

/** What somebody reads, as a whole number of the last decimal. */
const read = (text: string, places: number): number =>
  text.includes("<") ? 0 : Math.round(Number(text.replace(/[,$]| credits?/g, "").replace("\u2212", "-")) * 10 ** places)

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

describe("parts and their sum", () => {
  test("add up to the eye in credits and in dollars, and no part is a step away from what it is", () => {
    const next = random(1)
    for (let round = 0; round < 2_000; round++) {
      const parts = amounts(next)
      const places = creditPlaces(parts)
      const step = creditStep(places)
      const shown = apportion(parts, step)
      const total = creditsTextAt(nano(sum(parts)), places)
      expect(sum(shown.map((part) => read(creditsAt(nano(part), places), places)))).toBe(read(total, places))
      shown.forEach((part, index) => {
        expect(part % step).toBe(0)
        expect(Math.abs(part - parts[index]!)).toBeLessThan(step)
      })
      const dollars = apportion(parts, 10 ** (9 - usdPlaces(parts)))
      const sumOf = usdAt(nano(sum(parts)), usdPlaces(parts))
      expect(sum(dollars.map((part) => read(usdAt(nano(part), usdPlaces(parts)), 4)))).toBe(read(sumOf, 4))
    }
  })

  test("the same for losses among them, rounded up or down", () => {
    const next = random(2)
    for (let round = 0; round < 1_000; round++) {
      const parts = amounts(next).map((part) => (next() < 0.4 ? -part : part))
      for (const [way, whole] of [
        ["near", Math.round],
        ["up", Math.ceil],
        ["down", Math.floor],
      ] as const) {
        expect(sum(apportion(parts, 1_000, way))).toBe(whole(sum(parts) / 1_000) * 1_000 || 0)
      }
    }
  })

  test("a part that is whole already stays, and the largest rest goes first", () => {
    expect(apportion([1_000, 2_600, 1_400], 1_000)).toEqual([1_000, 3_000, 1_000])
    expect(apportion([1_333, 1_333, 1_334], 1_000)).toEqual([1_000, 1_000, 2_000])
    expect(apportion([], 1_000)).toEqual([])
  })

  test("shares are 100 %", () => {
    const next = random(3)
    for (let round = 0; round < 1_000; round++) {
      const shares = percentages(amounts(next).map((part) => part + 1))
      expect(sum(shares)).toBe(100)
    }
    expect(percentages([1, 1, 1])).toEqual([34, 33, 33])
    expect(percentages([0, 0])).toEqual([0, 0])
  })
})

describe("what somebody has and what was used", () => {
  test("98 and 1.8 do not make 100", () => {
    const [has, used] = [nano(98_183_400), nano(1_816_600)]
    const places = creditPlaces([has, used])
    expect(places).toBe(1)
    expect(creditsTextAt(has, places, "down")).toBe("98.1 credits")
    expect(creditsTextAt(used, places, "up")).toBe("1.9 credits")
  })

  test("always add up to what came, when that is a round amount", () => {
    const next = random(4)
    for (let round = 0; round < 2_000; round++) {
      const came = credits(1 + Math.floor(next() * 5_000))
      const used = nano(Math.floor(next() * came))
      const has = nano(came - used)
      const places = creditPlaces([has, used])
      const read2 = (amount: Nano, way: "up" | "down") => read(creditsAt(amount, places, way), places)
      expect(read2(has, "down") + read2(used, "up")).toBe(read(creditsAt(came, places), places))
      // What is not there cannot be spent.
      expect(toStep(has, creditStep(places), "down")).toBeLessThanOrEqual(has)
    }
  })
})

describe("one precision in a group", () => {
  test("is the one that its smallest figure needs, and no more than makes a difference", () => {
    const cases: [number[], number][] = [
      [[], 0],
      [[0, 0], 0],
      [[1_240_004_000, 86_400_000], 0],
      [[98_200_000, 1_800_000], 1],
      [[98_200_000, 420_000], 2],
      [[100_000_000, 3_000_000], 0],
      [[100_000_000, 500_000], 1],
      [[100_000_000, 1], 2],
      [[-1_500_000, 20_000_000], 1],
    ]
    for (const [values, places] of cases) expect(creditPlaces(values.map(nano))).toBe(places)
  })

  test("$0.49 stands beside $0.04 or $0.4900 beside $0.0414", () => {
    const pair = [nano(490_000_000), nano(41_400_000)]
    expect(pair.map((one) => usdAt(one, usdPlaces(pair)))).toEqual(["$0.4900", "$0.0414"])
    expect(usdPlaces([nano(12_490_000_000), nano(41_400_000)])).toBe(2)
    expect(usdPlaces([nano(490_000_000), nano(40_000_000)])).toBe(2)
  })

  test("something is never nothing, nothing is nothing, less is less", () => {
    expect(creditsTextAt(nano(1), 2)).toBe("<0.01 credits")
    expect(creditsTextAt(nano(-1), 0)).toBe("\u2212<1 credits")
    expect(creditsTextAt(nano(0), 2)).toBe("0 credits")
    expect(creditsTextAt(nano(1_000_000), 0)).toBe("1 credit")
    expect(creditsTextAt(nano(1_000_000), 1)).toBe("1.0 credits")
    expect(creditsTextAt(nano(-1_240_500_000), 1)).toBe("\u22121,240.5 credits")
    expect(usdAt(nano(-12_400_000_000), 2)).toBe("\u2212$12.40")
    expect(usdAt(nano(0), 4)).toBe("$0.0000")
    expect(usdAt(nano(-1), 4)).toBe("\u2212<$0.0001")
    expect(creditsAt(nano(Number.MAX_SAFE_INTEGER), 0, "up")).toBe("9,007,199,254")
  })
})
