// kill −9 between any two steps of a plan's life and of what is bought with a code; and of a refund that Stripe tells of.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import type { Charge, FakeStripe } from "../fakes/stripe/index.ts"
import { pay, provedBooks, type Scene, Theatre } from "./kill/drama.ts"

setDefaultTimeout(180_000)
let theatre: Theatre
beforeAll(async () => {
  theatre = new Theatre(true)
  await theatre.open()
})
afterAll(() => theatre?.close())

function refund(stripe: FakeStripe, customer: string): void {
  const charge = stripe.world.all<Charge>("charge").find((one) => one.customer === customer && one.paid)
  stripe.refund(charge!.id, 1_000)
}
/** Of some twenty deaths each a life; the next run dies elsewhere. */
const EVERY = 6
const PAID: Scene = { processor: pay }

const DRAMAS: Record<string, { before?: Scene[]; drama: Scene[]; stepsMin: number }> = {
  "a plan is subscribed to": { drama: [{ house: "subscribe" }, PAID], stepsMin: 8 },
  "a plan is ended, and goes on": {
    before: [{ house: "subscribe" }, PAID],
    drama: [{ house: "end" }, { house: "resume" }],
    stepsMin: 10,
  },
  "a plan is lowered": {
    before: [{ house: "subscribe dearer" }, PAID],
    drama: [{ house: "lower" }],
    stepsMin: 6,
  },
  "a purchase with a code": { drama: [{ house: "buy with a code" }, PAID], stepsMin: 8 },
  "a refund that is made at the processor": {
    before: [{ house: "buy" }, PAID],
    drama: [{ processor: refund }],
    stepsMin: 3,
  },
}

for (const [name, { before = [], drama, stepsMin }] of Object.entries(DRAMAS))
  test(name, async () => {
    const { seed } = theatre.dice
    const { at, steps } = await theatre.play(drama, { before, ways: ["sent again"], every: EVERY })
    console.log(`${name}, ${steps} steps, PURSER_TEST_SEED=${seed}: ${at.join("; ")}`)
    expect(steps).toBeGreaterThanOrEqual(stepsMin)
  })

test("the books hold after all those deaths", () => expect(provedBooks(theatre)).toEqual([]))
