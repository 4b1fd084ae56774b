// The consent page: the decision in sight in every window, nothing hidden under it, what it says of the app, the person and the cost.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import { plainText } from "../../src/cli/demo/agent.ts"
import { chat, giveCredits, makeUser, mintTokens } from "../build.ts"
import { eventually } from "../eventually.ts"
import { type FixtureServer, startFixtures } from "./fixture-server.ts"
import { authorizeUrl, type House, openHouse, signedIn } from "./house.ts"
import { describeBrowser, launch } from "./kit.ts"

/** A desktop window, an app's popup, and phones. */
const WINDOWS = [
  { width: 1280, height: 800 },
  { width: 400, height: 640 },
  { width: 360, height: 740 },
  { width: 320, height: 640 },
]

describeBrowser("the consent page", () => {
  let browser: Browser
  let fixtures: FixtureServer
  beforeAll(async () => {
    browser = await launch()
    fixtures = startFixtures()
  })
  afterAll(async () => {
    await browser?.close()
    fixtures?.stop()
  })

  /** Where the lowest permission ends, where the bar with the decision begins, and whether the window shows all of the bar. */
  const placesOf = (page: Page) =>
    page.evaluate(() => {
      const bar = document.querySelector(".decide")!.getBoundingClientRect()
      const choices = [...document.querySelectorAll(".consent .choice, .consent .scopes .help")]
      const buttons = [...document.querySelectorAll(".decide .button")].map((one) => one.getBoundingClientRect())
      return {
        lowest: Math.max(...choices.map((one) => one.getBoundingClientRect().bottom)),
        barTop: bar.top,
        isDecisionSeen: buttons.every((one) => one.top >= 0 && one.bottom <= innerHeight),
        buttonWidths: buttons.map((one) => Math.round(one.width)),
        tooWide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      }
    })

  /** No waiting inside the page: without scripts it has no timers. */
  const atEnd = async (page: Page): Promise<void> => {
    const left = () => page.evaluate(() => document.documentElement.scrollHeight - innerHeight - scrollY)
    await eventually("the end of the page", async () => (await left()) <= 1, { everyMs: 50 })
  }

  for (const javaScriptEnabled of [true, false]) {
    test(`the decision is in sight in every window, ${javaScriptEnabled ? "with" : "without"} scripts`, async () => {
      const context = await browser.newContext({ javaScriptEnabled })
      const page = await context.newPage()
      for (const viewport of WINDOWS) {
        await page.setViewportSize(viewport)
        await page.goto(fixtures.url("friendly", "consent"))
        const first = await placesOf(page)
        expect(first).toMatchObject({ isDecisionSeen: true, tooWide: 0 })
        expect(first.buttonWidths[0]).toBe(first.buttonWidths[1]!)
        if (viewport.height >= 800) expect(first.lowest).toBeLessThan(first.barTop)
        await page.mouse.move(viewport.width / 2, 200)
        await page.mouse.wheel(0, 5_000)
        await atEnd(page)
        const last = await placesOf(page)
        expect(last.isDecisionSeen).toBe(true)
        expect(last.lowest).toBeLessThanOrEqual(last.barTop)
      }
      await context.close()
    }, 120_000)
  }

  test("what “not verified” means is one key away, without scripts too", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 400, height: 640 } })
    const page = await context.newPage()
    await page.goto(fixtures.url("friendly", "consent-error"))
    const meaning = page.locator("#about-verified")
    expect(await meaning.isVisible()).toBe(false)
    await page.locator("button", { hasText: "Not verified" }).focus()
    await page.keyboard.press("Enter")
    await meaning.waitFor({ state: "visible" })
    const box = (await meaning.boundingBox())!
    expect(box.x).toBeGreaterThanOrEqual(0)
    expect(box.x + box.width).toBeLessThanOrEqual(400)
    expect(await meaning.textContent()).toContain("Nobody at this server has checked")
    await context.close()
  })
})

describeBrowser("what consent says", () => {
  let house: House
  beforeAll(async () => {
    house = await openHouse()
  })
  afterAll(() => house?.server.close())

  const consent = async (extra = {}) => {
    const client = house.server.app.oauth.clientsOf(house.owner.id)[0]!
    return house.hers.get(authorizeUrl(house.server, client.publicId, extra))
  }

  test("a figure in chats comes from three people and ten calls on, and is the app's own", async () => {
    const { server, owner } = house
    const { app } = server
    expect(plainText((await consent()).text)).not.toContain("chats")
    const client = app.oauth.clientsOf(owner.id)[0]!
    const { secret } = await app.store.write({ actor: "cli", requestId: "req_t", reason: "test" }, (tx) =>
      app.oauth.addSecretIn(tx, { ownerId: owner.id, clientPublicId: client.publicId }),
    )
    for (let person = 0; person < 3; person++) {
      const user = await makeUser(app)
      await giveCredits(app, user, credits(100))
      const { accessToken } = await mintTokens(app, { user, client, secret })
      for (let call = 0; call < 4; call++) expect((await chat(app.config.hosts.api, accessToken)).status).toBe(200)
      if (person < 2) expect(plainText((await consent()).text)).not.toContain("chats")
    }
    const each = app.usage.typicalCharge(client.id, "llm", app.clock.now())!
    expect(each).toBeGreaterThan(0)
    const words = plainText((await consent()).text)
    expect(words).toContain(`about ${Math.floor(credits(100) / each).toLocaleString("en")} chats`)
  })

  test("the balance, what a credit is worth, whose account it is, and only those links that the app has", async () => {
    const { app } = house.server
    await giveCredits(app, house.other, credits(12_345))
    const client = app.oauth.clientsOf(house.owner.id)[0]!
    const before = await consent()
    const words = plainText(before.text)
    expect(words).toContain("1,000 credits are $1")
    // Somebody new has nothing yet, but what the first call of a day claims.
    expect(words).toContain("You have 12,345 credits")
    expect(words).toContain("and 100 credits free today")
    await app.store.write({ actor: "cli", requestId: "req_t", reason: "test" }, (tx) => {
      const { amountNano, freeBudgetNano } = app.plans.claimTermsIn(tx, house.other.id)
      const owner = { kind: "principal", id: house.other.id } as const
      return app.ledger.claimDailyIn(tx, { owner, mode: "live", amountNano, freeBudgetNano, auto: false })
    })
    const claimed = plainText((await consent()).text)
    expect(claimed).toContain("You have 12,445 credits")
    expect(claimed).not.toContain("free today")
    expect(words).toContain(house.other.email)
    // The house's own texts stand at the foot of every page.
    expect(before.text.replace('<a href="/privacy">Privacy</a>', "")).not.toContain("Privacy")
    await app.store.write({ actor: "cli", requestId: "req_t", reason: "test" }, (tx) =>
      app.oauth.updateClientIn(tx, {
        ownerId: house.owner.id,
        clientPublicId: client.publicId,
        homepageUrl: "http://127.0.0.1:9/",
        policyUri: "https://app.example.com/privacy",
      }),
    )
    const { text } = await consent()
    expect(text).toContain('href="https://app.example.com/privacy" target="_blank" rel="noopener')
    // An address of somebody's own machine is no page for others.
    expect(text).not.toContain("Website")
    const other = await signedIn(house.server, house.owner.email)
    expect((await other.get(before.url)).text).not.toContain(house.other.email)
  })

  test("Cancel tells the app access_denied", async () => {
    const page = await consent()
    const form = page.forms.find(({ action }) => action.endsWith("/authorize/consent"))!
    const sent = form.fields.filter(([name]) => name === "csrf" || name === "interaction")
    const answer = await house.hers.post(`${house.server.url}/authorize/consent`, [...sent, ["decision", "deny"]])
    expect(answer.text).toContain("error=access_denied")
  })
})
