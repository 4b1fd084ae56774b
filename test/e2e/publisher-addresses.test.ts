// From where a publisher takes calls, over real HTTP and behind a trusted proxy: set by the pages' own forms, held on the gateway and on its own
// host, in Try-it and for MCP tools, and told in the docs, the OpenAPI document and the publisher's export.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import type { IssuedKey } from "../../src/marketplace/calls/index.ts"
import { Echo, type MadeProduct, productIn, subscribeIn } from "../../src/marketplace/calls/testing.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, freePort, makeDeveloper, makeUser, startTestServer, type TestServer } from "../build.ts"
import { connectWith } from "../mcp/sdk-client.ts"

let server: TestServer
let echo: Echo
let owner: User
let subscriber: User
let product: MadeProduct
let ids: { product: string; endpoint: string }
let key: IssuedKey
let bearer: string
let market: string
let publisher: WebAgent
let reader: WebAgent

beforeAll(async () => {
  echo = new Echo()
  const port = freePort()
  market = `http://api-market.localhost:${port}`
  const env = {
    PURSER_PRODUCT_NETWORKS: "127.0.0.1",
    PURSER_MARKET_URL: market,
    PURSER_TRUSTED_PROXIES: "127.0.0.1,::1",
  }
  server = await startTestServer({ port, fourHosts: true, env })
  owner = await makeDeveloper(server.app)
  subscriber = await makeUser(server.app)
  const { store, keyring, marketplace, keys } = server.app
  ;({ product, key } = await store.write(CTX, (tx) => {
    const made = productIn(tx, keyring, {
      ownerId: owner.id,
      upstreamUrl: echo.url,
      endpoints: [{ path: "/weather" }, { path: "/tides" }],
    })
    const subscriptionId = subscribeIn(tx, made, subscriber.id)
    return {
      product: made,
      key: marketplace.calls.issueKeyIn(tx, { subscriptionId, userId: subscriber.id, name: "Site" }),
    }
  }))
  ids = {
    product: marketplace.catalog.productBySlug(product.slug)!.publicId,
    endpoint: marketplace.catalog.endpointsOf(product.id)[0]!.publicId,
  }
  bearer = (await keys.create(CTX, { userId: subscriber.id, name: "K", scopes: ["mcp"] })).secret
  publisher = await signedIn(server, owner.email)
  reader = await signedIn(server, subscriber.email)
}, 30_000)
afterAll(async () => {
  await server?.close()
  echo?.close()
})

const at = (base: string, path: string) => `${base}/${product.publisher}/${product.slug}${path}`
const call = async (ip: string, path = "/weather", base = market) => {
  const headers = { authorization: `Bearer ${key.secret}`, "x-forwarded-for": ip }
  const answer = await fetch(at(base, path), { headers })
  return answer.status === 200 ? "200" : `${answer.status} ${((await answer.json()) as { code: string }).code}`
}
const DENIED = "403 address_denied"

/** A form of the publisher's pages, filled as it stands but for these. */
async function save(path: string, values: Record<string, string>) {
  const page = await publisher.get(server.at(path))
  return publisher.submit(page, path, values)
}
const productPath = () => `/publisher/products/${ids.product}`
const endpointPath = () => `${productPath()}/endpoints/${ids.endpoint}`

/** Try-it, as a browser behind the proxy sends it. */
async function tryIt(ip: string): Promise<string> {
  const url = server.at(`/marketplace/${product.slug}/docs/${ids.endpoint}`)
  const { forms } = await reader.get(url)
  const csrf = forms.flatMap(({ fields }) => fields).find(([name]) => name === "csrf")![1]
  const headers = { cookie: reader.cookieHeader(url), origin: new URL(url).origin, "x-forwarded-for": ip }
  return (await fetch(url, { method: "POST", headers, body: new URLSearchParams({ csrf }) })).text()
}

async function tool(ip: string): Promise<{ isError?: boolean; content: { text: string }[] }> {
  const answer = await fetch(server.at(`/v1/mcp/products/${product.slug}/mcp`), {
    method: "POST",
    headers: {
      authorization: `Bearer ${bearer}`,
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
      "x-forwarded-for": ip,
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "get_weather", arguments: {} },
    }),
  })
  return ((await answer.json()) as { result: { isError?: boolean; content: { text: string }[] } }).result
}

test("without rules everybody calls, by page, by tool and by program, on the market's own host", async () => {
  expect([
    await call("198.51.100.1"),
    await call("198.51.100.1", "/weather", `${server.app.config.hosts.api}/m`),
  ]).toEqual(["200", "200"])
  expect(await tryIt("198.51.100.1")).toContain("200 OK")
  expect((await tool("198.51.100.1")).isError).toBeFalsy()
  const { client } = await connectWith(server.at(`/v1/mcp/products/${product.slug}/mcp`), bearer)
  const said = (await client.callTool({ name: "get_weather", arguments: {} })) as { isError?: boolean }
  await client.close()
  expect(said.isError).toBeFalsy()
  expect(echo.got.at(-1)!.url).toBe("/weather")
})

test("what is no address comes back with its words, and nothing is saved", async () => {
  const page = await save(productPath(), { allowed_ips: "203.0.113.0/24\noffice" })
  expect([page.status, page.text.includes("office is no address or range")]).toEqual([422, true])
  const wrong = await save(endpointPath(), { denied_ips: "10.0.0.0/33" })
  expect([wrong.status, wrong.text.includes("10.0.0.0/33 is no address or range")]).toEqual([422, true])
  expect(await call("198.51.100.1")).toBe("200")
})

test("of an API: held from the next call on, on both addresses, in Try-it and for tools; told, but not which", async () => {
  const saved = await save(productPath(), { allowed_ips: "203.0.113.0/24\n2001:db8::/32", denied_ips: "203.0.113.66" })
  expect([saved.status, saved.text.includes("is saved") || saved.text.includes("Saved:")]).toEqual([200, true])
  for (const base of [market, `${server.app.config.hosts.api}/m`])
    for (const [ip, expected] of [
      ["203.0.113.9", "200"],
      ["2001:db8::9", "200"],
      ["::ffff:203.0.113.9", "200"],
      ["203.0.113.66", DENIED],
      ["198.51.100.1", DENIED],
      // The proxy's word is the last one: what a client writes before it is nobody's address.
      ["203.0.113.9, 198.51.100.1", DENIED],
      ["198.51.100.1, 203.0.113.9", "200"],
    ] as const)
      expect([base, ip, await call(ip, "/tides", base)]).toEqual([base, ip, expected])
  expect(await tryIt("203.0.113.9")).toContain("200 OK")
  expect(await tryIt("198.51.100.1")).toContain("takes no such calls from your address, 198.51.100.1")
  expect((await tool("203.0.113.9")).isError).toBeFalsy()
  const refused = await tool("198.51.100.1")
  expect([refused.isError, refused.content[0]!.text.includes("198.51.100.1")]).toEqual([true, true])
  const docs = (await reader.get(server.at(`/marketplace/${product.slug}/docs/${ids.endpoint}`))).text
  expect([docs.includes("address_denied"), docs.includes("203.0.113")]).toEqual([true, false])
  const document = await (await fetch(server.at(`/marketplace/${product.slug}/openapi.json`))).text()
  expect([document.includes("address_denied"), document.includes("203.0.113")]).toEqual([true, false])
  // The form has what it saved.
  const form = (await publisher.get(server.at(productPath()))).text
  expect(form).toContain("203.0.113.0/24\n2001:db8::/32</textarea>")
})

test("of an endpoint: beside those of the API; the others are as before, and all is taken back", async () => {
  const saved = await save(endpointPath(), { denied_ips: "203.0.113.7" })
  expect([saved.status, saved.text.includes("From some addresses")]).toEqual([200, true])
  expect([await call("203.0.113.7"), await call("203.0.113.7", "/tides"), await call("203.0.113.8")]).toEqual([
    DENIED,
    "200",
    "200",
  ])
  await save(productPath(), { allowed_ips: "", denied_ips: "" })
  expect([await call("203.0.113.7"), await call("198.51.100.1")]).toEqual([DENIED, "200"])
  // A parameter of it is edited: its rules stay.
  await save(endpointPath(), { title: "Weather of today" })
  expect(await call("203.0.113.7")).toBe(DENIED)
  await save(endpointPath(), { denied_ips: "" })
  expect(await call("203.0.113.7")).toBe("200")
})
