// The values of before as the form takes them, and what is new in words.
import { expect, test } from "bun:test"
import { nano } from "../../app/index.ts"
import { Form, field, form } from "../../http/index.ts"
import { newValues, undoing, undoTo } from "./undo.ts"

const FORM = form(
  {
    name: field.text({ label: "Name" }),
    price: field.dollars({ label: "Price a month" }),
    open: field.box({ label: "Open to new people" }),
    redirectUris: field.lines({ label: "Redirect URIs" }),
    scopes: field.choices({
      name: "scope",
      label: "Scopes",
      options: [
        { value: "llm", label: "Chat" },
        { value: "speech", label: "Speech" },
      ],
    }),
    days: field.days({ label: "Days", optional: true }),
    key: field.secret({ label: "Key" }),
    seenMs: field.version(),
    reason: field.reason(),
  },
  { submit: "Save" },
)
const BEFORE = {
  name: "Pro",
  price: nano(29_990_000_000),
  open: true,
  redirectUris: ["https://a.example/x", "https://b.example/y"],
  scopes: ["llm", "speech"] as ("llm" | "speech")[],
  days: null,
  seenMs: 7,
}

test("an undo that is sent as the form reads as the values of before, boxes and lists too", () => {
  for (const before of [BEFORE, { ...BEFORE, open: false, scopes: [], redirectUris: [] }]) {
    const { action, fields } = undoTo("/plans/pro", FORM, before, { reason: "Undone: a test", seen_ms: "9" })
    expect(action).toBe("/plans/pro")
    const sent = new URLSearchParams(
      Object.entries(fields).flatMap(([name, values]) => values.map((value) => [name, value])),
    )
    const parsed = FORM.parse(FORM.fromHtml(new Form(sent)), { ...BEFORE, name: "Other", open: true })
    expect(parsed.errors).toEqual({})
    expect(parsed.values).toEqual({ ...before, key: null, seenMs: 9, reason: "Undone: a test" })
  }
})

test("what is new is said by the form's own labels; secrets, versions and reasons never are", () => {
  const after = { ...BEFORE, price: nano(39_000_000_000), open: false, key: "sk-1", seenMs: 9 }
  expect(newValues(FORM, BEFORE, after)).toBe("price a month $39, open to new people no")
  expect(newValues(FORM, BEFORE, { ...BEFORE, seenMs: 9 })).toBe("")
  expect(newValues(FORM, BEFORE, { ...BEFORE, days: 3, scopes: ["llm"] })).toBe("scopes Chat, days 3 days")
  const all = { ...after, name: "Max", scopes: [], redirectUris: [] }
  expect(newValues(FORM, BEFORE, all)).toBe("name Max, price a month $39, open to new people no, 2 more")
})

test("the reason of an undo fits where reasons are kept", () => {
  expect(undoing("x".repeat(500))).toHaveLength(500)
})
