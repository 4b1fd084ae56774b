// Documentation and access never disagree: over random plans, endpoints and imports, the exported document names exactly the plans that `opens` lets in,
// and every route that it names is an endpoint, and no other.
import { afterEach, expect, test } from "bun:test"
import { createProductPlans, opens } from "../plans/index.ts"
import { shapeOf } from "./endpoint-rules.ts"
import { ADA, type OpenCatalog, openCatalog } from "./testing.ts"

let world: OpenCatalog
afterEach(() => world.close())

/** Mulberry32: one seed, one run. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) % sides
  }
}

const TERMS = { priceNano: 0 as never, cycle: "month" as const, trialDays: 0, overageNano: null, overageCapNano: null }
const METHODS = ["GET", "POST", "DELETE"] as const

for (const seed of [1, 2, 3, 4, 5])
  test(`what is documented is what can be called, seed ${seed}`, async () => {
    world = await openCatalog()
    const { catalog, write, deps } = world
    const roll = dice(seed)
    const plans = createProductPlans(deps)
    const product = await write((tx) => {
      catalog.becomePublisherIn(tx, { ownerId: ADA, slug: "ada-labs", name: "Ada" })
      const made = catalog.createProductIn(tx, { ownerId: ADA, title: "Any", upstreamUrl: "https://api.example.com" })
      for (let n = 0; n < 4; n++)
        plans.createPlanIn(tx, { productId: made.id, name: `Plan ${n}`, terms: { ...TERMS, quotas: [], rates: [] } })
      return made
    })
    const mine = { ownerId: ADA, productPublicId: product.publicId }
    const ranks = new Map(plans.plansOf(product.id).map((plan) => [plan.id, plan.rank]))
    const names = new Map(plans.plansOf(product.id).map((plan) => [plan.name, plan.rank]))
    const publicIds = plans.plansOf(product.id).map(({ publicId }) => publicId)
    for (let step = 0; step < 40; step++) {
      const present = catalog.endpointsOf(product.id)
      const one = present[roll(Math.max(1, present.length))]
      const minPlan = roll(3) === 0 ? null : publicIds[roll(publicIds.length)]!
      await write((tx) => {
        if (one && roll(5) === 0) catalog.removeEndpointIn(tx, { ...mine, endpointPublicId: one.publicId })
        else if (one && roll(2) === 0) {
          const { method, path, title, publicId } = one
          catalog.saveEndpointIn(tx, { ...mine, endpointPublicId: publicId, method, path, title, minPlan })
        } else {
          const path = roll(2) === 0 ? `/a/${step}` : `/b/{id}/${step}`
          catalog.saveEndpointIn(tx, { ...mine, method: METHODS[roll(3)]!, path, title: "x", minPlan })
        }
      })
      if (step % 8 !== 7) continue
      const endpoints = catalog.endpointsOf(product.id)
      const document = catalog.openapiOf(product) as {
        paths: Record<string, Record<string, { "x-minimum-plan"?: string }>>
      }
      const documented = Object.entries(document.paths).flatMap(([path, item]) =>
        Object.entries(item).map(([method, said]) => ({ route: `${method.toUpperCase()} ${shapeOf(path)}`, said })),
      )
      expect(documented.map(({ route }) => route).toSorted()).toEqual(
        endpoints.map(({ method, path }) => `${method} ${shapeOf(path)}`).toSorted(),
      )
      for (const endpoint of endpoints) {
        const { said } = documented.find(({ route }) => route === `${endpoint.method} ${shapeOf(endpoint.path)}`)!
        const least = said["x-minimum-plan"] === undefined ? 0 : names.get(said["x-minimum-plan"])!
        for (const rank of ranks.values()) expect(opens(rank, endpoint, plans.plansOf(product.id))).toBe(rank >= least)
      }
      // And back in: the same document changes nothing, and keeps every plan.
      await catalog.bringDocument(
        { actor: "user:usr_1", requestId: "r", reason: "r" },
        { ...mine, text: JSON.stringify(document) },
      )
      const waiting = (await catalog.waitingDocument(mine))!
      expect({ ...waiting.differences, list: [], same: 0, changed: 0 }).toMatchObject({
        added: 0,
        removed: 0,
        breaking: 0,
      })
      await catalog.applyDocument(
        { actor: "user:usr_1", requestId: "r", reason: "r" },
        { ...mine, createdMs: waiting.createdMs, words: false },
      )
      const plansOfEach = (list: typeof endpoints) => new Map(list.map(({ id, minPlanId }) => [id, minPlanId]))
      expect(plansOfEach(catalog.endpointsOf(product.id))).toEqual(plansOfEach(endpoints))
    }
  })
