// Form tokens as they stand in pages: masked anew in every answer, so that compression has nothing to measure (BREACH), and
// naming the person whose page it was.
import { describe, expect, test } from "bun:test"
import { createKeyring } from "../app/index.ts"
import { createCookies } from "./cookies.ts"
import { createCsrf } from "./csrf.ts"
import { Form } from "./forms.ts"

const ORIGIN = "https://ai.example.com"
const keyring = createKeyring(Buffer.alloc(32, 7))
const csrf = createCsrf({ keyring, cookies: createCookies({ secure: true }), originOf: () => ORIGIN })
const met = csrf.browser(new Request(ORIGIN))
const other = csrf.browser(new Request(ORIGIN))
const request = (id = met.id) =>
  new Request(`${ORIGIN}/x`, { method: "POST", headers: { cookie: `__Host-browser-1=${id}` } })
const formOf = (token: string) => new Form(new URLSearchParams({ csrf: token }))
const passes = (token: string, person?: string) => {
  try {
    csrf.check(request(), formOf(token), person)
    return true
  } catch {
    return false
  }
}

describe("masked", () => {
  test("no two renderings share a token, and every one of them stays good", () => {
    const tokens = Array.from({ length: 50 }, () => csrf.token(met.id, "usr_1"))
    expect(new Set(tokens).size).toBe(50)
    expect(tokens.filter((token) => passes(token, "usr_1"))).toHaveLength(50)
  })

  test("no byte of it stays in its place: nothing repeats that a length could tell", () => {
    const seen = Array.from({ length: 200 }, () => Buffer.from(csrf.token(met.id, "usr_1"), "base64url"))
    const { length } = seen[0]!
    const constant = Array.from({ length }, (_, at) => new Set(seen.map((bytes) => bytes[at])).size).filter(
      (values) => values < 60,
    )
    expect({ length, constant }).toEqual({ length: 80, constant: [] })
  })

  test("what it hides is refused when it comes bare, or with any byte changed, or cut, or longer", () => {
    const token = Buffer.from(csrf.token(met.id), "base64url")
    const bare = Buffer.alloc(40)
    for (let at = 0; at < 40; at++) bare[at] = token[at]! ^ token[40 + at]!
    const forged = [
      bare.toString("base64url"),
      keyring.hmac("csrf", met.id),
      token.subarray(0, 79).toString("base64url"),
      Buffer.concat([token, Buffer.alloc(1)]).toString("base64url"),
      `${token.toString("base64url")}==`,
      "",
      "A".repeat(107),
    ]
    expect(forged.filter((each) => passes(each))).toEqual([])
    for (let at = 0; at < 80; at++) {
      const changed = Buffer.from(token)
      changed[at]! ^= 1
      expect({ at, passes: passes(changed.toString("base64url"), "usr_1") }).toEqual({ at, passes: false })
    }
  })

  test("one of another browser is refused", () => {
    expect(passes(csrf.token(other.id))).toBe(false)
    expect(passes(csrf.token(met.id))).toBe(true)
  })
})

describe("whose page it was", () => {
  test("a form of one person is not sent by another who signed in since; one from before anybody did, is", () => {
    expect(passes(csrf.token(met.id, "usr_1"), "usr_1")).toBe(true)
    expect(passes(csrf.token(met.id, "usr_1"), "usr_2")).toBe(false)
    expect(passes(csrf.token(met.id), "usr_2")).toBe(true)
    expect(passes(csrf.token(met.id, "usr_1"))).toBe(true)
  })

  test("who had it is known again by name only, in this browser only", () => {
    const owner = csrf.ownerOf(request(), formOf(csrf.token(met.id, "usr_1")))!
    expect(csrf.isOwner(request(), owner, "usr_1")).toBe(true)
    expect(csrf.isOwner(request(), owner, "usr_2")).toBe(false)
    expect(csrf.isOwner(request(other.id), owner, "usr_1")).toBe(false)
    expect(owner).not.toContain("usr_1")
    expect(csrf.ownerOf(request(), formOf(csrf.token(met.id)))).toBeNull()
    expect(() => csrf.ownerOf(request(), formOf(csrf.token(other.id, "usr_1")))).toThrow()
  })
})
