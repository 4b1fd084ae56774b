// A flow of plans on servers of its own.
import { expect } from "bun:test"
import { usd } from "../../../src/plans/testing.ts"
import { CTX } from "../../build.ts"
import { openShop } from "../world.ts"
import { type Flow, Prover } from "./kit.ts"

const RANDOM_ORDERS = 5

export async function provePlan(flow: Flow): Promise<void> {
  const [shop, pilot] = [await openShop(), await openShop()]
  const { app } = shop.server
  try {
    for (const { server } of [shop, pilot])
      await server.app.plans.updatePlan(CTX, { code: "starter", yearlyNano: usd(300) })
    const { variants } = await new Prover(shop, pilot).prove(flow, RANDOM_ORDERS)
    expect(variants).toBeGreaterThan(3)
    expect((await app.verification.run(CTX)).ok).toBe(true)
    expect(app.billing.events("parked", 10)).toEqual([])
  } finally {
    await shop.close()
    await pilot.close()
  }
}
