// Two-step sign-in over plain HTTP: from the settings to the code at the next sign-in, in an app's flow, and the ways out.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { generateSync } from "otplib"
import { VirtualClock } from "../../src/app/index.ts"
import { controlVerbs } from "../../src/cli/control.ts"
import { WebAgent, type WebPage } from "../../src/cli/demo/agent.ts"
import { cli } from "../../src/cli/testing.ts"
import type { User } from "../../src/identity/index.ts"
import { serveControl } from "../../src/store/index.ts"
import { signedIn } from "../browser/house.ts"
import { CALLBACK, makeClient, makeUser, PASSWORD, startTestServer, type TestServer, turnTwoStepOn } from "../build.ts"

const MINUTE = 60_000
let clock: VirtualClock
let server: TestServer
let person: User
beforeAll(async () => {
  clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
  server = await startTestServer({ clock })
  person = await makeUser(server.app)
})
afterAll(() => server?.close())

const newAgent = () => new WebAgent((next) => next.origin === server.url)
const codeOf = (secret: string): string => generateSync({ secret, epoch: Math.floor(clock.now() / 1_000) })

async function password(agent: WebAgent, email: string, path = "/login"): Promise<WebPage> {
  const page = await agent.get(path.startsWith("http") ? path : `${server.url}${path}`)
  return await agent.submit(page, "/login", { email, password: PASSWORD })
}

test("from the settings on: the first code turns it on, the codes are shown once, the next sign-in asks", async () => {
  const agent = await signedIn(server, person.email)
  const off = await agent.get(`${server.url}/settings/two-step`)
  const scan = await agent.submit(off, "/settings/two-step/start")
  const secret = /id="totp-secret"[^>]*>\s*([A-Z2-7]{32})\s*</.exec(scan.text)![1]!
  expect(scan.text).toContain('role="img" aria-label="QR code')
  const refused = await agent.submit(scan, "/settings/two-step/confirmation", { code: "000000" })
  expect(refused.status).toBe(422)
  const codes = await agent.submit(scan, "/settings/two-step/confirmation", { code: codeOf(secret) })
  expect(codes.text.match(/[2-9a-z]{4}(-[2-9a-z]{4}){3}/g)).toHaveLength(10)
  const again = await agent.get(`${server.url}/settings/two-step/codes`)
  expect(again.text).not.toMatch(/[2-9a-z]{4}(-[2-9a-z]{4}){3}/)
  expect(again.text).toContain("10 codes left")

  clock.advance(MINUTE)
  const other = newAgent()
  const asked = await password(other, person.email)
  expect(asked.url).toContain("/login/code?step=")
  expect(asked.text).toContain("Enter a code")
  const wrong = await other.submit(asked, "/login/code", { code: "000000" })
  expect(wrong.status).toBe(422)
  expect((await other.get(`${server.url}/settings`)).url).toContain("/login")
  const entered = await other.submit(asked, "/login/code", { code: codeOf(secret) })
  expect(entered.url).toContain("/dashboard")

  const on = await agent.get(`${server.url}/settings/two-step`)
  clock.advance(MINUTE)
  // The password of a moment ago is not enough any more.
  const unproved = await agent.submit(on, "/settings/two-step/end")
  expect(new URL(unproved.url).pathname).toBe("/confirm")
  const proved = await agent.submit(unproved, "/confirm", { password: PASSWORD, code: codeOf(secret) })
  const ended = await agent.submit(proved, "/settings/two-step/end")
  expect(ended.text).toContain("Two-step sign-in is off.")
  expect((await password(newAgent(), person.email)).url).toContain("/dashboard")
})

test("an app's sign-in goes through it, by a recovery code too, and is told how (amr)", async () => {
  const ada = await makeUser(server.app)
  const { secret, codes } = await turnTwoStepOn(server.app, ada)
  clock.advance(MINUTE)
  const { client } = await makeClient(server.app)
  const authorize = `${server.url}/authorize?${new URLSearchParams({
    client_id: client.publicId,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: "openid",
    state: "a state",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
  })}`
  for (const by of ["app", "recovery"] as const) {
    const agent = newAgent()
    const asked = await password(agent, ada.email, authorize)
    expect(asked.url).toContain("interaction=")
    const page =
      by === "app"
        ? asked
        : await agent.get(
            new URL(/href="([^"]*\/login\/recovery[^"]*)"/.exec(asked.text)![1]!.replaceAll("&amp;", "&"), server.url)
              .href,
          )
    const code = by === "app" ? codeOf(secret) : codes[2]!
    const done = await agent.submit(page, by === "app" ? "/login/code" : "/login/recovery", { code })
    expect(done.url).toContain("/authorize/consent")
    clock.advance(MINUTE)
  }
  const stored = server.app.store.read.all<{ amr: string }>("SELECT amr FROM sessions WHERE user_id = ?", ada.id)
  expect(stored.map(({ amr }) => amr)).toEqual(["pwd otp mfa", "pwd otp mfa"])
})

test("an app that asks for several factors gets them: once more who is there, then back to it (acr)", async () => {
  const kim = await makeUser(server.app)
  const { client } = await makeClient(server.app)
  const authorize = `${server.url}/authorize?${new URLSearchParams({
    client_id: client.publicId,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: "openid",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
    acr_values: "urn:purser:acr:mfa",
  })}`
  const agent = await signedIn(server, kim.email)
  expect((await agent.get(authorize)).url).toContain("/authorize/consent")
  const { secret } = await turnTwoStepOn(server.app, kim)
  clock.advance(11 * MINUTE)
  const asked = await agent.get(authorize)
  expect(asked.url).toContain("/confirm?next=")
  expect(asked.text).toContain("asks for a stronger sign-in than yours was")
  expect(asked.text).not.toContain("is kept meanwhile")
  const consent = await agent.submit(asked, "/confirm", { password: PASSWORD, code: codeOf(secret) })
  expect(consent.url).toContain("/authorize/consent")
  const done = await agent.submit(consent, "/authorize/consent", { decision: "approve" })
  expect(done.url).toStartWith(`${CALLBACK}?code=`)
  const stored = server.app.store.read.get("SELECT amr FROM oauth_grants WHERE user_id = ? ORDER BY id DESC", kim.id)
  expect(stored).toEqual({ amr: "pwd otp mfa" })
})

test("a step that is over leads back to the password, with what waits", async () => {
  const eve = await makeUser(server.app)
  const { secret } = await turnTwoStepOn(server.app, eve)
  const agent = newAgent()
  const asked = await password(agent, eve.email)
  clock.advance(11 * MINUTE)
  const late = await agent.submit(asked, "/login/code", { code: codeOf(secret) })
  expect(late.url).toContain("/login")
  expect(late.text).toContain("took too long")
  expect((await newAgent().get(asked.url)).text).toContain("took too long")
})

test("who lost both: an admin turns it off, or the console of the server", async () => {
  const lost = await makeUser(server.app, { email: "lost@example.com" })
  const admin = await makeUser(server.app, { isAdmin: true })
  const agent = await signedIn(server, admin.email)
  await turnTwoStepOn(server.app, lost)
  const path = `/admin/users/${lost.publicId}/two-step`
  const page = await agent.get(`${server.url}${path}`)
  const reason = "She called, I know her voice"
  clock.advance(11 * MINUTE)
  const unproved = await agent.submit(page, path, { reason })
  expect(new URL(unproved.url).pathname).toBe("/confirm")
  expect(server.app.identity.secondStepOf(lost.id)).not.toBeNull()
  const proved = await agent.submit(unproved, "/confirm", { password: PASSWORD })
  const done = await agent.submit(proved, path)
  expect(done.text).toContain("needs no code of an app any more")
  expect((await password(newAgent(), lost.email)).url).toContain("/dashboard")

  await turnTwoStepOn(server.app, lost)
  const control = serveControl(server.dataDir, controlVerbs(server.app))
  const run = await cli("admin", "two-step-off", lost.email, "--data-dir", server.dataDir, "--base-url", server.url)
  await control.stop()
  expect(run.out).toContain("Two-step sign-in is off for lost@example.com.")
  expect((await password(newAgent(), lost.email)).url).toContain("/dashboard")
})
