// An API of the marketplace as an MCP server, used by the official SDK's client: tools follow the plan, calls go the road of every call, and
// nobody sees or pays what is not theirs.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits, nano, PrincipalId, UserId } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { principal } from "../../src/ledger/index.ts"
import { Echo, type MadeProduct, productIn, subscribeIn } from "../../src/marketplace/calls/testing.ts"
import { marketParameters } from "../../src/marketplace/tables.ts"
import { REGISTRATION } from "../../src/oauth/index.ts"
import { insertRow } from "../../src/store/index.ts"
import { CTX, makeClient, makeDeveloper, makeUser, mintTokens, startTestServer, type TestServer } from "../build.ts"
import { makeHost, makeTeam } from "../team-world.ts"
import { connectWith, Kept, logIn } from "./sdk-client.ts"

let server: TestServer
let echo: Echo
let owner: User
let user: User
let product: MadeProduct
let subscription: number
let productKey: string
let secret: string
let url: string

const PLACE = { type: "object", properties: { city: { $ref: "#/$defs/City" } }, $defs: { City: { type: "string" } } }

beforeAll(async () => {
  echo = new Echo()
  server = await startTestServer({ env: { PURSER_PRODUCT_NETWORKS: "127.0.0.1" } })
  const { store, keyring, marketplace, keys, settings } = server.app
  await settings.set(CTX, REGISTRATION, { value: "yes" })
  ;[owner, user] = [await makeUser(server.app), await makeUser(server.app)]
  product = await store.write(CTX, (tx) => {
    const made = productIn(tx, keyring, {
      ownerId: owner.id,
      upstreamUrl: `${echo.url}/base`,
      plans: [
        { quotas: [{ period: "day", anchor: "calendar", units: 4 }] },
        {
          quotas: [{ period: "day", anchor: "calendar", units: 6 }],
          overageNano: nano(1_000_000),
          overageCapNano: null,
        },
      ],
      endpoints: [
        { path: "/weather/{city}", description: "The weather of a city." },
        { path: "/places", method: "POST", bodySchema: JSON.stringify(PLACE), bodyType: "application/json" },
        { path: "/picture" },
      ],
    })
    const [weather, places] = made.endpointIds
    tx.run("UPDATE market_endpoints SET min_plan_id = ? WHERE id = ?", made.planIds[1]!, places!)
    const of = { endpointId: weather!, type: "string", schema: null, example: null }
    insertRow(tx, marketParameters, { ...of, position: 0, place: "path", name: "city", required: true })
    insertRow(tx, marketParameters, { ...of, position: 1, place: "query", name: "city", required: false })
    insertRow(tx, marketParameters, {
      ...of,
      position: 2,
      place: "query",
      name: "tags[]",
      type: "array",
      required: false,
    })
    insertRow(tx, marketParameters, { ...of, position: 3, place: "header", name: "X-Unit", required: false })
    subscription = subscribeIn(tx, made, user.id)
    productKey = marketplace.calls.issueKeyIn(tx, {
      subscriptionId: subscription,
      userId: user.id,
      name: "Mine",
    }).publicId
    return made
  })
  secret = (await keys.create(CTX, { userId: user.id, name: "K", scopes: ["mcp"] })).secret
  url = server.at(`/v1/mcp/products/${product.slug}/mcp`)
}, 30_000)
afterAll(async () => {
  await server?.close()
  echo?.close()
})

type Result = {
  isError?: boolean
  structuredContent?: Record<string, unknown>
  content: { type: string; text: string }[]
}
const by = async (bearer: string, tool: string, args: Record<string, unknown> = {}): Promise<Result> => {
  const { client } = await connectWith(url, bearer)
  try {
    return (await client.callTool({ name: tool, arguments: args })) as unknown as Result
  } finally {
    await client.close()
  }
}
const names = async (bearer = secret): Promise<string[]> => {
  const { client } = await connectWith(url, bearer)
  const { tools } = await client.listTools()
  await client.close()
  return tools.map(({ name }) => name)
}
const toPlan = (plan: number) =>
  server.app.store.write(CTX, (tx) => {
    const [planId, termsId] = [product.planIds[plan]!, product.termsIds[plan]!]
    tx.run("UPDATE market_subscriptions SET plan_id = ?, terms_id = ? WHERE id = ?", planId, termsId, subscription)
  })
const used = () =>
  server.app.marketplace.calls
    .quotaOf(server.app.marketplace.subscriptions.byId(subscription)!)
    .find(({ period }) => period === "day")!.used
const spent = () =>
  server.app.store.read.get<{ n: number | null }>(
    "SELECT SUM(collected_nano) AS n FROM v_charges WHERE caller_id = ?",
    user.id,
  )!.n ?? 0
const raw = (bearer: string, init: RequestInit = {}, to = url) =>
  fetch(to, {
    method: "POST",
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
    ...init,
    headers: {
      authorization: `Bearer ${bearer}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    },
  })

test("the SDK's client logs in with nothing but the URL, and its token opens nothing else", async () => {
  const denied = await fetch(url, { method: "POST", body: "{}" })
  expect(denied.status).toBe(401)
  const path = `/.well-known/oauth-protected-resource/v1/mcp/products/${product.slug}/mcp`
  expect(denied.headers.get("www-authenticate")).toContain(`resource_metadata="${server.url}${path}"`)
  expect(await (await fetch(server.at(path))).json()).toMatchObject({ resource: url, scopes_supported: ["mcp"] })
  const kept = new Kept()
  await logIn(url, kept, user.email, server.url)
  const { client } = await connectWith(url, kept)
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["get_weather_city", "get_picture"])
  await client.close()
  const elsewhere = await raw(kept.saved!.access_token, {}, server.at("/v1/mcp/products/other-one/mcp"))
  expect(elsewhere.status).toBe(401)
})

test("a tool is what its endpoint takes, and a call of it what a program would send, without what the client sent", async () => {
  const { client } = await connectWith(url, secret)
  const [weather] = (await client.listTools()).tools
  expect(weather!.description).toBe("The weather of a city.\n\nGET /weather/{city}")
  expect(Object.keys(weather!.inputSchema.properties!)).toEqual(["city", "query_city", "tags__", "X-Unit"])
  expect(weather!.inputSchema.required).toEqual(["city"])
  expect(weather!.annotations!.readOnlyHint).toBe(true)
  await client.close()
  const got = await by(secret, "get_weather_city", {
    city: "São Paulo",
    query_city: "a b",
    tags__: ["x", "y"],
    "X-Unit": "c",
  })
  const sent = echo.got.at(-1)!
  expect(sent.url).toBe("/base/weather/S%C3%A3o%20Paulo?city=a+b&tags%5B%5D=x&tags%5B%5D=y")
  expect(sent.headers["x-unit"]).toBe("c")
  expect(JSON.stringify(sent)).not.toContain(secret)
  expect(got.structuredContent).toMatchObject({ method: "GET", url: sent.url })
  expect(used()).toBe(1)
  await server.app.marketplace.calls.flush()
  const [logged] = server.app.marketplace.calls.callsOf(subscription, { limit: 1 })
  expect([logged!.fromConsole, logged!.status, logged!.units]).toEqual([false, 200, 1])
})

test("what cannot be sent is refused before anything is used: steps in the path, what is missing, what nobody knows", async () => {
  const [before, calls] = [used(), echo.got.length]
  const wrong = [{ city: ".." }, { city: "" }, {}, { city: "x", more: 1 }, { city: "x", "X-Unit": "a\nb" }]
  for (const args of wrong) {
    const answer = (await by(secret, "get_weather_city", args).catch((error: unknown) => error)) as { code?: number }
    expect([args, answer.code]).toEqual([args, -32_602])
  }
  // A slash in a value would be another path to some servers.
  const slash = await by(secret, "get_weather_city", { city: "a/../b" })
  expect([slash.isError, slash.content[0]!.text]).toEqual([true, expect.stringContaining("encoded slash")])
  expect([used(), echo.got.length]).toEqual([before, calls])
})

test("the list follows the plan, from the next request on, and a tool of another plan cannot be called", async () => {
  const args = { body: { city: "Lisbon" } }
  const early = (await by(secret, "post_places", args).catch((error: unknown) => error)) as { code: number }
  expect(early.code).toBe(-32_602)
  await toPlan(1)
  expect(await names()).toEqual(["get_weather_city", "post_places", "get_picture"])
  const { client } = await connectWith(url, secret)
  const places = (await client.listTools()).tools.find(({ name }) => name === "post_places")!
  // What a schema refers to within itself is still found.
  expect(places.inputSchema.properties!.body).toMatchObject({
    properties: { city: { $ref: "#/properties/body/$defs/City" } },
    $defs: { City: { type: "string" } },
  })
  await client.close()
  expect((await by(secret, "post_places", args)).isError).toBeUndefined()
  expect([echo.got.at(-1)!.method, echo.got.at(-1)!.body]).toEqual(["POST", '{"city":"Lisbon"}'])
  await toPlan(0)
  expect(await names()).toEqual(["get_weather_city", "get_picture"])
})

test("pictures are pictures, and what the API answers as an error is an error of the tool", async () => {
  echo.answer = () => new Response(new Uint8Array([1, 2, 3]), { headers: { "content-type": "image/png" } })
  expect((await by(secret, "get_picture")).content).toEqual([
    { type: "image", data: "AQID", mimeType: "image/png" },
  ] as never)
  echo.answer = () => new Response("no such picture", { status: 404 })
  expect(await by(secret, "get_picture")).toMatchObject({
    isError: true,
    content: [{ type: "text", text: "HTTP 404\nno such picture" }],
  })
  echo.answer = (_, got) => Response.json(got)
})

test("the quota is the subscription's: used up it is told in words; above it an own key pays as far as its limit goes, an app does not", async () => {
  const { app } = server
  while (used() < 4) await by(secret, "get_picture")
  const refused = await by(secret, "get_picture")
  expect([refused.isError, refused.content[0]!.text]).toEqual([
    true,
    expect.stringContaining("The 4 units of this day are used up"),
  ])
  expect(refused.structuredContent).toMatchObject({ code: "quota_exceeded" })
  await toPlan(1)
  await app.store.write(CTX, (tx) =>
    app.ledger.grantIn(tx, {
      owner: principal(PrincipalId(user.id)),
      mode: "live",
      type: "topup",
      bucket: "purchase",
      amountNano: credits(50),
      paid: true,
      key: "test:paid",
    }),
  )
  const developer = await makeDeveloper(app)
  const { client, secret: clientSecret } = await makeClient(app, {
    ownerId: developer.id,
    name: "App",
    scopes: ["mcp"],
  })
  const { accessToken } = await mintTokens(app, { user, client, secret: clientSecret, scope: "mcp" })
  const capped = await app.keys.create(CTX, { userId: user.id, name: "Capped", scopes: ["mcp"] })
  expect((await by(accessToken, "get_picture")).isError).toBeUndefined()
  expect((await by(capped.secret, "get_picture")).isError).toBeUndefined()
  expect([used(), spent()]).toEqual([6, 0])
  const above = await by(accessToken, "get_picture")
  expect([above.isError, above.content[0]!.text]).toEqual([true, expect.stringContaining("beside your plan")])
  expect([used(), spent()]).toEqual([6, 0])
  expect((await by(secret, "get_picture")).isError).toBeUndefined()
  await app.marketplace.calls.drain(5_000)
  await app.store.write(CTX, () => {})
  expect([used(), spent()]).toEqual([7, 1_000_000])
  const key = app.keys.of(user.id).find(({ name }) => name === "Capped")!
  await app.limits.setKeyLimits(CTX, { keyId: key.id, keyPublicId: key.publicId, limits: { spend_day: nano(999_999) } })
  const full = await by(capped.secret, "get_picture")
  expect([full.isError, full.structuredContent]).toEqual([true, expect.objectContaining({ limit_of: "key" })])
})

test("what calls in test mode never reaches the publisher: it takes a test key, and gets the stored example", async () => {
  const { app } = server
  const trial = await app.keys.create(CTX, { userId: user.id, name: "T", scopes: ["mcp"], mode: "test" })
  const calls = echo.got.length
  const refused = (await by(trial.secret, "get_picture").catch((error: unknown) => error)) as { message: string }
  expect(refused.message).toContain("no test key that works")
  await app.store.write(CTX, (tx) => {
    const of = { subscriptionId: subscription, userId: UserId(user.id), name: "Trial" }
    app.marketplace.calls.issueKeyIn(tx, { ...of, mode: "test" })
  })
  expect((await by(trial.secret, "get_picture")).structuredContent).toEqual({ example: null })
  expect(echo.got.length).toBe(calls)
})

test("a team's key opens what the team subscribed to, and nothing that its maker did", async () => {
  const { app } = server
  const host = await makeHost(server)
  const { id } = app.teams.membership({ userId: host.id, team: await makeTeam(server, host) }, "see").team
  await app.store.write(CTX, (tx) => {
    const subscriptionId = subscribeIn(tx, product, host.id)
    app.marketplace.calls.issueKeyIn(tx, { subscriptionId, userId: host.id, name: "Mine" })
  })
  const make = (more: object) => app.keys.create(CTX, { userId: host.id, name: "K", scopes: ["mcp"], ...more })
  const [own, ofTeam] = [await make({}), await make({ payerId: id })]
  expect([(await raw(own.secret)).status, (await raw(ofTeam.secret)).status]).toEqual([200, 404])
})

test("nobody else sees it: no subscription and no product are the same answer; without the scope, without a key nothing goes", async () => {
  const { app } = server
  const stranger = await makeUser(app)
  const theirs = await app.keys.create(CTX, { userId: stranger.id, name: "K", scopes: ["mcp"] })
  const answers = [
    await raw(theirs.secret),
    await raw(theirs.secret, {}, server.at("/v1/mcp/products/there-is-none/mcp")),
  ]
  const said = await Promise.all(
    answers.map(async (one) => [one.status, ((await one.json()) as { error: { message: string } }).error.message]),
  )
  expect(said[0]).toEqual([404, expect.stringContaining("no subscription to an API of this name")])
  expect(said[1]).toEqual(said[0]!)
  const llm = await app.keys.create(CTX, { userId: user.id, name: "L", scopes: ["llm"] })
  expect((await raw(llm.secret)).status).toBe(403)
  expect((await raw(secret, { method: "GET", body: null })).status).toBe(405)
  await app.store.write(CTX, (tx) =>
    app.marketplace.calls.revokeKeyIn(tx, { userId: UserId(user.id), keyPublicId: productKey }),
  )
  const without = (await by(secret, "get_picture").catch((error: unknown) => error)) as { message: string }
  expect(without.message).toContain("no key that works")
})
