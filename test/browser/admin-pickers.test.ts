// What admins pick in a real browser in place of typing it: the model that a price rule is asked about, and whose limit it is.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import type { User } from "../../src/identity/index.ts"
import { addSandbox, makeClient, makeDeveloper, makeUser, startTestServer, type TestServer } from "../build.ts"
import { describeBrowser, launch, openTab, pageProblems, signIn } from "./kit.ts"
import { isFocused, slowLine } from "./slow-line.ts"

const PATH = "/admin/prices/rules"
let server: TestServer
let browser: Browser
let grace: User

describeBrowser("what admins pick", () => {
  beforeAll(async () => {
    server = await startTestServer()
    await addSandbox(server.app)
    grace = await makeUser(server.app, { isAdmin: true })
    browser = await launch()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  test("the rule of a model: found by typing a part of its name; any other name can be asked about as well", async () => {
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
  }, 120_000)

  test("the rule of a model: a text field without scripts", async () => {
    const { page, context } = await openTab(browser, server, { javaScriptEnabled: false })
    await signIn(page, server, grace.email, PATH)
    await page.getByRole("textbox", { name: "Model" }).fill("gpt-9")
    await page.getByRole("button", { name: "Show the rule" }).click()
    await page.getByText("applies to gpt-9").waitFor()
    await context.close()
  }, 120_000)

  test("whose limit it is: a person by a part of the name, an app by its name; what is refused keeps both", async () => {
    const ada = await makeUser(server.app, { name: "Ada Lovelace" })
    const { client } = await makeClient(server.app, {
      ownerId: (await makeDeveloper(server.app)).id,
      name: "Tide Tables",
    })
    const { page, context, problems } = await openTab(browser, server, { width: 360, height: 640 })
    await signIn(page, server, grace.email, "/admin/limits/new")
    await slowLine(context)
    const person = page.getByRole("combobox", { name: "Person" })
    const app = page.getByRole("combobox", { name: "App", exact: true })
    expect([await person.isVisible(), await app.isVisible()]).toEqual([false, false])
    // By its key: a choice that a script makes is no input of a person, and what it brings would count as moved.
    await page.getByLabel("Applies to").focus()
    await page.keyboard.type("A person in an app")
    await person.focus()
    await page.keyboard.type("lovel")
    await page.getByRole("option", { name: "Ada Lovelace" }).waitFor()
    await page.keyboard.press("Enter")
    expect(await person.inputValue()).toBe(ada.email)
    await app.focus()
    await page.keyboard.type("tide")
    await page.getByRole("option", { name: "Tide Tables" }).waitFor()
    await page.keyboard.press("Enter")
    await page.getByRole("button", { name: "Set limit" }).click()
    await page.getByText("Say how much.").first().waitFor()
    expect([await person.inputValue(), await app.inputValue()]).toEqual([ada.email, "Tide Tables"])
    await page.getByLabel("At most").fill("1,200")
    await page.getByLabel("Reason").fill("A fair share for all")
    // Sent before its answer can have come: what was typed is meant.
    await person.fill(ada.email.toUpperCase())
    await page.keyboard.press("Enter")
    await page.getByText("Ada Lovelace in Tide Tables: 1,200 requests a minute").waitFor()
    expect(server.app.limits.rules()[0]?.subject).toBe(`${client.id}:${ada.id}`)
    expect(await pageProblems(page)).toEqual([])
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)
})
