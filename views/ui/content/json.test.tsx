import { expect, test } from "bun:test"
import { JsonView } from "./json.tsx"
import { JSON_CHARS_MAX, jsonModel } from "./json-model.ts"

const view = (source: string, levels?: number) =>
  String(<JsonView id="a" label="Body" source={source} levels={levels} />)
const treeOf = (html: string) => /<ul class="json-tree[\s\S]*<\/ul>/.exec(html)?.[0] ?? ""

test("branches are details, open down to the level asked for; leaves say what they are", () => {
  const html = view('{"a": {"b": {"c": [1, "x", true, null]}}}', 2)
  expect(html.match(/<details open/g)).toHaveLength(2)
  expect(html.match(/<details/g)).toHaveLength(5)
  for (const kind of ["hl-attr", "hl-number", "hl-string", "hl-literal"]) expect(html).toContain(`class="${kind}"`)
  expect(html).toContain("[ 4 items ]")
  expect(html).toContain("{ 1 key }")
})

test("numbers keep the digits they were sent with", () => {
  const html = treeOf(view('{"a": 12345678901234567890.10, "b": 1e400, "c": -0}'))
  for (const digits of ["12345678901234567890.10", "1e400", "-0"]) expect(html).toContain(`>${digits}<`)
})

test("nothing in a document becomes markup, whatever its keys are called", () => {
  const hostile = `</code></pre><script>hit()</script><img src=x onerror="hit()">'`
  const html = view(JSON.stringify({ [hostile]: hostile, __proto__: hostile, constructor: [hostile], "": 1 }), 9)
  // Inside quotes only quotes mean something, and none of them got there.
  expect(html.replace(/"[^"]*"/g, "")).not.toMatch(/<(script|img)/)
})

test("what is no JSON, or too long, stands there as text, open", () => {
  for (const source of ["", "not json", '{"a":', "x".repeat(JSON_CHARS_MAX + 10), "[".repeat(100_000)]) {
    const html = view(source)
    expect(html).not.toContain("json-tree")
    expect(html).toContain("<details open")
  }
  expect(view("x".repeat(JSON_CHARS_MAX + 10))).toContain("And 10 more characters.")
})

test("large documents end: long lists, long texts, many nodes, deep ones", () => {
  expect(treeOf(view(JSON.stringify(Array.from({ length: 5_000 }, (_, at) => at))))).toContain(
    "And 4,900 more: see the text.",
  )
  expect(treeOf(view(JSON.stringify("x".repeat(10_000))))).toContain("and 9,600 more characters")
  const deep = view(`${"[".repeat(400)}1${"]".repeat(400)}`, 400)
  expect(deep.match(/<details/g)!.length).toBeLessThan(25)
  expect(deep).toContain("see the text")
  const many = JSON.stringify(Array.from({ length: 90 }, () => Array.from({ length: 90 }, () => [1, 2])))
  expect(view(many).match(/json-row/g)!.length).toBeLessThan(2_100)
  const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 9_000 }, (_, at) => [`key ${at}`, at])))
  expect(view(wide).match(/json-row/g)!.length).toBeLessThan(110)
})

test("brackets in texts do not count as depth", () => {
  expect(jsonModel(JSON.stringify({ a: "[".repeat(2_000), b: `"\\${"{".repeat(2_000)}` }))).not.toBeNull()
  expect(jsonModel("[".repeat(600) + "]".repeat(600))).toBeNull()
})
