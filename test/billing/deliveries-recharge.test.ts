// Every order of delivery of what is told of recharges: twice, never, late, side by side. One server, a person a variant.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { Prover } from "./flows/kit.ts"
import { RECHARGES } from "./flows/recharges.ts"
import { openShop, type Shop } from "./world.ts"

/** Each variant is a person with a card of their own. */
const RANDOM_ORDERS = 10

setDefaultTimeout(120_000)
let shop: Shop
let prover: Prover
beforeAll(async () => {
  shop = await openShop()
  prover = new Prover(shop)
})
afterAll(() => shop?.close())

for (const flow of RECHARGES)
  test(`${flow.name}: in whatever order, the same is left`, async () => {
    const { events, variants } = await prover.prove(flow, RANDOM_ORDERS)
    expect(events.length).toBeGreaterThan(0)
    expect(variants).toBeGreaterThan(5)
  })

test("the books hold, and nobody has to look", async () => {
  const { app } = shop.server
  expect((await app.verification.run({ actor: "cli", requestId: "r", reason: "t" })).ok).toBe(true)
  expect(app.billing.events("parked", 10)).toEqual([])
})
