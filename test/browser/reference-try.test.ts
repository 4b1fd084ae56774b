// A call from a page of the reference, in a real browser: charged, streamed, refused, asked about; the key gets nowhere else.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { addSandbox, CTX, giveCredits, makeUser, startTestServer, type TestServer } from "../build.ts"
import { describeBrowser, fillLogin, launch, openTab, pageProblems, signIn } from "./kit.ts"

let server: TestServer
let browser: Browser
let ada: User
let key: string

/** A person with a key for models, on any server. */
async function somebody(at: TestServer): Promise<{ user: User; key: string }> {
  await addSandbox(at.app)
  const user = await makeUser(at.app, { name: "Ada" })
  await giveCredits(at.app, user, credits(500))
  await at.app.plans.change(CTX, { user, planCode: "pro" })
  const made = await at.app.keys.create(CTX, { userId: user.id, name: "Mine", scopes: ["llm"] })
  return { user, key: made.secret }
}

describeBrowser("a call from the reference", () => {
  beforeAll(async () => {
    server = await startTestServer({ fourHosts: false })
    const made = await somebody(server)
    ada = made.user
    key = made.key
    browser = await launch()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  test("strangers are led to sign in and back; then a call is made, charged and shown, and the key is kept nowhere", async () => {
    const { page, context, problems } = await openTab(browser, server)
    await page.goto(`${server.url}/reference/createChatCompletion`)
    expect(await page.getByRole("button", { name: "Send the call" }).count()).toBe(0)
    await page.locator(".try").getByRole("link", { name: "Sign in" }).click()
    await fillLogin(page, ada.email)
    await page.waitForURL(`${server.url}/reference/createChatCompletion`)
    const form = page.locator(".try form")
    // However many fields there are, the button is in sight before anything is scrolled, and beside the last of them.
    await page.setViewportSize({ width: 1280, height: 800 })
    const isInSight = () =>
      form.getByRole("button", { name: "Send the call" }).evaluate((button) => {
        const { top, bottom } = button.getBoundingClientRect()
        return top >= 0 && bottom <= innerHeight
      })
    expect(await isInSight()).toBe(true)
    await form.getByText("more that may be sent").last().scrollIntoViewIfNeeded()
    expect(await isInSight()).toBe(true)
    const asked: string[] = []
    page.on("request", (request) => asked.push(`${request.url()} ${request.postData() ?? ""}`))
    await form.getByLabel("API key").fill(key)
    await form.getByLabel("messages").fill('[{"role":"user","content":"<img src=x onerror=alert(1)>"}]')
    await form.getByRole("button", { name: "Send the call" }).click()
    const answer = form.locator(".try-answer")
    await answer.getByText("200 OK").waitFor()
    await answer.getByText(/^\d+ ms · [\d.]+ credits$/).waitFor()
    expect(await answer.locator("[data-try=body]").textContent()).toContain("You said: <img src=x onerror=alert(1)>")
    expect(await answer.locator("img").count()).toBe(0)
    expect(await answer.locator("[data-try=headers]").textContent()).toContain("x-request-id: ")
    expect(asked.length).toBe(1)
    expect(asked[0]).not.toContain(key)
    expect(
      await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href])),
    ).not.toContain(key)
    // Events, as they come.
    for (const more of await form.getByText("more that may be sent").all()) await more.click()
    await form.getByLabel("stream", { exact: false }).first().selectOption("true")
    await form.getByRole("button", { name: "Send the call" }).click()
    await answer.getByText("data: [DONE]").waitFor()
    // A refusal is an answer too; so is what cannot be sent.
    await form.getByLabel("API key").fill("sk_live_wrong")
    await form.getByRole("button", { name: "Send the call" }).click()
    await answer.getByText(/^401/).waitFor()
    await form.getByLabel("messages").fill("[")
    await form.getByRole("button", { name: "Send the call" }).click()
    await form.getByText("messages is no JSON").waitFor()
    expect(await pageProblems(page)).toEqual([])
    await page.reload()
    expect(await form.getByLabel("API key").inputValue()).toBe("")
    expect(problems.filter((one) => !one.includes("401"))).toEqual([])
    await context.close()
  }, 120_000)

  test("what changes something is asked about; by the session, and by nothing that the address says", async () => {
    const { page, context } = await openTab(browser, server)
    const made = await server.app.keys.create(CTX, { userId: ada.id, name: "To go", scopes: ["llm"] })
    const isAlive = () => server.app.keys.byPublicId(ada.id, made.key.publicId)!.revokedMs === null
    await signIn(page, server, ada.email)
    await page.goto(`${server.url}/reference/listKeys`)
    const form = page.locator(".try form")
    await form.getByRole("button", { name: "Send the call" }).click()
    await form.getByText('"To go"').waitFor()
    await page.goto(`${server.url}/reference/revokeKey?key=${made.key.publicId}&try-path-1=${made.key.publicId}#try`)
    const field = form.getByLabel("key", { exact: true })
    expect(await field.inputValue()).not.toBe(made.key.publicId)
    await field.fill(made.key.publicId)
    await field.press("Enter")
    await form.getByText("This deletes, and cannot be undone.").waitFor()
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe("Cancel")
    await page.keyboard.press("Enter")
    expect([await form.getByText("This deletes, and cannot be undone.").isVisible(), isAlive()]).toEqual([false, true])
    await form.getByRole("button", { name: "Send the call" }).click()
    await form.getByRole("button", { name: "Send DELETE" }).click()
    await form.getByText("200 OK").waitFor()
    expect(isAlive()).toBe(false)
    await context.close()
  }, 120_000)

  test("on four origins it is made from the console's page, to the API's origin and no other", async () => {
    const four = await startTestServer({ fourHosts: true })
    const at = four.app.config.hosts
    try {
      const person = await somebody(four)
      const { page, context, problems } = await openTab(browser, four)
      await page.goto(`${at.site}/reference/createChatCompletion`)
      await page.locator(".try").getByRole("link", { name: "Sign in" }).click()
      await fillLogin(page, person.user.email)
      await page.waitForURL(`${at.console}/reference/createChatCompletion`)
      await page.getByLabel("API key").fill(person.key)
      await page.getByRole("button", { name: "Send the call" }).click()
      await page.getByText(/^\d+ ms · [\d.]+ credits$/).waitFor()
      await page.goto(`${at.console}/reference/listKeys`)
      await page.getByRole("button", { name: "Send the call" }).click()
      await page.getByText('"Mine"').waitFor()
      expect(problems).toEqual([])
      await context.close()
    } finally {
      await four.close()
    }
  }, 120_000)
})
