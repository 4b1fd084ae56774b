// A line that takes its time, and what happens to a page meanwhile.
import type { BrowserContext, Locator, Page } from "playwright-core"

export const SLOW_MS = 300

/** From now on everything but public files and streams takes its time; `ms` may depend on the address, so that answers overtake each other. */
export const slowLine = (context: BrowserContext, ms: (url: string) => number = () => SLOW_MS): Promise<unknown> =>
  context.route(
    (url) => !url.pathname.startsWith("/assets/") && !url.pathname.endsWith("/events") && url.hostname === "localhost",
    async (route) => {
      await Bun.sleep(ms(route.request().url()))
      await route.continue().catch(() => {})
    },
  )

/** Name of what has the focus. */
export const focusText = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => document.activeElement?.textContent?.trim())

export const isFocused = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => element === document.activeElement)

/** Begins to add up how far things move by themselves, as browsers count it. */
export const startShifts = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const sum = { moved: 0 }
    Object.assign(globalThis, { sum })
    type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean }
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput } of list.getEntries() as Shift[]) if (!hadRecentInput) sum.moved += value
    }).observe({ type: "layout-shift" })
  })

/** @returns the sum so far, without unit: the part of the window that moved, times how far */
export async function moved(page: Page): Promise<number> {
  await page.waitForTimeout(120)
  return page.evaluate(() => (globalThis as unknown as { sum: { moved: number } }).sum.moved)
}
