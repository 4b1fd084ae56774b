// Every order of delivery of purchases with a coupon.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { CTX } from "../build.ts"
import { DISCOUNTS } from "./flows/discounts.ts"
import { Prover } from "./flows/kit.ts"
import { openShop, type Shop } from "./world.ts"

setDefaultTimeout(120_000)
let shop: Shop
let prover: Prover
beforeAll(async () => {
  shop = await openShop()
  prover = new Prover(shop)
})
afterAll(() => shop?.close())

for (const flow of DISCOUNTS)
  test(`${flow.name}: in whatever order, the same is left`, async () => {
    const { variants } = await prover.prove(flow, 15)
    expect(variants).toBeGreaterThan(3)
  })

test("the books hold, and nobody has to look", async () => {
  const { app } = shop.server
  expect((await app.verification.run(CTX)).ok).toBe(true)
  expect(app.billing.events("parked", 10)).toEqual([])
})
