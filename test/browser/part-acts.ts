// What each part of the kit does when it is used, by whichever hand: keys, a finger, with scripts or without. The table that the matrix walks.
import type { Page } from "playwright-core"
import { pngOf } from "../../src/media/testing.ts"

/** A way to use a page. */
export interface Hand {
  page: Page
  /** Focus and a key, or a tap. */
  press(selector: string, key?: string): Promise<void>
  /** Into what has been pressed. */
  type(selector: string, text: string): Promise<void>
  /** Comes into sight. */
  see(selector: string): Promise<void>
  /** Is in sight no more. */
  gone(selector: string): Promise<void>
}

export interface Act {
  /** With scripts. */
  use(hand: Hand): Promise<unknown>
  /** Without: how the same is done, or "same"; null where there is nothing to do it with, and nothing pretends to be. */
  plain: ((hand: Hand) => Promise<unknown>) | "same" | null
  /** It asks the server: what two quick presses of the first control may come to. */
  asks?: "dialog" | "page" | "post"
}

const press =
  (selector: string, seen: string, key?: string) =>
  async ({ press, see }: Hand) => {
    await press(selector, key)
    await see(seen)
  }
/** A link that puts another page in place, or leads there. */
const goes =
  (selector: string) =>
  async ({ page, press }: Hand) => {
    const href = await page
      .locator(selector)
      .first()
      .evaluate((link: HTMLAnchorElement) => link.href)
    await press(selector)
    await page.waitForURL(href)
    await page.locator("#part").waitFor()
  }
const link = (selector: string): Act => ({ use: goes(selector), plain: "same", asks: "page" })
const sends = (selector: string): Act => ({
  use: press(selector, ".toast:has-text('It is done.')"),
  plain: "same",
  asks: "post",
})
const copies = (selector: string): Act => ({
  use: async ({ press, see }) => {
    await press(selector)
    await see(`${selector}.copied`)
  },
  plain: null,
})
const opens = (selector: string, seen: string): Act => ({ use: press(selector, seen), plain: "same" })
const ticks = (selector: string): Act => ({
  use: ({ page, press, see }) =>
    press(selector, "Space")
      .then(() => see(`:is(${selector}):checked, label:has(${selector}:checked)`))
      .then(() => page),
  plain: "same",
})
const picks = (id: string, typed: string): Act => ({
  async use({ page, press, type, see }) {
    await page.locator(`#${id}-native`).waitFor({ state: "attached" })
    await type(`input#${id}`, typed)
    await see(`#${id}-list [role=option]`)
    await press(`#${id}-list [role=option]`, "")
    await page.waitForFunction(
      (native) => (document.getElementById(native) as HTMLSelectElement).value !== "",
      `${id}-native`,
    )
  },
  plain: async ({ page }) => void (await page.locator(`select#${id}`).selectOption({ index: 1 })),
})

/** By slug of the part. Parts of plain links, and those that nobody can touch, have none. */
export const ACTS: Record<string, Act> = {
  button: {
    use: press("a[data-dialog]", "dialog[open] .actions .danger"),
    plain: press("a[data-dialog]", "main > #confirm"),
    asks: "dialog",
  },
  menu: opens(".menu-button button", ".menu-list:popover-open a"),
  tabs: link(".tabs a:not([aria-current])"),
  segments: link(".segments a:not([aria-current])"),
  facets: link(".facets a:not([aria-current])"),
  "pager-and-pagination": link('.pagination a[href$="page=5"]'),
  "date-range": link(".range .segments a:not([aria-current])"),
  table: link("th a"),
  "search-box": {
    async use({ page, type }) {
      await type("input[type=search]", "ada")
      await page.keyboard.press("Enter")
      await page.waitForURL("**?q=ada")
    },
    plain: "same",
  },
  field: { use: ({ type, see }) => type("#it-opt", "Paper Boat").then(() => see("#it-opt:valid")), plain: "same" },
  "select-and-text-area": {
    use: ({ page }) => page.locator("#it-kind").selectOption("a"),
    plain: "same",
  },
  "checkbox-and-radio": ticks("#it-off"),
  switch: ticks("#it-off"),
  "form-with-errors": sends("form .button"),
  confirm: sends(".confirm .button.danger"),
  combobox: picks("it-rest", "mini"),
  "multi-select": {
    async use({ page, type, press, see }) {
      // The control has its final name once its script stands beside it.
      const native = page.locator("[x-data=multi] select[id$='-native']:not([disabled])").first()
      const id = (await native.evaluate(({ id }) => id)).replace(/-native$/, "")
      const before = await page.locator(`.field:has(#${id}) .chip`).count()
      await type(`#${id}`, "gemini")
      await see(`#${id}-list [role=option]`)
      await press(`#${id}-list [role=option]`, "")
      await see(`.field:has(#${id}) .chip >> nth=${before}`)
    },
    plain: ({ page }) => page.locator("select[multiple]:not([disabled])").first().selectOption({ index: 1 }),
  },
  tags: {
    async use({ page, type, see }) {
      await page.locator("#it-empty-native").waitFor({ state: "attached" })
      await type("input#it-empty", "ship")
      await page.keyboard.press("Enter")
      await see(".field:has(#it-empty) .chip:has-text('ship')")
    },
    plain: ({ type }) => type("textarea#it-empty", "ship"),
  },
  "range-of-days": {
    use: press(".dates-open:not([disabled])", ".calendar:popover-open [role=grid] td[tabindex='0']"),
    plain: async ({ page }) => void (await page.locator("#it-rest-from").fill("2026-11-04")),
  },
  "slider-of-sizes": {
    async use({ page }) {
      const range = page.locator("input[type=range]").first()
      await range.focus()
      await page.keyboard.press("ArrowRight")
      await page.waitForFunction(() => (document.getElementById("it-limit-0") as HTMLInputElement).value === "200")
    },
    plain: async ({ page }) => void (await page.locator("#it-limit-0").fill("200")),
  },
  "password-and-code": {
    async use({ type, press, see }) {
      await type("#it-rest", "ships and harbours")
      await press("[data-reveal=it-rest]")
      await see("#it-rest[type=text]")
    },
    plain: ({ type }) => type("#it-rest", "ships and harbours"),
  },
  toast: {
    async use({ page, press }) {
      const before = await page.locator(".toast").count()
      await press(".toast-close")
      await page.waitForFunction((most) => document.querySelectorAll(".toast").length < most, before)
    },
    plain: null,
  },
  secret: copies(".copy"),
  "code-and-copy": copies(".copy"),
  "highlighted-code": copies(".copy"),
  "thing-and-live-example": copies(".copy"),
  "id-with-copy": copies(".id .copy"),
  "charts-over-days": {
    async use({ page, see }) {
      const input = page.locator(".probe input").first()
      await page.waitForFunction(() => document.querySelector(".probe input")!.hasAttribute("aria-valuetext"))
      await input.focus()
      await page.keyboard.press("ArrowLeft")
      await see(".tip")
    },
    plain: press("figure summary", "figure table", "Enter"),
  },
  "several-series": {
    use: press(".key button", ".key button[aria-pressed=false]"),
    plain: press("figure summary", "figure table"),
  },
  "little-or-nothing-to-draw": opens("figure summary", "figure table"),
  "charts-of-parts": {
    async use({ page, see }) {
      await page.waitForFunction(() => document.querySelector(".probe input")!.hasAttribute("aria-valuetext"))
      await page.locator(".probe input").first().focus()
      await page.keyboard.press("ArrowLeft")
      await see(".tip")
    },
    plain: null,
  },
  "heat-map": {
    async use({ page, see }) {
      await page.waitForFunction(() => document.querySelector(".probe input")!.hasAttribute("aria-valuetext"))
      await page.locator(".probe input").first().focus()
      await page.keyboard.press("ArrowLeft")
      await see(".tip")
    },
    plain: null,
  },
  "data-grid": {
    use: press("[data-grid-row]", ".grid-chosen:has-text('1 app selected')", "Space"),
    plain: press("[data-grid-row]", "[data-grid-row]:checked", "Space"),
  },
  "data-grid-narrowed-and-first-page": opens(".grid-tools button", ":popover-open input"),
  "data-grid-without-rows": opens(".grid-tools button", ":popover-open input"),
  "tree-and-on-page-contents": opens("details:not([open]) > summary", "details[open] a"),
  json: opens(".json-tree details:not([open]) > summary", ".json-tree details[open] ul"),
  "help-popover": opens(".tip-button", ".tip-box:popover-open"),
  queue: {
    ...link("#it-rest .queue-list a"),
    async use(hand) {
      const { page } = hand
      // Until its module is there.
      for (let tries = 0; tries < 40 && (await page.locator(".queue-list a:focus").count()) === 0; tries++)
        await page.keyboard.press("j", { delay: 50 })
      await hand.see(".queue-list a:focus")
      await goes("#it-rest .queue-list a")(hand)
    },
    plain: goes("#it-rest .queue-list a"),
  },
  thread: {
    async use({ type, press, see }) {
      await type("textarea", "Thank you.")
      await press("form .button")
      await see(".toast:has-text('It is done.')")
    },
    plain: "same",
  },
  upload: {
    async use({ page, see }) {
      const buffer = Buffer.from(pngOf(400, 200))
      await page.locator("#it-square").setInputFiles({ name: "wide.png", mimeType: "image/png", buffer })
      await see(".crop-area canvas")
    },
    plain: async ({ page }) =>
      void (await page
        .locator("#it-square")
        .setInputFiles({ name: "wide.png", mimeType: "image/png", buffer: Buffer.from(pngOf(400, 200)) })),
  },
  "palette-button": { use: press("[data-palette]", "dialog.palette[open] input"), plain: null },
}
