// Sign-in with an issuer that we did not write (npm oidc-provider), over plain HTTP from the button to the dashboard and into an app, and
// with what goes wrong on the way: no, other accounts, changed keys, an issuer that is away.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { decodeJwt } from "jose"
import { plainText, WebAgent, type WebPage } from "../../src/cli/demo/agent.ts"
import { CALLBACK, CTX, freePort, makeClient, makeUser, PASSWORD, startTestServer, type TestServer } from "../build.ts"
import { eventually } from "../eventually.ts"
import { CLIENT_ID, CLIENT_SECRET, type ProviderIssuer, startProvider } from "../fakes/issuer/provider.ts"

const SLUG = "company"

let server: TestServer
let elsewhere: ProviderIssuer
beforeAll(async () => {
  const port = freePort()
  elsewhere = await startProvider([`http://localhost:${port}/login/callback/${SLUG}`])
  server = await startTestServer({ port, env: { PURSER_ISSUER_NETWORKS: "127.0.0.1" } })
  const given = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, signUp: true, trustsMfa: false, domains: [] }
  await server.app.identity.addIssuer(CTX, {
    preset: "oidc",
    slug: SLUG,
    name: "Company",
    issuer: elsewhere.issuer,
    ...given,
  })
})
afterAll(async () => {
  await server?.close()
  await elsewhere?.close()
})
beforeEach(() => {
  elsewhere.asked.length = 0
  elsewhere.amr = null
})

const at = (path: string): string => `${server.url}${path}`
const newAgent = () => new WebAgent((next) => [server.url, elsewhere.issuer].includes(next.origin))

/** Presses the button of a page of ours, and says at the issuer who one is. */
async function signIn(agent: WebAgent, sub: string, page?: WebPage): Promise<WebPage> {
  const from = page ?? (await agent.get(at("/login")))
  const href = /href="([^"]*\/login\/with\/company[^"]*)"/.exec(from.text)?.[1]?.replaceAll("&amp;", "&")
  if (!href) throw new Error(`no button on ${from.url}: ${plainText(from.text).slice(0, 200)}`)
  const there = await agent.get(new URL(href, server.url).href)
  if (!there.url.startsWith(elsewhere.issuer)) return there
  return agent.submit(there, new URL(there.url).pathname, { sub })
}

const lastCode = async (): Promise<string> => {
  await server.app.outbox.flush()
  return /(\d{6}) is your Purser code/.exec(plainText((await newAgent().get(at("/mailbox"))).text))![1]!
}

/** Somebody without a password proves who is there. */
async function confirmByMail(agent: WebAgent): Promise<void> {
  const asked = await agent.get(at("/confirm?next=/settings/connections"))
  // Letters leave a moment after what caused them.
  const before = server.app.mailer.mailbox.length
  const sent = await agent.submit(asked, "/confirm/mail")
  await eventually("the letter", () => server.app.mailer.mailbox.length > before)
  const done = await agent.submit(sent, "/confirm", { mailed: await lastCode() })
  expect(new URL(done.url).pathname).toBe("/settings/connections")
}

test("a stranger comes in by the button, and again without being asked; the page says nothing where nothing is offered", async () => {
  const agent = newAgent()
  const login = await agent.get(at("/login"))
  expect(plainText(login.text)).toContain("Sign in with Company")
  expect(plainText((await agent.get(at("/signup"))).text)).toContain("Sign up with Company")
  const home = await signIn(agent, "grace", login)
  expect(new URL(home.url).pathname).toBe("/dashboard")
  expect(server.app.identity.userByEmail("grace@example.com")).toMatchObject({ name: "grace", emailVerified: true })
  // The page says that whoever is new agrees to the terms; they are asked for no second time, and which ones is kept.
  const agreed = () =>
    server.app.store.read.all(
      "SELECT version FROM legal_acceptances WHERE user_id = ?",
      server.app.identity.userByEmail("grace@example.com")!.id,
    )
  expect([login.text.includes("you agree to the"), agreed()]).toEqual([
    true,
    [{ version: server.app.legal.current("terms").version }],
  ])
  const [asked] = elsewhere.asked
  expect(asked!.get("code_challenge_method")).toBe("S256")
  await agent.submit(await agent.get(at("/logout")), "/logout/confirmation")
  expect(new URL((await signIn(agent, "unused")).url).pathname).toBe("/dashboard")
  expect(agreed()).toHaveLength(1)
})

test("inside an app's authorization it goes on to the app, with the hint and a new proof where the app asks for it", async () => {
  const { client, secret } = await makeClient(server.app)
  const authorize = (more: Record<string, string>) =>
    at(
      `/authorize?${new URLSearchParams({
        client_id: client.publicId,
        redirect_uri: CALLBACK,
        response_type: "code",
        scope: "openid email",
        state: "the app's state",
        code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        code_challenge_method: "S256",
        ...more,
      })}`,
    )
  const agent = newAgent()
  const login = await agent.get(authorize({ login_hint: "hal@example.com" }))
  const consent = await signIn(agent, "hal", login)
  expect(new URL(consent.url).pathname).toBe("/authorize/consent")
  expect(elsewhere.asked.at(-1)!.get("login_hint")).toBe("hal@example.com")
  expect(elsewhere.asked.at(-1)!.has("prompt")).toBe(false)
  const back = await agent.submit(consent, "/authorize/consent", { decision: "approve" })
  expect(back.url).toStartWith(`${CALLBACK}?`)
  expect(new URL(back.url).searchParams.get("state")).toBe("the app's state")

  const tokens = (await (
    await fetch(at("/token"), {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "authorization_code",
        code: new URL(back.url).searchParams.get("code")!,
        redirect_uri: CALLBACK,
        client_id: client.publicId,
        client_secret: secret,
        code_verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
      }),
    })
  ).json()) as { id_token: string }
  const claims = decodeJwt(tokens.id_token)
  expect(claims).toMatchObject({ email: "hal@example.com", email_verified: true })
  // How the issuer looked, nobody here knows.
  expect("amr" in claims).toBe(false)

  const again = await agent.get(authorize({ prompt: "login" }))
  expect(new URL(again.url).pathname).toBe("/login")
  const done = await signIn(agent, "hal", again)
  expect(Object.fromEntries(elsewhere.asked.at(-1)!)).toMatchObject({ prompt: "login", max_age: "0" })
  expect(done.url).toStartWith(`${CALLBACK}?`)
  await agent.get(authorize({ max_age: "100", prompt: "select_account" }))
  const choose = await agent.get(authorize({ max_age: "100", prompt: "select_account" }))
  expect(new URL(choose.url).pathname).toBe("/login")
})

test("a no at the issuer leads back with its reason, and the app is still waiting", async () => {
  const agent = newAgent()
  const there = await agent.get(at(`/login/with/${SLUG}`))
  const back = await agent.submit(there, new URL(there.url).pathname, { no: "1" })
  expect(new URL(back.url).pathname).toBe("/login")
  expect(plainText(back.text)).toContain("You did not sign in with Company. Nothing has changed.")
})

describe("an account of the same address", () => {
  test("is joined by its password, and then opened by both", async () => {
    const ada = await makeUser(server.app, { email: "ada@example.com", name: "Ada" })
    const agent = newAgent()
    const join = await signIn(agent, "ada")
    expect(new URL(join.url).pathname).toBe("/login/join")
    expect(plainText(join.text)).toContain("ada@example.com has an account here that Company does not open yet.")
    const wrong = await agent.submit(join, "/login/join", { password: "wrong" })
    expect([wrong.status, plainText(wrong.text)]).toEqual([
      422,
      expect.stringContaining("This is not your current password"),
    ])
    expect((await agent.get(at("/settings"))).url).toContain("/login")
    const home = await agent.submit(wrong, "/login/join", { password: PASSWORD })
    expect(new URL(home.url).pathname).toBe("/dashboard")
    const other = newAgent()
    expect(new URL((await signIn(other, "ada")).url).pathname).toBe("/dashboard")
    expect(server.app.identity.connectionsOf(ada.id)).toHaveLength(1)
    expect(plainText((await other.get(at("/settings/connections"))).text)).toContain("Company ada@example.com")
  })

  test("is joined by a code by mail; a form of another browser, or a stale one, starts again", async () => {
    await makeUser(server.app, { email: "kay@example.com" })
    const agent = newAgent()
    const join = await signIn(agent, "kay")
    const sent = await agent.submit(join, "/login/join/code/new")
    expect(new URL(sent.url).pathname).toBe("/login/join/code")
    const code = await lastCode()
    const stranger = newAgent()
    await stranger.get(at("/login"))
    const elsewhereForm = await stranger.get(sent.url)
    expect(plainText(elsewhereForm.text)).toContain("This sign-in took too long. Start it again.")
    const wrong = await agent.submit(sent, "/login/join/code", { code: code === "000000" ? "000001" : "000000" })
    expect(wrong.status).toBe(422)
    const home = await agent.submit(wrong, "/login/join/code", { code })
    expect(new URL(home.url).pathname).toBe("/dashboard")
  })
})

test("connections: asked who one is, connected, used, disconnected; the last way in stays until there is a password", async () => {
  const agent = newAgent()
  await signIn(agent, "lin")
  const lin = server.app.identity.userByEmail("lin@example.com")!
  const page = await agent.get(at("/settings/connections"))
  expect(plainText(page.text)).toContain("You have no password: these are your only ways in.")
  // The issuer did not say when it saw them prove it: a code by mail says who is there.
  await confirmByMail(agent)
  const [first] = server.app.identity.connectionsOf(lin.id)
  const removal = `/settings/connections/${first!.publicId}/removal`
  const refused = await agent.submit(await agent.get(at(removal)), removal)
  expect(plainText(refused.text)).toContain("Company is the only way into your account. Set a password first.")

  const form = await agent.get(at("/settings/password"))
  expect((await agent.submit(form, "/settings/password", { password: "short" })).status).toBe(422)
  const set = await agent.submit(form, "/settings/password", { password: PASSWORD })
  expect(plainText(set.text)).toContain("You have a password now.")

  const second = await agent.submit(page, `/settings/connections/with/${SLUG}`)
  expect(second.url).toStartWith(elsewhere.issuer)
  // Another person than before: the issuer ends the session there by a page of its own.
  const other = await agent.submit(second, new URL(second.url).pathname, { sub: "lin-at-work" })
  const back = await agent.submit(other, new URL(other.forms[0]!.action, other.url).pathname)
  expect([new URL(back.url).pathname, plainText(back.text)]).toEqual([
    "/settings/connections",
    expect.stringContaining("Company opens your account now."),
  ])
  expect(server.app.identity.connectionsOf(lin.id)).toHaveLength(2)
  const gone = await agent.submit(await agent.get(at(removal)), removal)
  expect(plainText(gone.text)).toContain("Company no longer opens your account.")
  expect(server.app.identity.connectionsOf(lin.id).map(({ email }) => email)).toEqual(["lin-at-work@example.com"])

  const thief = newAgent()
  await signIn(thief, "mallory")
  const theirs = await thief.get(
    at(`/settings/connections/${server.app.identity.connectionsOf(lin.id)[0]!.publicId}/removal`),
  )
  expect(theirs.status).toBe(404)
})

test("an old proof of the issuer is none: connecting asks who is there", async () => {
  const agent = newAgent()
  await makeUser(server.app, { email: "old@example.com" })
  const login = await agent.submit(await agent.get(at("/login")), "/login", {
    email: "old@example.com",
    password: PASSWORD,
  })
  expect(new URL(login.url).pathname).toBe("/dashboard")
  const session = server.app.identity.sessionsOf(server.app.identity.userByEmail("old@example.com")!.id)
  expect(session).toHaveLength(1)
  await server.app.store.write(CTX, (tx) => tx.run("UPDATE sessions SET proved_ms = 0"))
  const page = await agent.get(at("/settings/connections"))
  const asked = await agent.submit(page, `/settings/connections/with/${SLUG}`)
  expect(new URL(asked.url).pathname).toBe("/confirm")
})

test("an answer that nobody here asked for is a page that says so, whatever stands in it", async () => {
  const agent = newAgent()
  const hostile = `?state=${encodeURIComponent("<script>")}&code=x&error=${encodeURIComponent("<img>")}`
  for (const query of ["", hostile, `?state=${"x".repeat(9_000)}`, "?state=a&state=b"]) {
    const page = await agent.get(at(`/login/callback/${SLUG}${query}`))
    expect([page.status, plainText(page.text)]).toEqual([400, expect.stringContaining("This sign-in cannot go on")])
    expect(page.text).not.toContain("<script>")
  }
  expect(plainText((await agent.get(at("/login/with/nothing"))).text)).toContain(
    "This way to sign in is not offered here.",
  )
  expect((await fetch(at(`/login/callback/${SLUG}`), { method: "POST", body: "code=x" })).status).toBe(415)
})

test("an answer by a form of another site does nothing by itself: it becomes the address, of known parameters alone", async () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(at(`/login/callback/${SLUG}`), {
      method: "POST",
      redirect: "manual",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        origin: elsewhere.issuer,
        "sec-fetch-site": "cross-site",
        ...headers,
      },
      body,
    })
  const answer = await post("code=c&state=s&user=%7B%7D&next=https%3A%2F%2Fevil.example&id_token=x")
  expect([answer.status, answer.headers.get("location")]).toEqual([303, `/login/callback/${SLUG}?code=c&state=s`])
  expect(answer.headers.getSetCookie()).toEqual([])
  const there = await newAgent().get(at(answer.headers.get("location")!))
  expect(plainText(there.text)).toContain("This sign-in cannot go on")
  expect((await post(`code=${"c".repeat(20_000)}`)).status).toBeGreaterThanOrEqual(400)
  expect((await post("{}", { "content-type": "application/json" })).status).toBeGreaterThanOrEqual(400)
})

test("keys that change between two sign-ins, and while somebody is there, harm nobody", async () => {
  const agent = newAgent()
  await signIn(agent, "rot")
  await elsewhere.rotate()
  expect(new URL((await signIn(newAgent(), "rot")).url).pathname).toBe("/dashboard")
  await elsewhere.rotate()
  expect(new URL((await signIn(newAgent(), "rot")).url).pathname).toBe("/dashboard")
})

test("while the issuer is away, passwords go on, and the page says what is the matter", async () => {
  await makeUser(server.app, { email: "away@example.com" })
  let comesBack = true
  const agent = new WebAgent((next) => next.origin === elsewhere.issuer || (comesBack && next.origin === server.url))
  const there = await agent.get(at(`/login/with/${SLUG}`))
  comesBack = false
  const answer = await agent.submit(there, new URL(there.url).pathname, { sub: "away" })
  comesBack = true
  expect(answer.url).toStartWith(at(`/login/callback/${SLUG}?code=`))
  await elsewhere.stop()
  const back = await agent.get(answer.url)
  expect([new URL(back.url).pathname, plainText(back.text)]).toEqual([
    "/login",
    expect.stringContaining("Company does not answer right now. Try again in a moment, or sign in another way."),
  ])
  const login = await agent.get(at("/login"))
  const home = await agent.submit(login, "/login", { email: "away@example.com", password: PASSWORD })
  expect(new URL(home.url).pathname).toBe("/dashboard")
  await elsewhere.rotate()
})
