// Right to left, and days that are not over: what only the style sheets say, as a browser draws it.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { type FixtureServer, startFixtures } from "./fixture-server.ts"
import { describeBrowser, launch } from "./kit.ts"

let browser: Browser
let fixtures: FixtureServer

describeBrowser("what style sheets alone say", () => {
  beforeAll(async () => {
    fixtures = startFixtures()
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    fixtures?.stop()
  })

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
  }, 60_000)

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
  }, 60_000)
})
