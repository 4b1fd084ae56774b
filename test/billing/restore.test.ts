// A restored house and money: what was paid since the backup is booked before jobs go on, and what cannot be booked is named.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { readConfig, silentLog, type UserId } from "../../src/app/index.ts"
import { bringBack, copyTo } from "../../src/backup/index.ts"
import { type App, compose } from "../../src/compose.ts"
import { CTX, logIn, makeUser, PASSWORD } from "../build.ts"
import type { PaymentIntent } from "../fakes/stripe/index.ts"
import { asked, atProcessor, signUp, subscribed } from "./flows/plans.ts"
import { openShop, type Shop } from "./world.ts"

const VISITOR = { ip: "127.0.0.1", userAgent: "test", browserId: "b".repeat(43), requestId: "req_test" }
const CARD = "4242424242424242"
const root = mkdtempSync(join(tmpdir(), "purser-paid-"))
let shop: Shop
let app: App
let orders: Record<"paid" | "open" | "paged", string>
let lost: string
let adminEmail: string
let memberId: UserId

beforeAll(async () => {
  const dataDir = join(root, "data")
  mkdirSync(dataDir)
  shop = await openShop({ dataDir })
  adminEmail = (await makeUser(shop.server.app, { isAdmin: true })).email
  await subscribed(shop, shop.person, "starter")
  const known = await shop.buy("studio")
  shop.stripe.pay(known.sessionId!, { with: CARD })
  await shop.stripe.webhooks.idle()
  const member = await makeUser(shop.server.app)
  memberId = member.id
  shop.stripe.webhooks.delivery = { drops: () => true }
  const signup = await signUp(shop, member, "starter")
  const [paid, open] = [await shop.buy(), await shop.buy()]
  // Its page is made after the copy.
  shop.stripe.trouble({ on: /POST .*checkout/, status: 500, times: 3 })
  await shop.buy("starter", "form-paged").catch(() => {})
  copyTo(join(dataDir, "purser.db"), join(root, "copy.db"))
  const paged = await shop.buy("starter", "form-paged")
  const late = await shop.buy()
  for (const { sessionId } of [paid, paged, late]) shop.stripe.pay(sessionId!, { with: CARD })
  const [intent] = shop.stripe.world
    .all<PaymentIntent>("payment_intent")
    .filter(({ metadata }) => metadata.order === paged.publicId)
  shop.stripe.refund(intent!.latest_charge!)
  // A bank takes back what was credited before, a plan ends, and another one begins.
  shop.stripe.dispute(shop.order(known.publicId).chargeId!)
  await asked(shop, "DELETE", `subscriptions/${atProcessor(shop, shop.person).id}`)
  shop.stripe.pay(signup.sessionId!, { with: CARD })
  orders = { paid: paid.publicId, open: open.publicId, paged: paged.publicId }
  lost = late.publicId
  await shop.server.app.stop()
  const config = readConfig({ port: "0", "data-dir": dataDir, "base-url": shop.server.url }, {}, true)
  const place = { kind: "here", keepIn: join(root, "old") } as const
  const file = join(root, "copy.db")
  await bringBack({ config, log: silentLog, place, until: { kind: "latest" }, epoch: null, file })
  shop.stripe.trouble({ status: 500, times: 1_000 })
  app = await compose(config, { log: silentLog, clock: shop.clock, stripe: shop.options })
  await app.listen()
})
afterAll(async () => {
  await app?.stop()
  rmSync(root, { recursive: true, force: true })
})

const payments = () => JSON.parse(app.backup.lastRestore()!.payments ?? "null")
const state = (id: string) => app.billing.order(shop.person.id, id)?.state ?? null

test("while the processor does not answer the house waits, whoever looks", async () => {
  await expect(app.backup.askPayments()).rejects.toMatchObject({ code: "unavailable" })
  await expect(app.backup.goOnFromConsole(CTX)).rejects.toMatchObject({ code: "unavailable" })
  expect(app.outbox.isPaused).toBe(true)
  expect(payments().asked[0]).toMatchObject({ what: "orders", unanswered: expect.any(Number) })
  shop.stripe.calm()
  shop.stripe.trouble({ status: 401, times: 1_000 })
  await expect(app.backup.askPayments()).rejects.toMatchObject({ code: "unavailable" })
  expect(app.outbox.isPaused).toBe(true)
})

test("then everything that waits is asked about: what was paid since is credited, once; what is missing is named", async () => {
  shop.stripe.calm()
  await app.backup.askPayments()
  expect([state(orders.paid), state(orders.paged), state(orders.open)]).toEqual(["paid", "paid", "open"])
  expect(payments()).toMatchObject({
    asked: [
      { what: "orders", asked: 3, changed: 2, unknown: 0, unanswered: 0 },
      { what: "subscriptions", changed: 2, unanswered: 0 },
      { what: "refunds and disputes", changed: 2, unanswered: 0 },
    ],
    lost: [{ orderId: lost, cents: 2_500 }],
    lostMore: 0,
  })
  const has = (id: UserId) => app.ledger.wallet({ kind: "principal", id }, "live")
  // $25 and $1.25 on top, and the plan's $30: what is disputed cannot be spent, what was given back is gone.
  expect(has(shop.person.id).balanceNano as number).toBe(26_250_000_000 + 30_000_000_000)
  expect(has(memberId).balanceNano as number).toBe(30_000_000_000)
  expect(app.outbox.isPaused).toBe(true)
})

test("the page says so, and the word of an admin lets it go on", async () => {
  const auth = await logIn(app.identity, VISITOR, { email: adminEmail, password: PASSWORD })
  const parent = { userId: auth.session.userId, parentSessionId: auth.session.sessionId }
  const { token } = await app.identity.openConsoleSession(VISITOR, parent)
  const page = await app.handler(undefined)(
    new Request(`${app.config.baseUrl}/admin/restore`, { headers: { cookie: `purser_console=${token}` } }),
    null,
  )
  const text = await page.text()
  for (const words of ["2 had changed, and it is booked", "$25.00", lost]) expect(text).toContain(words)
  await app.backup.goOnFromConsole(CTX)
  expect(app.outbox.isPaused).toBe(false)
  await app.backup.askPayments()
})
