// A developer's first hour, in a real browser: agreement, first app, a secret shown once, and the page that turns green by
// itself when the first call arrives.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import type { Browser } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import { testFolder } from "../../src/store/index.ts"
import { addSandbox, CALLBACK, giveCredits, makeClient, makeDeveloper, makeUser, mintTokens } from "../build.ts"
import { describeBrowser, launch, openTab, ownServer, signIn, textOf } from "./kit.ts"

let browser: Browser

/** Runs the copied lines in a shell as a person does: opens what they print, and types the code that came back. */
async function runLines(lines: string, secret: string, approve: (url: string) => Promise<string>): Promise<string> {
  const shell = Bun.spawn(["bash", "-c", lines], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
    env: { ...process.env, CLIENT_SECRET: secret },
  })
  let printed = ""
  for await (const chunk of shell.stdout) {
    printed += new TextDecoder().decode(chunk)
    const url = /^http\S+\n/m.exec(printed)
    if (!url) continue
    printed = printed.slice(url.index + url[0].length)
    shell.stdin.write(`${await approve(url[0].trim())}\n`)
    shell.stdin.flush()
  }
  return printed
}

describeBrowser("a developer", () => {
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())

  // Each walk has a server of its own, so both can go at once.
  test.concurrent.each([
    ["on", true],
    ["off", false],
  ] as const)(
    "agreement, app, secrets, first call, scripts %s",
    async (_, scripts) => {
      await using server = await ownServer()
      await addSandbox(server.app)
      const user = await makeUser(server.app, { name: "Linus Developer" })
      await giveCredits(server.app, user, credits(100))
      const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled: scripts })
      await signIn(page, server, user.email, "/developer")

      // Nothing is accepted by accident.
      await page.getByRole("button", { name: "Become a developer" }).click()
      await page.getByText("Tick the box to accept the agreement.").first().waitFor()
      await page.getByLabel("I accept the developer agreement").check()
      await page.getByRole("button", { name: "Become a developer" }).click()
      await page.getByText("You are a developer now.").waitFor()
      const step = page.locator('.stepper [aria-current="step"]')
      expect(await textOf(step)).toContain("First app")

      // A mistake keeps everything that was typed.
      expect(await page.getByLabel("Redirect URIs").inputValue()).toBe("http://127.0.0.1:3000/callback")
      await page.getByLabel("Name", { exact: true }).fill("Paper Lantern")
      await page.getByLabel("Confidential").check()
      await page.getByText("Scopes and test mode").click()
      await page.getByLabel("Redirect URIs").fill("http://example.com/callback")
      // Said while it is typed, where there are scripts.
      if (scripts) await page.locator(".redirect-checks .bad", { hasText: "Use https." }).waitFor()
      await page.getByLabel("speech").check()
      await page.getByRole("button", { name: "Create app" }).click()
      await page.locator(".field.invalid").waitFor()
      expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("Paper Lantern")
      expect(await page.getByLabel("Confidential").isChecked()).toBe(true)
      expect(await page.getByLabel("Redirect URIs").inputValue()).toBe("http://example.com/callback")
      expect(await page.getByLabel("speech").isChecked()).toBe(true)
      await page.getByLabel("Redirect URIs").fill(CALLBACK)
      await page.getByRole("button", { name: "Create app" }).click()

      // Still the same page: the secret, once, and five lines with the real client id.
      await page.waitForURL("**/developer")
      const first = await textOf(page.locator("#new-secret"))
      expect(first.length).toBeGreaterThan(30)
      const client = server.app.oauth.clientsOf(user.id)[0]!
      expect(await textOf(step)).toContain("First call")
      await page.getByText("Next: sign people in to your app").click()
      const lines = await textOf(page.locator("#snippet-0"))
      expect(lines.trim().split("\n")).toHaveLength(5)
      expect(lines).toContain(client.publicId)
      await page.reload()
      expect(await page.locator("#new-secret").count()).toBe(0)
      expect(await page.content()).not.toContain(first)
      await page.getByText("Waiting for your first call…").waitFor()
      await page.getByRole("link", { name: "Paper Lantern" }).first().click()
      await page.waitForURL("**/developer/apps/cli_*")
      await page.getByRole("button", { name: "Make a new secret" }).click()
      const second = await textOf(page.locator("#new-secret"))
      expect(second).not.toBe(first)
      await page.getByRole("link", { name: "I have saved it" }).click()
      expect(await page.locator("#new-secret").count()).toBe(0)

      // Revoke the older of the two.
      const rows = page.locator("section", { hasText: "Credentials" }).locator("tbody tr")
      expect(await rows.count()).toBe(2)
      await rows
        .filter({ hasText: first.slice(-4) })
        .getByRole("link", { name: "Revoke" })
        .click()
      await page.getByText("Revoke the secret that ends in").waitFor()
      await page.getByRole("button", { name: /^Revoke / }).click()
      await page.getByText("The secret no longer works.").waitFor()
      expect(await rows.count()).toBe(1)

      // The first call, made by the five lines themselves, turns the page green without anybody touching it.
      await page.goto(`${server.url}/developer`)
      await page.getByText("Waiting for your first call…").waitFor()
      const old = mintTokens(server.app, { user, client, secret: first, scope: "openid llm" })
      expect(await old.catch((error: Error) => error.message)).toContain("client")
      const asked = await context.newPage()
      const answer = await runLines(lines, second, async (url) => {
        await asked.goto(url)
        const back = asked.waitForRequest((one) => one.url().startsWith(client.redirectUris[0]!))
        await asked.getByRole("button", { name: "Approve" }).click()
        return new URL((await back).url()).searchParams.get("code")!
      })
      await asked.close()
      expect(JSON.parse(answer)).toMatchObject({ object: "chat.completion" })
      if (scripts) {
        await page.getByText("Your first call arrived just now.").waitFor()
        expect(await page.locator("#first-call").count()).toBe(1)
      }
      await page.reload()
      expect(await textOf(page.locator("h1"))).toBe("Your apps")
      expect(await textOf(page.locator("tbody tr").first())).toContain("Paper Lantern")
      await page.getByRole("link", { name: "Paper Lantern" }).click()
      expect(await textOf(page.locator(".stat", { hasText: "Calls" }))).toContain("1")

      // Who lets the app in, the call itself, and what it earned as a file: each found from the app's page, none of it explained anywhere.
      await page.getByRole("link", { name: "Users", exact: true }).click()
      await page.getByText("Linus Developer").first().waitFor()
      await page.getByRole("link", { name: "Requests", exact: true }).click()
      await page.locator("tbody tr", { hasText: "sandbox" }).first().waitFor()
      await page.goto(`${server.url}/developer/analytics`)
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: /CSV/ }).first().click(),
      ])
      // The browser may be another machine's, as the check's is.
      const path = join(testFolder("purser-earned-"), "earned.csv")
      await file.saveAs(path)
      const sheet = await Bun.file(path).text()
      expect(sheet.split("\r\n")[0]).toContain("arned")
      expect(sheet).toMatch(/\d{4}-\d{2}-\d{2},/)
      await page.goto(`${server.url}/developer/apps/${client.publicId}`)

      // Details: a bad URI keeps what was typed, a good one is saved.
      await page.getByLabel("Name", { exact: true }).fill("Paper Lantern 2")
      await page.getByLabel("Redirect URIs").fill("not a uri")
      await page.getByRole("button", { name: "Save details" }).click()
      await page.locator(".field.invalid").waitFor()
      expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("Paper Lantern 2")
      await page.getByLabel("Redirect URIs").fill(`${CALLBACK}\n${CALLBACK}2`)
      await page.getByRole("button", { name: "Save details" }).click()
      await page.getByText("Saved: name Paper Lantern 2, ").waitFor()
      expect(await textOf(page.locator("h1"))).toBe("Paper Lantern 2")
      expect(problems).toEqual([])
      await context.close()
    },
    120_000,
  )

  test.concurrent.each([
    ["on", true],
    ["off", false],
  ] as const)(
    "a test token in one click, its three lines in a terminal, and the call run here, scripts %s",
    async (_, scripts) => {
      await using server = await ownServer()
      await addSandbox(server.app)
      const user = await makeDeveloper(server.app)
      await giveCredits(server.app, user, credits(100))
      const { client } = await makeClient(server.app, { ownerId: user.id, name: "Paper Lantern" })
      const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled: scripts, width: 360 })
      await signIn(page, server, user.email, "/developer")
      await page.getByRole("button", { name: "Make a test token" }).click()
      const token = await textOf(page.locator("#test-token"))
      const lines = await textOf(page.locator("#call-0"))
      expect(lines.trim().split("\n")).toHaveLength(3)
      expect(lines).toContain(token)
      const shell = Bun.spawn(["bash", "-c", lines], { stdout: "pipe", stderr: "ignore" })
      expect(JSON.parse(await new Response(shell.stdout).text())).toMatchObject({ object: "chat.completion" })
      if (scripts) await page.getByText("Your first call arrived").waitFor()

      await page.goto(`${server.url}/developer/apps/${client.publicId}`)
      expect(await page.content()).not.toContain(token)
      await page.getByRole("button", { name: "Run it here" }).click()
      await page.getByText("It answered:").waitFor()
      const receipt = page.getByRole("link", { name: "See the receipt" })
      const row = new URL((await receipt.getAttribute("href"))!, server.url).hash
      await receipt.click()
      await page.waitForURL("**/credits?app=*")
      expect(await textOf(page.locator(row).locator(".words"))).toContain("Paper Lantern")
      expect(problems).toEqual([])
      await context.close()
    },
    120_000,
  )
})
