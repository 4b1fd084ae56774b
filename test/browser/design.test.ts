// What every page keeps to whatever people typed: it fits into 320 px, in forced colours what a tint told is still told, what paper
// cannot use is not on it, nothing moves while it loads, its scripts and styles stay small. Pages come from the fixtures; what the routes
// make of them is in pages.test.ts.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Browser, Page } from "playwright-core"
import { type FixtureServer, PAGES, startFixtures, WORDS } from "./fixture-server.ts"
import { describeBrowser, launch } from "./kit.ts"
import { faint, primaries, shiftsSoFar, swapIn, tooWide, tornTables, unseen, wrongOnPaper } from "./looks.ts"

/** Bytes of the scripts that one page links, after brotli: what it loads with, not what it may ask for later. */
const SCRIPT_BYTES_MAX = { plain: 6_000, alpine: 25_000 }
/** Part of the window that moves, times how far: a line that comes is 0.01, a letter in a table 0.0005. */
const SHIFT_MIN = 0.001
/** By what is in every name. */
const HOSTILE_WORDS = Object.keys(WORDS).filter((words) => words !== "friendly")
/** The first call of a new app stands above its details, until it was made; the front page shows a picture of a consent. */
const TWO_TASKS = new Set(["app", "app-deleted", "landing", "landing-new"])
/** Bytes of its styles, after gzip. */
const STYLE_BYTES_MAX = 19_000

let browser: Browser
let fixtures: FixtureServer

/** Runs `look` on every page in a few tabs at once, on a slow line: most of it is waiting for that. */
async function onEachPage(
  options: { width: number; tabs: number; pages?: readonly string[] },
  look: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  const names = [...(options.pages ?? PAGES)]
  const worker = async () => {
    const context = await browser.newContext({ viewport: { width: options.width, height: 640 } })
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send("Network.setCacheDisabled", { cacheDisabled: true })
    for (let name = names.shift(); name; name = names.shift()) await look(page, name)
    await context.close()
  }
  await Promise.all(Array.from({ length: options.tabs }, worker))
}

/** What comes or acts after a page's first paint, and so could move it. */
const LATE =
  /<script[^>]+src="[^"]*?([\w-]+)\.[^"]*"|<(?:img|canvas|iframe|meter|dialog|picture)\b|\s(?:x-data="[\w-]*|x-show|x-cloak|x-init|data-[a-z-]+|hx-trigger="[^"]*)/g

/** One page of each set of late parts. */
async function pagesByLateParts(): Promise<string[]> {
  const first = new Map<string, string>()
  for (const name of PAGES) {
    const text = await (await fetch(fixtures.url("friendly", name))).text()
    const parts = new Set([...text.matchAll(LATE)].map(([part, script]) => script ?? part))
    const kind = [...parts].sort().join(" ")
    if (!first.has(kind)) first.set(kind, name)
  }
  return [...first.values()]
}

describeBrowser("every page", () => {
  beforeAll(async () => {
    fixtures = startFixtures()
    fixtures.delayMs = 150
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    fixtures?.stop()
  })

  /** Loads the page as on a slow line. @returns what moved */
  const moved = async (page: Page, name: string): Promise<string[]> => {
    // A page that moves does so each time; a machine that was busy while it was painted does not.
    let shifts: string[] = []
    for (let load = 0; load === 0 || (load < 4 && shifts.length > 0); load++) {
      await page.goto(fixtures.url("friendly", name))
      await page.evaluate(() => document.fonts.ready)
      shifts = await page.evaluate(shiftsSoFar, SHIFT_MIN)
    }
    return shifts
  }

  test("does not move while it loads on a phone, fits into 320 px with friendly words and hostile ones, and keeps its meaning in forced colours and on paper", async () => {
    const found = new Map<string, string[]>()
    const note = (look: string, name: string, wrong: readonly string[]) => {
      if (wrong.length > 0) found.set(look, [...(found.get(look) ?? []), `${name}: ${wrong.join(", ")}`])
    }
    const seen = { light: new Map<string, number>(), dark: new Map<string, number>() }
    await onEachPage({ width: 320, tabs: 6 }, async (page, name) => {
      // All looks in one visit, in two sizes: loading a page and another size cost a browser more than any of them.
      note("moved", name, await moved(page, name))
      note("friendly words", name, await page.evaluate(tooWide))
      note("tables", name, await page.evaluate(tornTables))
      if (!TWO_TASKS.has(name)) note("primary buttons", name, await page.evaluate(primaries))
      await page.setViewportSize({ width: 1280, height: 800 })
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ forcedColors: "active", colorScheme })
        const { wrong, seen: kinds } = await page.evaluate(unseen)
        note(`forced colours, ${colorScheme}`, name, wrong)
        for (const [kind, count] of Object.entries(kinds))
          seen[colorScheme].set(kind, (seen[colorScheme].get(kind) ?? 0) + count)
      }
      await page.emulateMedia({ forcedColors: null, colorScheme: null, media: "print" })
      note("paper", name, await page.evaluate(wrongOnPaper))
      await page.emulateMedia({ media: null })
      await page.setViewportSize({ width: 320, height: 640 })
      for (const words of HOSTILE_WORDS) {
        await page.evaluate(swapIn, fixtures.url(words, name))
        note(`${words} words`, name, await page.evaluate(tooWide))
      }
    })
    expect(Object.fromEntries(found)).toEqual({})
    // The current place, meters, pressed buttons, boxes and lines of charts were there to be looked at.
    for (const kinds of Object.values(seen)) {
      expect([...kinds.keys()].sort()).toEqual(["box", "current", "line", "meter", "pressed"])
      for (const [kind, count] of kinds) expect([kind, count > 0]).toEqual([kind, true])
    }
  }, 600_000)

  // Each page loads on a desk in routes.test.ts, on a quick line; the slow one tells pages apart by what comes late only.
  test("does not move while it loads on a desk, whatever comes late on it", async () => {
    const found: string[] = []
    const pages = await pagesByLateParts()
    expect(pages.length).toBeGreaterThan(50)
    await onEachPage({ width: 1280, tabs: 6, pages }, async (page, name) => {
      const shifts = await moved(page, name)
      if (shifts.length > 0) found.push(`${name}: ${shifts.join("; ")}`)
    })
    expect(found).toEqual([])
  }, 240_000)

  test("text that is too faint is found on every kind of ground, and other text is not", async () => {
    const page = await browser.newPage({ viewport: { width: 400, height: 600 } })
    await page.setContent(`<style>
      body { background: #fff; --line: #ccc } p { color: #767676; font-size: 16px }
      .faint { color: #797979 } .tint { background: #f0f0f0 } .veil { background: rgb(0 0 0 / 0.06) } .pale { opacity: 0.9 }
      .large { font-size: 24px; color: #8c8c8c } .heavy { font-size: 19px; font-weight: 700; color: #999 }
      .sides { background: linear-gradient(90deg, #222 200px, #ccc 200px 201px, #fff 201px) } .sides i { display: inline-block; width: 190px; margin-left: 205px }
      .fade { background: linear-gradient(90deg, #fff, #eee) } svg text { fill: #888 }
    </style><p>plain</p><p class="faint">faint</p><p class="tint">tint</p><p class="veil">veil</p><div class="veil"><p>under</p></div><p class="pale">pale</p>
    <p class="large">large</p><p class="heavy">heavy</p><p class="sides">left <i>right</i></p><p class="fade">fade</p><button disabled>off</button>
    <p hidden class="faint">hidden</p><svg width="90" height="20"><text y="15">drawn</text></svg>
    <svg width="200" height="20"><rect width="90" height="20" fill="#000"/><text y="15">on black</text><rect x="100" width="90" height="20" fill="#999"/><text x="100" y="15">on grey</text></svg>`)
    const { wrong, seen } = await page.evaluate(faint)
    const words = wrong.map((text) => /"(.+?)"/.exec(text)?.[1]).sort()
    expect(words).toEqual(["drawn", "fade", "faint", "heavy", "left right", "on grey", "pale", "tint", "under", "veil"])
    expect(seen).toBe(14)
    await page.context().close()
  })
})

test("scripts and styles of every page stay small", async () => {
  const server = startFixtures()
  await server.compress()
  const sizes = new Map<string, number>()
  const sizeOf = async (url: string, coding: string): Promise<number> => {
    const known = sizes.get(url)
    if (known !== undefined) return known
    const answer = await fetch(url, { headers: { "accept-encoding": coding }, decompress: false })
    expect(answer.headers.get("content-encoding")).toBe(coding)
    const size = (await answer.bytes()).length
    sizes.set(url, size)
    return size
  }
  const heavy: string[] = []
  for (const name of PAGES) {
    const page = server.url("friendly", name)
    const text = await (await fetch(page)).text()
    const total = async (pattern: RegExp, coding: string): Promise<number> => {
      const urls = [...text.matchAll(pattern)].map((match) => new URL(match[1]!, page).href)
      expect(urls.length).toBeGreaterThan(0)
      return (await Promise.all(urls.map((url) => sizeOf(url, coding)))).reduce((sum, size) => sum + size, 0)
    }
    const scripts = await total(/<script[^>]+src="([^"]+)"/g, "br")
    const styles = await total(/<link rel="stylesheet" href="([^"]+)"/g, "gzip")
    const most = SCRIPT_BYTES_MAX[/<script[^>]+alpine/.test(text) ? "alpine" : "plain"]
    if (scripts > most) heavy.push(`${name}: ${scripts} bytes of scripts`)
    if (styles > STYLE_BYTES_MAX) heavy.push(`${name}: ${styles} bytes of styles`)
  }
  server.stop()
  expect(heavy).toEqual([])
})

test("two parts never mean something else by the same class", () => {
  const folder = join(import.meta.dir, "../../public/css/ui")
  const owners = new Map<string, Set<string>>()
  for (const file of readdirSync(folder)) {
    const family = file.replace(/[-.].*/, "")
    // Bare classes directly below the layer: where a part says what it is.
    for (const [, list = ""] of readFileSync(join(folder, file), "utf8").matchAll(/^ {2}((?:[.\w-]+,?\s*)+)\{/gm))
      for (const [selector] of list.matchAll(/(?<=^|,\s*)\.[\w-]+(?=\s*(?:,|$))/g))
        owners.set(selector, (owners.get(selector) ?? new Set()).add(family))
  }
  expect(owners.size).toBeGreaterThan(100)
  expect([...owners].filter(([, families]) => families.size > 1).map(([selector]) => selector)).toEqual([])
})

test("a page links the rules of every class it uses", async () => {
  const server = startFixtures()
  const folder = join(import.meta.dir, "../../public/css/pages")
  const classesOf = (css: string) => new Set([...css.matchAll(/\.([a-z][\w-]*)/gi)].map((match) => match[1]!))
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".css"))
  const ruled = new Set(files.flatMap((name) => [...classesOf(readFileSync(join(folder, name), "utf8"))]))
  const linked = new Map<string, Set<string>>()
  const bare: string[] = []
  for (const name of PAGES) {
    const page = server.url("friendly", name)
    const text = await (await fetch(page)).text()
    const url = new URL(/<link rel="stylesheet" href="([^"]+)"/.exec(text)![1]!, page).href
    if (!linked.has(url)) linked.set(url, classesOf(await (await fetch(url)).text()))
    const used = new Set([...text.matchAll(/ class="([^"]*)"/g)].flatMap((match) => match[1]!.split(" ")))
    for (const each of used) if (ruled.has(each) && !linked.get(url)?.has(each)) bare.push(`${name}: .${each}`)
  }
  server.stop()
  expect(linked.size).toBeGreaterThan(3)
  expect(bare).toEqual([])
})
