// Documentation and access never disagree: over random mappings of endpoints to plans, changed while keys are in use, the exported document says
// of every plan and every route what a real call then finds, and a refusal names the plan that the document names.
import { afterEach, beforeEach, expect, test } from "bun:test"
import { UserId } from "../../app/index.ts"
import { insertRow } from "../../store/index.ts"
import { exportDocument } from "../catalog/openapi/index.ts"
import { endpointsOf } from "../catalog/store-endpoints.ts"
import { random } from "../subscriptions/model.testing.ts"
import { marketEndpoints } from "../tables.ts"
import { type CallsKit, openCalls, told } from "./kit.testing.ts"
import { subscribeIn } from "./testing.ts"

let kit: CallsKit
beforeEach(async () => {
  kit = await openCalls()
})
afterEach(() => kit.close())

const METHODS = ["GET", "POST", "DELETE"] as const
/** Some of them are one another's neighbours: fixed text where the other takes any. */
const PATHS = ["/a", "/a/{id}", "/a/list", "/{any}/{id}", "/a/{id}/b", "/files/{name}.json"]
const PLANS = 4

interface Operation {
  "x-minimum-plan"?: string
}

for (const seed of [1, 2, 3])
  test(`a call finds what the document says, seed ${seed}`, async () => {
    const dice = random(seed)
    const { product, keys } = await kit.subscribed({ plans: Array.from({ length: PLANS }, () => ({})), endpoints: [] })
    // A subscriber of each plan; the first there is.
    for (let plan = 1; plan < PLANS; plan++)
      await kit.write((tx) => {
        const subscriptionId = subscribeIn(tx, product, 100 + plan, plan)
        keys.push(kit.calls.issueKeyIn(tx, { subscriptionId, userId: UserId(100 + plan), name: "Key" }).secret)
      })
    const ranks = new Map(product.planIds.map((_, rank) => [`Plan ${rank}`, rank]))
    const plans = new Map(product.planIds.map((id, rank) => [id, `Plan ${rank}`]))
    const [refused, allowed] = [new Set<string>(), new Set<string>()]
    for (let step = 0; step < 8; step++) {
      await kit.write((tx) => {
        for (const { id } of endpointsOf(tx, product.id))
          if (dice.int(4) === 0) tx.run("UPDATE market_endpoints SET removed_ms = ? WHERE id = ?", tx.now, id)
          else tx.run("UPDATE market_endpoints SET min_plan_id = ? WHERE id = ?", planOf(), id)
        for (let more = 0; more < 5; more++) {
          const [method, path] = [dice.pick(METHODS), dice.pick(PATHS)]
          if (endpointsOf(tx, product.id).some((one) => one.method === method && one.path === path)) continue
          const publicId = `epd_${seed}_${step}_${more}`
          const times = { createdMs: tx.now, updatedMs: tx.now }
          const row = { publicId, productId: product.id, position: 0, method, path, title: path, minPlanId: planOf() }
          insertRow(tx, marketEndpoints, { ...row, ...times })
        }
        function planOf(): number | null {
          return dice.int(3) === 0 ? null : dice.pick(product.planIds)
        }
      })
      const endpoints = await kit.write((tx) => endpointsOf(tx, product.id))
      const { paths } = exportDocument({
        product: { title: "Any", version: "1", slug: product.slug } as never,
        publisher: { slug: product.publisher } as never,
        endpoints,
        plans,
        publishedAt: "http://localhost/m",
      }) as unknown as { paths: Record<string, Record<string, Operation>> }
      for (const path of PATHS)
        for (const method of METHODS) {
          const said = paths[path]?.[method.toLowerCase()]
          const least = said?.["x-minimum-plan"]
          for (const [rank, key] of keys.entries()) {
            const concrete = path.replace(/\{\w+\}/, "q1").replace(/\{\w+\}/, "q2")
            const answer = await told(await kit.call(key, concrete, { method }))
            const found = { path, method, rank, status: answer.status, code: answer.code, plan: planSaid(answer.body) }
            const what = { path, method, rank }
            if (!said) {
              // Unless another route of the document takes it.
              if (Object.keys(paths).some((other) => other !== path && takes(other, concrete))) continue
              expect(found).toEqual({ ...what, status: paths[path] ? 405 : 404, code: expect.any(String), plan: null })
            } else if (least === undefined || rank >= ranks.get(least)!)
              expect(found).toEqual({ ...what, status: 200, code: undefined, plan: null })
            else expect(found).toEqual({ ...what, status: 403, code: "plan_required", plan: least })
            if (said) (answer.status === 200 ? allowed : refused).add(`${step} ${method} ${path} ${rank}`)
          }
        }
    }
    // A run in which nothing was refused proves nothing.
    expect([allowed.size > 40, refused.size > 40]).toEqual([true, true])
  })

const planSaid = (body: Record<string, unknown>): unknown => body.plan ?? null
const takes = (template: string, path: string): boolean =>
  new RegExp(`^${template.replace(/\{\w+\}/g, "[^/]+")}$`).test(path)
