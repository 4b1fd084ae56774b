// kill −9 between any two steps of an upgrade.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { pay, provedBooks, type Scene, Theatre } from "./kill/drama.ts"

setDefaultTimeout(180_000)
let theatre: Theatre
beforeAll(async () => {
  theatre = new Theatre(true)
  await theatre.open()
})
afterAll(() => theatre?.close())

const BEFORE: Scene[] = [{ house: "subscribe" }, { processor: pay }]
const UPGRADE: Scene[] = [{ house: "look" }, { house: "upgrade" }]

test("an upgrade", async () => {
  const { at, steps } = await theatre.play(UPGRADE, { before: BEFORE, ways: ["sent again"] })
  console.log(`${steps} steps: ${at.join("; ")}`)
  expect(steps).toBeGreaterThan(5)
})

test("the books hold after all those deaths", () => expect(provedBooks(theatre)).toEqual([]))
