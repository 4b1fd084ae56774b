// A real Chromium for the browser tests: how it is found, started and listened to, and the checks every page must pass.
// Without Chromium the tests are skipped, loudly; in CI (PURSER_CI=1) that is a failure.
import { describe, expect, test } from "bun:test"
import { existsSync, readFileSync } from "node:fs"
import {
  type Browser,
  type BrowserContext,
  type BrowserServer,
  chromium,
  type Locator,
  type Page,
} from "playwright-core"
import { type ChatAppOptions, startChatApp } from "../../examples/chat/app.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import { freePort, makeClient, PASSWORD, recoveryCode, startTestServer, type TestServer } from "../build.ts"
import { eventually } from "../eventually.ts"
import { htmlProblems } from "../html-rules.ts"
import { faint } from "./looks.ts"

/**
 * Where Debian puts Chromium. The shell is the same engine without a browser's own windows: a page costs half, for each window of the
 * whole browser draws its toolbar as well.
 */
const PLACES = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"]
const CHROMIUM = process.env.PURSER_CHROMIUM ?? PLACES.find((path) => existsSync(path)) ?? PLACES[1]!
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
]

/** The whole browser, with windows of its own: what the shell has not. */
const WHOLE = process.env.PURSER_CHROMIUM ?? "/usr/bin/chromium"
export const hasWholeChromium = existsSync(WHOLE)
export const launchWhole = (): Promise<Browser> =>
  chromium.launch({ executablePath: WHOLE, args: [...ARGS, "--headless=new"] })

export const hasChromium = existsSync(CHROMIUM)

/** `describe` for tests that need a browser. */
export function describeBrowser(name: string, body: () => void): void {
  if (hasChromium) return void describe(name, body)
  console.log(`\n*** no Chromium at ${CHROMIUM}: "${name}" is SKIPPED. Install it, or set PURSER_CHROMIUM. ***\n`)
  if (process.env.PURSER_CI === "1") {
    test(`${name} needs Chromium`, () => expect(CHROMIUM).toBe("an installed browser"))
  } else describe.skip(name, body)
}

/** A server that closes with the scope it was made in: `await using server = await ownServer()`. */
export async function ownServer(
  given: Parameters<typeof startTestServer>[0] = {},
): Promise<TestServer & AsyncDisposable> {
  const server = await startTestServer(given)
  return { ...server, [Symbol.asyncDispose]: () => server.close() }
}

/** One browser for all files, where the check started one; closing it then closes this file's pages only. */
export const launch = (): Promise<Browser> => {
  const shared = process.env.PURSER_TEST_BROWSER
  return shared ? chromium.connect(shared) : chromium.launch({ executablePath: CHROMIUM, args: ARGS })
}

/** Of somebody who set the letters of their browser to twice the size: pages are asked for their widths in `em`. */
export const launchLarge = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: [...ARGS, "--blink-settings=defaultFontSize=32"] })

/** Starts the browser that `launch` then shares. */
export const serveBrowser = (): Promise<BrowserServer> =>
  chromium.launchServer({ executablePath: CHROMIUM, args: ARGS, host: "127.0.0.1" })

export interface Tab {
  page: Page
  context: BrowserContext
  /** What went wrong so far on pages of the server: console errors, CSP violations, inline code, missing titles. */
  problems: string[]
}

export interface TabOptions {
  javaScriptEnabled?: boolean
  colorScheme?: "light" | "dark"
  width?: number
  height?: number
  /** Axe comes with each document: five times cheaper than bringing it after, when most of them are looked at (`pageProblems`). */
  withAxe?: boolean
}

/** A fresh browser profile with one tab. Every document that the server sends is checked on the way. */
export async function openTab(browser: Browser, server: TestServer, options: TabOptions = {}): Promise<Tab> {
  const { width = 1280, height = 800, withAxe = false, ...rest } = options
  const context = await browser.newContext({ ...rest, viewport: { width, height } })
  context.setDefaultTimeout(30_000)
  await context.addInitScript(watchShifts, SHIFT_SEEN)
  if (withAxe) await context.addInitScript({ content: axeSource })
  const problems: string[] = []
  context.on("console", (message) => {
    const { url } = message.location()
    // A page that is itself the answer 404 or 422 is reported by the browser as a failed load.
    const isAnswer = /status of 4\d\d/.test(message.text())
    if (message.type() === "error" && !isAnswer && (url === "" || server.isOwn(url)))
      problems.push(`${url}: console: ${message.text()}`)
  })
  context.on("weberror", (error) => problems.push(`${error.page()?.url()}: ${error.error().message}`))
  context.on("response", async (response) => {
    const type = response.headers()["content-type"] ?? ""
    const url = response.url()
    if (!server.isOwn(url) || !type.startsWith("text/html")) return
    const text = await response.text().catch(() => "")
    // Fragments are parts of a page; documents that a script puts in place are pages.
    if (text.startsWith("<!doctype")) problems.push(...problemsOf(text).map((problem) => `${url}: ${problem}`))
  })
  return { page: await context.newPage(), context, problems }
}

/**
 * What counts as moved on a page that is seen once. A busy machine may paint a page before its last bytes are laid out, and words
 * then settle; design.test.ts loads each page until it is sure and allows nothing.
 */
const SHIFT_SEEN = 0.02

/** Runs in every page from its first moment: keeps what moved without anybody having touched something. */
function watchShifts(least: number): void {
  const seen: string[] = []
  Object.assign(globalThis, { shifts: seen })
  type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node: Element | null }[] }
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries() as Shift[])
      if (!hadRecentInput && value >= least)
        seen.push(`${value.toFixed(4)} ${sources.map(({ node }) => node?.className).join(", ")}`)
  }).observe({ type: "layout-shift", buffered: true })
}

const looked = new Map<string, string[]>()

/** Form tokens and numbers of requests are other letters each time; a page that is otherwise as it was is not looked at again. */
function problemsOf(html: string): string[] {
  const text = html.replace(/name="csrf" value="[\w-]+"|\breq_\w+/g, "")
  const problems = looked.get(text) ?? documentProblems(html)
  looked.set(text, problems)
  return problems
}

/** Validity, inline code, headings and title of a document, read from what the server sent. */
export function documentProblems(html: string): string[] {
  const problems = htmlProblems(html)
  let headings = 0
  let title = ""
  const ids = new Set<string>()
  new HTMLRewriter()
    .on("*", {
      element(element) {
        for (const [name] of element.attributes) {
          if (name === "style" || /^on/.test(name) || name.startsWith("hx-on")) problems.push(`inline ${name}`)
        }
        const id = element.getAttribute("id")
        if (id && ids.has(id)) problems.push(`id ${id} twice`)
        if (id) ids.add(id)
        if (element.tagName === "style") problems.push("inline <style>")
        const isCode = element.tagName === "script" && element.getAttribute("type") !== "application/ld+json"
        if (isCode && !element.getAttribute("src")) problems.push("inline <script>")
        if (element.tagName === "h1") headings++
      },
    })
    .on("head > title", {
      text(part) {
        title += part.text
      },
    })
    .transform(html)
  if (headings !== 1) problems.push(`${headings} h1`)
  if (!/(^| · )Purser$/.test(title)) problems.push(`title "${title}"`)
  return problems
}

/** Signs in on the page that is open, or opens the dashboard to get there. */
export async function signIn(page: Page, server: TestServer, email: string, path = "/dashboard"): Promise<void> {
  await page.goto(server.at(path))
  await fillLogin(page, email)
  const code = recoveryCode(email)
  if (code !== undefined) {
    await page.getByRole("link", { name: "Use a recovery code" }).click()
    await page.getByLabel("Recovery code").fill(code)
    await page.getByRole("button", { name: "Continue" }).click()
  }
  await page.waitForURL(server.at(path))
}

export async function fillLogin(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel("Email").fill(email)
  await page.getByLabel("Password").fill(password)
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
}

/** The newest code mailed to an address, read from the demo mailbox like a person would. */
export async function codeFromMailbox(context: BrowserContext, server: TestServer, email: string): Promise<string> {
  const page = await context.newPage()
  try {
    const look = async () => {
      await page.goto(`${server.url}/mailbox`)
      const mail = page.locator("article", { hasText: email }).first()
      return (await mail.count()) > 0 ? /Your code is (\d{6})/.exec(await textOf(mail))?.[1] : undefined
    }
    return await eventually(`a code for ${email}`, look, { everyMs: 100 })
  } finally {
    await page.close()
  }
}

/** The newest reset link mailed to an address. */
export async function resetLinkFor(server: TestServer, email: string): Promise<string> {
  return await eventually(`a reset link for ${email}`, () => {
    const mails = server.app.mailer.mailbox.filter((mail) => mail.to === email)
    return mails.map((mail) => /https?:\S+\/reset-password\S+/.exec(mail.text)?.[0]).find(Boolean)
  })
}

/** The text a person sees: unlike textContent it leaves out what is hidden, and has one space where the page shows one. */
// biome-ignore lint/performance/useDomNodeTextContent: what is shown is what is tested
export const textOf = (locator: Locator): Promise<string> => locator.innerText()

export interface SampleApp {
  url: string
  client: Client
  stop(): void
}

/** The sample app on a port of its own, registered as a client: another origin, as every app is. */
export async function startSampleApp(server: TestServer, owner: User, name = "Storyteller"): Promise<SampleApp> {
  const port = freePort()
  const redirectUris = [`http://127.0.0.1:${port}/callback`]
  const { client, secret } = await makeClient(server.app, { name, ownerId: owner.id, redirectUris })
  const options: ChatAppOptions = {
    issuer: server.url,
    apiUrl: server.app.config.hosts.api,
    clientId: client.publicId,
    clientSecret: secret,
    port,
    model: "sandbox",
  }
  const app = await startChatApp(options)
  return { url: app.url, client, stop: app.stop }
}

interface AxeResult {
  violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[]
}
interface Axe {
  run(options: {
    rules: Record<string, { enabled: boolean }>
    resultTypes: string[]
    preload: boolean
  }): Promise<AxeResult>
}
const axeSource = readFileSync(Bun.resolveSync("axe-core/axe.min.js", import.meta.dir), "utf8")

/**
 * What moved since the page began to load; faint text in both themes; what axe finds besides (no other rule depends on a theme);
 * sideways overflow at 360 and 320 px. `except` names rules of axe that this page breaks for a reason.
 */
export async function pageProblems(page: Page, except: readonly string[] = []): Promise<string[]> {
  const { shifts, hasAxe, plays } = await page.evaluate(() => ({
    shifts: (globalThis as unknown as { shifts: string[] }).shifts,
    hasAxe: "axe" in globalThis,
    plays: document.querySelector("audio, video") !== null,
  }))
  const problems = shifts.map((shift) => `moved: ${shift}`)
  if (!hasAxe) await page.evaluate(axeSource)
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
    const { wrong } = await page.evaluate(faint)
    problems.push(...wrong.map((text) => `${colorScheme}: ${text}`))
  }
  const found = await page.evaluate(async (preload) => {
    const { axe } = globalThis as unknown as { axe: Axe }
    // Violations alone: describing every element that passes would take three times as long. Loading all sheets and media once more
    // (preload) takes a third of a run, and of the rules that run one wants it: that nothing plays by itself.
    const run = axe.run({ resultTypes: ["violations"], rules: { "color-contrast": { enabled: false } }, preload })
    return (await run).violations
  }, plays)
  for (const { id, help, nodes } of found.filter((each) => !except.includes(each.id)))
    problems.push(`${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 160)).join("\n")}`)
  const size = page.viewportSize()
  for (const width of [360, 320]) {
    await page.setViewportSize({ width, height: 640 })
    const extra = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (extra > 0) problems.push(`${extra} px too wide at ${width}`)
  }
  if (size) await page.setViewportSize(size)
  return problems
}
