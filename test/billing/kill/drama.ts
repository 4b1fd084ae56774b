// A drama is played again and again, each time by somebody else and with a death one step later, until it is through before the death
// comes. After each death the server starts again, the person tries again, and what is left must be what a life without death leaves.
import { expect } from "bun:test"
import { join } from "node:path"
import { MINUTE_MS, VirtualClock } from "../../../src/app/index.ts"
import { verify } from "../../../src/ledger/index.ts"
import { openReadOnly } from "../../../src/store/index.ts"
import { freePort } from "../../build.ts"
import {
  createFakeStripe,
  type FakeStripe,
  type Session,
  type StripeEvent,
  type Subscription,
} from "../../fakes/stripe/index.ts"
import type { Left } from "../flows/state.ts"
import { SECRET_KEY, WEBHOOK_SECRET } from "../world.ts"
import { Died, Mortal } from "./mortal.ts"
import type { Found, Word } from "./protocol.ts"

export type Scene =
  /** By its name in `acts.ts`; whoever is cut off does it again. */
  | { house: string }
  | { processor(stripe: FakeStripe, customer: string): unknown }
  /** Time goes by. */
  | { afterMs: number }

/** Where the events go that the dead did not take. */
type After = "sent again" | "lost"

export interface Deaths {
  /** Each place once. */
  at: string[]
  steps: number
}

export class Theatre {
  private readonly clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
  private readonly stripe: FakeStripe
  private readonly listener: Bun.Server<undefined>
  readonly mortal: Mortal
  private people = 0
  /** Sent in the first life alone: deaths among them are all the same. */
  private ignored: string[] = []

  /** @param inside also in the middle of each write, which the disk then knows nothing of */
  constructor(private readonly inside = false) {
    const port = freePort()
    const origin = `http://127.0.0.1:${port}`
    this.stripe = createFakeStripe({ now: () => this.clock.now(), origin, secretKey: SECRET_KEY })
    this.listener = Bun.serve({ hostname: "127.0.0.1", port, fetch: (request) => this.stripe.fetch(request) })
    this.mortal = new Mortal(origin)
    this.stripe.listen({ url: `http://localhost:${this.mortal.port}/webhooks/stripe`, secret: WEBHOOK_SECRET })
    this.stripe.webhooks.delivery = { holds: true, retries: [] }
  }

  async open(): Promise<void> {
    await this.mortal.start(this.clock.now())
  }

  async close(): Promise<void> {
    await this.mortal.stop()
    await this.listener.stop(true)
  }

  /**
   * Dies at each step of the drama, from one on, once for each way in which its events go on.
   * @param given.before nobody dies yet
   */
  async play(
    drama: readonly Scene[],
    given: { before?: readonly Scene[]; ways?: readonly After[]; from?: number } = {},
  ): Promise<Deaths> {
    const { before = [], ways = ["sent again", "lost"], from = 1 } = given
    this.ignored = []
    this.ignored = (await this.life([before, drama], NEVER, "sent again")).ignored
    const whole = await this.life([before, drama], NEVER, "sent again")
    const at: string[] = []
    // Before the first event nothing can be lost.
    for (const after of ways)
      for (let killAt = after === "lost" ? whole.quietSteps + 1 : from; killAt <= whole.steps; killAt++) {
        const life = await this.life([before, drama], killAt, after)
        expect([killAt, after, life.diedAt === null]).toEqual([killAt, after, false])
        expect([life.diedAt, after, timeless(life.left)]).toEqual([life.diedAt, after, timeless(whole.left)])
        expect([life.diedAt, after, life.made]).toEqual([life.diedAt, after, whole.made])
        at.push(life.diedAt!.replace(ID, ""))
      }
    return { at: [...new Set(at)], steps: whole.steps }
  }

  private async life([before, drama]: [readonly Scene[], readonly Scene[]], killAt: number, after: After) {
    const email = `person${++this.people}@example.com`
    await this.ask({ do: "person", email })
    let diedAt: string | null = null
    let isLost = false
    let quietSteps: number | null = null
    const revive = async () => {
      diedAt = this.mortal.diedAt
      await this.mortal.died()
      this.clock.advance(1_000)
      await this.mortal.start(this.clock.now())
    }
    let kept: unknown = null
    for (const [at, scene] of [...before, ...drama].entries()) {
      if (at === before.length) await this.ask({ do: "arm", killAt, inside: this.inside })
      const act = "house" in scene ? ({ do: "act", name: scene.house, email, kept } as const) : null
      if (act) kept = await this.once(() => this.ask(act), revive)
      else if ("processor" in scene) scene.processor(this.stripe, this.customerOf(email))
      else if ("afterMs" in scene) this.clock.advance(scene.afterMs)
      this.stripe.tick()
      if (at >= before.length && this.stripe.webhooks.held.length > 0 && quietSteps === null && killAt === NEVER)
        quietSteps = (await this.ask<Found>({ do: "left", email })).steps
      for (const event of this.stripe.webhooks.held.splice(0)) {
        if (isLost || this.ignored.includes(event.type)) continue
        if (await this.delivered(event)) continue
        await revive()
        if (after === "lost") isLost = true
        else expect(await this.delivered(event)).toBe(true)
      }
    }
    const told = await this.ask<Found>({ do: "left", email })
    // The job may find nothing more to do where every event came, and all where none did.
    for (let turn = 0; turn < 2; turn++) {
      this.clock.advance(6 * MINUTE_MS)
      await this.ask({ do: "jobs" })
    }
    const { left, ignored } = await this.ask<Found>({ do: "left", email })
    if (!isLost) expect([diedAt, told.left]).toEqual([diedAt, left])
    return {
      left,
      ignored,
      steps: told.steps,
      quietSteps: quietSteps ?? told.steps,
      diedAt: diedAt as string | null,
      made: this.madeFor(email),
    }
  }

  /** Does it, and once more after a death. */
  private async once(act: () => Promise<unknown>, revive: () => Promise<void>): Promise<unknown> {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof Died)) throw error
      await revive()
      return await act()
    }
  }

  private async delivered(event: StripeEvent): Promise<boolean> {
    const { webhooks } = this.stripe
    await webhooks.flush([event])
    const status = webhooks.answers.at(-1)!.status
    if (status !== 0) expect(status).toBe(200)
    return status === 200
  }

  private ask<T = unknown>(told: Omit<Word, "nowMs"> & Record<string, unknown>): Promise<T> {
    return this.mortal.ask({ ...told, nowMs: this.clock.now() } as Word)
  }

  private customersOf(email: string): string[] {
    const all = this.stripe.world.all<{ id: string; object: "customer"; created: number; email: string }>("customer")
    return all.filter((one) => one.email === email).map(({ id }) => id)
  }
  private customerOf = (email: string): string => this.customersOf(email)[0] ?? ""

  /** What the processor has of somebody: no second page, no second refund. */
  private madeFor(email: string): Record<string, number> {
    const customers = this.customersOf(email)
    const count = (kind: string) =>
      this.stripe.world
        .all<{ id: string; object: string; created: number; customer?: string | null }>(kind)
        .filter(({ customer }) => customer && customers.includes(customer)).length
    return {
      customers: customers.length,
      ...Object.fromEntries(KINDS.map((kind) => [kind, count(kind)])),
      paused: this.stripe.world
        .all<Subscription>("subscription")
        .filter(({ customer, pause_collection }) => customers.includes(customer) && pause_collection !== null).length,
    }
  }
}

/** Each life is at another time; amounts here have fewer digits. */
const timeless = (left: Left): unknown => JSON.parse(JSON.stringify(left).replace(/\b1[789]\d{11}\b/g, "0"))

/** More steps than any drama has. */
const NEVER = 1_000_000
/** What a step is about differs from life to life. */
const ID = / ?\b(evt|cs_test|cus|in|sub|pi|ch|re|ord)_\w+/g

const KINDS = ["checkout.session", "payment_intent", "charge", "subscription", "invoice"]

/** On the page of a purchase or of a plan. */
export function pay(stripe: FakeStripe, customer: string): void {
  const [session] = stripe.world.all<Session>("checkout.session").filter((one) => one.customer === customer)
  stripe.pay(session!.id, { with: "4242424242424242" })
}

/** The ledger's own proof of what the dead left. */
export function provedBooks({ mortal }: Theatre): object[] {
  const reader = openReadOnly(join(mortal.dataDir, "purser.db"))
  const wrong = reader.snapshot(() => verify(reader)).checks.filter(({ violations }) => violations > 0)
  reader.close()
  return wrong
}
