// Plans in the processor's weather: subscribed to, raised, lowered, ended and kept on. Meanwhile pages say what is true, also that something is
// not known; afterwards the same press does it, once, and everybody has what a fine day leaves.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { plainText, type WebPage } from "../../src/cli/demo/agent.ts"
import type { Charge, Customer } from "../fakes/stripe/index.ts"
import { CARD } from "./flows/purchases.ts"
import { type Climate, type Guest, openClimate, silently, UNHEARD } from "./weather/kit.ts"

setDefaultTimeout(90_000)
let climate: Climate
beforeAll(async () => {
  climate = await openClimate()
})
afterAll(() => climate?.close())

const app = () => climate.shop.server.app
const plans = () => app().billing.plans
const at = (guest: Guest, path: string) => guest.agent.get(`${climate.shop.server.url}${path}`)
const text = (page: WebPage) => plainText(page.text)
const ownOf = ({ person }: Guest) => {
  const own = plans().ownOf(person.id)
  return own && [own.plan.code, own.next?.plan.code ?? null, own.endsMs !== null]
}
const chargesOf = ({ person }: Guest): number => {
  const { world } = climate.shop.stripe
  const mine = world.all<Customer>("customer").filter(({ email }) => email === person.email)
  return world.all<Charge>("charge").filter(({ customer, paid }) => paid && customer === mine[0]?.id).length
}
/** Presses in the storm, sees what it says, and presses the same button again when it is over. */
async function press(guest: Guest, page: WebPage, action: string, words: RegExp | string): Promise<WebPage> {
  if (guest === climate.fine) return await guest.agent.submit(page, action)
  guest.weather = guest.storm
  const refused = await guest.agent.submit(page, action)
  expect([guest.name, refused.status, text(refused)]).toEqual([
    guest.name,
    503,
    typeof words === "string" ? expect.stringContaining(words) : expect.stringMatching(words),
  ])
  guest.weather = null
  return await guest.agent.submit(page, action)
}

const NOTHING = "Nothing was charged; try again in a minute"
/** Whether a change was made nobody knows, and what was not heard of was made. */
const UNKNOWN = "so we do not know yet whether your plan was changed"
/** Who is told to come later knows that nothing was done. */
const wordsFor = ({ name }: Guest): string => (name === "answers 429" ? NOTHING : UNKNOWN)
const FORM = "/credits/plans/change"

test("subscribing: nothing was charged; later the same press leads to one page to pay on", async () => {
  await climate.all(async (guest) => {
    const page = await at(guest, `${FORM}?to=starter&by=month`)
    const sent = await press(guest, page, FORM, NOTHING)
    expect([guest.name, sent.status, ownOf(guest)]).toEqual([guest.name, 200, null])
    expect(sent.text).toContain("/pay/cs_")
  })
})

test("paid in the storm: the page waits for it and says so, a webhook is asked to come again; then it is there, once", async () => {
  await climate.all(async (guest) => {
    const { store } = app()
    const { publicId, sessionId } = store.read.get<{ publicId: string; sessionId: string }>(
      "SELECT public_id AS publicId, session_id AS sessionId FROM billing_signups WHERE user_id = ? ORDER BY id DESC",
      guest.person.id,
    )!
    const events = silently(climate.shop, () => climate.shop.stripe.pay(sessionId, { with: CARD }))
    const resend = (id: string) => climate.shop.stripe.webhooks.resend(id)
    const back = async () => text(await at(guest, `/credits/signups/${publicId}?paid`))
    if (guest !== climate.fine) {
      guest.weather = guest.storm
      const [shown, ...statuses] = await Promise.all([back(), ...events.map(resend)])
      expect([guest.name, shown]).toEqual([guest.name, expect.stringContaining("not told us yet")])
      expect([guest.name, statuses.includes(503), ownOf(guest)]).toEqual([guest.name, true, null])
      guest.weather = null
      climate.shop.clock.advance(4_000)
    }
    expect([guest.name, await back()]).toEqual([guest.name, expect.stringContaining("Starter")])
    for (const event of events) expect([guest.name, await resend(event)]).toEqual([guest.name, 200])
    expect([guest.name, ownOf(guest), chargesOf(guest)]).toEqual([guest.name, ["starter", null, false], 1])
  })
  expect((await climate.sameForAll("subscribed")).mails).toEqual(["Receipt: $30.00 for your plan Starter"])
})

test("what a change would cost cannot be shown: that is said, and nothing happens", async () => {
  await climate.all(async (guest) => {
    guest.weather = guest.storm
    const page = await at(guest, `${FORM}?to=professional&by=month`)
    expect([guest.name, page.status, text(page)]).toEqual([guest.name, 503, expect.stringContaining(NOTHING)])
    // What is here needs nobody else.
    expect([guest.name, text(await at(guest, "/credits/plans"))]).toEqual([
      guest.name,
      expect.stringContaining("Starter"),
    ])
    guest.weather = null
    expect([guest.name, ownOf(guest), chargesOf(guest)]).toEqual([guest.name, ["starter", null, false], 1])
  }, climate.guests)
})

test("moving up: whether it was done is not known, and that is what the page says; afterwards it is done and charged once", async () => {
  await climate.all(async (guest) => {
    const page = await at(guest, `${FORM}?to=professional&by=month`)
    const { weather } = guest
    if (guest === climate.fine) await guest.agent.submit(page, FORM)
    else {
      // The price is looked at once more, then it storms: the act itself goes out.
      const input = {
        buyer: guest.person,
        planCode: "professional",
        months: 1,
        key: "up",
        seen: await plans().preview(guest.person.id, { planCode: "professional", months: 1 }),
      } as const
      let asked = 0
      guest.weather = (answer) => (++asked <= 1 ? answer() : guest.storm(answer))
      const refused = await plans()
        .change(CTX, input)
        .then(String, (error: Error) => error.message)
      expect([guest.name, refused]).toEqual([guest.name, expect.stringContaining(wordsFor(guest))])
      expect([guest.name, chargesOf(guest)]).toEqual([guest.name, guest.name === UNHEARD ? 2 : 1])
      guest.weather = weather
      const again = await plans().change(CTX, input)
      expect([guest.name, again.kind]).toEqual([guest.name, guest.name === UNHEARD ? "same" : "now"])
    }
    await climate.shop.stripe.webhooks.idle()
    expect([guest.name, ownOf(guest), chargesOf(guest)]).toEqual([guest.name, ["professional", null, false], 2])
  })
  const { mails } = await climate.sameForAll("raised")
  expect(mails.length).toBe(2)
})
const CTX = { actor: "cli", requestId: "weather", reason: "test" }

/** In each weather the same page twice, or the plan as it stands when it was done unheard. */
async function changed(
  what: string,
  act: (guest: Guest) => Promise<unknown>,
  wanted: ReturnType<typeof ownOf>,
): Promise<void> {
  await climate.all(async (guest) => {
    if (guest !== climate.fine) {
      guest.weather = guest.storm
      const refused = await act(guest).then(String, (error: Error) => error.message)
      expect([what, guest.name, refused]).toEqual([what, guest.name, expect.stringContaining(wordsFor(guest))])
      // The page of plans is there, and says what was last known.
      expect([guest.name, (await at(guest, "/credits/plans")).status]).toEqual([guest.name, 200])
      guest.weather = null
    }
    await act(guest)
    await climate.shop.stripe.webhooks.idle()
    expect([what, guest.name, ownOf(guest), chargesOf(guest)]).toEqual([what, guest.name, wanted, 2])
  })
  await climate.sameForAll(what)
}

test("moving down, at the end of the period", async () => {
  const wanted = { planCode: "starter", months: 1 } as const
  const [one] = climate.guests
  expect((await plans().preview(one!.person.id, wanted)).kind).toBe("later")
  const seen = new Map(
    await climate.all(async (guest) => [guest, await plans().preview(guest.person.id, wanted)] as const),
  )
  const act = (guest: Guest) =>
    plans().change(CTX, { ...wanted, buyer: guest.person, key: "down", seen: seen.get(guest)! })
  await changed("lowered", act, ["professional", "starter", false])
})

test("ending, and thinking better of it", async () => {
  await changed("ended", ({ person }) => plans().end(CTX, person, "end"), ["professional", null, true])
  await changed("resumed", ({ person }) => plans().resume(CTX, person, "resume"), ["professional", null, false])
})

test("the job asks in the storm, and all the rest of that time nobody can: afterwards nothing is missing or double", async () => {
  for (const guest of climate.guests) guest.weather = guest.storm
  climate.shop.clock.advance(6 * 60_000)
  await app().billing.reconcile()
  for (const guest of climate.guests) guest.weather = null
  const { events } = climate.shop.stripe.world
  const statuses = await Promise.all(events.map(({ id }) => climate.shop.stripe.webhooks.resend(id)))
  expect(new Set(statuses)).toEqual(new Set([200]))
  await climate.sameForAll("told all again")
  expect((await app().verification.run(CTX)).ok).toBe(true)
  expect(app().billing.countParked()).toBe(0)
})
