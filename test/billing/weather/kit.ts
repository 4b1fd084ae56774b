// The processor's weather: slow, silent, broken, busy, cut off. Each kind hits one guest of the same server, and one guest has a fine day:
// what the others are left with has to be the same.
import { expect } from "bun:test"
import { BILLING_LIMITS } from "../../../src/billing/index.ts"
import type { WebAgent } from "../../../src/cli/demo/agent.ts"
import type { User } from "../../../src/identity/index.ts"
import { signedIn } from "../../browser/house.ts"
import { makeUser } from "../../build.ts"
import type { Customer, FakeStripe } from "../../fakes/stripe/index.ts"
import { type Left, leftOf, type Mailed, mailsSent } from "../flows/state.ts"
import { openShop, type Shop } from "../world.ts"

// The real patience is longer than these tests: read once, when the client is made.
Object.assign(BILLING_LIMITS, { processorMs: 300, processorReadMs: 300 })

export type Weather = (answer: () => Promise<Response>) => Promise<Response>

const says = (status: number): Weather => {
  const type = status === 429 ? "rate_limit_error" : status === 409 ? "idempotency_error" : "api_error"
  return async () => Response.json({ error: { type, message: "Weather." } }, { status })
}
const cut = () => new Response(new ReadableStream({ start: (stream) => stream.error() }))

/** What was asked for is done, and nobody hears of it. */
export const UNHEARD = "is cut off after it did"

export const STORMS: Record<string, Weather> = {
  "answers 500": says(500),
  "answers 503": says(503),
  "answers 409": says(409),
  "answers 429": says(429),
  "never answers": () => new Promise(() => {}),
  "is cut off before it heard": async () => cut(),
  [UNHEARD]: async (answer) => {
    await answer()
    return cut()
  },
  "answers in another language": async () => new Response("<h1>Bad gateway</h1>", { status: 502 }),
}
export const MILD: Record<string, Weather> = {
  "is slow": async (answer) => {
    await Bun.sleep(60)
    return await answer()
  },
  "is cut off once": (() => {
    const met = new Set<string>()
    return async (answer: () => Promise<Response>) => {
      const name = String(met.size)
      met.add(name)
      return met.size % 2 === 1 ? cut() : await answer()
    }
  })(),
}

export interface Guest {
  name: string
  person: User
  agent: WebAgent
  /** What the processor is like whenever it is asked about this person. */
  weather: Weather | null
  /** The one that comes. */
  storm: Weather
  /** How often the processor was asked about this person. */
  asked: number
}

export interface Climate {
  shop: Shop
  /** Each in weather of its own. */
  guests: Guest[]
  /** Whose processor is always well. */
  fine: Guest
  /** Something of everybody, all at once: in the storm, then when it is over. */
  all<T>(play: (guest: Guest) => Promise<T>, who?: readonly Guest[]): Promise<T[]>
  left(guest: Guest): Promise<Left>
  /** What everybody is left with is what the fine day leaves. */
  sameForAll(what: string): Promise<Left>
  close(): Promise<void>
}

export async function openClimate(of: Record<string, Weather> = STORMS): Promise<Climate> {
  const guests = new Map<string, Guest>()
  const mails: Mailed[] = []
  const shop = await openShop({
    async onTheWay(request, stripe) {
      const url = new URL(request.url)
      const said = `${url.pathname} ${url.searchParams} ${await request.clone().text()}`
      const guest = guests.get(emailOf(stripe, said) ?? "")
      if (guest) guest.asked++
      const { weather = null } = guest ?? {}
      return weather ? await weather(() => stripe.fetch(request)) : await stripe.fetch(request)
    },
  })
  const { mailer, store } = shop.server.app
  const send = mailer.send
  mailer.send = (mail, id) => {
    mails.push({ to: mail.to, subject: mail.subject })
    return send(mail, id)
  }
  for (const [name, storm] of [["is well", null], ...Object.entries(of)] as const) {
    const person = await makeUser(shop.server.app)
    const agent = await signedIn(shop.server, person.email)
    guests.set(person.email, { name, person, agent, weather: null, storm: storm ?? ((answer) => answer()), asked: 0 })
  }
  const [fine, ...rest] = [...guests.values()]
  const left = async ({ person }: Guest): Promise<Left> => {
    await mailsSent(shop)
    const own = mails.filter(({ to, subject }) => to === person.email && !subject.includes("signed in"))
    return leftOf(store.read, person, own.map(({ subject }) => subject)) // biome-ignore format: one line
  }
  return {
    shop,
    guests: rest,
    fine: fine!,
    all: (play, who = [fine!, ...rest]) => Promise.all(who.map(play)),
    left,
    async sameForAll(what) {
      const wanted = await left(fine!)
      for (const guest of rest) expect([what, guest.name, await left(guest)]).toEqual([what, guest.name, wanted])
      return wanted
    },
    close: () => shop.close(),
  }
}

const ID = /\b(?:cus|sub|in|pi|ch|re|cs_test|cs|seti|pm|sub_sched|du|dp)_\w+/g

interface Linked {
  id: string
  object: string
  customer?: string | null
  charge?: string | null
  payment_intent?: string | null
  subscription?: string | null
  invoice?: string | null
}

/** Whom a question is about: it says so, or names something of theirs. */
function emailOf(stripe: FakeStripe, said: string): string | null {
  const email = /email=([^&\s]+)/.exec(said)?.[1]
  if (email) return decodeURIComponent(email)
  for (const [id] of said.matchAll(ID)) {
    let object = stripe.world.any(id) as Linked | undefined
    for (let turn = 0; object && turn < 5; turn++) {
      if (object.object === "customer") return (object as unknown as Customer).email
      const next = object.customer ?? object.charge ?? object.payment_intent ?? object.subscription ?? object.invoice
      object = next ? (stripe.world.any(next) as Linked | undefined) : undefined
    }
  }
  return null
}

/** What happens at the processor while nobody is told. @returns the ids of what would have been told */
export function silently(shop: Shop, act: () => unknown): string[] {
  shop.stripe.webhooks.delivery = { holds: true }
  act()
  shop.stripe.webhooks.delivery = { retries: [] }
  return shop.stripe.webhooks.held.splice(0).map(({ id }) => id)
}
