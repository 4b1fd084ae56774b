// Flows: what happens at the processor, and the events of it delivered in every order, twice, never and side by side, each time for a new
// person of the same server. Whatever the order was, what is left is what the plain order leaves.
import { expect } from "bun:test"
import { MINUTE_MS, randomSecret } from "../../../src/app/index.ts"
import type { Order } from "../../../src/billing/index.ts"
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
  private readonly mails: Mailed[] = []
  readonly dice = createRandom()

  constructor(readonly shop: Shop) {
    const { mailer } = shop.server.app
    const send = mailer.send
    mailer.send = (mail, id) => {
      this.mails.push({ to: mail.to, subject: mail.subject })
      return send(mail, id)
    }
  }

  async prove(flow: Flow, random = RANDOM_ORDERS): Promise<Proof> {
    try {
      const pilot = await this.play(flow, [null])
      const { events, byAct } = pilot
      const variants = variantsOf(byAct, this.dice, random)
      const played = await this.play(flow, variants)
      this.compare(flow, variants, played)
      compareHouse(flow, pilot, played, variants.length)
      return { events, variants: variants.length }
    } catch (error) {
      console.error(`${flow.name} failed with PURSER_TEST_SEED=${this.dice.seed}`)
      throw error
    }
  }

  /** Plays a flow for one person a variant, act by act together. @param variants null = everything at once, in order */
  private async play(flow: Flow, variants: readonly (Variant | null)[]): Promise<Played> {
    const { shop } = this
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
    const byAct: number[] = []
    for (const [at, act] of flow.acts.entries()) {
      stripe.webhooks.delivery = { holds: true }
      if (act.afterMs !== undefined) shop.clock.advance(act.afterMs)
      stripe.tick()
      for (const scene of scenes) await act.do?.(scene)
      const had = caused[0]!.length
      for (const event of stripe.webhooks.held.splice(0)) {
        const scene = scenes.findIndex(({ person }) => person.id === this.personOf(event))
        if (scene >= 0) caused[scene]!.push(event)
      }
      byAct.push(caused[0]!.length - had)
      stripe.webhooks.delivery = { retries: [1, 5] }
      await Promise.all(
        variants.map((variant, scene) => this.deliver(caused[scene]!, variant, at, caused[scene]!.length)),
      )
    }
    // No event asks too much: each is taken at its first try, whatever came before it.
    expect([flow.name, stripe.webhooks.answers.filter(({ status }) => status !== 200)]).toEqual([flow.name, []])
    const told = await this.left(scenes)
    await this.jobs()
    const played = {
      events: caused[0]!.map(({ type }) => type),
      types: caused.map((events) => events.map(({ type }) => type)),
      byAct,
      told,
      left: await this.left(scenes),
      house: { before, after: houseOf(shop) },
    }
    stripe.webhooks.delivery = { drops: () => true }
    for (const scene of scenes) await flow.after?.(scene)
    return played
  }

  private async deliver(events: StripeEvent[], variant: Variant | null, act: number, count: number): Promise<void> {
    const { webhooks } = this.shop.stripe
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

  private async left(scenes: readonly Scene[]): Promise<Left[]> {
    await mailsSent(this.shop)
    const { read } = this.shop.server.app.store
    const mailsTo = (email: string) => this.mails.filter(({ to }) => to === email).map(({ subject }) => subject)
    return scenes.map(({ person }) => leftOf(read, person, mailsTo(person.email)))
  }

  /** What the house does by itself, a few times. */
  private async jobs(): Promise<void> {
    const { shop } = this
    for (let turn = 0; turn < JOB_TURNS; turn++) {
      shop.clock.advance(JOB_MS)
      while ((await shop.server.app.billing.reconcile()) > 0) shop.clock.advance(1)
    }
  }

  private compare(flow: Flow, variants: readonly Variant[], played: Played): void {
    const [plain] = played.left
    const { balance, ...left } = flow.left
    expect([flow.name, plain]).toMatchObject([flow.name, left])
    if (balance !== undefined) expect([flow.name, plain!.accounts.wallet ?? 0]).toEqual([flow.name, balance])
    for (const [at, variant] of variants.entries()) {
      const name = `${flow.name}: ${variant.name}`
      expect([name, played.types[at]]).toEqual([name, played.events])
      // What came, in whatever order, needs no job.
      if (variant.dropped.length === 0) expect([name, played.told[at]]).toEqual([name, plain])
      expect([name, played.left[at]]).toEqual([name, plain])
    }
  }

  /** Whose event this is: the customer it names, or what it is about names. */
  private personOf(event: StripeEvent): number | null {
    const { world } = this.shop.stripe
    let object: Linked | undefined = event.data.object as Linked
    for (let turn = 0; object && turn < 4; turn++) {
      const customer: string | null | undefined = object.object === "customer" ? object.id : object.customer
      if (customer) return this.shop.personOf(customer)
      const next: string | null | undefined = object.charge ?? object.payment_intent ?? object.subscription
      object = next ? (world.any(next) as Linked | undefined) : undefined
    }
    return null
  }
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
  byAct: number[]
  /** Before the jobs, and after. */
  told: Left[]
  left: Left[]
  house: { before: Record<string, number>; after: Record<string, number> }
}

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
  return {
    shop,
    stripe: shop.stripe,
    person,
    orders,
    async buy(slug = "plus") {
      const order = await shop.server.app.billing.buy(CTX, { buyer: person, slug, key: randomSecret(9) })
      orders.push(order)
      return order
    },
  }
}
