// What is dangerous asks who is there: after ten minutes, by all factors that a person has, and it goes on after one more press.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { generateSync } from "otplib"
import { credits, VirtualClock } from "../../src/app/index.ts"
import { plainText, type WebAgent, type WebPage } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { authorizeUrl, csrfOf, field, signedIn } from "../browser/house.ts"
import {
  CTX,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  PASSWORD,
  startTestServer,
  type TestServer,
  turnTwoStepOn,
} from "../build.ts"
import { makeTeam } from "../team-world.ts"

const MINUTE = 60_000
const NOT_YET = "Nothing was done yet"
let clock: VirtualClock
let server: TestServer
let ada: User
let agent: WebAgent
beforeAll(async () => {
  clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
  server = await startTestServer({ clock })
})
afterAll(() => server?.close())
beforeEach(async () => {
  ada = await makeDeveloper(server.app)
  agent = await signedIn(server, ada.email)
})

const at = (path: string) => `${server.url}${path}`
const codeOf = (secret: string): string => generateSync({ secret, epoch: Math.floor(clock.now() / 1_000) })
const keysOf = (user: User) => server.app.keys.of(user.id).map(({ name }) => name)
const newKey = async (name: string): Promise<WebPage> =>
  agent.submit(await agent.get(at("/keys/new")), "/keys", { name, scope: "llm" })
const isAsked = (page: WebPage): boolean => new URL(page.url).pathname === "/confirm"

describe("a dangerous act", () => {
  test("of somebody who signed in a moment ago is done at once", async () => {
    expect((await newKey("at once")).text).toContain("sk_live_")
    expect(keysOf(ada)).toEqual(["at once"])
  })

  test("later asks for the password, keeps what was typed, and is done by one more press", async () => {
    clock.advance(10 * MINUTE)
    const asked = await newKey("kept name")
    expect(isAsked(asked)).toBe(true)
    expect(keysOf(ada)).toEqual([])
    const wrong = await agent.submit(asked, "/confirm", { password: "not the password" })
    expect(wrong.status).toBe(422)
    expect(plainText(wrong.text)).toContain("This is not your current password")
    const again = await agent.submit(wrong, "/confirm", { password: PASSWORD })
    expect(new URL(again.url).pathname).toBe("/unfinished")
    expect(plainText(again.text)).toContain(NOT_YET)
    expect(field(again, "/keys", "name")).toBe("kept name")
    expect(keysOf(ada)).toEqual([])
    expect((await agent.submit(again, "/keys")).text).toContain("sk_live_")
    // The proof serves the next acts, for ten minutes.
    clock.advance(10 * MINUTE - 1)
    expect((await newKey("second")).text).toContain("sk_live_")
    clock.advance(1)
    expect(isAsked(await newKey("third"))).toBe(true)
    expect(keysOf(ada).toSorted()).toEqual(["kept name", "second"])
  })

  test("is not made possible by another browser's proof", async () => {
    clock.advance(10 * MINUTE)
    await signedIn(server, ada.email)
    expect(isAsked(await newKey("elsewhere"))).toBe(true)
  })

  test("of a button stands on its page again", async () => {
    const { client } = await makeClient(server.app, { ownerId: ada.id })
    const path = `/developer/apps/${client.publicId}`
    const page = await agent.get(at(path))
    clock.advance(10 * MINUTE)
    const asked = await agent.submit(page, `${path}/secrets`, { name: "Second" })
    expect(isAsked(asked)).toBe(true)
    const back = await agent.submit(asked, "/confirm", { password: PASSWORD })
    expect(plainText(back.text)).toContain(NOT_YET)
    expect(field(back, `${path}/secrets`, "name")).toBe("Second")
    expect(server.app.oauth.secretsOf(client.id)).toHaveLength(1)
    await agent.submit(back, `${path}/secrets`)
    expect(server.app.oauth.secretsOf(client.id).map(({ name }) => name)).toEqual(["Second", ""])
  })

  test("of an admin who makes a secret of somebody's app, too; it is shown once", async () => {
    const { client } = await makeClient(server.app, { ownerId: ada.id })
    const admin = await makeUser(server.app, { isAdmin: true })
    const boss = await signedIn(server, admin.email)
    const path = `/admin/apps/${client.publicId}`
    const page = await boss.get(at(path))
    clock.advance(10 * MINUTE)
    const asked = await boss.submit(page, `${path}/secrets`, { name: "By hand", last_day: "2026-06-30", reason: "x" })
    expect(isAsked(asked)).toBe(true)
    const back = await boss.submit(asked, "/confirm", { password: PASSWORD })
    expect(server.app.oauth.secretsOf(client.id)).toHaveLength(1)
    const made = await boss.submit(back, `${path}/secrets`)
    expect(made.text).toMatch(/cs_live_[A-Za-z0-9_-]{43}/)
    expect((await boss.get(at(path))).text).not.toMatch(/cs_live_[A-Za-z0-9_-]{43}/)
    const [row] = server.app.oauth.secretsOf(client.id)
    expect(row).toMatchObject({ name: "By hand", expiresMs: Date.UTC(2026, 6, 1) })
    const revocation = `${path}/secrets/${row!.publicId}/revocation`
    await boss.submit(await boss.get(at(revocation)), revocation, { reason: "Leaked" })
    expect(server.app.oauth.secretsOf(client.id).map(({ name }) => name)).toEqual([""])
  })

  test("of setting up an app for codes, begun and left: nobody else reads its secret or turns it on", async () => {
    const scan = await agent.submit(await agent.get(at("/settings/two-step")), "/settings/two-step/start")
    const secret = /id="totp-secret"[^>]*>\s*([A-Z2-7]{32})\s*</.exec(scan.text)![1]!
    clock.advance(10 * MINUTE)
    const asked = await agent.get(at("/settings/two-step"))
    expect([isAsked(asked), asked.text.includes(secret)]).toEqual([true, false])
    const sent = await agent.submit(scan, "/settings/two-step/confirmation", { code: codeOf(secret) })
    expect(isAsked(sent)).toBe(true)
    expect(sent.text).not.toMatch(/[2-9a-z]{4}(-[2-9a-z]{4}){3}/)
    expect(server.app.identity.secondStepOf(ada.id)).toBeNull()
    const proved = await agent.submit(sent, "/confirm", { password: PASSWORD })
    const on = await agent.submit(proved, "/settings/two-step/confirmation", { code: codeOf(secret) })
    expect(on.text.match(/[2-9a-z]{4}(-[2-9a-z]{4}){3}/g)).toHaveLength(10)
  })

  test("by a program that has the cookie alone is refused, and told where to go", async () => {
    const send = async () =>
      fetch(at("/api/v1/keys"), {
        method: "POST",
        headers: {
          cookie: `purser_console=${agent.cookie(server.url, "purser_console")}; purser_browser=${agent.cookie(server.url, "purser_browser")}`,
          "content-type": "application/json",
          "x-csrf-token": await csrfOf(server, agent),
          origin: server.url,
        },
        body: JSON.stringify({ name: "by program" }),
      })
    expect((await send()).status).toBe(200)
    clock.advance(10 * MINUTE)
    const refused = await send()
    expect(refused.status).toBe(403)
    const said = (await refused.json()) as { code: string; confirm_url: string }
    expect(said.code).toBe("confirmation_required")
    expect(said.confirm_url).toBe(at(`/confirm?as=${ada.publicId}`))
    expect(keysOf(ada)).toEqual(["by program"])
  })
})

test("a form of admins as a program sends it is refused too, and no key does it at all", async () => {
  const admin = await makeUser(server.app, { isAdmin: true })
  const lost = await makeUser(server.app)
  await turnTwoStepOn(server.app, lost)
  const mine = await signedIn(server, admin.email)
  const cookies = ["console", "browser"].map((name) => `purser_${name}=${mine.cookie(server.url, `purser_${name}`)}`)
  const headers = { cookie: cookies.join("; "), "x-csrf-token": await csrfOf(server, mine), origin: server.url }
  const send = (more: Record<string, string>) =>
    fetch(at(`/api/v1/admin/users/${lost.publicId}/two-step`), {
      method: "POST",
      headers: { "content-type": "application/json", ...more },
      body: JSON.stringify({ reason: "She called" }),
    })
  clock.advance(10 * MINUTE)
  const refused = await send(headers)
  expect(refused.status).toBe(403)
  expect(await refused.json()).toMatchObject({
    code: "confirmation_required",
    confirm_url: at(`/confirm?as=${admin.publicId}`),
  })
  const scopes = ["admin:users", "admin:settings"] as const
  const { secret } = await server.app.keys.create(CTX, { userId: admin.id, name: "all", scopes: [...scopes] })
  const byKey = await send({ authorization: `Bearer ${secret}` })
  expect([byKey.status, await byKey.json()]).toMatchObject([403, { code: "forbidden" }])
  expect(server.app.identity.secondStepOf(lost.id)).not.toBeNull()
  const asked = await mine.get(at("/confirm?next=/admin"))
  await mine.submit(asked, "/confirm", { password: PASSWORD })
  expect((await send(headers)).status).toBe(200)
  expect(server.app.identity.secondStepOf(lost.id)).toBeNull()
})

describe("a limit", () => {
  test("of an app is lowered at any time, and raised by a proof", async () => {
    const { client, secret } = await makeClient(server.app, { ownerId: ada.id })
    await mintTokens(server.app, { user: ada, client, secret, dailyNano: credits(100) })
    const consent = server.app.oauth.consentsOf(ada.id)[0]!
    const path = `/apps/${consent.publicId}/limits`
    const limit = () => server.app.oauth.consentsOf(ada.id)[0]!.limits.llm
    clock.advance(10 * MINUTE)
    await agent.submit(await agent.get(at(path)), path, { limit_llm: "50" })
    expect(limit()).toBe(credits(50))
    // The same again raises nothing.
    expect(isAsked(await agent.submit(await agent.get(at(path)), path, { limit_llm: "50" }))).toBe(false)
    const asked = await agent.submit(await agent.get(at(path)), path, { limit_llm: "51" })
    expect(isAsked(asked)).toBe(true)
    expect(limit()).toBe(credits(50))
    const again = await agent.submit(asked, "/confirm", { password: PASSWORD })
    expect(field(again, path, "limit_llm")).toBe("51")
    await agent.submit(again, path)
    expect(limit()).toBe(credits(51))
  })

  test("of an app on its consent page, too: raised by a proof, with what was chosen kept", async () => {
    const { client, secret } = await makeClient(server.app, { ownerId: ada.id, name: "Raiser" })
    await mintTokens(server.app, { user: ada, client, secret, dailyNano: credits(100) })
    const limit = () => server.app.oauth.consentsOf(ada.id).find((one) => one.clientId === client.id)!.limits.llm
    const path = "/authorize/consent"
    const asks = authorizeUrl(server, client.publicId, { scope: "openid llm", prompt: "consent" })
    const approve = async (perDay: string) =>
      agent.submit(await agent.get(asks), path, { decision: "approve", scope: "llm", limit_llm: perDay })
    clock.advance(10 * MINUTE)
    expect((await approve("90")).url).toContain("code=")
    expect(limit()).toBe(credits(90))
    // To say no needs no proof.
    const no = await agent.submit(await agent.get(asks), path, { decision: "deny", scope: "llm", limit_llm: "500" })
    expect(no.url).toContain("error=access_denied")
    const asked = await approve("91")
    expect(isAsked(asked)).toBe(true)
    expect(plainText(asked.text)).toContain("What you typed is kept meanwhile")
    expect(limit()).toBe(credits(90))
    const again = await agent.submit(asked, "/confirm", { password: PASSWORD })
    expect(plainText(again.text)).toContain("Nothing was approved yet")
    expect(field(again, path, "limit_llm")).toBe("91")
    expect((await agent.submit(again, path, { decision: "approve" })).url).toContain("code=")
    expect(limit()).toBe(credits(91))
  })

  test("whose credits an app spends, on its consent page: another payer by a proof, to and from a team, with the choice kept", async () => {
    const { app } = server
    await app.plans.assign(CTX, { user: ada, planCode: "enterprise" })
    const team = await makeTeam(server, ada)
    const teamId = app.teams.membership({ userId: ada.id, team }, "see").team.id
    const { client, secret } = await makeClient(app, { ownerId: ada.id, name: "Payer" })
    await mintTokens(app, { user: ada, client, secret, dailyNano: credits(100) })
    const payer = () => app.oauth.consentsOf(ada.id).find((one) => one.clientId === client.id)!.payerId
    const path = "/authorize/consent"
    const asks = authorizeUrl(server, client.publicId, { scope: "openid llm", prompt: "consent" })
    const chosen = { decision: "approve", scope: "llm", limit_llm: "100" }
    const approve = async (who: string) => agent.submit(await agent.get(asks), path, { ...chosen, payer: who })
    clock.advance(10 * MINUTE)
    for (const [who, before, after] of [
      [team, ada.id, teamId],
      ["own", teamId, ada.id],
    ] as const) {
      // The same as before asks for nothing.
      expect((await approve(who === "own" ? team : "own")).url).toContain("code=")
      expect(payer() ?? ada.id).toBe(before)
      const asked = await approve(who)
      expect([isAsked(asked), payer() ?? ada.id]).toEqual([true, before])
      const again = await agent.submit(asked, "/confirm", { password: PASSWORD })
      expect([field(again, path, "payer"), payer() ?? ada.id]).toEqual([who, before])
      expect((await agent.submit(again, path, { decision: "approve" })).url).toContain("code=")
      expect(payer() ?? ada.id).toBe(after)
      clock.advance(10 * MINUTE)
    }
  })

  test("of an app on its first consent page raises nothing", async () => {
    const { client } = await makeClient(server.app, { ownerId: ada.id, name: "First" })
    clock.advance(10 * MINUTE)
    const page = await agent.get(authorizeUrl(server, client.publicId, { scope: "openid llm" }))
    const done = await agent.submit(page, "/authorize/consent", { decision: "approve", scope: "llm", limit_llm: "500" })
    expect(done.url).toContain("code=")
  })

  test("of a key that is taken away is raised", async () => {
    await newKey("limited")
    const path = `/keys/${server.app.keys.of(ada.id)[0]!.publicId}/limits`
    await agent.submit(await agent.get(at(path)), path, { requests_day: "5" })
    clock.advance(10 * MINUTE)
    expect(isAsked(await agent.submit(await agent.get(at(path)), path, { requests_day: "4" }))).toBe(false)
    expect(isAsked(await agent.submit(await agent.get(at(path)), path, { requests_day: "" }))).toBe(true)
    expect(isAsked(await agent.submit(await agent.get(at(path)), path, { requests_day: "5" }))).toBe(true)
  })
})

describe("a second factor", () => {
  test("that was set up since makes a proof by the password alone too weak, however new it is", async () => {
    const { secret } = await turnTwoStepOn(server.app, ada)
    const asked = await newKey("too weak")
    expect(isAsked(asked)).toBe(true)
    clock.advance(MINUTE)
    const alone = await agent.submit(asked, "/confirm", { password: PASSWORD })
    expect(alone.status).toBe(422)
    const wrong = await agent.submit(asked, "/confirm", { password: PASSWORD, code: "000000" })
    expect(wrong.status).toBe(422)
    expect(keysOf(ada)).toEqual([])
    expect(isAsked(await newKey("still too weak"))).toBe(true)
    const right = await agent.submit(asked, "/confirm", { password: PASSWORD, code: codeOf(secret) })
    expect(new URL(right.url).pathname).toBe("/unfinished")
    expect((await newKey("proved")).text).toContain("sk_live_")
  })

  test("is asked for by the code alone as little as by the password alone", async () => {
    const { secret } = await turnTwoStepOn(server.app, ada)
    clock.advance(MINUTE)
    const asked = await newKey("by code")
    const wrong = await agent.submit(asked, "/confirm", { password: "not it", code: codeOf(secret) })
    expect(wrong.status).toBe(422)
    expect(isAsked(await newKey("by code"))).toBe(true)
  })
})

describe("/confirm", () => {
  test("sends strangers to sign in, leads nowhere else, and asks nobody twice", async () => {
    const stranger = await signedIn(server, (await makeUser(server.app)).email)
    const away = await stranger.get(at(`/confirm?${new URLSearchParams({ next: "//evil.example/x" })}`))
    expect(new URL(away.url).pathname).toBe("/dashboard")
    clock.advance(10 * MINUTE)
    const page = await stranger.get(at(`/confirm?${new URLSearchParams({ next: "https://evil.example/" })}`))
    expect(field(page, "/confirm", "next")).toBe("/dashboard")
    const out = await new (agent.constructor as new () => WebAgent)().get(at("/confirm?next=/keys"))
    expect(new URL(out.url).pathname).toBe("/login")
  })

  test("shares its tries with the sign-in", async () => {
    clock.advance(10 * MINUTE)
    let page = await newKey("guessed")
    for (let n = 0; n < 10; n++) page = await agent.submit(page, "/confirm", { password: `guess ${n}` })
    expect(page.status).toBe(422)
    page = await agent.submit(page, "/confirm", { password: PASSWORD })
    expect(page.status).toBe(429)
    const login = await agent.submit(await agent.get(at("/login?as=other")), "/login", {
      email: ada.email,
      password: PASSWORD,
    })
    expect(login.status).toBe(429)
    expect(keysOf(ada)).toEqual([])
  })

  test("renews a console session that hangs below another sign-in than this browser's", async () => {
    const other = await signedIn(server, ada.email)
    clock.advance(10 * MINUTE)
    // The console of one sign-in beside the sign-in of another, as two windows may leave them.
    const login = await other.submit(await other.get(at("/login?as=other")), "/login", {
      email: ada.email,
      password: PASSWORD,
    })
    expect(login.status).toBe(200)
    agent.setCookie(server.url, "purser_auth", other.cookie(server.url, "purser_auth")!)
    const again = await newKey("renewed")
    expect(new URL(again.url).pathname).toBe("/unfinished")
    expect((await agent.submit(again, "/keys")).text).toContain("sk_live_")
  })
})

test("an app's flow has nothing to do with it", async () => {
  const { client } = await makeClient(server.app, { ownerId: ada.id })
  clock.advance(10 * MINUTE)
  const consent = await agent.get(authorizeUrl(server, client.publicId))
  expect(new URL(consent.url).pathname).toBe("/authorize/consent")
})
