import { expect, test } from "bun:test"
import { maySee, type PageEntry } from "../base/index.ts"
import { ALL_PAGES } from "./pages.ts"
import { searchPages } from "./search.ts"

const found = (query: string, seeker?: { isDeveloper: boolean; isAdmin: boolean }) =>
  searchPages(query, seeker).map((page) => page.href)
const person = { isDeveloper: false, isAdmin: false }

test("nothing is found without words", () => {
  for (const query of ["", "   ", "!?", "\u0000"]) expect(found(query, person)).toEqual([])
})

test("the title counts most, and the start of a word is enough", () => {
  expect(found("credits", person)[0]).toBe("/credits")
  expect(found("SETT", person)).toEqual(["/settings"])
  expect(found("change password", person)).toEqual(["/settings/password", "/settings"])
  expect(found("change password nothing", person)).toEqual([])
  expect(found("password", person)[0]).toBe("/forgot-password")
  expect(found("dark", person)).toEqual(["/settings"])
  expect(found("revoke app", person)).toEqual(["/apps"])
})

test("pages that a person may not open are not named", () => {
  expect(found("upstreams", person)).toEqual([])
  expect(found("upstreams", { isDeveloper: true, isAdmin: false })).toEqual([])
  expect(found("upstreams", { isDeveloper: false, isAdmin: true })).toEqual(["/admin/upstreams", "/admin/analytics"])
  expect(found("dashboard")).toEqual([])
  expect(found("sign in")).toContain("/login")
  expect(found("sign in", person)).not.toContain("/login")
})

test("a query of a megabyte is cut, not searched", () => {
  const started = performance.now()
  expect(found("x ".repeat(500_000), person)).toEqual([])
  expect(performance.now() - started).toBeLessThan(50)
})

test("every page that has words is found by its title, and every page of the sidebar has words", () => {
  const seekers = [undefined, person, { isDeveloper: true, isAdmin: true }]
  for (const { path, title, search, viewer } of ALL_PAGES as readonly PageEntry[]) {
    if (!search) continue
    const seeker = seekers.find((each) => maySee(search.for ?? viewer, each))
    expect({ path, found: found(title, seeker).includes(path) }).toEqual({ path, found: true })
  }
  const silent = (ALL_PAGES as readonly PageEntry[]).filter((page) => page.nav && !page.search)
  expect(silent.map(({ path }) => path)).toEqual([])
})
