// kill −9 between any two steps of a purchase, with the processor alive outside: after the next start, and the second try of whoever was cut
// off, the books are as if nothing had happened.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { join } from "node:path"
import { verify } from "../../src/ledger/index.ts"
import { openReadOnly } from "../../src/store/index.ts"
import type { FakeStripe, Session } from "../fakes/stripe/index.ts"
import { type Scene, Theatre } from "./kill/drama.ts"

setDefaultTimeout(180_000)
let theatre: Theatre
beforeAll(async () => {
  theatre = new Theatre()
  await theatre.open()
})
afterAll(() => theatre?.close())

const pay = (stripe: FakeStripe, customer: string) => {
  const [session] = stripe.world.all<Session>("checkout.session").filter((one) => one.customer === customer)
  stripe.pay(session!.id, { with: "4242424242424242" })
}
const PURCHASE: Scene[] = [{ house: "buy" }, { processor: pay }, { house: "return" }]

test("a purchase", async () => {
  const { at, steps } = await theatre.play(PURCHASE)
  console.log(`${steps} steps: ${at.join("; ")}`)
  expect(steps).toBeGreaterThan(8)
})

test("the books hold after all those deaths", () => {
  const reader = openReadOnly(join(theatre.mortal.dataDir, "purser.db"))
  expect(reader.snapshot(() => verify(reader)).checks.filter(({ violations }) => violations > 0)).toEqual([])
  reader.close()
})
