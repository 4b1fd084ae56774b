// Pickers that take special input: days by keyboard and pointer, sizes on a slider, passwords that can be seen, codes as they are pasted.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Locator, Page } from "playwright-core"
import { startTestServer, type TestServer } from "../build.ts"
import { describeBrowser, launch, openTab, textOf } from "./kit.ts"

let browser: Browser
let server: TestServer

const open = async (options: Parameters<typeof openTab>[2] = {}) => {
  const tab = await openTab(browser, server, options)
  await tab.page.goto(`${server.url}/_ui?part=pickers`)
  return tab
}

const DAYS = "range-of-days-rest-light"
async function openCalendar(page: Page, id = DAYS): Promise<Locator> {
  const calendar = page.locator(`#${id}-calendar`)
  await page.locator(`[popovertarget="${id}-calendar"]`).click()
  await calendar.getByRole("grid").first().waitFor()
  return calendar
}
const dayAt = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.getAttribute("data-day") ?? null)
const pressed = async (page: Page, key: string): Promise<string | null> => {
  await page.keyboard.press(key)
  // The focus follows with the next turn of the page's own clock.
  await page.evaluate(() => new Promise((done) => setTimeout(done, 50)))
  return dayAt(page)
}
const rangeOf = async (page: Page, id = DAYS) => [
  await page.locator(`#${id}-from`).inputValue(),
  await page.locator(`#${id}-to`).inputValue(),
]

describeBrowser("pickers for special input", () => {
  beforeAll(async () => {
    server = await startTestServer()
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  test("a range by keyboard: days, weeks, months, years, the limit, both ends", async () => {
    const { page, context, problems } = await open()
    const calendar = await openCalendar(page)
    expect(await calendar.getByRole("grid").count()).toBe(2)
    expect(await calendar.locator("caption").allInnerTexts()).toEqual(["October 2026", "November 2026"])
    expect(await pressed(page, "ArrowRight")).toBe("2026-11-19")
    expect(await pressed(page, "ArrowUp")).toBe("2026-11-12")
    expect(await pressed(page, "Home")).toBe("2026-11-09")
    expect(await pressed(page, "End")).toBe("2026-11-15")
    expect(await pressed(page, "PageUp")).toBe("2026-10-15")
    expect(await pressed(page, "Shift+PageUp")).toBe("2025-10-15")
    expect(await textOf(calendar.locator("caption").first())).toBe("October 2025")
    expect(await pressed(page, "Shift+PageDown")).toBe("2026-10-15")
    // Not beyond the last day that can be chosen.
    expect(await pressed(page, "PageDown")).toBe("2026-11-15")
    expect(await pressed(page, "PageDown")).toBe("2026-11-26")
    expect(await calendar.locator('[data-day="2026-11-27"]').getAttribute("aria-disabled")).toBe("true")
    // One stop for Tab.
    expect(await calendar.locator('[tabindex="0"]').count()).toBe(1)
    await page.keyboard.press("Enter")
    expect(await textOf(calendar.getByRole("status"))).toMatch(
      /^From Thursday,? 26 November 2026\. Choose the last day\.$/,
    )
    await pressed(page, "ArrowUp")
    expect(await calendar.locator('[aria-selected="true"]').count()).toBe(8)
    await page.keyboard.press("Space")
    // Chosen backwards, it is the same range.
    expect(await rangeOf(page)).toEqual(["2026-11-19", "2026-11-26"])
    expect(await calendar.isVisible()).toBe(false)
    const opener = page.locator(`[popovertarget="${DAYS}-calendar"]`)
    expect(await opener.evaluate((each) => each === document.activeElement)).toBe(true)
    await openCalendar(page)
    await page.keyboard.press("Escape")
    expect(await calendar.isVisible()).toBe(false)
    expect(await rangeOf(page)).toEqual(["2026-11-19", "2026-11-26"])
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("by pointer and by preset; a day that cannot be chosen is not", async () => {
    const { page, context } = await open()
    const calendar = await openCalendar(page)
    await calendar.locator('[data-day="2026-11-28"]').click({ force: true })
    expect(await textOf(calendar.getByRole("status"))).toBe("Choose the first day.")
    await calendar.locator('[data-day="2026-10-05"]').click()
    await calendar.locator('[data-day="2026-11-01"]').click()
    expect(await rangeOf(page)).toEqual(["2026-10-05", "2026-11-01"])
    await openCalendar(page)
    await calendar.getByRole("button", { name: "Last 30 days" }).click()
    const [from = "", to = ""] = await rangeOf(page)
    expect((Date.parse(to) - Date.parse(from)) / 86_400_000).toBe(29)
    expect(to <= "2026-11-26").toBe(true)
    await openCalendar(page)
    await calendar.getByRole("button", { name: "Month before" }).click()
    expect(await calendar.locator('[tabindex="0"]').count()).toBe(1)
    await context.close()
  }, 120_000)

  test("one month on a phone, days of 44 px, nothing wider than the window; right to left the arrows turn", async () => {
    const { page, context } = await open({ width: 375, height: 740 })
    const calendar = await openCalendar(page)
    expect(await calendar.getByRole("grid").filter({ visible: true }).count()).toBe(1)
    const { width, height } = (await calendar.locator('[data-day="2026-11-18"]').boundingBox())!
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(44)
    await page.setViewportSize({ width: 320, height: 640 })
    const box = (await calendar.boundingBox())!
    expect(box.x).toBeGreaterThanOrEqual(0)
    expect(box.x + box.width).toBeLessThanOrEqual(320)
    await page.evaluate(() => {
      document.documentElement.dir = "rtl"
    })
    expect(await pressed(page, "ArrowRight")).toBe("2026-11-17")
    // Off the page of the only month: it turns, and the focus is on a day that shows.
    await pressed(page, "PageUp")
    expect(await textOf(calendar.locator("caption").first())).toBe("October 2026")
    expect(await dayAt(page)).toBe("2026-10-17")
    await context.close()
  }, 120_000)

  test("a slider of sizes: steps of 1, 2, 5; the field takes any value and is what is read out", async () => {
    const { page, context } = await open()
    const field = page.locator("#slider-of-sizes-limit-0-light")
    const slider = page.locator('input[data-sync="slider-of-sizes-limit-0-light"]')
    await slider.focus()
    const seen: string[] = []
    for (const key of [
      "ArrowRight",
      "ArrowRight",
      "End",
      "ArrowLeft",
      "Home",
      "ArrowRight",
      "ArrowRight",
      "ArrowRight",
    ]) {
      await page.keyboard.press(key)
      seen.push(await field.inputValue())
    }
    expect(seen).toEqual(["200", "500", "1000", "500", "0", "1", "2", "5"])
    expect(await slider.getAttribute("aria-valuetext")).toBe("5 credits")
    await field.fill("73.5")
    expect(await slider.getAttribute("aria-valuetext")).toBe("73.5 credits")
    expect(await slider.inputValue()).toBe("6")
    await field.fill("123456")
    expect(await slider.inputValue()).toBe("10")
    expect(await field.inputValue()).toBe("123456")
    await context.close()
  }, 120_000)

  test("a password is seen while the button is pressed, and hidden before it is sent", async () => {
    const { page, context, problems } = await openTab(browser, server)
    await page.goto(`${server.url}/login`)
    // The page begins in its first field.
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("email")
    const field = page.locator("#password")
    const button = page.getByRole("button", { name: "Show Password" })
    await field.fill("ships and harbours")
    expect(await button.getAttribute("aria-pressed")).toBe("false")
    await button.click()
    expect([await field.getAttribute("type"), await button.getAttribute("aria-pressed")]).toEqual(["text", "true"])
    expect(await field.getAttribute("autocomplete")).toBe("current-password")
    await page.route("**/login", (route) => (route.request().method() === "POST" ? undefined : route.continue()))
    const sent = page.waitForRequest((request) => request.method() === "POST")
    await field.press("Enter")
    await sent
    expect(await field.getAttribute("type")).toBe("password")
    expect(await button.getAttribute("aria-pressed")).toBe("false")

    // Caps Lock is said beside the label, where it moves nothing.
    const before = await field.boundingBox()
    const caps = (isOn: boolean) =>
      field.evaluate(
        (each, modifierCapsLock) =>
          each.dispatchEvent(new KeyboardEvent("keydown", { key: "A", bubbles: true, modifierCapsLock })),
        isOn,
      )
    await caps(true)
    expect(await textOf(page.locator(".password .caps"))).toBe("Caps Lock is on")
    expect(await field.boundingBox()).toEqual(before)
    await caps(false)
    expect(await page.locator(".password .caps").textContent()).toBe("")
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("a code goes by itself once it is whole, however it was pasted, and only once", async () => {
    const { page, context } = await openTab(browser, server)
    await page.goto(`${server.url}/signup`)
    await page.getByLabel("Email").fill("pasted@example.com")
    await page.getByLabel("Password").fill("ships and harbours")
    await page.getByRole("button", { name: "Create account" }).click()
    const field = page.getByLabel("Code")
    await field.waitFor()
    expect(await field.evaluate((each) => each === document.activeElement)).toBe(true)
    const posts: string[] = []
    page.on("request", (request) => void (request.method() === "POST" && posts.push(request.postData() ?? "")))
    const paste = async (text: string) => {
      const answered = page.waitForResponse((one) => one.request().method() === "POST")
      await field.evaluate((each, words) => {
        each.dataset.before = ""
        each.focus()
        ;(each as HTMLInputElement).select()
        document.execCommand("insertText", false, words)
      }, text)
      await answered
      // The answer has a field of its own.
      await page.waitForFunction(() => !document.querySelector("[data-before]"))
      await page.getByText("This code does not match.").first().waitFor()
      await page.waitForFunction(() => !document.querySelector("form[data-sent], [aria-busy='true']"))
    }
    // Not yet whole: nothing is sent.
    await field.fill(" 000 00")
    await field.fill("")
    expect(posts).toEqual([])
    for (const text of [" 000 001", "000-002", "\uff10\uff10\uff10\uff10\uff10\uff13"]) await paste(text)
    expect(posts.map((post) => new URLSearchParams(post).get("code"))).toEqual(["000001", "000002", "000003"])
    // The error is said once, beside the field, which has the focus.
    expect(await page.getByText("This code does not match.").count()).toBe(1)
    const again = page.getByLabel("Code")
    expect(await again.getAttribute("aria-describedby")).toContain("code-error")
    expect(await again.evaluate((each) => each === document.activeElement)).toBe(true)
    await context.close()
  }, 120_000)
})
