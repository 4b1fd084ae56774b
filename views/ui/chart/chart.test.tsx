import { describe, expect, test } from "bun:test"
import { html } from "../../layout/html.ts"
import {
  AreaChart,
  BarChart,
  Bars,
  CREDITS,
  counted,
  type DaysChartProps,
  Donut,
  Funnel,
  HeatMap,
  LineChart,
  Sparkline,
  StackedBarChart,
  USD,
  withOther,
} from "./index.ts"
import { axisLabels, boxOf, TIERS, textWidth } from "./labels.ts"
import { rings } from "./paths.ts"
import { clean, type Value, valueScale } from "./scale.ts"
import { axisText, type Unit } from "./unit.ts"

const DAY = 86_400_000
const START = Date.UTC(2026, 8, 1)
const days = (count: number): number[] => Array.from({ length: count }, (_, index) => START + index * DAY)
const CALLS = counted("Calls", "call", "calls")
const DAYS_CHARTS = { LineChart, AreaChart, BarChart, StackedBarChart }

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

const ODD: readonly (number | null)[] = [
  null,
  0,
  -0,
  1,
  -1,
  0.1,
  1e-12,
  5e-324,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  Number.MAX_SAFE_INTEGER,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
]

function randomValues(next: () => number, count: number): Value[] {
  const scale = 10 ** Math.floor(next() * 16)
  const holes = next() < 0.5 ? 0.3 : 0
  const odd = next() < 0.3 ? 0.2 : 0
  const sign = next() < 0.3 ? 0.5 : 0
  return Array.from({ length: count }, () => {
    if (next() < odd) return ODD[Math.floor(next() * ODD.length)]!
    if (next() < holes) return null
    const value = Math.floor(next() * scale)
    return next() < sign ? -value : value
  })
}

/** Every attribute that places or draws something. */
function geometry(markup: string): string[] {
  return [...markup.matchAll(/ (?:d|x|y|cx|cy|r|width|height|viewBox)="([^"]*)"/g)].map((match) => match[1]!)
}

const UNITS: readonly Unit[] = [CREDITS, USD, CALLS]

describe("any numbers whatever", () => {
  for (const [name, Chart] of Object.entries(DAYS_CHARTS)) {
    test(`${name}: no NaN, nothing outside the plot, a name, a row per day`, () => {
      const next = random(name.length)
      for (let round = 0; round < 150; round++) {
        const count = round < 4 ? round : Math.floor(next() * 95)
        const series = Array.from({ length: 1 + Math.floor(next() * 6) }, (_, index) => ({
          label: `Part ${index}`,
          values: randomValues(next, next() < 0.2 ? Math.floor(next() * count) : count),
        }))
        const unit = UNITS[round % UNITS.length]!
        const markup = html(<Chart id="c" title="Use per day" unit={unit} days={days(count)} series={series} />)
        expect(markup).not.toMatch(/NaN|Infinity|undefined|null|\de[+-]\d/)
        for (const value of geometry(markup)) {
          for (const number of value.match(/-?\d+(\.\d+)?/g) ?? []) {
            expect(Number(number)).toBeGreaterThanOrEqual(-3)
            expect(Number(number)).toBeLessThanOrEqual(1_000)
          }
        }
        expect(markup.match(/<tr/g)?.length).toBe(count + 1)
        expect(markup).toContain('role="img" aria-labelledby="c-t c-d"')
        expect(markup).toContain('<title id="c-t">Use per day</title>')
        expect(markup).not.toContain("style=")
      }
    })
  }

  test("Donut, Bars and Sparkline", () => {
    const next = random(7)
    for (let round = 0; round < 200; round++) {
      const values = randomValues(next, round < 4 ? round : Math.floor(next() * 40))
      const slices = values.map((used, index) => ({ label: `App ${index}`, used: used ?? 0 }))
      const markup = [
        html(<Donut id="d" title="By type" head="Type" slices={slices} />),
        html(<Bars title="By app" head="App" slices={slices} />),
        html(<Sparkline label="Last week" values={values} />),
      ].join("")
      expect(markup).not.toMatch(/NaN|Infinity|undefined|null/)
      // One part is no ring, and neither is none.
      const parts = values.map(clean).filter((value) => value !== null && value > 0).length
      if (parts > 1) expect(markup).toMatch(/<title id="d-t">By type: (?:&lt;)?[\d.,]+ credits? in all/)
      else expect(markup).toContain(parts === 1 ? "All of it is " : "Nothing to divide yet.")
    }
  })
})

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

describe("what is drawn", () => {
  const chart = (Chart: (props: DaysChartProps) => JSX.Element, ...values: Value[][]): string =>
    html(
      <Chart
        id="c"
        title="Use"
        unit={CALLS}
        days={days(values[0]?.length ?? 0)}
        series={values.map((row, index) => ({ label: `Part ${index}`, values: row }))}
      />,
    )
  const linesOf = (markup: string): string => /class="line line-1 tone-1" d="([^"]*)"/.exec(markup)?.[1] ?? "none"

  test("missing days are gaps, and a day alone is a dot", () => {
    const markup = chart(LineChart, [1, 2, null, 4, 5, null, 3])
    expect(linesOf(markup).match(/M/g)?.length).toBe(3)
    expect(markup.match(/class="point/g)?.length).toBe(1)
    expect(markup).toContain("3 Sep 2026 (UTC)\nno data")
    expect(markup).toContain("No data</span>")
  })

  test("one point is a dot, no points is an axis without a line", () => {
    expect(chart(LineChart, [5])).toContain('cx="50%"')
    expect(chart(LineChart, [5])).toContain("One day so far: 1 Sep 2026, 5 calls.")
    expect(linesOf(chart(AreaChart, []))).toBe("")
    expect(chart(AreaChart, [])).toContain("No days to show.")
  })

  test("all zeros lie on the axis", () => {
    expect(linesOf(chart(LineChart, [0, 0]))).toBe("M250,168L750,168")
  })

  test("negative values go below zero, bars too", () => {
    const markup = chart(BarChart, [4, -4])
    const boxes = [...markup.matchAll(/class="drawn tone-1" x="[^"]*" width="[^"]*" y="([^"]*)" height="([^"]*)"/g)]
    expect(boxes.map(([, y, height]) => [Number(y), Number(height)])).toEqual([
      [0, 84],
      [84, 84],
    ])
    expect(markup).toContain("\u22124")
  })

  test("stacks add up to the day", () => {
    const markup = chart(StackedBarChart, [2], [3], [5])
    const boxes = [
      ...markup.matchAll(
        /class="drawn tone-\d"(?: fill="[^"]*")? x="[^"]*%" width="[^"]*" y="([^"]*)" height="([^"]*)"/g,
      ),
    ]
    expect(boxes.map(([, y, height]) => [Number(y), Number(height)])).toEqual([
      [134.4, 33.6],
      [84, 50.4],
      [0, 84],
    ])
  })

  test("parts differ by more than their colour", () => {
    const slices = [5, 4, 3, 2, 1].map((used, index) => ({ label: `Type ${index}`, used }))
    const markup = html(<Donut id="d" title="By type" head="Type" slices={slices} />)
    const fills = new Set(
      [...markup.matchAll(/<path class="hit drawn tone-\d" ?(?:fill="([^"]*)")?/g)].map((match) => match[1]),
    )
    expect(fills).toEqual(new Set([undefined, "url(#d-p1)", "url(#d-p2)", "url(#d-p3)", "url(#d-p4)"]))
    for (let at = 1; at < 5; at++) expect(markup).toContain(`<pattern id="d-p${at}"`)
    const lines = chart(LineChart, [1, 2], [2, 1])
    expect(lines).toContain("line-2")
    expect(lines).toContain("Part 1")
  })

  test("eight series have eight hues, eight patterns and eight dashes, the ninth is left out", () => {
    const rows = Array.from({ length: 9 }, (_, index) => [index + 1])
    const stacked = chart(StackedBarChart, ...rows)
    const fills = new Set(
      [...stacked.matchAll(/<rect class="drawn (tone-\d)"(?: fill="([^"]*)")? x/g)].map((all) => all[0]),
    )
    expect(fills.size).toBe(8)
    expect(stacked.match(/<pattern /g)?.length).toBe(7)
    expect(stacked).not.toContain("Part 8")
    expect(chart(LineChart, ...rows)).toContain("line-8 tone-8")
  })

  test("a value alone draws no cliff but a bar, with words; two draw a line", () => {
    const alone = chart(AreaChart, [0, 0, 86, 0])
    expect(linesOf(alone)).toBe("none")
    expect(alone.match(/class="drawn/g)?.length).toBe(1)
    expect(alone).toContain("All of it on one day: 3 Sep 2026, 86 calls.")
    expect(chart(AreaChart, [86])).toContain("One day so far: 1 Sep 2026, 86 calls.")
    expect(chart(BarChart, [0, 86])).toContain("All of it on one day")
    const two = chart(AreaChart, [0, 2, 86, 0])
    expect(linesOf(two)).not.toBe("none")
    expect(two).not.toContain("All of it")
  })

  test("a bar is never a block", () => {
    const widths = [1, 3, 30].map((count) => {
      const width = /class="drawn tone-1" x="[^"]*" width="([^"%]*)%"/.exec(chart(BarChart, Array(count).fill(5)))?.[1]
      return Number(width)
    })
    expect(Math.max(...widths)).toBeLessThanOrEqual(9)
    expect(widths[2]).toBeCloseTo(72 / 30)
  })

  test("there is no dead time before the beginning, which is said; what came before it is never hidden", () => {
    const rows = (begins: number | undefined, ...values: number[]) => {
      const markup = html(
        <AreaChart
          id="c"
          title="Use"
          unit={CALLS}
          days={days(values.length)}
          series={[{ label: "Calls", values }]}
          begins={begins === undefined ? undefined : { ms: START + begins * DAY + 5, words: "Your account began on" }}
        />,
      )
      return {
        days: (markup.match(/class="hit"/g) ?? []).length,
        says: /Your account began on [^<]*/.exec(markup)?.[0],
      }
    }
    expect(rows(2, 0, 0, 0, 4, 5)).toEqual({ days: 3, says: "Your account began on 3 Sep 2026." })
    expect(rows(undefined, 0, 0, 0, 4, 5)).toEqual({ days: 5, says: undefined })
    expect(rows(-9, 0, 0, 0, 4, 5)).toEqual({ days: 5, says: undefined })
    expect(rows(3, 0, 7, 0, 4, 5).days).toBe(4)
    expect(rows(4, 0, 0, 0, 0, 0).days).toBe(1)
    expect(rows(400, 0, 0, 0, 0, 0).days).toBe(1)
  })

  test("parts add up to the eye: days to their sum, series to their day, slices to the ring", () => {
    const thirds = [1_333_000, 1_333_000, 1_334_000]
    const shown = (markup: string): string[] =>
      [...markup.matchAll(/<title>[^<]*?([\d.]+) credits/g)].map((one) => one[1]!)
    const area = html(
      <AreaChart id="c" title="Use" unit={CREDITS} days={days(3)} series={[{ label: "Used", values: thirds }]} />,
    )
    expect(shown(area)).toEqual(["1.3", "1.3", "1.4"])
    const stack = html(
      <StackedBarChart
        id="c"
        title="Use"
        unit={CREDITS}
        days={days(1)}
        series={thirds.map((value, index) => ({ label: `App ${index}`, values: [value] }))}
      />,
    )
    expect(stack).toContain("App 0: 1.3 credits\nApp 1: 1.3 credits\nApp 2: 1.4 credits\nTogether: 4.0 credits")
    const slices = thirds.map((used, index) => ({ label: `App ${index}`, used }))
    const ring = html(<Donut id="d" title="By type" head="Type" slices={slices} />)
    expect(ring).toContain("By type: 4.0 credits in all")
    expect(ring.match(/>3[34]%</g)).toEqual([">34%<", ">33%<", ">33%<"])
  })

  test("one slice is a sentence, none is another", () => {
    const one = html(<Donut id="d" title="By type" head="Type" slices={[{ label: "Chat", used: 86_000_000 }]} />)
    expect(one).not.toContain("<svg")
    expect(one.replaceAll(/<[^>]*>/g, "")).toBe("All of it is Chat: 86 credits.")
    expect(html(<Donut id="d" title="By type" head="Type" slices={[]} />)).toContain("Nothing to divide yet.")
  })

  test("a heat map says every hour of every row, and its scale", () => {
    const next = random(5)
    for (let round = 0; round < 50; round++) {
      const count = Math.floor(next() * 8)
      const rows = Array.from({ length: count }, (_, index) => ({
        label: `Day ${index}`,
        values: randomValues(next, 24),
      }))
      const markup = html(<HeatMap id="h" title="Calls" unit={CALLS} head="Day" rows={rows} atMs={START} />)
      expect(markup).not.toMatch(/NaN|Infinity|undefined|null/)
      expect(markup.match(/class="hit/g)?.length ?? 0).toBe(count * 24)
    }
    const rows = [{ label: "Monday", values: [0, null, 1, 10, ...Array(20).fill(5)] }]
    const markup = html(<HeatMap id="h" title="Calls" unit={CALLS} head="Day" rows={rows} atMs={START} />)
    expect(markup).toContain(`class="hit heat-0" title="Monday, 00:00 to 01:00 UTC\n0 calls"`)
    expect(markup).toContain(`class="hit heat-none" title="Monday, 01:00 to 02:00 UTC\nno data"`)
    expect(markup).toContain(`class="hit heat-1" title="Monday, 02:00 to 03:00 UTC\n1 call"`)
    expect(markup).toContain(`class="hit heat-5" title="Monday, 03:00 to 04:00 UTC\n10 calls"`)
    expect(markup).toContain("23:00 to 00:00 UTC")
  })

  test("a funnel tells shares and what was lost", () => {
    const people = counted("People", "person", "people")
    const funnel = (...values: number[]) =>
      html(
        <Funnel
          title="From visit to call"
          head="Step"
          unit={people}
          steps={values.map((value, index) => ({ label: `Step ${index}`, value }))}
        />,
      ).replaceAll(/<[^>]*>/g, "|")
    expect(funnel(500, 313, 313, 2)).toMatch(
      /500 people\|.*100%.*187 lost here, 37%.*63%.*None lost here.*311 lost here, 99\.4%.*0\.4%/s,
    )
    expect(funnel(0, 0)).toContain("0%")
    expect(funnel(100_000, 99_999)).toContain(">99.9%".replace(">", "&gt;"))
    expect(funnel(3, 5)).toContain("2 more than the step before")
  })

  test("shares of a ring add up, one part is the whole ring, nothing is none", () => {
    expect(rings([1, 2, 5]).reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
    expect(rings([7, 0])[0]).toMatchObject({ share: 1 })
    expect(rings([0, -3])).toEqual([])
  })

  test("what does not fit is summed up, not dropped", () => {
    const slices = Array.from({ length: 300 }, (_, index) => ({ label: `App ${index}`, used: index }))
    const shown = withOther(slices, 6, "Other apps")
    expect(shown).toHaveLength(6)
    expect(shown.at(-1)?.label).toBe("Other apps (295)")
    expect(shown.reduce((sum, { used }) => sum + used, 0)).toBe((299 * 300) / 2)
    expect(withOther(slices.slice(0, 6), 6)).toHaveLength(6)
  })

  test("names are words, never markup", () => {
    const label = `<script>"x"</script>`
    const markup = [
      html(<Donut title={label} head={label} slices={[{ label, used: 1, href: "/apps" }]} />),
      html(<Bars title={label} head={label} slices={[{ label, used: 1 }]} />),
      html(<StackedBarChart id="s" title={label} unit={CALLS} days={days(1)} series={[{ label, values: [1] }]} />),
    ].join("")
    expect(markup.replaceAll(/"[^"]*"/g, "")).not.toContain("<script")
  })
})
