// The session is over when a form is sent: nothing typed is lost, nothing is done by signing in, and nobody else finds any of it.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { credits } from "../../src/app/index.ts"
import { plainText, type WebAgent, type WebPage } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { authorizeUrl, csrfOf, field, signedIn } from "../browser/house.ts"
import {
  addSandbox,
  CTX,
  giveCredits,
  makeClient,
  makeUser,
  ownerOf,
  PASSWORD,
  startTestServer,
  type TestServer,
} from "../build.ts"

const FINISH = "You were signed out. Sign in and we will finish this."
const NOT_YET = "Nothing was done yet"

let server: TestServer
let ada: User
let grace: User
beforeAll(async () => {
  server = await startTestServer()
  await addSandbox(server.app)
  ada = await makeUser(server.app, { name: "Ada" })
  grace = await makeUser(server.app, { name: "Grace", isAdmin: true })
  await giveCredits(server.app, ada, credits(10))
}, 30_000)
afterAll(() => server?.close())

const at = (path: string) => `${server.url}${path}`

/** Signed out from another device: this browser knows nothing of it. */
async function endSessions(user: User): Promise<void> {
  for (const { publicId } of server.app.identity.sessionsOf(user.id))
    await server.app.identity.revokeSession(CTX, { userId: user.id, sessionPublicId: publicId })
}

const signIn = (agent: WebAgent, login: WebPage, user: User): Promise<WebPage> =>
  agent.submit(login, "/login", { email: user.email, password: PASSWORD })

const kept = (agent: WebAgent): string | undefined => agent.cookie(server.url, "purser_kept-")

describe("a form", () => {
  test("stands there again as it was left, and is done by one more press", async () => {
    const agent = await signedIn(server, ada.email)
    const settings = await agent.get(at("/settings"))
    await endSessions(ada)
    const login = await agent.submit(settings, "/settings/name", { name: "Ada Lovelace" })
    expect(new URL(login.url).pathname).toBe("/login")
    expect(login.text).toContain(FINISH)
    const again = await signIn(agent, login, ada)
    expect(again.status).toBe(200)
    expect(again.text).toContain(NOT_YET)
    expect(field(again, "/settings/name", "name")).toBe("Ada Lovelace")
    expect(server.app.identity.userById(ada.id)?.name).toBe("Ada")
    const done = await agent.submit(again, "/settings/name")
    expect(plainText(done.text)).toContain("Your name is Ada Lovelace now.")
    // And the way back from it.
    const undone = await agent.post(at("/settings/name"), undoOf(done))
    expect(plainText(undone.text)).toContain("Your name is Ada now.")
  })

  test("is gone once it was shown: the same address, and the same cookie, find nothing", async () => {
    const agent = await signedIn(server, ada.email)
    const settings = await agent.get(at("/settings"))
    await endSessions(ada)
    const login = await agent.submit(settings, "/settings/name", { name: "Played back" })
    const cookie = kept(agent)!
    const again = await signIn(agent, login, ada)
    expect(again.text).toContain("Played back")
    expect(kept(agent)).toBeUndefined()
    agent.setCookie(server.url, "purser_kept-again", cookie)
    const replayed = await agent.get(again.url)
    expect(new URL(replayed.url).pathname).toBe("/dashboard")
    expect(replayed.text).not.toContain("Played back")
  })

  test("of one person is not shown to another who signs in, and not to the first one after that", async () => {
    const agent = await signedIn(server, grace.email)
    const page = await agent.get(at(`/admin/users/${ada.publicId}/suspension`))
    await endSessions(grace)
    const typed = { reason: "A matter between admins." }
    const login = await agent.submit(page, `/admin/users/${ada.publicId}/suspension`, typed)
    const hers = await signIn(agent, login, ada)
    expect(new URL(hers.url).pathname).toBe("/dashboard")
    expect(hers.text).not.toContain(typed.reason)
    const later = await signedInAgain(agent, grace)
    const nothing = await later.get(
      at(`/unfinished?${new URLSearchParams({ at: `/admin/users/${ada.publicId}/suspension` })}`),
    )
    expect(new URL(nothing.url).pathname).toBe("/dashboard")
    expect(nothing.text).not.toContain(typed.reason)
    expect(server.app.identity.isSuspended(ada.id)).toBe(false)
  })

  test("that somebody else's page holds is refused while another is signed in", async () => {
    const agent = await signedIn(server, grace.email)
    const csrf = await csrfOf(server, agent)
    await signedInAgain(agent, ada)
    const answer = await agent.post(at("/settings/name"), [
      ["csrf", csrf],
      ["name", "Grace’s idea"],
    ])
    expect(answer.status).toBe(403)
    expect(server.app.identity.userById(ada.id)?.name).toBe("Ada")
  })

  test("with a token that is not its own, or none, keeps nothing", async () => {
    const agent = await signedIn(server, ada.email)
    const other = await signedIn(server, grace.email)
    const theirs = await csrfOf(server, other)
    const mine = await csrfOf(server, agent)
    await endSessions(ada)
    for (const csrf of [theirs, "", `${mine}x`, mine.replace(/^./, (first) => (first === "A" ? "B" : "A"))]) {
      const login = await agent.post(at("/settings/name"), [
        ["csrf", csrf],
        ["name", "x"],
      ])
      expect(new URL(login.url).pathname).toBe("/login")
      expect({ csrf, kept: kept(agent) }).toEqual({ csrf, kept: undefined })
      expect(login.text).not.toContain(FINISH)
    }
  })

  test("that is too long says so, and is not kept", async () => {
    const agent = await signedIn(server, ada.email)
    const csrf = await csrfOf(server, agent)
    await endSessions(ada)
    const answer = await agent.post(at("/settings/name"), [
      ["csrf", csrf],
      ["name", "x".repeat(40_000)],
    ])
    expect(answer.status).toBe(413)
    expect(plainText(answer.text)).toContain("too long to be kept")
    expect(kept(agent)).toBeUndefined()
  })

  test("keeps no password: it is asked for again, and nothing of it stands anywhere", async () => {
    const agent = await signedIn(server, ada.email)
    const page = await agent.get(at("/settings/email"))
    await endSessions(ada)
    const login = await agent.submit(page, "/settings/email", {
      email: "new@example.com",
      current: "pa55phrase of Ada",
    })
    const again = await signIn(agent, login, ada)
    expect(field(again, "/settings/email", "email")).toBe("new@example.com")
    expect(field(again, "/settings/email", "current")).toBe("")
    expect(again.text).not.toContain("pa55phrase")
    expect(plainText(again.text)).toContain("Passwords and keys were not kept.")
  })
})

describe("a question", () => {
  const bonus = () => `/admin/users/${ada.publicId}/wallet/bonus`
  const balance = () => server.app.ledger.wallet(ownerOf(ada), "live").balanceNano

  test("is asked again, confirmed or not; the act waits for one more press, and is one act", async () => {
    const before = balance()
    const agent = await signedIn(server, grace.email)
    const form = await agent.get(at(bonus()))
    const asked = await agent.submit(form, bonus(), { amount: "7", reason: "A gift." })
    expect(field(asked, bonus(), "confirmed")).toBe("1")
    await endSessions(grace)
    const login = await agent.submit(asked, bonus())
    expect(login.text).toContain(FINISH)
    const again = await signIn(agent, login, grace)
    expect(again.text).toContain(NOT_YET)
    expect(field(again, bonus(), "amount")).toBe("7")
    expect(field(again, bonus(), "key")).toBe(field(asked, bonus(), "key"))
    expect(balance()).toBe(before)
    expect((await agent.submit(again, bonus())).status).toBe(200)
    expect(balance()).toBe(before + credits(7))
  })

  test("a form that cannot be asked about yet is shown as it is", async () => {
    const before = balance()
    const agent = await signedIn(server, grace.email)
    const form = await agent.get(at(bonus()))
    await endSessions(grace)
    const again = await signIn(agent, await agent.submit(form, bonus(), { amount: "many", reason: "" }), grace)
    expect(field(again, bonus(), "amount")).toBe("many")
    expect(field(again, bonus(), "confirmed")).toBeUndefined()
    expect(balance()).toBe(before)
  })
})

test("a button leads back to where it stands, and was not pressed", async () => {
  const upstream = server.app.gateway.upstreams()[0]!
  await server.app.gateway.enableUpstream(CTX, upstream.publicId, false)
  const agent = await signedIn(server, grace.email)
  const path = `/admin/upstreams/${upstream.publicId}`
  const page = await agent.get(at(path))
  await endSessions(grace)
  const again = await signIn(agent, await agent.submit(page, `${path}/activation`), grace)
  expect(new URL(again.url).pathname).toBe(path)
  expect(plainText(again.text)).toContain("press the button once more")
  expect(server.app.gateway.upstream(upstream.publicId)?.enabled).toBe(false)
})

/** The same browser, with somebody else signed in. */
async function signedInAgain(agent: WebAgent, user: User): Promise<WebAgent> {
  const page = await agent.get(at("/settings"))
  if (page.forms.some(({ action }) => action === "/logout/confirmation"))
    await agent.submit(page, "/logout/confirmation")
  await signIn(agent, await agent.get(at("/dashboard")), user)
  return agent
}

/** What the undo of a page's toast sends. */
function undoOf(page: WebPage): [string, string][] {
  expect(page.text).toContain("toast-undo")
  return page.forms.at(-1)!.fields
}

describe("what cannot be kept says so", () => {
  test("a file", async () => {
    const agent = await signedIn(server, ada.email)
    const csrf = await csrfOf(server, agent)
    const cookies = ["browser", "console"].map((name) => `purser_${name}=${agent.cookie(server.url, `_${name}`)}`)
    await endSessions(ada)
    const body = new FormData()
    body.set("csrf", csrf)
    body.set("picture", new Blob(["not looked at"], { type: "image/png" }), "me.png")
    const answer = await fetch(at("/settings/picture"), {
      method: "POST",
      redirect: "manual",
      headers: { cookie: cookies.join("; "), origin: server.url },
      body,
    })
    expect(answer.status).toBe(303)
    expect(answer.headers.get("location")).toStartWith("/console/login")
    const flash = answer.headers
      .getSetCookie()
      .find((line) => line.includes("_flash="))!
      .split(";")[0]!
    const login = await fetch(at("/login"), { headers: { cookie: `${cookies[0]}; ${flash}` } })
    expect(plainText(await login.text())).toContain("the file was not kept. Sign in, then choose it again.")
  })

  test("choices about an app: nothing was approved, nobody else who signs in next finds them", async () => {
    const { client } = await makeClient(server.app, { ownerId: grace.id, name: "Tide Tables" })
    const agent = await signedIn(server, ada.email)
    const consent = await agent.get(authorizeUrl(server, client.publicId))
    await endSessions(ada)
    const login = await agent.submit(consent, "/authorize/consent", { limit_llm: "77", decision: "approve" })
    expect(new URL(login.url).pathname).toBe("/login")
    expect(plainText(login.text)).toContain("nothing was approved. Sign in and we will finish this.")
    const again = await signIn(agent, login, grace)
    expect(new URL(again.url).pathname).toBe("/authorize/consent")
    expect(field(again, "/authorize/consent", "limit_llm")).not.toBe("77")
    expect(server.app.oauth.consentsOf(ada.id)).toEqual([])
  })

  test("a file, to a script: the page that has it stays, and what is sent again from it counts", async () => {
    const agent = await signedIn(server, ada.email)
    const csrf = await csrfOf(server, agent)
    const cookies = ["browser", "console"].map((name) => `purser_${name}=${agent.cookie(server.url, `_${name}`)}`)
    await endSessions(ada)
    const body = new FormData()
    body.set("csrf", csrf)
    body.set("picture", new Blob(["not looked at"], { type: "image/png" }), "me.png")
    const answer = await fetch(at("/settings/picture"), {
      method: "POST",
      redirect: "manual",
      headers: { cookie: cookies.join("; "), origin: server.url, "x-swap": "1" },
      body,
    })
    expect(answer.headers.get("x-location")).toStartWith("/console/login")
    // Said beside the field, not where somebody signs in.
    expect(answer.headers.getSetCookie().filter((line) => line.includes("_flash="))).toEqual([])
  })
})

test("choices about an app stand there again for the person who made them, once, and for that app alone", async () => {
  const { client } = await makeClient(server.app, { ownerId: grace.id, name: "Star Charts" })
  const { client: other } = await makeClient(server.app, { ownerId: grace.id, name: "Cloud Charts" })
  const scope = "openid profile email llm"
  const agent = await signedIn(server, ada.email)
  const consent = await agent.get(authorizeUrl(server, client.publicId, { scope }))
  await endSessions(ada)
  const left = { limit_llm: "77", scope: "llm", decision: "approve" }
  const login = await agent.submit(consent, "/authorize/consent", left)
  expect(new URL(login.url).pathname).toBe("/login")
  const again = await signIn(agent, login, ada)
  expect(plainText(again.text)).toContain("Nothing was approved yet")
  expect(field(again, "/authorize/consent", "limit_llm")).toBe("77")
  const ticked = (page: WebPage) => /<input[^>]*id="scope-email"[^>]*>/.exec(page.text)![0].includes(" checked")
  expect(ticked(again)).toBe(false)
  expect(server.app.oauth.consentsOf(ada.id)).toEqual([])
  const fresh = await agent.get(again.url)
  expect(field(fresh, "/authorize/consent", "limit_llm")).not.toBe("77")
  expect(ticked(fresh)).toBe(true)
  const elsewhere = await agent.get(authorizeUrl(server, other.publicId, { scope }))
  expect(field(elsewhere, "/authorize/consent", "limit_llm")).not.toBe("77")
})
