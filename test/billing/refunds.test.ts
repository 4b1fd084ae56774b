// Money that goes back: whatever the order of events, however often they come or never, credits follow the money, and nothing else moves.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { DAY_MS, HOUR_MS, type Nano, nano } from "../../src/app/index.ts"
import type { Order } from "../../src/billing/index.ts"
import type { User } from "../../src/identity/index.ts"
import { CTX, makeUser } from "../build.ts"
import type { StripeEvent } from "../fakes/stripe/index.ts"
import { permutations } from "./flows/orders.ts"
import { type Mailed, mailsSent } from "./flows/state.ts"
import { openShop, type Shop } from "./world.ts"

setDefaultTimeout(60_000)
const CARD = "4242424242424242"
const usd = (dollars: number): Nano => nano(Math.round(dollars * 100) * 10_000_000)
/** "Plus": $25, and $1.25 on top. */
const PLUS = usd(26.25)

let shop: Shop
const mails: Mailed[] = []
beforeAll(async () => {
  shop = await openShop()
  const { mailer } = shop.server.app
  const send = mailer.send
  mailer.send = (mail, id) => {
    mails.push({ to: mail.to, subject: mail.subject })
    return send(mail, id)
  }
})
afterAll(() => shop?.close())

const app = () => shop.server.app
const ownerOf = ({ id }: User) => ({ kind: "principal", id }) as const
const settled = () => shop.stripe.webhooks.idle()

interface Bought {
  person: User
  order: Order
  charge: string
}

async function bought(slug = "plus", person?: User): Promise<Bought> {
  const buyer = person ?? (await makeUser(app()))
  const made = await app().billing.buy(CTX, { buyer, slug, key: crypto.randomUUID() })
  shop.stripe.pay(made.sessionId!, { with: CARD })
  await settled()
  const order = app().billing.order(buyer.id, made.publicId)!
  return { person: buyer, order, charge: order.chargeId! }
}

let calls = 0
/** A call that costs so much. */
async function spend(person: User, dollars: number): Promise<void> {
  const { ledger, store } = app()
  const amountNano = usd(dollars)
  await store.write(CTX, (tx) => {
    const hold = ledger.holdIn(tx, {
      owner: ownerOf(person), mode: "live", amountNano, callId: `req_refunds_${++calls}`, scope: "llm", leaseMs: 60_000,
      inputCostNano: nano(0),
    }) // biome-ignore format: one hold
    const charge = { totalNano: amountNano, upstreamNano: amountNano, developerNano: nano(0), platformNano: nano(0) }
    ledger.settleIn(tx, { hold, charge, developer: null })
  })
}

/** What is left of a purchase, for its person and in the house. */
function left({ person, order }: Bought) {
  const { balanceNano, debtNano, frozenNano } = app().ledger.wallet(ownerOf(person), "live")
  const story = app().billing.refunds.story(`order:${order.publicId}`)!
  return {
    balance: balanceNano / 1e9,
    debt: debtNano / 1e9,
    frozen: frozenNano / 1e9,
    refunded: story.payment.refundedNano / 1e9,
    refunds: story.refunds.map(({ state }) => state).sort(),
    disputes: story.disputes.map(({ state }) => state).sort(),
    standing: story.holdbacks.filter(({ state }) => state !== "over").length,
  }
}
/** Beside the receipts. */
async function mailsTo(person: User): Promise<string[]> {
  await mailsSent(shop)
  const subjects = mails.filter(({ to }) => to === person.email).map(({ subject }) => subject)
  return subjects.filter((subject) => !subject.startsWith("Receipt: "))
}
const creditNotes = ({ order }: Bought): number =>
  app().store.read.get<{ n: number }>(
    "SELECT COUNT(*) AS n FROM credit_notes n JOIN invoices i ON i.id = n.invoice_id WHERE i.key = ?",
    `order:${order.publicId}`,
  )!.n
/** Papers of what went back: number, amount, tax. */
const papers = ({ order }: Bought) => {
  const { invoice, notes, debits } = app().billing.invoices.byNumber(app().billing.invoices.ofOrder(order)!.number)!
  const brief = (one: { number: string; amountNano: number }) => `${one.number.slice(0, 2)} ${one.amountNano / 1e9}`
  return { credited: invoice.creditedNano / 1e9, notes: notes.map(brief), debits: debits.map(brief) }
}
const inDisputes = () =>
  app().store.read.get<{ nano: number }>(
    "SELECT balance_nano AS nano FROM v_accounts WHERE kind = 'disputes' AND mode = 'live'",
  )!.nano
const parked = () => app().billing.countParked()

/** What an act tells, kept back. */
async function told(act: () => unknown): Promise<StripeEvent[]> {
  shop.stripe.webhooks.delivery = { holds: true, retries: [] }
  await act()
  shop.stripe.webhooks.delivery = { retries: [] }
  return shop.stripe.webhooks.held.splice(0)
}

const GONE = { balance: 0, debt: 0, frozen: 0, refunded: 25, refunds: ["succeeded"], disputes: [] }

describe("a refund", () => {
  test("made at the processor: its events in every order, each twice; bonus and all are gone once, with one mail and one paper", async () => {
    const pilot = await bought()
    const { length } = await told(() => shop.stripe.refund(pilot.charge))
    expect(length).toBe(2)
    for (const order of permutations([0, 1])) {
      const one = await bought()
      const events = await told(() => shop.stripe.refund(one.charge))
      await shop.stripe.webhooks.flush(order.flatMap((at) => [events[at]!, events[at]!]))
      expect(left(one)).toMatchObject(GONE)
      expect([await mailsTo(one.person), creditNotes(one)]).toEqual([["You get $25.00 back"], 1])
    }
  })

  test("in parts, and one of them fails: every order of all six events leaves the same", async () => {
    const make = async () => {
      const one = await bought()
      const events = await told(() => {
        const first = shop.stripe.refund(one.charge, 1_000)
        shop.stripe.refund(one.charge, 500)
        shop.stripe.failRefund(first.id)
      })
      return { one, events }
    }
    const { events } = await make()
    expect(events.length).toBe(7)
    // 5 of them in every order; the others stand where they came.
    for (const order of permutations([0, 1, 4, 5, 6]).filter((_, at) => at % 8 === 0)) {
      const { one, events: own } = await make()
      await shop.stripe.webhooks.flush([...order, 2, 3, ...order].map((at) => own[at]!))
      expect([order, left(one)]).toMatchObject([
        order,
        { balance: 26.25 - 5 - 0.25, debt: 0, refunded: 5, refunds: ["failed", "succeeded"] },
      ])
    }
  })

  test("told before its payment, in every order of both: the credits came and went", async () => {
    for (const order of permutations([0, 1, 2, 3, 4])) {
      const person = await makeUser(app())
      const made = await app().billing.buy(CTX, { buyer: person, slug: "plus", key: crypto.randomUUID() })
      const events = await told(() => {
        shop.stripe.pay(made.sessionId!, { with: CARD })
        const [charge] = shop.stripe.world.all<{ id: string; object: "charge"; created: number }>("charge").slice(-1)
        shop.stripe.refund(charge!.id)
      })
      const ofBoth = events.filter(({ type }) => !type.startsWith("payment_intent.")).slice(0, 5)
      const mine = order.filter((at) => at < ofBoth.length).map((at) => ofBoth[at]!)
      await shop.stripe.webhooks.flush([...mine, ...mine])
      const one = { person, order: app().billing.order(person.id, made.publicId)!, charge: "" }
      expect([order, left(one)]).toMatchObject([order, GONE])
    }
  })

  test("of credits that are spent is owed: other paid credits pay at once, then the next ones", async () => {
    const one = await bought()
    await spend(one.person, 20)
    shop.stripe.refund(one.charge)
    await settled()
    // The bonus expires never and was bought with it: promo first, so 1.25 of the 20 came from it.
    expect(left(one)).toMatchObject({ balance: 0, debt: 18.75, refunded: 25 })
    await bought("starter", one.person)
    expect(left(one)).toMatchObject({ balance: 0, debt: 13.75 })
    const rich = await bought()
    await bought("large", rich.person)
    await spend(rich.person, 40)
    const before = app().ledger.wallet(ownerOf(rich.person), "live").balanceNano
    shop.stripe.refund(rich.charge)
    await settled()
    const { balanceNano, debtNano } = app().ledger.wallet(ownerOf(rich.person), "live")
    expect([debtNano, before - balanceNano] as unknown).toEqual([0, usd(25)])
  })

  test("that fails gives all back, also when its debt was repaid meanwhile", async () => {
    const one = await bought()
    await spend(one.person, 26.25)
    const refund = shop.stripe.refund(one.charge)
    await settled()
    expect(left(one)).toMatchObject({ balance: 0, debt: 25 })
    await bought("standard", one.person)
    expect(left(one)).toMatchObject({ balance: 0, debt: 15 })
    shop.stripe.failRefund(refund.id)
    await settled()
    expect(left(one)).toMatchObject({ balance: 10, debt: 0, refunded: 0, refunds: ["failed"], standing: 0 })
    expect(await mailsTo(one.person)).toEqual(["You get $25.00 back", "Your bank did not take the $25.00 we sent back"])
  })

  test("that fails after it was done: its credit note is cancelled by a paper of its own, once, and books and papers agree", async () => {
    const one = await bought()
    const first = shop.stripe.refund(one.charge, 1_000)
    await settled()
    expect(papers(one)).toEqual({ credited: 10, notes: ["CN 10"], debits: [] })
    const events = await told(() => shop.stripe.failRefund(first.id))
    await shop.stripe.webhooks.flush([...events, ...events])
    expect(papers(one)).toEqual({ credited: 0, notes: ["CN 10"], debits: ["DN 10"] })
    expect(left(one)).toMatchObject({ balance: 26.25, refunded: 0 })
    shop.stripe.refund(one.charge)
    await settled()
    expect(papers(one)).toEqual({ credited: 25, notes: ["CN 10", "CN 25"], debits: ["DN 10"] })
    expect(left(one)).toMatchObject({ balance: 0, refunded: 25 })
    const { number } = app().billing.invoices.ofOrder(one.order)!
    const found = app().billing.invoices.byNumber(number)!
    const paper = app().billing.invoices.paper(found, found.debits[0])
    expect(paper).toMatchObject({ title: "Debit note", number: expect.stringMatching(/^DN-2026-\d{3}$/) })
    expect(paper.facts).toContainEqual({ label: "Cancels", text: `${found.notes[0]!.number} of 1 June 2026` })
    expect(app().store.read.get("SELECT 1 FROM invoices WHERE credited_nano < 0")).toBeNull()
  })

  test("that failed before there was such a paper gets it from the job", async () => {
    const one = await bought()
    const first = shop.stripe.refund(one.charge)
    await settled()
    // As an older release left it: the row knows, the paper does not.
    const row = app().billing.refunds.story(`order:${one.order.publicId}`)!.refunds[0]!
    await app().store.write(CTX, (tx) =>
      tx.run("UPDATE billing_refunds SET state = 'failed', told = 'failed' WHERE public_id = ?", row.publicId),
    )
    await told(() => shop.stripe.failRefund(first.id))
    await app().billing.reconcile()
    expect(papers(one)).toEqual({ credited: 0, notes: ["CN 25"], debits: ["DN 25"] })
    await app().billing.reconcile()
    expect(papers(one).debits.length).toBe(1)
  })

  test("while a call runs: what it gives back pays what is owed, as soon as the job comes by", async () => {
    const one = await bought("starter")
    const { ledger, store } = app()
    const hold = await store.write(CTX, (tx) =>
      ledger.holdIn(tx, {
        owner: ownerOf(one.person), mode: "live", amountNano: usd(3), callId: "req_refunds_open", scope: "llm",
        leaseMs: HOUR_MS, inputCostNano: nano(0),
      }),
    ) // biome-ignore format: one hold
    shop.stripe.refund(one.charge)
    await settled()
    expect(left(one)).toMatchObject({ balance: 0, debt: 3 })
    await store.write(CTX, (tx) => ledger.releaseIn(tx, hold))
    expect(left(one)).toMatchObject({ balance: 3, debt: 3 })
    await app().billing.reconcile()
    expect(left(one)).toMatchObject({ balance: 0, debt: 0 })
  })

  test("that nobody told of is found by the job", async () => {
    const one = await bought()
    await told(() => shop.stripe.refund(one.charge))
    await app().billing.reconcile()
    expect(left(one)).toMatchObject(GONE)
  })
})

describe("an admin's refund", () => {
  const ask = ({ order }: Bought, amountNano: Nano | null, key: string = crypto.randomUUID()) =>
    app().billing.refunds.refund(CTX, {
      paymentKey: `order:${order.publicId}`,
      amountNano,
      reason: "Not what you wanted",
      key,
    })
  const made = ({ charge }: Bought) =>
    shop.stripe.world
      .all<{ id: string; object: "refund"; created: number; charge: string }>("refund")
      .filter((one) => one.charge === charge)

  test("a part, then the rest; a second press is the same, and more than is left is refused", async () => {
    const one = await bought()
    const [first, again] = [await ask(one, usd(10), "press"), await ask(one, usd(10), "press")]
    await settled()
    expect([first.state, again.publicId]).toEqual(["succeeded", first.publicId])
    expect(left(one)).toMatchObject({ balance: 15.75, refunded: 10, refunds: ["succeeded"] })
    await expect(ask(one, usd(15.01))).rejects.toMatchObject({ code: "validation_failed" })
    await ask(one, null)
    await settled()
    expect(left(one)).toMatchObject({ balance: 0, refunded: 25, refunds: ["succeeded", "succeeded"] })
    await expect(ask(one, null)).rejects.toMatchObject({ code: "conflict" })
    expect([made(one).length, creditNotes(one)]).toEqual([2, 2])
  })

  test("ten presses at once: one refund", async () => {
    const one = await bought()
    const all = await Promise.all(Array.from({ length: 10 }, () => ask(one, null, "presses")))
    await settled()
    expect([new Set(all.map(({ publicId }) => publicId)).size, made(one).length]).toEqual([1, 1])
    expect(left(one)).toMatchObject(GONE)
  })

  test("the processor is away, or its answer is lost: it is asked, the job asks again, and it is made once", async () => {
    for (const trouble of [{ status: 500 }, { loseAnswer: true }]) {
      const one = await bought()
      shop.stripe.webhooks.delivery = { drops: () => true }
      shop.stripe.trouble({ on: /POST .*refunds/, ...trouble, times: 9 })
      expect((await ask(one, null)).state).toBe("asked")
      expect(left(one)).toMatchObject({ balance: PLUS / 1e9, refunded: 0, refunds: ["asked"] })
      await expect(ask(one, null)).rejects.toMatchObject({ code: "conflict" })
      shop.stripe.calm()
      shop.clock.advance(2 * DAY_MS)
      await app().billing.reconcile()
      shop.stripe.webhooks.delivery = { retries: [] }
      expect(left(one)).toMatchObject(GONE)
      expect(made(one).length).toBe(1)
    }
  })

  test("what a bank has is not refunded; what the processor refuses says why", async () => {
    const one = await bought()
    shop.stripe.dispute(one.charge)
    await settled()
    await expect(ask(one, null)).rejects.toMatchObject({ code: "conflict" })
    const two = await bought()
    await told(() => shop.stripe.dispute(two.charge))
    const refused = await ask(two, null)
    expect(refused).toMatchObject({ state: "refused", note: expect.stringContaining("charged back") })
    expect(left(two)).toMatchObject({ balance: 26.25, refunds: ["refused"] })
  })
})

describe("a dispute", () => {
  for (const isWon of [true, false])
    test(`${isWon ? "won" : "lost"}: every order of its events leaves the same`, async () => {
      const before = inDisputes()
      const types = isWon ? 4 : 3
      for (const order of permutations(Array.from({ length: types }, (_, at) => at))) {
        const one = await bought("starter")
        const events = await told(() => {
          const made = shop.stripe.dispute(one.charge)
          shop.stripe.closeDispute(made.id, isWon)
        })
        expect(events.length).toBe(types)
        await shop.stripe.webhooks.flush(order.flatMap((at) => [events[at]!, events[at]!]))
        const expected = isWon
          ? { balance: 5, disputes: ["won"], standing: 0 }
          : { balance: 0, disputes: ["lost"], standing: 1 }
        expect([order, left(one)]).toMatchObject([order, { debt: 0, frozen: 0, refunded: 0, ...expected }])
      }
      expect(inDisputes()).toBe(before)
    })

  test("lost, and won after all: the paper that gave it back is cancelled", async () => {
    const one = await bought()
    const made = shop.stripe.dispute(one.charge)
    shop.stripe.closeDispute(made.id, false)
    await settled()
    expect(papers(one)).toEqual({ credited: 25, notes: ["CN 25"], debits: [] })
    shop.stripe.closeDispute(made.id, true)
    await settled()
    expect(papers(one)).toEqual({ credited: 0, notes: ["CN 25"], debits: ["DN 25"] })
    expect(left(one)).toMatchObject({ balance: 26.25, debt: 0, disputes: ["won"] })
  })

  test("step by step: taken with what is owed, then given back; the clearing account holds what waits", async () => {
    const one = await bought()
    await spend(one.person, 6.25)
    const before = inDisputes()
    const made = shop.stripe.dispute(one.charge)
    await settled()
    expect(left(one)).toMatchObject({ balance: 0, debt: 5, frozen: 0, disputes: ["open"] })
    expect(inDisputes() - before).toBe(usd(25))
    shop.stripe.closeDispute(made.id, true)
    await settled()
    expect(left(one)).toMatchObject({ balance: 20, debt: 0, frozen: 0, disputes: ["won"], standing: 0 })
    expect(inDisputes()).toBe(before)
    expect(await mailsTo(one.person)).toEqual([
      "Your payment for Plus is being looked at",
      "Your payment for Plus is fine",
    ])
  })

  test("a question of a bank freezes, and its end thaws", async () => {
    const one = await bought()
    const made = shop.stripe.question(one.charge)
    await settled()
    expect(left(one)).toMatchObject({ balance: 0, frozen: 26.25, debt: 0, disputes: ["open"] })
    shop.stripe.closeDispute(made.id, false)
    await settled()
    expect(left(one)).toMatchObject({ balance: 26.25, frozen: 0, disputes: ["closed"], standing: 0 })
  })

  test("a warning of fraud freezes until nothing can be done, or an admin gives the credits free", async () => {
    const one = await bought()
    const made = shop.stripe.warn(one.charge)
    await settled()
    expect(left(one)).toMatchObject({ balance: 0, frozen: 26.25, disputes: ["open"] })
    const [dispute] = app().billing.refunds.disputesOf(one.person.id)
    await app().store.write(CTX, (tx) => app().billing.refunds.releaseIn(tx, dispute!.publicId))
    expect(left(one)).toMatchObject({ balance: 26.25, frozen: 0 })
    shop.stripe.warningOver(made.id)
    await settled()
    expect(left(one)).toMatchObject({ balance: 26.25, frozen: 0, disputes: ["closed"] })
    const two = await bought()
    shop.stripe.warn(two.charge)
    shop.stripe.refund(two.charge)
    await settled()
    expect(left(two)).toMatchObject({ balance: 0, frozen: 0, debt: 0, refunded: 25 })
  })

  test("of which nobody told, neither of its end: the job asks", async () => {
    const one = await bought()
    let id = ""
    await told(() => {
      id = shop.stripe.dispute(one.charge).id
    })
    await app().billing.reconcile()
    expect(left(one)).toMatchObject({ balance: 0, disputes: ["open"] })
    await told(() => shop.stripe.closeDispute(id, true))
    shop.clock.advance(10 * DAY_MS + HOUR_MS)
    await app().billing.reconcile()
    expect(left(one)).toMatchObject({ balance: 26.25, disputes: ["won"] })
  })
})

describe("what else was paid", () => {
  test("a plan: its credits follow the money as those of an order do, also when the refund is told first", async () => {
    for (const isFirst of [false, true]) {
      const person = await makeUser(app())
      const { plans, refunds } = app().billing
      const input = { buyer: person, planCode: "starter", months: 1, choice: null, key: crypto.randomUUID() } as const
      const signup = await plans.subscribe(CTX, input)
      const paid = await told(() => shop.stripe.pay(signup.sessionId!, { with: CARD }))
      const [charge] = shop.stripe.world.all<{ id: string; object: "charge"; created: number }>("charge").slice(-1)
      const back = await told(() => shop.stripe.refund(charge!.id, 1_000))
      await shop.stripe.webhooks.flush(isFirst ? [...back, ...paid] : [...paid, ...back])
      const [row] = refunds.payments({ state: "refunded", userId: person.id, id: null, before: null, limit: 5 })
      expect(row).toMatchObject({ kind: "plan", paidNano: usd(30), refundedNano: usd(10) })
      const { balanceNano } = app().ledger.wallet(ownerOf(person), "live")
      expect([isFirst, balanceNano / 1e9]).toEqual([isFirst, 20])
      await refunds.refund(CTX, {
        paymentKey: row!.key,
        amountNano: null,
        reason: "All of it",
        key: crypto.randomUUID(),
      })
      await settled()
      expect(app().ledger.wallet(ownerOf(person), "live")).toMatchObject({ balanceNano: nano(0), debtNano: nano(0) })
    }
  })

  /** Starter for a year: $300, of which each month has $25 of credits, and $5 on top. */
  async function yearOf(): Promise<{ person: User; key: string; charge: string }> {
    const person = await makeUser(app())
    await app().plans.updatePlan(CTX, { code: "starter", yearlyNano: usd(300) })
    const input = { buyer: person, planCode: "starter", months: 12, choice: null, key: crypto.randomUUID() } as const
    const signup = await app().billing.plans.subscribe(CTX, input)
    shop.stripe.pay(signup.sessionId!, { with: CARD })
    await settled()
    const [charge] = shop.stripe.world.all<{ id: string; object: "charge"; created: number }>("charge").slice(-1)
    const filter = { state: null, userId: person.id, id: null, before: null, limit: 5 } as const
    return { person, key: app().billing.refunds.payments(filter)[0]!.key, charge: charge!.id }
  }
  const backOf = (key: string) =>
    app()
      .billing.refunds.story(key)!
      .holdbacks.reduce(
        (sum, one) => ({
          broken: sum.broken + one.brokenNano / 1e9,
          taken: sum.taken + one.takenNano / 1e9,
          debt: sum.debt + one.debtNano / 1e9,
        }),
        { broken: 0, taken: 0, debt: 0 },
      )
  const walletOf = (person: User) => app().ledger.wallet(ownerOf(person), "live")

  test("half a year, of which nobody used anything: what expired goes back first, and nothing is owed", async () => {
    const { person, key, charge } = await yearOf()
    shop.clock.advance(183 * DAY_MS)
    const refund = shop.stripe.refund(charge, 15_000)
    await settled()
    // $150 of credits and $30 on top: five months of each had expired.
    expect(backOf(key)).toEqual({ broken: 150, taken: 30, debt: 0 })
    expect(walletOf(person).debtNano as number).toBe(0)
    shop.stripe.failRefund(refund.id)
    await settled()
    shop.stripe.refund(charge)
    await settled()
    expect(walletOf(person)).toMatchObject({ balanceNano: nano(0), debtNano: nano(0) })
  })

  test("half a year, all of its first half spent: the months to come, and nothing is owed; all of it: the half that was spent", async () => {
    const { person, key, charge } = await yearOf()
    for (let month = 0; month < 6; month++) {
      await spend(person, walletOf(person).balanceNano / 1e9)
      shop.clock.advance(month === 5 ? 0 : 30.5 * DAY_MS)
    }
    shop.stripe.refund(charge, 15_000)
    await settled()
    expect(backOf(key)).toEqual({ broken: 0, taken: 180, debt: 0 })
    expect(walletOf(person)).toMatchObject({ balanceNano: nano(0), debtNano: nano(0) })
    shop.stripe.refund(charge)
    await settled()
    expect(walletOf(person)).toMatchObject({ balanceNano: nano(0), debtNano: usd(150) })
  })

  test("disputed after its credits expired: nothing is owed, and won, they stay expired", async () => {
    const { person, key, charge } = await yearOf()
    shop.clock.advance(400 * DAY_MS)
    const made = shop.stripe.dispute(charge)
    await settled()
    expect([backOf(key), walletOf(person).debtNano as number]).toEqual([{ broken: 360, taken: 0, debt: 0 }, 0])
    shop.stripe.closeDispute(made.id, true)
    await settled()
    expect(walletOf(person)).toMatchObject({ balanceNano: nano(0), debtNano: nano(0) })
  })

  test("disputed while a call holds credits beyond their time: what it gives back pays at once, and nobody has to come by", async () => {
    const { person, key, charge } = await yearOf()
    const { ledger, store } = app()
    // Five of it are what came on top, which pays first and which nobody owes.
    const hold = await store.write(CTX, (tx) =>
      ledger.holdIn(tx, {
        owner: ownerOf(person), mode: "live", amountNano: usd(15), callId: "req_refunds_late", scope: "llm",
        leaseMs: 500 * DAY_MS, inputCostNano: nano(0),
      }),
    ) // biome-ignore format: one hold
    shop.clock.advance(400 * DAY_MS)
    const made = shop.stripe.dispute(charge)
    await settled()
    expect([backOf(key), +walletOf(person).debtNano]).toEqual([{ broken: 345, taken: 0, debt: 10 }, usd(10)])
    const charged = { totalNano: usd(9), upstreamNano: usd(9), developerNano: nano(0), platformNano: nano(0) }
    await store.write(CTX, (tx) => ledger.settleIn(tx, { hold, charge: charged, developer: null }))
    expect(walletOf(person)).toMatchObject({ balanceNano: nano(0), debtNano: usd(4) })
    shop.stripe.closeDispute(made.id, true)
    await settled()
    expect(walletOf(person)).toMatchObject({ balanceNano: nano(0), debtNano: nano(0) })
  })

  test("by hand: it is noted at once, and nobody is asked", async () => {
    const person = await makeUser(app())
    const nobody = { buyerName: "", buyerAddress: "", buyerTaxId: "" }
    const order = await app().store.write(CTX, (tx) =>
      app().billing.recordIn(tx, {
        userId: person.id, priceNano: usd(40), taxNano: nano(0), reverseCharge: false, way: "bank", reference: "",
        paidMs: shop.clock.now(), key: "by hand", ...nobody,
      }),
    ) // biome-ignore format: one payment
    const asked = shop.stripe.asked.length
    const one = { person, order, charge: "" }
    const made = await app().billing.refunds.refund(CTX, {
      paymentKey: `order:${order.publicId}`, amountNano: usd(15), reason: "Too much", key: "by hand back",
    }) // biome-ignore format: one refund
    expect(made.state).toBe("succeeded")
    expect(left(one)).toMatchObject({ balance: 25, refunded: 15, refunds: ["succeeded"] })
    expect([shop.stripe.asked.length - asked, creditNotes(one)]).toEqual([0, 1])
  })
})

test("nothing of it had to be looked at, and the books hold", async () => {
  expect(parked()).toBe(0)
  expect((await app().verification.run({ actor: "cli", requestId: "r", reason: "t" })).ok).toBe(true)
})
