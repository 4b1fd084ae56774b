// /admin/settings over real HTTP: what the parts declare, listed and changed without JavaScript.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits, nano } from "../../src/app/index.ts"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"

const PATH = "/admin/settings/developers.payout_min"
let server: TestServer
let admin: WebAgent
const at = (path: string) => `${server.url}${path}`

beforeAll(async () => {
  server = await startTestServer()
  const grace = await makeUser(server.app, { isAdmin: true, name: "Grace Operator" })
  admin = await signedIn(server, grace.email)
})
afterAll(() => server.close())

const wordsOf = async (path: string) => plainText((await admin.get(at(path))).text)
const save = async (typed: Record<string, string>, path = PATH) => {
  const page = await admin.get(at(path))
  return admin.submit(page, path, { reason: "Fewer small transfers.", ...typed })
}

test("lists every setting with its value and where it is changed", async () => {
  const { text, status } = await admin.get(at("/admin/settings"))
  expect(status).toBe(200)
  for (const { setting } of server.app.settings.list()) {
    expect(text).toContain(`href="/admin/settings/${setting.key}"`)
    expect(plainText(text)).toContain(setting.field.look.label)
  }
  for (const value of ["100,000 credits", "7 days", "30 days", "10%", "$10"]) expect(plainText(text)).toContain(value)
  expect((await admin.get(at("/admin/settings/no.such"))).status).toBe(404)
})

test("a change is in force at once and listed with its reason, old and new", async () => {
  expect(await wordsOf(PATH)).toContain("Now: $10. Default: $10.")
  const saved = await save({ value: "25" })
  expect(plainText(saved.text)).toContain("Smallest payout: $25 now.")
  expect(server.app.developers.earningTerms().payoutMinNano).toBe(credits(25_000))
  const page = await wordsOf(PATH)
  expect(page).toContain("Now: $25. Default: $10.")
  expect(page).toContain("Smallest payout: $10 → $25")
  expect(page).toContain("Fewer small transfers.")
  // The page of the domain shows and changes the same row.
  expect(await wordsOf("/admin/earnings")).toContain("Smallest payout: $10 → $25")
})

test("everything that is wrong is said at once, what was typed stays, nothing changes", async () => {
  const before = server.app.developers.earningTerms()
  const unread = await save({ value: "ten", reason: "" })
  expect(unread.status).toBe(422)
  expect(plainText(unread.text)).toContain("Give an amount in dollars, such as 10.")
  expect(plainText(unread.text)).toContain("Give a reason, in a few words.")
  expect(unread.text).toContain('value="ten"')
  const outside = await save({ value: "0" })
  expect(outside.status).toBe(422)
  expect(plainText(outside.text)).toContain("Give an amount above 0.")
  expect(server.app.developers.earningTerms()).toEqual(before)
})

test("who opened the page before somebody else's change is told, and may save again", async () => {
  const opened = await admin.get(at(PATH))
  await server.app.developers.setEarningTerms(CTX, { payoutMinNano: nano(3_000_000_000) })
  const late = await admin.submit(opened, PATH, { value: "40", reason: "Mine." })
  expect(late.status).toBe(422)
  expect(plainText(late.text)).toContain("Somebody changed this setting since you opened it.")
  expect(server.app.developers.earningTerms().payoutMinNano).toBe(nano(3_000_000_000))
  const again = await admin.submit(late, PATH, { value: "40", reason: "Mine." })
  expect(plainText(again.text)).toContain("Smallest payout: $40 now.")
  expect(server.app.developers.earningTerms().payoutMinNano).toBe(credits(40_000))
})

test("an empty free budget means no bound, and 0 means none", async () => {
  const path = "/admin/settings/plans.free_budget_daily"
  await save({ value: "" }, path)
  expect(server.app.plans.freeBudgetNano()).toBeNull()
  expect(await wordsOf(path)).toContain("Now: not set.")
  await save({ value: "0" }, path)
  expect(server.app.plans.freeBudgetNano()).toBe(nano(0))
})
