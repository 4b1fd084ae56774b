// Every order of delivery of every flow in which money goes back. One server, a person a variant.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { CTX } from "../build.ts"
import { Prover } from "./flows/kit.ts"
import { MONEY_BACK } from "./flows/money-back.ts"
import { openShop, type Shop } from "./world.ts"

setDefaultTimeout(120_000)
let shop: Shop
let prover: Prover
beforeAll(async () => {
  shop = await openShop()
  prover = new Prover(shop)
})
afterAll(() => shop?.close())

for (const flow of MONEY_BACK)
  test(`${flow.name}: in whatever order, the same is left`, async () => {
    const { variants } = await prover.prove(flow, 6)
    expect(variants).toBeGreaterThan(5)
  })

test("the books hold, and nobody has to look", async () => {
  const { app } = shop.server
  expect((await app.verification.run(CTX)).checks.filter(({ violations }) => violations > 0)).toEqual([])
  expect(app.billing.events("parked", 10)).toEqual([])
})
