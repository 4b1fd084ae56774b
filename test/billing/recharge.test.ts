// Auto-recharge: whatever crosses the threshold how often, one charge; whatever the bank says, its person is told and can pay; never more
// in a month than they said.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { credits, DAY_MS, HOUR_MS, MINUTE_MS, nano, randomSecret } from "../../src/app/index.ts"
import type { Order } from "../../src/billing/index.ts"
import type { User } from "../../src/identity/index.ts"
import { addSandbox, CTX, chat, giveCredits, makeClient, makeUser, mintTokens, ownerOf } from "../build.ts"
import type { PaymentMethod } from "../fakes/stripe/index.ts"
import { openShop, type Shop } from "./world.ts"

const VISA = "4242424242424242"
const FAILS_LATER = "4000000000000341"
const ASKS = "4000002760003184"
const TERMS = { belowNano: credits(2_000), amountNano: nano(10_000_000_000), monthNano: nano(25_000_000_000) }

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop?.close())

const recharges = () => shop.server.app.billing.recharges
const has = (person: User) => shop.server.app.ledger.wallet(ownerOf(person), "live").balanceNano as number
const charges = (person: User) =>
  shop.server.app.billing.ordersOf(person.id, 50).filter(({ kind }) => kind === "recharge")
const states = (person: User) => charges(person).map(({ state }) => state)
const mailsTo = (person: User) =>
  shop.server.app.mailer.mailbox.filter(({ to }) => to === person.email).map(({ subject }) => subject)

/** Until everything that was begun has come to rest. */
async function quiet(): Promise<void> {
  const { store, outbox } = shop.server.app
  for (let turn = 0; turn < 3; turn++) {
    await store.write(CTX, () => {})
    await Bun.sleep(1)
    await outbox.flush()
    await shop.stripe.webhooks.idle()
  }
}

async function saved(person: User, number = VISA): Promise<string> {
  const page = await recharges().beginCard(CTX, person, randomSecret(9))
  const sessionId = page.split("/").at(-1)!
  shop.stripe.pay(sessionId, { with: number, authenticated: true })
  await quiet()
  return sessionId
}

/** Somebody with a card, the rule on, and 3,000 credits. */
async function somebody(number = VISA, terms: Partial<typeof TERMS> = {}): Promise<User> {
  const person = await makeUser(shop.server.app)
  await giveCredits(shop.server.app, person, credits(3_000))
  await saved(person, number)
  await recharges().turnOn(CTX, person.id, { ...TERMS, ...terms })
  return person
}

/** What is left of the wallet afterwards, in credits. */
async function spendTo(person: User, left: number): Promise<void> {
  const { store, ledger } = shop.server.app
  const input = { owner: ownerOf(person), mode: "live", balanceNano: credits(left), key: randomSecret(9) } as const
  await store.write(CTX, (tx) => void ledger.setBalanceIn(tx, input))
}

const look = async () => {
  let after: number | null = 0
  while (after !== null) after = await recharges().lookAt(after, 100)
  await quiet()
}

describe("a saved card", () => {
  test("is known by brand, last four and expiry: by the event, by the way back, and once", async () => {
    const person = await makeUser(shop.server.app)
    const sessionId = await saved(person)
    expect(recharges().of(person.id).cards).toMatchObject([
      { brand: "visa", last4: "4242", expMonth: 12, expYear: 2034 },
    ])
    await recharges().saveCard(CTX, person.id, sessionId)
    expect(recharges().of(person.id).cards.length).toBe(1)
    const other = await makeUser(shop.server.app)
    expect(await recharges().saveCard(CTX, other.id, sessionId)).toBeNull()
    shop.stripe.webhooks.delivery = { drops: () => true }
    const lost = await saved(person, "5555555555554444")
    shop.stripe.webhooks.delivery = { retries: [] }
    expect(await recharges().saveCard(CTX, person.id, lost)).toMatchObject({ brand: "mastercard", last4: "4444" })
    expect(
      recharges()
        .of(person.id)
        .cards.map(({ last4 }) => last4),
    ).toEqual(["4444", "4242"])
  })

  test("a card that the person saved for something else is not ours to charge", async () => {
    const person = await makeUser(shop.server.app)
    await saved(person)
    const [card] = recharges().of(person.id).cards
    const method = shop.stripe.world.find<PaymentMethod>("payment_method", card!.methodId)
    const body = JSON.stringify({ customer: method.customer, payment_method: "pm_card_visa" })
    expect(body).toContain("cus_")
    shop.stripe.world.emit("payment_method.attached", { ...method, id: "pm_elsewhere" })
    await quiet()
    expect(recharges().of(person.id).cards.length).toBe(1)
  })

  test("that its bank refuses on the page is not saved", async () => {
    const person = await makeUser(shop.server.app)
    const sessionId = await saved(person, "4000000000000002")
    expect(await recharges().saveCard(CTX, person.id, sessionId)).toBeNull()
    expect(recharges().of(person.id).cards).toEqual([])
  })

  test("removed: it is off at the processor too; the last one turns auto-recharge off and says so", async () => {
    const person = await somebody()
    await saved(person, "5555555555554444")
    const [second, first] = recharges().of(person.id).cards
    expect(await recharges().removeCard(CTX, person.id, second!.publicId)).toEqual({ turnedOff: false })
    expect(recharges().of(person.id).rule!.active).toBe(true)
    await expect(recharges().removeCard(CTX, shop.person.id, first!.publicId)).rejects.toThrow("no such card")
    expect(await recharges().removeCard(CTX, person.id, first!.publicId)).toEqual({ turnedOff: true })
    await quiet()
    expect(recharges().of(person.id)).toMatchObject({ cards: [], rule: { active: false, offWhy: "card" } })
    for (const { methodId } of [first!, second!])
      expect(shop.stripe.world.find<PaymentMethod>("payment_method", methodId).customer).toBeNull()
    expect(mailsTo(person)[0]).toContain("auto-recharge is off")
    await spendTo(person, 10)
    await look()
    expect(states(person)).toEqual([])
    await expect(recharges().turnOn(CTX, person.id, TERMS)).rejects.toThrow("Save a card first")
  })

  test("taken off at the processor: gone here too; renewed by its bank: so here", async () => {
    const person = await somebody()
    const [card] = recharges().of(person.id).cards
    const method = shop.stripe.world.find<PaymentMethod>("payment_method", card!.methodId)
    method.card!.exp_year = 2040
    shop.stripe.world.emit("payment_method.automatically_updated", method)
    await quiet()
    expect(recharges().of(person.id).cards).toMatchObject([{ expYear: 2040 }])
    method.customer = null
    shop.stripe.world.emit("payment_method.detached", method)
    await quiet()
    expect(recharges().of(person.id)).toMatchObject({ cards: [], rule: { active: false, offWhy: "card" } })
  })

  test("one that cannot be told of keeps nobody else waiting", async () => {
    const people = [await somebody(), await somebody()]
    for (const person of people) {
      const [card] = recharges().of(person.id).cards
      const method = shop.stripe.world.find<PaymentMethod>("payment_method", card!.methodId)
      Object.assign(method.card!, { exp_year: 2026, exp_month: 6 })
      shop.stripe.world.emit("payment_method.updated", method)
    }
    await quiet()
    const write = (sql: string) => shop.server.app.store.write(CTX, (tx) => void tx.run(sql))
    await write(
      `CREATE TRIGGER stuck BEFORE UPDATE ON billing_cards WHEN NEW.user_id = ${people[0]!.id} BEGIN SELECT RAISE(ABORT, 'stuck'); END`,
    )
    await expect(recharges().warnOfCards()).rejects.toThrow("1 row of 2 failed")
    await quiet()
    const told = () => people.map((one) => mailsTo(one).filter((subject) => subject.includes("expires soon")).length)
    expect(told()).toEqual([0, 1])
    await write("DROP TRIGGER stuck")
    await recharges().warnOfCards()
    await quiet()
    expect(told()).toEqual([1, 1])
  })

  test("that expires: its person is told once, and again when a renewed one does; one that is over is not charged", async () => {
    const person = await somebody()
    const [card] = recharges().of(person.id).cards
    const method = shop.stripe.world.find<PaymentMethod>("payment_method", card!.methodId)
    const told = () => mailsTo(person).filter((subject) => subject.includes("expires soon")).length
    await recharges().warnOfCards()
    await quiet()
    expect(told()).toBe(0)
    Object.assign(method.card!, { exp_year: 2026, exp_month: 6 })
    shop.stripe.world.emit("payment_method.updated", method)
    await quiet()
    for (let day = 0; day < 2; day++) await recharges().warnOfCards()
    await quiet()
    expect(told()).toBe(1)
    Object.assign(method.card!, { exp_month: 5 })
    shop.stripe.world.emit("payment_method.updated", method)
    await quiet()
    await spendTo(person, 10)
    await quiet()
    expect(states(person)).toEqual([])
    expect(recharges().of(person.id).rule).toMatchObject({ active: false, offWhy: "expired" })
    expect(mailsTo(person)[0]).toContain("auto-recharge is off")
  })
})

describe("a threshold that is crossed", () => {
  test("charges the card, credits it once, tells it by one mail; the next crossing is the next charge", async () => {
    const person = await somebody()
    await spendTo(person, 2_000)
    await quiet()
    expect(states(person)).toEqual([])
    await spendTo(person, 1_999)
    await quiet()
    expect([states(person), has(person)]).toEqual([["paid"], credits(11_999)])
    expect(charges(person)[0]).toMatchObject({
      kind: "recharge",
      priceNano: TERMS.amountNano,
      paymentIntentId: expect.any(String),
      chargeId: expect.any(String),
    })
    expect(mailsTo(person)).toEqual([expect.stringContaining("bought credits for $10.00")])
    await spendTo(person, 100)
    await quiet()
    expect([states(person), has(person)]).toEqual([["paid", "paid"], credits(10_100)])
  })

  test("by 50 calls side by side: one", async () => {
    const { app, url } = shop.server
    await addSandbox(app)
    const person = await somebody()
    await giveCredits(app, person, credits(100_000))
    const { accessToken } = await mintTokens(app, { user: person, ...(await makeClient(app)) })
    // It claims the credits of the day.
    await (await chat(url, accessToken)).text()
    await spendTo(person, 100_000)
    await recharges().turnOn(CTX, person.id, { ...TERMS, belowNano: credits(100_000) })
    await quiet()
    expect(states(person)).toEqual([])
    const answers = await Promise.all(Array.from({ length: 50 }, () => chat(url, accessToken)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    await Promise.all(answers.map((answer) => answer.text()))
    await look()
    expect(states(person)).toEqual(["paid"])
    const made = shop.stripe.world
      .all<{ id: string; object: "payment_intent"; created: number; metadata: { order?: string } }>("payment_intent")
      .filter(({ metadata }) => metadata.order === charges(person)[0]!.publicId)
    expect(made.length).toBe(1)
  })

  test("and looked at by everybody at once, with the job and the message among them: one", async () => {
    const person = await somebody()
    const { app } = shop.server
    await Promise.all([
      ...Array.from({ length: 20 }, () => spendTo(person, 10)),
      ...Array.from({ length: 20 }, () => recharges().lookAt(0, 100)),
    ])
    const [order] = charges(person)
    await Promise.all([
      ...Array.from({ length: 5 }, () => recharges().charge(order!.publicId)),
      ...Array.from({ length: 5 }, () => app.billing.refresh(order!)),
    ])
    await quiet()
    expect([states(person), has(person)]).toEqual([["paid"], credits(10_010)])
  })

  test("that memory did not tell of is found by the job", async () => {
    const person = await somebody()
    shop.server.app.ledger.fallen()
    await shop.server.app.store.write(CTX, (tx) => shop.server.app.ledger.watchIn(tx, ownerOf(person), null))
    await spendTo(person, 10)
    await quiet()
    expect(states(person)).toEqual([])
    await look()
    expect(states(person)).toEqual(["paid"])
  })

  test("never above the cap of the UTC month, told once; with the next month it goes on", async () => {
    const person = await somebody()
    for (let turn = 0; turn < 4; turn++) {
      await spendTo(person, 10)
      await look()
    }
    expect([states(person), has(person)]).toEqual([["paid", "paid"], credits(10)])
    const told = mailsTo(person).filter((subject) => subject.includes("limit for this month"))
    expect(told.length).toBe(1)
    await recharges().turnOn(CTX, person.id, { ...TERMS, monthNano: nano(30_000_000_000) })
    await quiet()
    expect(states(person)).toEqual(["paid", "paid", "paid"])
    await spendTo(person, 10)
    await look()
    expect(states(person).length).toBe(3)
    shop.clock.set(Date.UTC(2026, 6, 1))
    await look()
    expect(states(person).length).toBe(4)
  })

  test("is nothing where it is off, its person is suspended, or something is owed", async () => {
    const [off, suspended] = [await somebody(), await somebody()]
    await recharges().turnOff(CTX, off.id)
    await shop.server.app.store.write(CTX, (tx) => recharges().suspendIn(tx, suspended.id, true))
    for (const person of [off, suspended]) await spendTo(person, 10)
    await look()
    expect([states(off), states(suspended)]).toEqual([[], []])
    await shop.server.app.store.write(CTX, (tx) => recharges().suspendIn(tx, suspended.id, false))
    await quiet()
    expect(states(suspended)).toEqual(["paid"])
  })

  test("is nothing where what was charged goes back, or a bank doubts it: the card is not charged once more", async () => {
    const acts = [
      (charge: string) => void shop.stripe.refund(charge),
      (charge: string) => void shop.stripe.dispute(charge),
      (charge: string) => void shop.stripe.warn(charge),
    ]
    for (const act of acts) {
      const person = await somebody()
      await spendTo(person, 10)
      await quiet()
      const [order] = charges(person)
      expect(order?.state).toBe("paid")
      act(order!.chargeId!)
      await quiet()
      await look()
      expect([states(person), recharges().of(person.id).rule?.active]).toEqual([["paid"], false])
    }
  })

  test("turned off, or its card removed, before the card is charged: nothing is", async () => {
    const person = await somebody()
    shop.server.app.outbox.pause(shop.clock.now())
    await spendTo(person, 10)
    await quiet()
    expect(states(person)).toEqual(["open"])
    await recharges().turnOff(CTX, person.id)
    shop.server.app.outbox.pause(null)
    await quiet()
    expect([states(person), has(person)]).toEqual([["expired"], credits(10)])
  })
})

describe("a bank that says no", () => {
  test("the card is declined: a mail with a link; later again, and after three times off", async () => {
    const person = await somebody(FAILS_LATER)
    await spendTo(person, 10)
    await quiet()
    expect([states(person), has(person)]).toEqual([["failed"], credits(10)])
    expect(recharges().of(person.id).rule).toMatchObject({ active: true, failures: 1 })
    await look()
    shop.clock.advance(HOUR_MS - MINUTE_MS)
    await look()
    expect(states(person)).toEqual(["failed"])
    shop.clock.advance(MINUTE_MS)
    await look()
    expect(states(person)).toEqual(["failed", "failed"])
    shop.clock.advance(DAY_MS)
    await look()
    expect(states(person)).toEqual(["failed", "failed", "failed"])
    expect(recharges().of(person.id).rule).toMatchObject({ active: false, offWhy: "declined" })
    shop.clock.advance(9 * DAY_MS)
    await look()
    expect(states(person).length).toBe(3)
    expect(mailsTo(person).map((subject) => subject.includes("is off"))).toEqual([true, false, false])
    expect(shop.server.app.mailer.mailbox[0]!.text).toContain(`/credits/orders/${charges(person)[0]!.publicId}`)
  })

  test("its person pays on a page, with another card: the same order, credited once; the first payment is void", async () => {
    const person = await somebody(FAILS_LATER)
    await spendTo(person, 10)
    await quiet()
    const [failed] = charges(person)
    const page = await recharges().payNow(CTX, person, failed!.publicId)
    expect(await recharges().payNow(CTX, person, failed!.publicId)).toEqual(page)
    expect(
      shop.stripe.world.find<{ id: string; object: "payment_intent"; created: number; status: string }>(
        "payment_intent",
        failed!.paymentIntentId!,
      ).status,
    ).toBe("canceled")
    // While that page is open nothing else is charged.
    shop.clock.advance(2 * HOUR_MS)
    await look()
    expect(states(person)).toEqual(["open"])
    shop.stripe.pay(page.sessionId!, { with: VISA })
    await quiet()
    await shop.server.app.billing.reconcile()
    expect([states(person), has(person)]).toEqual([["paid"], credits(10_010)])
    expect(recharges().of(person.id).rule).toMatchObject({ active: true, failures: 0, notBeforeMs: null })
    await expect(recharges().payNow(CTX, shop.person, failed!.publicId)).rejects.toThrow("no such order")
    await expect(recharges().payNow(CTX, person, failed!.publicId)).rejects.toThrow("nothing to pay")
  })

  test("the bank wants its person: it waits for them, nothing else is charged, and on the page they confirm it", async () => {
    const person = await somebody(ASKS)
    await spendTo(person, 10)
    await quiet()
    expect([states(person), recharges().of(person.id).open?.trouble]).toEqual([["open"], "authentication"])
    expect(mailsTo(person)).toEqual([expect.stringContaining("asks you to confirm $10.00")])
    shop.clock.advance(2 * DAY_MS)
    await look()
    await shop.server.app.billing.reconcile()
    await quiet()
    expect(states(person)).toEqual(["open"])
    const page = await recharges().payNow(CTX, person, charges(person)[0]!.publicId)
    expect(shop.stripe.pay(page.sessionId!, { with: ASKS }).outcome).toBe("asks")
    shop.stripe.pay(page.sessionId!, { with: ASKS, authenticated: true })
    await quiet()
    expect([states(person), has(person)]).toEqual([["paid"], credits(10_010)] as never)
    expect(mailsTo(person).toSorted()).toEqual(["Receipt: $10.00 for credits", "Your bank asks you to confirm $10.00"])
  })

  test("nobody answers the bank: the order ends after three days, and its payment with it", async () => {
    const person = await somebody(ASKS)
    await spendTo(person, 10)
    await quiet()
    shop.clock.advance(3 * DAY_MS + MINUTE_MS)
    await shop.server.app.billing.reconcile()
    await quiet()
    expect(states(person)).toEqual(["expired"])
    const intent = shop.stripe.world.find<{ id: string; object: "payment_intent"; created: number; status: string }>(
      "payment_intent",
      charges(person)[0]!.paymentIntentId!,
    )
    expect(intent.status).toBe("canceled")
  })
})

describe("a processor in trouble", () => {
  const again = async () => {
    for (let turn = 0; turn < 4; turn++) {
      shop.clock.advance(2 * MINUTE_MS)
      await quiet()
    }
  }
  test("down, busy, its answer lost, or our key over: the same order is asked again, and charged once", async () => {
    for (const trouble of [{ status: 429 }, { status: 401 }, { status: 403 }, { loseAnswer: true }]) {
      const person = await somebody()
      shop.stripe.trouble({ on: /POST .*payment_intents/, times: 3, ...trouble })
      await spendTo(person, 10)
      await quiet()
      await again()
      shop.stripe.calm()
      await again()
      expect([trouble, states(person), has(person)]).toEqual([trouble, ["paid"], credits(10_010)])
    }
  }, 60_000)

  test("away for a day, longer than it keeps keys: what was charged is found before it is asked again", async () => {
    const person = await somebody()
    shop.stripe.webhooks.delivery = { drops: () => true }
    shop.stripe.trouble({ on: /POST .*payment_intents/, times: 3, loseAnswer: true })
    await spendTo(person, 10)
    await quiet()
    shop.stripe.calm()
    const asked = shop.stripe.asked.length
    shop.clock.advance(DAY_MS)
    await quiet()
    shop.stripe.webhooks.delivery = { retries: [] }
    expect([states(person), has(person)]).toEqual([["paid"], credits(10_010)])
    expect(shop.stripe.asked.slice(asked).filter(({ request }) => request === "POST /v1/payment_intents")).toEqual([])
  })
})

describe("events of payments", () => {
  test("twice, the wrong way round, and of another amount", async () => {
    const person = await somebody()
    shop.stripe.webhooks.delivery = { holds: true, retries: [] }
    await spendTo(person, 10)
    await quiet()
    shop.stripe.webhooks.delivery = { retries: [] }
    const events = shop.stripe.webhooks.held.splice(0)
    await shop.stripe.webhooks.flush([...events.toReversed(), ...events])
    expect([states(person), has(person)]).toEqual([["paid"], credits(10_010)])
    const [paid] = charges(person) as [Order]
    const intent = shop.stripe.world.find<{ id: string; object: "payment_intent"; created: number }>(
      "payment_intent",
      paid.paymentIntentId!,
    )
    const twin = { ...intent, id: "pi_twin" }
    shop.stripe.world.add(twin)
    shop.stripe.world.emit("payment_intent.succeeded", twin)
    await quiet()
    expect(has(person)).toBe(credits(10_010))
    expect(shop.server.app.billing.events("parked", 1)[0]!.note).toContain("once more by pi_twin")
  })

  test("the books hold", async () => {
    expect((await shop.server.app.verification.run({ actor: "cli", requestId: "r", reason: "t" })).ok).toBe(true)
  })
})
