// Flows: what happens at the processor, and the events of it delivered in every order, twice, never and side by side, each time for a new
// person of the same server. Whatever the order was, what is left is what the plain order leaves.
import { expect } from "bun:test"
import { MINUTE_MS, randomSecret } from "../../../src/app/index.ts"
import type { Order, Signup } from "../../../src/billing/index.ts"
import type { User } from "../../../src/identity/index.ts"
import { CTX, makeUser } from "../../build.ts"
import { createRandom } from "../../crash/random.ts"
import type { FakeStripe, StripeEvent } from "../../fakes/stripe/index.ts"
import type { Shop } from "../world.ts"
import { type Step, type Variant, variantsOf } from "./orders.ts"
import { houseOf, type Left, leftOf, type Mailed, mailsSent } from "./state.ts"

/** One person in one variant of a flow. */
export interface Scene {
  shop: Shop
  stripe: FakeStripe
  person: User
  /** What one act leaves for the next. */
  orders: Order[]
  /** Of the page where a plan was paid for. */
  signup: Signup | null
  subscribe(planCode: string, months?: 1 | 12, choice?: "credits" | "byok"): Promise<Signup>
  buy(slug?: string): Promise<Order>
}

export interface Act {
  /** Time that passes before it, for everybody. */
  afterMs?: number
  /** At the processor, or in the house; its events wait. Nothing: time alone brings them. */
  do?(scene: Scene): unknown
}

export interface Flow {
  name: string
  /** Events of it come as they come. */
  before?(scene: Scene): Promise<unknown>
  acts: Act[]
  /** Afterwards, so that time brings nothing more for this person; nobody is told. */
  after?(scene: Scene): unknown
  /** What is told of a state that was over before anybody heard of it need not be told; never twice. */
  mayLeaveOutMails?: boolean
  /** What was taken and given back again before anybody heard of it need not be in the books: balances and papers are the same. */
  mayTakeAnotherRoad?: boolean
  /** A credit note that was issued stays. */
  mayKeepPapers?: boolean
  /** What the plain order must leave, beside being what all others leave. */
  left: Partial<Left> & { balance?: number }
}

export interface Proof {
  events: string[]
  variants: number
}

const RANDOM_ORDERS = 40
/** How often the jobs get their turn after events were lost, and how far apart. */
const JOB_TURNS = 3
const JOB_MS = 6 * MINUTE_MS

export class Prover {
  private readonly mails = new Map<Shop, Mailed[]>()
  readonly dice = createRandom()

  /** @param pilot where a flow is played first, to see its events; where time matters, a server of its own that begins at the same moment */
  constructor(
    readonly shop: Shop,
    private readonly pilot: Shop = shop,
  ) {
    for (const one of new Set([shop, pilot])) this.mails.set(one, mailsOf(one))
  }

  async prove(flow: Flow, random = RANDOM_ORDERS): Promise<Proof> {
    try {
      const pilot = await this.play(this.pilot, flow, [null], new Set())
      const ignored = ignoredBy(this.pilot, pilot.events)
      const byAct = pilot.byAct.map((types) => types.filter((type) => !ignored.has(type)).length)
      const events = pilot.events.filter((type) => !ignored.has(type))
      const variants = variantsOf(byAct, this.dice, random)
      const played = await this.play(this.shop, flow, variants, ignored)
      this.compare(flow, variants, played)
      compareHouse(flow, pilot, played, variants.length)
      return { events, variants: variants.length }
    } catch (error) {
      console.error(`${flow.name} failed with PURSER_TEST_SEED=${this.dice.seed}`)
      throw error
    }
  }

  /** Plays a flow for one person a variant, act by act together. @param variants null = everything at once, in order */
  private async play(
    shop: Shop,
    flow: Flow,
    variants: readonly (Variant | null)[],
    ignored: ReadonlySet<string>,
  ): Promise<Played> {
    const { stripe } = shop
    const scenes: Scene[] = []
    // A few at a time: each has a password to be hashed.
    for (let at = 0; at < variants.length; at += 4)
      scenes.push(...(await Promise.all(variants.slice(at, at + 4).map(() => sceneOf(shop)))))
    stripe.webhooks.delivery = { retries: [1] }
    await Promise.all(scenes.map((scene) => flow.before?.(scene)))
    await stripe.webhooks.idle()
    const before = houseOf(shop)
    stripe.webhooks.answers.splice(0)
    const caused: StripeEvent[][] = scenes.map(() => [])
    const byAct: string[][] = []
    for (const [at, act] of flow.acts.entries()) {
      stripe.webhooks.delivery = { holds: true }
      if (act.afterMs !== undefined) shop.clock.advance(act.afterMs)
      stripe.tick()
      for (const scene of scenes) await act.do?.(scene)
      const had = caused[0]!.length
      for (const event of stripe.webhooks.held.splice(0)) {
        if (ignored.has(event.type)) continue
        const scene = scenes.findIndex(({ person }) => person.id === personOf(shop, event))
        if (scene >= 0) caused[scene]!.push(event)
      }
      byAct.push(caused[0]!.slice(had).map(({ type }) => type))
      stripe.webhooks.delivery = { retries: [1, 5] }
      await Promise.all(
        variants.map((variant, scene) => deliver(shop, caused[scene]!, variant, at, caused[scene]!.length)),
      )
    }
    // No event asks too much: each is taken at its first try, whatever came before it.
    expect([flow.name, stripe.webhooks.answers.filter(({ status }) => status !== 200)]).toEqual([flow.name, []])
    const told = await this.left(shop, scenes)
    await jobsOf(shop)
    const played: Played = {
      events: caused[0]!.map(({ type }) => type),
      types: caused.map((events) => events.map(({ type }) => type)),
      byAct,
      told,
      left: await this.left(shop, scenes),
      house: { before, after: houseOf(shop) },
    }
    stripe.webhooks.delivery = { drops: () => true }
    for (const scene of scenes) await flow.after?.(scene)
    return played
  }

  private async left(shop: Shop, scenes: readonly Scene[]): Promise<Left[]> {
    await mailsSent(shop)
    const { read } = shop.server.app.store
    const mailsTo = (email: string) =>
      this.mails
        .get(shop)!
        .filter(({ to }) => to === email)
        .map(({ subject }) => subject)
    return scenes.map(({ person }) => leftOf(read, person, mailsTo(person.email)))
  }

  private compare(flow: Flow, variants: readonly Variant[], played: Played): void {
    const plain = played.left[0]!
    const { balance, ...left } = flow.left
    expect([flow.name, plain]).toMatchObject([flow.name, left])
    if (balance !== undefined) expect([flow.name, plain.accounts.wallet ?? 0]).toEqual([flow.name, balance])
    for (const [at, variant] of variants.entries()) {
      const name = `${flow.name}: ${variant.name}`
      expect([name, played.types[at]]).toEqual([name, played.events])
      // What came, in whatever order, needs no job.
      if (variant.dropped.length === 0) expect([name, told(flow, played.told[at]!, plain)]).toEqual([name, plain])
      expect([name, told(flow, played.left[at]!, plain)]).toEqual([name, plain])
    }
  }
}

/** Types of which not one event of the pilot meant anything: in which order those come is no question. */
function ignoredBy({ server }: Shop, types: readonly string[]): Set<string> {
  const { billing } = server.app
  const applied = new Set(billing.events("applied", 1_000).map(({ type }) => type))
  const ignored = new Set(billing.events("ignored", 1_000).map(({ type }) => type))
  return new Set(types.filter((type) => ignored.has(type) && !applied.has(type)))
}

/** What is sent from now on. */
function mailsOf(shop: Shop): Mailed[] {
  const sent: Mailed[] = []
  const { mailer } = shop.server.app
  const send = mailer.send
  mailer.send = (mail, id) => {
    sent.push({ to: mail.to, subject: mail.subject })
    return send(mail, id)
  }
  return sent
}

async function deliver(
  shop: Shop,
  events: StripeEvent[],
  variant: Variant | null,
  act: number,
  count: number,
): Promise<void> {
  const { webhooks } = shop.stripe
  // The pilot: whatever is there, as often as acts go by.
  const steps: Step[] = variant ? variant.afterAct[act]! : events.map((_, event) => ({ event, copies: 1 }))
  const send = async ({ event, copies }: Step) => {
    expect([variant?.name, event < count]).toEqual([variant?.name, true])
    await webhooks.flush(
      Array.from({ length: copies }, () => events[event]!),
      { parallel: true },
    )
  }
  if (variant?.isParallel) await Promise.all(steps.map(send))
  else for (const step of steps) await send(step)
}

/** What the house does by itself, a few times. */
async function jobsOf(shop: Shop): Promise<void> {
  for (let turn = 0; turn < JOB_TURNS; turn++) {
    shop.clock.advance(JOB_MS)
    while ((await shop.server.app.billing.reconcile()) > 0) shop.clock.advance(1)
    await shop.server.app.billing.plans.remind()
  }
}

/** Whose event this is: the customer it names, or what it is about names. */
function personOf(shop: Shop, event: StripeEvent): number | null {
  const { world } = shop.stripe
  let object: Linked | undefined = event.data.object as Linked
  for (let turn = 0; object && turn < 4; turn++) {
    const customer: string | null | undefined = object.object === "customer" ? object.id : object.customer
    if (customer) return shop.personOf(customer)
    const next: string | null | undefined = object.charge ?? object.payment_intent ?? object.subscription
    object = next ? (world.any(next) as Linked | undefined) : undefined
  }
  return null
}

interface Linked {
  id: string
  object: string
  customer?: string | null
  charge?: string | null
  payment_intent?: string | null
  subscription?: string | null
}

interface Played {
  /** Types, as the first person caused them. */
  events: string[]
  types: string[][]
  byAct: string[][]
  /** Before the jobs, and after. */
  told: Left[]
  left: Left[]
  house: { before: Record<string, number>; after: Record<string, number> }
}

/** With the road of the plain order where it may be another, and with its mails where it has no others, and none twice. */
function told({ mayLeaveOutMails, mayTakeAnotherRoad, mayKeepPapers }: Flow, found: Left, plain: Left): Left {
  const { lots, transactions, back, invoices } = plain
  const left = {
    ...found,
    ...(mayTakeAnotherRoad ? { lots, transactions, back } : {}),
    ...(mayKeepPapers ? { invoices } : {}),
  }
  if (!mayLeaveOutMails) return left
  const rest = [...plain.mails]
  // A payment is told whatever came of it.
  const isWhole = JSON.stringify(left.mails.filter(isReceipt)) === JSON.stringify(plain.mails.filter(isReceipt))
  const isPart = left.mails.every((subject) => {
    const at = rest.indexOf(subject)
    if (at >= 0) rest.splice(at, 1)
    return at >= 0
  })
  return isWhole && isPart ? { ...left, mails: plain.mails } : left
}

const isReceipt = (subject: string): boolean => subject.startsWith("Receipt: ")

/** What the house has of everybody is as often what it has of one. */
function compareHouse({ name }: Flow, pilot: Played, { house: { before, after } }: Played, count: number): void {
  const moved = Object.entries(after).map(([kind, nano]) => [kind, nano - before[kind]!])
  const one = Object.entries(pilot.house.after).map(([kind, nano]) => [kind, nano - pilot.house.before[kind]!])
  const wanted = one.map(([kind, nano]) => [kind, (nano as number) * count])
  expect([name, Object.fromEntries(moved)]).toEqual([name, Object.fromEntries(wanted)])
}

async function sceneOf(shop: Shop): Promise<Scene> {
  const person = await makeUser(shop.server.app)
  const orders: Order[] = []
  const scene: Scene = {
    shop,
    stripe: shop.stripe,
    person,
    orders,
    signup: null,
    async subscribe(planCode, months = 1, choice = "credits") {
      const input = { buyer: person, planCode, months, choice, key: randomSecret(9) }
      scene.signup = await shop.server.app.billing.plans.subscribe(CTX, input)
      return scene.signup
    },
    async buy(slug = "plus") {
      const order = await shop.server.app.billing.buy(CTX, { buyer: person, slug, key: randomSecret(9) })
      orders.push(order)
      return order
    },
  }
  return scene
}
