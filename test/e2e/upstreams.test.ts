// Upstreams as an admin meets them: one added from a preset, drained, shared out; what failed, and what was tried for a call.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { credits } from "../../src/app/index.ts"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import { MockUpstream } from "../../src/sites/api/mock-upstream.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, giveCredits, makeClient, makeUser, mintTokens, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let admin: WebAgent
let token: string
const first = new MockUpstream()
const second = new MockUpstream()
const at = (path: string) => `${server.url}${path}`
const get = async (path: string) => (await admin.get(at(path))).text
const named = (name: string) => server.app.gateway.upstreams().find((one) => one.name === name)!
const call = () =>
  fetch(at("/v1/chat/completions"), {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "mock-1", messages: [{ role: "user", content: "hi" }] }),
  })

beforeAll(async () => {
  server = await startTestServer()
  const { app } = server
  await app.pricing.setModelPrice(CTX, {
    provider: "openai",
    model: "mock-1",
    rates: { input: 1_000_000, output: 2_000_000 },
  })
  const grace = await makeUser(app, { isAdmin: true })
  const ada = await makeUser(app, { name: "Ada Reader" })
  await giveCredits(app, ada, credits(5_000))
  const { client, secret } = await makeClient(app)
  token = (await mintTokens(app, { user: ada, client, secret })).accessToken
  admin = await signedIn(server, grace.email)
})
afterAll(async () => {
  first.stop()
  second.stop()
  await server.close()
})

describe("adding", () => {
  test("from a preset only the key is missing, and a second account gets a name of its own", async () => {
    const page = await admin.get(at("/admin/upstreams/new?preset=groq"))
    for (const value of ["https://api.groq.com/openai/v1", "groq"]) expect(page.text).toContain(`value="${value}"`)
    expect(page.text).not.toContain('name="kind"')
    const typed = { name: "groq", base_url: first.url, api_key: "k-1", provider: "openai", preset: "groq" }
    expect((await admin.submit(page, "/admin/upstreams", typed)).text).toContain("groq answers and offers 2 models")
    expect(named("groq")).toMatchObject({ kind: "openai-compatible", test: { ok: true } })
    expect(await get("/admin/upstreams/new?preset=groq")).toContain('value="groq-2"')
  })

  test("what a preset knows of its servers comes with it; an unknown one is none", async () => {
    const page = await admin.get(at("/admin/upstreams/new?preset=vllm"))
    await admin.submit(page, "/admin/upstreams", {
      name: "own",
      base_url: second.url,
      provider: "openai",
      preset: "vllm",
    })
    expect(named("own")).toMatchObject({ maxTokensField: "max_tokens" })
    expect(named("own").extraFields).toContain("min_tokens")
    expect(await get("/admin/upstreams/new?preset=toString")).toContain('name="kind"')
  })
})

describe("share and limits", () => {
  test("are set with all that is wrong said at once, and undone", async () => {
    const path = `/admin/upstreams/${named("own").publicId}/routing`
    const wrong = { priority: "-1", weight: "0", requests_per_minute: "many", tokens_per_minute: "" }
    const refused = await admin.submit(await admin.get(at(path)), path, wrong)
    expect(refused.status).toBe(422)
    for (const name of ["priority", "weight", "requests_per_minute"])
      expect(refused.text).toContain(`id="${name}-error"`)
    const right = { priority: "1", weight: "3", requests_per_minute: "500", tokens_per_minute: "" }
    const done = await admin.submit(await admin.get(at(path)), path, right)
    expect(done.text).toContain("priority 1, weight 3")
    expect(done.text).toContain("Requests: 0 of 500 in the last minute. Tokens: no known limit.")
    expect(named("own").routing).toMatchObject({
      priority: 1,
      weight: 3,
      requestsPerMinute: 500,
      tokensPerMinute: null,
    })
  })

  test("a drained one is seen to be, and takes calls again", async () => {
    const path = `/admin/upstreams/${named("own").publicId}`
    const drained = await admin.submit(await admin.get(at(path)), `${path}/drain`, {})
    expect(drained.text).toContain("Draining")
    expect(drained.text).toContain("nothing runs any more")
    await admin.submit(drained, `${path}/undrain`, {})
    expect(named("own").routing.isDraining).toBe(false)
  })
})

test("a call that one failed and another answered: the words, the pages, and the spend of who answered", async () => {
  first.answer = () => new Response("", { status: 529 })
  const answer = await call()
  expect(answer.status).toBe(200)
  const id = answer.headers.get("x-request-id")!
  const tried = await get(`/admin/upstreams/attempts?request=${id}`)
  expect(tried).toMatch(/groq was overloaded \(529\) after [\d,]+ ms, then own answered after [\d,]+ ms\./)
  const page = await get(`/admin/upstreams/${named("groq").publicId}`)
  expect(page).toContain("was overloaded (529)")
  expect(page).toContain(`request=${id}`)
  const list = await get("/admin/upstreams")
  // $1 and $2 a million tokens: 100 in and 20 out.
  expect(list).toContain("$0.00014")
  expect(await get("/admin/upstreams/attempts?request=req_nobody")).toContain("Nothing is kept of this call")
})

test("a refused key is a state, an alarm in the audit log, and gone after a test", async () => {
  first.answer = () => Response.json({ error: { message: "no" } }, { status: 401 })
  expect((await call()).status).toBe(200)
  expect(await get("/admin/upstreams")).toContain("Key refused")
  expect(await get("/admin/audit")).toContain("refused its key and gets no calls until it is mended")
  const path = `/admin/upstreams/${named("groq").publicId}`
  await admin.submit(await admin.get(at(path)), `${path}/test`, { from: "page" })
  expect(await get("/admin/upstreams")).not.toContain("Key refused")
})

describe("live", () => {
  test("figures are the admin's alone, and the stream ends for strangers", async () => {
    const { publicId } = named("groq")
    for (const path of ["/admin/upstreams/figures", `/admin/upstreams/${publicId}/figures`]) {
      expect((await fetch(at(path), { redirect: "manual" })).status).toBe(204)
      expect(await get(path)).toContain(`hx-get="${path}"`)
    }
    expect(await (await fetch(at("/admin/upstreams/events"))).text()).toContain("over")
  })

  test("a circuit that opens changes the stamp", async () => {
    const before = server.app.gateway.healthStamp()
    first.answer = () => new Response("", { status: 429, headers: { "retry-after": "60" } })
    expect((await call()).status).toBe(200)
    expect(server.app.gateway.healthStamp()).not.toBe(before)
    expect(await get("/admin/upstreams")).toContain("Some models rest")
  })
})
