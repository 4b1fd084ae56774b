// An admin's other pages over real HTTP: the first minute, forms that name every error at once, names instead of ids, and the way on
// from what is not there.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { PRICE_PROVIDERS, providerName } from "../../src/pricing/index.ts"
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

let server: TestServer
let admin: WebAgent
let ada: User
const at = (path: string) => `${server.url}${path}`

beforeAll(async () => {
  server = await startTestServer()
  const grace = await makeUser(server.app, { isAdmin: true, name: "Grace Operator" })
  ada = await makeUser(server.app, { name: "Ada Reader" })
  admin = await signedIn(server, grace.email)
})
afterAll(() => server.close())

describe("/admin", () => {
  test("before the first call there are no charts of nothing, and the next step is a link", async () => {
    const { text } = await admin.get(at("/admin"))
    expect(text).toContain("No calls yet")
    expect(text).toContain('href="/admin/upstreams/new"')
    for (const words of ['<svg class="chart', "no change", "Compared with"]) expect(text).not.toContain(words)
  })

  test("after it there are; days before the first are nothing to compare with, and are not drawn", async () => {
    await addSandbox(server.app)
    const { client, secret } = await makeClient(server.app, { name: "Paper Boat" })
    await giveCredits(server.app, ada, 100_000_000)
    const { accessToken } = await mintTokens(server.app, { user: ada, client, secret })
    expect((await chat(server.url, accessToken)).status).toBe(200)
    const { text } = await admin.get(at("/admin?range=7d"))
    expect(text).not.toContain("No calls yet")
    for (const words of ["Compared with", 'class="delta']) expect(text).not.toContain(words)
    expect(text).toContain("The first account was made on")
    expect(text).toContain("One day so far: ")
  })
})

describe("/admin/audit", () => {
  test("names apps, upstreams and people; ids stay inside", async () => {
    const page = await admin.get(at("/admin/audit"))
    const rows = [...page.text.matchAll(/<summary>(.*?)<\/summary>/gs)].map(([, row = ""]) => plainText(row))
    for (const words of [
      / signed in to Paper Boat/,
      /registered the app Paper Boat/,
      /allowed Paper Boat to act for them/,
      /added the upstream sandbox/,
    ])
      expect(rows.find((row) => words.test(row))).toBeString()
    expect(rows.filter((row) => /(gnt|cli|con|upm|usr)_/.test(row) || row.includes("Purser ("))).toEqual([])
    expect(page.text).toMatch(/<code title="gnt_/)
    expect(page.text).toContain("<code>system:")
  })

  test("a filter that finds nothing leads back to everything", async () => {
    const { text } = await admin.get(at("/admin/audit?actor=nobody"))
    expect(text).toContain("Loosen a filter. Who and About take any part of a name, an email or an id.")
    expect((await admin.get(at("/admin/audit?actor=nobody&range=7d"))).text).toContain("or choose more days")
  })
})

describe("/admin/upstreams", () => {
  test("a new one that is wrong in several ways is told all of them", async () => {
    const page = await admin.get(at("/admin/upstreams/new"))
    const wrong = { name: "", base_url: "api.openai.com", api_key: "sk two words" }
    const { status, text } = await admin.submit(page, "/admin/upstreams", wrong)
    expect(status).toBe(422)
    for (const name of Object.keys(wrong)) expect(text).toContain(`id="${name}-error"`)
    const taken = await admin.submit(page, "/admin/upstreams", { name: "sandbox", base_url: "" })
    expect(taken.text).toContain("Another provider has this name.")
    expect(taken.text).toContain('id="base_url-error"')
    expect(server.app.gateway.upstreams()).toHaveLength(1)
  })

  test("one that is changed, too", async () => {
    const far = { kind: "openai-compatible", name: "far", baseUrl: "http://127.0.0.1:9/v1", apiKey: "sk-1" } as const
    const { publicId } = await server.app.gateway.addUpstream(CTX, far)
    const path = `/admin/upstreams/${publicId}`
    const page = await admin.get(at(path))
    const wrong = { base_url: "far", api_key: "sk two words", provider: "nobody", extra_fields: "models" }
    const { status, text } = await admin.submit(page, path, wrong)
    expect(status).toBe(422)
    for (const name of Object.keys(wrong)) expect(text).toContain(`id="${name}-error"`)
    expect(server.app.gateway.upstream(publicId)).toMatchObject({ baseUrl: far.baseUrl, priceProvider: "openai" })
  })

  test("one can be allowed fields that the house does not know, and be told the name of the maximum", async () => {
    const near = { kind: "openai-compatible", name: "near", baseUrl: "http://127.0.0.1:9/v1" } as const
    const { publicId } = await server.app.gateway.addUpstream(CTX, near)
    const path = `/admin/upstreams/${publicId}`
    const typed = { base_url: near.baseUrl, provider: "openai" }
    const more = { max_tokens_field: "max_completion_tokens", extra_fields: "min_tokens, messages.weight  min_tokens" }
    await admin.submit(await admin.get(at(path)), path, { ...typed, ...more })
    const known = { maxTokensField: "max_completion_tokens", extraFields: ["messages.weight", "min_tokens"] }
    expect(server.app.gateway.upstream(publicId)).toMatchObject(known)
    expect((await admin.get(at(path))).text).toContain("messages.weight\nmin_tokens</textarea>")
    await admin.submit(await admin.get(at(path)), path, { ...typed, max_tokens_field: "", extra_fields: "" })
    expect(server.app.gateway.upstream(publicId)).toMatchObject({ maxTokensField: null, extraFields: [] })
  })

  test("one with models of every kind of price is a page: embeddings have no output", async () => {
    const { gateway, pricing } = server.app
    await pricing.setModelPrice(CTX, { provider: "openai", model: "reads-only", rates: { input: 20_000 } })
    const { publicId } = await gateway.addUpstream(CTX, {
      kind: "openai-compatible",
      name: "mixed",
      baseUrl: "http://127.0.0.1:9/v1",
      priceProvider: "openai",
      models: ["gpt-4o-mini", "reads-only", "text-embedding-3-small", "nobody-knows-it"],
    })
    const { status, text } = await admin.get(at(`/admin/upstreams/${publicId}`))
    expect(status).toBe(200)
    const rows = [...text.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = ""]) => plainText(row))
    expect(rows.find((row) => row.includes("reads-only"))).toMatch(/0\.02.*–/)
    expect(rows.find((row) => row.includes("text-embedding-3-small"))).toMatch(/0\.02.*–/)
    expect(rows.find((row) => row.includes("gpt-4o-mini"))).toMatch(/0\.15.*0\.6/)
    expect(rows.find((row) => row.includes("nobody-knows-it"))).toContain("No price: refused")
  })

  test("the kinds that can be added are those of the table", async () => {
    const { text } = await admin.get(at("/admin/upstreams/new"))
    const offered = [...text.matchAll(/name="kind" value="([^"]*)"/g)].map(([, kind]) => kind)
    expect(offered).toEqual(server.app.gateway.upstreamKinds().map(({ kind }) => kind))
    const wrong = { kind: "from-tomorrow", name: "x", base_url: "https://x.example/v1" }
    const answer = await admin.submit(await admin.get(at("/admin/upstreams/new")), "/admin/upstreams", wrong)
    expect([answer.status, answer.text.includes('id="kind-error"')]).toEqual([422, true])
  })

  test("price lists have names", async () => {
    const { text } = await admin.get(at("/admin/upstreams/new"))
    expect(text).toContain("By base URL, otherwise OpenAI")
    for (const id of PRICE_PROVIDERS) if (id !== "sandbox") expect(text).toContain(`${providerName(id)}</option>`)
    expect(providerName("openai")).toBe("OpenAI")
    expect(providerName("typed by hand")).toBe("typed by hand")
  })
})

test("what is not there leads an admin on within the admin's pages, and others to the site's search", async () => {
  const missing = await admin.get(at("/admin/users/usr_nobody"))
  expect(missing.status).toBe(404)
  expect(missing.text).toMatch(/class="button primary" href="\/admin\/users"/)
  expect(missing.text).not.toContain('action="/search"')
  const upstream = await admin.get(at("/admin/upstreams/upm_nobody"))
  expect(upstream.text).toMatch(/class="button primary" href="\/admin"/)
  const person = await signedIn(server, ada.email)
  const hidden = await person.get(at("/admin/users/usr_nobody"))
  expect([hidden.status, hidden.text.includes('action="/search"'), hidden.text.includes('href="/admin')]).toEqual([
    404,
    true,
    false,
  ])
})
