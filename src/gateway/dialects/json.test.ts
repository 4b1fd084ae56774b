import { describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { AppError } from "../../app/index.ts"
import { parseJson } from "./json.ts"

const caseText = (name: string): string =>
  readFileSync(new URL(`../../../test/cases/gateway/${name}`, import.meta.url), "utf8")
const again = (text: string): string => JSON.stringify(parseJson(text).exact)
const refused = (text: string): AppError => {
  try {
    parseJson(text)
  } catch (error) {
    if (error instanceof AppError) return error
  }
  throw new Error("it was not refused")
}

describe("numbers", () => {
  test("travel as they were written", () => {
    const body = caseText("req-big-seed.json").trim()
    expect(again(body)).toBe(body)
    for (const text of [
      "0.0",
      "1.0",
      "-0",
      "1e5",
      "1E+2",
      "9223372036854775807",
      "0.1",
      "7",
      "1e-400",
      "123456789.123456789",
    ]) {
      expect(again(`{"a":[${text}]}`)).toBe(`{"a":[${text}]}`)
    }
  })

  test("are the same objects when nothing has to be kept, and numbers to whoever checks them when it has", () => {
    const plain = parseJson('{"seed":7,"t":0.5,"x":[true,false,null],"s":"1e400 \\" 0.0 \\\\"}')
    expect(plain.exact).toBe(plain.plain)
    expect(parseJson('{"top_p":1.0}').plain).toEqual({ top_p: 1 })
  })

  test("inside strings are text, however the string is escaped", () => {
    for (const text of ['{"a":"0.0"}', '{"a":"\\\\","b":"0.0"}', '{"a":"\\\\\\" 0.0"}']) {
      const { plain, exact } = parseJson(text)
      expect(exact).toBe(plain)
    }
  })
})

describe("nesting", () => {
  test("deeper than 128 levels is refused in words, before anything walks it", () => {
    const error = refused(caseText("req-deep-nesting.json"))
    expect([error.status, error.code]).toEqual([400, "invalid_request"])
    expect(error.message).toContain("nested")
    expect(refused(`${"[".repeat(129)}${"]".repeat(129)}`).message).toContain("128")
    expect(parseJson(`${"[".repeat(128)}${"]".repeat(128)}`).plain).toBeArray()
  })

  test("brackets inside strings are no nesting", () => {
    expect(parseJson(JSON.stringify({ text: "[{".repeat(100_000) })).plain).toBeObject()
  })
})

test("what is no JSON is refused, whatever it is made of", () => {
  for (const text of ["", "{", '{"a', '{"a":"\\', "{a:1}", "[1,]", "-", "1e", "0x1", "NaN", "]]]]", '"\\', "01"]) {
    expect(refused(text).code).toBe("invalid_request")
  }
})

test("a long body of quotes and backslashes is read in time that grows with its length", () => {
  const started = performance.now()
  parseJson(JSON.stringify({ text: '\\"'.repeat(1_000_000), more: "\\".repeat(1_000_000) }))
  expect(performance.now() - started).toBeLessThan(2_000)
})
