// Every page in forced colours and on paper: what a tint told is still told, and what paper cannot use is not on it.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import { PAPER } from "../../views/layout/head.tsx"
import { type FixtureServer, PAGES, startFixtures } from "./fixture-server.ts"
import { describeBrowser, launch } from "./kit.ts"

let browser: Browser
let fixtures: FixtureServer

describeBrowser("other ways to look at a page", () => {
  beforeAll(async () => {
    fixtures = startFixtures()
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    fixtures?.stop()
  })

  test.each(["light", "dark"] as const)(
    "in forced colours, %s: the current place, meters, pressed buttons, boxes and lines of charts are seen",
    async (colorScheme) => {
      const page = await (await browser.newContext({ forcedColors: "active", colorScheme })).newPage()
      const wrong: string[] = []
      const seen = { current: 0, meter: 0, line: 0, pressed: 0, box: 0 }
      for (const name of PAGES) {
        await page.goto(fixtures.url("friendly", name))
        const found = await page.evaluate(unseen)
        wrong.push(...found.wrong.map((what) => `${name}: ${what}`))
        for (const [kind, count] of Object.entries(found.seen)) seen[kind as keyof typeof seen] += count
      }
      expect(wrong).toEqual([])
      for (const [kind, count] of Object.entries(seen)) expect([kind, count > 0]).toEqual([kind, true])
      await page.context().close()
    },
    180_000,
  )

  test("a theme that was chosen does not fight the system's colours", async () => {
    const page = await (await browser.newContext({ forcedColors: "active", colorScheme: "light" })).newPage()
    await page.goto(fixtures.url("friendly", "dashboard"))
    const ink = () => page.evaluate(() => getComputedStyle(document.querySelector(".icon")!).stroke)
    const before = await ink()
    await page.evaluate(() => {
      document.documentElement.dataset.theme = "dark"
    })
    expect(await ink()).toBe(before)
    await page.context().close()
  }, 60_000)

  test("on paper no page has controls, and nothing is cut off", async () => {
    const page = await (await browser.newContext({ viewport: { width: 720, height: 1000 } })).newPage()
    await page.emulateMedia({ media: "print" })
    const wrong: string[] = []
    for (const name of PAGES) {
      await page.goto(fixtures.url("friendly", name))
      const found = await page.evaluate(() => {
        const controls =
          ".button, .copy, .pager, .pagination, .segments, .range, .search-box, .theme, .tabs, .topbar, .sidebar"
        const shown = [...document.querySelectorAll<HTMLElement>(controls)].filter((one) => one.checkVisibility())
        const wide = [...document.querySelectorAll<HTMLElement>("main .table-wrap")].filter(
          (one) => getComputedStyle(one).overflowX !== "visible",
        )
        const empty = (document.querySelector("h1")?.getBoundingClientRect().height ?? 0) < 10
        return [
          ...shown.map((one) => one.className),
          ...wide.map(() => "a table is cut"),
          ...(empty ? ["no heading"] : []),
        ]
      })
      wrong.push(...found.map((what) => `${name}: ${what}`))
    }
    expect(wrong).toEqual([])
    await page.context().close()
  }, 180_000)

  test("the browser's own colour is the paper's, and follows the theme", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await (await browser.newContext({ colorScheme })).newPage()
      await page.goto(fixtures.url("friendly", "login"))
      expect(await paperOf(page)).toBe(PAPER[colorScheme])
      await page.getByRole("button", { name: "Theme: Dark" }).click()
      const metas = await page
        .locator('meta[name="theme-color"]')
        .evaluateAll((all) => all.map((one) => (one as HTMLMetaElement).content))
      const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
      expect(metas).toEqual([paper, paper])
      expect(await paperOf(page)).toBe(PAPER.dark)
      await page.context().close()
    }
  }, 60_000)
})

/** The ground of the page as "#rrggbb". */
const paperOf = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const canvas = document.createElement("canvas").getContext("2d")!
    canvas.fillStyle = getComputedStyle(document.body).backgroundColor
    canvas.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data
    return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`
  })

/** Runs in the page: what looks like its neighbours or its ground though it means something else. */
function unseen(): { wrong: string[]; seen: Record<string, number> } {
  const wrong: string[] = []
  const seen = { current: 0, meter: 0, line: 0, pressed: 0, box: 0 }
  const all = (selector: string) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility())
  const look = (one: Element): string => {
    const { backgroundColor, color, borderBlockEnd, outlineStyle } = getComputedStyle(one)
    return [backgroundColor, color, borderBlockEnd, outlineStyle].join()
  }
  const luminance = (color: string): number => {
    const canvas = document.createElement("canvas").getContext("2d")!
    canvas.fillStyle = color
    canvas.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) =>
      part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const contrast = (one: string, other: string): number => {
    const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
    return (high + 0.05) / (low + 0.05)
  }
  // The ground itself is see-through in forced colours.
  const probe = document.body.appendChild(document.createElement("i"))
  probe.style.backgroundColor = "Canvas"
  const paper = getComputedStyle(probe).backgroundColor
  probe.remove()
  for (const here of all("a[aria-current]")) {
    const others = all("a[href]:not([aria-current])").filter((one) => one.closest("nav") === here.closest("nav"))
    if (others.length === 0) continue
    seen.current++
    if (others.some((one) => look(one) === look(here)))
      wrong.push(`the current "${here.textContent}" looks like the others`)
  }
  for (const button of all("button[aria-pressed='true']")) {
    seen.pressed++
    const other = button.parentElement!.querySelector("button[aria-pressed='false']")
    if (other && look(other) === look(button)) wrong.push("the pressed button looks like the others")
  }
  for (const meter of all("meter, progress")) {
    seen.meter++
    const { borderTopWidth, borderTopColor } = getComputedStyle(meter)
    if (Number.parseFloat(borderTopWidth) < 1 || contrast(borderTopColor, paper) < 3) wrong.push("a meter has no edge")
  }
  for (const box of all('input[type="checkbox"], input[type="radio"]:not(.sr)')) {
    seen.box++
    if (getComputedStyle(box).appearance !== "auto") wrong.push("a box is drawn by hand")
  }
  for (const line of all("svg[role='img'] path, .chart path, .sparkline path")) {
    const { stroke, strokeWidth } = getComputedStyle(line)
    if (stroke === "none" || Number.parseFloat(strokeWidth) === 0 || line.closest("pattern, defs")) continue
    seen.line++
    if (stroke.startsWith("rgb") || stroke.startsWith("okl"))
      if (contrast(stroke, paper) < 3 && !line.closest(".grid, .axis")) wrong.push(`a line of ${stroke} on ${paper}`)
  }
  return { wrong: [...new Set(wrong)], seen }
}
