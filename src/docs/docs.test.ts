// The tree and the rules of the documentation, over its own files.
import { expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { createDocs } from "./index.ts"
import { fileOf, partsOf, soughtOf, treeOf, withLinks } from "./rules.ts"

const FOLDER = join(import.meta.dir, "../../docs")
const open = (lists: Record<string, () => string> = { settings: () => "| x |", addresses: () => "" }) =>
  createDocs({
    folder: FOLDER,
    origins: { auth: "https://id.house.test", api: "https://api.house.test" },
    changelog: "# Changelog\n\n- One thing.\n",
    lists,
    idsOf: (headings) => headings.map((heading) => heading.toLowerCase().replaceAll(" ", "-")),
  })

test("the tree is read from docs/README.md; a line that is no page is a mistake that is seen at once", () => {
  const [first] = treeOf("# D\n\n## One\n\nAbout it.\n\n- [A](how-to/a.md): What is there.\n- [B](/reference)\n")
  expect(first).toEqual({
    title: "One",
    text: "About it.",
    pages: [
      { path: "how-to/a", title: "A", text: "What is there." },
      { href: "/reference", title: "B", text: "" },
    ],
  })
  for (const line of ["- [A](../src/a.md)", "- [A](//evil.example)", "- A"])
    expect(() => treeOf(`## One\n${line}\n`)).toThrow("not a page")
})

test("each page begins with one title, and stands in the tree once", () => {
  const docs = open()
  const paths = docs.all().map(({ path }) => path)
  expect(new Set(paths).size).toBe(docs.tree.flatMap(({ pages }) => pages).filter((page) => "path" in page).length)
  for (const { path, source } of docs.all()) {
    const titles = source.replace(/^ *```[\s\S]*?^ *```/gm, "").match(/^# .+$/gm)
    expect([path, titles?.length, source.startsWith("# ")]).toEqual([path, 1, true])
  }
})

test("addresses in examples are this server's, what programs call at its own host", () => {
  const docs = open()
  const sources = docs.all().map(({ source }) => source)
  expect(sources.join("\n")).not.toContain("https://ai.example.com")
  expect(docs.page("how-to/first-call")!.source).toContain("'https://api.house.test/v1/chat/completions'")
})

test("a list that the program does not have is a mistake that is seen", () => {
  const hasList = readFileSync(join(FOLDER, "reference/settings.md"), "utf8").includes("<!-- list: settings -->")
  expect(hasList).toBe(true)
  expect(() => open({}).all()).toThrow("no list ")
})

test("links are changed outside of code alone", () => {
  const source = "[a](b.md)\n\n```md\n[a](b.md)\n```\n\n`[a](b.md)` [c](d.md#e)"
  expect(withLinks(source, (address) => address.toUpperCase())).toBe(
    "[a](B.MD)\n\n```md\n[a](b.md)\n```\n\n`[a](b.md)` [c](D.MD#E)",
  )
  expect(fileOf("docs/how-to/a.md", "../reference/b.md#c")).toEqual({ file: "docs/reference/b.md", hash: "#c" })
  expect([fileOf("docs/a.md", "https://x.test"), fileOf("docs/a.md", "#b"), fileOf("docs/a.md", "/x")]).toEqual([
    null,
    null,
    null,
  ])
})

test("a page is cut at its headings, and comments of code are no headings", () => {
  expect(partsOf("# T\n\nOne [two](x) `three`\n\n## Four\n\n```sh\n# five\n```\n| a | b |\n|---|---|\n")).toEqual([
    { heading: null, text: "One two three" },
    { heading: "Four", text: "# five a b" },
  ])
})

test("whatever is typed is words, and bounded", () => {
  const most = { charsMax: 20, wordsMax: 3 }
  expect(soughtOf('"a" OR b* (c) d', most)?.words).toBe('"a"* AND "or"* AND "b"*')
  expect(soughtOf("  --  ", most)).toBeNull()
  expect(soughtOf("ab", most)).toEqual({ words: '"ab"*', pieces: null })
})

test("a search for words that stand everywhere costs no more than each of them by itself", () => {
  const docs = open()
  const words = "a the of to in is s e".split(" ")
  const costOf = (...asked: string[]): number => {
    const before = process.cpuUsage()
    for (const one of asked) expect(docs.search(one).length).toBeLessThanOrEqual(20)
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
  const least = (...asked: string[]): number => Math.min(...Array.from({ length: 5 }, () => costOf(...asked)))
  for (const first of ["the", "mpoten"]) docs.search(first)
  expect(least(words.join(" "))).toBeLessThan(least(...words))
})
