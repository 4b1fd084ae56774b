// Sign-ins at their edges, over plain HTTP: what strangers may leave behind, forms sent twice, and many tabs at once.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { WebAgent, type WebPage } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import { CALLBACK, makeClient, makeUser, PASSWORD, startTestServer, type TestServer } from "../build.ts"
import { eventually } from "../eventually.ts"

let server: TestServer
let person: User
let client: Client
beforeAll(async () => {
  server = await startTestServer()
  person = await makeUser(server.app)
  client = (await makeClient(server.app)).client
})
afterAll(() => server?.close())

const request = (more: Record<string, string> = {}): string =>
  `${server.url}/authorize?${new URLSearchParams({
    client_id: client.publicId,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: "openid profile llm",
    state: "a state",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
    ...more,
  })}`
/** Walks on this server only: apps are not running. */
const newAgent = () => new WebAgent((next) => next.origin === server.url)

test("3,000 requests of nobody leave the database as it was", async () => {
  const { store } = server.app
  const pages = () => store.read.get<{ page_count: number }>("PRAGMA page_count")!.page_count
  const before = { pages: pages(), mutations: store.stats.mutations }
  for (let round = 0; round < 60; round++) {
    const answers = Array.from({ length: 50 }, async (_, at) => {
      const state = "s".repeat(1 + ((round * 50 + at) % 3_000))
      const answer = await fetch(request({ state }), { redirect: "manual" })
      return answer.headers.get("location")?.startsWith("/login?interaction=")
    })
    expect(await Promise.all(answers)).not.toContain(false)
  }
  // What the house writes by itself meanwhile (jobs, the proof of the books) is all there is.
  expect(store.stats.mutations - before.mutations).toBeLessThan(10)
  expect(pages() - before.pages).toBeLessThanOrEqual(4)
}, 60_000)

describe("a form sent twice, as a browser without scripts sends it", () => {
  /** The answers of one form posted by two clicks: `apart` or while the first is still under way. */
  async function twice(apart: boolean, path: string, cookie: string, fields: [string, string][]): Promise<string[]> {
    const send = async () => {
      const answer = await fetch(`${server.url}${path}`, {
        method: "POST",
        redirect: "manual",
        headers: { cookie, origin: server.url },
        body: new URLSearchParams(fields),
      })
      const text = await answer.text()
      return answer.headers.get("location") ?? /content="0; url=([^"]+)"/.exec(text)?.[1] ?? `${answer.status}: ${text}`
    }
    if (!apart) return Promise.all([send(), send()])
    return [await send(), await send()]
  }
  const credentials = (page: WebPage): [string, string][] => [
    ...page.forms.find((one) => one.action === "/login")!.fields.filter(([name]) => !/email|password/.test(name)),
    ["email", person.email],
    ["password", PASSWORD],
  ]
  const cookiesOf = (agent: WebAgent, ...names: string[]) =>
    names.map((name) => `purser_${name}=${agent.cookie(server.url, `_${name}`)}`).join("; ")

  test.each([true, false])("consent and sign-in: the same answer (one after the other: %p)", async (apart) => {
    const agent = newAgent()
    const login = await agent.get(request({ prompt: "consent" }))
    const filled = credentials(login)
    const [first, second] = await twice(apart, "/login", cookiesOf(agent, "browser"), filled)
    expect(first).toStartWith("/authorize/consent?interaction=")
    expect(second).toStartWith("/authorize/consent?interaction=")

    const consent = await agent.submit(login, "/login", { email: person.email, password: PASSWORD })
    const form = consent.forms.find((one) => one.action === "/authorize/consent")!
    const approved = await twice(apart, "/authorize/consent", cookiesOf(agent, "browser", "auth"), [
      ...form.fields,
      ["decision", "approve"],
    ])
    expect(approved[0]).toStartWith(`${CALLBACK}?code=ac_`)
    expect(approved[1]).toBe(approved[0]!)

    // Consented: the sign-in form alone leads to the app, twice.
    const other = newAgent()
    const again = await other.get(request())
    const signedIn = await twice(apart, "/login", cookiesOf(other, "browser"), credentials(again))
    expect(signedIn[0]).toStartWith(`${CALLBACK}?code=ac_`)
    expect(signedIn[1]).toBe(signedIn[0]!)
  })

  test.each([true, false])("the emailed code: both go on (one after the other: %p)", async (apart) => {
    const agent = newAgent()
    const email = `twice-${apart}@example.com`
    const login = await agent.get(request())
    const signup = await agent.get(login.url.replace("/login", "/signup"))
    const verify = await agent.submit(signup, "/signup", { email, password: "ships and harbours", name: "Two Clicks" })
    const code = await codeFor(email)
    const fields = verify.forms.find((one) => one.action === "/verify-email")!.fields
    const all: [string, string][] = [...fields.filter(([name]) => name !== "code"), ["code", code]]
    for (const answer of await twice(apart, "/verify-email", cookiesOf(agent, "browser"), all))
      expect(answer).toStartWith("/authorize/consent?interaction=")
    // Another browser gains nothing from the code.
    const stranger = newAgent()
    const theirs = await stranger.get(`${server.url}/login`)
    const csrf = theirs.forms[0]!.fields.find(([name]) => name === "csrf")!
    const refused = await stranger.post(`${server.url}/verify-email`, [csrf, ["code", code]])
    expect(stranger.cookie(server.url, "_auth")).toBeUndefined()
    expect(refused.url).toContain("/signup")
  })
})

async function codeFor(email: string): Promise<string> {
  return await eventually(`a code for ${email}`, () => {
    const mail = server.app.mailer.mailbox.find((each) => each.to === email)
    return /\b(\d{6})\b/.exec(mail?.text ?? "")?.[1]
  })
}

describe("twenty console tabs opened together", () => {
  const pages = Array.from(
    { length: 20 },
    (_, at) => `/${["dashboard", "apps", "settings", "credits"][at % 4]}?tab=${at}`,
  )

  test("in a browser that never met us: each ends on its own page, whoever signs in first", async () => {
    const agent = newAgent()
    const logins = await Promise.all(pages.map((path) => agent.get(`${server.url}${path}`)))
    for (const login of logins) expect(login.url).toContain("/login?interaction=")
    // Three sign in, as people do who do not know better; the others are reloaded.
    for (const at of [7, 0, 19]) {
      const end = await agent.submit(logins[at]!, "/login", { email: person.email, password: PASSWORD })
      expect(end.url).toBe(`${server.url}${pages[at]}`)
    }
    const rest = logins.map((login, at) => ({ login, at })).filter(({ at }) => ![7, 0, 19].includes(at))
    const ends = await Promise.all(rest.map(({ login }) => agent.get(login.url)))
    expect(ends.map((end) => end.url)).toEqual(rest.map(({ at }) => `${server.url}${pages[at]}`))
  })

  test("in a browser that is signed in, but not to the console: the same, and one session is enough", async () => {
    const agent = newAgent()
    await agent.submit(await agent.get(`${server.url}/dashboard`), "/login", {
      email: person.email,
      password: PASSWORD,
    })
    agent.setCookie(server.url, "purser_console", "gone")
    const ends = await Promise.all(pages.map((path) => agent.get(`${server.url}${path}`)))
    expect(ends.map((end) => end.url)).toEqual(pages.map((path) => `${server.url}${path}`))
    for (const end of ends) expect(end.status).toBe(200)
  })

  test("an answer that is stale, used, or another browser's leads to the page it was for, never round in circles", async () => {
    const agent = newAgent()
    const callbacks: URL[] = []
    const watching = new WebAgent((next) => {
      if (next.pathname === "/console/callback") callbacks.push(next)
      return next.origin === server.url
    })
    await watching.submit(await watching.get(`${server.url}/apps?mine=1`), "/login", {
      email: person.email,
      password: PASSWORD,
    })
    const used = callbacks[0]!.href
    expect((await watching.get(used)).url).toBe(`${server.url}/apps?mine=1`)
    // Another browser has to sign in, and nobody can sign it in as somebody else.
    const login = await agent.get(used)
    expect(login.url).toContain("/login?interaction=")
    const end = await agent.submit(login, "/login", { email: person.email, password: PASSWORD })
    expect(end.url).toBe(`${server.url}/apps?mine=1`)
    const forged = new URL(used)
    forged.searchParams.set("state", `${btoa("{}")}.${btoa(JSON.stringify({ next: "//evil.example/" }))}.x`)
    expect((await watching.get(forged.href)).url).toBe(`${server.url}/dashboard`)
    expect(callbacks.length).toBeLessThan(8)
  })
})

test("a mailed link carries the way back to the app, unless that would make it too long to stay whole", async () => {
  for (const [state, carries] of [
    ["short", true],
    ["s".repeat(2_000), false],
  ] as const) {
    const agent = newAgent()
    const { email } = await makeUser(server.app)
    const login = await agent.get(request({ state }))
    const forgot = await agent.get(login.url.replace("/login", "/forgot-password"))
    const sent = await agent.submit(forgot, "/forgot-password", { email })
    expect(sent.url).toContain("/forgot-password/sent?interaction=")
    const link = await linkFor(email)
    expect({ state, carries: link.includes("&interaction=") }).toEqual({ state, carries })
    expect(link.length).toBeLessThan(2_000)
  }
})

async function linkFor(email: string): Promise<string> {
  return await eventually(`a link for ${email}`, () => {
    const mail = server.app.mailer.mailbox.find((each) => each.to === email)
    return /https?:\S+\/reset-password\S+/.exec(mail?.text ?? "")?.[0]
  })
}

test("an app's request by POST is the same GET, and sets nothing in a browser whose cookies stayed away", async () => {
  const { searchParams } = new URL(request())
  for (const headers of [{ "sec-fetch-site": "cross-site", origin: "https://app.example" }, {}] as HeadersInit[]) {
    const answer = await fetch(`${server.url}/authorize`, {
      method: "POST",
      redirect: "manual",
      headers,
      body: searchParams,
    })
    expect(answer.status).toBe(303)
    expect(answer.headers.get("location")).toBe(`/authorize?${searchParams}`)
    expect(answer.headers.getSetCookie()).toEqual([])
  }
  const endless = new URLSearchParams({ state: "s".repeat(20_000) })
  expect((await fetch(`${server.url}/authorize`, { method: "POST", body: endless })).status).toBe(400)
  const elsewhere = { "sec-fetch-site": "cross-site", origin: "https://evil.example" }
  for (const path of ["/login", "/authorize/consent"]) {
    const body = new URLSearchParams({ decision: "approve" })
    const forged = await fetch(`${server.url}${path}`, { method: "POST", headers: elsewhere, body })
    expect([path, forged.status, forged.headers.getSetCookie()]).toEqual([path, 403, []])
  }
})

test("a mistake of the app stays here until the person clicks; without pages it is told at once", async () => {
  const wrong = request({ scope: "openid mcp" })
  const page = await newAgent().get(wrong)
  expect(page.status).toBe(400)
  expect(page.url).toStartWith(server.url)
  expect(page.text).toContain("Storyteller cannot sign you in")
  expect(page.text).toContain("127.0.0.1:9")
  const link = /href="(http:\/\/127\.0\.0\.1:9\/callback[^"]+)"/.exec(page.text)![1]!.replaceAll("&amp;", "&")
  const told = new URL(link).searchParams
  expect([told.get("error"), told.get("state"), told.get("iss")]).toEqual(["invalid_scope", "a state", server.url])
  const silent = await fetch(request({ scope: "openid mcp", prompt: "none" }), { redirect: "manual" })
  expect(silent.status).toBe(303)
  expect(new URL(silent.headers.get("location")!).searchParams.get("error")).toBe("invalid_scope")
})

test("password managers are led to the page of the password, whoever asks", async () => {
  const answer = await fetch(`${server.url}/.well-known/change-password`, { redirect: "manual" })
  expect(answer.status).toBe(303)
  expect(answer.headers.get("location")).toBe("/settings/password")
  const agent = newAgent()
  expect((await agent.get(`${server.url}/.well-known/change-password`)).url).toStartWith(`${server.url}/login?`)
  // Proves that this server does not answer 200 to whatever is asked for (W3C, reliable status codes).
  const none = `${server.url}/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200`
  expect((await fetch(none)).status).toBe(404)
})

test("Back after Cancel leads to the app's own site, by a link", async () => {
  const homepageUrl = "https://storyteller.example.com/"
  const { client: sited } = await makeClient(server.app, { homepageUrl })
  const agent = newAgent()
  const login = await agent.get(request({ client_id: sited.publicId }))
  const consent = await agent.submit(login, "/login", { email: person.email, password: PASSWORD })
  await agent.submit(consent, "/authorize/consent", { decision: "deny" }).catch(() => null)
  const over = await agent.get(consent.url)
  expect(over.text).toContain(`href="${homepageUrl}"`)
  expect(over.text).toContain("Return to Storyteller")
})
