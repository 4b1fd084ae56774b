// Whoever is suspended is charged nothing for their plan, whatever is late, doubled, lost or crossed; reinstated, they are again.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { DAY_MS, HOUR_MS } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser } from "../build.ts"
import type { Invoice } from "../fakes/stripe/index.ts"
import { asked, atProcessor, CARD, signUp, subscribed } from "./flows/plans.ts"
import { openShop, type Shop } from "./world.ts"

setDefaultTimeout(60_000)
/** Charges of it fail later. */
const FAILS_LATER = "4000000000000341"

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop?.close())

const app = () => shop.server.app
const balance = ({ id }: User) => app().ledger.wallet({ kind: "principal", id }, "live").spendableNano / 1e9
const settled = () => shop.stripe.webhooks.idle()

async function subscriber(card = CARD): Promise<User> {
  const person = await makeUser(app())
  await subscribed(shop, person, "starter", 1, card)
  await settled()
  return person
}
async function pass(ms: number): Promise<void> {
  shop.clock.advance(ms)
  shop.stripe.tick()
  await settled()
  await app().outbox.flush()
  await settled()
}
const told = async () => {
  await app().outbox.flush()
  await settled()
}
async function suspend(person: User): Promise<void> {
  await app().identity.suspend(CTX, { userId: person.id, reason: "Looked at" })
  await told()
}
async function reinstate(person: User): Promise<void> {
  await app().identity.unsuspend(CTX, { userId: person.id, reason: "All is well" })
  await told()
}
/** Of a browser that was signed in just now: time goes on by months here. */
const pageOf = async ({ email }: User, path: string): Promise<string> =>
  (await (await signedIn(shop.server, email)).get(`${shop.server.url}${path}`)).text
const paidOf = (person: User) =>
  shop.stripe.world
    .all<Invoice>("invoice")
    .filter((one) => shop.personOf(one.customer) === person.id && one.status === "paid").length
const isPaused = (person: User) => atProcessor(shop, person).pause_collection !== null
const MONTH = 31 * DAY_MS + 2 * HOUR_MS

test("three months suspended cost nothing and give nothing; reinstated, the next period is paid and counts", async () => {
  const person = await subscriber()
  await suspend(person)
  expect([isPaused(person), app().billing.plans.ownOf(person.id)!.pausedMs]).toEqual([true, shop.clock.now()])
  for (let month = 0; month < 3; month++) await pass(MONTH)
  expect([paidOf(person), balance(person)]).toEqual([1, 0])
  expect(app().plans.planOf(person.id).code).toBe("free")
  await reinstate(person)
  expect([isPaused(person), app().billing.plans.ownOf(person.id)!.pausedMs]).toEqual([false, null])
  const page = await pageOf(person, "/credits/plans")
  expect(page).toContain("was not charged for while your account was suspended")
  await pass(MONTH)
  expect([paidOf(person), app().plans.planOf(person.id).code]).toEqual([2, "starter"])
})

test("its admin sees it, before the payment service has answered and after", async () => {
  const person = await subscriber()
  const admin = await makeUser(app(), { isAdmin: true })
  const path = `/admin/users/${person.publicId}`
  expect(await pageOf(admin, path)).toContain("They pay for Starter, $30.00 a month; the next payment is on")
  // The list of people knows plans that are paid for, too.
  expect(await pageOf(admin, `/admin/users?q=${person.publicId}&plan=starter`)).toContain(person.email)
  expect(await pageOf(admin, `/admin/users?q=${person.publicId}&plan=free`)).not.toContain(`>${person.email}<`)
  expect(await pageOf(admin, `${path}/suspension`)).toContain(
    "Nothing is charged for Starter until they are reinstated.",
  )
  shop.stripe.trouble({ on: /POST .*subscriptions/, status: 500, times: 9 })
  await suspend(person)
  expect(await pageOf(admin, path)).toContain("The payment service is being asked to charge nothing")
  shop.stripe.calm()
  await pass(HOUR_MS)
  expect(isPaused(person)).toBe(true)
  expect(await pageOf(admin, path)).toContain("nothing is charged for it.")
  expect(await pageOf(admin, `${path}/reinstatement`)).toContain("Starter is charged for again")
})

test("suspended and reinstated before anybody was asked: it is charged for, and was never paused", async () => {
  const person = await subscriber()
  shop.stripe.trouble({ on: /subscriptions/, status: 500, times: 99 })
  await suspend(person)
  await reinstate(person)
  shop.stripe.calm()
  await pass(HOUR_MS)
  expect(isPaused(person)).toBe(false)
})

/** By a hand in the processor's own pages. */
async function pausedByHand(person: User): Promise<void> {
  await asked(shop, "POST", `subscriptions/${atProcessor(shop, person).id}`, { "pause_collection[behavior]": "void" })
  await settled()
}

test("what somebody paused at the processor by hand stays so, whether the suspension was carried out or not", async () => {
  const [quick, slow] = [await subscriber(), await subscriber()]
  await pausedByHand(quick)
  await app().identity.suspend(CTX, { userId: quick.id, reason: "Looked at" })
  await reinstate(quick)
  await pausedByHand(slow)
  await suspend(slow)
  expect(app().billing.plans.ownOf(slow.id)!.pausedMs).toBeNull()
  await reinstate(slow)
  await pass(HOUR_MS)
  expect([isPaused(quick), isPaused(slow)]).toEqual([true, true])
})

test("killed between the pause and its note: reinstated, it goes on", async () => {
  const person = await subscriber()
  // The processor did as it was told; that was never written down.
  shop.stripe.trouble({ on: /GET .*invoices/, status: 500, times: 99 })
  await suspend(person)
  expect([isPaused(person), app().billing.plans.ownOf(person.id)!.pausedMs]).toEqual([true, null])
  await app().identity.unsuspend(CTX, { userId: person.id, reason: "All is well" })
  shop.stripe.calm()
  await pass(HOUR_MS)
  expect(isPaused(person)).toBe(false)
})

test("a page that was paid on by somebody who is suspended: the next period is not charged", async () => {
  const person = await makeUser(app())
  const signup = await signUp(shop, person, "starter")
  await suspend(person)
  shop.stripe.pay(signup.sessionId!, { with: CARD })
  await settled()
  await told()
  expect(isPaused(person)).toBe(true)
  await pass(MONTH)
  expect(paidOf(person)).toBe(1)
})

test("a payment that was refused before is not tried again meanwhile", async () => {
  const person = await subscriber(FAILS_LATER)
  await pass(MONTH)
  const open = () =>
    shop.stripe.world
      .all<Invoice>("invoice")
      .filter((one) => shop.personOf(one.customer) === person.id && one.status === "open")
  expect(open().map(({ attempt_count }) => attempt_count)).toEqual([1])
  await suspend(person)
  await pass(10 * DAY_MS)
  expect(open().map(({ attempt_count, auto_advance }) => [attempt_count, auto_advance])).toEqual([[1, false]])
  await reinstate(person)
  await pass(HOUR_MS)
  const last = shop.stripe.world.all<Invoice>("invoice").findLast((one) => shop.personOf(one.customer) === person.id)
  expect(last!.attempt_count).toBeGreaterThan(1)
})

test("whoever is erased is charged nothing any more", async () => {
  const person = await subscriber()
  await app().store.write(CTX, (tx) => app().billing.plans.cancelAllIn(tx, person.id))
  await told()
  expect(atProcessor(shop, person).status).toBe("canceled")
  expect(app().billing.countParked()).toBe(0)
})
