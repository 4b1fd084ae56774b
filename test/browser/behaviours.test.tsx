// What the small script adds to pages, in a real browser, also to parts that htmx brings later: focus, flash, signs of slow work,
// copy, menu, dialog, theme. Without scripts the theme is a form like any other.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import type { Browser, Page } from "playwright-core"
import { WebAgent } from "../../src/cli/demo/agent.ts"
import { assetsOf, html as respond } from "../../src/http/index.ts"
import { html } from "../../views/layout/index.ts"
import { Page as Shell } from "../../views/layout/page.tsx"
import { Button, Countdown, FlashPartial, FlashRegion } from "../../views/ui/index.ts"
import { startTestServer, type TestServer } from "../build.ts"
import { eventually } from "../eventually.ts"
import { describeBrowser, launch, openTab } from "./kit.ts"
import { gate, type Line } from "./slow-line.ts"

const Slow = ({ same }: { same: boolean }): JSX.Element => (
  <div id="box">
    <button
      id={same ? "again" : undefined}
      class="button"
      type="button"
      hx-get={`/part?same=${same}`}
      hx-target="#box"
      hx-swap="outerHTML"
    >
      Load
    </button>
  </div>
)
const frame = { theme: "system" as const, csrf: "t", path: "/", requestId: "r", nav: [] }
const LivePage = ({ same }: { same: boolean }): JSX.Element => (
  <Shell frame={frame} title="Live" kind="console" live>
    <main id="main" tabindex="-1">
      <h1>Live</h1>
      <FlashRegion csrf="t" />
      <p id="poll" {...{ "hx-get": "/poll", "hx-trigger": "every 200ms", "hx-swap": "outerHTML" }}>
        0
      </p>
      <Slow same={same} />
      <form method="post" action="/sent">
        <Button label="Send" />
      </form>
    </main>
  </Shell>
)

let browser: Browser
let server: TestServer
let live: { url: string; answers: Line; posts: number; stop(): void }

function startLive(): typeof live {
  const assets = assetsOf(join(import.meta.dir, "../../public"))
  let polls = 0
  const answers = gate()
  const bun = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname, searchParams } = new URL(request.url)
      if (pathname.startsWith("/assets/")) return assets.serve(request, pathname) ?? new Response(null, { status: 404 })
      const same = searchParams.get("same") === "true"
      if (pathname === "/") return respond(html(<LivePage same={same} />))
      if (pathname === "/poll") {
        const next = { "hx-get": "/poll", "hx-trigger": "every 200ms", "hx-swap": "outerHTML" }
        return respond(
          html(
            <p id="poll" {...next}>
              {++polls}
            </p>,
          ),
        )
      }
      await answers.passed()
      if (request.method === "POST") {
        state.posts++
        return new Response(null, { status: 204 })
      }
      return respond(
        html(
          <>
            <Slow same={same} />
            <FlashPartial flash={{ kind: "ok", text: "It is loaded." }} csrf="t" />
            <div id="later">
              <Countdown ms={5_000} now={0} />
            </div>
          </>,
        ),
      )
    },
  })
  const state = { url: bun.url.href, answers, posts: 0, stop: () => void bun.stop(true) }
  return state
}

const focusId = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.id ?? "")

describeBrowser("behaviours", () => {
  beforeAll(async () => {
    live = startLive()
    server = await startTestServer()
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
    live?.stop()
  })

  test("after a swap the focus stays on the same thing, or on what took its place", async () => {
    const page = await (await browser.newContext()).newPage()
    for (const [same, place] of [
      [true, "again"],
      [false, "box"],
    ] as const) {
      await page.goto(`${live.url}?same=${same}`)
      await page.getByRole("button", { name: "Load" }).focus()
      await page.keyboard.press("Enter")
      await page.getByText("It is loaded.").waitFor()
      expect(await focusId(page)).toBe(place)
    }
    await page.context().close()
  }, 120_000)

  test("a flash that a fragment brings is read out, and moves nothing", async () => {
    const page = await (await browser.newContext()).newPage()
    await page.goto(live.url)
    const top = () => page.locator("#box").boundingBox()
    const before = await top()
    await page.getByRole("button", { name: "Load" }).click()
    await page.getByRole("status").getByText("It is loaded.").waitFor()
    expect((await top())?.y).toBe(before!.y)
    await page.context().close()
  }, 120_000)

  test("toasts stand one above the other, at most four, the newest below", async () => {
    const page = await (await browser.newContext()).newPage()
    await page.goto(live.url)
    const toasts = page.getByRole("status").locator(".toast")
    for (let count = 1; count <= 6; count++) {
      await page.getByRole("button", { name: "Load" }).click()
      await page.waitForFunction(
        (least) => document.querySelectorAll("#flash > .toast").length >= least,
        Math.min(count, 4),
      )
    }
    await page.waitForFunction(() => document.querySelectorAll("#flash > .toast").length === 4)
    // In one look: one that is on its way out has no place any more.
    const boxes = await toasts.evaluateAll((all) =>
      all.map((each) => each.getBoundingClientRect()).map(({ top, bottom }) => ({ top, bottom })),
    )
    expect(boxes).toHaveLength(4)
    boxes.slice(1).forEach((box, index) => {
      expect(box.top).toBeGreaterThanOrEqual(boxes[index]!.bottom)
    })
    await page.context().close()
  }, 120_000)

  test("what htmx brings works like what came with the page", async () => {
    const page = await (await browser.newContext()).newPage()
    await page.goto(live.url)
    await page.getByRole("button", { name: "Load" }).click()
    await page.locator("#later time", { hasText: "4 s" }).waitFor()
    await page.context().close()
  }, 120_000)

  test("only what is slow, and what somebody waits for, shows that it works", async () => {
    const page = await (await browser.newContext()).newPage()
    await page.goto(live.url)
    await page.locator("#poll", { hasText: /[3-9]/ }).waitFor()
    expect(await page.locator(".loading").count()).toBe(0)
    const button = page.getByRole("button", { name: "Load" })
    live.answers.hold()
    // In one turn of the page: a busy machine takes longer between two questions than the line waits to be shown.
    const soon = await button.evaluate(async (one: HTMLElement) => {
      one.click()
      await new Promise((done) => setTimeout(done, 100))
      return [one.getAttribute("aria-busy"), document.querySelectorAll(".loading").length]
    })
    expect(soon).toEqual(["true", 0])
    await page.locator(".loading").waitFor({ state: "attached" })
    live.answers.letGo()
    await page.getByText("It is loaded.").waitFor()
    expect(await page.locator(".loading").count()).toBe(0)
    expect(await page.locator("[aria-busy]").count()).toBe(0)
    await page.context().close()
  }, 120_000)

  test("a form is sent once, however often its button is pressed, and says so", async () => {
    const page = await (await browser.newContext()).newPage()
    live.posts = 0
    await page.goto(live.url)
    live.answers.hold()
    const button = page.getByRole("button", { name: "Send" })
    const width = (await button.boundingBox())?.width
    await button.click({ noWaitAfter: true })
    await button.click({ noWaitAfter: true })
    expect(await button.getAttribute("aria-busy")).toBe("true")
    expect((await button.boundingBox())?.width).toBe(width!)
    await page.locator(".loading").waitFor({ state: "attached" })
    live.answers.letGo()
    await eventually("the form", () => live.posts > 0)
    await page.waitForTimeout(300)
    expect(live.posts).toBe(1)
    await page.context().close()
  }, 120_000)

  test("on the page of all parts menu, dialog, tabs and copy work by keyboard; right to left it fits as well", async () => {
    const tab = await openTab(browser, server)
    const { page } = tab
    await page.goto(`${server.url}/_ui`)
    const menu = page.locator('[data-theme="light"] .menu-button').first()
    await menu.getByRole("button").focus()
    await page.keyboard.press("Enter")
    const box = (await menu.locator(".menu-list").boundingBox())!
    const by = (await menu.getByRole("button").boundingBox())!
    expect(Math.abs(box.y - by.y - by.height)).toBeLessThan(12)
    await page.keyboard.press("Escape")
    expect(await menu.locator(".menu-list").isVisible()).toBe(false)
    expect(await menu.getByRole("button").evaluate((button) => button === document.activeElement)).toBe(true)

    const link = page.locator('[data-theme="light"] a[data-dialog]', { hasText: "Opens a dialog" })
    await link.focus()
    await page.keyboard.press("Enter")
    await page.locator("dialog[open]").waitFor()
    await page.keyboard.press("Escape")
    expect(await page.locator("dialog").count()).toBe(0)
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true)

    const tabs = page.locator('[data-theme="light"] .code-tabs')
    await tabs.getByRole("radio", { name: "curl" }).focus()
    await page.keyboard.press("ArrowRight")
    expect(await tabs.locator("pre:visible").textContent()).toContain("new OpenAI")

    await tab.context.grantPermissions(["clipboard-read", "clipboard-write"])
    const copy = page.locator('[data-theme="light"] .copy-line .copy').last()
    await copy.focus()
    await page.keyboard.press("Enter")
    await copy.getByText("Copied").waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("cli_01JD4Z9W5H7Q8R2T3V4X5Y6Z7A")
    await page.setViewportSize({ width: 320, height: 640 })
    const mirrored = await page.evaluate(() => {
      document.documentElement.dir = "rtl"
      return document.documentElement.scrollWidth - document.documentElement.clientWidth
    })
    expect(mirrored).toBeLessThanOrEqual(0)
    expect(tab.problems).toEqual([])
    await tab.context.close()
  }, 120_000)

  test("the theme turns at once and is rendered by the server from then on", async () => {
    const tab = await openTab(browser, server, { colorScheme: "light" })
    const { page } = tab
    await page.goto(`${server.url}/login?next=%2Fdashboard`)
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await paper()
    const answered = page.waitForResponse("**/theme")
    await page.getByRole("button", { name: "Theme: Dark" }).click()
    expect(await paper()).not.toBe(light)
    expect(page.url()).toEndWith("/login?next=%2Fdashboard")
    expect(await page.getByRole("button", { name: "Theme: Dark" }).getAttribute("aria-pressed")).toBe("true")
    await answered
    await page.goto(`${server.url}/`)
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark")
    expect(tab.problems).toEqual([])
    await tab.context.close()
  }, 120_000)
})

test("without scripts the theme is a form that leads back to where it stood", async () => {
  await using plain = await startTestServer().then((made) => ({ ...made, [Symbol.asyncDispose]: () => made.close() }))
  const agent = new WebAgent()
  const login = await agent.get(`${plain.url}/login?next=%2Fapps`)
  const turned = await agent.submit(login, "/theme", { theme: "dark" })
  expect(turned.url).toBe(`${plain.url}/login?next=%2Fapps`)
  expect(turned.text).toContain('data-theme="dark"')
  const csrf = login.forms.flatMap((form) => form.fields).find(([name]) => name === "csrf")![1]
  for (const back of ["https://evil.example/", "//evil.example", "/\\evil.example", ""]) {
    const answer = await agent.post(`${plain.url}/theme`, [
      ["csrf", csrf],
      ["theme", "light"],
      ["back", back],
    ])
    expect(answer.url).toBe(`${plain.url}/`)
  }
  const nonsense = await agent.post(`${plain.url}/theme`, [
    ["csrf", csrf],
    ["theme", "<script>"],
    ["back", "/login"],
  ])
  // Refused: what was chosen before stays.
  expect(nonsense.text).toContain('data-theme="light"')
})
