// Flows on one server, a person a variant: in whatever order their events come, the same is left; and the books of the whole hold.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { CTX } from "../../build.ts"
import { openShop, type Shop } from "../world.ts"
import { type Flow, Prover } from "./kit.ts"

/** Declares the tests of a file. @param randomOrders of flows with more events than all orders are tried of */
export function proveAll(flows: readonly Flow[], randomOrders?: number): void {
  setDefaultTimeout(120_000)
  let shop: Shop
  let prover: Prover
  beforeAll(async () => {
    shop = await openShop()
    prover = new Prover(shop)
  })
  afterAll(() => shop?.close())

  for (const flow of flows)
    test(`${flow.name}: in whatever order, the same is left`, async () => {
      const { events, variants } = await prover.prove(flow, randomOrders)
      expect(events.length).toBeGreaterThan(0)
      expect(variants).toBeGreaterThan(3)
    })

  test("the books hold, and nobody has to look", async () => {
    const { app } = shop.server
    expect((await app.verification.run(CTX)).checks.filter(({ violations }) => violations > 0)).toEqual([])
    expect(app.billing.events("parked", 10)).toEqual([])
  })
}
