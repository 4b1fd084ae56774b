// Charts of parts: sums, shares, steps and hours.
import { describe, expect, test } from "bun:test"
import { html } from "../../layout/html.ts"
import {
  AreaChart,
  Bars,
  CREDITS,
  cellsOf,
  counted,
  Donut,
  Funnel,
  HeatMap,
  StackedBarChart,
  withOther,
} from "./index.ts"
import { rings } from "./paths.ts"
import { CALLS, days, random, randomValues, START } from "./testing.ts"

describe("parts", () => {
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

  test("a table beside a chart writes its figures as the chart does, and none of them as nothing", () => {
    const used = [20_957_000, 5_459_000, 0]
    const slices = used.map((amount, at) => ({ label: `App ${at}`, used: amount }))
    const drawn = [...html(<Bars title="By app" head="App" slices={slices} />).matchAll(/>([\d.]+) credits?</g)]
    expect(cellsOf(used, CREDITS)).toEqual(drawn.map((one) => one[1]!))
    expect(cellsOf(used, CREDITS)).toEqual(["20.9", "5.5", "0"])
    expect(cellsOf([20_000_000, 1], CREDITS)).toEqual(["20.00", "<0.01"])
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
