import { afterEach, beforeEach, expect, test } from "bun:test"
import { DAY_MS } from "../../app/index.ts"
import { testCtx } from "../../store/index.ts"
import { ADA, addPlan, BOB, type OpenCatalog, openCatalog, readyProduct, STRANGER } from "./testing.ts"

let world: OpenCatalog
beforeEach(async () => {
  world = await openCatalog()
})
afterEach(() => world.close())

const DOCUMENT = (paths: object = { "/now": { get: { summary: "Now" } } }) => ({
  openapi: "3.1.0",
  info: { title: "Weather", version: "2.0.0", description: "All of it." },
  servers: [{ url: "https://api.example.com/v1" }],
  paths,
})
const text = (paths?: object) => JSON.stringify(DOCUMENT(paths))

test("a first product in one step, from a file or an address; nothing is made of what is wrong", async () => {
  const { catalog, write, net } = world
  await expect(catalog.createFromDocument(testCtx, { ownerId: STRANGER, text: text() })).rejects.toMatchObject({
    code: "forbidden",
  })
  await expect(catalog.createFromDocument(testCtx, { ownerId: ADA, text: text() })).rejects.toMatchObject({
    code: "not_found",
  })
  await write((tx) => catalog.becomePublisherIn(tx, { ownerId: ADA, slug: "ada-labs", name: "Ada" }))
  const product = await catalog.createFromDocument(testCtx, { ownerId: ADA, text: text() })
  expect(product).toMatchObject({
    title: "Weather",
    version: "2.0.0",
    overview: "All of it.",
    upstreamUrl: "https://api.example.com/v1",
  })
  expect(catalog.endpointsOf(product.id).map(({ path, title }) => [path, title])).toEqual([["/now", "Now"]])
  net.files.set("https://docs.example/openapi.yaml", Bun.YAML.stringify(DOCUMENT()))
  const second = await catalog.createFromDocument(testCtx, {
    ownerId: ADA,
    url: "https://docs.example/openapi.yaml",
    title: "Mine",
  })
  expect(second).toMatchObject({ title: "Mine", slug: "mine" })
  expect(catalog.importedFrom(second.id)).toMatchObject({ sourceUrl: "https://docs.example/openapi.yaml" })
  const fails = (input: object, field: string) =>
    expect(catalog.createFromDocument(testCtx, { ownerId: ADA, ...input })).rejects.toMatchObject({
      code: "validation_failed",
      extra: { formErrors: { [field]: expect.any(String) } },
    })
  await fails({}, "url")
  await fails({ text: "hello" }, "text")
  await fails({ url: "https://nowhere.example" }, "url")
  await fails({ text: JSON.stringify({ ...DOCUMENT(), servers: [] }) }, "upstreamUrl")
  expect(catalog.productsOf(product.publisherId)).toHaveLength(2)
})

test("a later document waits until somebody looked; taking it over keeps numbers, plans, weights and prices", async () => {
  const { catalog, write } = world
  const { mine, product, endpoint } = await readyProduct(world)
  await write((tx) => {
    addPlan(tx, product.id, 1, "Pro")
    return catalog.saveEndpointIn(tx, {
      ...mine,
      endpointPublicId: endpoint.publicId,
      method: "GET",
      path: "/now",
      title: "Now",
      minPlan: `mpl_${product.id}_1`,
      weight: 5,
      validates: true,
    })
  })
  expect(await catalog.waitingDocument(mine)).toBeNull()
  const required = { parameters: [{ in: "query", name: "city", required: true, schema: { type: "string" } }] }
  await catalog.bringDocument(testCtx, { ...mine, text: text({ "/now": { get: required }, "/new": { get: {} } }) })
  const waiting = await catalog.waitingDocument(mine)
  expect(waiting!.differences).toMatchObject({ added: 1, changed: 1, removed: 0, breaking: 1 })
  expect(catalog.endpointsOf(product.id)).toHaveLength(1)
  // Another one came meanwhile.
  world.clock.advance(1)
  await catalog.bringDocument(testCtx, { ...mine, text: text({ "/now": { get: {} }, "/new": { get: {} } }) })
  await expect(
    catalog.applyDocument(testCtx, { ...mine, createdMs: waiting!.createdMs, words: true }),
  ).rejects.toMatchObject({ code: "conflict" })
  const now = await catalog.waitingDocument(mine)
  await catalog.applyDocument(testCtx, { ...mine, createdMs: now!.createdMs, words: true })
  const [first] = catalog.endpointsOf(product.id)
  expect(first).toMatchObject({ id: endpoint.id, weight: 5, validates: true, minPlanId: expect.any(Number) })
  expect(catalog.product(product.publicId)).toMatchObject({ version: "2.0.0", overview: "All of it." })
  expect(await catalog.waitingDocument(mine)).toBeNull()
  await expect(
    catalog.applyDocument(testCtx, { ...mine, createdMs: now!.createdMs, words: true }),
  ).rejects.toMatchObject({ code: "not_found" })
  const document = JSON.parse(JSON.stringify(catalog.openapiOf(catalog.product(product.publicId)!)))
  expect(document.servers).toEqual([{ url: "https://api.purser.example/m/publisher-1/weather" }])
  expect(document.paths["/now"].get).toMatchObject({ "x-minimum-plan": "Pro", "x-quota-units": 5 })
})

test("a document of another owner's product is not found, and one that nobody decided on goes after a day", async () => {
  const { catalog, write, clock } = world
  const { mine } = await readyProduct(world)
  await catalog.bringDocument(testCtx, { ...mine, text: text() })
  const theirs = { ...mine, ownerId: BOB }
  await expect(catalog.waitingDocument(theirs)).rejects.toMatchObject({ code: "not_found" })
  await expect(catalog.bringDocument(testCtx, { ...theirs, text: text() })).rejects.toMatchObject({ code: "not_found" })
  await expect(
    catalog.applyDocument(testCtx, { ...theirs, createdMs: clock.now(), words: false }),
  ).rejects.toMatchObject({ code: "not_found" })
  await expect(write((tx) => catalog.dropWaitingIn(tx, theirs))).rejects.toMatchObject({ code: "not_found" })
  clock.advance(DAY_MS + 1)
  expect(await catalog.sweep(10)).toBe(1)
  expect(await catalog.waitingDocument(mine)).toBeNull()
})
