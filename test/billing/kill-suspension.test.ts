// kill −9 between any two steps of a suspension and of what ends it: nobody is charged in between, and everybody after it.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { pay, provedBooks, type Scene, Theatre } from "./kill/drama.ts"

setDefaultTimeout(180_000)
let theatre: Theatre
beforeAll(async () => {
  theatre = new Theatre()
  await theatre.open()
})
afterAll(() => theatre?.close())

const BEFORE: Scene[] = [{ house: "subscribe" }, { processor: pay }]

test("a person who pays for a plan is suspended: nothing is charged", async () => {
  const { at, steps } = await theatre.play([{ house: "suspend" }], { before: BEFORE, ways: ["sent again"] })
  console.log(`${steps} steps: ${at.join("; ")}`)
  expect(steps).toBeGreaterThan(3)
})

test("and is reinstated: it is charged again", async () => {
  const before = [...BEFORE, { house: "suspend" }]
  const { at, steps } = await theatre.play([{ house: "reinstate" }], { before, ways: ["sent again"] })
  console.log(`${steps} steps: ${at.join("; ")}`)
  expect(steps).toBeGreaterThan(3)
})

test("the books hold after all those deaths", () => expect(provedBooks(theatre)).toEqual([]))
