// What every page keeps to where letters are twice as large, as a browser's settings make them: it fits its window, and no word of the
// menu is broken (WCAG 2.2, 1.4.4). Pages come from the fixtures.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { type FixtureServer, PAGES, startFixtures } from "./fixture-server.ts"
import { describeBrowser, launchLarge } from "./kit.ts"
import { tooWide, tornWords } from "./looks.ts"

/** What does not fit is a frame or a part, which many pages share. */
const SOME = PAGES.filter((_, at) => at % 5 === 0)

let browser: Browser
let fixtures: FixtureServer

describeBrowser("letters of twice the size", () => {
  beforeAll(async () => {
    fixtures = startFixtures()
    browser = await launchLarge()
  })
  afterAll(async () => {
    await browser?.close()
    fixtures?.stop()
  })

  test("pages fit a desk and half of one, and the words around it stay whole", async () => {
    const found: string[] = []
    const names = [...SOME]
    const worker = async () => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
      for (let name = names.shift(); name; name = names.shift()) {
        await page.goto(fixtures.url("friendly", name))
        // The setting reached the page, or nothing below says anything.
        expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe("32px")
        for (const width of [1280, 640]) {
          await page.setViewportSize({ width, height: 800 })
          const wrong = [...(await page.evaluate(tooWide)), ...(await page.evaluate(tornWords))]
          if (wrong.length > 0) found.push(`${name} at ${width}: ${wrong.join(", ")}`)
        }
        await page.setViewportSize({ width: 1280, height: 800 })
      }
      await page.close()
    }
    await Promise.all(Array.from({ length: 4 }, worker))
    expect(found).toEqual([])
  }, 600_000)
})
