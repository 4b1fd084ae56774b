// Which addresses may sign up: the lists, the operator's word over them, and the same for who has an account and who has not.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { DOMAINS_ALLOWED, DOMAINS_BLOCKED, REFUSE_DISPOSABLE } from "./settings.ts"
import { newVisitor, type Opened, openIdentity, PASSWORD } from "./testing.ts"

const values = new Map<unknown, unknown>()
let t: Opened
beforeAll(async () => {
  t = await openIdentity({ settings: { get: (setting) => (values.get(setting) ?? setting.default) as never } })
})
afterAll(() => t.close())

const errorOf = (email: string) =>
  t.identity.signUp(newVisitor(), { email, password: PASSWORD }).then(
    () => null,
    (error: { extra: { formErrors?: Record<string, string> } }) => error.extra.formErrors?.email ?? "other",
  )

test("disposable ones are refused, unless the operator says otherwise", async () => {
  expect(await errorOf("ada@mailinator.com")).toContain("thrown away")
  expect(await errorOf("ada@mx.mailinator.com")).toContain("thrown away")
  expect(await errorOf("ada@example.com")).toBeNull()
  values.set(DOMAINS_ALLOWED, "other.example\nmailinator.com")
  expect(await errorOf("ada@mailinator.com")).toBeNull()
  values.set(DOMAINS_ALLOWED, "")
  values.set(REFUSE_DISPOSABLE, "allow")
  expect(await errorOf("eve@mailinator.com")).toBeNull()
})

test("blocked domains are refused with all below them, before anything is written or mailed", async () => {
  values.set(DOMAINS_BLOCKED, "spam.example, bad.test")
  const mails = t.mails().length
  for (const email of ["ada@spam.example", "ada@a.b.bad.test"]) expect(await errorOf(email)).toContain("cannot be used")
  expect(t.mails().length).toBe(mails)
  expect(await errorOf("ada@notspam.example")).toBeNull()
})

test("what is no domain is not taken as one", () => {
  expect(DOMAINS_BLOCKED.problem("example.com\nweb.de")).toBeNull()
  for (const wrong of ["example", "@example.com", "https://example.com", "a..b"])
    expect(DOMAINS_BLOCKED.problem(wrong)).toContain("no domain")
})
