// Apps that spend a team's credits (SPEC TE-1), over real HTTP: chosen at consent or later, charged to the team exactly, seen as the team's, and over with
// the right to spend in the very next call, also one that is on its way.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { credits, nano, randomSecret } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import { playOpenai } from "../../src/sites/api/video-upstream.testing.ts"
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
import { joinTeam, makeHost, makeTeam } from "../team-world.ts"

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  await addSandbox(server.app)
  // No free credits: every figure below is what was given.
  await server.app.plans.updatePlan(CTX, { code: "free", dailyClaimNano: 0 })
}, 30_000)
afterAll(() => server?.close())

interface House {
  team: string
  id: User["id"]
  owner: User
  admin: User
  client: Client
  secret: string
}

async function house(given = credits(500), mode: "live" | "test" = "live"): Promise<House> {
  const { app } = server
  const owner = await makeHost(server)
  const team = await makeTeam(server, owner)
  const admin = await makeUser(app)
  await joinTeam(server, team, owner, admin, "admin")
  const { id } = app.teams.membership({ userId: owner.id, team }, "see").team
  if (given > 0) await giveCredits(app, { id } as User, given)
  const developer = await makeDeveloper(app)
  return { team, id, owner, admin, ...(await makeClient(app, { ownerId: developer.id, mode })) }
}

const BODY = { messages: [{ role: "user", content: "word ".repeat(40) }], max_tokens: 8 }
const token = async (user: User, { client, secret, team }: House, more: { dailyNano?: number; payer?: string } = {}) =>
  mintTokens(server.app, { user, client, secret, payer: team, ...more })
const balance = (id: User["id"]) => server.app.ledger.wallet({ kind: "principal", id }, "live").balanceNano as number
const call = (bearer: string) => chat(server.url, bearer, BODY)
const codeOf = async (answer: Response): Promise<string> =>
  answer.ok ? "ok" : ((await answer.json()) as { error: { code: string } }).error.code
const read = async (path: string, bearer: string) =>
  (await (await fetch(server.at(path), { headers: { authorization: `Bearer ${bearer}` } })).json()) as Told
/** What is looked at of `/v1/me` and `/v1/requests/:id`. */
interface Told {
  id: string
  paid_by: string
  balance: { nano: string }
  charge: { nano: string }
  limits: { llm: { used: { nano: string } } }
}
const consentOf = ({ client }: House, user: User) =>
  server.app.oauth.consentsOf(user.id).find((one) => one.clientId === client.id)!
const choose = (of: House, user: User, payer: string | null) =>
  server.app.store.write(CTX, (tx) =>
    server.app.oauth.updatePayerIn(tx, { userId: user.id, consentPublicId: consentOf(of, user).publicId, payer }),
  )
const failed = (outcome: Promise<unknown>) =>
  outcome.then(
    () => "ok",
    (error: { code?: string }) => error.code,
  )

test("what is chosen at consent pays: the team's wallet, by the person’s token; the app sees that balance and the log both", async () => {
  const of = await house()
  await giveCredits(server.app, of.admin, credits(50))
  const { accessToken, refreshToken } = await token(of.admin, of)
  const answer = await call(accessToken)
  expect(answer.status).toBe(200)
  const paid = credits(500) - balance(of.id)
  expect([paid > 0, balance(of.admin.id)]).toEqual([true, credits(50)])
  expect(Number(answer.headers.get("x-credits-charged")) * 1_000_000).toBeCloseTo(paid, 3)
  expect(Number(answer.headers.get("x-credits-remaining")) * 1_000_000).toBeCloseTo(balance(of.id), 3)
  const me = await read("/v1/me", accessToken)
  expect([me.id, Number(me.balance.nano)]).toEqual([of.admin.publicId, balance(of.id)])
  expect(Number(me.limits.llm.used.nano)).toBe(paid)
  const request = await read(`/v1/requests/${answer.headers.get("x-request-id")}`, accessToken)
  expect([request.paid_by, Number(request.charge.nano)]).toEqual(["team", paid])
  // Who called, and who paid, stand side by side.
  const row = server.app.store.read.get(
    `SELECT c.caller_id AS caller, c.client_id AS client, a.owner_id AS payer FROM charges c JOIN accounts a ON a.id = c.account_id
     WHERE c.call_id = ?`,
    request.id,
  )
  expect(row).toEqual({ caller: of.admin.id, client: of.client.id, payer: of.id })
  // Silent renewal says nothing about it, so nothing changes.
  const fresh = await server.app.oauth.token({
    params: new URLSearchParams({
      grant_type: "refresh_token",
      refresh_token: refreshToken,
      client_id: of.client.publicId,
      client_secret: of.secret,
    }),
    authorization: null,
    requestId: "req_test",
  })
  expect([(await call(fresh.access_token)).status, balance(of.admin.id)]).toEqual([200, credits(50)])
}, 30_000)

test("nothing said is one's own; who may not spend there cannot choose it, nor can an app of test credits", async () => {
  const of = await house()
  await giveCredits(server.app, of.admin, credits(50))
  const own = await mintTokens(server.app, { user: of.admin, client: of.client, secret: of.secret })
  expect([(await call(own.accessToken)).status, balance(of.id)]).toEqual([200, credits(500)])
  for (const role of ["billing", "viewer"] as const) {
    const member = await makeUser(server.app)
    await joinTeam(server, of.team, of.owner, member, role)
    await expect(token(member, of)).rejects.toThrow("authorization ended as error-page")
  }
  await expect(token(await makeUser(server.app), of)).rejects.toThrow("authorization ended as error-page")
  const tests = await house(credits(500), "test")
  await expect(token(tests.admin, tests)).rejects.toThrow("authorization ended as error-page")
}, 30_000)

test("chosen anew, it counts from the next call on, either way", async () => {
  const of = await house()
  await giveCredits(server.app, of.admin, credits(50))
  const { accessToken } = await token(of.admin, of)
  await choose(of, of.admin, null)
  expect([(await call(accessToken)).status, balance(of.id)]).toEqual([200, credits(500)])
  const left = balance(of.admin.id)
  expect(left < credits(50)).toBe(true)
  await choose(of, of.admin, of.team)
  expect([(await call(accessToken)).status, balance(of.admin.id), balance(of.id) < credits(500)]).toEqual([
    200,
    left,
    true,
  ])
}, 30_000)

describe("the right to spend ends, and with it what was let", () => {
  const ends: Record<string, (of: House) => Promise<unknown>> = {
    removed: (of) => server.app.store.write(CTX, (tx) => server.app.teams.removeIn(tx, by(of))),
    left: (of) =>
      server.app.store.write(CTX, (tx) => server.app.teams.leaveIn(tx, { userId: of.admin.id, team: of.team })),
    "made a viewer": (of) =>
      server.app.store.write(CTX, (tx) => server.app.teams.setRoleIn(tx, { ...by(of), role: "viewer" })),
    "a team that is deleted": (of) =>
      server.app.store.write(
        CTX,
        (tx) => void server.app.teams.endIn(tx, { userId: of.owner.id, team: of.team, forfeit: true }),
      ),
  }
  const by = (of: House) => ({ userId: of.owner.id, team: of.team, member: of.admin.publicId })

  test.each(Object.keys(ends))(
    "%s: the next call is refused, their own credits stay, and they are asked anew",
    async (how) => {
      const of = await house()
      await giveCredits(server.app, of.admin, credits(50))
      const { accessToken, refreshToken } = await token(of.admin, of)
      expect(await codeOf(await call(accessToken))).toBe("ok")
      await ends[how]!(of)
      expect(await codeOf(await call(accessToken))).toBe("token_revoked")
      const renewal = server.app.oauth.token({
        params: new URLSearchParams({
          grant_type: "refresh_token",
          refresh_token: refreshToken,
          client_id: of.client.publicId,
          client_secret: of.secret,
        }),
        authorization: null,
        requestId: "req_test",
      })
      expect(await failed(renewal)).toBe("invalid_grant")
      expect(balance(of.admin.id)).toBe(credits(50))
      // Asked anew, it is their own, unless they say otherwise.
      const again = await mintTokens(server.app, { user: of.admin, client: of.client, secret: of.secret })
      expect(await codeOf(await call(again.accessToken))).toBe("ok")
      expect(balance(of.admin.id) < credits(50)).toBe(true)
    },
    30_000,
  )

  test("in the body of the hold: calls that were let in before the removal was committed pay or are refused, never half", async () => {
    const of = await house()
    const { accessToken } = await token(of.admin, of)
    const before = server.app.store.read.get<{ n: number }>("SELECT count(*) AS n FROM charges")!.n
    const calls = Array.from({ length: 40 }, () => call(accessToken).then(codeOf))
    await Bun.sleep(2)
    await ends.removed!(of)
    const afterwards = await codeOf(await call(accessToken))
    const codes = await Promise.all(calls)
    expect(new Set([...codes, afterwards]).difference(new Set(["ok", "token_revoked"]))).toEqual(new Set())
    expect(afterwards).toBe("token_revoked")
    const charged = server.app.store.read.get<{ n: number }>("SELECT count(*) AS n FROM charges")!.n - before
    expect(charged).toBe(codes.filter((code) => code === "ok").length)
    expect(server.app.ledger.verify().ok).toBe(true)
  }, 60_000)

  test("what one member let stands when another one goes", async () => {
    const of = await house()
    const [theirs, mine] = [await token(of.admin, of), await token(of.owner, of)]
    await ends.removed!(of)
    expect([await codeOf(await call(theirs.accessToken)), await codeOf(await call(mine.accessToken))]).toEqual([
      "token_revoked",
      "ok",
    ])
  }, 30_000)
})

test("the limit of a day is each person's own, also of one wallet; a pool of the app comes first and counts for none", async () => {
  const of = await house()
  const price = await (async () => {
    const { accessToken } = await token(of.owner, of)
    await call(accessToken)
    return credits(500) - balance(of.id)
  })()
  // Enough for two calls, and not for the one above beside them, which was another person's.
  const { accessToken } = await token(of.admin, of, { dailyNano: Math.floor(2.5 * price) })
  const codes: string[] = []
  for (let index = 0; index < 3; index++) codes.push(await codeOf(await call(accessToken)))
  expect(codes).toEqual(["ok", "ok", "app_daily_limit_exceeded"])
  expect(balance(of.id)).toBe(credits(500) - 3 * price)
  // The other one goes on.
  expect(await codeOf(await call((await token(of.owner, of)).accessToken))).toBe("ok")
  const developer = { id: of.client.ownerId! } as User
  const ref = { developerId: developer.id, clientPublicId: of.client.publicId }
  const before = balance(of.id)
  await server.app.store.write(CTX, (tx) => {
    server.app.ledger.grantIn(tx, {
      owner: ownerOf(developer),
      mode: "live",
      type: "topup",
      bucket: "purchase",
      paid: true,
      amountNano: nano(2 * price),
      key: `order:${randomSecret(8)}`,
    })
    server.app.sponsors.setIn(tx, { ...ref, capNano: credits(100), isOn: true })
    server.app.sponsors.fundIn(tx, { ...ref, amountNano: nano(2 * price), key: randomSecret(8) })
  })
  const sponsored = await call(accessToken)
  expect([sponsored.status, balance(of.id)]).toEqual([200, before])
  // What is left is the team's, whose credits the app spends without the pool.
  expect(Number(sponsored.headers.get("x-credits-remaining")) * 1_000_000).toBeCloseTo(before, 3)
}, 60_000)

test("a video counts for the app's day of whoever asked for it, and the team pays", async () => {
  const of = await house(credits(5_000))
  const { app } = server
  const far = playOpenai(() => app.clock.now())
  const offers = { baseUrl: far.baseUrl, priceProvider: "openai", models: ["sora-2"] }
  await app.gateway.addUpstream(CTX, { kind: "openai-compatible", name: "far", ...offers })
  const scopes = ["openid", "video-generation"] as const
  const made = await makeClient(app, { ownerId: of.client.ownerId!, scopes: [...scopes] })
  const ask = async (user: User, dailyNano: number) => {
    const terms = { user, ...made, scope: scopes.join(" "), payer: of.team, dailyNano }
    const { accessToken } = await mintTokens(app, terms)
    return fetch(server.at("/v1/videos"), {
      method: "POST",
      headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "sora-2", prompt: "x", seconds: "4", size: "1280x720" }),
    })
  }
  const held = () =>
    credits(5_000) - (app.ledger.wallet({ kind: "principal", id: of.id }, "live").spendableNano as number)
  expect(await codeOf(await ask(of.owner, credits(10_000)))).toBe("ok")
  const price = held()
  expect(price).toBeGreaterThan(0)
  expect(await codeOf(await ask(of.admin, price - 1))).toBe("app_daily_limit_exceeded")
  expect([held(), far.jobs.size]).toEqual([price, 1])
})

test("what the team lets a member spend holds for apps that spend it, too, and not for those that spend their own", async () => {
  const of = await house()
  const { app } = server
  const { accessToken } = await token(of.admin, of)
  expect(await codeOf(await call(accessToken))).toBe("ok")
  const price = credits(500) - balance(of.id)
  await app.store.write(CTX, (tx) =>
    app.limits.setMemberLimitsIn(tx, {
      teamId: of.id,
      userId: of.admin.id,
      teamPublicId: of.team,
      person: of.admin.publicId,
      limits: { spend_day: nano(5 * price) },
    }),
  )
  const codes: string[] = []
  do codes.push(await codeOf(await call(accessToken)))
  while (codes.at(-1) === "ok" && codes.length < 9)
  const paid = 1 + codes.filter((code) => code === "ok").length
  expect([codes.at(-1), paid > 1, paid <= 5]).toEqual(["spend_limit_exceeded", true, true])
  expect(balance(of.id)).toBe(credits(500) - paid * price)
  await giveCredits(app, of.admin, credits(10))
  await choose(of, of.admin, null)
  expect(await codeOf(await call(accessToken))).toBe("ok")
})

test("two people, through an app and a key, in a thousand calls at once: one balance, to the last nano-dollar", async () => {
  const of = await house(nano(0) as never)
  const tokens = [await token(of.admin, of), await token(of.owner, of)]
  const key = await server.app.keys.create(CTX, {
    userId: of.owner.id,
    payerId: of.id,
    name: "Nightly",
    scopes: ["llm"],
  })
  await giveCredits(server.app, { id: of.id } as User, credits(100))
  await call(tokens[0]!.accessToken)
  const price = credits(100) - balance(of.id)
  const had = 300 * price + balance(of.id)
  await giveCredits(server.app, { id: of.id } as User, nano(300 * price))
  const bearers = [tokens[0]!.accessToken, tokens[1]!.accessToken, key.secret]
  let at = 0
  let answered = 0
  const worker = async () => {
    while (at < 1_000) {
      const mine = bearers[at++ % bearers.length]!
      const code = await codeOf(await call(mine))
      if (code === "ok") answered++
      else if (!["insufficient_credits", "credits_on_hold", "rate_limit_exceeded", "overloaded"].includes(code))
        throw new Error(code)
    }
  }
  await Promise.all(Array.from({ length: 100 }, worker))
  const spent = server.app.store.read.get<{ nano: number; apps: number; callers: number }>(
    `SELECT sum(collected_nano) AS nano, count(DISTINCT client_id) AS apps, count(DISTINCT caller_id) AS callers
     FROM charges c JOIN accounts a ON a.id = c.account_id WHERE a.owner_id = ?`,
    of.id,
  )!
  const { heldNano, debtNano } = server.app.ledger.wallet({ kind: "principal", id: of.id }, "live")
  expect([balance(of.id) + spent.nano - price, heldNano, debtNano]).toEqual([had, nano(0), nano(0)])
  expect([answered > 0, spent.callers, balance(of.id) >= 0]).toEqual([true, 2, true])
  expect(server.app.ledger.verify().ok).toBe(true)
}, 120_000)

test("an app's own server charges the team, too, and no more once the right is gone", async () => {
  const of = await house()
  const { accessToken } = await token(of.admin, of)
  expect(await codeOf(await call(accessToken))).toBe("ok")
  const input = { clientId: of.client.id, userId: of.admin.id, scope: "llm" as const }
  const away = () => server.app.store.write(CTX, (tx) => server.app.oauth.requireAwayIn(tx, input).payerId)
  expect(await away()).toBe(of.id)
  await server.app.store.write(CTX, (tx) =>
    server.app.teams.removeIn(tx, { userId: of.owner.id, team: of.team, member: of.admin.publicId }),
  )
  expect(await failed(away())).toBe("not_found")
}, 30_000)
