// Published APIs on a host of their own: it serves them and nothing else, whatever is asked of it and however its name is written.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { connect } from "node:net"
import { type ConfigError, hostNames, publishedAt, readConfig } from "../../src/app/index.ts"
import { WebAgent } from "../../src/cli/demo/agent.ts"
import type { IssuedKey } from "../../src/marketplace/calls/index.ts"
import { Echo, type MadeProduct, productIn, subscribeIn } from "../../src/marketplace/calls/testing.ts"
import { CTX, freePort, makeUser, PASSWORD, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let echo: Echo
let product: MadeProduct
let key: IssuedKey
let market: string
let at: TestServer["app"]["config"]["hosts"]
let email: string

beforeAll(async () => {
  echo = new Echo()
  const port = freePort()
  market = `http://api-market.localhost:${port}`
  const env = { PURSER_PRODUCT_NETWORKS: "127.0.0.1", PURSER_MARKET_URL: market }
  server = await startTestServer({ port, fourHosts: true, env })
  at = server.app.config.hosts
  const [owner, subscriber] = [await makeUser(server.app), await makeUser(server.app)]
  email = subscriber.email
  const { store, keyring, marketplace } = server.app
  const made = await store.write(CTX, (tx) => {
    const product = productIn(tx, keyring, {
      ownerId: owner.id,
      upstreamUrl: `${echo.url}/base`,
      endpoints: [{ path: "/weather/{city}" }],
    })
    const subscriptionId = subscribeIn(tx, product, subscriber.id)
    const userId = subscriber.id
    return { product, key: marketplace.calls.issueKeyIn(tx, { subscriptionId, userId, name: "Site" }) }
  })
  ;({ product, key } = made)
})
afterAll(async () => {
  await server.close()
  echo.close()
})

const short = (rest = "") => `/${product.publisher}/${product.slug}${rest}`
const ask = (url: string, init: RequestInit = {}) => fetch(url, { redirect: "manual", ...init })
const call = (url: string, init: RequestInit = {}) =>
  ask(url, { ...init, headers: { authorization: `Bearer ${key.secret}`, ...init.headers } })

/** A request as it is on the line: clients write a Host of their own. @returns status and the whole answer */
function onTheLine(target: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>()
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const socket = connect(Number(new URL(market).port), "127.0.0.1", () =>
    socket.write(`GET ${target} HTTP/1.1\r\n${lines.join("")}connection: close\r\n\r\n`),
  )
  let text = ""
  socket.on("data", (bytes) => {
    text += bytes.toString("latin1")
  })
  socket.on("error", reject)
  socket.on("close", () => resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]), text }))
  return promise
}

describe("the host of published APIs", () => {
  test("answers calls by both addresses, and the API's origin goes on answering", async () => {
    for (const url of [`${market}${short()}`, `${market}/m${short()}`, `${at.api}/m${short()}`]) {
      const answer = await call(`${url}/weather/berlin?x=1`)
      expect([url, answer.status]).toEqual([url, 200])
      expect(((await answer.json()) as { url: string }).url).toBe("/base/weather/berlin?x=1")
      expect(answer.headers.get("x-request-id")).toStartWith("req_")
    }
    const byQuery = await ask(`${market}${short("/weather/rome")}?api_key=${key.secret}`)
    expect([byQuery.status, (await byQuery.text()).includes(key.secret)]).toEqual([200, false])
    const head = await call(`${market}${short("/weather/rome")}`, { method: "HEAD" })
    expect([head.status, await head.text()]).toEqual([200, ""])
    expect((await ask(`${market}${short()}.json`)).headers.get("content-type")).toStartWith("application/json")
  })

  const OTHERS = [
    "/",
    "/login",
    "/logout",
    "/dashboard",
    "/credits",
    "/admin",
    "/marketplace",
    "/pricing",
    "/settings",
    "/authorize",
    "/token",
    "/userinfo",
    "/v1/models",
    "/v1/mcp/products/weather/mcp",
    "/api/v1/me",
    "/openapi.json",
    "/robots.txt",
    "/livez",
    "/metrics",
    "/mailbox",
    "/sdk.js",
    "/search.json?q=a",
    "/.well-known/openid-configuration",
    "/.well-known/oauth-protected-resource/v1",
    "/assets/app.css",
    "/m",
    "//evil.example/x",
    `/m/m${"/a"}`,
    "/%",
  ]
  test("serves nothing else: no page, no file, no cookie, no way anywhere", async () => {
    const { assets } = await assetOf()
    for (const path of [...OTHERS, assets])
      for (const method of ["GET", "POST", "HEAD"]) {
        const answer = await ask(`${market}${path}`, { method, headers: { "x-swap": "1", accept: "text/html" } })
        const what = { path, method, type: answer.headers.get("content-type") }
        expect(what).toEqual({ path, method, type: "application/problem+json" })
        // What could be an API's address is asked for a key of one.
        expect([path, [400, 401, 404].includes(answer.status)]).toEqual([path, true])
        if (answer.status === 401) expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="product"')
        expect([path, answer.headers.getSetCookie()]).toEqual([path, []])
        expect([path, answer.headers.get("location"), answer.headers.get("x-location")]).toEqual([path, null, null])
        // Anybody may read it, nobody with credentials.
        expect(answer.headers.get("access-control-allow-origin")).toBe("*")
        expect(answer.headers.get("access-control-allow-credentials")).toBeNull()
      }
  })
  test("a session of the console is nothing here, and is not passed on", async () => {
    const agent = new WebAgent((next) => Object.values(at).includes(next.origin))
    const page = await agent.submit(await agent.get(`${at.console}/credits`), "/login", { email, password: PASSWORD })
    expect(page.status).toBe(200)
    const cookie = `purser_console=${agent.cookie(at.console, "console")}; purser_session=${agent.cookie(at.auth, "session")}`
    for (const path of ["/dashboard", "/settings", short("/weather/x")])
      expect((await ask(`${market}${path}`, { headers: { cookie } })).status).toBe(
        path === short("/weather/x") ? 401 : 404,
      )
    const passed = await call(`${market}${short("/weather/x")}`, { headers: { cookie } })
    expect(JSON.stringify(await passed.json())).not.toContain("purser_console")
  })
  test("what an API answers is its own: redirects and pages stay what they are, its cookies are nobody's", async () => {
    const before = echo.answer
    echo.answer = () =>
      new Response("<p>moved</p>", {
        status: 302,
        headers: { location: `${at.console}/dashboard`, "set-cookie": "purser_console=stolen; Domain=localhost" },
      })
    const answer = await call(`${market}${short("/weather/x")}`, { headers: { "x-swap": "1" } })
    echo.answer = before
    expect([answer.status, answer.headers.get("location")]).toEqual([302, `${at.console}/dashboard`])
    expect([answer.headers.getSetCookie(), answer.headers.get("x-location")]).toEqual([[], null])
    expect(answer.headers.get("content-security-policy")).toContain("sandbox")
  })
  test("a preflight is answered for any origin, without credentials", async () => {
    const answer = await ask(`${market}${short("/weather/x")}`, {
      method: "OPTIONS",
      headers: { origin: "https://evil.example", "access-control-request-method": "GET" },
    })
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([204, "*"])
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull()
  })
})

async function assetOf(): Promise<{ assets: string }> {
  const text = await (await ask(`${at.site}/pricing`)).text()
  return { assets: /\/assets\/[^"]+\.css/.exec(text)![0] }
}

describe("its name", () => {
  const port = () => new URL(market).port
  test("is the same with a dot, in capitals, and at another port", async () => {
    for (const host of [
      "api-market.localhost",
      "API-Market.localhost.",
      "api-market.localhost:444",
      `api-market.localhost.:${port()}`,
    ]) {
      const { status, text } = await onTheLine("/login", { host })
      expect([host, status]).toEqual([host, 404])
      expect(text.toLowerCase()).not.toContain("set-cookie")
    }
  })
  test("is what Host says, not what other headers say", async () => {
    const others = { "x-forwarded-host": `api-market.localhost:${port()}`, forwarded: "host=api-market.localhost" }
    const page = await onTheLine("/login", { host: `auth.localhost:${port()}`, ...others })
    expect([page.status, page.text.includes("<form")]).toEqual([200, true])
    const back = await onTheLine("/login", {
      host: `api-market.localhost:${port()}`,
      "x-forwarded-host": `auth.localhost:${port()}`,
      "x-original-host": `auth.localhost:${port()}`,
    })
    expect(back.status).toBe(404)
    const short404 = await onTheLine(short("/weather/x"), { host: `api.localhost:${port()}` })
    expect(short404.status).toBe(404)
  })
  test("is not talked over by an address in the request line, nor by a second Host", async () => {
    const whole = await onTheLine(`http://auth.localhost:${port()}/login`, { host: `api-market.localhost:${port()}` })
    expect([200, 303]).not.toContain(whole.status)
    const two = await onTheLine("/login", { host: `api-market.localhost:${port()}`, Host: `auth.localhost:${port()}` })
    expect(two.text.includes("<form")).toBe(false)
  })
})

describe("is what people are told", () => {
  const told = async (path: string) => (await ask(`${at.console}${path}`)).text()
  test("by documents, samples and pages; no other part lists it as its own", async () => {
    const base = `${market}${short()}`
    const document = JSON.parse(await told(`/marketplace/${product.slug}/openapi.json`)) as {
      servers: { url: string }[]
    }
    expect(document.servers).toEqual([{ url: base }])
    expect(await told(`/marketplace/${product.slug}/postman.json`)).toContain(base)
    expect(await told(`/marketplace/${product.slug}/docs`)).toContain(`${base}/weather/`)
    const policy = (await ask(`${at.auth}/login`)).headers.get("content-security-policy")!
    expect(policy).not.toContain("api-market")
    const login = `${at.auth}/login?return_to=${encodeURIComponent(`${market}/x`)}`
    expect((await ask(login)).headers.get("location")).toBeNull()
  })
})

describe("its setting", () => {
  const problemsOf = (url: string, more: Record<string, string> = {}): string[] => {
    try {
      const flags = {
        "base-url": "https://ai.example.com",
        "api-url": "https://api.example.com",
        "market-url": url,
        ...more,
      }
      readConfig(flags, {})
      return []
    } catch (error) {
      return (error as ConfigError).problems
    }
  }
  test("is a host name that no other part has, at any port, of the same scheme", () => {
    expect(problemsOf("https://api-market.example.com")).toEqual([])
    for (const url of [
      "https://ai.example.com",
      "https://api.example.com",
      "https://api.example.com:8443",
      "http://api-market.example.com",
      "https://api-market.example.com/v1",
      "market",
    ])
      expect([url, problemsOf(url).length, problemsOf(url)[0]?.startsWith("PURSER_MARKET_URL")]).toEqual([url, 1, true])
  })
  test("stands in the certificate, and where it is not set all is as before", () => {
    const config = (flags: Record<string, string>) => readConfig({ "base-url": "https://ai.example.com", ...flags }, {})
    const own = config({ "market-url": "https://api-market.example.com" }).hosts
    expect([hostNames(own), publishedAt(own)]).toEqual([
      ["ai.example.com", "api-market.example.com"],
      "https://api-market.example.com",
    ])
    const none = config({}).hosts
    expect([hostNames(none), publishedAt(none)]).toEqual([["ai.example.com"], "https://ai.example.com/m"])
  })
})
