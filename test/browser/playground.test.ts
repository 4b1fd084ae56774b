// The playground with scripts: two models stream side by side and say what they cost; what was asked stays in this browser alone.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import { addSandbox, giveCredits, makeUser } from "../build.ts"
import { describeBrowser, launch, openTab, ownServer, signIn } from "./kit.ts"

let browser: Browser

describeBrowser("the playground", () => {
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())

  test("answers stream side by side, go on from there, become code, and are remembered here", async () => {
    await using server = await ownServer()
    await addSandbox(server.app)
    const user = await makeUser(server.app)
    await giveCredits(server.app, user, credits(1_000))
    const { page, context, problems } = await openTab(browser, server)
    await signIn(page, server, user.email)
    await page.goto(server.at("/playground"))
    await page.selectOption("#model", "sandbox")
    await page.selectOption("#model2", "sandbox/sandbox")
    await page.fill("#message", "Tell me something.")
    await page.getByRole("button", { name: "Ask" }).click()
    const sides = page.locator("#answers .playground-side")
    const figures = sides.locator("[data-figures]")
    // The charge is exact once the word "about" is gone.
    await page.waitForFunction(
      () =>
        [...document.querySelectorAll("#answers [data-figures]")].filter(
          ({ textContent }) => / credits$/.test(textContent ?? "") && !textContent!.includes("about"),
        ).length === 2,
    )
    expect(await figures.first().textContent()).toMatch(
      /^\d+ in, \d+ out · first after \d+ ms · \d+ ms · [\d.]+ credits$/,
    )
    expect((await sides.first().locator("[data-text]").textContent())!.length).toBeGreaterThan(10)
    expect(await page.locator("[data-total]").textContent()).toMatch(/^On this page: [\d.]+ credits$/)
    await page.waitForFunction(() =>
      document.querySelector<HTMLInputElement>("[name=turns2]")!.value.includes("assistant"),
    )

    await page.fill("#message", "And as code?")
    await page.getByRole("button", { name: "Show as code" }).click()
    await page.locator("#code .code-tabs").waitFor()
    expect(await page.locator("#code").textContent()).toContain("PURSER_API_KEY")
    expect(await sides.count()).toBe(2)

    await page.fill("#message", "Nobody answers this.")
    await page.evaluate(() => {
      document.querySelector<HTMLSelectElement>("#model2")!.value = ""
      document.querySelector<HTMLOptionElement>("#model option")!.value = "nobody"
      document.querySelector<HTMLSelectElement>("#model")!.selectedIndex = 0
    })
    await page.getByRole("button", { name: "Ask" }).click()
    expect(await page.locator("#answers [role=alert]").textContent()).toContain("404 model_not_found")

    await page.goto(server.at("/playground"))
    await page.locator("[data-history]").getByRole("button", { name: "Tell me something." }).click()
    expect(await page.locator("#message").inputValue()).toBe("Tell me something.")
    expect(await sides.count()).toBe(2)
    await page.getByRole("button", { name: "Clear the history" }).click()
    expect(await page.locator("[data-history]").isVisible()).toBe(false)
    // A refused call is a status that the browser tells of.
    expect(problems.filter((one) => !/404/.test(String(one)))).toEqual([])
    await context.close()
  }, 120_000)
})
