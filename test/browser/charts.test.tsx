// Charts in a real browser: read with a mouse, a finger and keys, with series taken away, while figures move below, on narrow and
// right-to-left pages, in forced colours, on paper, and without scripts.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import type { Browser, BrowserContextOptions, Page } from "playwright-core"
import { assetsOf, html as respond } from "../../src/http/index.ts"
import { html, setAssetUrl } from "../../views/layout/index.ts"
import { Page as Shell } from "../../views/layout/page.tsx"
import { counted, Donut, HeatMap, LineChart, StackedBarChart } from "../../views/ui/index.ts"
import { describeBrowser, launch, pageProblems } from "./kit.ts"

const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 20, 14, 30)
const CALLS = counted("Calls", "call", "calls")
const days = Array.from({ length: 10 }, (_, index) => NOW - (9 - index) * DAY)
const series = (more: number) => [
  { label: "Storyteller", values: days.map((_, index) => 10 + index + more) },
  { label: "دفتر", values: days.map((_, index) => 40 - index) },
  { label: "A name that is much longer than any chart has room for beside its figure", values: days.map(() => 5) },
]
const frame = { theme: "system" as const, csrf: "t", path: "/", requestId: "r", nav: [] }

/** What moves while it is looked at. htmx is there from the start, because it does not wait for "moved" alone. */
const Figures = ({ more }: { more: number }): JSX.Element => (
  <div id="figures" {...{ "hx-get": "/figures", "hx-trigger": "moved delay:1ms", "hx-swap": "outerMorph" }}>
    <h2 safe>{`Version ${more}`}</h2>
    <StackedBarChart id="stack" title="Calls by app" unit={CALLS} days={days} series={series(more)} />
    <LineChart id="line" title="Level" unit={CALLS} days={days} series={series(more).slice(0, 2)} />
    <Donut
      id="ring"
      title="By type"
      head="Type"
      unit={CALLS}
      slices={[
        { label: "Chat", used: 60 + more },
        { label: "Images", used: 40 },
      ]}
    />
    <HeatMap
      id="heat"
      title="Calls by weekday"
      unit={CALLS}
      head="Weekday"
      atMs={NOW}
      rows={["Monday", "Tuesday"].map((label, row) => ({
        label,
        values: Array.from({ length: 24 }, (_, hour) => hour * (row + 1)),
      }))}
    />
    <p id="below">Below</p>
  </div>
)

const ChartsPage = (): JSX.Element => (
  <Shell frame={frame} title="Charts" kind="console" live>
    <main id="main" tabindex="-1">
      <h1>Charts</h1>
      <Figures more={0} />
    </main>
  </Shell>
)

let browser: Browser
let server: { url: string; stop(): void }

function startCharts(): typeof server {
  const assets = assetsOf(join(import.meta.dir, "../../public"))
  setAssetUrl(assets.url)
  let version = 0
  const bun = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const { pathname } = new URL(request.url)
      if (pathname.startsWith("/assets/")) return assets.serve(request, pathname) ?? new Response(null, { status: 404 })
      return respond(html(pathname === "/figures" ? <Figures more={++version} /> : <ChartsPage />))
    },
  })
  return {
    url: bun.url.href,
    stop() {
      bun.stop(true)
      setAssetUrl((path) => `/assets/${path}`)
    },
  }
}

/** A page whose charts can be read. */
async function open(options: BrowserContextOptions = {}): Promise<{ page: Page; problems: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, timezoneId: "UTC", ...options })
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  const problems: string[] = []
  page.on("pageerror", (error) => problems.push(error.message))
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()))
  await page.goto(server.url)
  // Set up: the keys know where they are.
  if (options.javaScriptEnabled !== false) {
    await page.waitForFunction(() =>
      [...document.querySelectorAll(".probe input")].every((input) => input.hasAttribute("aria-valuetext")),
    )
  }
  return { page, problems }
}

const tipOf = (page: Page, id: string) => page.locator(`#${id} .tip`)
const linesOf = (page: Page, id: string): Promise<string[]> =>
  page.locator(`#${id} .tip p`).evaluateAll((lines) =>
    lines.map(
      (line) =>
        [...line.children]
          .map((one) => one.textContent)
          .filter(Boolean)
          .join(" ") ||
        (line.textContent ?? ""),
    ),
  )
/** The middle of the day at `index` of ten. */
async function middleOf(page: Page, id: string, index: number): Promise<[number, number]> {
  const stage = page.locator(`#${id} .stage`)
  await stage.scrollIntoViewIfNeeded()
  const box = (await stage.boundingBox())!
  return [box.x + (box.width * (index + 0.5)) / 10, box.y + box.height / 2]
}
const move = (page: Page) => page.evaluate(() => document.getElementById("figures")?.dispatchEvent(new Event("moved")))

describeBrowser("charts", () => {
  beforeAll(async () => {
    server = startCharts()
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    server?.stop()
  })

  test("a mouse reads all series of a day at once, and nothing moves", async () => {
    const { page, problems } = await open()
    const places = () =>
      page.locator("h2, figure, #ring, #below").evaluateAll((all) =>
        all.map((one) => {
          const { x, y, width, height } = one.getBoundingClientRect()
          return [x, y + scrollY, width, height].map(Math.round)
        }),
      )
    const before = await places()
    await page.mouse.move(...(await middleOf(page, "stack", 3)))
    expect(await linesOf(page, "stack")).toEqual([
      "14 Nov 2026 (UTC)",
      "Storyteller 13 calls",
      "دفتر 37 calls",
      "A name that is much longer than any chart has room for beside its figure 5 calls",
      "Together 55 calls",
    ])
    expect(await page.locator("#stack .tip svg").count()).toBe(3)
    // The browser's own tooltip, which comes late, has nothing to say here.
    const [x, y] = await middleOf(page, "stack", 3)
    expect(await page.evaluate(([x, y]) => document.elementFromPoint(x!, y!)?.className, [x, y])).toBe("probe js")
    await page.mouse.move(...(await middleOf(page, "line", 9)))
    expect(await linesOf(page, "line")).toEqual(["20 Nov 2026 (UTC)", "Storyteller 19 calls", "دفتر 31 calls"])
    expect(await tipOf(page, "stack").isVisible()).toBe(false)
    expect(await page.locator("#line .dot").count()).toBe(2)
    await page.mouse.move(...(await middleOf(page, "ring", 9)))
    expect(await linesOf(page, "ring")).toEqual(["Chat", "60 calls, 60%"])
    await page.mouse.move(2, 2)
    expect(await page.locator(".tip:visible").count()).toBe(0)
    expect(await places()).toEqual(before)
    expect(problems).toEqual([])
    await page.context().close()
  }, 120_000)

  test("keys read day by day, each is said once", async () => {
    const { page, problems } = await open()
    const input = page.locator("#line .probe input")
    await page.locator("#line .key button").last().focus()
    await page.keyboard.press("Tab")
    expect(await input.evaluate((one) => one === document.activeElement)).toBe(true)
    expect(await linesOf(page, "line")).toEqual(["20 Nov 2026 (UTC)", "Storyteller 19 calls", "دفتر 31 calls"])
    const outline = await page.locator("#line .probe").evaluate((probe) => getComputedStyle(probe).outlineStyle)
    expect(outline).toBe("solid")
    const said: (string | null)[] = []
    for (const key of ["ArrowLeft", "Home", "ArrowLeft", "ArrowRight", "End"]) {
      await page.keyboard.press(key)
      said.push(await input.getAttribute("aria-valuetext"))
      expect((await linesOf(page, "line"))[0]).toBe(said.at(-1)!.split(", ")[0]!)
    }
    expect(said.map((words) => words?.split(" ")[0])).toEqual(["19", "11", "11", "12", "20"])
    expect(said[0]).toBe("19 Nov 2026 (UTC), Storyteller: 18 calls, دفتر: 32 calls")
    // What is shown is not said a second time.
    expect(await page.locator("#line [aria-live], #line [role=status]").count()).toBe(0)
    expect(await tipOf(page, "line").getAttribute("aria-hidden")).toBe("true")
    await page.keyboard.press("Escape")
    expect(await tipOf(page, "line").isVisible()).toBe(false)
    await page.keyboard.press("ArrowLeft")
    expect(await tipOf(page, "line").isVisible()).toBe(true)
    // A pointer passes, and the keys are still where they were.
    await page.mouse.move(...(await middleOf(page, "line", 0)))
    await page.mouse.move(2, 2)
    expect((await linesOf(page, "line"))[0]).toBe("19 Nov 2026 (UTC)")
    await page.keyboard.press("Tab")
    expect(await tipOf(page, "line").isVisible()).toBe(false)
    expect(problems).toEqual([])
    await page.context().close()
  }, 120_000)

  test("a finger taps and drags, and a page can still be scrolled there", async () => {
    const { page, problems } = await open({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 640 } })
    const touch = await page.context().newCDPSession(page)
    const send = (type: "touchStart" | "touchMove" | "touchEnd", points: [number, number][]) =>
      touch.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y]) => ({ x, y })) })
    const [x, y] = await middleOf(page, "stack", 2)
    await page.touchscreen.tap(x, y)
    expect((await linesOf(page, "stack"))[0]).toBe("13 Nov 2026 (UTC)")
    await send("touchStart", [[x, y]])
    for (let index = 3; index <= 6; index++) await send("touchMove", [await middleOf(page, "stack", index)])
    // Chromium hands moves on with the next frame.
    await page.waitForFunction(() => document.querySelector("#stack .tip p")?.textContent === "17 Nov 2026 (UTC)")
    await send("touchEnd", [])
    expect(await tipOf(page, "stack").isVisible()).toBe(true)
    const from = await page.evaluate(() => scrollY)
    await send("touchStart", [[x, y]])
    for (let step = 1; step <= 12; step++) await send("touchMove", [[x, y - step * 12]])
    await send("touchEnd", [])
    await page.waitForFunction((was) => scrollY > was + 40, from)
    expect(await tipOf(page, "stack").isVisible()).toBe(false)
    await page.touchscreen.tap(...(await middleOf(page, "stack", 2)))
    expect(await tipOf(page, "stack").isVisible()).toBe(true)
    await page.locator("#below").tap()
    expect(await tipOf(page, "stack").isVisible()).toBe(false)
    expect(problems).toEqual([])
    await page.context().close()
  }, 120_000)

  test("a name in the key brings its series forward, or takes it away", async () => {
    const { page, problems } = await open()
    const names = page.locator("#stack .key button:not([data-patterns])")
    const tops = (tone: number) =>
      page
        .locator(`#stack .stage > svg .tone-${tone}.drawn`)
        .evaluateAll((all) => all.map((one) => one.getAttribute("y")))
    const bottoms = () =>
      page
        .locator("#stack .stage > svg .tone-2.drawn")
        .evaluateAll((all) =>
          all.map((one) => Math.round(Number(one.getAttribute("y")) + Number(one.getAttribute("height")))),
        )
    const whole = await tops(3)
    await names.nth(1).hover()
    expect(await page.locator("#stack .stage > svg .dim").count()).toBe(20)
    await page.mouse.move(2, 2)
    expect(await page.locator("#stack .stage > svg .dim").count()).toBe(0)
    await names.first().focus()
    await page.keyboard.press("Enter")
    expect(await names.first().getAttribute("aria-pressed")).toBe("false")
    expect(await page.locator("#stack .stage > svg .tone-1.drawn:visible").count()).toBe(0)
    // What stood on it stands on the axis now.
    expect(new Set(await bottoms())).toEqual(new Set([168]))
    await page.mouse.move(...(await middleOf(page, "stack", 3)))
    expect((await linesOf(page, "stack")).slice(0, 2)).toEqual(["14 Nov 2026 (UTC)", "دفتر 37 calls"])
    expect(await linesOf(page, "stack")).toHaveLength(3)
    await names.first().click()
    expect(await tops(3)).toEqual(whole)
    for (const index of [0, 1, 2]) await names.nth(index).click()
    expect(await names.evaluateAll((all) => all.map((one) => one.ariaPressed))).toEqual(["true", "true", "true"])
    expect(problems).toEqual([])
    await page.context().close()
  }, 120_000)

  test("figures that move below leave what is read, taken away and opened as it was", async () => {
    const { page, problems } = await open()
    await page.waitForFunction(() => document.querySelector("[data-htmx-powered]") !== null)
    await page.locator("#stack .key button").nth(1).click()
    await page.locator("#line summary").click()
    await page.locator("#line .key button").last().focus()
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowLeft")
    await move(page)
    await page.getByRole("heading", { name: "Version 1" }).waitFor()
    await page.waitForFunction(() => document.querySelector("#line .tip")?.textContent?.includes("19 calls"))
    expect(await linesOf(page, "line")).toEqual(["19 Nov 2026 (UTC)", "Storyteller 19 calls", "دفتر 32 calls"])
    expect(await page.locator("#line .probe input").evaluate((one) => one === document.activeElement)).toBe(true)
    expect(await page.locator("#line details").getAttribute("open")).toBe("")
    expect(await page.locator("#stack .key button").nth(1).getAttribute("aria-pressed")).toBe("false")
    expect(await page.locator("#stack .stage > svg .tone-2.drawn:visible").count()).toBe(0)
    expect(problems).toEqual([])
    await page.context().close()
  }, 120_000)

  test("hours are the reader's, UTC stands in the title; arrows lead up and down", async () => {
    const { page } = await open({ timezoneId: "Asia/Kolkata" })
    const heads = page.locator("#heat [data-hour]")
    expect(await heads.first().textContent()).toBe("05:30")
    expect(await page.locator("#heat thead th").nth(1).getAttribute("title")).toBe("00:00 UTC")
    const input = page.locator("#heat .probe input")
    await input.focus()
    await page.keyboard.press("Home")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowDown")
    expect(await input.getAttribute("aria-valuetext")).toBe(
      "Tuesday, 01:00 to 02:00 UTC, 2 calls, On your clock: 06:30 to 07:30",
    )
    await page.keyboard.press("ArrowDown")
    expect(await input.inputValue()).toBe("25")
    await page.keyboard.press("ArrowUp")
    expect((await linesOf(page, "heat"))[0]).toBe("Monday, 01:00 to 02:00 UTC")
    await page.context().close()
  }, 120_000)

  test("narrow and right to left, what is read stays in sight", async () => {
    const { page } = await open({ viewport: { width: 320, height: 700 } })
    for (const dir of ["ltr", "rtl"]) {
      await page.evaluate((dir) => {
        document.documentElement.dir = dir
      }, dir)
      for (const [id, index] of [
        ["stack", 0],
        ["stack", 9],
        ["line", 5],
        ["heat", 9],
        ["ring", 9],
      ] as const) {
        await page.mouse.move(...(await middleOf(page, id, index)))
        const tip = (await tipOf(page, id).boundingBox())!
        expect(tip.x).toBeGreaterThanOrEqual(0)
        expect(tip.x + tip.width).toBeLessThanOrEqual(320)
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
      }
    }
    expect((await linesOf(page, "heat")).length).toBeGreaterThan(1)
    await page.context().close()
  }, 120_000)

  test("hues on screens; patterns when asked for, on paper and in forced colours", async () => {
    const { page } = await open()
    const fill = (tone: number) =>
      page
        .locator(`#stack .plot .tone-${tone}.drawn`)
        .first()
        .evaluate((one) => getComputedStyle(one).fill)
    expect(await fill(2)).toStartWith("oklch")
    await page.getByRole("button", { name: "Patterns" }).click()
    expect(await fill(2)).toContain("#stack-p1")
    await page.reload()
    await page.locator("button[data-patterns][aria-pressed=true]").waitFor()
    expect(await fill(3)).toContain("#stack-p2")
    await page.getByRole("button", { name: "Patterns" }).click()
    expect(await fill(2)).toStartWith("oklch")
    await page.emulateMedia({ media: "print" })
    expect(await fill(2)).toContain("#stack-p1")
    expect(await page.locator("#stack .probe, button[data-patterns]").first().isVisible()).toBe(false)
    expect(await page.locator("#stack .key li").first().isVisible()).toBe(true)
    await page.emulateMedia({ media: "screen", forcedColors: "active" })
    expect(await fill(2)).toContain("#stack-p1")
    await page.context().close()
  }, 120_000)

  test("without scripts there is nothing that does nothing: titles and the table tell it", async () => {
    const { page } = await open({ javaScriptEnabled: false })
    expect(await page.locator(".probe:visible, .key button:visible").count()).toBe(0)
    expect(await page.locator("#stack .key .nojs:visible").count()).toBe(3)
    const [x, y] = await middleOf(page, "line", 3)
    const title = await page.evaluate(
      ([x, y]) => document.elementFromPoint(x!, y!)?.querySelector("title")?.textContent,
      [x, y],
    )
    expect(title).toBe("14 Nov 2026 (UTC)\nStoryteller: 13 calls\nدفتر: 37 calls")
    await page.locator("#line summary").click()
    expect(await page.locator("#line tbody tr").count()).toBe(10)
    await page.context().close()
  }, 120_000)

  test("has no fault that axe finds", async () => {
    const { page } = await open()
    await page.evaluate(() => Object.assign(globalThis, { shifts: [] }))
    expect(await pageProblems(page)).toEqual([])
    await page.context().close()
  }, 120_000)
})
