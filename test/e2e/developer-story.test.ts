// A developer who never saw the product, by its pages alone and without a script: from the sign-up to a charged call of their own app, which
// they see within a second, to the person who made it, the figures as a file, and a payout of test money that goes through.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { DAY_MS, VirtualClock } from "../../src/app/index.ts"
import { plainText, WebAgent } from "../../src/cli/demo/agent.ts"
import { authorizeUrl } from "../browser/house.ts"
import { addSandbox, CALLBACK, chat, PASSWORD, startTestServer, type TestServer } from "../build.ts"

const clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
let server: TestServer
const at = (path: string) => server.at(path)
beforeAll(async () => {
  server = await startTestServer({ clock })
  await addSandbox(server.app)
}, 30_000)
afterAll(() => server?.close())

const ADA = { name: "Ada Newcomer", email: "ada@newcomer.example" }
/** The challenge of `authorizeUrl` is that of this verifier (RFC 7636, appendix B). */
const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

const browser = () => new WebAgent((next) => server.isOwn(next.href))

async function signUp(agent: WebAgent): Promise<void> {
  const form = await agent.get(at("/signup"))
  const verify = await agent.submit(form, "/signup", { ...ADA, password: PASSWORD })
  await server.app.outbox.flush()
  const mail = server.app.mailer.mailbox.findLast(({ to }) => to === ADA.email)!
  const home = await agent.submit(verify, "/verify-email", { code: /\b\d{6}\b/.exec(mail.text)![0] })
  expect(new URL(home.url).pathname).toBe("/dashboard")
}

/** A test user, as the page shows it once. */
async function testUser(agent: WebAgent) {
  const made = await agent.submit(await agent.get(at("/developer/test-users")), "/developer/test-users")
  const shown = (id: string) => new RegExp(`<code id="${id}">([^<]+)<`).exec(made.text)?.[1] ?? ""
  return { email: shown("made-email"), password: shown("made-password") }
}

/** In another browser: signs in from the app, says yes, and the app gets its token. */
async function letIn(clientId: string, user: { email: string; password: string }): Promise<string> {
  const agent = browser()
  const login = await agent.get(authorizeUrl(server, clientId))
  const consent = await agent.submit(login, "/login", user)
  expect(plainText(consent.text)).toContain("Lighthouse")
  const back = await agent.submit(consent, "/authorize/consent", { decision: "approve", limit_llm: "10000" })
  const answer = await fetch(at("/token"), {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: clientId,
      code: new URL(back.url).searchParams.get("code") ?? "",
      redirect_uri: CALLBACK,
      code_verifier: VERIFIER,
    }),
  })
  return ((await answer.json()) as { access_token: string }).access_token
}

test("from the sign-up to a test payout, by what the pages say", async () => {
  const agent = browser()
  await signUp(agent)
  const agreed = await agent.submit(await agent.get(at("/developer")), "/developer/agreement", { accept: "1" })
  expect(plainText(agreed.text)).toContain("You are a developer now.")
  const made = await agent.submit(agreed, "/developer/apps", {
    name: "Lighthouse",
    type: "public",
    redirect_uris: CALLBACK,
    test_mode: "1",
  })
  const clientId = /cli_[0-9A-Z]{26}/.exec(made.text)![0]
  const user = await testUser(agent)
  expect(user.email).toContain("@")
  const token = await letIn(clientId, user)

  const body = { messages: [{ role: "user", content: "sandbox:cost 20000" }], max_tokens: 20_000 }
  const answer = await chat(server.url, token, body)
  expect([answer.status, Number(answer.headers.get("x-credits-charged")) > 0]).toEqual([200, true])
  // It is there at the first look, without waiting.
  const requests = await agent.get(at(`/developer/apps/${clientId}/requests`))
  expect(plainText(requests.text)).toContain("sandbox")
  const analytics = await agent.get(at("/developer/analytics?mode=test&range=7d"))
  expect(plainText(analytics.text)).toContain("most 1 call on 1 Jun 2026")

  const found = await agent.get(at(`/developer/apps/${clientId}/users?q=test`))
  expect(plainText(found.text)).toContain("Test user 1")
  const file = (await agent.get(at("/developer/analytics/export?mode=test&range=7d"))).text
  const today = file.split("\r\n").find((line) => line.startsWith("2026-06-01"))!
  expect(today.split(",")[1]).toBe("1")
  const earned = Number(today.split(",").at(-1))
  expect(earned).toBeGreaterThan(10)

  clock.advance(2 * DAY_MS)
  const payouts = await agent.get(at("/developer/payouts?mode=test"))
  const paid = await agent.submit(payouts, "/developer/payouts/test")
  const words = plainText(paid.text)
  expect(words).toContain("The test payout went through. Nothing was sent.")
  expect(words).toContain("Paid")
  expect(plainText((await agent.get(at("/developer/payouts?mode=test"))).text)).toContain("Nowhere, it is a test")
  expect(plainText((await agent.get(at("/developer/payouts"))).text)).toContain("No payout yet")
}, 30_000)
