import { expect, test } from "bun:test"
import { localPath } from "./index.ts"

const ORIGIN = "https://ai.example.com"
const to = (target: string | null) => localPath(target, ORIGIN, "/home")

test("paths of ours are kept, query and all", () => {
  for (const path of ["/", "/apps?x=1", "/credits?from=2026-01-01&next=https://a.example", "/a/b%20c", "/apps//x"])
    expect(to(path)).toBe(path)
  expect(to("/apps?x=1#part")).toBe("/apps?x=1")
  expect(to("/a/../apps")).toBe("/apps")
})

const HOSTILE = [
  null,
  "",
  "apps",
  "https://evil.example",
  "javascript:alert(1)",
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\/evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/\r/evil.example",
  "/..//evil.example",
  "/../..//evil.example",
  "/.//evil.example",
  "/a/..//evil.example",
  "/%2e%2e//evil.example",
  "/..///evil.example",
  "/a/../..//evil.example/%2e%2e",
  "/%2e//evil.example",
  "/.%2e//evil.example",
  "/..\\/evil.example",
  "/..%5c/evil.example/..//evil.example",
  "/%09/evil.example",
  "/%2f/evil.example",
  "/%2Fevil.example",
  "/%5cevil.example",
  "/%5C/evil.example",
  "/\u0000/evil",
  "/%0a\u0000",
  " /evil",
  "/ /evil",
  "//user@evil.example",
  "/..//user:pw@evil.example",
  "//[::1]/",
  "//ai.example.com@evil.example",
  "/\u007f/x",
  "http:/evil.example",
  "https:evil.example",
  "/..//",
  "//",
  `/${"a".repeat(3_000)}`,
]

test("what a browser makes of the answer is always on this origin", () => {
  for (const target of HOSTILE) {
    const path = to(target)
    const landed = new URL(path, `${ORIGIN}/console/login`)
    expect([target, landed.origin]).toEqual([target, ORIGIN])
    // And once more after a hop that decodes.
    expect([target, new URL(decodeURIComponent(path), ORIGIN).origin]).toEqual([target, ORIGIN])
    expect(path.startsWith("//")).toBe(false)
  }
  for (const target of HOSTILE.filter((one) => !/^\/(%2e|\.|a)/.test(one ?? "")))
    expect([target, to(target)]).toEqual([target, "/home"])
})

test("an origin is the whole of it: port, scheme and host", () => {
  expect(localPath("/x", "http://127.0.0.1:8080", "/home")).toBe("/x")
  expect(localPath("//127.0.0.1:8081/x", "http://127.0.0.1:8080", "/home")).toBe("/home")
})
