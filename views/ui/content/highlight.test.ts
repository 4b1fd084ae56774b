import { expect, test } from "bun:test"
import { HIGHLIGHT_CHARS_MAX, highlight, type Language, languageOf } from "./highlight.ts"

const SAMPLES: Record<Exclude<Language, "text">, [code: string, kinds: string[]]> = {
  bash: ['curl -H "a: $TOKEN" | sed s/x// # ask', ["string", "variable", "comment"]],
  csharp: ['var x = "y"; // z', ["keyword", "string", "comment"]],
  css: [".a { color: red }", ["selector-class", "attribute"]],
  go: ['func main() { fmt.Println("a", 1) }', ["keyword", "string", "number"]],
  html: ["<a href='x'>b</a><script>let a = 1</script>", ["tag", "attr", "keyword"]],
  http: ['POST /v1 HTTP/1.1\nhost: a\n\n{"b": 1}', ["keyword", "attribute", "number"]],
  javascript: ["const a = `x` // b", ["keyword", "string", "comment"]],
  json: ['{"a": [1, true, null]}', ["attr", "number", "literal"]],
  php: ["<?php echo 'a'; $b = 1;", ["keyword", "string", "variable"]],
  python: ["def a(b): return 'c' # d", ["keyword", "string", "comment"]],
  ruby: ["def a; puts 'b'; end", ["keyword", "string"]],
  sql: ["SELECT a FROM b WHERE c = 'd'", ["keyword", "string"]],
  typescript: ["type A = { b: string }\nlet c: A", ["keyword", "built_in"]],
}
const plain = (html: string): string =>
  html.replace(/<[^>]*>/g, "").replace(/&(?:lt|gt|quot|#x27|amp);/g, (entity) => ENTITIES[entity] ?? entity)
const ENTITIES: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&amp;": "&" }

test.each(Object.entries(SAMPLES))("%s has its colours and keeps every letter", (language, [code, kinds]) => {
  const html = highlight(code, language as Language)
  for (const kind of kinds) expect(html).toContain(`class="hl-${kind}`)
  expect(plain(html)).toBe(code)
  expect(html).not.toContain("style=")
})

test("whatever the code is, nothing of it becomes markup", () => {
  const hostile = `</code></pre><script>hit()</script><img src=x onerror="hit()">'\u0000&lt;`
  for (const language of [...Object.keys(SAMPLES), "text"] as Language[]) {
    const html = highlight(hostile, language)
    expect(html.replace(/<\/?span[^<>]*>/g, "")).not.toContain("<")
    for (const [, attributes] of html.matchAll(/<span([^<>]*)>/g)) expect(attributes).toMatch(/^ class="[a-z_ -]+"$/)
  }
})

test("long code and one long word stay plain", () => {
  for (const code of ["let a\n".repeat(HIGHLIGHT_CHARS_MAX / 5), "a".repeat(5_000), " ".repeat(5_000)])
    expect(highlight(code, "typescript")).toBe(code)
})

test("a fence may say its language as people do", () => {
  expect(["js", "TS", "sh", "py", "xml", "constructor", "", "cobol"].map(languageOf)).toEqual([
    "javascript",
    "typescript",
    "bash",
    "python",
    "html",
    "text",
    "text",
    "text",
  ])
})
