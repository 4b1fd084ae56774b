// What was typed into a form whose session was over: kept for the person and the browser that typed it, once, for minutes, within bounds.
import { expect, test } from "bun:test"
import { createKeyring, LIMITS } from "../app/index.ts"
import { createCookies } from "./cookies.ts"
import { createCsrf } from "./csrf.ts"
import { Form } from "./forms.ts"
import { createKeptForms, type Unfinished } from "./kept.ts"

const ORIGIN = "https://ai.example.com"
const PATH = "/admin/plans/pro"
const ROUTE = { pattern: "/admin/plans/:plan", params: { plan: "pro" } }

function open() {
  let nowMs = 1_000_000
  const cookies = createCookies({ secure: true })
  const keyring = createKeyring(Buffer.alloc(32, 7))
  const csrf = createCsrf({ keyring, cookies, originOf: () => ORIGIN })
  const kept = createKeptForms({ cookies, csrf, keyring, now: () => nowMs })
  const newBrowser = () => csrf.browser(new Request(ORIGIN))
  const cookieOf = ({ setCookies }: { setCookies: readonly string[] }) => setCookies[0]!.split(";")[0]!
  const mine = newBrowser()
  const visit = (...cookie: string[]) => new Request(ORIGIN, { headers: { cookie: cookie.join("; ") } })
  const keep = (person: string, fields: Unfinished["fields"], path = PATH) => {
    const request = visit(cookieOf(mine))
    const owner = csrf.ownerOf(request, new Form(new URLSearchParams({ csrf: csrf.token(mine.id, person) })))!
    return kept.keepForm({ ...ROUTE, path, owner, fields })?.split(";")[0]
  }
  return {
    keep,
    keyring,
    csrf,
    kept,
    take: (cookie: string, person = "usr_1", browser = mine, path = PATH) =>
      kept.takeForm(visit(cookieOf(browser), cookie), path, person)?.form?.fields,
    taken: (cookie: string) => kept.takeForm(visit(cookieOf(mine), cookie), PATH, "usr_1"),
    knows: (cookie: string) => kept.hasKept(visit(cookieOf(mine), cookie)),
    newBrowser,
    pass: (ms: number) => (nowMs += ms),
  }
}

const TYPED: Unfinished["fields"] = [
  ["name", "Pro"],
  ["scope", "llm"],
  ["scope", "speech"],
]

test("the person who typed it gets it back, once", () => {
  const { keep, take, knows } = open()
  const cookie = keep("usr_1", TYPED)!
  expect(knows(cookie)).toBe(true)
  expect(take(cookie)).toEqual(TYPED)
  expect(take(cookie)).toBeUndefined()
  expect(knows(cookie)).toBe(false)
})

test("another person gets nothing, and afterwards it is gone", () => {
  const { keep, take } = open()
  const cookie = keep("usr_1", TYPED)!
  expect(take(cookie, "usr_2")).toBeUndefined()
  expect(take(cookie, "usr_1")).toBeUndefined()
})

test("another browser gets nothing, even of the same person; another page neither", () => {
  const { keep, take, newBrowser } = open()
  expect(take(keep("usr_1", TYPED)!, "usr_1", newBrowser())).toBeUndefined()
  const cookie = keep("usr_1", TYPED)!
  expect(take(cookie, "usr_1", undefined, "/admin/plans/free")).toBeUndefined()
  expect(take(cookie)).toEqual(TYPED)
})

test("a handle that we did not give is ignored", () => {
  const { keep, take, knows } = open()
  const cookie = keep("usr_1", TYPED)!
  const name = cookie.split("=")[0]!
  for (const forged of ["", "x", "A".repeat(43), "../../etc", cookie.split("=")[1]!.slice(0, -1)]) {
    expect({ forged, taken: take(`${name}=${forged}`), known: knows(`${name}=${forged}`) }).toEqual({
      forged,
      taken: undefined,
      known: false,
    })
  }
  expect(take(cookie)).toEqual(TYPED)
})

test("it is kept for minutes only", () => {
  const { keep, take, knows, pass } = open()
  const cookie = keep("usr_1", TYPED)!
  pass(LIMITS.keptFormMs - 1)
  expect(knows(cookie)).toBe(true)
  pass(1)
  expect(knows(cookie)).toBe(false)
  expect(take(cookie)).toBeUndefined()
})

test("what is too large is not kept; one person's newest stay; all together are bounded", () => {
  const { keep, take, kept } = open()
  const size = LIMITS.keptFormCharsMax
  expect(keep("usr_1", [["name", "x".repeat(size)]])).toBeUndefined()
  const cookies = Array.from({ length: LIMITS.keptFormsPerPerson + 1 }, (_, at) => keep("usr_1", [["n", String(at)]])!)
  expect(take(cookies[0]!)).toBeUndefined()
  expect(take(cookies[1]!)).toEqual([["n", "1"]])
  const many = Math.ceil(LIMITS.keptFormsCharsMax / size) + 2
  const last = Array.from({ length: many }, (_, at) => keep(`usr_${at + 10}`, [["n", "x".repeat(size - 300)]])!).at(-1)!
  expect(kept.chars()).toBeLessThanOrEqual(LIMITS.keptFormsCharsMax)
  expect(take(last, `usr_${many + 9}`)).toHaveLength(1)
})

test("with the key exchanged it comes back as long as the old key opens; without it, it is gone and nothing fails", () => {
  const { keep, take, taken, keyring, kept } = open()
  const [old, fresh] = [Buffer.alloc(32, 7), Buffer.alloc(32, 8)]
  const [first, second] = [keep("usr_1", TYPED)!, keep("usr_1", TYPED)!]
  keyring.use([fresh, old])
  expect(take(first)).toEqual(TYPED)
  keyring.use([fresh])
  expect(taken(second)).toEqual({ form: null, forget: expect.stringContaining("Max-Age=0") })
  expect(taken(second)).toBeNull()
  expect(kept.chars()).toBe(0)
})
