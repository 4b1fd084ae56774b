// Other ways to look at a page: forced colours, a chosen theme, right to left, days that are not over. What only the style sheets say, as
// a browser draws it; every page in forced colours and on paper is in design.test.ts.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import { PAPER } from "../../views/layout/head.tsx"
import { type FixtureServer, startFixtures } from "./fixture-server.ts"
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
  }, 120_000)

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
  }, 120_000)

  test("right to left the sidebar stands at the right on its own ground, and the arrow of a select at its end", async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(fixtures.url("friendly", "credits"))
    const look = () =>
      page.evaluate(() => {
        const { left, right } = document.querySelector(".sidebar")!.getBoundingClientRect()
        const [, angle] = /linear-gradient\((-?\d+)deg/.exec(getComputedStyle(document.body).backgroundImage) ?? []
        const select = document.querySelector("select")!
        return {
          bar: left === 0 ? "left" : right === innerWidth ? "right" : "between",
          // The colour of the bar's ground begins here, and the paper's follows.
          ground: angle === "90" ? "left" : angle === "-90" ? "right" : angle,
          arrow: getComputedStyle(select).backgroundPositionX.startsWith("calc(100%") ? "right" : "left",
        }
      })
    expect(await look()).toEqual({ bar: "left", ground: "left", arrow: "right" })
    await page.evaluate(() => {
      document.documentElement.dir = "rtl"
    })
    expect(await look()).toEqual({ bar: "right", ground: "right", arrow: "left" })
    await page.close()
  }, 120_000)

  test("the stretch to a day that is not over is dashed, in colours and in forced ones", async () => {
    for (const forcedColors of ["none", "active"] as const) {
      const page = await browser.newPage({ forcedColors })
      await page.goto(fixtures.url("friendly", "dashboard"))
      const dashes = (selector: string) =>
        page
          .locator(selector)
          .first()
          .evaluate((line) => getComputedStyle(line).strokeDasharray)
      expect(await dashes(".line-1:not(.so-far)")).toBe("none")
      expect(await dashes(".line.so-far")).not.toBe("none")
      await page.close()
    }
  }, 120_000)
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
