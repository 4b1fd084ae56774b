// The whole way by Tab, Shift+Tab, Enter and Space alone: sign-up, consent, dashboard, revoke. Every stop must show where it is.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { addSandbox, makeDeveloper } from "../build.ts"
import { stopOf, walkByKeyboard } from "./by-keyboard.ts"
import { codeFromMailbox, describeBrowser, launch, openTab, ownServer, startSampleApp, textOf } from "./kit.ts"

describeBrowser("by keyboard alone", () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  }, 120_000)
  afterAll(() => browser?.close())

  test.concurrent.each([
    ["a wide window", 1280, 800],
    ["a 400 × 640 popup", 400, 640],
  ] as const)(
    "sign-up to revoking, in %s",
    async (_, width, height) => {
      await using server = await ownServer()
      await addSandbox(server.app)
      const app = await startSampleApp(server, await makeDeveloper(server.app))
      const { page, context, problems } = await openTab(browser, server, { width, height })
      const unseen: string[] = []
      const { tabTo, press, type } = walkByKeyboard(page, unseen, (url) => !url.startsWith(app.url))

      await page.goto(app.url)
      await press(/^Sign in with Purser/)
      await page.waitForURL("**/login?interaction=*")
      await press("Create an account")
      await page.waitForURL("**/signup?interaction=*")
      // The page is for this form: it begins in it.
      await page.locator("input:focus").waitFor()
      expect((await stopOf(page)).name).toMatch(/^Name/)
      await type(/^Name/, "Mary Shelley")
      await type("Email", "mary@example.com")
      await type("Password", "ships and harbours")
      await press("Create account")
      await page.waitForURL("**/verify-email?interaction=*")
      // Six digits are enough: the form goes by itself.
      await type("Code", await codeFromMailbox(context, server, "mary@example.com"))

      // Consent: untick one scope with Space, raise the limit with the arrows of the slider, decide with Space.
      await page.waitForURL("**/authorize/consent?interaction=*")
      await tabTo(/^At most per day for: /)
      const field = page.locator("#limit_llm")
      expect(await field.inputValue()).toBe("100")
      await page.keyboard.press("ArrowRight")
      await page.keyboard.press("ArrowRight")
      expect(await field.inputValue()).toBe("500")
      expect(await textOf(page.locator(".most"))).toBe("At most 500 credits a day.")
      await press("Use this when you are not in the app", "Space")
      expect(await page.locator("#scope-offline_access").isChecked()).toBe(false)
      await tabTo("Cancel")
      await press("Approve", "Space")
      await page.waitForURL(`${app.url}/`)
      await page.getByText("Hello Mary Shelley.").waitFor()
      const person = server.app.identity.userByEmail("mary@example.com")!
      expect(server.app.oauth.consentsOf(person.id)[0]?.scopes).not.toContain("offline_access")

      await page.goto(`${server.url}/dashboard`)
      await page.getByRole("heading", { name: "Dashboard", level: 1 }).waitFor()
      // The first stop of a page leads past its head.
      await page.keyboard.press("Tab")
      expect((await stopOf(page)).name).toBe("Skip to the content")
      if (width < 860) await press("Menu")
      await press("Apps")
      await page.waitForURL("**/apps")

      // A dialog takes the focus, keeps it, and gives it back.
      await press("Change limit")
      await page.locator("dialog[open]").waitFor()
      await type("At most per day", "")
      await page.keyboard.press("ControlOrMeta+a")
      await page.keyboard.type("7")
      await press("Save limit")
      await page.getByText("Storyteller may spend 7 credits a day.").waitFor()
      await press("Revoke")
      const dialog = page.locator("dialog[open]")
      await dialog.waitFor()
      for (let tabs = 0; tabs < 6; tabs++) {
        await page.keyboard.press("Tab")
        const inside = await dialog.evaluate(
          (element) => element.contains(document.activeElement) || document.activeElement === document.body,
        )
        expect(inside).toBe(true)
      }
      await page.keyboard.press("Escape")
      await dialog.waitFor({ state: "detached" })
      expect((await stopOf(page)).name).toBe("Revoke")
      await page.keyboard.press("Enter")
      await dialog.waitFor()
      await press("Revoke Storyteller")
      await page.getByText("No app can spend your credits").waitFor()
      expect(server.app.oauth.consentsOf(person.id)).toEqual([])

      expect({ unseen, problems }).toEqual({ unseen: [], problems: [] })
      await context.close()
      app.stop()
    },
    240_000,
  )
})
