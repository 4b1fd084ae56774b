// What a developer earns, from the HTTP call to the page: whose promo credits count, up to which cap, and when it is payable.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { DAY_MS, nano, systemClock, VirtualClock } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import {
  addSandbox,
  CTX,
  chat,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  ownerOf,
  startTestServer,
} from "../build.ts"

let server: Awaited<ReturnType<typeof startTestServer>>
const clock = new VirtualClock(systemClock.now())

beforeAll(async () => {
  server = await startTestServer({ clock })
  await addSandbox(server.app)
  await server.app.developers.setEarningTerms(CTX, { paidDays: 2, promoDays: 3 })
})
afterAll(() => server.close())

let keys = 0
async function give(user: User, paid: boolean): Promise<void> {
  const terms = paid ? ({ type: "topup", bucket: "purchase" } as const) : ({ type: "bonus", bucket: "bonus" } as const)
  // Before any daily credits.
  const lot = { ...terms, paid, priority: 0, amountNano: nano(1_000_000_000), key: `earn:${++keys}` }
  const { store, ledger } = server.app
  await store.write(CTX, (tx) => ledger.grantIn(tx, { owner: ownerOf(user), mode: "live", ...lot }))
}

/** One answered call. @returns what the developer earned by it, and their part of its price */
async function call(user: User, app: Awaited<ReturnType<typeof makeClient>>, developer: User) {
  const before = server.app.ledger.earningsOf(ownerOf(developer), "live", terms()).pendingNano
  const { accessToken } = await mintTokens(server.app, { user, ...app })
  const response = await chat(server.url, accessToken, { max_tokens: 8 })
  expect(response.status).toBe(200)
  await response.json()
  const after = server.app.ledger.earningsOf(ownerOf(developer), "live", terms()).pendingNano
  return { earned: after - before, part: server.app.usage.recent(user.id, 1)[0]!.developerNano }
}
const terms = () => server.app.developers.earningTerms()

test("promo credits count from verified people who are not the developer, paid credits from everybody", async () => {
  const { app } = server
  const developer = await makeDeveloper(app)
  const client = await makeClient(app, { ownerId: developer.id })
  const user = await makeUser(app)
  const input = { email: "new@example.com", passwordHash: null, emailVerified: false }
  const unverified = await app.store.write(CTX, (tx) => app.identity.createUserIn(tx, input))
  const seen: [number, boolean][] = []
  for (const person of [user, unverified, developer]) {
    for (const paid of [false, true]) {
      const empty = { owner: ownerOf(person), mode: "live", balanceNano: nano(0), key: `z${keys}` } as const
      if (paid) await app.store.write(CTX, (tx) => app.ledger.setBalanceIn(tx, empty))
      await give(person, paid)
      const { earned, part } = await call(person, client, developer)
      expect(part).toBeGreaterThan(0)
      expect([0, part]).toContain(earned)
      seen.push([person.id, earned === part])
    }
  }
  expect(seen.map(([, counts]) => counts)).toEqual([true, true, false, true, false, true])
  // What does not count is not shown as earned for the app either.
  const { pendingNano } = app.ledger.earningsOf(ownerOf(developer), "live", terms())
  expect(app.usage.byClient(client.client.id, clock.now()).developerNano).toBe(pendingNano)
  expect(app.ledger.verify().ok).toBe(true)
})

test("the cap is the set share of the free budget, and pending becomes payable on its day", async () => {
  const { app } = server
  const developer = await makeDeveloper(app)
  const client = await makeClient(app, { ownerId: developer.id })
  const user = await makeUser(app)
  await give(user, false)
  const { part } = await call(user, client, developer)
  // Room for half of the next call.
  await app.plans.setFreeBudget(CTX, part * 15)
  expect((await call(user, client, developer)).earned).toBe(Math.floor(part / 2))
  expect((await call(user, client, developer)).earned).toBe(0)
  await app.plans.setFreeBudget(CTX, null)
  expect((await call(user, client, developer)).earned).toBe(part)
  const total = 2 * part + Math.floor(part / 2)
  const today = Math.floor(clock.now() / DAY_MS)
  const { upcoming } = app.ledger.earningsOf(ownerOf(developer), "live", terms())
  expect(upcoming as unknown).toEqual([{ day: today + 3, source: "promo", amountNano: total }])
  clock.advance((today + 3) * DAY_MS - clock.now())
  await app.ledger.matureDue(terms())
  expect(app.ledger.earningsOf(ownerOf(developer), "live", terms())).toMatchObject({
    pendingNano: 0,
    payableNano: total,
  })
  expect(app.ledger.verify().ok).toBe(true)
})
