// The processor's weather: slow, silent, broken, busy, cut off. Whatever it is, the page says what is true, nothing is credited that was not
// paid for and nothing asked for twice, and with the sun back everything is as after a fine day. One server; each kind hits one person.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { BILLING_LIMITS } from "../../src/billing/index.ts"
import { plainText, type WebAgent, type WebPage } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import { makeUser } from "../build.ts"
import type { Customer, FakeStripe, Session } from "../fakes/stripe/index.ts"
import { CARD, PLUS } from "./flows/purchases.ts"
import { openShop, type Shop } from "./world.ts"

setDefaultTimeout(60_000)
// The real patience is longer than this test: read once, when the client is made.
Object.assign(BILLING_LIMITS, { processorMs: 150, processorReadMs: 150 })

type Weather = (answer: () => Promise<Response>) => Promise<Response>

const says = (status: number): Weather => {
  const type = status === 429 ? "rate_limit_error" : status === 409 ? "idempotency_error" : "api_error"
  return async () => Response.json({ error: { type, message: "Weather." } }, { status })
}
const cut = () => new Response(new ReadableStream({ start: (stream) => stream.error() }))

const STORMS: Record<string, Weather> = {
  "answers 500": says(500),
  "answers 503": says(503),
  "answers 409": says(409),
  "answers 429": says(429),
  "never answers": () => new Promise(() => {}),
  "is cut off before it heard": async () => cut(),
  "is cut off after it did": async (answer) => {
    await answer()
    return cut()
  },
  "answers in another language": async () => new Response("<h1>Bad gateway</h1>", { status: 502 }),
}
const MILD: Record<string, Weather> = {
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

interface Guest {
  person: User
  agent: WebAgent
  weather: Weather | null
  /** How often the processor was asked about this person. */
  asked: number
}
const guests = new Map<string, Guest>()
let shop: Shop

/** Whom a question is about. */
function emailOf(stripe: FakeStripe, url: URL, form: URLSearchParams): string | null {
  const said = form.get("email")
  if (said) return said
  const page = /sessions\/(cs_\w+)$/.exec(url.pathname)?.[1]
  const id = form.get("customer") ?? (page && (stripe.world.any(page) as Session | undefined)?.customer)
  return id ? ((stripe.world.any(id) as Customer | undefined)?.email ?? null) : null
}

beforeAll(async () => {
  shop = await openShop({
    async onTheWay(request, stripe) {
      const email = emailOf(stripe, new URL(request.url), new URLSearchParams(await request.clone().text()))
      const guest = email === null ? undefined : guests.get(email)
      const weather = guest?.weather
      if (guest) guest.asked++
      return weather ? await weather(() => stripe.fetch(request)) : await stripe.fetch(request)
    },
  })
  for (const name of [...Object.keys(STORMS), ...Object.keys(MILD)]) {
    const person = await makeUser(shop.server.app)
    const agent = await signedIn(shop.server, person.email)
    guests.set(person.email, { person, agent, weather: null, asked: 0 })
    byName.set(name, guests.get(person.email)!)
  }
})
afterAll(() => shop?.close())
const byName = new Map<string, Guest>()

const credits = (guest: Guest) => guest.agent.get(`${shop.server.url}/credits`)
/** The same button again and again: the form of one look at the page. */
const press = (guest: Guest, page: WebPage) => guest.agent.submit(page, "/credits/packages/plus")
const balanceOf = ({ person }: Guest) =>
  shop.server.app.ledger.wallet({ kind: "principal", id: person.id }, "live").spendableNano as number
const orderOf = ({ person }: Guest) => shop.server.app.billing.ordersOf(person.id, 9)
const comeBack = async (guest: Guest) =>
  plainText((await guest.agent.get(`${shop.server.url}/credits/orders/${orderOf(guest)[0]!.publicId}?paid`)).text)
const sessionsOf = ({ person }: Guest) => {
  const { world } = shop.stripe
  const mine = world.all<Customer>("customer").filter(({ email }) => email === person.email)
  expect(mine.length).toBe(1)
  return world.all<Session>("checkout.session").filter(({ customer }) => customer === mine[0]!.id)
}
/** Paid, and nobody is told. */
function paySilently(guest: Guest): string {
  const [session] = sessionsOf(guest)
  shop.stripe.webhooks.delivery = { holds: true }
  shop.stripe.pay(session!.id, { with: CARD })
  shop.stripe.webhooks.delivery = { retries: [] }
  return shop.stripe.webhooks.held.splice(0).find(({ type }) => type === "checkout.session.completed")!.id
}

/** All at once, each in its own weather. */
const inAll = (of: Record<string, Weather>, play: (guest: Guest, weather: Weather, name: string) => Promise<void>) =>
  Promise.all(Object.entries(of).map(([name, weather]) => play(byName.get(name)!, weather, name)))

describe("in bad weather", () => {
  test("who wants to buy is told that nothing was charged; the same press works later, with one page to pay on", async () => {
    await inAll(STORMS, async (guest, weather, name) => {
      const page = await credits(guest)
      guest.weather = weather
      const refused = await press(guest, page)
      expect([name, refused.status, plainText(refused.text)]).toEqual([
        name,
        503,
        expect.stringContaining("Nothing was charged; try again in a minute"),
      ])
      expect([name, orderOf(guest).map(({ state }) => state), balanceOf(guest)]).toEqual([name, ["open"], 0])
      guest.weather = null
      const sent = await press(guest, page)
      expect([name, new URL(sent.url).pathname]).toEqual([name, expect.stringMatching(/^\/pay\/cs_/)])
      expect([name, sessionsOf(guest).length, orderOf(guest).length]).toEqual([name, 1, 1])
    })
  })

  test("who has paid sees that it is waited for, and a webhook is asked to come again; then the credits are there, once", async () => {
    await inAll(STORMS, async (guest, weather, name) => {
      const event = paySilently(guest)
      guest.weather = weather
      guest.asked = 0
      const [text, status] = await Promise.all([comeBack(guest), shop.stripe.webhooks.resend(event)])
      expect([name, text]).toEqual([name, expect.stringContaining("It has not told us yet that you paid")])
      expect([name, status, balanceOf(guest)]).toEqual([name, 503, 0])
      // Nobody is kept waiting: the page and the webhook ask twice each.
      if (name === "never answers") expect(guest.asked).toBe(4)
      guest.weather = null
    })
    await inAll(STORMS, async (guest, _, name) => {
      expect([name, await comeBack(guest)]).toEqual([name, expect.stringContaining("Your credits are here")])
      expect([name, balanceOf(guest)]).toEqual([name, PLUS])
    })
  })
})

test("in mild weather everything just takes a little longer", async () => {
  await inAll(MILD, async (guest, weather, name) => {
    const page = await credits(guest)
    guest.weather = weather
    const sent = await press(guest, page)
    expect([name, new URL(sent.url).pathname]).toEqual([name, expect.stringMatching(/^\/pay\/cs_/)])
    paySilently(guest)
    expect([name, await comeBack(guest)]).toEqual([name, expect.stringContaining("Your credits are here")])
    expect([name, balanceOf(guest), sessionsOf(guest).length]).toEqual([name, PLUS, 1])
  })
})

test("the webhooks of all those days change nothing any more, and the books hold", async () => {
  const { events } = shop.stripe.world
  const statuses = await Promise.all(events.map(({ id }) => shop.stripe.webhooks.resend(id)))
  expect(new Set(statuses)).toEqual(new Set([200]))
  for (const [name, guest] of byName) expect([name, balanceOf(guest)]).toEqual([name, PLUS])
  expect((await shop.server.app.verification.run({ actor: "cli", requestId: "r", reason: "t" })).ok).toBe(true)
})
