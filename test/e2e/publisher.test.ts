// A publisher by the pages' own forms: from a document to a published API; and somebody else, who finds none of it by any form.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { csrfOf, signedIn } from "../browser/house.ts"
import { makeDeveloper } from "../build.ts"
import { openRouteWorld, type RouteWorld } from "../routes.ts"

let world: RouteWorld
beforeAll(async () => {
  world = await openRouteWorld()
})
afterAll(() => world.server.close())

const DOCUMENT = JSON.stringify({
  openapi: "3.1.0",
  info: { title: "Tides", version: "1.0.0" },
  servers: [{ url: "https://tides.example.com" }],
  paths: { "/tides/{port}": { get: { summary: "Tides of a port" } } },
})

test("from a document to an API that waits for its plan and its server", async () => {
  const { app, url } = world.server
  const person = await makeDeveloper(app, { name: "Tide people" })
  const agent = await signedIn(world.server, person.email)
  const post = async (path: string, fields: [string, string][]) => {
    const csrf = await csrfOf(world.server, agent)
    return agent.post(`${url}${path}`, [["csrf", csrf], ...fields])
  }
  expect(
    (
      await post("/publisher/registration", [
        ["name", "Tide people"],
        ["slug", "tides"],
      ])
    ).status,
  ).toBe(200)
  expect((await post("/publisher/products/import", [["text", "swagger: '2.0'"]])).status).toBe(422)
  const made = await post("/publisher/products/import", [["text", DOCUMENT]])
  expect(made.status).toBe(200)
  const product = app.marketplace.catalog.productBySlug("tides")!
  expect(made.url).toEndWith(`/publisher/products/${product.publicId}`)
  expect(app.marketplace.catalog.endpointsOf(product.id).map(({ path }) => path)).toEqual(["/tides/{port}"])
  await post(`/publisher/products/${product.publicId}/publication`, [])
  expect(app.marketplace.catalog.product(product.publicId)!.state).toBe("draft")
  const html = (await agent.get(`${url}/publisher/products/${product.publicId}`)).text
  expect(html).toContain("Prove tides.example.com")
})

test("a guide as long as it may be, in any script, is saved; a longer one comes back with its words", async () => {
  const { app, url } = world.server
  const person = await makeDeveloper(app, { name: "Long writers" })
  const agent = await signedIn(world.server, person.email)
  const csrf = await csrfOf(world.server, agent)
  const post = (path: string, fields: [string, string][]) => agent.post(`${url}${path}`, [["csrf", csrf], ...fields])
  await post("/publisher/registration", [
    ["name", "Long writers"],
    ["slug", "long-writers"],
  ])
  await post("/publisher/products/import", [["text", DOCUMENT.replaceAll("Tides", "Deep tides")]])
  const product = app.marketplace.catalog.productBySlug("deep-tides")!
  const path = `/publisher/products/${product.publicId}/guides`
  // Nine bytes each on the line.
  const saved = await post(path, [
    ["title", "潮汐"],
    ["body", "潮".repeat(60_000)],
  ])
  expect([saved.status, saved.text.includes("is saved")]).toEqual([200, true])
  const long = await post(path, [
    ["title", "Too long"],
    ["body", "潮".repeat(60_001)],
  ])
  expect([long.status, long.text.includes("60,000"), long.text.includes("潮".repeat(1_000))]).toEqual([422, true, true])
  // What no form of ours can be is refused before it is read.
  const huge = await post(path, [["body", "x".repeat(700_000)]])
  expect(huge.status).toBe(413)
})
