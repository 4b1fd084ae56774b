// Money once against the fake and, with a key, in Stripe's test mode: recharges by a saved card, refunds from both sides, disputes, pages that
// nobody pays on, a code on a page, and the statement against the books.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { credits, DAY_MS, nano, randomSecret } from "../../../src/app/index.ts"
import type { User } from "../../../src/identity/index.ts"
import { usd } from "../../../src/plans/testing.ts"
import { CTX, giveCredits, ownerOf } from "../../build.ts"
import { BLANK } from "../coupon-kit.ts"
import { Both, ENDS, nameOf } from "./driver.ts"

setDefaultTimeout(600_000)
const TERMS = { belowNano: credits(100), amountNano: usd(10), monthNano: usd(100) }

for (const ends of ENDS)
  for (const order of ["as it came", "backwards, each twice"] as const)
    describe(`money, with ${nameOf(ends)}, told ${order}`, () => {
      let both: Both
      beforeAll(async () => {
        both = await Both.open(ends, order)
      })
      afterAll(() => both?.close())
      const billing = () => both.app.billing
      const lastOrder = ({ id }: User) => billing().ordersOf(id, 1)[0]!

      /** Somebody whose saved card was charged ten dollars; of the 200 credits that they had, 50 are left beside. */
      async function recharged(token = "pm_card_visa", state = "paid"): Promise<User> {
        const { app } = both
        const person = await both.person()
        await both.savesCard(person, token)
        await giveCredits(app, person, credits(200))
        await billing().recharges.turnOn(CTX, person.id, TERMS)
        const to = { owner: ownerOf(person), mode: "live" } as const
        await app.store.write(CTX, (tx) => {
          app.ledger.setBalanceIn(tx, { ...to, balanceNano: credits(50), key: `low:${person.publicId}` })
        })
        await billing().recharges.lookAt(person.id - 1, 1)
        await app.outbox.flush()
        await both.until("the recharge", () => lastOrder(person)?.state === state)
        return person
      }
      const charges = async (person: User) =>
        (await both.stripe.charges.list({ customer: both.customerOf(person), limit: 100 })).data

      test("credits run low: charged once, told once, however often it is looked", async () => {
        const person = await recharged()
        await billing().recharges.lookAt(0, 100)
        await both.app.outbox.flush()
        expect((await charges(person)).map(({ amount, paid }) => [amount, paid])).toEqual([[1_000, true]])
        expect(both.balance(person)).toBe((credits(50) as number) + (usd(10) as number))
        const { invoices, mails } = await both.left(person)
        expect([invoices.length, mails]).toEqual([1, ["Purser bought credits for $10.00"]])
        // The card says what it is, and is off there, too, when it is taken off here.
        const [card] = billing().recharges.of(person.id).cards
        expect(card).toMatchObject({ brand: "visa", last4: "4242" })
        await billing().recharges.removeCard(CTX, person.id, card!.publicId)
        await both.app.outbox.flush()
        expect((await both.stripe.paymentMethods.retrieve(card!.methodId)).customer).toBeNull()
      })

      test("a bank that says no: nothing is credited, one mail leads to a page that its person can pay on", async () => {
        const person = await recharged("pm_card_chargeCustomerFail", "failed")
        const { mails, invoices } = await both.left(person)
        expect([mails, invoices, both.balance(person)]).toEqual([
          ["Your card was declined by its bank"],
          [],
          credits(50) as number,
        ])
        const paying = await billing().recharges.payNow(CTX, person, lastOrder(person).publicId)
        const page = await both.stripe.checkout.sessions.retrieve(paying.sessionId!)
        expect([page.status, page.amount_total, page.client_reference_id]).toEqual(["open", 1_000, paying.publicId])
        await both.stripe.checkout.sessions.expire(page.id)
        await both.until("the end of the page", () => lastOrder(person).state === "expired")
      })

      test("refunded in part by an admin, the rest at the processor: credits, papers and mails follow, and no more can be given back", async () => {
        const person = await recharged()
        const { publicId } = lastOrder(person)
        const input = { paymentKey: `order:${publicId}`, reason: "Asked for", key: randomSecret(9) }
        const made = await billing().refunds.refund(CTX, { ...input, amountNano: usd(4) })
        expect(await billing().refunds.refund(CTX, { ...input, amountNano: usd(4) })).toMatchObject({ id: made.id })
        const [charge] = await charges(person)
        await both.stripe.refunds.create({ charge: charge!.id, amount: 600 })
        await both.until("both refunds", () => lastOrder(person).refundedNano === usd(10))
        expect(both.balance(person)).toBe(credits(50) as number)
        const { mails, back } = await both.left(person)
        expect(mails.filter((subject) => subject.includes("back"))).toEqual([
          "You get $4.00 back",
          "You get $6.00 back",
        ])
        expect(back.filter((line) => line.includes('"refund"')).length).toBe(2)
        await expect(
          billing().refunds.refund(CTX, { ...input, key: randomSecret(9), amountNano: nano(10_000_000) }),
        ).rejects.toThrow()
      })

      for (const isWon of [true, false])
        test(`a dispute that is ${isWon ? "won" : "lost"}: frozen and taken, then ${isWon ? "given back" : "gone"}`, async () => {
          const person = await recharged("pm_card_createDispute")
          const disputes = () => billing().refunds.disputesOf(person.id)
          await both.until("the dispute", () => disputes()[0]?.state === "open")
          expect(both.balance(person)).toBe(credits(50) as number)
          const { disputeId } = disputes()[0]!
          const words = isWon ? "winning_evidence" : "losing_evidence"
          await both.stripe.disputes.update(disputeId, { evidence: { uncategorized_text: words }, submit: true })
          await both.until("its end", () => disputes()[0]?.state === (isWon ? "won" : "lost"))
          const back = isWon ? (usd(10) as number) : 0
          expect(both.balance(person)).toBe((credits(50) as number) + back)
        })

      test("the test of the setup page: an event is provoked, and arrives", async () => {
        const { connection } = billing()
        await connection.probe(CTX)
        await both.until("the event", () => connection.state().probe?.arrivedMs !== null)
        expect(connection.state().account?.id).toStartWith("acct_")
      })

      test("a page that nobody pays on: it says what it is for, is one however often it is asked for, and its order ends with it", async () => {
        const person = await both.person()
        const input = { buyer: person, slug: "plus", key: "one" }
        const [made, again] = [await billing().buy(CTX, input), await billing().buy(CTX, input)]
        expect([again.publicId, again.sessionId]).toEqual([made.publicId, made.sessionId])
        const page = await both.stripe.checkout.sessions.retrieve(made.sessionId!)
        expect([page.amount_total, page.currency, page.metadata?.order]).toEqual([2_500, "usd", made.publicId])
        await both.stripe.checkout.sessions.expire(made.sessionId!)
        await both.until("its end", () => lastOrder(person).state === "expired")
        expect((await both.left(person)).mails).toEqual([])
      })

      test("a code: its percentage stands on the page as the processor counts it; the use is free again when the page is over", async () => {
        const person = await both.person()
        const fifth = { ...BLANK, kind: "percent" as const, percent: 20, amountNano: nano(0), creditDays: null }
        const { code } = await both.app.store.write(CTX, (tx) => billing().coupons.createIn(tx, fifth))
        const coupon = { code, ip: "203.0.113.7" }
        const made = await billing().buy(CTX, { buyer: person, slug: "plus", key: "one", coupon })
        const page = await both.stripe.checkout.sessions.retrieve(made.sessionId!)
        expect([page.amount_total, page.total_details?.amount_discount]).toEqual([2_000, 500])
        await both.stripe.checkout.sessions.expire(made.sessionId!)
        await both.until("its end", () => lastOrder(person).state === "expired")
        expect((await both.left(person)).coupons).toEqual(['{"state":"released","cost":5000000000}'])
      })

      test("the statement and the books say the same of all of this, fees are booked once, the books hold", async () => {
        const { app, clock } = both
        const end = Date.now() + 60_000
        const compared = () => billing().statement.compare(clock.now() - DAY_MS, clock.now() + DAY_MS)
        // What happened in the last minutes would be called on its way.
        clock.advance(20 * 60_000)
        do {
          await billing().statement.read()
          if (compared().differences.length === 0) break
          await Bun.sleep(ends === ENDS[0] ? 5 : 2_000)
        } while (Date.now() < (ends === ENDS[0] ? end - 59_000 : end))
        expect(compared().differences).toEqual([])
        const fees = () => app.ledger.moneyIn("live", "processor_fees")
        const before = fees()
        expect(before).not.toBe(nano(0))
        await billing().statement.read()
        expect(fees()).toBe(before)
        expect((await app.verification.run(CTX)).ok).toBe(true)
        expect(billing().events("parked", 10)).toEqual([])
      })
    })
