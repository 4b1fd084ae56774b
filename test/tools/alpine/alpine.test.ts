// The file that pages load is what the script makes, small enough, and reads the expressions that pages have and no more.
import { describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { brotliCompressSync } from "node:zlib"
import { ALPINE_PATH, buildAlpine } from "./build.ts"
import { generateRuntimeFunction } from "./parser.js"

const evaluate = (text: string, scope: object = {}): unknown => generateRuntimeFunction(text)({ scope })

test("the file is what `bun test/tools/alpine/build.ts` makes, twice", async () => {
  const made = await buildAlpine()
  expect(await buildAlpine()).toBe(made)
  expect(readFileSync(ALPINE_PATH, "utf8") === made).toBe(true)
}, 30_000)

test("it leaves room for the parts: a page with Alpine has 25 kB of scripts", () => {
  expect(brotliCompressSync(readFileSync(ALPINE_PATH)).length).toBeLessThan(15_000)
})

test("it never makes code of text", () => {
  expect(readFileSync(ALPINE_PATH, "utf8")).not.toMatch(/new Function|\beval\(|AsyncFunction/)
})

describe("expressions", () => {
  const scope = {
    open: true,
    n: 3,
    name: "Ada",
    item: { label: "A", list: [1, 2] },
    twice(this: { n: number }, by: number) {
      return this.n * by
    },
    read(this: { n: number }) {
      return this.n
    },
  }

  test.each([
    ["!open", false],
    ["n + 2 * 3 - -1", 10],
    ["(n + 2) * 3", 15],
    ["n % 2 === 1 && name != 'Bob'", true],
    ["open ? 'a' : \"b\"", "a"],
    ["!open ? 1 : n > 5 ? 2 : 3", 3],
    ["item.label", "A"],
    ["item.list[n - 2]", 2],
    ["item.list.length", 2],
    ["twice(2)", 6],
    ["name.toUpperCase()", "ADA"],
    ["null", null],
    ["'it is \"so\"'", 'it is "so"'],
    ["0.5", 0.5],
  ] as const)("%s", (text, result) => expect(evaluate(text, scope)).toBe(result))

  test("a method that is handed on keeps its component", () => {
    expect((evaluate("read", scope) as () => number).call(undefined)).toBe(3)
  })

  test("writes to names and members, as x-model does", () => {
    const own = { a: 1, b: { c: 2 }, __placeholder: 9 }
    expect(evaluate("a = __placeholder", own)).toBe(9)
    expect(evaluate("b.c = a = 4", own)).toBe(4)
    expect(own).toMatchObject({ a: 4, b: { c: 4 } })
  })

  test("skips what && and || do not need", () => {
    let calls = 0
    const own = { no: false, call: () => ++calls }
    expect(evaluate("no && call()", own)).toBe(false)
    expect(calls).toBe(0)
  })

  test.each(["", "a;b", "a +", "1 = 2", "a => a", "`a`", "a?.b", "[1]", "{a: 1}", "a++", "'open", "a b", "f("])(
    "does not read %s",
    (text) => expect(() => evaluate(text, { a: 1, b: 1 })).toThrow(),
  )

  test.each([
    "name.constructor",
    "name['constructor']",
    "item.__proto__",
    "item['pro' + 'totype']",
    "window",
    "alert(1)",
  ])("does not reach %s", (text) => expect(() => evaluate(text, scope)).toThrow())
})
