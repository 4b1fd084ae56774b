// The dashboard in a real browser while an app spends: figures change without a reload, and nothing that a person did is undone.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import { credits, LIMITS } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { addSandbox, CTX, chat, giveCredits, makeClient, makeUser, mintTokens, type TestServer } from "../build.ts"
import { LONG_MS } from "../eventually.ts"
import { describeBrowser, launch, openTab, ownServer, signIn, type Tab, textOf } from "./kit.ts"

let browser: Browser

/** Somebody with credits, an app that may spend them, and one call behind them. */
async function spender(server: TestServer) {
  await addSandbox(server.app)
  const user = await makeUser(server.app)
  await giveCredits(server.app, user, credits(1_000))
  const { accessToken } = await mintTokens(server.app, { user, ...(await makeClient(server.app)) })
  const spend = async () => expect((await chat(server.url, accessToken)).status).toBe(200)
  await spend()
  return { user, spend }
}

/** Their dashboard in a tab, listening. */
async function watching(server: TestServer, user: User): Promise<Tab> {
  const tab = await openTab(browser, server)
  await signIn(tab.page, server, user.email)
  while (server.app.sse.size === 0) await Bun.sleep(5)
  return tab
}

/** Somebody ends all their sessions. */
const signOut = async ({ app: { identity } }: TestServer, user: User) => {
  for (const { publicId: sessionPublicId } of identity.sessionsOf(user.id))
    await identity.revokeSession(CTX, { userId: user.id, sessionPublicId })
}

/** Another tab comes before the page, or goes. */
const setHidden = (page: Page, isHidden: boolean) =>
  page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { value, configurable: true })
    document.dispatchEvent(new Event("visibilitychange"))
  }, isHidden)

describeBrowser("the dashboard while an app spends", () => {
  const usualMs = LIMITS.liveHeartbeatMs
  beforeAll(async () => {
    // A heartbeat finds a change too: none comes while a page waits for what a commit brings about.
    Object.assign(LIMITS, { liveHeartbeatMs: 4 * LONG_MS })
    browser = await launch()
  })
  afterAll(async () => {
    Object.assign(LIMITS, { liveHeartbeatMs: usualMs })
    await browser?.close()
  })

  test("figures move by themselves; what is open stays open, the focus stays", async () => {
    await using server = await ownServer()
    const { user, spend } = await spender(server)
    const { page, context, problems } = await watching(server, user)

    const first = page.locator(".movements > li").first()
    await first.locator("summary").click()
    await page.getByText("Show as table").click()
    const last7 = page.getByRole("link", { name: "7 days" })
    await last7.focus()
    await page.evaluate(() => Object.assign(globalThis, { notReloaded: true }))
    // A day is being read with the mouse.
    const probe = (await page.locator("#days .probe").boundingBox())!
    await page.mouse.move(probe.x + probe.width / 2, probe.y + probe.height / 2)
    const tip = page.locator("#days .tip")
    const read = await textOf(tip)
    const id = await first.getAttribute("id")
    const exact = () => page.locator(".balance-figure").getAttribute("title")
    const [before, used] = [await exact(), await textOf(page.locator(".stats .stat").first())]
    const rows = await page.locator(".movements > li").count()

    await spend()
    await page.waitForFunction(
      (was) => document.querySelector(".balance-figure")?.getAttribute("title") !== was,
      before,
    )
    await page.waitForFunction((was) => document.querySelectorAll(".movements > li").length > was, rows)

    expect(await textOf(page.locator(".stats .stat").first())).not.toBe(used)
    expect(await page.evaluate(() => "notReloaded" in globalThis)).toBe(true)
    expect(await tip.isVisible()).toBe(true)
    expect(await textOf(tip)).not.toBe(read)
    expect(await page.locator(`#${id} > details`).getAttribute("open")).toBe("")
    expect(await page.locator(".movements details[open]").count()).toBe(1)
    expect(await page.locator("details.as-table").first().getAttribute("open")).toBe("")
    expect(await last7.evaluate((link) => link === document.activeElement)).toBe(true)
    // Only the balance is read out.
    expect(await page.locator("#figures [aria-live]:not(.copy *)").count()).toBe(1)
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test.concurrent("a claim in one tab frees nothing in the other: it counts down there too", async () => {
    await using server = await ownServer()
    const user = await makeUser(server.app)
    const { page, context, problems } = await watching(server, user)
    await page.getByRole("heading", { name: "Claim today’s credits" }).waitFor()
    await server.app.store.write(CTX, (tx) =>
      server.app.ledger.claimDailyIn(tx, {
        owner: { kind: "principal", id: user.id },
        mode: "live",
        ...server.app.plans.claimTermsIn(tx, user.id),
        auto: false,
      }),
    )
    await page.locator("[data-countdown]").waitFor()
    expect(await page.locator("#claim-button").isDisabled()).toBe(true)
    expect(await textOf(page.locator(".balance-figure"))).toBe("100 credits")
    // It ticks, once.
    await page.getByText(/Due in (23 h 59 min|24 h)/).waitFor()
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test.concurrent("out of sight it does not listen; back in sight it catches up", async () => {
    await using server = await ownServer()
    const { user } = await spender(server)
    const { page, context } = await watching(server, user)
    await setHidden(page, true)
    while (server.app.sse.size > 0) await Bun.sleep(5)
    const before = await page.locator(".balance-figure").getAttribute("title")
    await giveCredits(server.app, user, credits(50))
    await Bun.sleep(500)
    expect(await page.locator(".balance-figure").getAttribute("title")).toBe(before)
    await setHidden(page, false)
    await page.waitForFunction(
      (was) => document.querySelector(".balance-figure")?.getAttribute("title") !== was,
      before,
    )
    await context.close()
  }, 120_000)

  test.concurrent("signed out elsewhere, the page leaves", async () => {
    await using server = await ownServer()
    const { user } = await spender(server)
    const { page, context } = await watching(server, user)
    await signOut(server, user)
    await page.waitForURL("**/login?interaction=*")
    await context.close()
  }, 120_000)

  test.concurrent("signed out while out of sight, the page leaves when it is looked at", async () => {
    await using server = await ownServer()
    const { user } = await spender(server)
    const { page, context } = await watching(server, user)
    await setHidden(page, true)
    while (server.app.sse.size > 0) await Bun.sleep(5)
    await signOut(server, user)
    await setHidden(page, false)
    await page.waitForURL("**/login?interaction=*")
    await context.close()
  }, 120_000)

  test.concurrent("without scripts it is a page like any other", async () => {
    await using server = await ownServer()
    const user = await makeUser(server.app)
    await giveCredits(server.app, user, credits(50))
    const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled: false })
    await signIn(page, server, user.email)
    await page.getByRole("link", { name: "90 days" }).click()
    await page.waitForURL("**/dashboard?range=90d")
    expect(await textOf(page.locator("[aria-label='Days shown'] [aria-current]"))).toBe("90 days")
    await page.locator("#claim-button").click()
    await page.waitForURL("**/dashboard?range=90d")
    expect(server.app.sse.size).toBe(0)
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)
})
