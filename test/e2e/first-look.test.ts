// What a stranger's browser is asked to load: nothing of others, on any page that anybody may see, and nothing that has to run first.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { ALL_PAGES } from "../../src/sites/public/index.ts"
import { addressOf, openRouteWorld, type RouteWorld } from "../routes.ts"

let world: RouteWorld
beforeAll(async () => {
  world = await openRouteWorld()
}, 30_000)
afterAll(() => world?.server.close())

interface Loaded {
  page: string
  address: string
}

/** What browsers fetch by themselves: not links that somebody has to press. */
async function loadedBy(page: string, response: Response): Promise<Loaded[]> {
  const found: Loaded[] = []
  const add = (address: string | null) => {
    if (address) found.push({ page, address })
  }
  await new HTMLRewriter()
    .on("[src]", { element: (each) => add(each.getAttribute("src")) })
    .on("[srcset]", { element: (each) => add(each.getAttribute("srcset")) })
    .on("[data-module], [data-load]", {
      element: (each) => add(each.getAttribute("data-module") ?? each.getAttribute("data-load")),
    })
    .on("link", {
      element: (each) => {
        if (/stylesheet|icon|preload|manifest|preconnect|dns-prefetch/.test(each.getAttribute("rel") ?? ""))
          add(each.getAttribute("href"))
      },
    })
    .transform(response)
    .text()
  return found
}

test("pages for strangers load from this server alone, are whole without scripts, and small before them", async () => {
  const pages = ALL_PAGES.filter(
    ({ viewer, ...page }) => viewer === "anyone" && (!("kind" in page) || page.kind === "page"),
  )
  expect(pages.length).toBeGreaterThan(20)
  const sheets = new Set<string>()
  for (const { path, ...more } of pages) {
    const query = "query" in more ? more.query : undefined
    const response = await fetch(addressOf(world, query === undefined ? { path } : { path, query }))
    const policy = response.headers.get("content-security-policy") ?? ""
    if (!response.headers.get("content-type")?.startsWith("text/html")) continue
    expect([path, policy.includes("default-src 'none'")]).toEqual([path, true])
    for (const { address } of await loadedBy(path, response.clone())) {
      expect([path, address]).toEqual([path, expect.stringMatching(/^(?:\/(?!\/)|data:)/)])
      if (address.includes(".css")) sheets.add(address)
    }
    const html = await response.text()
    const main = html.slice(html.indexOf("<main"), html.indexOf("</main>"))
    // A page of scripts would have an empty place here.
    expect([path, /<h1[\s>]/.test(main) || /<h1[\s>]/.test(html)]).toEqual([path, true])
  }
  for (const sheet of sheets) {
    const css = await (await fetch(`${world.server.url}${sheet}`)).text()
    expect([sheet, css.match(/url\((?!"?(?:\/assets\/|data:))[^)]*\)|@import/g)]).toEqual([sheet, null])
  }
  expect(sheets.size).toBeGreaterThan(2)
})

test("search engines and screen readers are told what each page is", async () => {
  const pages = ALL_PAGES.filter(
    ({ viewer, ...page }) => viewer === "anyone" && (!("kind" in page) || page.kind === "page"),
  )
  let seen = 0
  for (const { path, ...more } of pages) {
    const query = "query" in more ? more.query : undefined
    const response = await fetch(addressOf(world, query === undefined ? { path } : { path, query }))
    if (response.status !== 200 || !response.headers.get("content-type")?.startsWith("text/html")) continue
    seen++
    const said: string[] = []
    let heads = 0
    const told = new Set<string>()
    await new HTMLRewriter()
      .on("html", { element: (each) => void (each.getAttribute("lang") && told.add("language")) })
      .on("title", { element: () => void told.add("title") })
      .on('meta[name="viewport"]', {
        element: (each) => void (/width=device-width/.test(each.getAttribute("content") ?? "") && told.add("viewport")),
      })
      .on('meta[name="description"]', {
        element(each) {
          const { length } = each.getAttribute("content") ?? ""
          if (length >= 20 && length <= 240) told.add("description")
        },
      })
      .on("h1", { element: () => void heads++ })
      .on("img", {
        element(each) {
          for (const name of ["alt", "width", "height"])
            if (each.getAttribute(name) === null) said.push(`img without ${name}: ${each.getAttribute("src")}`)
        },
      })
      .on("a", {
        element(each) {
          const href = each.getAttribute("href") ?? ""
          if (href === "" || href.startsWith("javascript:")) said.push(`a link that leads nowhere: ${href}`)
        },
      })
      .transform(response)
      .text()
    expect([path, said, heads, [...told].sort()]).toEqual([
      path,
      [],
      1,
      ["description", "language", "title", "viewport"],
    ])
  }
  expect(seen).toBeGreaterThan(20)
})

test("the front page’s style sheets are small enough to come with the first packets", async () => {
  const html = await (await fetch(world.server.at("/"))).text()
  const address = /<link rel="stylesheet" href="([^"]+)"/.exec(html)![1]!
  const css = await (await fetch(`${new URL(world.server.at("/")).origin}${address}`)).arrayBuffer()
  expect(address).toContain("landing.css")
  expect(Bun.gzipSync(new Uint8Array(css)).length).toBeLessThan(19_000)
})
