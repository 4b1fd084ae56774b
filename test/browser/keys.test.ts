// API keys in a real browser: made, shown once, used by a program, rolled and revoked in dialogs; with scripts and without.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { addSandbox, CTX, chat, giveCredits, makeUser, startTestServer, type TestServer } from "../build.ts"
import { describeBrowser, launch, openTab, pageProblems, signIn, textOf } from "./kit.ts"
import { isFocused } from "./slow-line.ts"

let server: TestServer
let browser: Browser
let ada: User

describeBrowser("API keys", () => {
  beforeAll(async () => {
    server = await startTestServer()
    await addSandbox(server.app)
    ada = await makeUser(server.app, { name: "Ada" })
    await giveCredits(server.app, ada, credits(500))
    await server.app.plans.change(CTX, { user: ada, planCode: "pro" })
    browser = await launch()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  for (const scripts of [true, false])
    test(`are made, called with, rolled and revoked ${scripts ? "in dialogs" : "without scripts"}`, async () => {
      const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled: scripts })
      const name = scripts ? "Nightly report" : "Plain report"
      await signIn(page, server, ada.email, "/keys/new")
      await page.getByLabel("Name").fill(name)
      await page.getByRole("button", { name: "Create key" }).click()
      const shown = page.locator("#new-key")
      await shown.waitFor()
      const secret = await textOf(shown)
      expect(secret).toMatch(/^sk_live_[\w-]{51}$/)
      if (scripts) expect(await pageProblems(page)).toEqual([])
      expect((await chat(server.url, secret)).status).toBe(200)
      await page.getByRole("link", { name: "I have saved it" }).click()
      await page.getByRole("cell", { name: "sandbox" }).waitFor()
      expect(await page.locator("#new-key").count()).toBe(0)

      await page.getByRole("link", { name: "New secret" }).click()
      if (scripts) await page.locator("dialog[open]").waitFor()
      await page.getByLabel("The secret before").selectOption("hour")
      await page.getByRole("button", { name: "Make a new secret" }).click()
      await shown.waitFor()
      const rolled = await textOf(shown)
      expect(rolled).not.toBe(secret)
      expect(await page.getByText("still works for a while").count()).toBe(1)
      for (const one of [secret, rolled]) expect((await chat(server.url, one)).status).toBe(200)

      await page.getByRole("button", { name: "Switch off" }).click()
      await page.getByText(`${name} is switched off.`).first().waitFor()
      if (scripts) expect(await isFocused(page.getByRole("button", { name: "Switch on" }))).toBe(true)
      expect((await chat(server.url, rolled)).status).toBe(403)
      await page.getByRole("button", { name: "Switch on" }).click()
      await page.getByText(`${name} works again.`).first().waitFor()

      await page.getByRole("link", { name: "Revoke" }).click()
      if (scripts) await page.locator("dialog[open]").waitFor()
      await page.getByRole("button", { name: /^Revoke / }).click()
      await page.getByText(`${name} no longer works.`).first().waitFor()
      expect(new URL(page.url()).pathname).toBe("/keys")
      expect((await chat(server.url, rolled)).status).toBe(401)
      expect(problems).toEqual([])
      await context.close()
    }, 120_000)
})
