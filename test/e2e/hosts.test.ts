// A server whose parts have origins of their own: sign-in, console, API and public pages. One person walks through all of them.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import {
  addSandbox,
  chat,
  giveCredits,
  makeClient,
  makeUser,
  mintTokens,
  PASSWORD,
  startTestServer,
  type TestServer,
} from "../build.ts"

let server: TestServer
let person: User
let at: { auth: string; console: string; api: string; site: string }
beforeAll(async () => {
  server = await startTestServer({ fourHosts: true })
  at = server.app.config.hosts
  person = await makeUser(server.app)
  await addSandbox(server.app)
})
afterAll(() => server?.close())

const origins = () => new Set(Object.values(at))
const newAgent = () => new WebAgent((next) => origins().has(next.origin))
const ask = (url: string, init: RequestInit = {}) => fetch(url, { redirect: "manual", ...init })

async function signedIn(): Promise<WebAgent> {
  const agent = newAgent()
  const form = await agent.get(`${at.console}/credits`)
  expect(form.url).toStartWith(`${at.auth}/login`)
  const page = await agent.submit(form, "/login", { email: person.email, password: PASSWORD })
  expect(page.url).toBe(`${at.console}/credits`)
  return agent
}

describe("an address belongs to one origin", () => {
  test("a page that is asked for elsewhere leads there, with its query", async () => {
    const cases = [
      [`${at.site}/login?as=other`, `${at.auth}/login?as=other`],
      [`${at.auth}/dashboard`, `${at.console}/dashboard`],
      [`${at.console}/settings`, `${at.auth}/settings`],
      [`${at.console}/pricing`, `${at.site}/pricing`],
      [`${at.api}/`, `${at.site}/`],
      [`${at.site}/admin/users?q=ada`, `${at.console}/admin/users?q=ada`],
    ] as const
    for (const [asked, wanted] of cases) {
      const answer = await ask(asked)
      expect([asked, answer.status, answer.headers.get("location")]).toEqual([asked, 303, wanted])
    }
  })
  test("a program is told where to ask, and its credentials go nowhere", async () => {
    for (const [url, place] of [
      [`${at.auth}/v1/models`, at.api],
      [`${at.console}/v1/chat/completions`, at.api],
      [`${at.api}/token`, at.auth],
      [`${at.site}/userinfo`, at.auth],
    ] as const) {
      const answer = await ask(url, { method: url.endsWith("models") ? "GET" : "POST" })
      expect(answer.status).toBe(404)
      expect(await answer.text()).toContain(`served at ${place}`)
    }
  })
  test("probes, files and the documents of sign-in are everywhere, and under any name", async () => {
    for (const origin of origins())
      for (const path of ["/livez", "/robots.txt", "/.well-known/openid-configuration", "/search.json?q=credits"])
        expect([origin, path, (await ask(origin + path)).status]).toEqual([origin, path, 200])
    const port = new URL(at.auth).port
    for (const path of ["/login", "/pricing", "/livez"])
      expect((await ask(`http://127.0.0.1:${port}${path}`)).status).toBe(200)
  })
  test("a script that asks for a page elsewhere is told so", async () => {
    const answer = await ask(`${at.auth}/dashboard`, { headers: { "x-swap": "1" } })
    expect([answer.status, answer.headers.get("x-location")]).toEqual([204, `${at.console}/dashboard`])
  })
  test("a form that comes to the wrong origin is not acted upon", async () => {
    const body = new URLSearchParams({ name: "Mallory" })
    const answer = await ask(`${at.console}/settings/name`, { method: "POST", body })
    expect([answer.status, answer.headers.get("location")]).toEqual([303, `${at.auth}/settings/name`])
  })
})

describe("one sign-in", () => {
  test("opens the console on its origin and the settings beside sign-in, and ends for both", async () => {
    const agent = await signedIn()
    const settings = await agent.get(`${at.console}/settings`)
    expect([settings.url, settings.status]).toEqual([`${at.auth}/settings`, 200])
    const renamed = await agent.submit(settings, "/settings/name", { name: "Ada Two" })
    expect(renamed.status).toBe(200)
    expect((await agent.get(`${at.console}/dashboard`)).text).toContain("Ada Two")
    const out = await agent.submit(await agent.get(`${at.auth}/logout`), "/logout/confirmation")
    expect(out.url).toBe(`${at.auth}/signed-out`)
    expect((await agent.get(`${at.console}/dashboard`)).url).toStartWith(`${at.auth}/login`)
    expect((await agent.get(`${at.auth}/settings`)).url).toStartWith(`${at.auth}/login`)
  })
  test("cookies stay with their origin, and forms may lead to the others alone", async () => {
    const answer = await ask(`${at.auth}/login`)
    for (const line of answer.headers.getSetCookie()) expect(line).not.toMatch(/domain=/i)
    const policy = answer.headers.get("content-security-policy")!
    expect(policy).toContain(`form-action 'self' ${[...origins()].join(" ")}`)
    const one = await startTestServer({ fourHosts: false })
    const alone = (await ask(`${one.url}/login`)).headers.get("content-security-policy")!
    await one.close()
    expect(alone).toEndWith("form-action 'self'")
  })
  test("a form of the console's origin is no form of sign-in's (CSRF)", async () => {
    const agent = await signedIn()
    const page = await agent.get(`${at.auth}/settings`)
    const form = page.forms.find(({ action }) => action.endsWith("/settings/name"))!
    const cookie = `purser_browser=${agent.cookie(at.auth, "browser")}; purser_console=${agent.cookie(at.auth, "console")}`
    const send = (origin: string) =>
      ask(`${at.auth}/settings/name`, {
        method: "POST",
        body: new URLSearchParams(form.fields),
        headers: { cookie, origin },
      })
    expect((await send(at.console)).status).toBe(403)
    expect((await send(at.auth)).status).toBe(303)
  })
})

describe("apps", () => {
  test("sign people in at the issuer and call the API at its own origin, which names itself", async () => {
    const { client, secret } = await makeClient(server.app)
    const { accessToken } = await mintTokens(server.app, { user: person, client, secret })
    await giveCredits(server.app, person, 1_000_000_000)
    const answer = await chat(at.api, accessToken)
    expect(answer.status).toBe(200)
    const claims = JSON.parse(Buffer.from(accessToken.split(".")[1]!, "base64url").toString())
    expect([claims.iss, claims.aud]).toEqual([at.auth, `${at.api}/v1`])
    const refused = await ask(`${at.api}/v1/models`)
    const named = `${at.api}/.well-known/oauth-protected-resource/v1`
    expect(refused.headers.get("www-authenticate")).toContain(`resource_metadata="${named}"`)
    const metadata = (await (await ask(named)).json()) as { resource: string; authorization_servers: string[] }
    expect(metadata).toMatchObject({ resource: `${at.api}/v1`, authorization_servers: [at.auth] })
  })
  test("are sent to top up where the console is", async () => {
    const poor = await makeUser(server.app)
    const { client, secret } = await makeClient(server.app)
    const { accessToken } = await mintTokens(server.app, { user: poor, client, secret })
    const answer = await chat(at.api, accessToken, { max_tokens: 100_000 })
    const text = await answer.text()
    if (answer.status === 402) expect(text).toContain(`${at.console}/credits`)
    else expect(answer.status).toBe(200)
  })
})
