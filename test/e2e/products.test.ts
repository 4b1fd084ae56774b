// Calls of published APIs over real HTTP: the examples of their documentation run, keys in addresses stay out of every log, and one
// subscription is exact over the wire, too.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { createLog } from "../../src/app/index.ts"
import type { IssuedKey } from "../../src/marketplace/calls/index.ts"
import { Echo, type MadeProduct, productIn, SIGNING_SECRET, subscribeIn } from "../../src/marketplace/calls/testing.ts"
import { testFolder } from "../../src/store/index.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let echo: Echo
let product: MadeProduct
let key: IssuedKey
let signedKey: IssuedKey
let limited: IssuedKey
const logged: string[] = []

beforeAll(async () => {
  echo = new Echo()
  const log = createLog({ level: "debug", format: "json", write: (line: string) => void logged.push(line) })
  server = await startTestServer({ log, env: { PURSER_PRODUCT_NETWORKS: "127.0.0.1" } })
  const [owner, subscriber, other] = [
    await makeUser(server.app),
    await makeUser(server.app),
    await makeUser(server.app),
  ]
  const { store, keyring, marketplace } = server.app
  const made = await store.write(CTX, (tx) => {
    const product = productIn(tx, keyring, {
      ownerId: owner.id,
      upstreamUrl: `${echo.url}/base`,
      plans: [{}, { quotas: [{ period: "day", anchor: "calendar", units: 40 }] }],
      endpoints: [{ path: "/weather/{city}" }, { path: "/weather/{city}", method: "POST" }],
    })
    const issue = (userId: typeof owner.id, plan: number, signed = false) =>
      marketplace.calls.issueKeyIn(tx, { subscriptionId: subscriptions[plan]!, userId, name: "Site", signed })
    const subscriptions = [subscribeIn(tx, product, subscriber.id), subscribeIn(tx, product, other.id, 1)]
    return {
      product,
      key: issue(subscriber.id, 0),
      signedKey: issue(subscriber.id, 0, true),
      limited: issue(other.id, 1),
    }
  })
  ;({ product, key, signedKey, limited } = made)
})
afterAll(async () => {
  await server.close()
  echo.close()
})

const path = (rest: string) => `/m/${product.publisher}/${product.slug}${rest}`
const call = (rest: string, init: RequestInit = {}, secret = key.secret) =>
  fetch(server.at(path(rest)), { ...init, headers: { authorization: `Bearer ${secret}`, ...init.headers } })

interface Examples {
  isFromGateway(method: string, path: string, headers: Record<string, string>, secret: string): boolean
  signed(of: { method: string; path: string; query?: string; body?: string }, secret: string): Record<string, string>
}

/** The code of the page, as it stands there. */
async function examples(): Promise<Examples> {
  const page = readFileSync(join(import.meta.dir, "../../docs/reference/product-gateway.md"), "utf8")
  const code = [...page.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1]!)
  const folder = testFolder("purser-examples-")
  const modules = code.map(async (text, at) => {
    writeFileSync(join(folder, `${at}.mjs`), text)
    return (await import(join(folder, `${at}.mjs`))) as Partial<Examples>
  })
  return Object.assign({}, ...(await Promise.all(modules))) as Examples
}

test("the documentation's check of who calls believes the gateway, and nobody else", async () => {
  const { isFromGateway } = await examples()
  expect((await call("/weather/berlin?days=2")).status).toBe(200)
  const { method, url, headers } = echo.got.at(-1)!
  const at = url.slice("/base".length)
  expect(isFromGateway(method, at, headers, SIGNING_SECRET)).toBe(true)
  expect(isFromGateway(method, "/weather/paris?days=2", headers, SIGNING_SECRET)).toBe(false)
  expect(isFromGateway(method, at, { ...headers, "x-gateway-subscriber": "sub_other" }, SIGNING_SECRET)).toBe(false)
  expect(isFromGateway(method, at, headers, "another secret")).toBe(false)
})

test("the documentation's signature is taken, and an unsigned call with that key is not", async () => {
  const { signed } = await examples()
  const body = JSON.stringify({ hello: "wörld" })
  const headers = signed({ method: "POST", path: "/weather/berlin", query: "?a=1", body }, signedKey.signingSecret!)
  const answer = await call("/weather/berlin?a=1", { method: "POST", body, headers }, signedKey.secret)
  expect(answer.status).toBe(200)
  expect(echo.got.at(-1)!.body).toBe(body)
  expect(Object.keys(echo.got.at(-1)!.headers).filter((name) => name.startsWith("x-signature"))).toEqual([])
  const bare = await call("/weather/berlin?a=1", { method: "POST", body }, signedKey.secret)
  expect([bare.status, ((await bare.json()) as { code: string }).code]).toEqual([401, "signature_invalid"])
})

test("a key in the address is in no log line, no answer and no request upstream, whatever became of the call", async () => {
  logged.splice(0)
  echo.got.splice(0)
  const texts: string[] = []
  for (const rest of ["/weather/berlin", "/nothing", "/weather/a%2fb", "/weather/%zz"]) {
    const answer = await fetch(`${server.at(path(rest))}?x=1&api_key=${key.secret}`)
    texts.push(await answer.text(), JSON.stringify([...answer.headers]))
    // What is opened in a browser tells its address to nobody.
    const isRead = !rest.includes("%zz")
    expect([rest, answer.headers.get("referrer-policy")]).toEqual([rest, isRead ? "no-referrer" : null])
  }
  const wrong = await fetch(`${server.at("/m/nobody/nothing/x")}?api_key=${key.secret}`)
  texts.push(await wrong.text())
  await server.app.marketplace.calls.flush()
  expect(logged.length).toBeGreaterThanOrEqual(5)
  for (const text of [...texts, ...logged, JSON.stringify(echo.got)]) expect(text).not.toContain(key.secret)
  expect(echo.got[0]!.url).toBe("/base/weather/berlin?x=1")
})

test("over the wire: 300 calls at once at 40 a day, exactly 40 reach the server, and each answer says how it stands", async () => {
  echo.got.splice(0)
  const answers = await Promise.all(Array.from({ length: 300 }, () => call("/weather/berlin", {}, limited.secret)))
  const passed = answers.filter(({ status }) => status === 200)
  expect([passed.length, echo.got.length]).toEqual([40, 40])
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 403]))
  expect(answers.every(({ headers }) => headers.has("ratelimit") && headers.has("x-quota-remaining"))).toBe(true)
  const left = passed.map(({ headers }) => Number(headers.get("x-quota-remaining"))).sort((a, b) => a - b)
  expect(left).toEqual(Array.from({ length: 40 }, (_, at) => at))
  await Promise.all(answers.map((answer) => answer.body?.cancel()))
})
