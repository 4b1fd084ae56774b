// Every dialect by its official SDK × every wire × every situation (matrix.ts), single wishes (wants.ts), and the page of the
// documentation, which says what came of both.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { COLUMNS } from "./columns.ts"
import { DIALECTS } from "./matrix.ts"
import { brokenBooks, openRig, type Rig } from "./rig.ts"
import { SCENARIOS } from "./scenarios.ts"
import { PAGE, pageOf, Results } from "./table.ts"
import { WANTS } from "./wants.ts"

let rig: Rig
let results: Results
beforeAll(async () => {
  rig = await openRig()
  results = new Results(rig)
})
afterAll(() => rig.close())

for (const dialect of Object.keys(DIALECTS)) {
  for (const column of COLUMNS) {
    describe(`${dialect} over ${column.name}`, () => {
      for (const scenario of SCENARIOS) {
        test(scenario.name, async () => {
          expect(await results.cell(dialect, column, scenario)).toEqual({ refused: null, wrong: [] })
        })
      }
      for (const want of WANTS) {
        if (!want.by[dialect]) continue
        test(want.title, async () => {
          expect(await results.want(dialect, column, want)).not.toMatchObject({ is: "wrong" })
        })
      }
    })
  }
}

test("the page says what was found; bun test/conformance/update.ts writes it", async () => {
  expect(readFileSync(PAGE, "utf8")).toBe(await pageOf(results))
})

test("the books are in order, and nothing is held", () => {
  expect(brokenBooks(rig)).toEqual([])
  expect(rig.kit.gateway.callsInFlight).toBe(0)
})
