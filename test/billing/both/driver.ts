// A house that sells, and behind it either the fake over HTTP or Stripe's own test mode: what happens at the processor is done by the official
// client, and its events are fetched from its list and posted to the house, signed, for it has no address that the internet can reach.
import Stripe from "stripe"
import { randomSecret, VirtualClock } from "../../../src/app/index.ts"
import { EVENT_TYPES } from "../../../src/billing/stripe/index.ts"
import type { User } from "../../../src/identity/index.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../../build.ts"
import { LONG_MS } from "../../eventually.ts"
import { createFakeStripe } from "../../fakes/stripe/index.ts"
import { type Left, leftOf, type Mailed, mailsSent } from "../flows/state.ts"

export const REAL_KEY = process.env.STRIPE_TEST_KEY ?? ""
if (REAL_KEY !== "" && !/^(sk|rk)_test_/.test(REAL_KEY)) throw new Error("STRIPE_TEST_KEY is no key of test mode")

/** What nobody but a person at a browser, a bank or a clock can do there; each stands in a test of the fake. */
const NOT_THERE = [
  "paying on a Checkout page (packages, the first payment of a plan, a code's discount): Stripe offers no call for it, and its page wants a person. Pages are made, read and expired there; plans begin by a subscription that is made with the page's own words",
  "a bank's 3-D Secure question, on a page or for a recharge",
  "payments that take days (bank debits), and a refund that fails days later",
  "making the webhook endpoint: Stripe takes addresses of the internet alone",
  "webhooks in the way of the network: late, lost and doubled ones are played from the list of events",
  "the processor's weather (silence, 500, 429) and kill −9 between two steps",
  "tax: an account has to be registered for it",
]
console.log(
  REAL_KEY === ""
    ? "\n*** no STRIPE_TEST_KEY: Stripe's own test mode is SKIPPED; the same tests run against the fake over HTTP. ***\n"
    : `\n*** STRIPE_TEST_KEY is given: the same tests run against the fake and in Stripe's test mode. NOT RUN there:\n${NOT_THERE.map((what) => `  - ${what}.`).join("\n")}\n***\n`,
)

const TYPES: readonly string[] = EVENT_TYPES
const WEBHOOK_SECRET = "whsec_both"
const SECOND_MS = 1_000
/** Stripe lists an event a second or so after it happened. */
const PATIENCE_MS = 60_000

interface Ends {
  name: string
  secretKey: string
  apiBase: string | null
  stripe: Stripe
  /** Between two looks. */
  pauseMs: number
  close(): unknown
}

function fakeEnds(): Ends {
  const secretKey = "sk_test_both"
  const listener = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: (request) => made.fetch(request) })
  const apiBase = `http://127.0.0.1:${listener.port}`
  const made = createFakeStripe({ now: Date.now, origin: apiBase, secretKey })
  const stripe = new Stripe(secretKey, {
    host: "127.0.0.1",
    port: listener.port!,
    protocol: "http",
    telemetry: false,
  })
  return { name: "the fake", secretKey, apiBase, stripe, pauseMs: 5, close: () => listener.stop(true) }
}
const realEnds = (): Ends => ({
  name: "Stripe in test mode",
  secretKey: REAL_KEY,
  apiBase: null,
  stripe: new Stripe(REAL_KEY, { telemetry: false, maxNetworkRetries: 3 }),
  pauseMs: SECOND_MS,
  close: () => {},
})
export const ENDS: readonly (() => Ends)[] = REAL_KEY === "" ? [fakeEnds] : [fakeEnds, realEnds]
export const nameOf = (ends: () => Ends): string => (ends === fakeEnds ? "the fake" : "Stripe in test mode")

export type Order = "as it came" | "backwards, each twice"

export class Both {
  /** The official client, for what the other side does. */
  readonly stripe: Stripe
  private readonly seen = new Set<string>()
  private readonly since = Math.floor(Date.now() / SECOND_MS) - 2
  private readonly clocks: string[] = []
  readonly mails: Mailed[] = []

  private constructor(
    private readonly ends: Ends,
    readonly house: TestServer,
    readonly clock: VirtualClock,
    readonly order: Order,
  ) {
    this.stripe = ends.stripe
    const { mailer } = house.app
    const send = mailer.send
    mailer.send = (mail, id) => {
      this.mails.push({ to: mail.to, subject: mail.subject })
      return send(mail, id)
    }
  }

  static async open(ends: () => Ends, order: Order = "as it came"): Promise<Both> {
    const made = ends()
    const clock = new VirtualClock(Date.now())
    const { secretKey, apiBase } = made
    const stripe = { secretKey, webhookSecret: WEBHOOK_SECRET, apiBase }
    const house = await startTestServer({ clock, stripe })
    await house.app.billing.connection.keep()
    return new Both(made, house, clock, order)
  }

  get app() {
    return this.house.app
  }

  async close(): Promise<void> {
    for (const id of this.clocks) await this.stripe.testHelpers.testClocks.del(id)
    await this.house.close()
    await this.ends.close()
  }

  person = (): Promise<User> => makeUser(this.app, { email: `both-${randomSecret(9).toLowerCase()}@example.com` })

  /** Known to the processor as somebody who lives by a clock of their own. @returns it */
  async onClock(person: User): Promise<string> {
    const now = Math.floor(this.clock.now() / SECOND_MS)
    const { id: clock } = await this.stripe.testHelpers.testClocks.create({ frozen_time: now })
    this.clocks.push(clock)
    const customer = await this.stripe.customers.create({
      test_clock: clock,
      email: person.email,
      metadata: { user: person.publicId },
    })
    await this.app.store.write(CTX, (tx) => {
      tx.run(
        `INSERT INTO billing_customers (user_id, is_test, account_id, customer_id, created_ms)
         VALUES (?, 1, (SELECT COALESCE(test_account, '') FROM billing_connection), ?, ?)`,
        person.id,
        customer.id,
        tx.now,
      )
    })
    return clock
  }

  /** The clock goes on, the house with it; what happened is told. */
  async advance(clock: string, seconds: number): Promise<void> {
    const frozen_time = Math.ceil(seconds)
    await this.stripe.testHelpers.testClocks.advance(clock, { frozen_time })
    while ((await this.stripe.testHelpers.testClocks.retrieve(clock)).status !== "ready") await Bun.sleep(SECOND_MS)
    this.clock.set(Math.max(this.clock.now(), frozen_time * SECOND_MS))
    await this.tell()
  }

  customerOf(person: User): string {
    return this.app.store.read.get<{ id: string }>(
      "SELECT customer_id AS id FROM billing_customers WHERE user_id = ?",
      person.id,
    )!.id
  }

  /** Events that the house was not told of yet, whosoever they are. @returns how many */
  async tell(): Promise<number> {
    const created = { gte: this.since }
    const all = await this.stripe.events.list({ created, limit: 100 }).autoPagingToArray({ limit: 5_000 })
    const found = all.filter(({ id, type }) => !this.seen.has(id) && TYPES.includes(type)).toReversed()
    for (const { id } of found) this.seen.add(id)
    const sent = this.order === "as it came" ? found : found.toReversed().flatMap((event) => [event, event])
    for (const event of sent) await this.post(event)
    await this.app.outbox.flush()
    return found.length
  }

  private async post(event: Stripe.Event): Promise<void> {
    const payload = JSON.stringify(event)
    const timestamp = Math.floor(this.clock.now() / SECOND_MS)
    const header = { payload, secret: WEBHOOK_SECRET, timestamp }
    const signature = await this.stripe.webhooks.generateTestHeaderStringAsync(header)
    const answer = await fetch(`${this.house.url}/webhooks/stripe`, {
      method: "POST",
      headers: { "stripe-signature": signature },
      body: payload,
    })
    if (answer.status !== 200) throw new Error(`${event.type} ${event.id}: ${answer.status} ${await answer.text()}`)
  }

  /** Tells until it is so. @throws Error when it never is */
  async until(what: string, isSo: () => boolean): Promise<void> {
    const end = Date.now() + (this.ends.apiBase === null ? PATIENCE_MS : LONG_MS)
    for (;;) {
      await this.tell()
      if (isSo()) break
      if (Date.now() > end) throw new Error(`${this.ends.name}: ${what} never came`)
      await Bun.sleep(this.ends.pauseMs)
    }
    // What else was told of the same thing, a moment later.
    if (this.ends.apiBase === null) await Bun.sleep(2 * SECOND_MS)
    while ((await this.tell()) > 0) await Bun.sleep(this.ends.pauseMs)
  }

  async left(person: User): Promise<Left> {
    await mailsSent({ server: this.house } as never)
    const own = this.mails.filter(({ to, subject }) => to === person.email && !subject.includes("signed in"))
    return leftOf(this.app.store.read, person, own.map(({ subject }) => subject)) // biome-ignore format: one line
  }

  /** n$ that can be spent. */
  balance = ({ id }: User): number => this.app.ledger.wallet({ kind: "principal", id }, "live").spendableNano as number

  /** A card is saved for recharges: the house's page is made, and what its form would do is done by the call behind it. */
  async savesCard(person: User, token: string): Promise<void> {
    const { recharges } = this.app.billing
    const before = recharges.of(person.id).cards.length
    const url = await recharges.beginCard(CTX, person, randomSecret(9))
    if (!url.startsWith("http")) throw new Error(`no page: ${url}`)
    await this.stripe.setupIntents.create({
      customer: this.customerOf(person),
      payment_method: token,
      payment_method_types: ["card"],
      confirm: true,
      usage: "off_session",
      metadata: { purpose: "auto-recharge" },
    })
    await this.until("the saved card", () => recharges.of(person.id).cards.length > before)
  }

  /** The house's page of a plan is made; what paying on it leads to is made by the call behind it, with the page's own price and words. */
  async subscribes(person: User, planCode: string, more: { months?: 1 | 12 } = {}): Promise<string> {
    const { plans } = this.app.billing
    const input = { buyer: person, planCode, months: more.months ?? 1, choice: null, key: randomSecret(9) } as const
    const { sessionId, publicId } = await plans.subscribe(CTX, input)
    const session = await this.stripe.checkout.sessions.retrieve(sessionId!)
    const [item] = (await this.stripe.checkout.sessions.listLineItems(sessionId!)).data
    if (session.metadata?.signup !== publicId) throw new Error("the page does not say whose it is")
    const customer = this.customerOf(person)
    const method = await this.stripe.paymentMethods.attach("pm_card_visa", { customer })
    const made = await this.stripe.subscriptions.create({
      customer,
      items: [{ price: item!.price!.id }],
      default_payment_method: method.id,
      metadata: { signup: publicId },
    })
    await this.until("the plan", () => plans.ownOf(person.id)?.plan.code === planCode)
    return made.id
  }
}
