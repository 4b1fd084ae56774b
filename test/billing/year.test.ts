// A year of virtual time, with months of 28 or 29, 30 and 31 days: people subscribe by the month and by the year on every kind of day, want
// something dearer, something cheaper, nothing more, or what they had; cards stop working and work again. Each invoice, each grant of credits
// and each plan is recomputed by a naive model.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { AppError, nano, randomSecret } from "../../src/app/index.ts"
import type { PlannedChange } from "../../src/billing/index.ts"
import type { User } from "../../src/identity/index.ts"
import { CTX, makeUser } from "../build.ts"
import { createRandom, type Random } from "../crash/random.ts"
import type { Session, Subscription } from "../fakes/stripe/index.ts"
import { CARD } from "./flows/purchases.ts"
import { openShop, type Shop } from "./world.ts"
import { type Months, type Offer, Subscriber, type Terms } from "./year/model.ts"

setDefaultTimeout(180_000)
const DAY = 86_400
const PEOPLE = 20
/** How often somebody does something: one in so many days. */
const ACTS = 25
/** Dollars a month and a year; credits of a month in n$. */
const SOLD: [code: string, month: number, year: number][] = [
  ["basic", 9.99, 99],
  ["pro", 29.99, 299],
  ["starter", 30, 300],
  ["professional", 50, 505],
  ["enterprise", 99, 999],
]
/** Whatever else is told means nothing for plans. */
const TOLD = /^(invoice\.(paid|payment_failed)|customer\.subscription\.(deleted|updated))$/

interface Person {
  user: User
  model: Subscriber
  session: string | null
  /** What they did, for a failure. */
  log: string[]
}

class Year {
  readonly people: Person[] = []
  readonly counts: Record<string, number> = {}
  private terms: Terms[] = []

  constructor(
    readonly shop: Shop,
    readonly dice: Random,
  ) {}

  get now(): number {
    return this.shop.clock.now() / 1_000
  }
  private count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1
  }
  private pick<T>(from: readonly T[]): T {
    return from[this.dice.between(0, from.length - 1)]!
  }

  async begin(startMs: number): Promise<void> {
    const { app } = this.shop.server
    this.shop.clock.set(startMs)
    for (const [code, month, year] of SOLD) {
      const price = { priceNano: nano(Math.round(month * 1e9)), yearlyNano: nano(year * 1e9) }
      const { monthlyNano } = await app.plans.updatePlan(CTX, { code, ...price })
      this.terms.push({ code, price: { 1: Math.round(month * 100), 12: year * 100 }, monthly: monthlyNano })
    }
    for (let at = 0; at < PEOPLE; at++)
      this.people.push({ user: await makeUser(app), model: new Subscriber(), session: null, log: [] })
    this.shop.stripe.webhooks.delivery = { drops: ({ type }) => !TOLD.test(type), retries: [] }
  }

  private offer(): Offer {
    return { plan: this.pick(this.terms), months: this.pick<Months>([1, 1, 1, 1, 1, 1, 1, 12]) }
  }

  /** One day: what time brings, and what some people do at some second of it. */
  async day(startMs: number): Promise<void> {
    const acts = this.people
      .filter((person) => (person.model.offer === null ? this.dice.between(1, 8) : this.dice.between(1, ACTS)) === 1)
      .map((person) => ({ person, ms: startMs + this.dice.between(0, DAY - 1) * 1_000 }))
      .toSorted((a, b) => a.ms - b.ms)
    for (const { person, ms } of acts) {
      await this.until(ms)
      await this.act(person)
    }
    await this.until(startMs + DAY * 1_000)
  }

  private async until(ms: number): Promise<void> {
    const { shop } = this
    shop.clock.set(ms)
    shop.stripe.tick()
    for (const { model } of this.people) model.advance(ms / 1_000)
    await shop.stripe.webhooks.idle()
  }

  private async act(person: Person): Promise<void> {
    const { model, log } = person
    const isoDay = new Date(this.shop.clock.now()).toISOString().slice(0, 19)
    if (model.offer === null) {
      if (!model.cardWorks) await this.changeCard(person, true)
      const offer = this.offer()
      log.push(`${isoDay} subscribes to ${nameOf(offer)}`)
      this.count("subscribe")
      await this.subscribe(person, offer)
    } else if (this.dice.between(1, 5) === 1) {
      log.push(`${isoDay} the card ${model.cardWorks ? "stops working" : "works again"}`)
      await this.changeCard(person, !model.cardWorks)
    } else {
      const wanted = this.dice.between(1, 7) === 1 ? null : this.dice.between(1, 5) === 1 ? model.offer : this.offer()
      log.push(`${isoDay} wants ${wanted ? nameOf(wanted) : "nothing"} in place of ${nameOf(model.offer)}`)
      await this.change(person, wanted)
    }
    await this.shop.stripe.webhooks.idle()
  }

  private async subscribe(person: Person, offer: Offer): Promise<void> {
    const { shop } = this
    const input = { buyer: person.user, planCode: offer.plan.code, months: offer.months, choice: null }
    const signup = await shop.server.app.billing.plans.subscribe(CTX, { ...input, key: randomSecret(9) })
    shop.stripe.pay(signup.sessionId!, { with: CARD })
    person.session = signup.sessionId
    person.model.subscribe(offer, this.now)
  }

  /** What is shown before, what is done, and what a refusal leaves as it is. */
  private async change(person: Person, wanted: Offer | null): Promise<void> {
    const { plans } = this.shop.server.app.billing
    const { model, user, log } = person
    const planCode = wanted?.plan.code ?? "free"
    const months = wanted?.months ?? 1
    const due = wanted && model.wants(wanted) === "now" ? model.due(wanted, this.now) : 0
    const expected = model.does(wanted, this.now)
    this.count(expected)
    let seen: PlannedChange | null = null
    let done: string
    try {
      seen = await plans.preview(user.id, { planCode, months })
      const shown = seen.kind === "now" ? seen.now : null
      if (shown) expect([log, shown.dueNano / 1e7]).toEqual([log, due])
      done = (await plans.change(CTX, { buyer: user, planCode, months, key: randomSecret(9), seen })).kind
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      done = "refused"
    }
    expect([log, done]).toEqual([log, expected])
  }

  private async changeCard({ model, session }: Person, works: boolean): Promise<void> {
    const { world } = this.shop.stripe
    model.cardWorks = works
    if (session === null) return
    const { subscription } = world.find<Session>("checkout.session", session)
    const found = world.find<Subscription>("subscription", subscription!)
    const token = works ? "pm_card_visa" : "pm_card_chargeCustomerFail"
    const method = await this.ask(`/v1/payment_methods/${token}/attach`, { customer: found.customer })
    if (found.status !== "canceled")
      await this.ask(`/v1/subscriptions/${found.id}`, { default_payment_method: method.id })
  }

  private async ask(path: string, form: Record<string, string>): Promise<{ id: string }> {
    const headers = { authorization: `Bearer ${this.shop.secretKey}` }
    const init = { method: "POST", headers, body: new URLSearchParams(form) }
    const answer = await this.shop.stripe.fetch(new Request(`${this.shop.stripeOrigin}${path}`, init))
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
    return (await answer.json()) as { id: string }
  }

  /** Plans count from day to day; invoices and credits since the beginning. */
  check(): void {
    for (const { user, model, log } of this.people) {
      const plan = this.shop.server.app.plans.planOf(user.id).code
      expect([log, this.iso, plan]).toEqual([log, this.iso, model.planAt(this.now)])
    }
  }
  private get iso(): string {
    return new Date(this.shop.clock.now()).toISOString()
  }

  checkPapers(): number {
    let papers = 0
    const { read } = this.shop.server.app.store
    for (const { user, model, log } of this.people) {
      const rows = read.all<{ total: number; document: string; granted: number }>(
        `SELECT i.total_nano AS total, i.document, p.granted_nano AS granted
         FROM invoices i JOIN billing_plan_invoices p ON i.key = 'stripe:' || p.invoice_id WHERE i.user_id = ? ORDER BY i.id`,
        user.id,
      )
      const got = rows.map(({ total, document, granted }) => ({
        total: total / 1e7,
        granted,
        lines: linesOf(document),
      }))
      const wanted = model.invoices.map(({ lines, granted }) => ({
        total: lines.reduce((sum, { cents }) => sum + cents, 0),
        granted,
        lines,
      }))
      expect([log, got]).toEqual([log, wanted])
      papers += rows.length
    }
    return papers
  }
}

const nameOf = ({ plan, months }: Offer): string => `${plan.code} for ${months}`

function linesOf(document: string): { cents: number; from: number; to: number }[] {
  const { lines } = JSON.parse(document) as { lines: { amountNano: number; fromMs: number; toMs: number }[] }
  return lines.map(({ amountNano, fromMs, toMs }) => ({ cents: amountNano / 1e7, from: fromMs / 1e3, to: toMs / 1e3 }))
}

// Of 2027, with 28 days in February; and of 2028, with 29. Both begin before the last days of January.
describe.each([Date.UTC(2027, 0, 26), Date.UTC(2028, 0, 26)])("a year from %p", (startMs) => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openShop()
  })
  afterAll(() => shop?.close())

  test("each invoice, grant and plan is what the naive model says", async () => {
    const dice = createRandom()
    const year = new Year(shop, dice)
    try {
      await year.begin(startMs)
      for (let day = 0; day < 366; day++) {
        await year.day(startMs + day * DAY * 1_000)
        year.check()
        if (day % 30 === 29) year.checkPapers()
      }
      const papers = year.checkPapers()
      console.log(`${papers} invoices; ${JSON.stringify(year.counts)}`)
      expect(papers).toBeGreaterThan(PEOPLE * 5)
      expect(shop.server.app.billing.events("parked", 10)).toEqual([])
      expect((await shop.server.app.verification.run(CTX)).ok).toBe(true)
    } catch (error) {
      console.error(`failed with PURSER_TEST_SEED=${dice.seed}`)
      throw error
    }
  })
})
