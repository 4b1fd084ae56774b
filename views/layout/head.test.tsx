import { expect, test } from "bun:test"
import { frameFor } from "../fixtures/data.ts"
import { FRIENDLY, HOSTILES } from "../fixtures/index.ts"
import type { Theme } from "./frame.ts"
import { PAPER } from "./head.tsx"
import { Page } from "./page.tsx"

const head = (kind: "auth" | "console" | "public", theme: Theme, more: { title?: string; origin?: string } = {}) => {
  const frame = frameFor(FRIENDLY, theme, "/pricing", { origin: more.origin })
  return String(
    <Page frame={frame} title={more.title ?? "Prices"} kind={kind}>
      <main />
    </Page>,
  )
}
const colors = (page: string) =>
  [...page.matchAll(/<meta name="theme-color" content="([^"]+)"/g)].map(([, color]) => color)

test("the browser takes the colour of the theme: the device's, or the one that was chosen", () => {
  expect(colors(head("console", "system"))).toEqual([PAPER.light, PAPER.dark])
  expect(colors(head("console", "light"))).toEqual([PAPER.light, PAPER.light])
  expect(colors(head("console", "dark"))).toEqual([PAPER.dark, PAPER.dark])
  expect(head("auth", "dark")).toContain('media="(prefers-color-scheme: light)"')
})

test("public pages have a preview with whole addresses; others, and houses without an address, have none", () => {
  const page = head("public", "system", { origin: "https://ai.example.com" })
  expect(page).toContain('<meta property="og:url" content="https://ai.example.com/pricing"/>')
  expect(page).toMatch(/property="og:image" content="https:\/\/ai\.example\.com\/assets\/images\/share\.png/)
  expect(page).toContain('<meta property="og:title" content="Prices"/>')
  expect(page).toContain('<meta property="og:site_name" content="Purser"/>')
  for (const other of [head("public", "system"), head("console", "system", { origin: "https://ai.example.com" })])
    expect(other).not.toContain("og:")
})

test("what can be found has a description; pages behind a sign-in do not", () => {
  const described = (page: string) => /<meta name="description" content="[^"]{30,160}"/.test(page)
  expect([described(head("public", "system")), described(head("auth", "system"))]).toEqual([true, true])
  expect(head("console", "system")).not.toContain('name="description"')
  expect(head("auth", "system")).toMatch(/<link rel="apple-touch-icon" href="\/assets\/icons\/touch\.png/)
})

test("a hostile title stays in its attribute", () => {
  for (const { name } of HOSTILES) {
    const page = head("public", "system", { origin: "https://ai.example.com", title: name })
    expect(page.replace(/"[^"]*"/g, "").replace(/<title>[\s\S]*?<\/title>/, "")).not.toMatch(/<(script>|svg|img)/)
  }
})
