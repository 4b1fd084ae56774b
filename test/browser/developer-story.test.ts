// A developer who never saw the product, in a real browser and by what stands on the pages: they sign up, make an app, sign in to it as a test user
// by a link in a private window, see the charged call within a second, find who made it, take the figures along and get a test payout.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import { DAY_MS, VirtualClock } from "../../src/app/index.ts"
import { addSandbox, freePort, PASSWORD, type TestServer } from "../build.ts"
import { codeFromMailbox, describeBrowser, launch, openTab, ownServer, textOf } from "./kit.ts"

let browser: Browser
const ADA = { name: "Ada Newcomer", email: "ada@newcomer.example" }

/** What the tutorial has, with a question of its own. */
const pageOf = (server: TestServer, clientId: string): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Lighthouse</title>
<p><purser-button></purser-button></p>
<form id="ask"><input name="about" value="sandbox:cost 20000" aria-label="About"> <button>Write</button></form>
<pre id="answer"></pre>
<script type="module">
  import { purser } from "${server.url}/sdk.js"
  const ai = purser("${clientId}")
  const [form, answer] = [document.querySelector("#ask"), document.querySelector("#answer")]
  form.onsubmit = async (event) => {
    event.preventDefault()
    try {
      const call = ai.chat(form.about.value, { max_tokens: 20000 })
      for await (const text of call) answer.append(text)
      answer.textContent = "It cost " + (await call).charged + " credits."
    } catch (error) {
      answer.textContent = error.message
    }
  }
</script>
</html>`

async function signUp(page: Page, server: TestServer): Promise<void> {
  await page.goto(server.at("/signup"))
  await page.getByLabel("Name").fill(ADA.name)
  await page.getByLabel("Email").fill(ADA.email)
  await page.getByLabel("Password").fill(PASSWORD)
  await page.getByRole("button", { name: "Create account" }).click()
  await page.waitForURL("**/verify-email*")
  await page.getByLabel("Code").fill(await codeFromMailbox(page.context(), server, ADA.email))
  await page.waitForURL("**/dashboard")
}

/** From the sidebar on. @returns the client id that the page shows */
async function makeApp(page: Page, redirectUri: string): Promise<string> {
  await page.getByRole("link", { name: "Build an app" }).first().click()
  await page.getByLabel("I accept the developer agreement").check()
  await page.getByRole("button", { name: "Become a developer" }).click()
  await page.getByLabel("Name", { exact: true }).fill("Lighthouse")
  await page.getByText("Scopes and test mode").click()
  await page.getByLabel("Test mode").check()
  await page.getByLabel("Redirect URIs").fill(redirectUri)
  await page.getByRole("button", { name: "Create app" }).click()
  await page.getByText("Waiting for your first call…").waitFor()
  return /cli_[0-9A-Z]{26}/.exec(await page.content())![0]
}

/** In a window where nobody is signed in: by the link, from its page to the app, and the call. */
async function callAsTestUser(server: TestServer, link: string, onCall: () => void): Promise<void> {
  const { page, context, problems } = await openTab(browser, server)
  await page.goto(link)
  await page.getByRole("heading", { name: "Sign in as a test user" }).waitFor()
  await page.getByRole("button", { name: "Sign in as this test user" }).click()
  await page.getByRole("heading", { name: "You are Test user 1" }).waitFor()
  await page.getByRole("link", { name: "Open Lighthouse" }).click()
  const [popup] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: "Write" }).click()])
  await popup.locator("#limit_llm").fill("10000")
  await popup.getByRole("button", { name: "Approve" }).click()
  await page.getByText(/It cost [\d.]+ credits\./).waitFor()
  onCall()
  expect(problems).toEqual([])
  await context.close()
}

describeBrowser("a developer who reads nothing", () => {
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())

  test("from the sign-up to a test payout", async () => {
    const clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
    await using server = await ownServer({ clock })
    await addSandbox(server.app)
    const { page, context, problems } = await openTab(browser, server)
    await signUp(page, server)
    const port = freePort()
    const clientId = await makeApp(page, `http://localhost:${port}/`)
    const app = Bun.serve({
      hostname: "127.0.0.1",
      port,
      fetch: () => new Response(pageOf(server, clientId), { headers: { "content-type": "text/html" } }),
    })
    await page.goto(server.at("/developer/test-users"))
    await page.getByRole("button", { name: "Make a test user" }).click()
    await page.getByRole("heading", { name: "Your new test user" }).waitFor()
    await page.getByRole("button", { name: "Sign-in link" }).click()
    const link = await textOf(page.locator("#made-link"))
    // The page that waits for the first call, open all the while: it says so by itself.
    await page.goto(server.at("/developer"))
    await page.getByText("Waiting for your first call…").waitFor()
    let calledMs = 0
    const arrived = page.getByText("Your first call arrived").waitFor()
    const seenMs = arrived.then(() => Date.now())
    await callAsTestUser(server, link, () => {
      calledMs = Date.now()
    })
    const lateMs = (await seenMs) - calledMs
    console.log(`seen ${lateMs} ms after the app had its answer`)

    // At the first look, without waiting: the call, and who made it.
    await page.goto(server.at("/developer?mode=test"))
    await page.getByRole("link", { name: "Lighthouse" }).first().click()
    await page.getByRole("link", { name: "Requests", exact: true }).click()
    await page.locator("tbody tr").first().waitFor()
    expect(await page.locator("tbody tr").count()).toBe(1)
    await page.getByRole("link", { name: "Users", exact: true }).click()
    await page.getByLabel("Search users").fill("Test user")
    await page.getByLabel("Search users").press("Enter")
    await page.locator("tbody tr", { hasText: "Test user 1" }).waitFor()

    await page.goto(server.at("/developer/analytics?mode=test"))
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "CSV", exact: true }).first().click(),
    ])
    expect(file.suggestedFilename()).toBe("analytics-day.csv")

    // From the test side a new app is one of test mode.
    await page.goto(server.at("/developer?mode=test"))
    await page.getByRole("link", { name: "New app", exact: true }).last().click()
    await page.waitForURL("**/developer/apps/new?mode=test")
    expect(await page.getByLabel("Test mode").isChecked()).toBe(true)

    clock.advance(2 * DAY_MS)
    await page.goto(server.at("/developer/payouts?mode=test"))
    await page.getByRole("button", { name: "Pay test money out" }).click()
    await page.getByText("The test payout went through. Nothing was sent.").waitFor()
    expect(problems).toEqual([])
    void app.stop(true)
    await context.close()
  }, 120_000)
})
