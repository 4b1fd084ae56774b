// Products and endpoints: addresses, servers, publishing, commission, and their end.
import { afterEach, beforeEach, expect, test } from "bun:test"
import { UserId } from "../../app/index.ts"
import { insertMarket } from "../testing.ts"
import { COMMISSION, REVIEWS } from "./settings.ts"
import { ADA, addPlan, BOB, type OpenCatalog, openCatalog, readyProduct } from "./testing.ts"

let world: OpenCatalog
beforeEach(async () => {
  world = await openCatalog()
})
afterEach(() => world.close())

const publisher = (ownerId = ADA, slug = "ada-labs") =>
  world.write((tx) => world.catalog.becomePublisherIn(tx, { ownerId, slug, name: "Ada Labs" }))
const fails = (verb: Parameters<typeof world.write>[0], code: string, field?: string) =>
  expect(world.write(verb)).rejects.toMatchObject({
    code,
    ...(field && { extra: { formErrors: { [field]: expect.any(String) } } }),
  })

test("a product gets an address of its own, and never a server that is no server", async () => {
  const { catalog, write } = world
  await publisher()
  const make = (more: object = {}) =>
    write((tx) =>
      catalog.createProductIn(tx, {
        ownerId: ADA,
        title: "Weather",
        upstreamUrl: "https://api.example.com/v1/",
        ...more,
      }),
    )
  const first = await make()
  expect(first).toMatchObject({
    slug: "weather",
    upstreamUrl: "https://api.example.com/v1",
    state: "draft",
    hostProvenMs: null,
  })
  expect((await make()).slug).toBe("weather-2")
  expect((await make({ title: "日本" })).slug).toBe("an-api")
  for (const upstreamUrl of [
    "http://api.example.com",
    "https://u:p@a.example",
    "https://a.example/?x=1",
    "ftp://a.example",
    "https://a.example/a%2fb",
    "",
    "javascript:alert(1)",
  ])
    await expect(make({ upstreamUrl })).rejects.toMatchObject({ code: "validation_failed" })
  expect((await make({ upstreamUrl: "http://127.0.0.1:8080" })).hostProvenMs).not.toBeNull()
  await expect(make({ slug: "weather" })).rejects.toMatchObject({ extra: { formErrors: { slug: expect.any(String) } } })
})

test("the server's secret is sealed, kept when it is not typed again, and gone with its header", async () => {
  const { catalog, write, store } = world
  const { mine } = await readyProduct(world)
  const edit = (more: object) => write((tx) => catalog.editProductIn(tx, { ...mine, ...more }))
  const secret = () => catalog.upstreamSecretOf(catalog.product(mine.productPublicId)!)
  await edit({ upstreamHeader: "x-api-key", upstreamSecret: "hunter2" })
  expect(secret()).toBe("hunter2")
  expect(JSON.stringify(store.read.all("SELECT * FROM market_products"))).not.toContain("hunter2")
  expect(JSON.stringify(store.read.all("SELECT * FROM audit_log"))).not.toContain("hunter2")
  await edit({ upstreamHeader: "x-other", upstreamSecret: null })
  expect(secret()).toBe("hunter2")
  await edit({ title: "Weather 2" })
  expect(secret()).toBe("hunter2")
  for (const upstreamHeader of ["host", "X-Forwarded-For", "a b", "cookie"])
    await expect(edit({ upstreamHeader, upstreamSecret: "x" })).rejects.toMatchObject({ code: "validation_failed" })
  await edit({ upstreamHeader: "" })
  expect(secret()).toBeNull()
  await expect(edit({ upstreamHeader: "x-api-key" })).rejects.toMatchObject({ code: "validation_failed" })
  await expect(edit({ seenMs: 1, title: "x" })).rejects.toMatchObject({ code: "conflict" })
})

test("an endpoint keeps its number while its method and path stay; what is gone is not shown", async () => {
  const { catalog, write } = world
  const { mine, product, endpoint } = await readyProduct(world)
  const planId = await write((tx) => addPlan(tx, product.id, 1, "Pro"))
  await write((tx) =>
    catalog.saveEndpointIn(tx, {
      ...mine,
      endpointPublicId: endpoint.publicId,
      method: "GET",
      path: "/now",
      title: "Now",
      weight: 3,
      minPlan: `mpl_${product.id}_1`,
    }),
  )
  const set = await write((tx) =>
    catalog.setEndpointsIn(tx, {
      ...mine,
      endpoints: [
        { method: "POST", path: "/new", title: "New" },
        { method: "GET", path: "/now", title: "Right now" },
      ],
    }),
  )
  expect(set.map(({ method, path, title }) => `${method} ${path} ${title}`)).toEqual([
    "POST /new New",
    "GET /now Right now",
  ])
  expect(set[1]).toMatchObject({ id: endpoint.id, weight: 3, minPlanId: planId })
  await write((tx) =>
    catalog.setEndpointsIn(tx, { ...mine, endpoints: [{ method: "POST", path: "/new", title: "N" }] }),
  )
  expect(catalog.endpoint(product.id, endpoint.publicId)).toBeNull()
  // A route that was removed can be added again.
  await write((tx) => catalog.saveEndpointIn(tx, { ...mine, method: "GET", path: "/now", title: "Again" }))
  expect(catalog.endpointsOf(product.id)).toHaveLength(2)
})

test("two endpoints never answer the same call, and a path is a path", async () => {
  const { catalog } = world
  const { mine } = await readyProduct(world)
  const parameter = (name: string) => [{ place: "path" as const, name, type: "string", required: true }]
  const save = (path: string, parameters = [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => parameter(name!))) =>
    world.write((tx) => catalog.saveEndpointIn(tx, { ...mine, method: "GET", path, title: "T", parameters }))
  await save("/users/{id}")
  await expect(save("/users/{name}")).rejects.toMatchObject({ extra: { formErrors: { path: expect.any(String) } } })
  for (const path of [
    "x",
    "/a?b",
    "/a#b",
    "/a/../b",
    "/./a",
    "/a//b",
    "/a%2Fb",
    "/{a",
    "/{}",
    "/{a}{b}",
    "/a b",
    "/{a}/{a}",
  ])
    await expect([
      path,
      await save(path).then(
        () => "saved",
        (e: { code: string }) => e.code,
      ),
    ]).toEqual([path, "validation_failed"])
  await expect(save("/teams/{id}", [])).rejects.toMatchObject({
    extra: { formErrors: { parameters: expect.any(String) } },
  })
  for (const path of ["/", "/files/{name}.json", "/v1/a:batch", "/@me", "/users/{id}/posts/"]) await save(path)
})

test("publishing needs an endpoint, a plan and a proven server; where reviews are wanted an admin decides once", async () => {
  const { catalog, write, settings } = world
  await publisher()
  const product = await write((tx) =>
    catalog.createProductIn(tx, { ownerId: ADA, title: "Weather", upstreamUrl: "https://api.example.com" }),
  )
  const mine = { ownerId: ADA, productPublicId: product.publicId }
  expect(catalog.lacking(product.publicId)).toHaveLength(3)
  await fails((tx) => catalog.publishIn(tx, mine), "conflict")
  await write((tx) => {
    catalog.saveEndpointIn(tx, { ...mine, method: "GET", path: "/now", title: "Now" })
    addPlan(tx, product.id, 0, "Free")
    catalog.vouchForHostIn(tx, mine)
  })
  expect(catalog.lacking(product.publicId)).toEqual([])
  expect((await write((tx) => catalog.publishIn(tx, mine))).state).toBe("review")
  await fails((tx) => catalog.publishIn(tx, mine), "conflict")
  const decide = (state: "draft" | "published" | "suspended", reason: string | null = null) =>
    write((tx) => catalog.decideIn(tx, { productPublicId: product.publicId, state, reason }))
  expect(await decide("draft", "Describe the errors.")).toMatchObject({
    state: "draft",
    stateReason: "Describe the errors.",
  })
  await write((tx) => catalog.publishIn(tx, mine))
  expect((await decide("published")).publishedMs).not.toBeNull()
  expect(world.mailed.map(({ kind, to }) => [kind, to])).toEqual([
    ["market_product_decided", "person1@example.com"],
    ["market_product_decided", "person1@example.com"],
  ])
  await write((tx) => catalog.unpublishIn(tx, mine))
  // It was looked at once.
  expect((await write((tx) => catalog.publishIn(tx, mine))).state).toBe("published")
  await decide("suspended", "Spam.")
  await fails((tx) => catalog.publishIn(tx, mine), "conflict")
  await fails((tx) => catalog.unpublishIn(tx, mine), "conflict")
  await fails((tx) => catalog.deleteProductIn(tx, mine), "conflict")
  await world.settings.set({ actor: "cli", requestId: "r", reason: "r" }, REVIEWS, { value: "none" })
  expect(settings.get(REVIEWS)).toBe("none")
  const other = await readyProduct(world, BOB, "Tides")
  expect((await write((tx) => catalog.publishIn(tx, other.mine))).state).toBe("published")
})

test("commission: the product's own before its publisher's before the platform's", async () => {
  const { catalog, write, settings } = world
  const { product } = await readyProduct(world)
  expect(catalog.commissionOf(product.id)).toEqual({ bp: 1_000, by: "platform" })
  await settings.set({ actor: "cli", requestId: "r", reason: "r" }, COMMISSION, { value: 500 })
  expect(catalog.commissionOf(product.id)).toEqual({ bp: 500, by: "platform" })
  await write((tx) => catalog.setPublisherCommissionIn(tx, { publisherId: product.publisherId, bp: 200 }))
  expect(catalog.commissionOf(product.id)).toEqual({ bp: 200, by: "publisher" })
  await write((tx) => catalog.setProductCommissionIn(tx, { productPublicId: product.publicId, bp: 0 }))
  expect(catalog.commissionOf(product.id)).toEqual({ bp: 0, by: "product" })
  await fails(
    (tx) => catalog.setProductCommissionIn(tx, { productPublicId: product.publicId, bp: 10_001 }),
    "validation_failed",
  )
})

test("a draft can be deleted with all of it; what somebody subscribed to cannot", async () => {
  const { catalog, write, store } = world
  const { mine, product } = await readyProduct(world)
  await fails((tx) => catalog.deleteProductIn(tx, { ...mine, ownerId: BOB }), "not_found")
  await write((tx) => catalog.deleteProductIn(tx, mine))
  expect(catalog.product(product.publicId)).toBeNull()
  for (const table of ["market_endpoints", "market_plans"])
    expect(store.read.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n).toBe(0)
  await write((tx) => insertMarket(tx, { ownerId: UserId(3), userId: UserId(11), words: "weather" }))
  await fails((tx) => catalog.deleteProductIn(tx, { ownerId: 3 as never, productPublicId: "prd_3" }), "conflict")
})
