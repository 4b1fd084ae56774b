// Refunds, recharges, saved cards and coupons in the processor's weather: pages say what is so or that it is not known yet, the house asks
// again by itself, and everybody has what a fine day leaves: once charged, once given back, one use of a code.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { credits, MINUTE_MS, nano } from "../../src/app/index.ts"
import { plainText } from "../../src/cli/demo/agent.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, giveCredits, makeUser } from "../build.ts"
import type { Charge, Customer, Refund } from "../fakes/stripe/index.ts"
import { BLANK } from "./coupon-kit.ts"
import { CARD } from "./flows/purchases.ts"
import { type Climate, type Guest, openClimate, silently } from "./weather/kit.ts"

setDefaultTimeout(90_000)
let climate: Climate
let boss: Awaited<ReturnType<typeof signedIn>>
beforeAll(async () => {
  climate = await openClimate()
  boss = await signedIn(climate.shop.server, (await makeUser(app(), { isAdmin: true })).email)
})
afterAll(() => climate?.close())

const app = () => climate.shop.server.app
const billing = () => app().billing
const stripe = () => climate.shop.stripe
const lastOrder = ({ person }: Guest) => billing().ordersOf(person.id, 1)[0]!
const page = async (of: Pick<Guest, "agent">, path: string) =>
  plainText((await of.agent.get(`${climate.shop.server.url}${path}`)).text)
/** What the processor has of somebody. */
function made<T extends { id: string; object: string; created: number }>({ person }: Guest, kind: T["object"]): T[] {
  const { world } = stripe()
  const mine = world.all<Customer>("customer").filter(({ email }) => email === person.email)
  expect(mine.length).toBe(1)
  const charges = world.all<Charge>("charge").filter(({ customer, paid }) => paid && customer === mine[0]!.id)
  if (kind === "charge") return charges as never
  return world.all<T>(kind).filter((one) => charges.some(({ id }) => id === (one as never as Refund).charge))
}
/** Time goes by, and the house does what it does by itself. */
async function later(minutes = 6, turns = 2): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    climate.shop.clock.advance(minutes * MINUTE_MS)
    await billing().reconcile()
    await billing().recharges.lookAt(0, 100)
    await app().outbox.flush()
    await stripe().webhooks.idle()
  }
}
async function inStorm<T>(guest: Guest, act: () => Promise<T>): Promise<T> {
  guest.weather = guest === climate.fine ? null : guest.storm
  try {
    return await act()
  } finally {
    guest.weather = null
  }
}

test("a purchase with a code that takes a fifth off: refused in the storm, bought later by the same press; one use, one page", async () => {
  const fifth = { ...BLANK, kind: "percent" as const, percent: 20, amountNano: nano(0), creditDays: null }
  const { code } = await app().store.write(CTX, (tx) => billing().coupons.createIn(tx, fifth))
  await climate.all(async (guest) => {
    const input = { buyer: guest.person, slug: "plus", key: "coupon", coupon: { code, ip: "203.0.113.7" } } as const
    const buy = () => billing().buy(CTX, input).then(({ state }) => state as string, (error: Error) => error.message) // biome-ignore format: one line
    const first = await inStorm(guest, buy)
    const words = guest === climate.fine ? "open" : "The payment service does not answer. Nothing was charged"
    expect([guest.name, first]).toEqual([guest.name, expect.stringContaining(words)])
    expect([guest.name, await buy()]).toEqual([guest.name, "open"])
    const { sessionId, publicId } = lastOrder(guest)
    const events = silently(climate.shop, () => stripe().pay(sessionId!, { with: CARD }))
    // Paid while nobody can be asked: it is waited for, and a webhook is to come again.
    const shown = await inStorm(guest, async () => {
      const statuses = await Promise.all(events.map((id) => stripe().webhooks.resend(id)))
      return [await page(guest, `/credits/orders/${publicId}?paid`), statuses.includes(503)] as const
    })
    if (guest !== climate.fine)
      expect([guest.name, shown]).toEqual([
        guest.name,
        [expect.stringContaining("It has not told us yet that you paid"), true],
      ])
    for (const id of events) await stripe().webhooks.resend(id)
  })
  await later()
  const { mails, coupons } = await climate.sameForAll("bought with a code")
  expect([mails, coupons]).toEqual([["Receipt: $20.00 for Plus"], ['{"state":"redeemed","cost":5000000000}']])
})

test("a refund that an admin asks for: its page says that it is not answered yet, and it is asked again; once", async () => {
  await climate.all(async (guest) => {
    const { publicId } = lastOrder(guest)
    const input = { paymentKey: `order:${publicId}`, amountNano: nano(5_000_000_000), reason: "Asked", key: publicId }
    const refund = await inStorm(guest, () => billing().refunds.refund(CTX, input))
    if (guest === climate.fine) return
    expect([guest.name, refund.state]).toEqual([guest.name, "asked"])
    const shown = await page({ agent: boss }, `/admin/orders/${publicId}`)
    expect([guest.name, shown]).toEqual([guest.name, expect.stringContaining("Asked for")])
    // A second press is the same refund.
    expect([guest.name, (await billing().refunds.refund(CTX, input)).publicId]).toEqual([guest.name, refund.publicId])
  })
  await stripe().webhooks.idle()
  await later()
  for (const guest of climate.guests)
    expect([guest.name, made<Refund>(guest, "refund").map(({ amount }) => amount)]).toEqual([guest.name, [500]])
  const { mails, back } = await climate.sameForAll("refunded here")
  expect([mails.length, back.some((line) => line.includes("succeeded"))]).toEqual([2, true])
})

test("a refund that was made at the processor: its webhooks are asked to come again; nobody loses a credit twice", async () => {
  await climate.all(async (guest) => {
    const events = silently(climate.shop, () => void stripe().refund(made<Charge>(guest, "charge")[0]!.id, 300))
    const statuses = await inStorm(guest, () => Promise.all(events.map((id) => stripe().webhooks.resend(id))))
    if (guest !== climate.fine) expect([guest.name, new Set(statuses)]).toEqual([guest.name, new Set([503])])
    for (const id of events) expect([guest.name, await stripe().webhooks.resend(id)]).toEqual([guest.name, 200])
  })
  await later()
  expect((await climate.sameForAll("refunded there")).mails.filter((one) => one.includes("back")).sort()).toEqual([
    "You get $3.00 back",
    "You get $5.00 back",
  ])
})

test("a card: no page in the storm, and it says so; a card that was saved in it is there as soon as anybody tells", async () => {
  await climate.all(async (guest) => {
    const begin = () =>
      billing()
        .recharges.beginCard(CTX, guest.person, "card")
        .catch((error: Error) => error.message)
    if (guest !== climate.fine)
      expect([guest.name, await inStorm(guest, begin)]).toEqual([
        guest.name,
        "The payment service does not answer. Nothing was saved; try again in a minute.",
      ])
    const sessionId = (await begin()).split("/").at(-1)!
    const events = silently(climate.shop, () => stripe().pay(sessionId, { with: CARD }))
    const shown = await inStorm(guest, () => page(guest, `/credits/cards/saved?page=${sessionId}`))
    if (guest !== climate.fine) expect([guest.name, shown]).toEqual([guest.name, expect.not.stringContaining("Visa")])
    expect([guest.name, shown]).toEqual([guest.name, expect.not.stringMatching(/undefined|went wrong/)])
    for (const id of events) expect([guest.name, await stripe().webhooks.resend(id)]).toEqual([guest.name, 200])
    expect([guest.name, await page(guest, "/credits/cards")]).toEqual([guest.name, expect.stringContaining("4242")])
    expect([guest.name, billing().recharges.of(guest.person.id).cards.length]).toEqual([guest.name, 1])
  })
})

test("credits run low in the storm: the charge waits, is made once when it is over, and told once", async () => {
  const terms = { belowNano: credits(100), amountNano: nano(10e9), monthNano: nano(20e9) }
  await climate.all(async (guest) => {
    await giveCredits(app(), guest.person, credits(3_000))
    await billing().recharges.turnOn(CTX, guest.person.id, terms)
  })
  // All at once, for there is one outbox: each in its own weather until the last one was tried.
  for (const guest of climate.guests) guest.weather = guest.storm
  for (const { person } of [climate.fine, ...climate.guests])
    await app().store.write(CTX, (tx) => {
      const owner = { kind: "principal", id: person.id } as const
      app().ledger.setBalanceIn(tx, { owner, mode: "live", balanceNano: nano(0), key: `low:${person.id}` })
    })
  await later(1, 1)
  for (const guest of climate.guests) {
    const order = lastOrder(guest)
    expect([guest.name, order.kind, order.state]).toEqual([guest.name, "recharge", "open"])
    expect([guest.name, await page(guest, `/credits/orders/${order.publicId}`)]).toEqual([
      guest.name,
      expect.not.stringMatching(/declined|Your credits are here/),
    ])
  }
  for (const guest of climate.guests) guest.weather = null
  await later(30, 6)
  const { mails, orders } = await climate.sameForAll("recharged")
  expect(mails.filter((subject) => subject.includes("$10.00"))).toEqual(["Purser bought credits for $10.00"])
  expect(orders).toEqual([" paid", "plus paid"])
  for (const guest of climate.guests)
    expect([guest.name, made<Charge>(guest, "charge").length]).toEqual([guest.name, 2])
})

test("all that was ever told comes once more: nothing changes, and the books hold", async () => {
  // A server that is busy says so, and is told again, as the processor does it.
  const tell = async (id: string): Promise<number> => {
    const status = await stripe().webhooks.resend(id)
    if (status !== 503) return status
    await Bun.sleep(100)
    return await tell(id)
  }
  const statuses = await Promise.all(stripe().world.events.map(({ id }) => tell(id)))
  expect(new Set(statuses)).toEqual(new Set([200]))
  await climate.sameForAll("told all again")
  expect((await app().verification.run(CTX)).ok).toBe(true)
  expect(billing().countParked()).toBe(0)
})
