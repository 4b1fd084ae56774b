// Each part of the kit, one by one: what it says to who listens, by keys, by a finger, in forced colours, right to left, without scripts, and
// with a line that takes a second. What a part does is in part-acts.ts; a part that can be used and is not there fails.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import { describeBrowser, launch } from "./kit.ts"
import { ACTS, type Hand } from "./part-acts.ts"
import { PARTS, type PartServer, partOf, startParts } from "./part-server.tsx"

/** Pages at once. */
const TABS = 4
const LINE_MS = 1_000
const PHONE = { width: 320, height: 740 }
/** Parts that show what others do, standing still: their buttons are of no form. */
const STILL = ["button", "dialog-loading"]

let browser: Browser
let server: PartServer

/** Parts with something to press: the others are the same to every hand. */
const used = (): string[] =>
  [...PARTS.keys()].filter((slug) => /<(a|button|input|select|textarea|summary)[ >]/.test(partOf(slug)))

const using = (by: "keys" | "finger", page: Page): Hand => ({
  page,
  async press(selector, key = "Enter") {
    const one = page.locator(selector).first()
    if (by === "finger") return one.tap()
    // Options of a list are pointed at; the field keeps the focus.
    if (key === "") return page.keyboard.press("Enter")
    await one.focus()
    await page.keyboard.press(key)
  },
  async type(selector, text) {
    const one = page.locator(selector).first()
    await (by === "finger" ? one.tap() : one.focus())
    await page.keyboard.type(text)
  },
  see: (selector) => page.locator(`${selector} >> visible=true`).first().waitFor(),
  gone: (selector) => page.locator(selector).first().waitFor({ state: "hidden" }),
})

/** What the part before has set in motion may still be under way. */
const open = (page: Page, slug: string): Promise<unknown> =>
  page.goto(server.url(slug)).catch(() => page.goto(server.url(slug)))

/** Runs `look` on every part, a few at once. @returns what is wrong, by part */
async function eachPart(
  options: Parameters<Browser["newContext"]>[0],
  slugs: readonly string[],
  look: (page: Page, slug: string) => Promise<string[]>,
): Promise<Record<string, string[]>> {
  const left = [...slugs]
  const wrong: Record<string, string[]> = {}
  const context = await browser.newContext(options)
  context.setDefaultTimeout(10_000)
  const worker = async () => {
    const page = await context.newPage()
    const said: string[] = []
    page.on("pageerror", (error) => said.push(error.message))
    page.on("console", (message) => message.type() === "error" && said.push(message.text()))
    for (let slug = left.shift(); slug !== undefined; slug = left.shift()) {
      await open(page, slug)
      const found = await look(page, slug).catch((error: Error) => [error.message.split("\n").slice(0, 3).join(" ")])
      found.push(...said.splice(0))
      if (found.length > 0) wrong[slug] = found
    }
  }
  await Promise.all(Array.from({ length: TABS }, worker))
  await context.close()
  return wrong
}

const NAMED =
  /^\s*- (button|link|textbox|combobox|checkbox|radio|slider|spinbutton|searchbox|switch|img|listbox|dialog|progressbar|meter)(?! ")/

/** What is there to be used and has no name. */
async function nameless(page: Page): Promise<string[]> {
  const lines = (await page.locator("#part").ariaSnapshot()).split("\n")
  return lines.filter((line) => NAMED.test(line)).map((line) => `no name: ${line.trim()}`)
}

describeBrowser("the kit, part by part", () => {
  beforeAll(async () => {
    server = startParts()
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    server?.stop()
  })

  test.concurrent("names, keys, forced colours and right to left", async () => {
    const wrong = await eachPart({ viewport: PHONE, hasTouch: true }, [...PARTS.keys()], async (page, slug) => {
      const found = await nameless(page)
      await page.evaluate(watchStops)
      const stops = await page.evaluate(countStops)
      if (stops > 0 && !(slug in ACTS) && !STILL.includes(slug) && (await page.evaluate(isMoreThanLinks)))
        found.push("is not in the table of acts")
      await Promise.all(Array.from({ length: stops }, () => page.keyboard.press("Tab")))
      found.push(...(await page.evaluate(whatStopsTell)))
      const act = ACTS[slug]
      if (act) await act.use(using("keys", page))
      await page.emulateMedia({ forcedColors: "active" })
      found.push(...(await page.evaluate(sameInForcedColours)))
      await page.emulateMedia({ forcedColors: "none" })
      found.push(...(await page.evaluate(offSideways)))
      return found
    })
    expect(wrong).toEqual({})
  }, 120_000)

  test.concurrent("a finger: targets, and each act", async () => {
    const wrong = await eachPart({ viewport: PHONE, hasTouch: true, isMobile: true }, used(), async (page, slug) => {
      const found = await page.evaluate(smallTargets)
      await ACTS[slug]?.use(using("finger", page))
      return found
    })
    expect(wrong).toEqual({})
  }, 120_000)

  test.concurrent("without scripts: nothing pretends, and each act has its way", async () => {
    const wrong = await eachPart({ viewport: PHONE, javaScriptEnabled: false }, used(), async (page, slug) => {
      const found = STILL.includes(slug) ? [] : await page.evaluate(deadControls)
      const act = ACTS[slug]
      const plain = act?.plain === "same" ? act.use : act?.plain
      if (plain) await plain(using("keys", page))
      return found
    })
    expect(wrong).toEqual({})
  }, 120_000)

  test.concurrent("at a second of latency, pressed twice: one answer, and a sign that it is on its way", async () => {
    const slow = Object.keys(ACTS).filter((slug) => ACTS[slug]!.asks)
    const wrong = await eachPart({ viewport: PHONE }, slow, async (page, slug) => {
      const act = ACTS[slug]!
      const entries = await page.evaluate(() => history.length)
      await page.evaluate(watchSigns)
      server.posts.delete(slug)
      await page.setExtraHTTPHeaders({ "x-slow": String(LINE_MS) })
      const keys = using("keys", page)
      let isFirst = true
      await act.use({
        ...keys,
        async press(selector, key = "Enter") {
          await keys.press(selector, key)
          if (isFirst) await page.keyboard.press(key)
          isFirst = false
        },
      })
      const signs = await page.evaluate(() => (globalThis as unknown as { signs?: Set<string> }).signs?.size ?? 1)
      const grown = (await page.evaluate(() => history.length)) - entries
      await page.setExtraHTTPHeaders({})
      return [
        ...(signs === 0 ? ["nothing shows that it works"] : []),
        ...(grown > 1 ? [`${grown} entries of the history`] : []),
        ...((server.posts.get(slug) ?? 0) > 1 ? ["was sent twice"] : []),
        ...((await page.locator("dialog").count()) > 1 ? ["two dialogs"] : []),
      ]
    })
    expect(wrong).toEqual({})
  }, 120_000)
})

/** Runs in the page: every sign of work that was seen. */
function watchSigns(): void {
  const signs = new Set<string>()
  Object.assign(globalThis, { signs })
  setInterval(() => {
    for (const one of document.querySelectorAll(".loading, [aria-busy=true]")) signs.add(one.className || one.localName)
  }, 50)
}
/** Runs in the page: what a thumb would miss. Words in a sentence are links as long as they are; a border around it counts. */
function smallTargets(): string[] {
  const least = 41
  const small: string[] = []
  for (const one of document.querySelectorAll<HTMLElement>(
    "#part :is(a[href], button, input, select, textarea, summary)",
  )) {
    if (
      !one.checkVisibility({ visibilityProperty: true }) ||
      one.closest(".sr, p, .prose, .markdown, .probe, [popover]")
    )
      continue
    one.scrollIntoView({ block: "center", inline: "center" })
    const { left, top, width, height } = one.getBoundingClientRect()
    if (width < 2) continue
    const labels = [...((one as HTMLInputElement).labels ?? [])]
    const hits = (y: number) => {
      const found = document.elementFromPoint(left + Math.min(width / 2, 40), y)
      return found !== null && (one.contains(found) || labels.some((label) => label.contains(found)))
    }
    const middle = top + height / 2
    let [up, down] = [middle, middle]
    while (middle - up < least && hits(up - 1)) up--
    while (down - middle < least && hits(down + 1)) down++
    if (down - up < least)
      small.push(
        `${one.localName}.${one.className} ${(one.ariaLabel ?? one.textContent ?? "").trim().slice(0, 30)}: ${down - up} px`,
      )
  }
  return small
}
/** Runs beside a page whose scripts are off: controls in sight that only scripts would hear. */
function deadControls(): string[] {
  const mute = "button[type=button]:not([popovertarget], [disabled]), [role=combobox], [role=slider], input[type=range]"
  return [...document.querySelectorAll<HTMLElement>(`#part :is(${mute})`)]
    .filter((one) => one.checkVisibility())
    .map((one) => `does nothing: ${one.localName}.${one.className} ${(one.textContent ?? "").trim().slice(0, 30)}`)
}

/** Runs in the page: what a key can come to. */
function countStops(): number {
  const { all } = (globalThis as unknown as { stops: { all: Element[] } }).stops
  // A field of a day has four: day, month, year, and its own calendar.
  return all.length + 3 * all.filter((one) => one.matches("[type=date]")).length
}
function watchStops(): void {
  const seen = new Map<Element, string>()
  const groups = new Set<string>()
  const all = [
    ...document.querySelectorAll<HTMLElement>(
      "#part :is(a[href], button, input, select, textarea, summary, [tabindex])",
    ),
  ]
    .filter(
      (one) =>
        one.tabIndex >= 0 && !(one as HTMLInputElement).disabled && one.checkVisibility({ visibilityProperty: true }),
    )
    .filter((one) => {
      const { type, name } = one as HTMLInputElement
      if (type !== "radio") return true
      // One stop for all of a name.
      const isFirst = !groups.has(name)
      groups.add(name)
      return isFirst
    })
  document.addEventListener("focusin", ({ target }) => {
    const one = target as HTMLElement
    if (one.id === "main") return
    const shown = (each: Element | null | undefined) => {
      return [undefined, "::after"].some((pseudo) => {
        if (!each) return false
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each, pseudo)
        return (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2) || boxShadow !== "none"
      })
    }
    const rings = [
      one,
      one.parentElement,
      one.parentElement?.parentElement,
      ...((one as HTMLInputElement).labels ?? []),
    ]
    const { outlineStyle, outlineWidth, outlineOffset } = getComputedStyle(one)
    const out = outlineStyle === "none" ? 0 : Number.parseFloat(outlineWidth) + Number.parseFloat(outlineOffset)
    let box = one.parentElement
    while (box && getComputedStyle(box).overflowY === "visible") box = box.parentElement
    const [inner, outer] = [one.getBoundingClientRect(), (box ?? document.documentElement).getBoundingClientRect()]
    const isCut =
      box !== null &&
      box.id !== "main" &&
      box !== document.body &&
      box !== document.documentElement &&
      (inner.top - out < outer.top - 0.5 || inner.bottom + out > outer.bottom + 0.5)
    seen.set(one, !rings.some(shown) ? "the focus cannot be seen on it" : isCut ? "the sign of the focus is cut" : "")
  })
  Object.assign(globalThis, { stops: { all, seen } })
  document.getElementById("main")!.focus()
}
function whatStopsTell(): string[] {
  const { all, seen } = (globalThis as unknown as { stops: { all: HTMLElement[]; seen: Map<Element, string> } }).stops
  const nameOf = (one: HTMLElement) =>
    `${one.localName}.${one.className} ${(one.ariaLabel ?? one.textContent ?? "").trim().slice(0, 40)}`
  const missed = all.filter((one) => {
    const { type, name } = one as HTMLInputElement
    if (seen.has(one)) return false
    return type !== "radio" || ![...seen.keys()].some((each) => (each as HTMLInputElement).name === name)
  })
  return [
    ...missed.map((one) => `no key comes to ${nameOf(one)}`),
    ...[...seen].filter(([, words]) => words !== "").map(([one, words]) => `${nameOf(one as HTMLElement)}: ${words}`),
  ]
}
/** Links alone do what links do. */
function isMoreThanLinks(): boolean {
  return (
    document.querySelector("#part :is(button, input, select, textarea, summary, [data-swap], [data-module])") !== null
  )
}
function sameInForcedColours(): string[] {
  const look = (one: Element) => {
    const all = [one, ...one.querySelectorAll("*")].map((each) => {
      const { backgroundColor, color, borderBlockEnd, outlineStyle } = getComputedStyle(each)
      return [backgroundColor, color, borderBlockEnd, outlineStyle].join()
    })
    return [...new Set(all)].sort().join(";")
  }
  const wrong: string[] = []
  for (const one of document.querySelectorAll("#part :is([aria-current], [aria-pressed=true])")) {
    if (!one.checkVisibility()) continue
    const other = [...(one.closest("ul, nav, div")?.querySelectorAll(one.localName) ?? [])].find(
      (each) => each !== one && !each.matches("[aria-current], [aria-pressed=true]") && each.checkVisibility(),
    )
    if (other && look(other) === look(one))
      wrong.push(`looks like its neighbours in forced colours: ${one.textContent?.trim()}`)
  }
  const { color, backgroundColor } = getComputedStyle(document.body)
  if (color === backgroundColor) wrong.push("nothing to read in forced colours")
  return wrong
}
function offSideways(): string[] {
  const wrong: string[] = []
  for (const dir of ["ltr", "rtl"]) {
    document.documentElement.dir = dir
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth > clientWidth) wrong.push(`${scrollWidth - clientWidth} px too wide, ${dir}`)
    for (const one of document.querySelectorAll("#part :is(a[href], button, input, select, textarea, summary)")) {
      if (
        !one.checkVisibility() ||
        one.closest(".sr, .table-wrap, .facets, pre, [popover]") ||
        one.classList.contains("sr")
      )
        continue
      const { left, right, width } = one.getBoundingClientRect()
      if (width > 1 && (right < 0 || left > clientWidth))
        wrong.push(`out of sight, ${dir}: ${one.textContent?.trim().slice(0, 40)}`)
    }
  }
  document.documentElement.dir = "ltr"
  return wrong
}
