import { afterEach, beforeEach, expect, test } from "bun:test"
import { DAY_MS, UserId } from "../../app/index.ts"
import { auditOf } from "../../audit/index.ts"
import { insertMarket } from "../testing.ts"
import { COMMISSION, REVIEWS } from "./settings.ts"
import { ADA, addPlan, BOB, type OpenCatalog, openCatalog, readyProduct, STRANGER } from "./testing.ts"

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

test("a publisher needs the agreement, a name of their own and an address nobody has", async () => {
  const { catalog } = world
  await fails((tx) => catalog.becomePublisherIn(tx, { ownerId: STRANGER, slug: "abc", name: "Eve" }), "forbidden")
  for (const slug of ["ab", "A b", "new", "gone-1", "a--b", "-ab", "ab-", "x".repeat(41), "ädam"])
    await fails((tx) => catalog.becomePublisherIn(tx, { ownerId: ADA, slug, name: "Ada" }), "validation_failed", "slug")
  await fails(
    (tx) => catalog.becomePublisherIn(tx, { ownerId: ADA, slug: "abc", name: "Purser Inc" }),
    "validation_failed",
    "name",
  )
  const made = await publisher()
  expect(catalog.publisherOf(ADA)).toEqual(made)
  expect(catalog.publisherBySlug("ada-labs")).toEqual(made)
  await fails((tx) => catalog.becomePublisherIn(tx, { ownerId: ADA, slug: "other", name: "Ada" }), "conflict")
  await fails(
    (tx) => catalog.becomePublisherIn(tx, { ownerId: BOB, slug: "ada-labs", name: "B" }),
    "validation_failed",
    "slug",
  )
  expect(auditOf(world.store.read, made.publicId)).toHaveLength(1)
})

test("a changed address leads on for a year, is nobody else's meanwhile, and can be taken back", async () => {
  const { catalog, clock } = world
  await publisher()
  await world.write((tx) => catalog.editPublisherIn(tx, { ownerId: ADA, slug: "ada-new" }))
  expect(catalog.publisherAt("ada-labs")).toMatchObject({ moved: true, publisher: { slug: "ada-new" } })
  expect(catalog.publisherAt("ada-new")).toMatchObject({ moved: false })
  await fails(
    (tx) => catalog.becomePublisherIn(tx, { ownerId: BOB, slug: "ada-labs", name: "Bob" }),
    "validation_failed",
    "slug",
  )
  await world.write((tx) => catalog.editPublisherIn(tx, { ownerId: ADA, slug: "ada-labs" }))
  expect(catalog.publisherAt("ada-labs")).toMatchObject({ moved: false })
  expect(catalog.publisherAt("ada-new")).toMatchObject({ moved: true })
  clock.advance(366 * DAY_MS)
  expect(catalog.publisherAt("ada-new")).toBeNull()
  await publisher(BOB, "ada-new")
  expect(catalog.publisherAt("ada-new")).toMatchObject({ moved: false, publisher: { ownerId: BOB } })
})

test("former addresses are bounded", async () => {
  await publisher()
  for (let n = 0; n < 5; n++)
    await world.write((tx) => world.catalog.editPublisherIn(tx, { ownerId: ADA, slug: `ada-${n}` }))
  await fails((tx) => world.catalog.editPublisherIn(tx, { ownerId: ADA, slug: "ada-again" }), "conflict")
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

test("a published product goes nowhere else until its new server is proven", async () => {
  const { catalog, write } = world
  const { mine } = await readyProduct(world)
  await write((tx) =>
    catalog.setStateIn(tx, { productPublicId: mine.productPublicId, state: "published", reason: null }),
  )
  const move = (upstreamUrl: string) => write((tx) => catalog.editProductIn(tx, { ...mine, upstreamUrl }))
  await expect(move("https://evil.example")).rejects.toMatchObject({
    extra: { formErrors: { upstreamUrl: expect.any(String) } },
  })
  expect((await move("https://api.example.com/v2")).hostProvenMs).not.toBeNull()
})

test("a server is proven by DNS or by a file, at most every ten seconds, and for the publisher who claimed it alone", async () => {
  const { catalog, write, net, clock } = world
  await publisher()
  await publisher(BOB, "bob-labs")
  const product = await write((tx) =>
    catalog.createProductIn(tx, { ownerId: ADA, title: "Weather", upstreamUrl: "https://api.example.com" }),
  )
  const claim = (ownerId: typeof ADA, host: string) => write((tx) => catalog.claimHostIn(tx, { ownerId, host }))
  for (const host of ["", "localhost", "127.0.0.1", "[::1]", "a b.example", "x".repeat(300), "2130706433"])
    await expect(claim(ADA, host)).rejects.toMatchObject({ code: "validation_failed" })
  const proof = await claim(ADA, "https://API.example.com/v1")
  expect(proof).toMatchObject({ host: "api.example.com", dnsName: "_purser-verification.api.example.com" })
  expect(await claim(ADA, "api.example.com")).toEqual(proof)
  const check = (ownerId = ADA) =>
    catalog.checkHost({ actor: "user:usr_1", requestId: "r", reason: "r" }, { ownerId, host: proof.host })
  expect(await check()).toBeNull()
  await expect(check()).rejects.toMatchObject({ code: "rate_limit_exceeded" })
  // Another publisher's token, and a page that repeats much, prove nothing.
  const bobs = await claim(BOB, "api.example.com")
  expect(bobs.dnsValue).not.toBe(proof.dnsValue)
  net.txt.set(proof.dnsName, [[bobs.dnsValue]])
  net.files.set(proof.fileUrl, `x ${proof.fileText} y`)
  clock.advance(10_000)
  expect(await check()).toBeNull()
  net.files.set(proof.fileUrl, `\r\n${proof.fileText}\r\n`)
  clock.advance(10_000)
  expect(await check()).toBe("file")
  expect(catalog.product(product.publicId)?.hostProvenMs).toBe(clock.now())
  expect(await check(BOB)).toBe("dns")
  await expect(check(STRANGER)).rejects.toMatchObject({ code: "forbidden" })
  await write((tx) => catalog.dropHostIn(tx, { ownerId: ADA, host: proof.host }))
  expect(catalog.product(product.publicId)?.hostProvenMs).toBeNull()
  expect(catalog.proofsOf(BOB)).toHaveLength(1)
})

test("guides, changes, contacts and questions: another owner's are not found", async () => {
  const { catalog, write } = world
  const { mine, product } = await readyProduct(world)
  const others = await readyProduct(world, BOB, "Tides")
  const made = await write((tx) => ({
    guide: catalog.saveGuideIn(tx, { ...mine, title: "Start", body: "# Hi" }),
    change: catalog.addChangeIn(tx, { ...mine, version: "1.1", title: "More", body: "", breaking: true, mail: false }),
    question: catalog.saveQuestionIn(tx, { ...mine, question: "Why?", answer: "So." }),
  }))
  await write((tx) =>
    catalog.addContactIn(tx, { ...mine, level: "email", kind: "email", label: "Help", target: "help@example.com" }),
  )
  const contact = catalog.supportOf(product.id).contacts[0]!
  const foreign = [mine.productPublicId, others.mine.productPublicId].map((productPublicId) => ({
    ownerId: BOB,
    productPublicId,
  }))
  for (const theirs of foreign) {
    await fails(
      (tx) => catalog.saveGuideIn(tx, { ...theirs, guidePublicId: made.guide.publicId, title: "x", body: "" }),
      "not_found",
    )
    await fails((tx) => catalog.removeGuideIn(tx, { ...theirs, guidePublicId: made.guide.publicId }), "not_found")
    await fails((tx) => catalog.removeChangeIn(tx, { ...theirs, changePublicId: made.change.publicId }), "not_found")
    await fails((tx) => catalog.removeContactIn(tx, { ...theirs, contactPublicId: contact.publicId }), "not_found")
    await fails(
      (tx) => catalog.removeQuestionIn(tx, { ...theirs, questionPublicId: made.question.publicId }),
      "not_found",
    )
  }
  const contactTo = (kind: "email" | "chat", target: string) => (tx: Parameters<Parameters<typeof write>[0]>[0]) =>
    catalog.addContactIn(tx, { ...mine, level: "community", kind, label: "L", target })
  await fails(contactTo("email", "no mail"), "validation_failed", "target")
  await fails(contactTo("chat", "javascript:alert(1)"), "validation_failed", "target")
  await fails(contactTo("chat", "http://plain.example"), "validation_failed", "target")
  expect(catalog.guidesOf(product.id).map(({ title }) => title)).toEqual(["Start"])
})

test("mails about a change reach each subscriber who wants them once, however often it is delivered", async () => {
  const { catalog, write, queued, mailed } = world
  const ids = [11, 12, 13]
  await write((tx) => insertMarket(tx, { ownerId: UserId(1), userId: UserId(11), words: "weather" }))
  const product = catalog.product("prd_1")!
  const mine = { ownerId: ADA, productPublicId: product.publicId }
  await fails((tx) => catalog.setFollowIn(tx, { userId: UserId(12), productId: product.id, on: true }), "forbidden")
  expect(catalog.follows(UserId(11), product.id)).toBe(true)
  const announce = (mail: boolean) =>
    write((tx) => catalog.addChangeIn(tx, { ...mine, version: "2", title: "New", body: "", breaking: true, mail }))
  await announce(false)
  expect(queued).toEqual([])
  await announce(true)
  const delivery = { payload: queued[0]!.payload, eventId: "evt_1" }
  for (let n = 0; n < 3; n++) await catalog.deliverChange(delivery)
  expect(mailed.map(({ to }) => to)).toEqual(["person11@example.com"])
  expect(JSON.stringify(mailed)).not.toContain("New")
  await announce(true)
  await announce(true)
  await expect(announce(true)).rejects.toMatchObject({ code: "conflict" })
  expect(ids).toHaveLength(3)
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

test("a suspended publisher changes nothing", async () => {
  const { catalog, suspended } = world
  const { mine } = await readyProduct(world)
  suspended.add(1)
  await fails((tx) => catalog.editProductIn(tx, { ...mine, title: "x" }), "account_suspended")
  await fails((tx) => catalog.publishIn(tx, mine), "account_suspended")
})

test("claims and documents that nobody decided on are swept", async () => {
  const { catalog, write, clock, store } = world
  await publisher()
  await write((tx) => catalog.claimHostIn(tx, { ownerId: ADA, host: "a.example" }))
  expect(await catalog.sweep(100)).toBe(0)
  clock.advance(31 * DAY_MS)
  expect(await catalog.sweep(100)).toBe(1)
  expect(store.read.all("SELECT * FROM market_hosts")).toEqual([])
})
