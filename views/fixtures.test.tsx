// What must hold on every page whatever people typed: everything escaped, nothing inline, one h1, labels, CSRF.
import { describe, expect, test } from "bun:test"
import { allPages, FRIENDLY, HOSTILES, type Words } from "./fixtures/index.ts"
import { html } from "./layout/html.ts"

/** A file of the product, or one that was made for this very page, whose bytes stand in it. */
const OUR_PICTURE =
  /^(?:\/assets\/(?:images|icons)\/[a-z-]+\.(?:webp|png)(\?v=\w+)?( \d+w)?|data:image\/(?:png|jpeg|webp);base64,[\w+/=]+)$/

interface Tag {
  name: string
  attributes: Map<string, string>
}

const VOID = new Set([
  "area",
  "base",
  "br",
  "col",
  "embed",
  "hr",
  "img",
  "input",
  "link",
  "meta",
  "source",
  "track",
  "wbr",
])

/** Strict reader of our own output: throws on anything but well-nested tags with quoted attributes. */
function tagsOf(page: string): Tag[] {
  const tags: Tag[] = []
  const open: string[] = []
  const token =
    /<!doctype html>|<\/([a-z][a-z0-9]*)>|<([a-z][a-zA-Z0-9]*)((?:\s+[a-zA-Z:_-]+(?:="[^"]*")?)*)\s*(\/?)>|</g
  for (const match of page.matchAll(token)) {
    const [whole, closed, name, raw, selfClosed] = match
    if (whole === "<") throw new Error(`stray < at ${page.slice(match.index, match.index + 60)}`)
    if (closed) {
      const last = open.pop()
      if (last !== closed) throw new Error(`</${closed}> closes <${last}>`)
    }
    if (!name) continue
    const attributes = new Map<string, string>()
    for (const [, key = "", value = ""] of (raw ?? "").matchAll(/([a-zA-Z:_-]+)(?:="([^"]*)")?/g))
      attributes.set(key, value)
    tags.push({ name, attributes })
    if (!VOID.has(name) && !selfClosed) open.push(name)
  }
  if (open.length > 0) throw new Error(`left open: ${open.join(" ")}`)
  return tags
}

const sets: [string, Words][] = [
  ["friendly", FRIENDLY],
  ...HOSTILES.map((words, index): [string, Words] => [`hostile ${index}`, words]),
]
const friendlyTags = Object.fromEntries(
  Object.entries(allPages(FRIENDLY, "light")).map(([name, page]) => [name, tagsOf(html(page))]),
)

const expressionsOf = (tags: readonly Tag[]): string[] =>
  tags.flatMap((tag) => [...tag.attributes].filter(([key]) => key.startsWith("x-")).map((pair) => pair.join("=")))

for (const [setName, words] of sets) {
  describe(setName, () => {
    for (const [name, element] of Object.entries(allPages(words, "dark"))) {
      test(name, () => {
        const page = html(element)
        const tags = tagsOf(page)
        const named = (tag: string): Tag[] => tags.filter((each) => each.name === tag)
        const attr = (tag: Tag, key: string): string => tag.attributes.get(key) ?? ""

        for (const tag of tags) {
          expect([...tag.attributes.keys()].filter((key) => /^on|^style$|^hx-on|^x-(html|init)/.test(key))).toEqual([])
          expect(attr(tag, "href")).not.toMatch(/^\s*javascript:/i)
        }
        // Expressions are ours: no word of a stranger stands in one.
        const expressions = new Set(expressionsOf(friendlyTags[name]!))
        expect(expressionsOf(tags).filter((each) => !expressions.has(each))).toEqual([])
        expect(named("style")).toEqual([])
        // What describes the page to search engines is data, which nothing runs.
        const scripts = named("script").filter((tag) => attr(tag, "type") !== "application/ld+json")
        expect(scripts.every((tag) => /^\/assets\//.test(attr(tag, "src")))).toBe(true)
        // Pictures are ours and described; no name of a stranger's becomes one.
        for (const img of [...named("img"), ...named("source")])
          for (const each of [attr(img, "src"), ...attr(img, "srcset").split(", ")].filter(Boolean))
            expect(each).toMatch(OUR_PICTURE)
        // An avatar and a logo stand beside their name, and so does the picture on a card.
        for (const img of named("img").filter((each) => !/\b(?:avatar|mark|beside)\b/.test(attr(each, "class"))))
          expect(attr(img, "alt").length).toBeGreaterThan(10)
        expect(page).toContain('data-theme="dark"')

        expect(named("h1").length).toBe(1)
        expect(named("main").length).toBe(1)
        const ids = tags.map((tag) => attr(tag, "id")).filter(Boolean)
        expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])

        const labelled = new Set(named("label").flatMap((tag) => attr(tag, "for") || []))
        // A label without "for" names the control that it begins with.
        const wrapped = new Set(tags.filter((_, at) => tags[at - 1]?.name === "label" && !attr(tags[at - 1]!, "for")))
        const controls = tags.filter(
          (tag) => ["input", "select", "textarea"].includes(tag.name) && attr(tag, "type") !== "hidden",
        )
        const nameless = controls.filter(
          (tag) => !labelled.has(attr(tag, "id")) && !wrapped.has(tag) && !attr(tag, "aria-label"),
        )
        expect(nameless).toEqual([])
        for (const label of labelled) expect(ids).toContain(label)
        const pointers = tags.flatMap((tag) =>
          `${attr(tag, "aria-describedby")} ${attr(tag, "aria-labelledby")}`.split(" "),
        )
        for (const pointer of pointers.filter(Boolean)) expect(ids).toContain(pointer)

        const posts = page.match(/<form method="post"[\s\S]*?<\/form>/g) ?? []
        for (const form of posts) expect(form).toContain('<input type="hidden" name="csrf" value="csrf-token"')
        expect(posts.length).toBe(named("form").filter((tag) => attr(tag, "method") === "post").length)
      })
    }
  })
}

test("the summary links only to fields that exist", () => {
  for (const [name, element] of Object.entries(allPages(FRIENDLY, "light"))) {
    const tags = friendlyTags[name] ?? []
    const ids = new Set(tags.map((tag) => tag.attributes.get("id")))
    const links = [...html(element).matchAll(/href="#([^"]+)"/g)].map((match) => match[1])
    expect(links.filter((id) => !ids.has(id))).toEqual([])
  }
})

test("the reader sees inline code when there is some", () => {
  expect(tagsOf('<p onclick="x">a</p>')[0]?.attributes.has("onclick")).toBe(true)
  expect(() => tagsOf("<p><b></p>")).toThrow()
  expect(() => tagsOf("<p>1 < 2</p>")).toThrow()
})

test("a theme chosen by the person is on the root", () => {
  for (const theme of ["system", "light", "dark"] as const) {
    expect(html(allPages(FRIENDLY, theme).login ?? "")).toContain(`<html lang="en" data-theme="${theme}">`)
  }
})
