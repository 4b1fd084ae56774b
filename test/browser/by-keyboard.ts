// Walks pages by Tab, Enter and typing alone: where the focus is, whether a person can see it there, and on to what is named.
import type { Page } from "playwright-core"

/** No page of a walk has more stops before what it is for. */
const TABS_MAX = 60

export interface Stop {
  name: string
  /** Tag, role or type, so that "Sign in" the heading is not "Sign in" the button. */
  kind: string
  /** Why a person could not see where the focus is; empty when they can. */
  unseen: string
}

/** Where the focus is, and whether it can be seen: an outline or a ring, inside the window, not behind something. */
export const stopOf = (page: Page): Promise<Stop> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement
    const style = getComputedStyle(element)
    const box = element.getBoundingClientRect()
    const outlined = style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
    const middle = document.elementFromPoint(
      Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1),
      Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 1),
    )
    const covered = inside && middle !== null && !element.contains(middle) && !middle.contains(element)
    const label = element.getAttribute("aria-label") ?? (element as HTMLInputElement).labels?.[0]?.textContent
    const unseen = [
      document.activeElement === document.body ? "" : outlined ? "" : "no outline",
      inside ? "" : "outside the window",
      covered ? `behind ${middle?.tagName}.${middle?.className}` : "",
    ]
    return {
      name: (label ?? element.textContent ?? "").replace(/\s+/g, " ").trim(),
      kind: element.getAttribute("role") ?? (element as HTMLInputElement).type ?? element.tagName.toLowerCase(),
      unseen: unseen.filter(Boolean).join(", "),
    }
  })

export interface KeyboardWalk {
  /** Tabs on until the focus is on what is named; every stop on the way must be seen. */
  tabTo(name: string | RegExp): Promise<void>
  press(name: string | RegExp, key?: "Enter" | "Space"): Promise<void>
  type(name: string | RegExp, text: string): Promise<void>
}

/**
 * @param unseen gets each stop where the focus cannot be seen
 * @param isOurs whether the stops of an address are judged
 */
export function walkByKeyboard(page: Page, unseen: string[], isOurs: (url: string) => boolean): KeyboardWalk {
  const tabTo = async (name: string | RegExp): Promise<void> => {
    const passed: string[] = []
    for (let tabs = 0; tabs < TABS_MAX; tabs++) {
      const stop = await stopOf(page)
      if (tabs > 0 && stop.unseen && isOurs(page.url()))
        unseen.push(`${new URL(page.url()).pathname}: ${stop.kind} "${stop.name}": ${stop.unseen}`)
      if (typeof name === "string" ? stop.name === name : name.test(stop.name)) return
      passed.push(stop.name)
      await page.keyboard.press("Tab")
    }
    throw new Error(
      `${page.url()}: no stop named ${name}; there were: ${[...new Set(passed)].join(" | ").slice(0, 900)}`,
    )
  }
  return {
    tabTo,
    async press(name, key = "Enter") {
      await tabTo(name)
      await page.keyboard.press(key)
    },
    async type(name, text) {
      await tabTo(name)
      await page.keyboard.type(text)
    },
  }
}
