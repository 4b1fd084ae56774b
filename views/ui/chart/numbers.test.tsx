// Any numbers whatever are drawn within the plot, or said.
import { describe, expect, test } from "bun:test"
import { html } from "../../layout/html.ts"
import { Bars, Donut, Sparkline } from "./index.ts"
import { clean } from "./scale.ts"
import { DAYS_CHARTS, days, random, randomValues, UNITS } from "./testing.ts"

/** Every attribute that places or draws something. */
function geometry(markup: string): string[] {
  return [...markup.matchAll(/ (?:d|x|y|cx|cy|r|width|height|viewBox)="([^"]*)"/g)].map((match) => match[1]!)
}

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
