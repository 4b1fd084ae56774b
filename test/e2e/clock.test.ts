// The clock of the machine set back and forth under a running server: calls are charged, nothing is granted twice, and the books prove.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { credits, DAY_MS, HOUR_MS, VirtualClock } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import type { VerifyReport } from "../../src/ledger/index.ts"
import { signedIn } from "../browser/house.ts"
import {
  addSandbox,
  chat,
  giveCredits,
  makeClient,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"

setDefaultTimeout(60_000)
const clock = new VirtualClock(Date.now())
let server: TestServer
let user: User
let made: Awaited<ReturnType<typeof makeClient>>
beforeAll(async () => {
  server = await startTestServer({ clock })
  await addSandbox(server.app)
  user = await makeUser(server.app, { email: "ada@example.com" })
  await giveCredits(server.app, user, credits(1_000))
  made = await makeClient(server.app)
})
afterAll(() => server?.close())

const tokenNow = async () => (await mintTokens(server.app, { user, ...made })).accessToken
const newest = (): number => server.app.store.read.get<{ atMs: number }>("SELECT at_ms AS atMs FROM last_commit")!.atMs
async function proves(): Promise<void> {
  const report = await server.app.reads.ask<VerifyReport>("ledger.verify")
  expect(report.checks.filter(({ violations }) => violations > 0)).toEqual([])
}

test("set back by two days: calls are charged, time in the database stands still, nobody claims twice", async () => {
  const token = await tokenNow()
  expect((await chat(server.url, token)).status).toBe(200)
  const [before, balance] = [newest(), spendable()]
  clock.advance(-2 * DAY_MS)
  const again = await chat(server.url, await tokenNow())
  expect(again.status).toBe(200)
  expect(newest()).toBeGreaterThanOrEqual(before)
  expect(spendable()).toBeLessThan(balance)
  await proves()
})

const spendable = (): number => server.app.ledger.wallet({ kind: "principal", id: user.id }, "live").spendableNano

test("set forward by a year: tokens and sessions are over, and whoever signs in again goes on", async () => {
  clock.advance(3 * DAY_MS)
  const token = await tokenNow()
  const agent = await signedIn(server, user.email)
  expect((await agent.get(`${server.url}/dashboard`)).url).toBe(`${server.url}/dashboard`)
  clock.advance(365 * DAY_MS)
  expect((await chat(server.url, token)).status).toBe(401)
  expect((await agent.get(`${server.url}/dashboard`)).url).toContain("/login")
  expect((await chat(server.url, await tokenNow())).status).toBe(200)
  await proves()
})

test("set right again after that: the year that was committed stays the time, and calls go on", async () => {
  const ahead = newest()
  clock.advance(-365 * DAY_MS - HOUR_MS)
  expect((await chat(server.url, await tokenNow())).status).toBe(200)
  expect(newest()).toBeGreaterThanOrEqual(ahead)
  await proves()
})
