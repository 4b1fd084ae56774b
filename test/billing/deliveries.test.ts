// Every order of delivery of every flow: each event twice, thrice, never, late, side by side. One server, a person a variant.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { Prover } from "./flows/kit.ts"
import { PURCHASES } from "./flows/purchases.ts"
import { openShop, type Shop } from "./world.ts"

setDefaultTimeout(120_000)
let shop: Shop
let prover: Prover
beforeAll(async () => {
  shop = await openShop()
  prover = new Prover(shop)
})
afterAll(() => shop?.close())

for (const flow of PURCHASES)
  test(`${flow.name}: in whatever order, the same is left`, async () => {
    const { events, variants } = await prover.prove(flow)
    expect(events.length).toBeGreaterThan(0)
    expect(variants).toBeGreaterThan(5)
  })

test("the books hold, and nobody has to look", async () => {
  const { app } = shop.server
  expect((await app.verification.run({ actor: "cli", requestId: "r", reason: "t" })).ok).toBe(true)
  expect(app.billing.events("parked", 10)).toEqual([])
})
