// /pricing: for anybody, from the rows that are sold, and the same for all who send no cookie, so that caches may keep it.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { addSandbox, CTX, startTestServer, type TestServer } from "../build.ts"
import { createFakeStripe } from "../fakes/stripe/index.ts"

let server: TestServer
beforeAll(async () => {
  const stripe = createFakeStripe({ now: Date.now, origin: "http://localhost:9", secretKey: "sk_test_fake" })
  server = await startTestServer({
    stripe: { secretKey: null, webhookSecret: null, apiBase: "http://localhost:9", fetch: stripe.fetch },
  })
}, 30_000)
afterAll(() => server?.close())

const ask = (path = "/pricing", headers: Record<string, string> = {}) => fetch(`${server.url}${path}`, { headers })

test("without a key it shows what there is and whom to ask", async () => {
  const text = await (await ask()).text()
  expect(text).toContain("Ask the operator")
  expect(text).toContain("$5.00")
  expect(text).not.toContain("Buy Starter")
})

test("the same bytes for everybody without a cookie: kept by caches, no form in it, no cookie with it", async () => {
  const [one, two] = await Promise.all([ask(), ask()])
  expect([one.headers.get("cache-control"), one.headers.get("set-cookie")]).toEqual(["public, max-age=60", null])
  expect(one.headers.get("vary")?.toLowerCase().split(", ")).toContain("cookie")
  const text = await one.text()
  expect(await two.text()).toBe(text)
  expect([text.includes('name="csrf"'), text.includes("req_")]).toEqual([false, false])
})

test("who sends a cookie gets a page of their own, which nobody keeps", async () => {
  const own = await ask("/pricing", { cookie: "purser_theme=dark" })
  expect(own.headers.get("cache-control")).toBe("no-store")
  expect(await own.text()).toContain('data-theme="dark"')
})

test("with a key each package and plan has its way; a package off sale is gone", async () => {
  const { billing, store } = server.app
  await billing.connection.saveKey(CTX, "sk_test_fake")
  await store.write(CTX, (tx) => billing.editPackageIn(tx, { slug: "studio", active: false }))
  const text = await (await ask()).text()
  expect(text).toContain("Buy Starter")
  expect(text).toMatch(/href="\/credits\/plans\/change\?to=pro&(amp;)?by=month"/)
  expect(text).not.toContain("Studio")
  expect(text).not.toContain("Ask the operator")
  expect(text).toContain('href="/models"')
})

test("names that say a purpose: what answers now, as calls without preferences come to it, and the units of what is paid by the piece", async () => {
  await addSandbox(server.app)
  const text = await (await ask("/models")).text()
  const rows = [...text.matchAll(/<code>capability:([a-z-]+)<\/code>.*?<\/tr>/gs)].map(([row, name]) => [
    name,
    [...row.matchAll(/<bdi>([^<]*)<\/bdi>/g)].map(([, model]) => model),
  ])
  const now = server.app.gateway.capabilitiesNow().filter(({ models }) => models.length > 0)
  expect(rows).toEqual(
    now.map(({ capability, models: [first, ...others] }) => [capability, [first, others.join(", ")]]),
  )
  expect(rows).toContainEqual(["fast", ["sandbox", ""]])
})
