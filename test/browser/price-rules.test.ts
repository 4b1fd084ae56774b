// Which price rule a model hits, asked in a real browser: by keyboard from the list of models, for a name that nobody serves, without scripts.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import type { User } from "../../src/identity/index.ts"
import { addSandbox, makeUser, startTestServer, type TestServer } from "../build.ts"
import { describeBrowser, launch, openTab, pageProblems, signIn } from "./kit.ts"
import { isFocused, slowLine } from "./slow-line.ts"

const PATH = "/admin/prices/rules"
let server: TestServer
let browser: Browser
let grace: User

describeBrowser("the rule of a model", () => {
  beforeAll(async () => {
    server = await startTestServer()
    await addSandbox(server.app)
    grace = await makeUser(server.app, { isAdmin: true })
    browser = await launch()
  }, 30_000)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  test("is found by typing a part of its name; any other name can be asked about as well", async () => {
    const { page, context, problems } = await openTab(browser, server, { width: 360, height: 640 })
    await signIn(page, server, grace.email, PATH)
    await slowLine(context)
    const model = page.getByRole("combobox", { name: "Model" })
    await model.focus()
    await page.keyboard.type("sandb")
    await page.getByRole("option", { name: "sandbox" }).waitFor()
    await page.keyboard.press("Enter")
    expect(await model.inputValue()).toBe("sandbox")
    const show = page.getByRole("button", { name: "Show the rule" })
    await show.focus()
    await page.keyboard.press("Enter")
    await page.getByText("The rule for all models applies to sandbox: 50% for the platform").waitFor()
    expect(await isFocused(show)).toBe(true)
    expect(page.url()).toContain("model=sandbox")
    await model.focus()
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.type("gpt-9")
    await page.getByRole("option", { name: "gpt-9" }).waitFor()
    await page.keyboard.press("Enter")
    await show.click()
    await page.getByText("applies to gpt-9").waitFor()
    expect(await pageProblems(page)).toEqual([])
    expect(problems).toEqual([])
    await context.close()
  }, 60_000)

  test("is a text field without scripts", async () => {
    const { page, context } = await openTab(browser, server, { javaScriptEnabled: false })
    await signIn(page, server, grace.email, PATH)
    await page.getByRole("textbox", { name: "Model" }).fill("gpt-9")
    await page.getByRole("button", { name: "Show the rule" }).click()
    await page.getByText("applies to gpt-9").waitFor()
    await context.close()
  }, 60_000)
})
