// Times in the reader's zone, ids and copying, and content parts in a real browser: with scripts, without, late and after swaps.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import type { Browser, BrowserContextOptions, Page } from "playwright-core"
import { assetsOf, html as respond } from "../../src/http/index.ts"
import { html, setAssetUrl } from "../../views/layout/index.ts"
import { Page as Shell } from "../../views/layout/page.tsx"
import { ATTACKS } from "../../views/ui/content/testing.ts"
import {
  HelpTip,
  Id,
  inZone,
  isZone,
  JsonView,
  Markdown,
  markdown,
  OnPage,
  Prose,
  Reading,
  Skeleton,
  Time,
  When,
} from "../../views/ui/index.ts"
import { describeBrowser, launch, textOf } from "./kit.ts"

const AT = Date.UTC(2026, 2, 14, 23, 5)
const ID = "usr_01JD4Z9W5H7Q8R2T3V4X5Y6Z7A"
const frame = { theme: "system" as const, csrf: "t", path: "/", requestId: "r", nav: [] }

const DOCUMENT = '{"a b": [1, {"deep": 12345678901234567890.10}], "text": "say \\"hi\\"", "none": null}'
const GUIDE = Array.from({ length: 8 }, (_, at) => `## Part ${at + 1}\n\n${"Words to read. ".repeat(150)}`).join("\n\n")

const PAGES: Record<string, () => JSX.Element> = {
  times: () => (
    <>
      <p id="at">
        <Time ms={AT} />
      </p>
      <p id="ago">
        <When ms={AT} now={AT + 59_000} />
      </p>
      <Id text={ID} />
    </>
  ),
  json: () => <JsonView id="body" label="Body" source={DOCUMENT} levels={1} />,
  guide: () => {
    const { html: safeHtml, headings } = markdown(GUIDE, "ours")
    return (
      <Reading onPage={<OnPage headings={headings} />}>
        <Prose>{safeHtml}</Prose>
      </Reading>
    )
  },
  small: () => (
    <>
      <p>
        {"A credit "}
        <HelpTip id="tip" label="What a credit is worth">
          1,000 credits are $1.
        </HelpTip>
      </p>
      <div id="there">
        <p>One line</p>
        <p>Two lines</p>
        <p>Three lines</p>
      </div>
      <div id="coming">
        <Skeleton label="Loading the description" />
      </div>
    </>
  ),
  attacks: () => (
    <>
      {ATTACKS.map((source, index) => (
        <article>
          <Markdown source={source} by="people" id={`t${index}`} />
        </article>
      ))}
    </>
  ),
}

let browser: Browser
let server: Bun.Server<undefined>

function start(): Bun.Server<undefined> {
  const assets = assetsOf(join(import.meta.dir, "../../public"))
  setAssetUrl(assets.url)
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const { pathname } = new URL(request.url)
      if (pathname.startsWith("/assets/")) return assets.serve(request, pathname) ?? new Response(null, { status: 404 })
      const body = PAGES[pathname.slice(1)]
      if (!body) return new Response(null, { status: 404 })
      const zone = decodeURIComponent(/purser_zone=([^;]*)/.exec(request.headers.get("cookie") ?? "")?.[1] ?? "")
      const page = () => (
        <Shell frame={frame} title="Content" kind="public" sheet="gallery">
          <main id="main" tabindex="-1">
            <h1>Content</h1>
            {body()}
          </main>
        </Shell>
      )
      return respond(html(inZone(isZone(zone) ? zone : null, page)))
    },
  })
}

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext({ timezoneId: "Asia/Kolkata", ...options })).newPage()
  page.setDefaultTimeout(15_000)
  await page.goto(new URL(path, server.url).href)
  return page
}

describeBrowser("content", () => {
  beforeAll(async () => {
    server = start()
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop(true)
    setAssetUrl((path) => `/assets/${path}`)
  })

  test("times turn to the reader's zone, with UTC in the title; the next page comes so from the server", async () => {
    const page = await open("times")
    const time = page.locator("#at time")
    expect(await textOf(time)).toBe("15 Mar 2026, 04:35")
    expect(await time.getAttribute("title")).toBe("14 Mar 2026, 23:05 UTC")
    expect(await page.locator("#ago time").getAttribute("title")).toBe("15 Mar 2026, 04:35 · 14 Mar 2026, 23:05 UTC")
    const again = await page.reload()
    expect(await again!.text()).toContain(">15 Mar 2026, 04:35<")
    expect(await textOf(time)).toBe("15 Mar 2026, 04:35")
    await page.context().close()
  }, 120_000)

  test("without scripts times are UTC and say so, and an id is whole", async () => {
    const page = await open("times", { javaScriptEnabled: false })
    expect(await textOf(page.locator("#at time"))).toBe("14 Mar 2026, 23:05 UTC")
    expect(await page.locator(".id code").textContent()).toBe(ID)
    expect(await page.locator(".id .copy").isVisible()).toBe(false)
    await page.context().close()
  }, 120_000)

  test("a clock in UTC changes nothing", async () => {
    const page = await open("times", { timezoneId: "UTC" })
    expect(await textOf(page.locator("#at time"))).toBe("14 Mar 2026, 23:05 UTC")
    await page.context().close()
  }, 120_000)

  test("what was 59 seconds ago becomes a minute while the page is open, however wrong the clock is", async () => {
    const page = await (await browser.newContext()).newPage()
    await page.clock.install({ time: new Date("2011-01-01") })
    await page.goto(new URL("times", server.url).href)
    const time = page.locator("#ago time")
    expect(await textOf(time)).toBe("just now")
    await page.clock.runFor(40_000)
    expect(await textOf(time)).toBe("1 min ago")
    await page.clock.runFor(3 * 3_600_000)
    expect(await textOf(time)).toBe("3 h ago")
    await page.context().close()
  }, 120_000)

  test("an id is cut in the middle for the eye, and copied whole", async () => {
    const page = await open("times", { viewport: { width: 320, height: 640 } })
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"])
    const head = page.locator(".id-head")
    const { shown, whole } = await head.evaluate((one) => ({ shown: one.clientWidth, whole: one.scrollWidth }))
    expect(shown).toBeLessThan(whole)
    expect(await page.locator(".id code").getAttribute("title")).toBe(ID)
    const button = page.getByRole("button", { name: `Copy ${ID}` })
    await button.focus()
    await page.keyboard.press("Enter")
    await page.getByText("Copied").waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(ID)
    await page.context().close()
  }, 120_000)

  test("JSON opens by arrows, says its path, and copies path and value with every digit", async () => {
    const page = await open("json")
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"])
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
    const copy = async (what: string) => {
      await page.getByRole("button", { name: `Copy ${what}` }).click()
      await page.getByText("Copied").waitFor()
      const text = await clipboard()
      await page.getByText("Copied").waitFor({ state: "detached" })
      return text
    }
    await page.locator("summary.json-row").first().focus()
    await page.waitForFunction(() => document.querySelector("output")?.textContent === "$")
    for (const key of ["ArrowDown", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowDown"])
      await page.keyboard.press(key)
    expect(await textOf(page.locator("output"))).toBe('$["a b"][1].deep')
    expect(await copy("path")).toBe('$["a b"][1].deep')
    expect(await copy("value")).toBe("12345678901234567890.10")
    await page.locator(".json-row[data-current]").focus()
    await page.keyboard.press("ArrowLeft")
    expect(await textOf(page.locator("output"))).toBe('$["a b"][1]')
    expect(await copy("value")).toBe('{\n  "deep": 12345678901234567890.10\n}')
    await page.locator(".json-row[data-current]").focus()
    await page.keyboard.press("ArrowLeft")
    expect(await page.getByText("deep", { exact: false }).first().isVisible()).toBe(false)
    await page.keyboard.press("End")
    await page.keyboard.press("ArrowUp")
    expect(await copy("value")).toBe('say "hi"')
    await page.context().close()
  }, 120_000)

  test("JSON without scripts opens by its branches, and the text can be selected", async () => {
    const page = await open("json", { javaScriptEnabled: false })
    expect(await page.getByRole("button", { name: "Copy path" }).isVisible()).toBe(false)
    await page.locator("summary.json-row", { hasText: "a b" }).click()
    expect(await page.locator(".hl-number").first().isVisible()).toBe(true)
    await page.getByText("As text").click()
    expect(await page.locator("#body").textContent()).toBe(DOCUMENT)
    await page.context().close()
  }, 120_000)

  test("the heading that is read is marked; contents stand open beside the text, and fold on phones", async () => {
    const page = await open("guide")
    const marked = () => page.locator('.on-page a[aria-current="true"]').allTextContents()
    await page.locator(".on-page a", { hasText: "Part 5" }).click()
    await page.waitForFunction(() => document.querySelector(".on-page a[aria-current]")?.textContent === "Part 5")
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
    await page.waitForFunction(() => document.querySelector(".on-page a[aria-current]")?.textContent === "Part 8")
    expect(await marked()).toEqual(["Part 8"])
    expect(await page.locator(".on-page a").first().isVisible()).toBe(true)
    await page.context().close()
    const phone = await open("guide", { viewport: { width: 360, height: 640 }, javaScriptEnabled: false })
    expect(await phone.locator(".on-page a").first().isVisible()).toBe(false)
    await phone.getByText("On this page").click()
    await phone.locator(".on-page a", { hasText: "Part 2" }).click()
    expect(phone.url()).toEndWith("#part-2")
    await phone.context().close()
  }, 120_000)

  test.each([true, false])(
    "help opens and closes by keyboard, scripts: %p; a skeleton is as high as what comes",
    async (javaScriptEnabled) => {
      const page = await open("small", { javaScriptEnabled })
      const button = page.getByRole("button", { name: "What a credit is worth" })
      await button.focus()
      await page.keyboard.press("Enter")
      const tip = page.locator("#tip")
      expect(await tip.isVisible()).toBe(true)
      const [box, by] = [await tip.boundingBox(), await button.boundingBox()]
      expect(box!.y + box!.height < by!.y + 1 || box!.y > by!.y + by!.height - 1).toBe(true)
      await page.keyboard.press("Escape")
      expect(await tip.isVisible()).toBe(false)
      const height = async (id: string) => (await page.locator(id).boundingBox())!.height
      expect(await height("#coming")).toBe(await height("#there"))
      await page.context().close()
    },
    120_000,
  )

  test("no attack in Markdown runs, fetches, or leaves its article", async () => {
    const page = await (await browser.newContext()).newPage()
    const asked: string[] = []
    const policies: string[] = []
    page.on("request", (request) => asked.push(request.url()))
    page.on("console", (message) => policies.push(message.text()))
    await page.addInitScript(() => Object.assign(globalThis, { hit: () => Object.assign(globalThis, { isHit: true }) }))
    await page.goto(new URL("attacks", server.url).href)
    const found = await page.evaluate(() => {
      const articles = [...document.querySelectorAll("main > article")]
      const inside = [...document.querySelectorAll("article *")]
      const links = [...document.querySelectorAll<HTMLAnchorElement>("article a")]
      return {
        isHit: "isHit" in globalThis,
        articles: articles.length,
        // Parsed and written again it is the same: nothing that a second reading would see otherwise.
        changed: articles.filter((one) => {
          const copy = document.createElement("article")
          copy.innerHTML = one.innerHTML
          return copy.innerHTML !== one.innerHTML
        }).length,
        names: [...new Set(inside.map((one) => one.localName))].sort(),
        attributes: [...new Set(inside.flatMap((one) => one.getAttributeNames()))].sort(),
        schemes: [...new Set(links.map((link) => link.protocol))].sort(),
      }
    })
    expect(found).toMatchObject({ isHit: false, articles: ATTACKS.length, changed: 0, schemes: ["https:"] })
    const harmless = ["a", "code", "div", "em", "h3", "li", "ol", "p", "pre", "span", "strong", "ul"]
    expect(found.names.filter((name) => !harmless.includes(name))).toEqual([])
    const kept = ["class", "dir", "href", "id", "rel", "start", "tabindex"]
    expect(found.attributes.filter((name) => !kept.includes(name))).toEqual([])
    expect(asked.filter((url) => !url.startsWith(server.url.origin))).toEqual([])
    expect(policies).toEqual([])
    await page.context().close()
  }, 120_000)
})
