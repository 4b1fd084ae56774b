// An app pays for its people's first calls (SPEC BY-2), over real HTTP: out of its developer's pool, never a nano-dollar more than it has or one
// person may have of it, and then out of the person's own credits within the limits that they set.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { credits, nano, randomSecret } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import { authorizeUrl, signedIn } from "../browser/house.ts"
import {
  addSandbox,
  CTX,
  chat,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  ownerOf,
  startTestServer,
  type TestServer,
} from "../build.ts"

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  await addSandbox(server.app)
  // No free credits: every figure below is what was given.
  await server.app.plans.updatePlan(CTX, { code: "free", dailyClaimNano: 0 })
})
afterAll(() => server.close())

interface House {
  developer: User
  client: Client
  secret: string
}

const buy = (user: User, amountNano: number, key = `order:${randomSecret(8)}`) =>
  server.app.store.write(CTX, (tx) =>
    server.app.ledger.grantIn(tx, {
      owner: ownerOf(user),
      mode: "live",
      type: "topup",
      bucket: "purchase",
      paid: true,
      amountNano: nano(amountNano),
      key,
    }),
  )
const ref = ({ developer, client }: House) => ({ developerId: developer.id, clientPublicId: client.publicId })
const set = (house: House, cap: number, isOn = true) =>
  server.app.store.write(CTX, (tx) => server.app.sponsors.setIn(tx, { ...ref(house), capNano: nano(cap), isOn }))
const fund = (house: House, amount: number) =>
  server.app.store.write(CTX, (tx) =>
    server.app.sponsors.fundIn(tx, { ...ref(house), amountNano: nano(amount), key: randomSecret(8) }),
  )
const takeBack = (house: House, amount: number) =>
  server.app.store.write(CTX, (tx) =>
    server.app.sponsors.takeBackIn(tx, { ...ref(house), amountNano: nano(amount), key: randomSecret(8) }),
  )
const pool = (house: House) => server.app.sponsors.poolOf(ref(house))!

async function house(amount: number, cap: number, mode: "live" | "test" = "live"): Promise<House> {
  const developer = await makeDeveloper(server.app)
  const made = { developer, ...(await makeClient(server.app, { ownerId: developer.id, mode })) }
  await set(made, cap)
  if (mode === "live" && amount > 0) await buy(developer, amount, `order:${developer.id}`)
  if (amount > 0) await fund(made, amount)
  return made
}

const tokenOf = async (user: User, { client, secret }: House, dailyNano?: number) =>
  (await mintTokens(server.app, { user, client, secret, ...(dailyNano === undefined ? {} : { dailyNano }) }))
    .accessToken

/** A call whose hold is its exact price: all output it may use is used. */
const BODY = { messages: [{ role: "user", content: "word ".repeat(40) }], max_tokens: 8 }
const told = (answer: Response, name: string) => Math.round(Number(answer.headers.get(`x-credits-${name}`)) * 1_000_000)
const own = (user: User) => server.app.ledger.wallet(ownerOf(user), "live").balanceNano as number

/** What that call costs whoever pays it: the person, and a pool. */
async function prices(): Promise<{ usual: number; sponsored: number; hold: number; sponsoredHold: number }> {
  const rich = await house(credits(100_000), credits(100_000))
  const user = await makeUser(server.app)
  const free = await chat(server.url, await tokenOf(user, rich), BODY)
  await set(rich, credits(100_000), false)
  await giveCredits(server.app, user, credits(1_000))
  const paid = await chat(server.url, await tokenOf(user, rich), BODY)
  const poor = await makeUser(server.app)
  const refused = await chat(server.url, await tokenOf(poor, rich), BODY)
  const { error } = (await refused.json()) as { error: { need: { nano: string } } }
  const hold = Number(error.need.nano)
  // Half of the model's price is its developer's, of three halves or four.
  return {
    usual: told(paid, "charged"),
    sponsored: told(free, "charged"),
    hold,
    sponsoredHold: Math.ceil((hold * 3) / 4),
  }
}

describe("a call that the app pays for", () => {
  test("needs no credits of its person, costs no share, earns nobody, and tells nobody what the pool has", async () => {
    const one = await house(credits(5_000), credits(1_000))
    const user = await makeUser(server.app)
    await giveCredits(server.app, user, 777)
    const before = pool(one).leftNano
    const answer = await chat(server.url, await tokenOf(user, one), BODY)
    expect([answer.status, told(answer, "remaining")]).toEqual([200, 777])
    const charged = told(answer, "charged")
    expect(charged).toBeGreaterThan(0)
    expect([before - pool(one).leftNano, own(user)]).toEqual([charged, 777])
    expect(pool(one)).toMatchObject({ usedNano: charged, people: 1, heldNano: 0 } as never)
    const { usual, sponsored } = await prices()
    expect(sponsored).toBe(charged)
    // What its developer would have earned is no part of the price.
    expect(usual).toBe(Math.ceil((charged * 4) / 3))
    const days = server.app.ledger.earningsOf(ownerOf(one.developer), "live", { paidDays: 1, promoDays: 1 })
    expect([days.pendingNano, days.payableNano] as number[]).toEqual([0, 0])
    // It stands among its person's calls, and says who paid.
    const [call] = server.app.usage.recent(user.id, 5)
    expect([call!.collectedNano as number, call!.developerNano as number]).toEqual([charged, 0])
    expect(server.app.usage.sponsoredOf(user.id, [call!.publicId]).size).toBe(1)
    expect(server.app.usage.sponsoredOf(one.developer.id, [call!.publicId]).size).toBe(0)
    expect(server.app.ledger.verify().ok).toBe(true)
  })

  test("a stream, too; what it held comes back to the pool", async () => {
    const one = await house(credits(5_000), credits(1_000))
    const user = await makeUser(server.app)
    const answer = await chat(server.url, await tokenOf(user, one), { ...BODY, stream: true })
    expect([answer.status, (await answer.text()).includes("[DONE]")]).toEqual([200, true])
    expect([pool(one).heldNano as number, pool(one).people]).toEqual([0, 1])
    expect(own(user)).toBe(0)
  })

  test("counts for no limit that its person set; beyond the cap their own credits pay, within their limits", async () => {
    const { sponsored, sponsoredHold, usual, hold } = await prices()
    const one = await house(credits(5_000), sponsored + sponsoredHold)
    const user = await makeUser(server.app)
    await giveCredits(server.app, user, credits(1_000))
    const token = await tokenOf(user, one, hold + usual)
    const charges: number[] = []
    for (let index = 0; index < 4; index++) charges.push(told(await chat(server.url, token, BODY), "charged"))
    expect(charges).toEqual([sponsored, sponsored, usual, usual])
    expect(pool(one).usedNano as number).toBe(2 * sponsored)
    const refused = await chat(server.url, token, BODY)
    expect([refused.status, ((await refused.json()) as { error: { code: string } }).error.code]).toEqual([
      429,
      "app_daily_limit_exceeded",
    ])
    expect(own(user)).toBe(credits(1_000) - 2 * usual)
  })

  test("where neither has all of it, what the app has left pays a shorter answer", async () => {
    const { sponsored } = await prices()
    const one = await house(credits(5_000), 9 * sponsored)
    const user = await makeUser(server.app)
    // No maximum is named: what is held by default is more than nine of these.
    const answer = await chat(server.url, await tokenOf(user, one), { messages: [{ role: "user", content: "Go on." }] })
    expect(answer.status).toBe(200)
    expect(told(answer, "charged")).toBeLessThanOrEqual(9 * sponsored)
    expect(pool(one).people).toBe(1)
  })
})

describe("never more than there is", () => {
  test("200 people at once and a pool for ten: ten are answered, the others told, and it never goes below zero", async () => {
    const { sponsored, sponsoredHold } = await prices()
    const one = await house(9 * sponsored + sponsoredHold, credits(1_000))
    const people = await Promise.all(Array.from({ length: 20 }, () => makeUser(server.app)))
    const tokens = await Promise.all(people.map((user) => tokenOf(user, one)))
    let low = Number.POSITIVE_INFINITY
    const stop = server.app.store.committed(() => {
      const { leftNano, heldNano } = pool(one)
      low = Math.min(low, leftNano, heldNano)
    })
    const answers = await Promise.all(Array.from({ length: 200 }, (_, at) => chat(server.url, tokens[at % 20]!, BODY)))
    const counts = Map.groupBy(answers, ({ status }) => status)
    stop()
    expect([counts.get(200)?.length, counts.get(402)?.length]).toEqual([10, 190])
    expect(low).toBeGreaterThanOrEqual(0)
    expect([pool(one).leftNano as number, pool(one).usedNano as number]).toEqual([
      sponsoredHold - sponsored,
      10 * sponsored,
    ])
    expect(server.app.ledger.verify().ok).toBe(true)
  }, 60_000)

  test("200 calls of one person at once: exactly as many as their cap pays for", async () => {
    const { sponsored, sponsoredHold } = await prices()
    const one = await house(credits(50_000), 2 * sponsored + sponsoredHold)
    const token = await tokenOf(await makeUser(server.app), one)
    const answers = await Promise.all(Array.from({ length: 200 }, () => chat(server.url, token, BODY)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3)
    expect(pool(one).usedNano as number).toBe(3 * sponsored)
  }, 60_000)
})

describe("a pool pays only while it may", () => {
  const call = async (one: House, user: User) => (await chat(server.url, await tokenOf(user, one), BODY)).status

  test("off, or while its developer owes: people pay themselves", async () => {
    const one = await house(credits(5_000), credits(1_000))
    const user = await makeUser(server.app)
    expect(await call(one, user)).toBe(200)
    await set(one, credits(1_000), false)
    expect(await call(one, user)).toBe(402)
    await set(one, credits(1_000), true)
    const claw = { lotKey: `order:${one.developer.id}`, amountNano: credits(1), through: "cash", key: "claw" } as const
    await server.app.store.write(CTX, (tx) => server.app.ledger.clawBackIn(tx, claw))
    expect(await call(one, user)).toBe(402)
    // Taking back repays what is owed first.
    await takeBack(one, credits(2_000))
    expect(own(one.developer)).toBe(credits(2_000) - credits(1))
    expect(await call(one, user)).toBe(200)
  })

  test("another developer has the app now: it pays nothing and comes back; theirs is another pool", async () => {
    const one = await house(credits(5_000), credits(1_000))
    const next = await makeDeveloper(server.app)
    await server.app.store.write(CTX, (tx) =>
      server.app.oauth.moveClientIn(tx, {
        from: one.developer.id,
        to: next.id,
        clientPublicId: one.client.publicId,
        redirectUris: one.client.redirectUris,
      }),
    )
    const moved = { ...one, developer: next }
    const { secret } = await server.app.store.write(CTX, (tx) =>
      server.app.oauth.addSecretIn(tx, { ownerId: next.id, clientPublicId: one.client.publicId, name: "new" } as never),
    )
    expect(await call({ ...moved, secret }, await makeUser(server.app))).toBe(402)
    expect(() => pool(one)).toThrow("You have no such app.")
    expect(server.app.sponsors.poolOf(ref(moved))).toBeNull()
    await server.app.sponsors.returnDue(CTX, 10)
    expect(own(one.developer)).toBe(credits(5_000))
    await server.app.sponsors.returnDue(CTX, 10)
    expect(own(one.developer)).toBe(credits(5_000))
  })

  test("a pool that cannot go back keeps no other waiting", async () => {
    const [stuck, other] = [await house(credits(700), credits(10)), await house(credits(800), credits(10))]
    const ids = [stuck, other].map((one) => pool(one).owner.id)
    const next = await makeDeveloper(server.app)
    for (const { developer, client } of [stuck, other])
      await server.app.store.write(CTX, (tx) =>
        server.app.oauth.moveClientIn(tx, {
          from: developer.id,
          to: next.id,
          clientPublicId: client.publicId,
          redirectUris: client.redirectUris,
        }),
      )
    await server.app.store.write(CTX, (tx) => {
      tx.run(
        `CREATE TRIGGER stuck BEFORE UPDATE ON lots WHEN NEW.account_id IN (SELECT id FROM accounts WHERE owner_id = ${ids[0]}) BEGIN SELECT RAISE(ABORT, 'stuck'); END`,
      )
    })
    await expect(server.app.sponsors.returnDue(CTX, 1)).rejects.toThrow("stuck")
    expect([own(stuck.developer), own(other.developer)]).toEqual([0, credits(800)])
    await server.app.store.write(CTX, (tx) => void tx.run("DROP TRIGGER stuck"))
    await server.app.sponsors.returnDue(CTX, 1)
    expect(own(stuck.developer)).toBe(credits(700))
  })

  test("test mode fills its pools from nowhere, and live credits stay as they are", async () => {
    const one = await house(credits(5_000), credits(1_000), "test")
    expect(own(one.developer)).toBe(0)
    const user = await makeUser(server.app)
    expect(await call(one, user)).toBe(200)
    expect(pool(one)).toMatchObject({ mode: "test", people: 1 })
    expect(server.app.ledger.wallet(pool(one).owner, "live").balanceNano as number).toBe(0)
    await expect(fund(one, credits(2_000_000))).rejects.toThrow("at most")
    expect(server.app.ledger.verify().ok).toBe(true)
  })

  test("nobody touches another's pool, or one that is not there", async () => {
    const one = await house(credits(50), credits(10))
    const other = { ...one, developer: await makeDeveloper(server.app) }
    for (const act of [() => set(other, 1_000_000), () => fund(other, 1), () => takeBack(other, 1)])
      await expect(act()).rejects.toThrow("You have no such app.")
    await expect(fund(one, credits(1))).rejects.toThrow("not enough")
    await expect(takeBack(one, credits(51))).rejects.toThrow()
    await expect(set(one, 1)).rejects.toThrow("credits")
  })
})

describe("it is told", () => {
  test("at consent, to the app, in the request's explanation, and on the developer's page, which fills and empties it", async () => {
    const developer = await makeDeveloper(server.app)
    const made = await makeClient(server.app, { ownerId: developer.id })
    const one: House = { developer, ...made }
    await buy(developer, credits(500))
    const agent = await signedIn(server, developer.email)
    const path = `/developer/apps/${one.client.publicId}/pool`
    const page = await agent.get(server.at(path))
    expect(page.text).toContain("This app pays for nobody yet")
    expect((await agent.submit(page, path, { cap: "100", on: "1" })).text).toContain("pays the first 100 credits")
    const filled = await agent.submit(await agent.get(server.at(path)), `${path}/funding`, { amount: "400" })
    expect(filled.text).toContain("has 400 credits now")
    const short = await agent.submit(await agent.get(server.at(path)), `${path}/funding`, { amount: "101" })
    expect([short.status, short.text.includes("there are not enough")]).toEqual([402, true])

    const user = await makeUser(server.app)
    const browser = await signedIn(server, user.email)
    const asked = { scope: "openid offline_access llm" }
    const consent = await browser.get(authorizeUrl(server, one.client.publicId, asked))
    expect(consent.text).toContain("The first 100 credits are paid by the app")

    const token = await tokenOf(user, one)
    const answer = await chat(server.url, token, BODY)
    const id = answer.headers.get("x-request-id")!
    const charged = told(answer, "charged")
    const get = async (at: string) =>
      (await fetch(`${server.url}${at}`, { headers: { authorization: `Bearer ${token}` } })).json() as Promise<{
        sponsored?: { remaining: { nano: string } }
        paid_by?: string
      }>
    const me = await get("/v1/me")
    expect(Number(me.sponsored!.remaining.nano)).toBe(credits(100) - charged)
    expect((await get(`/v1/requests/${id}`)).paid_by).toBe("app")
    expect((await browser.get(server.at(`/usage/requests/${id}`))).text).toContain("Paid by the app")
    expect((await browser.get(server.at("/usage"))).text).toContain("Paid by the app")

    const shown = await agent.get(server.at(path))
    expect([shown.text.includes("1 person"), shown.text.includes("Paying")]).toEqual([true, true])
    const back = await agent.submit(shown, `${path}/return`, { amount: "300" })
    expect(back.status).toBe(200)
    expect(own(developer)).toBe(credits(400))
    const stranger = await signedIn(server, (await makeDeveloper(server.app)).email)
    expect((await stranger.get(server.at(path))).status).toBe(404)
  }, 60_000)
})
