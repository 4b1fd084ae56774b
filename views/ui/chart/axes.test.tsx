// Labels of axes: apart, short, true.
import { describe, expect, test } from "bun:test"
import { axisLabels, boxOf, TIERS, textWidth } from "./labels.ts"
import { clean, valueScale } from "./scale.ts"
import { days, random, randomValues, UNITS } from "./testing.ts"
import { axisText } from "./unit.ts"

describe("axes", () => {
  test("labels never touch, at the narrowest plot of each width", () => {
    const next = random(3)
    for (let round = 0; round < 400; round++) {
      const count = Math.floor(next() * 366)
      const long = Math.floor(next() * 12) + 1
      const texts = Array.from({ length: count }, () => "8".repeat(1 + Math.floor(next() * long)))
      const labels = axisLabels(texts)
      for (const { name, plot } of TIERS) {
        const shown = labels.filter((label) => label.tiers.includes(name))
        expect(count === 0 || shown.some(({ index }) => index === count - 1)).toBe(true)
        const boxes = shown.map((label) => boxOf(label, count, plot)).sort((a, b) => a[0] - b[0])
        boxes.forEach(([start, end], at) => {
          if (at > 0) expect(start).toBeGreaterThanOrEqual(boxes[at - 1]![1] + 8)
          expect(start).toBeGreaterThanOrEqual(-0.001)
          expect(end).toBeLessThanOrEqual(plot + 0.001)
        })
        // They stay apart when the plot is wider than that.
        const wide = shown.map((label) => boxOf(label, count, plot * 1.7)).sort((a, b) => a[0] - b[0])
        wide.forEach(([start], at) => {
          if (at > 0) expect(start).toBeGreaterThanOrEqual(wide[at - 1]![1])
        })
      }
    }
  })

  test("a narrow chart shows fewer, and the last day always", () => {
    const labels = axisLabels(days(30).map((_, index) => `${index + 1} Sep`))
    const counts = TIERS.map(({ name }) => labels.filter(({ tiers }) => tiers.includes(name)).length)
    expect(counts[0]).toBeLessThan(counts[1]!)
    expect(counts[1]).toBeLessThan(counts[2]!)
    expect(labels.at(-1)).toMatchObject({ text: "30 Sep", anchor: "end", tiers: ["s", "m", "l"] })
  })

  test("value labels stand apart, differ from each other and hold zero", () => {
    const next = random(11)
    for (let round = 0; round < 300; round++) {
      const values = randomValues(next, 10)
        .map(clean)
        .filter((value) => value !== null)
      for (const unit of UNITS) {
        const { ticks, zero } = valueScale(values, unit, 168)
        expect(ticks.length).toBeGreaterThanOrEqual(2)
        expect(new Set(ticks.map(({ text }) => text)).size).toBe(ticks.length)
        const places = ticks.map(({ y }) => y).sort((a, b) => a - b)
        places.forEach((y, at) => {
          if (at > 0) expect(y - places[at - 1]!).toBeGreaterThanOrEqual(16)
        })
        expect(places.some((y) => Math.abs(y - zero) < 0.01)).toBe(true)
        expect(Math.max(...ticks.map(({ text }) => textWidth(text)))).toBeLessThanOrEqual(120)
      }
    }
  })

  test("read as short as they can without lying", () => {
    const cases: [number, number, string][] = [
      [0, 1, "0"],
      [1_240, 20, "1,240"],
      [25_000, 5_000, "25k"],
      [12_500, 500, "12.5k"],
      [1_500_000, 500_000, "1.5M"],
      [0.05, 0.05, "0.05"],
      [0.000002, 0.000001, "0.000002"],
      [-40, 20, "\u221240"],
      [100, 50, "100"],
      [10_200, 100, "10.2k"],
    ]
    for (const [value, step, text] of cases) expect(axisText(value, step)).toBe(text)
    expect(axisText(-1_500, 500, "$")).toBe("\u2212$1,500")
  })
})
