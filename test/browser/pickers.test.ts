// Pickers that choose, in the gallery: by keyboard, with late and failing answers, after a swap, without scripts, on touch, in forced
// colours.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Locator, Page } from "playwright-core"
import { brotliBytesOf, startTestServer, type TestServer } from "../build.ts"
import { describeBrowser, launch, openTab, pageProblems, textOf } from "./kit.ts"

let browser: Browser
let server: TestServer
/** The gallery's pickers alone: the whole of it takes a browser seconds. */
const PARTS = "/_ui?part=pickers"

const open = async (options: Parameters<typeof openTab>[2] = {}) => {
  const tab = await openTab(browser, server, options)
  await tab.page.goto(`${server.url}${PARTS}`)
  return tab
}
/** A part of the gallery once it has its behaviour: the id has gone from the native control to the field. */
async function part(
  page: Page,
  id: string,
): Promise<{ field: Locator; native: Locator; list: Locator; options: Locator }> {
  const field = page.locator(`input#${id}`)
  await field.waitFor()
  await page.locator(`#${id}-native`).waitFor({ state: "attached" })
  const list = page.locator(`#${id}-list`)
  return { field, native: page.locator(`#${id}-native`), list, options: list.getByRole("option") }
}
const valuesOf = (native: Locator): Promise<string[]> =>
  native.evaluate((each: HTMLSelectElement) => [...each.selectedOptions].map(({ value }) => value))
/** The option that the field points at. */
const pointedAt = (field: Locator): Promise<string> =>
  field.evaluate((each) => document.getElementById(each.getAttribute("aria-activedescendant") ?? "")?.textContent ?? "")
const chipsOf = (page: Page, id: string): Promise<string[]> =>
  page.locator(`.field:has(#${id}) .chip > bdi`).allInnerTexts()

describeBrowser("pickers that choose", () => {
  beforeAll(async () => {
    server = await startTestServer()
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  test("a combobox by keyboard: filter, walk, choose, leave", async () => {
    const { page, context, problems } = await open()
    const { field, native, options } = await part(page, "combobox-rest-light")
    // The label is the field's, and the field says what it is.
    await page.locator('label[for="combobox-rest-light"]').first().click()
    expect(await field.evaluate((each) => each === document.activeElement)).toBe(true)
    expect(await field.getAttribute("role")).toBe("combobox")
    await page.keyboard.press("Escape")
    expect(await field.getAttribute("aria-expanded")).toBe("false")
    await page.keyboard.type("mini gpt")
    await options.first().waitFor()
    expect(await options.count()).toBe(1)
    expect(await field.getAttribute("aria-expanded")).toBe("true")
    expect(await pointedAt(field)).toContain("GPT-5 mini")
    await page.keyboard.press("Enter")
    expect(await field.inputValue()).toBe("GPT-5 mini")
    expect(await native.inputValue()).toBe("gpt-5-mini")
    expect(await field.getAttribute("aria-expanded")).toBe("false")

    // The list goes round; what cannot be chosen is not.
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowUp")
    expect(await pointedAt(field)).toContain("مرحبا")
    await page.keyboard.press("ArrowDown")
    expect(await pointedAt(field)).toContain("GPT-5")
    expect(await options.nth(1).getAttribute("aria-selected")).toBe("true")
    for (let steps = 0; steps < 4; steps++) await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    expect(await native.inputValue()).toBe("gpt-5-mini")

    // Escape closes first; a search that found nothing to choose leaves the choice; an emptied field takes it back.
    await page.keyboard.press("Escape")
    expect(await field.getAttribute("aria-expanded")).toBe("false")
    await field.fill("claud")
    await page.keyboard.press("Tab")
    expect(await field.inputValue()).toBe("GPT-5 mini")
    await field.fill("claude sonnet 5")
    await options.first().waitFor()
    await page.keyboard.press("Tab")
    expect(await native.inputValue()).toBe("claude-sonnet-5")
    await field.fill("")
    await page.keyboard.press("Tab")
    expect(await native.inputValue()).toBe("")
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("the choice is heard as a change of the control that is sent", async () => {
    const { page, context } = await open()
    const { field, options } = await part(page, "combobox-rest-light")
    await page.evaluate(() => {
      const heard: string[] = []
      Object.assign(globalThis, { heard })
      for (const kind of ["input", "change"])
        document.addEventListener(kind, ({ target }) => {
          const { name, value } = target as HTMLSelectElement
          if (name === "a") heard.push(`${kind} ${value}`)
        })
    })
    await field.click()
    await options.nth(2).click()
    const heard = await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)
    expect(heard).toEqual(["input claude-sonnet-5", "change claude-sonnet-5"])
    await context.close()
  }, 120_000)

  test("a search asks once for what was typed, drops late answers, and says when it failed", async () => {
    const { page, context } = await open()
    const { field, native, list, options } = await part(page, "combobox-search-light")
    const asked: string[] = []
    let delayed = () => {}
    await page.route("**/_ui/options*", async (route) => {
      const query = new URL(route.request().url()).searchParams.get("q") ?? ""
      asked.push(query)
      if (query === "broken") return route.fulfill({ status: 500, body: "no" })
      // The first answer comes after that of the second question.
      if (query === "ada")
        await new Promise<void>((done) => {
          delayed = done
        })
      await route.continue().catch(() => {})
    })
    await field.focus()
    // Three keys in one turn of the page: a machine that is busy would spread them, and then each is a question of its own.
    await field.evaluate((input: HTMLInputElement) => {
      for (const typed of ["a", "ad", "ada"]) {
        input.value = typed
        input.dispatchEvent(new InputEvent("input", { bubbles: true }))
      }
    })
    while (asked.length === 0) await Bun.sleep(20)
    expect(asked).toEqual(["ada"])
    await field.fill("mary")
    await options.getByText("Mary Shelley").waitFor()
    delayed()
    await page.waitForTimeout(300)
    expect(await options.allInnerTexts()).toEqual([expect.stringContaining("Mary Shelley")])
    await page.keyboard.press("Enter")
    expect(await native.inputValue()).toBe("mary")
    expect(await field.inputValue()).toBe("Mary Shelley")

    await field.fill("broken")
    await list.locator("..").getByText("The search failed. Try again.").waitFor()
    await field.fill("nobody at all")
    await list.locator("..").getByText("Nothing matches.").waitFor()
    await context.close()
  }, 120_000)

  test("a multi-select by keyboard: chips come and go, the native control follows, each is said", async () => {
    const { page, context, problems } = await open()
    const id = "multi-select-some-light"
    const { field, native, options } = await part(page, id)
    expect(await chipsOf(page, id)).toHaveLength(3)
    await field.focus()
    await page.keyboard.type("claude")
    await options.first().waitFor()
    await page.keyboard.press("Enter")
    expect(await valuesOf(native)).toContain("claude-sonnet-5")
    expect(await field.inputValue()).toBe("")
    expect(await page.locator(`.field:has(#${id}) > [role="status"]`).textContent()).toBe("Claude Sonnet 5 added")
    // The list stays open for the next, and shows what is chosen.
    expect(await options.filter({ hasText: "Claude" }).getAttribute("aria-selected")).toBe("true")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Backspace")
    expect(await valuesOf(native)).not.toContain("claude-sonnet-5")
    await page.getByRole("button", { name: "Remove GPT-5" }).first().click()
    expect(await valuesOf(native)).not.toContain("gpt-5")
    expect(await field.evaluate((each) => each === document.activeElement)).toBe(true)

    // By search, what is sent is a value a line.
    const people = await part(page, "multi-select-search-light")
    await people.field.fill("grace")
    await people.options.first().waitFor()
    await page.keyboard.press("Enter")
    expect(await people.native.inputValue()).toBe("ada\ngrace")
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("tags: Enter, comma and pasting add, Backspace takes away, twice and wrong are said, nothing is lost", async () => {
    const { page, context, problems } = await open()
    const id = "tags-empty-light"
    const { field, native } = await part(page, id)
    await field.focus()
    await page.keyboard.type("one")
    await page.keyboard.press("Enter")
    await page.keyboard.type("two,")
    expect(await chipsOf(page, id)).toEqual(["one", "two"])
    await field.evaluate((each) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData("text", "three, four\nfive\n")
      each.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))
    })
    expect(await native.inputValue()).toBe("one\ntwo\nthree\nfour\nfive")
    await page.keyboard.press("Backspace")
    expect(await chipsOf(page, id)).toEqual(["one", "two", "three", "four"])
    await page.keyboard.type("two,")
    const said = page.locator(`#${id}-wrong`)
    expect(await textOf(said)).toBe("two is there already.")
    expect(await field.getAttribute("aria-invalid")).toBe("true")

    // What cannot be one stays to be corrected, and is sent: the server has the last word.
    const uris = await part(page, "tags-some-light")
    await uris.field.fill("nonsense")
    await page.keyboard.press("Tab")
    expect(await textOf(page.locator("#tags-some-light-wrong"))).toBe("nonsense: begin with https://")
    expect(await uris.field.inputValue()).toBe("nonsense")
    expect((await uris.native.inputValue()).split("\n").at(-1)).toBe("nonsense")
    await uris.field.fill("https://a.example/x,y")
    await page.keyboard.press("Enter")
    expect((await uris.native.inputValue()).split("\n").at(-1)).toBe("https://a.example/x,y")
    expect(await page.locator("#tags-some-light-wrong").isVisible()).toBe(false)
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("what a swap brings works too, and typing in it opens its own list", async () => {
    const { page, context, problems } = await open()
    await part(page, "combobox-rest-light")
    await page.evaluate(async () => {
      const text = await (await fetch(location.href)).text()
      const again = new DOMParser().parseFromString(text, "text/html").querySelector("#part-combobox")!
      document.querySelector("#part-combobox")!.replaceWith(document.adoptNode(again))
    })
    const { field, native, options } = await part(page, "combobox-rest-light")
    await field.fill("gemini")
    await options.first().waitFor()
    await page.keyboard.press("Enter")
    expect(await native.inputValue()).toBe("gemini-3-pro")
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("without scripts: a select, a list, a text area, each with its label and its values", async () => {
    const { page, context } = await open({ javaScriptEnabled: false })
    const labelled = (name: string, label: string) =>
      page.locator(`#part-${name} [data-theme="light"] .nojs`).getByLabel(label, { exact: true })
    expect(await labelled("combobox", "Fallback (optional)").inputValue()).toBe("gpt-5-mini")
    await labelled("combobox", "Model").selectOption("gpt-5")
    await labelled("combobox", "Owner").fill("ada@example.com")
    expect(await valuesOf(labelled("multi-select", "Allowed"))).toHaveLength(3)
    expect((await labelled("tags", "Redirect URIs").inputValue()).split("\n")).toHaveLength(2)
    for (const one of await page.locator(".combo, .chips, .dates-open, .reveal").all())
      expect(await one.isVisible()).toBe(false)
    await context.close()
  }, 120_000)

  test("open, it passes axe in both themes, fits into 320 px and moves nothing", async () => {
    const { page, context, problems } = await open()
    const { field, options } = await part(page, "combobox-rest-light")
    const top = () => page.locator("#part-multi-select").evaluate((each) => (each as HTMLElement).offsetTop)
    const before = await top()
    await field.click()
    await options.first().waitFor()
    expect(await top()).toBe(before)
    await page.keyboard.press("ArrowDown")
    expect(await pageProblems(page, ["landmark-unique"])).toEqual([])
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("on touch every target is 44 px; in forced colours the option that is pointed at shows", async () => {
    const touch = await browser.newContext({ viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true })
    const page = await touch.newPage()
    await page.goto(`${server.url}${PARTS}`)
    const { field, options } = await part(page, "multi-select-some-light")
    await field.tap()
    await options.first().waitFor()
    const targets = [
      field,
      options.first(),
      page.locator(".field:has(#multi-select-some-light) .chip-remove").first(),
      page.locator(".field:has(#multi-select-some-light) .combo-open"),
      page.locator(".reveal").first(),
    ]
    for (const target of targets) {
      const { width, height } = (await target.boundingBox())!
      expect(Math.min(width, height + (target === field ? 8 : 0))).toBeGreaterThanOrEqual(44)
    }
    await touch.close()

    const forced = await browser.newContext({ forcedColors: "active" })
    const other = await forced.newPage()
    await other.goto(`${server.url}${PARTS}`)
    const one = await part(other, "combobox-rest-light")
    await one.field.click()
    await other.keyboard.press("ArrowDown")
    expect(await one.list.locator(".at").evaluate((each) => getComputedStyle(each).outlineStyle)).toBe("solid")
    await forced.close()
  }, 120_000)

  test("a page with Alpine has at most 25 kB of scripts, and only when it has a part for it", async () => {
    const { page, context } = await openTab(browser, server)
    const scriptsOf = async (path: string) => {
      const asked: string[] = []
      const note = (request: { url(): string }) => void (/\.js\b/.test(request.url()) && asked.push(request.url()))
      page.on("request", note)
      await page.goto(`${server.url}${path}`, { waitUntil: "networkidle" })
      // On a busy machine the network rests before the modules are asked for.
      await page.waitForFunction(() => !document.querySelector("[x-data]") || "Alpine" in globalThis)
      page.off("request", note)
      return asked
    }
    expect((await scriptsOf("/login")).filter((url) => /alpine|pickers/.test(url))).toEqual([])
    // The gallery has the modules of other parts beside them.
    const scripts = (await scriptsOf(PARTS)).filter((url) => /alpine|pickers|core/.test(url))
    expect(scripts).toHaveLength(3)
    let bytes = 0
    for (const url of scripts) bytes += await brotliBytesOf(url)
    expect(bytes).toBeLessThan(25_000)
    await context.close()
  }, 120_000)
})
