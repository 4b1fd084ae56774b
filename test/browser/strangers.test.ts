// Other people: their things are not there, admin pages do not exist for others, their names are text, and their pages can
// neither post our forms nor frame us.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import { plainText } from "../../src/cli/demo/agent.ts"
import { HOSTILES } from "../../views/fixtures/index.ts"
import { CTX, chat, giveCredits, makeClient, makeUser, mintTokens, type TestServer } from "../build.ts"
import { authorizeUrl, csrfOf, type House, openHouse, signedIn } from "./house.ts"
import { describeBrowser, documentProblems, launch, openTab, signIn } from "./kit.ts"

let house: House
let server: TestServer
beforeAll(async () => {
  house = await openHouse()
  server = house.server
})
afterAll(() => server?.close())

describe("other people's things", () => {
  test("an app of another developer is not there", async () => {
    const csrf = await csrfOf(server, house.hers)
    // A stream of somebody else's app says nothing, and not to come back.
    const events = `${server.url}${house.appPath}/first-call/events?since=called`
    expect((await house.hers.get(events)).status).toBe(204)
    // Who is not signed in is told so, and the page leaves.
    expect(await (await fetch(events)).text()).toBe("event: over\ndata: signed-out\n\n")
    const paths = [house.appPath, `${house.appPath}/first-call`, house.secretPath]
    for (const path of paths) {
      expect({ path, status: (await house.hers.get(`${server.url}${path}`)).status }).toEqual({ path, status: 404 })
      expect((await house.mine.get(`${server.url}${path}`)).status).toBeLessThan(300)
    }
    const before = JSON.stringify(server.app.oauth.clientsOf(house.owner.id))
    for (const path of [house.appPath, `${house.appPath}/secrets`, house.secretPath]) {
      const answer = await house.hers.post(`${server.url}${path}`, [
        ["csrf", csrf],
        ["name", "Mine now"],
        ["redirect_uris", "https://evil.example/"],
      ])
      expect({ path, status: answer.status }).toEqual({ path, status: 404 })
    }
    const client = server.app.oauth.clientsOf(house.owner.id)[0]!
    expect(JSON.stringify(server.app.oauth.clientsOf(house.owner.id))).toBe(before)
    expect(server.app.oauth.secretsOf(client.id)).toHaveLength(1)
  })

  test("a secret of one app cannot be revoked through another app of the same developer", async () => {
    const { client } = await makeClient(server.app, { ownerId: house.owner.id, name: "Second" })
    const secretId = house.secretPath.split("/").at(-2)
    const path = `/developer/apps/${client.publicId}/secrets/${secretId}/revocation`
    const answer = await house.mine.post(`${server.url}${path}`, [["csrf", await csrfOf(server, house.mine)]])
    expect(answer.status).toBe(404)
    expect((await house.mine.get(`${server.url}${house.secretPath}`)).status).toBe(200)
  })

  test("a consent of another person is not there", async () => {
    const csrf = await csrfOf(server, house.hers)
    expect((await house.hers.get(`${server.url}${house.consentPath}/revocation`)).status).toBe(404)
    for (const verb of ["revocation", "limits"]) {
      const answer = await house.hers.post(`${server.url}${house.consentPath}/${verb}`, [
        ["csrf", csrf],
        ["limit_llm", "1"],
      ])
      expect(answer.status).toBe(404)
    }
    expect(server.app.oauth.consentsOf(house.owner.id)).toHaveLength(1)
  })

  test("a session of another person cannot be ended", async () => {
    const session = server.app.identity.sessionsOf(house.owner.id)[0]!
    const path = `${server.url}/settings/sessions/${session.publicId}/revocation`
    expect((await house.hers.post(path, [["csrf", await csrfOf(server, house.hers)]])).status).toBe(404)
    expect(server.app.identity.sessionsOf(house.owner.id).map((one) => one.publicId)).toContain(session.publicId)
  })

  test("a sign-in of another browser cannot be continued", async () => {
    const client = server.app.oauth.clientsOf(house.owner.id)[0]!
    const consent = await house.hers.get(authorizeUrl(server, client.publicId, { prompt: "consent" }))
    const stolen = await house.mine.get(consent.url)
    expect(stolen.status).toBeGreaterThanOrEqual(400)
    expect(plainText(stolen.text)).not.toContain("Approve")
  })

  test("admin pages do not exist for others", async () => {
    const csrf = await csrfOf(server, house.hers)
    const user = `/admin/users/${house.owner.publicId}`
    const upstream = `/admin/upstreams/${server.app.gateway.upstreams()[0]!.publicId}/test`
    for (const path of [
      "/admin",
      "/admin/users",
      user,
      `${user}/plan`,
      "/admin/plans",
      "/admin/plans/free",
      "/admin/upstreams",
      "/admin/upstreams/new",
      `${user}/suspension`,
      upstream.replace("/test", ""),
      upstream.replace("/test", "/deactivation"),
      "/admin/earnings",
      "/admin/settings",
      "/admin/settings/developers.paid_days",
    ]) {
      const page = await house.hers.get(`${server.url}${path}`)
      expect({ path, status: page.status }).toEqual({ path, status: 404 })
      const anonymous = await fetch(`${server.url}${path}`, { redirect: "manual" })
      expect(anonymous.status).toBe(303)
    }
    for (const path of [
      `${user}/suspension`,
      `${user}/reinstatement`,
      `${user}/plan`,
      "/admin/plans/free",
      "/admin/plans/free-budget",
      "/admin/upstreams",
      upstream,
      upstream.replace("/test", ""),
      upstream.replace("/test", "/activation"),
      upstream.replace("/test", "/deactivation"),
      "/admin/earnings",
      "/admin/settings/developers.paid_days",
    ]) {
      const answer = await house.hers.post(`${server.url}${path}`, [
        ["csrf", csrf],
        ["reason", "because"],
        ["kind", "sandbox"],
        ["name", "mine"],
      ])
      expect({ path, status: answer.status }).toEqual({ path, status: 404 })
    }
    expect(server.app.identity.isSuspended(house.owner.id)).toBe(false)
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
    const agent = await signedIn(server, user.email)
    const operator = await signedIn(server, admin.email)
    const pages = [await agent.get(authorizeUrl(server, client.publicId))]
    const { accessToken } = await mintTokens(app, { user, client, secret })
    expect((await chat(server.url, accessToken)).status).toBe(200)
    for (const path of ["/dashboard", "/apps", "/settings", "/developer", `/developer/apps/${client.publicId}`])
      pages.push(await agent.get(`${server.url}${path}`))
    for (const path of [
      "/admin/users",
      `/admin/users/${user.publicId}`,
      `/admin/users/${user.publicId}/plan`,
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
    await signIn(page, server, house.other.email)
    const isDue = () => server.app.ledger.claimStatus({ kind: "principal", id: house.other.id }, "live").isDue
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
    const name = (HOSTILES[1]?.name ?? "W".repeat(300)).slice(0, 80)
    const user = await makeUser(server.app, { name })
    const { page, context, problems } = await openTab(browser, server, { width: 320, height: 640 })
    await signIn(page, server, user.email)
    const extra = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    expect(await extra()).toBe(0)
    const { client } = await makeClient(server.app, { ownerId: house.owner.id, name })
    await page.goto(authorizeUrl(server, client.publicId))
    expect(await extra()).toBe(0)
    expect(problems).toEqual([])
    await context.close()
  })
})
