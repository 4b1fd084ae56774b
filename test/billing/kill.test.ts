// kill −9 between any two steps of a purchase, with the processor alive outside: after the next start, and the second try of whoever was cut
// off, the books are as if nothing had happened.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { pay, provedBooks, type Scene, Theatre } from "./kill/drama.ts"

setDefaultTimeout(180_000)
let theatre: Theatre
beforeAll(async () => {
  theatre = new Theatre(true)
  await theatre.open()
})
afterAll(() => theatre?.close())

const PURCHASE: Scene[] = [{ house: "buy" }, { processor: pay }, { house: "return" }]

test("a purchase", async () => {
  const { at, steps } = await theatre.play(PURCHASE)
  console.log(`${steps} steps: ${at.join("; ")}`)
  expect(steps).toBeGreaterThan(8)
})

test("the books hold after all those deaths", () => expect(provedBooks(theatre)).toEqual([]))
