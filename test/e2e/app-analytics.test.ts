// Figures of an app over HTTP: what calls did and earned is there with the next question, exact, by what is asked for, as a file too; of the
// key's own app alone.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { amountJson, credits, DAY_MS, type Nano } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import {
  addSandbox,
  CTX,
  chat,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"

let server: TestServer
let developer: User
let client: Client
let key: string
let other: string
const CALLS = 3

beforeAll(async () => {
  server = await startTestServer()
  const { app } = server
  await addSandbox(app)
  developer = await makeDeveloper(app)
  const made = await makeClient(app, { ownerId: developer.id })
  client = made.client
  key = await keyOf(client)
  other = await keyOf((await makeClient(app, { ownerId: developer.id })).client)
  for (const _ of [1, 2]) {
    const user = await makeUser(app)
    await giveCredits(app, user, credits(500))
    const { accessToken } = await mintTokens(app, { user, client, secret: made.secret })
    for (let call = 0; call < CALLS; call++) expect((await chat(server.url, accessToken)).status).toBe(200)
    // No such model: refused before anything is asked.
    expect((await chat(server.url, accessToken, { model: "none" })).status).toBe(404)
  }
  await app.usage.flush()
}, 30_000)
afterAll(() => server?.close())

const keyOf = async ({ publicId }: Client, scopes = ["usage", "revenue"]): Promise<string> => {
  const input = { ownerId: developer.id, clientPublicId: publicId, name: "Server", scopes }
  return (await server.app.appKeys.create(CTX, input)).secret
}
const ask = (path: string, bearer = key, accept = "application/json") =>
  fetch(server.at(`/v1/app/analytics/${path}`), { headers: { authorization: `Bearer ${bearer}`, accept } })
interface Told {
  totals: Record<string, unknown>
  previous: Record<string, unknown>
  data: Record<string, unknown>[]
  from: string
  to: string
  change?: unknown
  error?: { code: string; param: string }
}
const told = async (path: string, bearer = key): Promise<Told> => (await (await ask(path, bearer)).json()) as Told

const today = () => new Date(server.app.clock.now()).toISOString().slice(0, 10)
/** From the rows of calls themselves. */
const truth = () =>
  server.app.store.read.get<Record<string, number>>(
    `SELECT COUNT(*) AS calls, SUM(input_tokens) AS inputTokens, SUM(output_tokens) AS outputTokens, SUM(earned_nano) AS earned,
       SUM(charge_nano) AS charge, ROUND(AVG(latency_ms)) AS latency FROM charges WHERE client_id = ?`,
    client.id,
  )!

test("use of the app: totals, days, endpoints, models, what was refused, who was there", async () => {
  const { calls, inputTokens, outputTokens, latency } = truth()
  const { totals, previous, data, from, to } = await told("usage?range=7d")
  expect(calls).toBe(2 * CALLS)
  const figures = {
    calls,
    errors: 0,
    refused: 2,
    errorRate: "0.2500",
    activeUsers: 2,
    inputTokens,
    outputTokens,
    averageLatencyMs: latency,
    newUsers: 2,
  }
  expect(totals).toEqual(figures)
  expect(previous).toMatchObject({ calls: 0, errorRate: null, averageLatencyMs: null, activeUsers: 0, newUsers: 0 })
  expect([to, data.length]).toEqual([today(), 7])
  expect(previous.to).toBe(new Date(Date.parse(from) - DAY_MS).toISOString().slice(0, 10))
  expect(data.at(-1)).toEqual({ key: today(), ...figures })
  const byModel = (await told("usage?by=model")).data
  expect(byModel[0]).toMatchObject({ key: "sandbox", calls, refused: 0, newUsers: null })
  expect((await told("usage?by=endpoint")).data).toMatchObject([{ key: "chat", calls, refused: 2 }])
  expect((await told("usage?by=scope&scope=llm")).data).toMatchObject([{ key: "llm", calls }])
  expect((await told("usage?scope=embeddings")).totals).toMatchObject({ calls: 0, refused: 0, activeUsers: 0 })
  expect((await told("usage?model=sandbox")).totals).toMatchObject({ calls, refused: 0 })
})

test("revenue of the app: the developer's share to the nano, for each active person too", async () => {
  const { charge, earned } = truth()
  expect(earned).toBeGreaterThan(0)
  const { totals, change, data } = await told("revenue?range=7d")
  expect(totals).toEqual({
    calls: 2 * CALLS,
    activeUsers: 2,
    charged: amountJson(charge as Nano),
    developerShare: amountJson(earned as Nano),
    developerShareCents: Math.floor(earned! / 10_000_000),
    perActiveUser: amountJson(Math.floor(earned! / 2) as Nano),
    newUsers: 2,
  })
  expect(change).toBeNull()
  expect(data.at(-1)).toMatchObject({ key: today(), developerShare: amountJson(earned as Nano) })
  const file = await (await ask("revenue?range=7d", key, "text/csv")).text()
  const lines = file.trim().split("\r\n")
  expect(lines).toHaveLength(8)
  expect(lines[0]).toBe("key,calls,activeUsers,newUsers,chargedCredits,developerShareCredits")
  expect(lines.at(-1)).toBe(
    `${today()},6,2,2,${amountJson(charge as Nano).credits},${amountJson(earned as Nano).credits}`,
  )
  const usage = (await (await ask("usage?by=model", key, "text/csv")).text()).split("\r\n")
  expect(usage[1]).toStartWith("sandbox,6,0,0,0.0000,2,,")
})

test("are the key's own app's, by its permissions", async () => {
  expect((await told("usage", other)).totals).toMatchObject({ calls: 0, refused: 0, activeUsers: 0, newUsers: 0 })
  expect((await told("revenue", other)).totals).toMatchObject({ developerShare: { nano: "0" }, perActiveUser: null })
  const narrow = await keyOf(client, ["usage"])
  expect((await ask("usage", narrow)).status).toBe(200)
  expect([(await ask("revenue", narrow)).status, (await told("revenue", narrow)).error?.code]).toEqual([
    403,
    "insufficient_scope",
  ])
})

test("are asked for in days and words that are known", async () => {
  const { data } = await told(`usage?from=2026-02-27&to=2026-03-02`)
  expect(data.map(({ key: day }) => day)).toEqual(["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"])
  for (const [query, param] of [
    ["range=1y", "range"],
    ["range=7d&from=2026-01-01", "range"],
    ["from=2026-02-30", "from"],
    ["to=2026-01-01", "from"],
    ["from=2026-02-01&to=2026-01-01", "from"],
    ["from=2020-01-01&to=2026-01-01", "from"],
    ["by=user", "by"],
    ["by=app", "by"],
    ["scope=openid", "scope"],
    ["user=usr_1", "user"],
  ] as const) {
    const { error } = await told(`usage?${query}`)
    expect([query, error?.code, error?.param]).toEqual([query, "invalid_request", param])
  }
})
