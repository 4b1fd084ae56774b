// What charts over days draw, and what they say beside it.
import { describe, expect, test } from "bun:test"
import { html } from "../../layout/html.ts"
import { AreaChart, BarChart, type DaysChartProps, Donut, LineChart, StackedBarChart } from "./index.ts"
import type { Value } from "./scale.ts"
import { CALLS, DAY, days, START } from "./testing.ts"

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

  test("a day that is not over is no fall: dashed, said, and without area; one that is over is drawn as the others", () => {
    const values = [4, 6, 0]
    const at = (now: number | undefined) =>
      html(<AreaChart id="c" title="Use" unit={CALLS} days={days(3)} series={[{ label: "Calls", values }]} now={now} />)
    const open = at(START + 2 * DAY + 1_000)
    expect(open).toContain("Dashed: today, so far.")
    expect(linesOf(open).match(/L/g)).toHaveLength(1)
    expect(/class="line so-far tone-1" d="([^"]*)"/.exec(open)?.[1]).toMatch(/^M[^L]+L[^L]+$/)
    for (const over of [at(START + 3 * DAY), at(undefined)]) {
      expect(over).not.toContain("so-far")
      expect(linesOf(over).match(/L/g)).toHaveLength(2)
    }
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
})
