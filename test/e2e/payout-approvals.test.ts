// Several payouts approved by one press, over real pages: each by itself. One that was taken back meanwhile keeps nobody waiting, a second press
// approves nothing twice, and neither a key nor somebody who is no admin gets there.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { COOLING_DAYS } from "../../src/payouts/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeDeveloper, makeUser, startTestServer, type TestServer } from "../build.ts"
import { askPayout, earned } from "../payout-world.ts"

const PATH = "/admin/payouts/approvals"
let server: TestServer
let developer: User
let admin: User
let boss: WebAgent
beforeAll(async () => {
  server = await startTestServer()
  const { app } = server
  developer = await makeDeveloper(app)
  admin = await makeUser(app, { isAdmin: true })
  await earned(app, developer, await makeUser(app), 200)
  const typed = { kind: "iban", holder: "Ada", iban: "DE89370400440532013000", bic: "", currency: "USD" } as const
  await app.store.write(CTX, (tx) => {
    app.settings.setIn(tx, COOLING_DAYS, { value: 0 })
    app.payouts.setMethodIn(tx, { userId: developer.id, typed })
  })
  boss = await signedIn(server, admin.email)
}, 60_000)
afterAll(() => server?.close())

const stateOf = (id: string) => server.app.payouts.order(id)!.state
const ask = async () => [
  await askPayout(server.app, developer.id),
  await askPayout(server.app, developer.id),
  await askPayout(server.app, developer.id),
]
const question = (ids: readonly string[]) =>
  server.at(`${PATH}?${new URLSearchParams(ids.map((id) => ["payout", id]))}`)

test("those ticked are asked about with what they come to, and each is decided by itself", async () => {
  const [one, two, three] = (await ask()) as [string, string, string]
  const list = await boss.get(server.at("/admin/payouts"))
  for (const id of [one, two, three]) expect(list.text).toContain(`name="payout" value="${id}"`)
  const page = await boss.get(question([one, two, one]))
  expect(plainText(page.text)).toContain("Approve 2 payouts?")
  expect(plainText(page.text)).toContain("They come to $50.00")
  await server.app.store.write(CTX, (tx) => server.app.payouts.withdrawIn(tx, { userId: developer.id, publicId: two }))
  const done = await boss.submit(page, PATH, { reason: "Friday run" })
  expect(plainText(done.text)).toContain("1 payout is approved.")
  expect(plainText(done.text)).toContain("was taken back by its developer")
  expect([stateOf(one), stateOf(two), stateOf(three)]).toEqual(["approved", "withdrawn", "requested"])
  const again = await boss.submit(page, PATH, { reason: "Friday run" })
  expect(plainText(again.text)).toContain("0 payouts are approved.")
  const said = server.app.store.read.all(
    "SELECT 1 FROM audit_log WHERE action = 'payout.approved' AND subject = ?",
    one,
  )
  expect(said).toHaveLength(1)
  expect(plainText((await boss.get(question(["pay_none"]))).text)).toContain("Tick the payouts to approve first.")
})

test("while their developer is held none is approved, and nobody else gets there", async () => {
  const waiting = server.app.payouts.ordersIn("requested", null).map(({ publicId }) => publicId)
  expect(waiting.length).toBeGreaterThan(0)
  const userId = developer.id
  await server.app.store.write(CTX, (tx) => server.app.payouts.holdIn(tx, { userId, reason: "Looked at" }))
  const refused = await boss.submit(await boss.get(question(waiting)), PATH, { reason: "Friday run" })
  expect(plainText(refused.text)).toContain("Release them first.")
  for (const id of waiting) expect(stateOf(id)).toBe("requested")
  const stranger = await signedIn(server, developer.email)
  expect((await stranger.get(question(waiting))).status).toBe(404)
  const scopes = ["admin:credits"] as never
  const key = await server.app.keys.create(CTX, { userId: admin.id, name: "Robot", scopes })
  const answer = await fetch(server.at(`/api/v1${PATH}`), {
    method: "POST",
    headers: { authorization: `Bearer ${key.secret}`, "content-type": "application/json" },
    body: JSON.stringify({ payouts: waiting.join(" "), reason: "robot" }),
  })
  expect(answer.status).toBe(403)
})
