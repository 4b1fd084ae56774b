// What pages must refuse, over plain HTTP: framing, forms of other sites, other people's things, admin pages for everybody
// else; and what they must keep: typed values, and strangers' names as text.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import { plainText, WebAgent, type WebPage } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { HOSTILES } from "../../views/fixtures/index.ts"
import {
  addSandbox,
  CALLBACK,
  CTX,
  chat,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  PASSWORD,
  startTestServer,
  type TestServer,
} from "../build.ts"
import { describeBrowser, documentProblems, launch, openTab, signIn } from "./kit.ts"

let server: TestServer
let owner: User
let other: User
let appPath: string
let consentPath: string
let secretPath: string
let mine: WebAgent
let hers: WebAgent

/** A person at the console, signed in over HTTP; apps that do not run end the walk. */
async function signedIn(email: string): Promise<WebAgent> {
  const agent = new WebAgent((next) => next.origin === server.url)
  const login = await agent.get(`${server.url}/dashboard`)
  const dashboard = await agent.submit(login, "/login", { email, password: PASSWORD })
  expect(dashboard.url).toBe(`${server.url}/dashboard`)
  return agent
}

const csrfOf = async (agent: WebAgent): Promise<string> => {
  const { forms } = await agent.get(`${server.url}/settings`)
  return forms[0]!.fields.find(([name]) => name === "csrf")![1]
}

const authorizeUrl = (clientId: string, extra: Record<string, string> = {}): string =>
  `${server.url}/authorize?${new URLSearchParams({
    client_id: clientId,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: "openid profile llm",
    state: "s",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
    ...extra,
  })}`

const field = (page: WebPage, action: string, name: string): string | undefined =>
  page.forms
    .find((form) => new URL(form.action, page.url).pathname === action)
    ?.fields.find(([each]) => each === name)?.[1]

beforeAll(async () => {
  server = await startTestServer()
  const { app } = server
  await addSandbox(app)
  owner = await makeDeveloper(app)
  other = await makeDeveloper(app)
  await giveCredits(app, owner, credits(100))
  const { client, secret } = await makeClient(app, { ownerId: owner.id })
  await mintTokens(app, { user: owner, client, secret })
  appPath = `/developer/apps/${client.publicId}`
  consentPath = `/apps/${app.oauth.consentsOf(owner.id)[0]!.publicId}`
  secretPath = `${appPath}/secrets/${app.oauth.secretsOf(client.id)[0]!.publicId}/revocation`
  mine = await signedIn(owner.email)
  hers = await signedIn(other.email)
})
afterAll(() => server.close())

describe("headers", () => {
  test("no page of the sign-in can be framed, cached or made to run foreign code", async () => {
    const paths = ["/login", "/signup", "/logout", "/signed-out", "/setup/gone", "/nowhere", "/", "/authorize"]
    for (const path of paths) {
      const { headers } = await fetch(`${server.url}${path}`, { redirect: "manual" })
      const csp = headers.get("content-security-policy") ?? ""
      expect(csp).toContain("default-src 'none'")
      expect(csp).toContain("frame-ancestors 'none'")
      expect(csp).toContain("base-uri 'none'")
      expect(csp).toContain("script-src 'self';")
      expect(csp).not.toContain("unsafe")
      expect(headers.get("x-frame-options")).toBe("DENY")
      expect(headers.get("cache-control")).toBe("no-store")
      expect(headers.get("referrer-policy")).toBe("no-referrer")
      expect(headers.get("x-content-type-options")).toBe("nosniff")
    }
  })

  test("only the asking app is a target of the sign-in forms", async () => {
    const client = server.app.oauth.clientsOf(owner.id)[0]!
    const agent = new WebAgent()
    const login = await agent.get(authorizeUrl(client.publicId))
    const target = /form-action ([^;]+)/.exec(login.headers.get("content-security-policy") ?? "")?.[1]
    expect(target).toBe("'self' http://127.0.0.1:9")
    const bare = await agent.get(`${server.url}/login`)
    expect(bare.headers.get("content-security-policy")).toEndWith("form-action 'self'")
  })

  test("every successful form answers 303", async () => {
    const cookies = (agent: WebAgent) =>
      ["browser", "auth", "console"].map((name) => `purser_${name}=${agent.cookie(server.url, `_${name}`)}`).join("; ")
    const send = async (path: string, fields: Record<string, string>) =>
      fetch(`${server.url}${path}`, {
        method: "POST",
        redirect: "manual",
        headers: { cookie: cookies(mine), origin: server.url },
        body: new URLSearchParams({ csrf: await csrfOf(mine), ...fields }),
      })
    expect((await send("/settings/theme", { theme: "system" })).status).toBe(303)
    expect((await send("/claims", {})).status).toBe(303)
    expect((await send(`${consentPath}/limits`, { limit_llm: "5" })).status).toBe(303)
    expect((await send("/login", { email: owner.email, password: PASSWORD })).status).toBe(303)
  })
})

describe("forms of other sites", () => {
  const forge = (headers: Record<string, string>, csrf: string) =>
    fetch(`${server.url}/claims`, {
      method: "POST",
      redirect: "manual",
      headers: {
        cookie: ["browser", "console"].map((n) => `purser_${n}=${mine.cookie(server.url, `_${n}`)}`).join("; "),
        ...headers,
      },
      body: new URLSearchParams({ csrf }),
    })

  test("are refused with a page that says what to do", async () => {
    const csrf = await csrfOf(mine)
    const wrong = [
      forge({ "sec-fetch-site": "cross-site", origin: "https://evil.example" }, csrf),
      forge({ "sec-fetch-site": "same-site" }, csrf),
      forge({ origin: "https://evil.example" }, csrf),
      forge({ origin: "null" }, csrf),
      forge({ origin: server.url }, ""),
      forge({ origin: server.url }, await csrfOf(hers)),
    ]
    for (const answer of await Promise.all(wrong)) {
      expect(answer.status).toBe(403)
      const text = plainText(await answer.text())
      expect(text).toContain("Go back, reload the page and send it again.")
    }
    expect((await forge({ "sec-fetch-site": "same-origin", origin: server.url }, csrf)).status).toBe(303)
  })

  test("another content type is refused, not read", async () => {
    const answer = await fetch(`${server.url}/login`, { method: "POST", body: "{}", headers: { origin: server.url } })
    expect(answer.status).toBe(415)
    expect(answer.headers.get("content-type")).toStartWith("text/html")
  })
})

describe("what was typed stays", () => {
  test("sign-in, sign-up and setup keep all but the password", async () => {
    const agent = new WebAgent()
    const login = await agent.submit(await agent.get(`${server.url}/login`), "/login", {
      email: "someone@example.com",
      password: "a wrong password",
    })
    expect(login.status).toBe(422)
    expect(field(login, "/login", "email")).toBe("someone@example.com")
    const signup = await agent.submit(await agent.get(`${server.url}/signup`), "/signup", {
      name: "Some “One” <b>",
      email: "not an address",
      password: "a long password",
    })
    expect(signup.status).toBe(422)
    expect(field(signup, "/signup", "name")).toBe("Some “One” <b>")
    expect(field(signup, "/signup", "email")).toBe("not an address")
    for (const page of [login, signup]) expect(page.text).not.toContain('password" value')
    expect(login.text + signup.text).not.toContain("a wrong password")
    expect(signup.text).not.toContain("a long password")
  })

  test("consent keeps limits and unticked boxes", async () => {
    const client = server.app.oauth.clientsOf(owner.id)[0]!
    const consent = await hers.get(authorizeUrl(client.publicId))
    expect(consent.url).toContain("/authorize/consent?txn=")
    const txn = field(consent, "/authorize/consent", "txn")!
    const csrf = field(consent, "/authorize/consent", "csrf")!
    const answer = await hers.post(`${server.url}/authorize/consent`, [
      ["csrf", csrf],
      ["txn", txn],
      ["scope", "llm"],
      ["limit_llm", "about 7"],
      ["decision", "approve"],
    ])
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('value="about 7"')
    const ticked = answer.forms.flatMap((form) => form.fields).filter(([name]) => name === "scope")
    expect(ticked).toEqual([["scope", "llm"]])
  })

  test("an app's limits keep what could not be read", async () => {
    const apps = await mine.get(`${server.url}/apps`)
    const answer = await mine.submit(apps, `${consentPath}/limits`, { limit_llm: "-3" })
    expect(answer.status).toBe(422)
    expect(field(answer, `${consentPath}/limits`, "limit_llm")).toBe("-3")
    expect(answer.text).toContain("Enter credits per day as a number")
  })
})

describe("other people's things", () => {
  test("an app of another developer is not there", async () => {
    const csrf = await csrfOf(hers)
    const paths = [appPath, `${appPath}/first-call`, secretPath]
    for (const path of paths) {
      expect({ path, status: (await hers.get(`${server.url}${path}`)).status }).toEqual({ path, status: 404 })
      expect((await mine.get(`${server.url}${path}`)).status).toBeLessThan(300)
    }
    const before = JSON.stringify(server.app.oauth.clientsOf(owner.id))
    for (const path of [appPath, `${appPath}/secrets`, secretPath]) {
      const answer = await hers.post(`${server.url}${path}`, [
        ["csrf", csrf],
        ["name", "Mine now"],
        ["redirect_uris", "https://evil.example/"],
      ])
      expect({ path, status: answer.status }).toEqual({ path, status: 404 })
    }
    const client = server.app.oauth.clientsOf(owner.id)[0]!
    expect(JSON.stringify(server.app.oauth.clientsOf(owner.id))).toBe(before)
    expect(server.app.oauth.secretsOf(client.id)).toHaveLength(1)
  })

  test("a secret of one app cannot be revoked through another app of the same developer", async () => {
    const { client } = await makeClient(server.app, { ownerId: owner.id, name: "Second" })
    const secretId = secretPath.split("/").at(-2)
    const path = `/developer/apps/${client.publicId}/secrets/${secretId}/revocation`
    const answer = await mine.post(`${server.url}${path}`, [["csrf", await csrfOf(mine)]])
    expect(answer.status).toBe(404)
    expect((await mine.get(`${server.url}${secretPath}`)).status).toBe(200)
  })

  test("a consent of another person is not there", async () => {
    const csrf = await csrfOf(hers)
    expect((await hers.get(`${server.url}${consentPath}/revocation`)).status).toBe(404)
    for (const verb of ["revocation", "limits"]) {
      const answer = await hers.post(`${server.url}${consentPath}/${verb}`, [
        ["csrf", csrf],
        ["limit_llm", "1"],
      ])
      expect(answer.status).toBe(404)
    }
    expect(server.app.oauth.consentsOf(owner.id)).toHaveLength(1)
  })

  test("a session of another person cannot be ended", async () => {
    const session = server.app.identity.sessionsOf(owner.id)[0]!
    const path = `${server.url}/settings/sessions/${session.publicId}/revocation`
    expect((await hers.post(path, [["csrf", await csrfOf(hers)]])).status).toBe(404)
    expect(server.app.identity.sessionsOf(owner.id).map((one) => one.publicId)).toContain(session.publicId)
  })

  test("a sign-in of another browser cannot be continued", async () => {
    const client = server.app.oauth.clientsOf(owner.id)[0]!
    const consent = await hers.get(authorizeUrl(client.publicId, { prompt: "consent" }))
    const stolen = await mine.get(consent.url)
    expect(stolen.status).toBeGreaterThanOrEqual(400)
    expect(plainText(stolen.text)).not.toContain("Approve")
  })

  test("admin pages do not exist for others", async () => {
    const csrf = await csrfOf(hers)
    const user = `/admin/users/${owner.publicId}`
    const upstream = `/admin/upstreams/${server.app.gateway.upstreams()[0]!.publicId}/test`
    for (const path of ["/admin", "/admin/users", user, "/admin/upstreams", "/admin/upstreams/new"]) {
      const page = await hers.get(`${server.url}${path}`)
      expect({ path, status: page.status }).toEqual({ path, status: 404 })
      const anonymous = await fetch(`${server.url}${path}`, { redirect: "manual" })
      expect(anonymous.status).toBe(303)
    }
    for (const path of [`${user}/suspension`, `${user}/reinstatement`, "/admin/upstreams", upstream]) {
      const answer = await hers.post(`${server.url}${path}`, [
        ["csrf", csrf],
        ["reason", "because"],
        ["kind", "sandbox"],
        ["name", "mine"],
      ])
      expect({ path, status: answer.status }).toEqual({ path, status: 404 })
    }
    expect(server.app.identity.isSuspended(owner.id)).toBe(false)
    expect(server.app.gateway.upstreams()).toHaveLength(1)
  })
})

describe("names of strangers", () => {
  test("stand as text on consent, dashboard, developer and admin pages", async () => {
    const { app } = server
    const admin = await makeUser(app, { isAdmin: true })
    const names = [`"><script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `' onfocus='alert(1)' autofocus='`]
    const user = await makeUser(app, { name: names[0]! })
    await app.developers.acceptAgreement(CTX, {
      userId: user.id,
      version: app.developers.agreementVersion,
      company: names[1]!,
    })
    await giveCredits(app, user, credits(50))
    const { client, secret } = await makeClient(app, { ownerId: user.id, name: names[2]! })
    const agent = await signedIn(user.email)
    const operator = await signedIn(admin.email)
    const pages = [await agent.get(authorizeUrl(client.publicId))]
    const { accessToken } = await mintTokens(app, { user, client, secret })
    expect((await chat(server.url, accessToken)).status).toBe(200)
    for (const path of ["/dashboard", "/apps", "/settings", "/developer", `/developer/apps/${client.publicId}`])
      pages.push(await agent.get(`${server.url}${path}`))
    for (const path of [
      "/admin/users",
      `/admin/users/${user.publicId}`,
      `/admin/users?q=${encodeURIComponent(names[0]!)}`,
    ])
      pages.push(await operator.get(`${server.url}${path}`))
    for (const page of pages) {
      expect({ url: page.url, problems: documentProblems(page.text) }).toEqual({ url: page.url, problems: [] })
    }
    const consent = plainText(pages[0]!.text).replaceAll("&#x27;", "'")
    expect(consent).toContain(`Connect ${names[2]} by ${names[1]}`)
  })
})

describeBrowser("a stranger's page, in a real browser", () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())

  test("cannot post our forms or frame our pages", async () => {
    const evil = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: () =>
        new Response(
          `<title>evil</title><form method="post" action="${server.url}/claims"><button>Win</button></form>
           <iframe src="${server.url}/login"></iframe>`,
          { headers: { "content-type": "text/html" } },
        ),
    })
    const { page, context } = await openTab(browser, server)
    await signIn(page, server, other.email)
    const isDue = () => server.app.ledger.claimStatus({ kind: "principal", id: other.id }, "live").isDue
    expect(isDue()).toBe(true)
    // Another site gets no cookies; another port of this host does, and is refused for what it is.
    for (const [host, status] of [
      ["127.0.0.1", 303],
      ["localhost", 403],
    ] as const) {
      await page.goto(`http://${host}:${evil.port}/`)
      expect(await page.frames()[1]?.locator("form").count()).toBe(0)
      const [answer] = await Promise.all([
        page.waitForResponse((one) => one.request().method() === "POST"),
        page.getByRole("button", { name: "Win" }).click(),
      ])
      expect(answer.status()).toBe(status)
    }
    await page.getByText("Go back, reload the page and send it again.").waitFor()
    expect(isDue()).toBe(true)
    await context.close()
    await evil.stop(true)
  })

  test("a name of 300 letters or none of the alphabet breaks no page", async () => {
    const name = (HOSTILES[2]?.name ?? "W".repeat(300)).slice(0, 80)
    const user = await makeUser(server.app, { name })
    const { page, context, problems } = await openTab(browser, server, { width: 320, height: 640 })
    await signIn(page, server, user.email)
    const extra = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    expect(await extra()).toBe(0)
    const { client } = await makeClient(server.app, { ownerId: owner.id, name })
    await page.goto(authorizeUrl(client.publicId))
    expect(await extra()).toBe(0)
    expect(problems).toEqual([])
    await context.close()
  })
})
