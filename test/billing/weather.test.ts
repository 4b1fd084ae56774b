// Purchases in the processor's weather. Whatever it is, the page says what is true, nothing is credited that was not paid for and nothing asked
// for twice, and with the sun back everything is as after a fine day.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { plainText, type WebPage } from "../../src/cli/demo/agent.ts"
import type { Customer, Session } from "../fakes/stripe/index.ts"
import { CARD, PLUS } from "./flows/purchases.ts"
import { type Climate, type Guest, MILD, openClimate, STORMS, silently } from "./weather/kit.ts"

setDefaultTimeout(60_000)
let climate: Climate
beforeAll(async () => {
  climate = await openClimate({ ...STORMS, ...MILD })
})
afterAll(() => climate?.close())

const shop = () => climate.shop
const those = (of: object): Guest[] => climate.guests.filter(({ name }) => Object.hasOwn(of, name))
const credits = (guest: Guest) => guest.agent.get(`${shop().server.url}/credits`)
/** The same button again and again: the form of one look at the page. */
const press = (guest: Guest, page: WebPage) => guest.agent.submit(page, "/credits/packages/plus")
const balanceOf = ({ person }: Guest) =>
  shop().server.app.ledger.wallet({ kind: "principal", id: person.id }, "live").spendableNano as number
const orderOf = ({ person }: Guest) => shop().server.app.billing.ordersOf(person.id, 9)
const comeBack = async (guest: Guest) =>
  plainText((await guest.agent.get(`${shop().server.url}/credits/orders/${orderOf(guest)[0]!.publicId}?paid`)).text)
const sessionsOf = ({ person }: Guest) => {
  const { world } = shop().stripe
  const mine = world.all<Customer>("customer").filter(({ email }) => email === person.email)
  expect(mine.length).toBe(1)
  return world.all<Session>("checkout.session").filter(({ customer }) => customer === mine[0]!.id)
}
/** Paid, and nobody is told. @returns the event that would have told it */
const paySilently = (guest: Guest): string => {
  const [session] = sessionsOf(guest)
  const events = silently(shop(), () => shop().stripe.pay(session!.id, { with: CARD }))
  const told = shop().stripe.world.events.filter(({ id }) => events.includes(id))
  return told.find(({ type }) => type === "checkout.session.completed")!.id
}

describe("in bad weather", () => {
  test("who wants to buy is told that nothing was charged; the same press works later, with one page to pay on", async () => {
    await climate.all(async (guest) => {
      const { name, storm } = guest
      const page = await credits(guest)
      guest.weather = storm
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
    }, those(STORMS))
  })

  test("who has paid sees that it is waited for, and a webhook is asked to come again; then the credits are there, once", async () => {
    await climate.all(async (guest) => {
      const { name, storm } = guest
      const event = paySilently(guest)
      guest.weather = storm
      guest.asked = 0
      const [text, status] = await Promise.all([comeBack(guest), shop().stripe.webhooks.resend(event)])
      expect([name, text]).toEqual([name, expect.stringContaining("It has not told us yet that you paid")])
      expect([name, status, balanceOf(guest)]).toEqual([name, 503, 0])
      // Nobody is kept waiting: the page and the webhook ask twice each.
      if (name === "never answers") expect(guest.asked).toBe(4)
      guest.weather = null
    }, those(STORMS))
    await climate.all(async (guest) => {
      expect([guest.name, await comeBack(guest)]).toEqual([
        guest.name,
        expect.stringContaining("Your credits are here"),
      ])
      expect([guest.name, balanceOf(guest)]).toEqual([guest.name, PLUS])
    }, those(STORMS))
  })
})

test("in mild weather everything just takes a little longer", async () => {
  await climate.all(async (guest) => {
    const page = await credits(guest)
    guest.weather = guest.storm
    const sent = await press(guest, page)
    expect([guest.name, new URL(sent.url).pathname]).toEqual([guest.name, expect.stringMatching(/^\/pay\/cs_/)])
    paySilently(guest)
    expect([guest.name, await comeBack(guest)]).toEqual([guest.name, expect.stringContaining("Your credits are here")])
    expect([guest.name, balanceOf(guest), sessionsOf(guest).length]).toEqual([guest.name, PLUS, 1])
  }, those(MILD))
})

test("the webhooks of all those days change nothing any more, everybody has what a fine day leaves, and the books hold", async () => {
  const { fine } = climate
  await press(fine, await credits(fine))
  paySilently(fine)
  await comeBack(fine)
  const { events } = shop().stripe.world
  const statuses = await Promise.all(events.map(({ id }) => shop().stripe.webhooks.resend(id)))
  expect(new Set(statuses)).toEqual(new Set([200]))
  expect((await climate.sameForAll("bought")).mails).toEqual(["Receipt: $25.00 for Plus"])
  expect((await shop().server.app.verification.run({ actor: "cli", requestId: "r", reason: "t" })).ok).toBe(true)
})
