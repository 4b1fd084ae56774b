// kill −9 between any two steps of a refund.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { pay, provedBooks, type Scene, Theatre } from "./kill/drama.ts"

setDefaultTimeout(180_000)
let theatre: Theatre
beforeAll(async () => {
  theatre = new Theatre(true)
  await theatre.open()
})
afterAll(() => theatre?.close())

const BEFORE: Scene[] = [{ house: "buy" }, { processor: pay }]
const REFUND: Scene[] = [{ house: "refund" }]

test("a refund that an admin asks for", async () => {
  const { at, steps } = await theatre.play(REFUND, { before: BEFORE })
  console.log(`${steps} steps: ${at.join("; ")}`)
  expect(steps).toBeGreaterThan(5)
})

test("the books hold after all those deaths", () => expect(provedBooks(theatre)).toEqual([]))
