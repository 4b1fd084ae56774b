// Plans against the fake and, with a key, in Stripe's test mode: begun, renewed by a test clock, raised, lowered, ended, not paid.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { DAY_MS, HOUR_MS, randomSecret } from "../../../src/app/index.ts"
import type { PlannedChange } from "../../../src/billing/index.ts"
import type { User } from "../../../src/identity/index.ts"
import { usd } from "../../../src/plans/testing.ts"
import { CTX } from "../../build.ts"
import { Both, ENDS, nameOf } from "./driver.ts"

setDefaultTimeout(600_000)
const SECOND_MS = 1_000

for (const ends of ENDS)
  for (const order of ["as it came", "backwards, each twice"] as const)
    describe(`plans, with ${nameOf(ends)}, told ${order}`, () => {
      let both: Both
      beforeAll(async () => {
        both = await Both.open(ends, order)
      })
      afterAll(() => both?.close())
      const plans = () => both.app.billing.plans
      /** As a page does: what it costs is seen, then confirmed. @returns what was seen */
      async function move(person: User, planCode: string): Promise<PlannedChange> {
        const wanted = { planCode, months: 1 } as const
        const seen = await plans().preview(person.id, wanted)
        await plans().change(CTX, { ...wanted, buyer: person, key: randomSecret(9), seen })
        return seen
      }

      test("begun, raised at the price that was shown, lowered at the end of the period, ended", async () => {
        const person = await both.person()
        const clock = await both.onClock(person)
        await both.subscribes(person, "starter")
        expect(both.balance(person)).toBe(usd(30))
        const first = plans().ownOf(person.id)!

        // Ten days later.
        await both.advance(clock, (first.periodEndMs - 20 * DAY_MS) / SECOND_MS)
        const seen = await move(person, "professional")
        if (seen.kind !== "now") throw new Error(`it is ${seen.kind}`)
        const { dueNano } = seen.now
        expect(dueNano).toBeGreaterThan(0)
        await both.until("the dearer plan", () => both.balance(person) === usd(30) + (dueNano as number))
        expect(plans().ownOf(person.id)).toMatchObject({
          plan: { code: "professional" },
          periodEndMs: first.periodEndMs,
        })

        await move(person, "starter")
        expect(plans().ownOf(person.id)).toMatchObject({ next: { plan: { code: "starter" } } })
        await both.advance(clock, (first.periodEndMs + 2 * HOUR_MS) / SECOND_MS)
        await both.until("the cheaper plan", () => plans().ownOf(person.id)?.plan.code === "starter")
        const renewed = plans().ownOf(person.id)!
        expect(renewed.periodEndMs).toBeGreaterThan(first.periodEndMs)

        await plans().end(CTX, person, "end")
        expect(plans().ownOf(person.id)?.endsMs).toBe(renewed.periodEndMs)
        await plans().resume(CTX, person, "resume")
        expect(plans().ownOf(person.id)?.endsMs).toBeNull()
        await plans().end(CTX, person, "end again")
        await both.advance(clock, (renewed.periodEndMs + DAY_MS) / SECOND_MS)
        await both.until("the end", () => plans().ownOf(person.id) === null)
        const { invoices, mails } = await both.left(person)
        expect(invoices.length).toBe(3)
        expect(mails.filter((subject) => subject.startsWith("Receipt: "))).toEqual([
          `Receipt: $${((dueNano as number) / 1e9).toFixed(2)} for your plan Professional`,
          "Receipt: $30.00 for your plan Starter",
          "Receipt: $30.00 for your plan Starter",
        ].toSorted()) // biome-ignore format: a list
        expect(mails).toContain("Your plan Starter has ended")
      })

      test("a renewal that fails: told once, the plan goes on for three days; with another card it is paid and goes on", async () => {
        const person = await both.person()
        const clock = await both.onClock(person)
        const id = await both.subscribes(person, "starter")
        const customer = both.customerOf(person)
        const failing = await both.stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer })
        await both.stripe.subscriptions.update(id, { default_payment_method: failing.id })
        const { periodEndMs } = plans().ownOf(person.id)!
        await both.advance(clock, (periodEndMs + 2 * HOUR_MS) / SECOND_MS)
        await both.until("the failed payment", () => plans().ownOf(person.id)?.isFailing === true)
        expect(plans().ownOf(person.id)?.untilMs).toBe(periodEndMs + 3 * DAY_MS)
        const good = await both.stripe.paymentMethods.attach("pm_card_visa", { customer })
        await both.stripe.subscriptions.update(id, { default_payment_method: good.id })
        const [open] = (await both.stripe.invoices.list({ subscription: id, status: "open" })).data
        await both.stripe.invoices.pay(open!.id!, { payment_method: good.id })
        await both.until("the payment", () => plans().ownOf(person.id)?.isFailing === false)
        const { mails } = await both.left(person)
        expect(mails).toEqual([
          "Receipt: $30.00 for your plan Starter",
          "Receipt: $30.00 for your plan Starter",
          "The payment for your plan Starter failed",
        ])
        await plans().end(CTX, person, "end")
      })

      test("a dearer plan that the bank does not pay for: refused, and nothing is changed; the plan is then ended at once at the processor", async () => {
        const person = await both.person()
        await both.onClock(person)
        const id = await both.subscribes(person, "starter")
        const customer = both.customerOf(person)
        const failing = await both.stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer })
        await both.stripe.subscriptions.update(id, { default_payment_method: failing.id })
        await expect(move(person, "professional")).rejects.toThrow("Your bank did not pay")
        expect(plans().ownOf(person.id)).toMatchObject({ plan: { code: "starter" }, isFailing: false })
        await both.stripe.subscriptions.cancel(id)
        await both.until("the end", () => plans().ownOf(person.id) === null)
        const { mails, accounts } = await both.left(person)
        expect(mails).toEqual(["Receipt: $30.00 for your plan Starter", "Your plan Starter has ended"])
        // What was paid for stays.
        expect(accounts.wallet).toBe(usd(30) as number)
      })

      test("a year at once, then given back at the processor: its credits go with it, one paper and one mail each way", async () => {
        await both.app.plans.updatePlan(CTX, { code: "starter", yearlyNano: usd(300) })
        const person = await both.person()
        await both.onClock(person)
        const id = await both.subscribes(person, "starter", { months: 12 })
        const own = plans().ownOf(person.id)!
        expect([own.months, own.priceNano as number]).toEqual([12, usd(300)])
        const [invoice] = (await both.stripe.invoices.list({ subscription: id, expand: ["data.payments"] })).data
        const intent = invoice!.payments!.data[0]!.payment.payment_intent as string
        await both.stripe.refunds.create({ payment_intent: intent })
        const isBack = () => both.app.billing.refunds.refundsOf(person.id)[0]?.state === "succeeded"
        await both.until("the refund", isBack)
        const { mails, invoices } = await both.left(person)
        expect(mails).toEqual(["Receipt: $300.00 for your plan Starter", "You get $300.00 back"])
        expect(invoices.map((line) => JSON.parse(line).credited)).toEqual([usd(300)])
      })

      test("the portal is ours: made with its configuration, a page of it opens", async () => {
        const person = await both.person()
        await both.onClock(person)
        const url = await plans().portal(person)
        expect(url).toStartWith("http")
        const { configurationId } = both.app.store.read.get<{ configurationId: string }>(
          "SELECT configuration_id AS configurationId FROM billing_portals",
        )!
        const { features } = await both.stripe.billingPortal.configurations.retrieve(configurationId)
        expect([features.subscription_update.enabled, features.subscription_cancel.mode]).toEqual([
          false,
          "at_period_end",
        ])
      })

      test("after a restore all of it is asked about, answered, and changes nothing", async () => {
        const { asked } = await both.app.billing.catchUp(Date.now() - DAY_MS)
        expect(asked.map(({ what, unanswered, changed }) => [what, unanswered, changed])).toEqual(
          asked.map(({ what }) => [what, 0, 0]),
        )
        expect(asked.find(({ what }) => what === "subscriptions")!.asked).toBeGreaterThan(0)
      })

      test("the books hold, and nobody has to look", async () => {
        expect((await both.app.verification.run(CTX)).ok).toBe(true)
        expect(both.app.billing.events("parked", 10)).toEqual([])
      })
    })
