// sdk.js in a real browser, on a page of another site than the server, with the cookies of third parties blocked: every way in, everything
// that goes wrong on the way, tabs that share a sign-in, and credits that run out.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, BrowserContext, Page } from "playwright-core"
import { credits, UserId } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { addSandbox, CTX, giveCredits, makeUser, startTestServer, type TestServer } from "../build.ts"
import { joinTeam, makeHost, makeTeam } from "../team-world.ts"
import { describeBrowser, fillLogin, launch } from "./kit.ts"
import { type SdkApp, startSdkApp } from "./sdk-app.ts"

let browser: Browser
let server: TestServer
let app: SdkApp

/** Third parties get no cookies, without exception. */
const BLOCKED = {
  enableThirdPartyCookieRestriction: true,
  disableThirdPartyCookieMetadata: true,
  disableThirdPartyCookieHeuristics: true,
}

interface Visit {
  person: User
  context: BrowserContext
  page: Page
  close(): Promise<void>
}

/** Somebody with the page of the app open, whom nobody knows yet. */
async function visit(options: { hash?: string; credits?: number } = {}): Promise<Visit> {
  const person = await makeUser(server.app, { name: "Ada" })
  if (options.credits !== 0) await giveCredits(server.app, person, credits(options.credits ?? 1_000))
  const context = await browser.newContext()
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  const tools = await context.newCDPSession(page)
  await tools.send("Network.enable")
  await tools.send("Network.setCookieControls" as "Network.enable", BLOCKED as object)
  await page.goto(`${app.url}${options.hash ?? ""}`)
  await page.locator("#ready", { hasText: "nobody" }).waitFor()
  return { person, context, page, close: () => context.close() }
}

const press = (page: Page, id: string) => page.locator(`button#${id}`).click()
const result = async (page: Page, words: string | RegExp): Promise<string> => {
  const found = page.locator("#result", { hasText: words })
  await found.waitFor().catch(async () => {
    throw new Error(`no ${words} but ${await page.locator("#result").textContent()}`)
  })
  return (await found.textContent()) ?? ""
}

async function popupOf(page: Page, act: () => Promise<unknown>): Promise<Page> {
  const [popup] = await Promise.all([page.waitForEvent("popup"), act()])
  return popup
}

async function enter({ page, person }: Pick<Visit, "page" | "person">, id = "enter"): Promise<void> {
  const popup = await popupOf(page, () => press(page, id))
  await fillLogin(popup, person.email)
  // It may be gone before the click is answered.
  const closed = popup.waitForEvent("close")
  await popup.getByRole("button", { name: "Approve" }).click()
  await closed
}

describeBrowser("sdk.js", () => {
  beforeAll(async () => {
    ;[browser, server] = await Promise.all([launch(), startTestServer()])
    await addSandbox(server.app)
    app = await startSdkApp(server, "Haiku")
  })
  afterAll(async () => {
    app?.stop()
    await Promise.all([browser?.close(), server?.close()])
  })

  test.concurrent("a popup signs in, the call streams, the balance follows, signing out ends the tokens", async () => {
    const { page, close, ...who } = await visit()
    const asked: Promise<boolean>[] = []
    page.on("request", (request) => {
      if (server.isOwn(request.url())) asked.push(request.allHeaders().then((headers) => "cookie" in headers))
    })
    await enter({ page, ...who })
    await result(page, '"name":"Ada"')
    await press(page, "ask")
    await result(page, "ok null")
    // Neither does it need a cookie of another site, nor does it send one.
    expect(new Set(await Promise.all(asked))).toEqual(new Set([false]))
    expect((await page.locator("#answer").textContent())?.length).toBeGreaterThan(5)
    await page.locator("#state", { hasText: /^Ada \d+\.\d+ fine$/ }).waitFor()
    await page.locator("purser-balance", { hasText: /^[\d,.]+ credits$/ }).waitFor()
    await press(page, "whole")
    expect(await result(page, /^ok \{"charged":"0\.\d+"|^ok \{"charged":"[1-9]/)).toContain('"words":true')
    const { access } = await kept(page)
    await page.locator("purser-button button", { hasText: "Sign out Ada" }).click()
    await page.locator("#state", { hasText: "nobody ? fine" }).waitFor()
    const answer = await fetch(`${server.url}/v1/me`, { headers: { authorization: `Bearer ${access}` } })
    expect(answer.status).toBe(401)
    await close()
  })

  test.concurrent("credits of a team, chosen in the window: the app shows its balance and spends that, not the person's", async () => {
    const { page, person, close } = await visit({ credits: 700 })
    const host = await makeHost(server)
    const team = await makeTeam(server, host)
    await joinTeam(server, team, host, person, "admin")
    const { id } = server.app.teams.membership({ userId: host.id, team }, "see").team
    await giveCredits(server.app, { id } as User, credits(5_000))
    const has = (of: number) => server.app.ledger.wallet({ kind: "principal", id: UserId(of) }, "live").balanceNano
    const popup = await popupOf(page, () => press(page, "enter"))
    await fillLogin(popup, person.email)
    await popup
      .getByRole("group", { name: "Whose credits?" })
      .getByLabel(/^Paper Boat/)
      .check()
    const closed = popup.waitForEvent("close")
    await popup.getByRole("button", { name: "Approve" }).click()
    await closed
    await result(page, '"name":"Ada"')
    await page.locator("#state", { hasText: /^Ada 5,?000(\.\d+)? fine$/ }).waitFor()
    await press(page, "ask")
    await result(page, "ok null")
    expect([has(person.id), has(id) < credits(5_000)]).toEqual([credits(700), true])
    // Out of the team: the very next call says so, and what the person has is spent by nobody who was not told.
    await server.app.store.write(CTX, (tx) => void server.app.teams.leaveIn(tx, { userId: person.id, team }))
    await press(page, "ask")
    await result(page, "revoked/sign_in")
    expect(has(person.id)).toBe(credits(700))
    await close()
  })

  test.concurrent("a redirect signs in, and no code stays in the address", async () => {
    const { page, person, close } = await visit({ hash: "#mode=redirect" })
    await press(page, "enter")
    await fillLogin(page, person.email)
    await page.getByRole("button", { name: "Approve" }).click()
    await page.locator("#ready", { hasText: "Ada" }).waitFor()
    expect(page.url()).toBe(`${app.url}#mode=redirect`)
    // And back again: nothing is done twice.
    await page.reload()
    await page.locator("#ready", { hasText: "Ada" }).waitFor()
    await close()
  })

  test.concurrent("a call signs in first; who says no, or closes the window, is told apart", async () => {
    const { page, close, ...who } = await visit()
    const closed = await popupOf(page, () => press(page, "ask"))
    // Whoever closes a window has seen it; one that is closed while it is born may leave the browser waiting for it.
    await closed.getByLabel("Email").waitFor()
    await closed.close()
    await result(page, "popup_closed/sign_in: The window was closed before you were signed in.")
    await page.locator("#state", { hasText: "nobody ? popup_closed" }).waitFor()
    const denied = await popupOf(page, () => press(page, "ask"))
    await fillLogin(denied, who.person.email)
    await denied.getByRole("button", { name: "Cancel" }).click()
    await result(page, "access_denied/sign_in")
    const popup = await popupOf(page, () => press(page, "ask"))
    await popup.getByRole("button", { name: "Approve" }).click()
    await result(page, "ok null")
    await close()
  })

  test.concurrent("a blocked window is said, and the next press works", async () => {
    const { page, close, ...who } = await visit()
    await page.evaluate(() => {
      const { open } = window
      window.open = () => {
        window.open = open
        return null
      }
    })
    await press(page, "enter")
    await result(page, "popup_blocked/retry")
    await enter({ page, ...who })
    await result(page, '"name":"Ada"')
    await close()
  })

  test.concurrent("two tabs that renew at once: one refresh token is used once, both go on, and both hear of the end", async () => {
    const { page, context, close, ...who } = await visit()
    const spent: string[] = []
    context.on("request", (request) => {
      const token = new URLSearchParams(request.postData() ?? "").get("refresh_token")
      if (token) spent.push(token)
    })
    await enter({ page, ...who })
    await result(page, '"name":"Ada"')
    const other = await context.newPage()
    await other.goto(app.url)
    await other.locator("#ready", { hasText: "Ada" }).waitFor()
    for (let round = 1; round <= 3; round++) {
      await press(page, "old")
      await result(page, "ok null")
      await Promise.all([press(page, "token"), press(other, "token"), press(page, "left"), press(other, "left")])
      await Promise.all([result(page, /ok \d+/), result(other, /ok \d+/)])
      expect(spent.length).toBe(round)
    }
    expect(new Set(spent).size).toBe(3)
    await press(other, "leave")
    await page.locator("#state", { hasText: /^nobody/ }).waitFor()
    await close()
  })

  test.concurrent("a token that the server refuses is renewed once, and the call succeeds", async () => {
    const { page, close, ...who } = await visit()
    await enter({ page, ...who })
    await result(page, '"name":"Ada"')
    await press(page, "wrong")
    await result(page, "ok null")
    await press(page, "ask")
    await result(page, "ok null")
    await close()
  })

  test.concurrent("storage that was cleared is a sign-in that is over", async () => {
    const { page, close, ...who } = await visit()
    await enter({ page, ...who })
    await result(page, '"name":"Ada"')
    await press(page, "clear")
    await result(page, "ok null")
    await press(page, "left")
    await result(page, "not_signed_in/sign_in")
    // Whoever is signed in there and has allowed it needs no form: the window comes and goes.
    await popupOf(page, () => press(page, "ask"))
    await result(page, "ok null")
    await close()
  })

  test.concurrent("offline is said, keeps the sign-in, and passes", async () => {
    const { page, context, close, ...who } = await visit()
    await enter({ page, ...who })
    await result(page, '"name":"Ada"')
    await context.setOffline(true)
    await press(page, "ask")
    await result(page, "offline/retry")
    await press(page, "old")
    await result(page, "ok null")
    await press(page, "token")
    await result(page, "offline/retry")
    await context.setOffline(false)
    await press(page, "ask")
    await result(page, "ok null")
    await page.locator("#state", { hasText: /fine$/ }).waitFor()
    await close()
  })

  test.concurrent("a permission that was taken back asks for a sign-in, now and when tokens are renewed", async () => {
    for (const isOld of [false, true]) {
      const { page, person, close } = await visit()
      await enter({ page, person })
      await result(page, '"name":"Ada"')
      // The badge asks too: what it is told first is told to nobody else.
      await page.locator("#state", { hasText: /Ada [\d.]+ fine/ }).waitFor()
      const [consent] = server.app.oauth.consentsOf(person.id)
      await server.app.store.write(CTX, (tx) =>
        server.app.oauth.revokeConsentIn(tx, { userId: person.id, consentPublicId: consent!.publicId }),
      )
      if (isOld) await press(page, "old")
      await press(page, "left")
      await result(page, "revoked/sign_in")
      await page.locator("#state", { hasText: "nobody ? revoked" }).waitFor()
      await page.locator("purser-button [role=status]", { hasText: "Sign in again" }).waitFor()
      const popup = await popupOf(page, () => press(page, "ask"))
      await popup.getByRole("button", { name: "Approve" }).click()
      await result(page, "ok null")
      await close()
    }
  })

  test.concurrent("no credits: the button adds some, the window comes back by its link, and the call succeeds", async () => {
    const { page, close, ...who } = await visit({ credits: 0 })
    await enter({ page, ...who })
    await result(page, '"name":"Ada"')
    await press(page, "big")
    await result(page, "limit/wait")
    const [consent] = server.app.oauth.consentsOf(who.person.id)
    const limits = { llm: credits(1_000_000) }
    const wider = { userId: who.person.id, consentPublicId: consent!.publicId, limits }
    await server.app.store.write(CTX, (tx) => void server.app.oauth.updateLimitsIn(tx, wider))
    await press(page, "big")
    await result(page, "no_credits/top_up")
    const more = page.locator("purser-button button", { hasText: "Add credits" })
    const popup = await popupOf(page, () => more.click())
    await popup.getByText("Add credits here, then go back to Haiku.").waitFor()
    // What a payment does.
    await giveCredits(server.app, who.person, credits(500_000))
    await popup.getByRole("link", { name: "Back to the app" }).click()
    await page.locator("#state", { hasText: /^Ada 500\d+(\.\d+)? fine$/ }).waitFor()
    expect(popup.isClosed()).toBe(true)
    await press(page, "big")
    await result(page, "ok null")
    await close()
  })

  test.concurrent("adding credits: what arrives while the window is open is noticed, and a window that is closed before is said", async () => {
    const { page, close, ...who } = await visit({ credits: 1 })
    await enter({ page, ...who })
    await result(page, '"name":"Ada"')
    const first = await popupOf(page, () => press(page, "more"))
    await first.getByText("Add credits here").waitFor()
    await first.close()
    await result(page, "top_up_unfinished/top_up")
    const second = await popupOf(page, () => press(page, "more"))
    await second.getByText("Add credits here").waitFor()
    await giveCredits(server.app, who.person, credits(2_000))
    await result(page, /^ok 20\d\d/)
    expect(second.isClosed()).toBe(true)
    await close()
  })

  test.concurrent("an address that the app has not registered is gone back to by nobody", async () => {
    const { page, context, close, ...who } = await visit()
    await enter({ page, ...who })
    for (const [client, uri] of [
      [app.clientId, "https://evil.example/"],
      ["cli_nobody", app.url],
    ]) {
      const query = new URLSearchParams({ client_id: client!, redirect_uri: uri!, state: "x" })
      await page.goto(`${server.at("/credits/for-app")}?${query}`)
      await page.getByText("The app did not say who it is").waitFor()
      await page.goto(server.at("/credits/back"))
      await page.waitForURL(server.at("/credits"))
      expect(await page.getByText("then go back to").count()).toBe(0)
    }
    // Nor by a cookie that somebody else has set.
    const query = new URLSearchParams({ client_id: app.clientId, redirect_uri: "https://evil.example/", state: "x" })
    await context.addCookies([
      { name: "purser_return", value: encodeURIComponent(`${query}`), url: server.at("/credits") },
    ])
    await page.goto(server.at("/credits/back"))
    await page.waitForURL(server.at("/credits"))
    await close()
  })
})

interface Kept {
  access: string
}
const kept = (page: Page): Promise<Kept> =>
  page.evaluate(() => {
    const key = Object.keys(localStorage).find((one) => one.startsWith("purser.http"))!
    return JSON.parse(localStorage.getItem(key)!) as Kept
  })
