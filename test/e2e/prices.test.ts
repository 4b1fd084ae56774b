// Prices over real HTTP: an admin looks for models, sets a price with its preview, undoes it, changes rules, and works off what waits.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { credits, VirtualClock } from "../../src/app/index.ts"
import { auditOf } from "../../src/audit/index.ts"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import { createSafeFetch } from "../../src/http/index.ts"
import { CATALOGUE_URL } from "../../src/pricing/index.ts"
import { signedIn } from "../browser/house.ts"
import {
  addSandbox,
  CTX,
  chat,
  giveCredits,
  makeClient,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"

const FIXTURE = await Bun.file(`${import.meta.dir}/../../src/pricing/catalogue/fixtures/openrouter-models.json`).text()

let server: TestServer
let clock: VirtualClock
let admin: WebAgent
let token: string
let answer = () => new Response(FIXTURE)
const list = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => answer() })
const at = (path: string) => `${server.url}${path}`
const get = async (path: string) => (await admin.get(at(path))).text
const SANDBOX = "/admin/prices/model?list=sandbox&model=sandbox"

beforeAll(async () => {
  clock = new VirtualClock(Date.now())
  // The setting wants https; the server of the test has no certificate.
  const local = createSafeFetch({ allow: ["127.0.0.1"] })
  const safeFetch: typeof local = (url, request) => local(url.replace("https://127.0.0.1", "http://127.0.0.1"), request)
  server = await startTestServer({ clock, safeFetch })
  const { app } = server
  await addSandbox(app)
  const near = await app.gateway.addUpstream(CTX, {
    kind: "openai-compatible",
    name: "router",
    baseUrl: "http://127.0.0.1:9/v1",
    priceProvider: "openrouter",
    models: [
      "openai/gpt-4o-mini",
      "google/gemini-2.5-pro",
      "acme/brand-new",
      "acme/secret",
      "deepseek/deepseek-r1:free",
    ],
  })
  await app.gateway.enableUpstream(CTX, near.publicId, true)
  await app.settings.set(CTX, CATALOGUE_URL, { value: `https://127.0.0.1:${list.port}/models` })
  const grace = await makeUser(app, { isAdmin: true })
  const ada = await makeUser(app, { name: "Ada Reader" })
  await giveCredits(app, ada, credits(5_000))
  const { client, secret } = await makeClient(app)
  token = (await mintTokens(app, { user: ada, client, secret })).accessToken
  admin = await signedIn(server, grace.email)
})
afterAll(async () => {
  list.stop(true)
  await server.close()
})

describe("/admin/prices", () => {
  test("every model that is served stands there, with its source; search and facets narrow it", async () => {
    const all = await get("/admin/prices")
    for (const words of [
      "openai/gpt-4o-mini",
      "acme/secret",
      "sandbox",
      "Bundled",
      "No price: refused",
      "$0.15",
      "$10.00",
    ])
      expect(all).toContain(words)
    const found = await get("/admin/prices?q=gemini")
    expect([found.includes("google/gemini-2.5-pro"), found.includes("acme/secret")]).toEqual([true, false])
    const waiting = await get("/admin/prices?show=unpriced")
    expect([waiting.includes("acme/secret"), waiting.includes("openai/gpt-4o-mini")]).toEqual([true, false])
    expect(await get("/admin/prices?sort=-input&at=99")).toContain("openai/gpt-4o-mini")
  })

  test("lists are read on demand; what was published is in force, and says of when it is", async () => {
    const page = await admin.submit(await admin.get(at("/admin/prices")), "/admin/prices/refresh")
    expect(page.text).toContain("9 models read")
    // Its own model list cannot be had: nobody answers there.
    expect(page.text).toContain("No answer from router.")
    expect(await get("/admin/prices?show=published")).toContain("acme/brand-new")
    const model = await get("/admin/prices/model?list=openrouter&model=google%2Fgemini-2.5-pro")
    for (const words of ["Published", "Prompts up to 200,000", "Above 200,000", "$2.50", "Context window"])
      expect(model).toContain(words)
  })

  test("a price that moved beyond belief waits, on the overview too, and can be taken over", async () => {
    const rows = JSON.parse(FIXTURE).data.map((row: { id: string; pricing: object } | null) =>
      row?.id === "acme/brand-new" ? { ...row, pricing: { ...row.pricing, prompt: "0" } } : row,
    )
    answer = () => Response.json({ data: rows })
    await admin.submit(await admin.get(at("/admin/prices")), "/admin/prices/refresh")
    expect(await get("/admin")).toContain("Published prices held back")
    expect(await get("/admin/prices?show=held")).toContain("acme/brand-new")
    const path = "/admin/prices/model?list=openrouter&model=acme%2Fbrand-new"
    const page = await admin.get(at(path))
    expect(page.text).toContain("Its input became free.")
    expect(page.text).toContain("$0.42")
    const after = await admin.submit(page, "/admin/prices/model/held", { reason: "It is free now" })
    expect(after.text).not.toContain("held back")
    expect(await get("/admin")).not.toContain("Published prices held back")
  })
})

describe("a model’s price", () => {
  const priced = (model: string) => server.app.pricing.modelPrice("sandbox", model, clock.now())

  test("what a call costs, line by line, through an app and by plan", async () => {
    const app = await get(`${SANDBOX}&in=1000&out=500&by=app`)
    // 1,000 × $10 and 500 × $30 a million: $0.025, and half of it twice.
    for (const words of ["25 credits · $0.025", "12.5 credits · $0.0125", "50 credits · $0.05"])
      expect(app).toContain(words)
    const basic = await get(`${SANDBOX}&in=1000&out=500&by=basic`)
    for (const words of ["2.5 credits · $0.0025", "27.5 credits · $0.0275"]) expect(basic).toContain(words)
    expect(await get(`${SANDBOX}&by=free`)).toContain("reach free models only")
    expect(await get(`${SANDBOX}&in=999999999999&cached=x&out=-1`)).toContain("Together")
  })

  test("setting it: errors by field, then the preview over last month’s calls, then it is in force", async () => {
    for (let call = 0; call < 3; call++) expect((await chat(server.url, token)).status).toBe(200)
    const path = "/admin/prices/model/price"
    const form = await admin.get(at(`${path}?list=sandbox&model=sandbox`))
    expect(form.text).toContain("Set price")
    const wrong = await admin.submit(form, path, { input: "ten", output: "0.0000001", tiers: "5 banana=1", reason: "" })
    expect(wrong.status).toBe(422)
    for (const words of ["six decimal places", "is no rate", "Give a reason"]) expect(wrong.text).toContain(words)

    const asked = await admin.submit(form, path, { input: "20", output: "60", reason: "Twice as dear" })
    expect(asked.status).toBe(200)
    const paid = server.app.store.read.get<{ sum: number }>("SELECT SUM(charge_nano) AS sum FROM v_charges")!.sum
    expect(asked.text).toContain("3 calls of 1 person in the last 30 days came to")
    // All rates doubled: the charges double, to the n$ of each rounding.
    const [, was, wouldBe] = /came to \$([\d.]+), and would have come to \$([\d.]+)/.exec(asked.text)!
    expect(Number(was)).toBeCloseTo(paid / 1e9, 3)
    expect(Number(wouldBe)).toBeCloseTo((2 * paid) / 1e9, 3)
    expect(priced("sandbox")!.source).toBe("built-in")

    const done = await admin.submit(asked, path)
    expect(done.text).toContain("A million input tokens of sandbox cost $20.00 now.")
    expect(priced("sandbox")!.rates.input.base).toBe(20_000_000n)
    expect(done.text).toContain("Twice as dear")
    expect(auditOf(server.app.store.read, "model_price:sandbox/sandbox")[0]).toMatchObject({
      action: "model_price.set",
    })
  })

  test("a later price is planned; an earlier one comes back as a new row; the list’s price too", async () => {
    clock.advance(1_000)
    const path = "/admin/prices/model/price"
    const form = await admin.get(at(`${path}?list=sandbox&model=sandbox`))
    const day = new Date(clock.now() + 10 * 86_400_000).toISOString().slice(0, 10)
    const asked = await admin.submit(form, path, { input: "40", output: "60", from: day, reason: "Later" })
    const planned = await admin.submit(asked, path)
    expect(planned.text).toContain("Planned")
    expect(priced("sandbox")!.rates.input.base).toBe(20_000_000n)

    clock.advance(1_000)
    const back = await admin.submit(planned, "/admin/prices/model/list-price", { reason: "Back to normal" })
    expect(priced("sandbox")!.source).toBe("built-in")
    clock.advance(1_000)
    const again = await admin.submit(back, "/admin/prices/model/earlier", { reason: "Dear again" })
    expect(again.text).toContain("costs again what it did then")
    expect(priced("sandbox")!.rates.input.base).toBe(20_000_000n)
    expect(server.app.pricing.priceHistory("sandbox", "sandbox").length).toBe(4)
  })

  test("names that no model has are not found, whatever they hold", async () => {
    for (const query of [
      "",
      "?list=openai",
      "?list=a%20b&model=x",
      "?list=openai&model=%3Cscript%3E",
      `?list=openai&model=${"x".repeat(300)}`,
    ]) {
      expect([query, (await admin.get(at(`/admin/prices/model${query}`))).status]).toEqual([query, 404])
    }
  })
})

describe("price rules", () => {
  test("added with a preview, hit by the models they name, changed, switched off", async () => {
    const path = "/admin/prices/rules/new"
    const form = await admin.get(at(path))
    const typed = {
      pattern: "sand*",
      traffic: "app",
      priority: "5",
      platform: "10",
      developer: "20",
      reason: "Cheaper",
    }
    const wrong = await admin.submit(form, path, { ...typed, priority: "many", platform: "x" })
    expect(wrong.status).toBe(422)
    const asked = await admin.submit(form, path, typed)
    expect(asked.text).toContain("less)")
    const done = await admin.submit(asked, path)
    expect(done.text).toContain("Calls of sand* now add 10% for the platform and 20% for developers.")
    expect(server.app.pricing.ruleFor("sandbox", "app")).toMatchObject({ platformBp: 1_000, developerBp: 2_000 })
    expect(await get("/admin/prices/rules?model=sandbox&traffic=app")).toContain(
      "The rule for sand* applies to sandbox",
    )
    const others = await get("/admin/prices/rules?model=gpt-4&traffic=app")
    expect(others).toContain("The rule for all models applies to gpt-4")
    expect(others).not.toMatch(/>\*<|\d %/)
    expect(await get("/admin/prices/rules?model=gpt-4&traffic=key")).toContain("No rule fits gpt-4")

    const options = JSON.parse((await admin.get(at("/admin/prices/rules/models?q=SAND"))).text)
    expect(options[0]).toEqual({ value: "sandbox", label: "sandbox" })
    // A name that nobody serves can be asked about as well, and is named as such.
    expect(options.at(-1)).toEqual({ value: "SAND", label: "SAND", detail: "No upstream serves it" })

    const rule = server.app.pricing.ruleFor("sandbox", "app")
    const its = `/admin/prices/rules/${rule.id}`
    const change = await admin.get(at(its))
    const off = await admin.submit(await admin.submit(change, its, { active: "", reason: "Off" }), its)
    expect(off.text).toContain("The rule for sand* is off.")
    expect(server.app.pricing.ruleFor("sandbox", "app").id).toBe(1)
    expect((await admin.get(at("/admin/prices/rules/999"))).status).toBe(404)
  })
})

describe("models without a price", () => {
  test("refused calls are counted by model; one press leaves it out, or sets a price", async () => {
    for (let call = 0; call < 2; call++) {
      const refused = await chat(server.url, token, { model: "acme/secret" })
      expect([refused.status, (await refused.json()).error.code]).toEqual([503, "model_not_priced"])
    }
    await server.app.usage.flush()
    const queue = await admin.get(at("/admin/prices?show=unpriced"))
    expect(queue.text).toContain("2 calls")
    expect(await get("/admin")).toContain("Models without a price")
    const out = await admin.submit(queue, "/admin/prices/left-out")
    expect(out.text).toContain("is not asked about any more")
    expect(await get("/admin")).not.toContain("Models without a price")
    expect(await get("/admin/prices?show=left-out")).toContain("acme/secret")

    const path = "/admin/prices/model/price"
    const form = await admin.get(at(`${path}?list=openrouter&model=acme%2Fsecret`))
    await admin.submit(await admin.submit(form, path, { input: "1", output: "2", reason: "Priced" }), path)
    expect(server.app.pricing.modelPrice("openrouter", "acme/secret", clock.now())?.source).toBe("override")
  })
})
