// kill −9 between any two steps of a recharge, from the crossing of the threshold over the charge to its event. One charge, one order, one mail, whenever the process died.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import type { FakeStripe, Session } from "../fakes/stripe/index.ts"
import { type Scene, Theatre } from "./kill/drama.ts"

setDefaultTimeout(180_000)
let theatre: Theatre
beforeAll(async () => {
  theatre = new Theatre(true)
  await theatre.open()
})
afterAll(() => theatre?.close())

const save = (stripe: FakeStripe, customer: string) => {
  const [session] = stripe.world.all<Session>("checkout.session").filter((one) => one.customer === customer)
  if (session!.status === "open") stripe.pay(session!.id, { with: "4242424242424242" })
}
/** Until the card is saved nothing is charged; `from: 1` dies there, too. */
const CARD_STEPS = 7
const RECHARGE: Scene[] = [{ house: "card" }, { processor: save }, { house: "runs low" }]

test("a recharge", async () => {
  const { at, steps } = await theatre.play(RECHARGE, { ways: ["sent again"], from: CARD_STEPS + 1 })
  console.log(`${steps} steps: ${at.join("; ")}`)
  expect(at.filter((what) => what.includes("credits ran low")).length).toBe(2)
  expect(at).toContain("after POST /v1/payment_intents")
})
