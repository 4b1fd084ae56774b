// A key of another account in the same mode: it knows nobody and nothing that the one before made. That is noticed, new customers and prices
// are made there, and an admin is told. Back again, the old ones are found. And cards of another account are not charged: one mail says so.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { credits, nano, randomSecret } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, giveCredits, makeUser, ownerOf } from "../build.ts"
import { type Customer, createFakeStripe, type FakeStripe } from "../fakes/stripe/index.ts"
import { openShop, type Shop } from "./world.ts"

setDefaultTimeout(60_000)
const CARD = "4242424242424242"
const KEYS = { a: "sk_test_accounta", b: "sk_test_accountb", c: "rk_test_accountc" } as const
type Name = keyof typeof KEYS

let shop: Shop
/** Three accounts behind one address, told apart by the key that asks. The third has keys that may not say whose they are. */
const accounts = {} as Record<Name, FakeStripe>
beforeAll(async () => {
  shop = await openShop({
    keys: "page",
    async onTheWay(request) {
      const key = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1]
      const name = (Object.keys(KEYS) as Name[]).find((one) => KEYS[one] === key)
      if (!name)
        return Response.json({ error: { type: "invalid_request_error", message: "No such key" } }, { status: 401 })
      if (name === "c" && new URL(request.url).pathname === "/v1/account")
        return Response.json({ error: { type: "invalid_request_error", message: "May not" } }, { status: 403 })
      return await accounts[name].fetch(request)
    },
  })
  for (const [at, name] of (Object.keys(KEYS) as Name[]).entries()) {
    const made = createFakeStripe({
      now: () => shop.clock.now(),
      origin: shop.stripeOrigin,
      secretKey: KEYS[name],
      account: `acct_${name}`,
    })
    // Ids of an account are never those of another.
    for (let id = 0; id < 1_000 * at; id++) made.world.id("x")
    accounts[name] = made
  }
})
afterAll(() => shop?.close())

const billing = () => shop.server.app.billing
const use = (name: Name) => billing().connection.saveKey(CTX, KEYS[name])
const customers = (name: Name, { email }: User) =>
  accounts[name].world.all<Customer>("customer").filter((one) => one.email === email).length
async function buys(name: Name, person: User): Promise<void> {
  const order = await billing().buy(CTX, { buyer: person, slug: "starter", key: randomSecret(9) })
  accounts[name].pay(order.sessionId!, { with: CARD })
  expect((await billing().refresh(billing().order(person.id, order.publicId)!)).state).toBe("paid")
}
async function subscribes(name: Name, person: User): Promise<void> {
  const wanted = { buyer: person, planCode: "starter", months: 1, choice: null, key: randomSecret(9) } as const
  const signup = await billing().plans.subscribe(CTX, wanted)
  accounts[name].pay(signup.sessionId!, { with: CARD })
  await billing().plans.refreshSignup(signup)
  expect(billing().plans.ownOf(person.id)?.plan.code).toBe("starter")
}
const changes = () =>
  shop.server.app.store.read.get<{ n: number }>(
    "SELECT COUNT(*) AS n FROM audit_log WHERE action = 'payments.account_changed'",
  )!.n
const mailsTo = ({ email }: User) =>
  shop.server.app.mailer.mailbox
    .filter(({ to, subject }) => to === email && !subject.startsWith("Receipt") && !subject.includes("signed in"))
    .map(({ subject }) => subject)
async function runLow(person: User): Promise<void> {
  const { app } = shop.server
  const spent = { owner: ownerOf(person), mode: "live", balanceNano: nano(0), key: `spent:${randomSecret(6)}` } as const
  await app.store.write(CTX, (tx) => void app.ledger.setBalanceIn(tx, spent))
  for (let turn = 0; turn < 4; turn++) {
    await billing().recharges.lookAt(0, 100)
    await app.outbox.flush()
    shop.clock.advance(25 * 3_600_000)
  }
}

let ada: User
let bob: User
test("under the first key: bought, subscribed, a card saved; the account is known and nothing is told of it", async () => {
  ada = await makeUser(shop.server.app)
  bob = await makeUser(shop.server.app)
  await use("a")
  await buys("a", ada)
  await subscribes("a", ada)
  const page = await billing().recharges.beginCard(CTX, bob, "card")
  accounts.a.pay(page.split("/").at(-1)!, { with: CARD })
  await billing().recharges.saveCard(CTX, bob.id, page.split("/").at(-1)!)
  await giveCredits(shop.server.app, bob, credits(3_000))
  const terms = { belowNano: credits(100), amountNano: nano(10e9), monthNano: nano(100e9) }
  await billing().recharges.turnOn(CTX, bob.id, terms)
  expect(billing().connection.state().account).toEqual({ id: "acct_a", changed: null })
  await use("a")
  await billing().connection.keep()
  expect([changes(), customers("a", ada)]).toEqual([0, 1])
})

test("under a key of another account everybody buys and subscribes at once, as somebody new there; the admin's pages say so", async () => {
  await use("b")
  expect(billing().connection.state().account).toMatchObject({ id: "acct_b", changed: { before: "acct_a" } })
  expect(billing().plans.ownOf(ada.id)).toBeNull()
  await buys("b", ada)
  await subscribes("b", ada)
  expect([customers("b", ada), changes()]).toEqual([1, 1])
  const boss = await signedIn(shop.server, (await makeUser(shop.server.app, { isAdmin: true })).email)
  for (const path of ["/admin/billing", "/admin/billing/setup"])
    expect((await boss.get(shop.server.url + path)).text).toContain(
      "the key is of another Stripe account (before: acct_a)",
    )
  shop.clock.advance(31 * 24 * 3_600_000)
  expect((await boss.get(`${shop.server.url}/admin/billing`)).text).not.toContain("another Stripe account")
})

test("whose only card is of the other account is charged nothing, and told once; a card that is saved anew is charged", async () => {
  await buys("b", bob)
  await runLow(bob)
  expect([mailsTo(bob), billing().recharges.of(bob.id).rule?.active]).toEqual([["Purser auto-recharge is off"], false])
  expect(
    billing()
      .ordersOf(bob.id, 9)
      .filter(({ kind }) => kind === "recharge"),
  ).toEqual([])
  expect(billing().recharges.of(bob.id).cards).toEqual([])
  const page = await billing().recharges.beginCard(CTX, bob, "anew")
  accounts.b.pay(page.split("/").at(-1)!, { with: CARD })
  await billing().recharges.saveCard(CTX, bob.id, page.split("/").at(-1)!)
  const terms = { belowNano: credits(100), amountNano: nano(10e9), monthNano: nano(100e9) }
  await billing().recharges.turnOn(CTX, bob.id, terms)
  await shop.server.app.outbox.flush()
  expect(billing().ordersOf(bob.id, 1)[0]).toMatchObject({ kind: "recharge", state: "paid" })
})

test("a card of which nobody kept whose it is: it is tried once, gone, and told once", async () => {
  const cem = await makeUser(shop.server.app)
  await buys("b", cem)
  const { app } = shop.server
  await giveCredits(app, cem, credits(3_000))
  await app.store.write(CTX, (tx) => {
    tx.run(
      `INSERT INTO billing_cards (public_id, user_id, method_id, brand, last4, exp_month, exp_year, created_ms)
       VALUES ('card_old', ?, 'pm_of_test', 'visa', '4242', 12, 2030, 0)`,
      cem.id,
    )
  })
  const terms = { belowNano: credits(100), amountNano: nano(10e9), monthNano: nano(100e9) }
  await billing().recharges.turnOn(CTX, cem.id, terms)
  await runLow(cem)
  expect([mailsTo(cem), billing().recharges.of(cem.id).rule?.active]).toEqual([["Purser auto-recharge is off"], false])
  const tried = billing()
    .ordersOf(cem.id, 9)
    .filter(({ kind }) => kind === "recharge")
  expect(tried.map(({ state }) => state)).toEqual(["expired"])
})

test("back under the first key the old customer and subscription are found, nothing is made twice", async () => {
  await use("a")
  expect(billing().connection.state().account).toMatchObject({ id: "acct_a", changed: { before: "acct_b" } })
  await buys("a", ada)
  expect([customers("a", ada), billing().plans.ownOf(ada.id)?.plan.code, changes()]).toEqual([1, "starter", 2])
})

test("a key that may not say whose it is: it is asked whether it knows who was made last", async () => {
  await use("c")
  expect(billing().connection.state().account).toMatchObject({ id: null, changed: { before: "acct_a" } })
  await buys("c", ada)
  expect(customers("c", ada)).toBe(1)
  const before = changes()
  await use("c")
  await billing().connection.keep()
  await buys("c", ada)
  expect([customers("c", ada), changes()]).toEqual([1, before])
})

test("the key of the environment is another one than at the last start: the job notices, and what nobody named is named", async () => {
  const { store } = shop.server.app
  // As a release before this one left it: rows without an account, and nobody ever asked.
  await use("a")
  const anew = () =>
    store.write(CTX, (tx) => {
      tx.run("DELETE FROM billing_customers WHERE account_id <> 'acct_a'")
      tx.run("DELETE FROM billing_prices WHERE account_id <> 'acct_a'")
      tx.run("UPDATE billing_customers SET account_id = ''")
      tx.run("UPDATE billing_prices SET account_id = ''")
      tx.run("UPDATE billing_connection SET test_account = NULL, account_before = NULL, account_changed_ms = NULL")
    })
  await anew()
  await billing().connection.keep()
  expect(billing().connection.state().account).toEqual({ id: "acct_a", changed: null })
  await buys("a", ada)
  expect([customers("a", ada), billing().plans.ownOf(ada.id)?.plan.code]).toEqual([1, "starter"])
  await store.write(CTX, (tx) => {
    tx.run("UPDATE billing_customers SET account_id = ''")
    tx.run("UPDATE billing_connection SET test_account = NULL")
  })
  await use("b")
  expect(billing().connection.state().account).toMatchObject({ id: "acct_b", changed: { before: "" } })
})

test("bought at the moment in which it is learned whose the key is: what was made before that is found, not made twice", async () => {
  const { store } = shop.server.app
  const dee = await makeUser(shop.server.app)
  await buys("b", dee)
  await subscribes("b", dee)
  // As a write leaves it that was begun before.
  await store.write(CTX, (tx) => {
    tx.run("UPDATE billing_customers SET account_id = '' WHERE user_id = ?", dee.id)
    tx.run("UPDATE billing_prices SET account_id = '' WHERE account_id = 'acct_b'")
  })
  await buys("b", dee)
  const again = await makeUser(shop.server.app)
  await subscribes("b", again)
  expect([customers("b", dee), billing().plans.ownOf(dee.id)?.plan.code]).toEqual([1, "starter"])
})

test("the processor is silent while a key is entered: it is not kept; while the job asks: nothing changes", async () => {
  accounts.a.trouble({ on: /GET .v1.account/, status: 500, times: 9 })
  await expect(use("a")).rejects.toThrow("does not answer now")
  accounts.a.calm()
  accounts.b.trouble({ on: /GET .v1.account/, status: 500, times: 9 })
  await billing().connection.keep()
  accounts.b.calm()
  expect(billing().connection.state().account).toMatchObject({ id: "acct_b" })
})
