// Takes the pictures: a page in both themes at three widths, or one window as a webp for docs/screenshots and the front page.
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import type { Page } from "playwright-core"
import type { Viewer } from "../../src/sites/base/index.ts"
import { ALL_PAGES } from "../../src/sites/public/index.ts"

/** How a state of a page is reached: an address, or steps that may go on from where the scene before has ended. */
export type Scene = string | ((page: Page) => Promise<unknown>)
export type Scenes = Record<string, Scene>

const WIDTHS = [360, 768, 1280]
const DOCS = join(import.meta.dir, "../../docs/screenshots")
/** Pages whose pictures stand in docs/screenshots. */
const DOCUMENTED = new Set([
  "landing",
  "consent",
  "dashboard",
  "credits",
  "apps",
  "settings",
  "developer",
  "app",
  "admin",
  "admin-users",
  "admin-wallet",
  "admin-plans",
  "admin-upstreams",
  "admin-books",
  "admin-audit",
])

export interface ShootOptions {
  /** The folder. */
  out: string
  /** Only names that contain this. */
  only: string
  /** Renew docs/screenshots too. */
  readme: boolean
}

const patterns = ALL_PAGES.filter(({ kind = "page" }) => kind === "page")
  .map(({ path: pattern }) => ({ pattern, matches: new RegExp(`^${pattern.replaceAll(/:\w+/g, "[^/]+")}$`) }))
  // The one without parameters first: /admin/upstreams/new is not an upstream.
  .sort((a, b) => Number(a.pattern.includes(":")) - Number(b.pattern.includes(":")))
const seen = new Set<string>()
/** Of these the page itself stands in a picture: answered as it is, neither filtered nor refused. */
const plain = new Set<string>()

/** Page routes of which no picture was taken. */
export const unseen = (): string[] => patterns.map(({ pattern }) => pattern).filter((pattern) => !seen.has(pattern))

/** Pages of a viewer that need no steps and stand in no picture of their own yet, named by their paths: `admin-users`. */
export const rest = (viewer: Viewer): Scenes =>
  Object.fromEntries(
    ALL_PAGES.filter(({ path, viewer: by, kind = "page" }) => by === viewer && kind === "page" && !/[:*]/.test(path))
      .filter(({ path, query }) => !(query ? seen : plain).has(path))
      .map(({ path, query }) => [path.slice(1).replaceAll("/", "-"), query ? `${path}?${query}` : path]),
  )

export async function shoot(page: Page, url: string, scenes: Scenes, options: ShootOptions): Promise<void> {
  mkdirSync(options.out, { recursive: true })
  for (const [name, scene] of Object.entries(scenes)) {
    await page.setViewportSize({ width: 1280, height: 800 })
    if (typeof scene === "string") await page.goto(`${url}${scene}`)
    else await scene(page)
    await page.waitForLoadState()
    const { pathname, search } = new URL(page.url())
    const pattern = patterns.find(({ matches }) => matches.test(pathname))?.pattern ?? pathname
    seen.add(pattern)
    if (!search && (await statusOf(page)) === 200) plain.add(pattern)
    if (options.readme && DOCUMENTED.has(name)) await keep(page, DOCS, name, { width: 1280, height: 800 })
    if (!name.includes(options.only)) continue
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: width === 360 ? 640 : 800 })
        const extra = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        if (extra > 0) console.log(`${name}: ${extra} px too wide at ${width}`)
        // What is loaded late or stuck to an edge stands where a reader sees it.
        await page.evaluate(() => scrollTo(0, 0))
        await loadImages(page)
        // A dialog stands in the window; what lies behind it is a picture of its own.
        const fullPage = (await page.locator("dialog[open]").count()) === 0
        await page.screenshot({ path: join(options.out, `${name}.${colorScheme}.${width}.png`), fullPage })
      }
    }
  }
}

/** Of the answer that the page was loaded from. */
const statusOf = (page: Page): Promise<number> =>
  page.evaluate(() => (performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming).responseStatus)

/** Waits for the images of this theme and width, also those below the window. */
const loadImages = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    if (document.images.length === 0) return
    for (const image of document.images) Object.assign(image, { loading: "eager", decoding: "sync" })
    // The browser chooses another source some frames after the theme has changed.
    await new Promise((resolve) => setTimeout(resolve, 200))
    for (const image of document.images) await image.decode().catch(() => {})
  })

/** The window in both themes as `<folder>/<name>-<theme>.webp`; the browser itself is the encoder. */
async function keep(page: Page, folder: string, name: string, size: { width: number; height: number }): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const encoder = await page.context().newPage()
  await page.setViewportSize(size)
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
    await loadImages(page)
    const png = (await page.screenshot()).toString("base64")
    const webp = await encoder.evaluate(async (data) => {
      const image = new Image()
      image.src = `data:image/png;base64,${data}`
      await image.decode()
      const canvas = document.createElement("canvas")
      canvas.width = image.width
      canvas.height = image.height
      canvas.getContext("2d")?.drawImage(image, 0, 0)
      return canvas.toDataURL("image/webp", 0.86).slice("data:image/webp;base64,".length)
    }, png)
    const path = join(folder, `${name}-${colorScheme}.webp`)
    await Bun.write(path, Buffer.from(webp, "base64"))
    console.log(`${path}: ${Math.round(Bun.file(path).size / 1_000)} kB`)
  }
  await encoder.close()
}
