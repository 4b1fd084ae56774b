// Every page with made-up data is valid HTML by the rules of html-rules.ts. What the routes send is checked by the browser tests.
import { expect, test } from "bun:test"
import { frameFor } from "../views/fixtures/data.ts"
import { allPages, FRIENDLY, HOSTILES } from "../views/fixtures/index.ts"
import { html } from "../views/layout/index.ts"
import { GalleryPage } from "../views/ui-gallery/index.ts"
import { htmlProblems } from "./html-rules.ts"

for (const [name, element] of Object.entries(allPages(FRIENDLY, "system"))) {
  test(`${name} is valid`, () => expect(htmlProblems(html(element))).toEqual([]))
}

test("markup in names stays text", () => {
  const pages = allPages(HOSTILES[0]!, "system")
  for (const name of ["consent", "dashboard", "apps", "admin-user"])
    expect(htmlProblems(html(pages[name] ?? ""))).toEqual([])
})

test("the page of all parts is valid", () => {
  const frame = frameFor(FRIENDLY, "system", "/_ui")
  expect(htmlProblems(html(GalleryPage({ frame, now: 1_800_000_000_000, width: null, part: null })))).toEqual([])
}, 60_000)

test("the rules see what is wrong", () => {
  const wrong = {
    "element-permitted-content": "<ul><p>no item</p></ul>",
    "no-dup-id": '<p id="a">1</p><p id="a">2</p>',
    "input-missing-label": '<input type="text" name="a">',
    "no-inline-style": '<p style="color: red">red</p>',
    "close-order": "<p><b>bold</p></b>",
    "wcag/h30": '<a href="/x"></a>',
  }
  for (const [rule, text] of Object.entries(wrong)) expect(htmlProblems(text).join()).toContain(rule)
})
