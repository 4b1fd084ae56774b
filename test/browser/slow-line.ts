// A line that takes its time, and what happens to a page meanwhile.
import type { BrowserContext, Locator, Page } from "playwright-core"

export const SLOW_MS = 300

/** What is looked at while an answer is awaited: on a busy machine a time that it takes is over before the look. */
export interface Line {
  /** Nothing more comes through, until it is let go. */
  hold(): void
  letGo(): void
}

/** Open, until it is held. */
export function gate(): Line & { passed(): Promise<void> } {
  let [passed, letGo] = [Promise.resolve(), () => {}]
  return {
    hold() {
      const held = Promise.withResolvers<void>()
      passed = held.promise
      letGo = held.resolve
    },
    letGo: () => letGo(),
    passed: () => passed,
  }
}

/** From now on everything but public files and streams takes its time; `ms` may depend on the address, so that answers overtake each other. */
export async function slowLine(context: BrowserContext, ms: (url: string) => number = () => SLOW_MS): Promise<Line> {
  const line = gate()
  await context.route(
    (url) => !url.pathname.startsWith("/assets/") && !url.pathname.endsWith("/events") && url.hostname === "localhost",
    async (route) => {
      await Bun.sleep(ms(route.request().url()))
      await line.passed()
      await route.continue().catch(() => {})
    },
  )
  return line
}

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
