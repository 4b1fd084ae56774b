// What an erased person has at the payment service ends with them, and what it tells afterwards brings nothing back.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { DAY_MS } from "../../src/app/index.ts"
import { openShop, type Shop } from "../billing/world.ts"
import { CTX, makeUser } from "../build.ts"
import { findWords } from "./scan.ts"

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
  await makeUser(shop.server.app, { isAdmin: true })
})
afterAll(() => shop.close())

const settle = async () => {
  await shop.server.app.outbox.flush()
  await shop.stripe.webhooks.idle()
  await shop.server.app.outbox.flush()
}

test("the subscription is cancelled, the customer deleted, and late events are taken without a word to anybody", async () => {
  const { person, stripe, clock } = shop
  const { app } = shop.server
  await app.identity.setName(CTX, { userId: person.id, name: "Zebedee Quillfeather" })
  const signup = await app.billing.plans.subscribe(CTX, {
    buyer: person,
    planCode: "starter",
    months: 1,
    choice: null,
    key: "erase",
  })
  stripe.pay(signup.sessionId!, { with: "4242424242424242" })
  await app.billing.plans.refreshSignup(signup)
  await settle()
  expect(app.privacy.leaving(person.id).ends.join(" ")).toContain("Your subscription is cancelled")
  await app.store.write(CTX, (tx) => app.privacy.askErasureIn(tx, { userId: person.id, by: "person" }))
  clock.advance(15 * DAY_MS)
  // The service is away for a while: the message waits, the person is erased all the same.
  stripe.trouble({ on: /GET .v1.subscriptions/, loseAnswer: true, times: 3 })
  for (let left = 100; left > 0 && (await app.privacy.eraseNext()); left--);
  expect(app.privacy.erasureOf(person.id)?.state).toBe("done")
  for (let tries = 0; tries < 6; tries++) {
    await settle()
    clock.advance(DAY_MS / 4)
  }
  const [subscription] = stripe.world.all("subscription")
  expect(subscription).toMatchObject({ status: "canceled" })
  expect(stripe.world.all("customer")).toEqual([])
  const mails = app.mailer.mailbox.filter(({ to }) => to === person.email).map(({ subject }) => subject)
  expect(mails[0]).toBe("Your Purser account is deleted")
  await app.billing.reconcile()
  await settle()
  expect(app.billing.events("parked", 5)).toEqual([])
  expect(app.mailer.mailbox.filter(({ to }) => to === person.email).length).toBe(mails.length)
  const left = findWords(app.store.read, [person.email, "Quillfeather"])
  expect(left.filter((find) => !find.startsWith("invoices.document"))).toEqual([])
  expect(app.store.read.get("SELECT status FROM billing_subscriptions")).toEqual({ status: "ended" })
  expect(app.plans.planOf(person.id).code).toBe("free")
})
