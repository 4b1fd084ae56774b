// Three people of a team, each in a browser of their own: made and joined, switched to, its credits bought by one, spent through an app by another, and
// neither by the third, who is removed in the end.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import type { User } from "../../src/identity/index.ts"
import { openShop, type Shop } from "../billing/world.ts"
import { addSandbox, makeDeveloper, makeUser } from "../build.ts"
import { makeHost } from "../team-world.ts"
import {
  describeBrowser,
  fillLogin,
  launch,
  openTab,
  pageProblems,
  type SampleApp,
  signIn,
  startSampleApp,
  textOf,
} from "./kit.ts"

describeBrowser("a team of three", () => {
  let browser: Browser
  let shop: Shop
  let app: SampleApp
  beforeAll(async () => {
    ;[browser, shop] = await Promise.all([
      launch(),
      openShop({ startMs: Date.now(), onTheWay: (request, stripe) => stripe.fetch(request) }),
    ])
    await addSandbox(shop.server.app)
    app = await startSampleApp(shop.server, await makeDeveloper(shop.server.app))
  })
  afterAll(async () => {
    app?.stop()
    await browser?.close()
    await shop?.close()
  })

  const at = (path: string) => shop.server.at(path)
  const opened = async (person: User) => {
    const tab = await openTab(browser, shop.server)
    await signIn(tab.page, shop.server, person.email)
    return tab
  }

  /** @returns the link that the page shows once */
  async function invite(page: Page, team: string, { email }: User, role: string): Promise<string> {
    await page.goto(at(`${team}/invitation`))
    await page.getByLabel("Email").fill(email)
    await page.getByLabel(role, { exact: true }).check()
    await page.getByLabel(/link/i).check()
    await page.locator("main").getByRole("button", { name: "Invite" }).click()
    const found = await page.waitForFunction(
      () => /https?:\/\/\S*\/teams\/join\?token=[\w-]{43}/.exec(document.documentElement.innerHTML)?.[0],
    )
    return (await found.jsonValue()) as string
  }

  async function actAs(page: Page, name: string): Promise<void> {
    await page.goto(at("/dashboard"))
    const seat = page.locator(".seat:visible").first()
    await seat.locator("summary").click()
    await seat.getByRole("button", { name: `Act as ${name}` }).click()
    await page.getByText(`You act as ${name} now`).waitFor()
  }

  /** Up to the page that asks what the app may do. */
  async function connect(page: Page, { email }: User): Promise<void> {
    await page.goto(app.url)
    await page.getByRole("link", { name: "Sign in with Purser" }).click()
    const consent = page.getByRole("heading", { name: "Connect Storyteller" })
    const login = page.getByLabel("Password")
    await consent.or(login).first().waitFor()
    if (await login.isVisible()) await fillLogin(page, email)
    await consent.waitFor()
  }

  test("made, joined, filled, spent, refused, and one leaves", async () => {
    const { app: house } = shop.server
    const people = {
      owner: await makeHost(shop.server, "Olive Owner"),
      billing: await makeUser(house, { name: "Bo Billing" }),
      viewer: await makeUser(house, { name: "Vera Viewer" }),
    }
    const [owner, billing, viewer] = await Promise.all([
      opened(people.owner),
      opened(people.billing),
      opened(people.viewer),
    ])

    await owner.page.goto(at("/teams/new"))
    await owner.page.getByLabel("Name").fill("Paper Boat")
    await owner.page.locator("main").getByRole("button").first().click()
    await owner.page.waitForURL(/\/teams\/tea_\w+/)
    const team = new URL(owner.page.url()).pathname
    const { id } = house.teams.membership({ userId: people.owner.id, team: team.split("/").at(-1)! }, "see").team
    const has = () => house.ledger.wallet({ kind: "principal", id }, "live").balanceNano
    for (const [tab, person, role] of [
      [billing, people.billing, "Billing manager"],
      [viewer, people.viewer, "Viewer"],
    ] as const) {
      await tab.page.goto(await invite(owner.page, team, person, role))
      await tab.page.locator("main").getByRole("button", { name: "Join" }).click()
      await tab.page.getByText("You are in Paper Boat now.").waitFor()
    }

    // The billing manager buys credits for the team, and reads on a phone, too, whose they are.
    await actAs(billing.page, "Paper Boat")
    const short = billing.page.locator(".topbar").getByText("Acting as Paper Boat")
    expect(await short.isVisible()).toBe(false)
    await billing.page.setViewportSize({ width: 390, height: 800 })
    await short.waitFor()
    expect(await pageProblems(billing.page)).toEqual([])
    await billing.page.setViewportSize({ width: 1280, height: 800 })
    await billing.page.getByRole("button", { name: "Buy Starter" }).click()
    await billing.page.waitForURL(/\/pay\/cs_/)
    await billing.page.selectOption("select[name=number]", "4242424242424242")
    shop.clock.advance(5_000)
    await billing.page.getByRole("button", { name: "Pay", exact: true }).click()
    await billing.page.getByRole("heading", { name: "Your credits are here" }).waitFor()
    const bought = has()
    expect(bought > 0).toBe(true)

    // The owner lets the app spend them: chosen beside the limits, said in words, changed later.
    await connect(owner.page, people.owner)
    const choice = owner.page.getByRole("group", { name: "Whose credits?" })
    expect(await choice.getByLabel(/^Mine/).isChecked()).toBe(true)
    expect(await pageProblems(owner.page)).toEqual([])
    await choice.getByLabel(/^Paper Boat/).check()
    await owner.page.getByRole("button", { name: "Approve" }).click()
    await owner.page.getByText("Hello Olive Owner.").waitFor()
    const spoken = await owner.context.request.post(`${app.url}/chat`, { data: "Tell me a story." })
    expect([spoken.status(), has() < bought]).toEqual([200, true])
    await owner.page.goto(at("/apps"))
    const row = owner.page.locator("article", { hasText: "Storyteller" })
    expect(await textOf(row)).toContain("Spends credits of Paper Boat")
    await row.getByRole("link", { name: "Credits" }).click()
    const dialog = owner.page.locator("dialog[open]")
    await dialog.getByLabel(/^Mine/).check()
    await dialog.getByRole("button", { name: "Save" }).click()
    await owner.page.getByText("Storyteller spends your own credits now.").waitFor()
    const left = has()
    expect((await owner.context.request.post(`${app.url}/chat`, { data: "More." })).status()).toBe(200)
    expect(has()).toBe(left)

    // The viewer sees the balance and spends nothing of it.
    await connect(viewer.page, people.viewer)
    expect(await viewer.page.getByRole("group", { name: "Whose credits?" }).count()).toBe(0)
    await actAs(viewer.page, "Paper Boat")
    await viewer.page.goto(at("/keys"))
    await viewer.page.getByText("Nothing was done.").waitFor()

    // Removed, they are themselves again from the next page on.
    await owner.page.goto(at(`${team}/members/${people.viewer.publicId}/removal`))
    await owner.page.getByRole("button", { name: "Remove" }).click()
    await owner.page.getByText("Vera Viewer is no longer in Paper Boat.").waitFor()
    await viewer.page.goto(at("/credits"))
    expect(await textOf(viewer.page.locator("body"))).not.toContain("Paper Boat")
    for (const { problems } of [owner, billing]) expect(problems).toEqual([])
    for (const { context } of [owner, billing, viewer]) await context.close()
    expect(house.ledger.verify().ok).toBe(true)
  }, 120_000)
})
