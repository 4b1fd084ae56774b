// The documentation as it is served: every page, every link and anchor, its search, and the same for programs that read.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { VERSION } from "../../src/app/index.ts"
import { partsOf } from "../../src/docs/rules.ts"
import { EDIT_URL } from "../../src/docs/settings.ts"
import { headingIds } from "../../views/ui/index.ts"
import { CTX, startTestServer, type TestServer } from "../build.ts"

const FOLDER = join(import.meta.dir, "../../docs")
const KINDS = ["tutorials", "how-to", "reference", "explanation"]

let server: TestServer
/** What stands at an address: its ids, and where it leads. */
const read = new Map<string, { status: number; text: string; ids: Set<string>; links: string[] }>()
let pages: string[] = []

const at = async (path: string) => {
  const known = read.get(path)
  if (known) return known
  const answer = await fetch(server.url + path, { redirect: "manual" })
  const text = await answer.text()
  const ids = new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!))
  const main = /<main[\s\S]*<\/main>/.exec(text)?.[0] ?? ""
  const links = [...main.matchAll(/<a [^>]*href="([^"]+)"/g)].map(([, href]) => href!.replaceAll("&amp;", "&"))
  const page = { status: answer.status, text, ids, links }
  read.set(path, page)
  return page
}

beforeAll(async () => {
  server = await startTestServer()
  const { links } = await at("/docs")
  pages = [...new Set(links.filter((href) => /^\/docs\/[a-z-]+\/[a-z0-9-]+$/.test(href)))]
})
afterAll(() => server.close())

test("the front lists every file of docs/, and each is a page", async () => {
  const files = KINDS.flatMap((kind) =>
    (existsSync(join(FOLDER, kind)) ? readdirSync(join(FOLDER, kind)) : []).map((name) => `${kind}/${name}`),
  )
  const missing = files.filter((name) => !pages.includes(`/docs/${name.replace(/\.md$/, "")}`))
  // Add it to docs/README.md, where its readers look for it.
  expect(missing).toEqual([])
  for (const page of pages) expect([page, (await at(page)).status]).toEqual([page, 200])
})

test("every link of every page leads somewhere, and every anchor is there", async () => {
  const broken: string[] = []
  for (const page of ["/docs", ...pages])
    for (const href of (await at(page)).links) {
      if (/^(https?|mailto):/.test(href) && !href.startsWith(server.url)) continue
      const { pathname, search, hash } = new URL(href, server.url + page)
      const isGuarded = (status: number) => status === 303 || status === 302
      const there = await at(pathname + search)
      if (there.status !== 200 && !isGuarded(there.status)) broken.push(`${page}: ${href} is ${there.status}`)
      else if (hash !== "" && !there.ids.has(decodeURIComponent(hash.slice(1)))) broken.push(`${page}: ${href}`)
    }
  expect(broken).toEqual([])
}, 120_000)

test("no page links to a file of the source that a reader of the server cannot open", async () => {
  const lost: string[] = []
  for (const page of pages) {
    const name = page.slice("/docs/".length)
    if (name === "reference/changelog") continue
    const source = readFileSync(join(FOLDER, `${name}.md`), "utf8")
    for (const [, href] of source.matchAll(/\]\((?!https?:|mailto:|#|\/)([^)\s]+)\)/g)) {
      const { pathname } = new URL(href!, `file:///docs/${name}.md`)
      if (pathname.startsWith("/docs/") && !read.has(pathname.replace(/\.md$/, ""))) lost.push(`${name}: ${href}`)
    }
  }
  expect(lost).toEqual([])
})

test("what a search finds is there, at its anchor", async () => {
  const wrong: string[] = []
  for (const page of pages) {
    const source = await (await fetch(`${server.url}${page}.md`)).text()
    const ids = headingIds(partsOf(source).flatMap(({ heading }) => heading ?? []))
    const there = (await at(page)).ids
    wrong.push(...ids.filter((id) => !there.has(id)).map((id) => `${page}#${id}`))
  }
  expect(wrong).toEqual([])
})

describe("search", () => {
  const found = async (query: string) => {
    const { text } = await at(`/docs/search?${new URLSearchParams({ q: query })}`)
    const list = /id="found">([\s\S]*)/.exec(text)?.[1] ?? ""
    return [...list.matchAll(/href="(\/docs\/[^"]+)"/g)].map(([, href]) => href!)
  }

  test("the page whose title it is comes first; endings and beginnings do not matter", async () => {
    expect((await found("passkeys"))[0]).toBe("/docs/how-to/passkeys")
    expect((await found("passkey"))[0]).toStartWith("/docs/how-to/passkeys")
    expect((await found("upgrad"))[0]).toStartWith("/docs/how-to/upgrade")
    expect(await found("insufficient_credits")).not.toEqual([])
  })
  test("the middle of a word is found where no word begins so", async () => {
    expect(await found("mpoten")).not.toEqual([])
  })
  test("whatever is typed is text, and bounded", async () => {
    for (const typed of [
      '"',
      "AND OR NOT",
      "a* NEAR(b)",
      "-x:",
      "title:",
      "(",
      "'; DROP",
      "x".repeat(5_000),
      "é ".repeat(500),
    ])
      expect((await at(`/docs/search?${new URLSearchParams({ q: typed })}`)).status).toBe(200)
    expect((await at("/docs/search?q=%3Cscript%3Ealert(1)%3C/script%3E")).text).not.toContain("><script>alert")
  })
})

describe("for programs", () => {
  test("each page is Markdown, too, with whole addresses that lead to Markdown", async () => {
    const answer = await fetch(`${server.url}/docs/how-to/upgrade.md`)
    expect(answer.headers.get("content-type")).toBe("text/markdown; charset=utf-8")
    const text = await answer.text()
    expect(text).toStartWith("# Upgrade")
    for (const [, href] of text.matchAll(/\]\(([^)]+)\)/g)) expect(href).toMatch(/^(https?:|#)/)
  })
  test("llms.txt lists every page, llms-full.txt has them all", async () => {
    const list = (await at("/llms.txt")).text
    expect(list).toStartWith("# Purser\n\n> ")
    for (const page of pages) expect(list).toContain(`${page}.md)`)
    const full = (await at("/llms-full.txt")).text
    expect(full.match(/^# /gm)!.length).toBeGreaterThanOrEqual(pages.length)
  })
  test("the sitemap has them, and robots.txt says where it is", async () => {
    const { text } = await at("/sitemap.xml")
    for (const page of pages) expect(text).toContain(`${page}</loc>`)
    for (const [, address] of text.matchAll(/<loc>([^<]+)<\/loc>/g)) {
      const { pathname } = new URL(address!)
      if (!pathname.startsWith("/reference/")) expect([pathname, (await at(pathname)).status]).toEqual([pathname, 200])
    }
    expect((await at("/robots.txt")).text).toMatch(/^Sitemap: https?:\/\/.*\/sitemap\.xml$/m)
  })
})

test("examples name this server, and its title and description are the page's own", async () => {
  const { text } = await at("/docs/how-to/first-call")
  expect(text).not.toContain("ai.example.com")
  expect(text).toContain("<title>Make a first call · Documentation · Purser</title>")
  expect(text).toMatch(/<meta name="description" content="With your own account/)
})

test("each page has its neighbours, the version, itself as Markdown, and a way to edit it where the operator says", async () => {
  const path = "/docs/how-to/first-call"
  const { text } = await at(path)
  for (const part of ['rel="prev"', 'rel="next"', `href="${path}.md"`, `Version ${VERSION}`, "data-copy"])
    expect([part, text.includes(part)]).toEqual([part, true])
  expect(text).not.toContain("Edit this page")
  await server.app.settings.set(CTX, EDIT_URL, { value: "https://git.example/acme/purser/edit/main/" })
  const edited = await (await fetch(server.url + path)).text()
  expect(edited).toContain(
    '<a href="https://git.example/acme/purser/edit/main/docs/how-to/first-call.md">Edit this page</a>',
  )
  await server.app.settings.set(CTX, EDIT_URL, { value: "" })
})

test("a page that is not there says so; nothing outside of the tree is served", async () => {
  for (const path of [
    "/docs/how-to/nowhere",
    "/docs/how-to/nowhere.md",
    "/docs/..%2F..%2Fpackage/x",
    "/docs/README/md",
  ])
    expect([path, (await at(path)).status]).toEqual([path, 404])
})
