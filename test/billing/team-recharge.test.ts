// Auto-recharge of a team's wallet: set up by whoever handles its money, charged once however many calls cross the threshold, told to those
// people, and over with the team, with its owner's suspension and with the right to handle money.
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { credits, HOUR_MS, nano, randomSecret } from "../../src/app/index.ts"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import { addSandbox, CTX, chat, giveCredits, makeUser } from "../build.ts"
import { joinTeam, makeHost, makeTeam } from "../team-world.ts"
import { openShop, type Shop } from "./world.ts"

const VISA = "4242424242424242"
const FAILS_LATER = "4000000000000341"
const TERMS = { belowNano: credits(2_000), amountNano: nano(10_000_000_000), monthNano: nano(25_000_000_000) }

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
  await addSandbox(shop.server.app)
}, 30_000)
beforeEach(() => {
  shop.server.app.mailer.mailbox.length = 0
})
afterAll(() => shop?.close())

interface House {
  team: string
  id: User["id"]
  wallet: User
  people: Record<"owner" | "admin" | "billing" | "viewer", User>
}

async function house(): Promise<House> {
  const { server } = shop
  const owner = await makeHost(server)
  const team = await makeTeam(server, owner)
  const people = { owner } as House["people"]
  for (const role of ["admin", "billing", "viewer"] as const) {
    people[role] = await makeUser(server.app)
    await joinTeam(server, team, owner, people[role], role)
  }
  const { id } = server.app.teams.membership({ userId: owner.id, team }, "see").team
  await giveCredits(server.app, { id } as User, credits(3_000))
  await server.app.outbox.flush()
  server.app.mailer.mailbox.length = 0
  return { team, id, wallet: { id } as User, people }
}

const recharges = () => shop.server.app.billing.recharges
const charges = (id: User["id"]) =>
  shop.server.app.billing
    .ordersOf(id, 50)
    .filter(({ kind }) => kind === "recharge")
    .map(({ state }) => state)
const has = (id: User["id"]) => shop.server.app.ledger.wallet({ kind: "principal", id }, "live").balanceNano as number
const told = (): [string, string][] =>
  shop.server.app.mailer.mailbox.map(({ to, subject }): [string, string] => [to, subject]).toSorted()
const toEach = (subject: string, ...people: User[]) =>
  people.map(({ email }): [string, string] => [email, subject]).toSorted()
const failed = (outcome: Promise<unknown>) =>
  outcome.then(
    () => "ok",
    (error: { code?: string }) => error.code,
  )

async function quiet(): Promise<void> {
  const { store, outbox } = shop.server.app
  for (let turn = 0; turn < 3; turn++) {
    await store.write(CTX, () => {})
    await Bun.sleep(1)
    await outbox.flush()
    await shop.stripe.webhooks.idle()
  }
}

async function saved({ id, team, people }: House, number = VISA): Promise<void> {
  const buyer = { id, publicId: team, email: people.billing.email }
  const page = await recharges().beginCard(CTX, buyer, randomSecret(9))
  shop.stripe.pay(page.split("/").at(-1)!, { with: number, authenticated: true })
  await quiet()
}

async function ready(number = VISA): Promise<House> {
  const of = await house()
  await saved(of, number)
  await recharges().turnOn(CTX, of.id, TERMS)
  return of
}

async function spendTo(id: User["id"], left: number): Promise<void> {
  const { store, ledger } = shop.server.app
  const owner = { kind: "principal", id } as const
  await store.write(
    CTX,
    (tx) => void ledger.setBalanceIn(tx, { owner, mode: "live", balanceNano: credits(left), key: randomSecret(9) }),
  )
  await quiet()
}
const look = async () => {
  let after: number | null = 0
  while (after !== null) after = await recharges().lookAt(after, 100)
  await quiet()
}

const csrfOf = async (agent: WebAgent): Promise<string> =>
  (await agent.get(shop.server.at("/settings"))).forms[0]!.fields.find(([name]) => name === "csrf")![1]
async function acting(user: User, team: string): Promise<WebAgent> {
  const agent = await signedIn(shop.server, user.email)
  await agent.post(shop.server.at("/acting"), [
    ["csrf", await csrfOf(agent)],
    ["team", team],
  ])
  return agent
}

test("whoever handles the team's money saves its card and sets it up; it is the team's, and nobody's own", async () => {
  const of = await house()
  const { server, stripe } = shop
  const agent = await acting(of.people.billing, of.team)
  const page = (path: string) => agent.get(server.at(path))
  expect((await page("/credits")).text).toContain("Auto-recharge")
  const away = await agent.submit(await page("/credits/cards"), "/credits/cards/new", {})
  const sessionId = /cs_[A-Za-z0-9_]+/.exec(away.text)![0]
  stripe.pay(sessionId, { with: VISA, authenticated: true })
  expect((await page(`/credits/cards/saved?page=${sessionId}`)).text).toContain("Visa ending in 4242")
  const terms = { below: "2000", amount: "10", month: "25" }
  const on = await agent.submit(await page("/credits/cards"), "/credits/cards", terms)
  expect(on.text).toContain("Auto-recharge is on.")
  expect(recharges().of(of.id)).toMatchObject({ rule: { active: true, ...TERMS }, cards: [{ last4: "4242" }] })
  for (const { id } of Object.values(of.people)) expect(recharges().of(id)).toMatchObject({ rule: null, cards: [] })
  // The customer there is the team, and the team's history says who did it.
  const customer = server.app.store.read.get("SELECT user_id AS id FROM billing_customers WHERE user_id = ?", of.id)
  expect(customer).toEqual({ id: of.id })
  const acts = server.app.teams.actsOf({ userId: of.people.owner.id, team: of.team })
  expect(acts.map(({ action, actor }) => [action, actor])).toContainEqual([
    "recharge.on",
    `user:${of.people.billing.publicId}`,
  ])
  // The owner's own page knows nothing of it; acting as the team it does.
  const owner = await signedIn(server, of.people.owner.email)
  expect((await owner.get(server.at("/credits/cards"))).text).toContain("No card is saved")
  const asTeam = await acting(of.people.owner, of.team)
  expect((await asTeam.get(server.at("/credits/cards"))).text).toContain("Visa ending in 4242")
  const off = await asTeam.submit(await asTeam.get(server.at("/credits/cards")), "/credits/cards/off", {})
  expect(off.text).toContain("Auto-recharge is off.")
  const [card] = recharges().of(of.id).cards
  const removal = `/credits/cards/${card!.publicId}/removal`
  expect((await owner.get(server.at(removal))).status).toBe(404)
  expect((await asTeam.submit(await asTeam.get(server.at(removal)), removal, {})).text).toContain("is removed")
  expect(recharges().of(of.id).cards).toEqual([])
}, 60_000)

test("when credits are low is chosen for the team, and tells whoever handles its money", async () => {
  const of = await house()
  const agent = await acting(of.people.billing, of.team)
  const path = "/credits/low"
  const sent = await agent.submit(await agent.get(shop.server.at(path)), path, { below: "700" })
  expect(sent.text).toContain("Your choice is saved.")
  const { spending } = shop.server.app
  expect([spending.markOf(of.id).belowNano, spending.markOf(of.people.billing.id).isChosen]).toEqual([
    credits(700),
    false,
  ])
  await spendTo(of.id, 600)
  await shop.server.app.jobs.runNow(CTX, "tell-lows")
  await quiet()
  const { owner, admin, billing } = of.people
  expect(told()).toEqual(toEach("Paper Boat: Credits are low: 600 credits left", owner, admin, billing))
}, 60_000)

test("a hundred calls cross the threshold at once: one charge, told to those who handle money, to nobody else", async () => {
  const of = await ready()
  const { app, url } = shop.server
  const key = await app.keys.create(CTX, {
    userId: of.people.admin.id,
    payerId: of.id,
    name: "Nightly",
    scopes: ["llm"],
  })
  await quiet()
  app.mailer.mailbox.length = 0
  await spendTo(of.id, 2_001)
  expect(charges(of.id)).toEqual([])
  const answers = await Promise.all(
    Array.from({ length: 100 }, () =>
      chat(url, key.secret, { messages: [{ role: "user", content: "x ".repeat(999) }] }),
    ),
  )
  expect(answers.some(({ status }) => status === 200)).toBe(true)
  await quiet()
  await look()
  expect(charges(of.id)).toEqual(["paid"])
  expect(has(of.id)).toBeGreaterThan(credits(2_001))
  const { owner, admin, billing } = of.people
  const subject = "Paper Boat: Purser bought credits for $10.00"
  expect(told().filter(([, said]) => said.includes("bought"))).toEqual(toEach(subject, owner, admin, billing))
  expect(app.mailer.mailbox.find(({ to }) => to === billing.email)!.text).toContain("the team “Paper Boat”")
  expect(app.ledger.verify().ok).toBe(true)
}, 60_000)

test("a bank that refuses is told to them, and three times in a row turns it off", async () => {
  const of = await ready(FAILS_LATER)
  const { owner, admin, billing } = of.people
  await spendTo(of.id, 10)
  expect(charges(of.id)).toEqual(["failed"])
  const declined = "Paper Boat: Your card was declined by its bank"
  expect(told()).toEqual(toEach(declined, owner, admin, billing))
  shop.clock.advance(HOUR_MS + 1)
  await look()
  shop.clock.advance(24 * HOUR_MS + 1)
  await look()
  expect(charges(of.id)).toEqual(["failed", "failed", "failed"])
  expect(recharges().of(of.id).rule).toMatchObject({ active: false, offWhy: "declined" })
  expect(told().at(-1)![1]).toBe("Paper Boat: Your card was declined by its bank")
  expect(
    told().filter(([, subject]) => subject === "Paper Boat: Purser auto-recharge is off: your card was declined"),
  ).toHaveLength(3)
}, 60_000)

test("while its owner is suspended nothing is charged, also of what was begun; afterwards it goes on", async () => {
  const of = await ready()
  const { app } = shop.server
  const user = of.people.owner
  await app.identity.suspend(CTX, { userId: user.id, reason: "test" })
  await spendTo(of.id, 10)
  await look()
  expect([charges(of.id), recharges().brings(of.id) as number]).toEqual([[], 0])
  const agent = await acting(of.people.admin, of.team)
  expect((await agent.get(shop.server.at("/credits/cards"))).text).toContain(
    "Auto-recharge waits while the owner of the team is suspended.",
  )
  await app.identity.unsuspend(CTX, { userId: user.id, reason: "test" })
  await look()
  expect(charges(of.id)).toEqual(["paid"])
  // Ordered, and suspended before the card was asked.
  const other = await ready()
  const { store, ledger } = app
  await store.write(CTX, (tx) => {
    const owner = { kind: "principal", id: other.id } as const
    ledger.setBalanceIn(tx, { owner, mode: "live", balanceNano: credits(10), key: randomSecret(9) })
    recharges().needIn(tx, other.id)
  })
  await app.identity.suspend(CTX, { userId: other.people.owner.id, reason: "test" })
  await quiet()
  expect(charges(other.id)).toEqual(["expired"])
}, 60_000)

test("a team that is deleted leaves no card, no rule and nobody at the payment service", async () => {
  const of = await ready()
  const { app } = shop.server
  const [card] = recharges().of(of.id).cards
  const end = () =>
    app.store.write(CTX, (tx) => void app.teams.endIn(tx, { userId: of.people.owner.id, team: of.team, forfeit: true }))
  // A payment that is under way would bring credits to nobody.
  const owner = { kind: "principal", id: of.id } as const
  await app.store.write(CTX, (tx) => {
    app.ledger.setBalanceIn(tx, { owner, mode: "live", balanceNano: credits(10), key: randomSecret(9) })
    recharges().needIn(tx, of.id)
  })
  expect(await failed(end())).toBe("conflict")
  await quiet()
  expect(charges(of.id)).toEqual(["paid"])
  await end()
  await quiet()
  expect(recharges().of(of.id)).toMatchObject({ rule: null, cards: [] })
  expect(app.store.read.all("SELECT 1 FROM billing_customers WHERE user_id = ?", of.id)).toEqual([])
  // Deleted there, with every card.
  expect(() => shop.stripe.world.find("customer", card!.customerId!)).toThrow("No such customer")
  await look()
  expect(charges(of.id)).toEqual(["paid"])
}, 60_000)

test("who lost the right since the page began turns nothing on, in the body of the act", async () => {
  const of = await house()
  await saved(of)
  const ctx = (user: User) => ({ ...CTX, actor: `user:${user.publicId}`, onBehalfOf: of.team })
  for (const role of ["viewer"] as const)
    expect(await failed(recharges().turnOn(ctx(of.people[role]), of.id, TERMS))).toBe("forbidden")
  await shop.server.app.store.write(CTX, (tx) =>
    shop.server.app.teams.removeIn(tx, {
      userId: of.people.owner.id,
      team: of.team,
      member: of.people.billing.publicId,
    }),
  )
  expect(await failed(recharges().turnOn(ctx(of.people.billing), of.id, TERMS))).toBe("forbidden")
  expect(recharges().of(of.id).rule).toBeNull()
  expect(await failed(recharges().turnOn(ctx(of.people.admin), of.id, TERMS))).toBe("ok")
}, 60_000)
