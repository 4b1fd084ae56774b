// The promises that approximate gateways cannot make, over real HTTP: never one call too many, not for a moment below
// zero, and a revocation that was answered is in force.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { credits } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import {
  addSandbox,
  CTX,
  chat,
  giveCredits,
  makeClient,
  makeUser,
  mintTokens,
  ownerOf,
  startTestServer,
  type TestServer,
} from "../build.ts"

let server: TestServer
let apps: { client: Client; secret: string }[]

beforeAll(async () => {
  server = await startTestServer()
  await addSandbox(server.app)
  apps = await Promise.all([makeClient(server.app, { name: "One" }), makeClient(server.app, { name: "Two" })])
  // No free credits: every figure below is what was given.
  await server.app.plans.updatePlan(CTX, { code: "free", dailyClaimNano: 0 })
})
afterAll(() => server.close())

const tokenFor = async (user: User, app = apps[0]!, dailyNano?: number) =>
  (await mintTokens(server.app, { user, ...app, ...(dailyNano === undefined ? {} : { dailyNano }) })).accessToken

/** A call whose hold is its exact price: all output it may use is used. */
const BODY = { messages: [{ role: "user", content: "word ".repeat(40) }], max_tokens: 8 }

async function priceOfOne(): Promise<number> {
  const user = await makeUser(server.app)
  await giveCredits(server.app, user, credits(1_000))
  const before = server.app.ledger.wallet(ownerOf(user), "live").balanceNano
  const response = await chat(server.url, await tokenFor(user), BODY)
  expect(response.status).toBe(200)
  await response.json()
  return before - server.app.ledger.wallet(ownerOf(user), "live").balanceNano
}

/** What the hold of that call takes; a wallet must have it to be let in. */
async function holdOfOne(): Promise<number> {
  const user = await makeUser(server.app)
  const refused = await chat(server.url, await tokenFor(user), BODY)
  const { error } = (await refused.json()) as { error: { need: { nano: string } } }
  return Number(error.need.nano)
}

async function finish(response: Response): Promise<{ status: number; code: string | null }> {
  const text = await response.text()
  const code = response.status === 200 ? null : (JSON.parse(text) as { error: { code: string } }).error.code
  return { status: response.status, code }
}

/** Samples the figures after every commit; a negative one is kept. */
function watchFigures(user: User): { low: () => number; stop: () => void } {
  let low = Number.POSITIVE_INFINITY
  const stop = server.app.store.committed(() => {
    const { balanceNano, heldNano, lots } = server.app.ledger.wallet(ownerOf(user), "live")
    low = Math.min(
      low,
      balanceNano,
      heldNano,
      ...lots.flatMap((lot) => [lot.remainingNano - lot.heldNano, lot.heldNano]),
    )
  })
  return { low: () => low, stop }
}

describe("two hundred calls at once with funds for ten", () => {
  test("across two apps, streamed and not: ten are answered, the others are told, the books balance", async () => {
    const [price, hold] = [await priceOfOne(), await holdOfOne()]
    expect(price).toBeGreaterThan(0)
    const user = await makeUser(server.app)
    // Ten prices, and for the last call the little its hold takes above its price.
    await giveCredits(server.app, user, price * 9 + hold)
    const tokens = await Promise.all(apps.map((app) => tokenFor(user, app)))
    const figures = watchFigures(user)
    // Calls that meet only held credits are told to come back; real clients do. Nobody gets in twice, nobody is lost.
    const call = async (index: number) => {
      for (;;) {
        const answer = await finish(await chat(server.url, tokens[index % 2]!, { ...BODY, stream: index % 3 === 0 }))
        if (answer.code !== "credits_on_hold") return answer
      }
    }
    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => call(index)))
    figures.stop()
    expect(answers.filter((answer) => answer.status === 200).length).toBe(10)
    expect(answers.filter((answer) => answer.status === 402 && answer.code === "insufficient_credits").length).toBe(190)
    expect(figures.low()).toBeGreaterThanOrEqual(0)
    const wallet = server.app.ledger.wallet(ownerOf(user), "live")
    expect(wallet.heldNano).toBe(0 as never)
    expect(wallet.balanceNano).toBe((hold - price) as never)
    expect(server.app.ledger.verify().ok).toBe(true)
  })

  test("the same for an app's daily limit", async () => {
    const [price, hold] = [await priceOfOne(), await holdOfOne()]
    const user = await makeUser(server.app)
    await giveCredits(server.app, user, credits(100_000))
    const limited = await tokenFor(user, apps[0], price * 9 + hold)
    const free = await tokenFor(user, apps[1])
    const answers: { status: number; code: string | null }[] = []
    // One after another ten fit; at once some meet a limit that is only held. The limit is never passed either way.
    await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        answers.push(await finish(await chat(server.url, limited, { ...BODY, stream: index % 3 === 0 })))
      }),
    )
    for (let index = 0; index < 12; index++) answers.push(await finish(await chat(server.url, limited, BODY)))
    expect(answers.filter((answer) => answer.status === 200).length).toBe(10)
    expect(answers.filter((answer) => answer.status === 429 && answer.code === "app_daily_limit_exceeded").length).toBe(
      202,
    )
    const { usedNano, heldNano } = server.app.ledger.usedToday(ownerOf(user), apps[0]!.client.id, "llm")
    expect([usedNano, heldNano]).toEqual([price * 10, 0] as never)
    expect((await finish(await chat(server.url, free, BODY))).status).toBe(200)
    expect(server.app.ledger.verify().ok).toBe(true)
  })
})

describe("after the answer", () => {
  const warm = async (user: User) => {
    await giveCredits(server.app, user, credits(1_000))
    const token = await tokenFor(user)
    expect((await finish(await chat(server.url, token, BODY))).status).toBe(200)
    return token
  }

  test("of a revoked consent, a cached token is refused", async () => {
    const user = await makeUser(server.app)
    const token = await warm(user)
    const consent = server.app.oauth.consentsOf(user.id)[0]!
    await server.app.store.write(CTX, (tx) =>
      server.app.oauth.revokeConsentIn(tx, { userId: user.id, consentPublicId: consent.publicId }),
    )
    expect(await finish(await chat(server.url, token, BODY))).toEqual({ status: 401, code: "token_revoked" })
  })

  test("of a suspended person, every token of theirs is refused", async () => {
    const user = await makeUser(server.app)
    const token = await warm(user)
    await server.app.identity.suspend(CTX, { userId: user.id, reason: "test" })
    const answer = await finish(await chat(server.url, token, BODY))
    expect(answer).toEqual({ status: 403, code: "account_suspended" })
  })

  test("of a suspended app, its tokens are refused, other apps go on", async () => {
    const user = await makeUser(server.app)
    await giveCredits(server.app, user, credits(1_000))
    const bad = await makeClient(server.app, { name: "Bad" })
    const [badToken, goodToken] = [await tokenFor(user, bad), await tokenFor(user)]
    expect((await finish(await chat(server.url, badToken, BODY))).status).toBe(200)
    await server.app.store.write(CTX, (tx) =>
      server.app.oauth.suspendClientIn(tx, { clientPublicId: bad.client.publicId, reason: "test" }),
    )
    expect(await finish(await chat(server.url, badToken, BODY))).toEqual({ status: 403, code: "client_suspended" })
    expect((await finish(await chat(server.url, goodToken, BODY))).status).toBe(200)
  })

  test("of 100 revocations under load, no call that starts later is answered", async () => {
    const user = await makeUser(server.app)
    await giveCredits(server.app, user, credits(100_000))
    const late: number[] = []
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const app = await makeClient(server.app)
        const token = await tokenFor(user, app)
        const running = Array.from({ length: 5 }, () => chat(server.url, token, BODY).then(finish))
        const consent = server.app.oauth.consentsOf(user.id).find((one) => one.clientId === app.client.id)!
        await server.app.store.write(CTX, (tx) =>
          server.app.oauth.revokeConsentIn(tx, { userId: user.id, consentPublicId: consent.publicId }),
        )
        late.push((await finish(await chat(server.url, token, BODY))).status)
        await Promise.all(running)
      }),
    )
    expect(late).toEqual(Array(20).fill(401))
    expect(server.app.ledger.verify().ok).toBe(true)
  })
})
