// Every reader of a header meets hostile text, and eight times as much (20 kB): the time may grow by as much, not by its square.
import { expect, test } from "bun:test"
import { chooseCoding } from "./encoding.ts"
import {
  bearerToken,
  clientAddress,
  createCookies,
  HEADER_CHARS_MAX,
  listOf,
  loadAssets,
  localPath,
  mediaType,
  parseRanges,
} from "./index.ts"

const SIZE = 2_500
const GROWTH = 8
const assets = loadAssets(import.meta.dir)
const cookies = createCookies({ secure: false })
const address = clientAddress(parseRanges(["10.0.0.0/8"]))
/** A request with one header; the platform's own Request takes any length. */
const asking = (name: string, value: string): Request =>
  new Request("http://localhost/x", { headers: { [name]: value } })
const quietly = (read: () => unknown) => {
  try {
    read()
  } catch {
    // A refusal is an answer too; what counts is how long it took.
  }
}

const READERS: Record<string, (text: string) => unknown> = {
  "accept-encoding": (text) => chooseCoding(text, ["br", "gzip"]),
  "if-none-match": (text) => assets.serve(asking("if-none-match", text), "/assets/encoding.ts"),
  "a list": (text) => listOf(text),
  "x-forwarded-for": (text) => address("10.0.0.1", asking("x-forwarded-for", text).headers),
  "content-type": (text) => mediaType(asking("content-type", text)),
  authorization: (text) => bearerToken(asking("authorization", `Bearer ${text}!`)),
  cookie: (text) => cookies.read(asking("cookie", text), "flash"),
  next: (text) => localPath(`/${text}`, "http://localhost", "/"),
}
const PUMPS = [
  " ",
  ",",
  ";",
  ", ",
  "; ",
  "a,",
  "a;",
  "a ;",
  "10.0.0.1,",
  "=",
  "%",
  "/",
  "a",
  "W/",
  '"',
  "q=0.",
  "../",
  "\\",
]

function leastTime(read: (text: string) => unknown, text: string): number {
  const times = [1, 2, 3, 4, 5].map(() => {
    const startMs = performance.now()
    quietly(() => read(text))
    return performance.now() - startMs
  })
  return Math.min(...times)
}

test("no reader of a header grows faster than its text", () => {
  for (const [name, read] of Object.entries(READERS)) {
    for (const pump of PUMPS) {
      const textOf = (chars: number) => `a${pump.repeat(chars / pump.length)}b`
      const longMs = leastTime(read, textOf(SIZE * GROWTH))
      // Below two milliseconds nothing can be told, nor harmed.
      const growth = longMs < 2 ? 0 : longMs / leastTime(read, textOf(SIZE))
      expect([name, pump, growth < GROWTH * 3]).toEqual([name, pump, true])
    }
  }
})

test("lists are read as the standard has them, up to a length that means something", () => {
  expect(listOf(' a , "b" ,, c ')).toEqual(["a", '"b"', "c"])
  expect(listOf(null)).toEqual([])
  expect(listOf(`a,${" ".repeat(HEADER_CHARS_MAX)}`)).toEqual([])
  expect(listOf("a,".repeat(1_000)).length).toBeLessThanOrEqual(100)
  expect(mediaType(asking("content-type", "Application/JSON ; charset=utf-8"))).toBe("application/json")
  expect(mediaType(new Request("http://localhost/"))).toBeNull()
})

test("a bearer token is read one way, for apps and for the gateway", () => {
  const read = (value: string) => bearerToken(asking("authorization", value))
  expect(read("Bearer abc.DEF-_~+/==")).toBe("abc.DEF-_~+/==")
  expect(read("bearer   x")).toBe("x")
  for (const bad of [
    "Basic eA==",
    "Bearer",
    "Bearer a b",
    "Bearer =a",
    "Bearer a,b",
    "Bearer\ta",
    `Bearer ${"a".repeat(9_000)}`,
  ])
    expect(() => read(bad)).toThrow("not `Bearer` and a token")
  expect(() => bearerToken(new Request("http://localhost/?access_token=x"))).toThrow("A token is needed")
})
