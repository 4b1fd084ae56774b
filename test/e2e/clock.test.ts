// The clock of the machine set back and forth by days under a running server: people sign in, codes and mail arrive, calls are charged and
// limited, jobs run, nothing is granted twice, and the books prove.

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { credits, DAY_MS, HOUR_MS, MINUTE_MS, readConfig, silentLog, VirtualClock } from "../../src/app/index.ts"
import { plainText, WebAgent } from "../../src/cli/demo/agent.ts"
import { compose } from "../../src/compose.ts"
import type { User } from "../../src/identity/index.ts"
import type { VerifyReport } from "../../src/ledger/index.ts"
import { signedIn } from "../browser/house.ts"
import {
  addSandbox,
  CTX,
  chat,
  giveCredits,
  makeClient,
  makeUser,
  mintTokens,
  PASSWORD,
  startTestServer,
  type TestServer,
} from "../build.ts"
import { eventually } from "../eventually.ts"

setDefaultTimeout(60_000)
const clock = new VirtualClock(Date.now())
let server: TestServer
let user: User
let admin: User
let made: Awaited<ReturnType<typeof makeClient>>
beforeAll(async () => {
  server = await startTestServer({ clock })
  await addSandbox(server.app)
  user = await makeUser(server.app, { email: "ada@example.com" })
  await giveCredits(server.app, user, credits(1_000))
  made = await makeClient(server.app)
  admin = await makeUser(server.app, { isAdmin: true })
})
afterAll(() => server?.close())

const tokenNow = async () => (await mintTokens(server.app, { user, ...made })).accessToken
const newest = (): number => server.app.store.read.get<{ atMs: number }>("SELECT at_ms AS atMs FROM last_commit")!.atMs
async function proves(): Promise<void> {
  const report = await server.app.reads.ask<VerifyReport>("ledger.verify")
  expect(report.checks.filter(({ violations }) => violations > 0)).toEqual([])
}

const refresh = async (refreshToken: string) => {
  const params = { grant_type: "refresh_token", refresh_token: refreshToken, client_id: made.client.publicId }
  const tokens = await server.app.oauth.token({
    params: new URLSearchParams({ ...params, client_secret: made.secret }),
    authorization: null,
    requestId: "req_test",
  })
  return { accessToken: tokens.access_token, refreshToken: tokens.refresh_token! }
}
const dashboardOf = async (agent: WebAgent) => (await agent.get(`${server.url}/dashboard`)).url
/** What the one who just asked was mailed. */
const codeTo = (email: string): Promise<string> =>
  eventually(`a mail to ${email}`, () => {
    const mail = server.app.mailer.mailbox.find(({ to }) => to === email)
    return mail && /\b\d{6}\b/.exec(mail.text)?.[0]
  })
async function signUp(email: string): Promise<WebAgent> {
  const agent = new WebAgent((next) => next.origin === server.url)
  const login = await agent.get(`${server.url}/dashboard`)
  const form = await agent.get(login.url.replace("/login", "/signup"))
  const sent = await agent.submit(form, "/signup", { name: "New", email, password: PASSWORD })
  const entered = await agent.submit(sent, "/verify-email", { code: await codeTo(email) })
  expect(entered.status).toBe(200)
  return agent
}
/** Each kind of waiting that a person can meet, and each kind of end. */
async function livesOn(): Promise<void> {
  const agent = await signedIn(server, user.email)
  expect(await dashboardOf(agent)).toBe(`${server.url}/dashboard`)
  expect(await dashboardOf(await signUp(`new${clock.now()}@example.com`))).toBe(`${server.url}/dashboard`)
  const tokens = await mintTokens(server.app, { user, ...made })
  const next = await refresh(tokens.refreshToken)
  expect(await refresh(tokens.refreshToken)).toEqual(next)
  expect((await chat(server.url, next.accessToken)).status).toBe(200)
  // A window of a minute ends within two.
  const app = server.app
  const { publicId } = await app.limits.set(CTX, {
    level: "user",
    subject: String(user.id),
    kind: "requests_minute",
    amount: 1,
  })
  const statuses = [await chat(server.url, next.accessToken), await chat(server.url, next.accessToken)].map(
    ({ status }) => status,
  )
  expect(statuses).toContain(429)
  clock.advance(2 * MINUTE_MS)
  expect((await chat(server.url, next.accessToken)).status).toBe(200)
  await app.limits.remove(CTX, publicId)
  // A job runs, and comes back within its period.
  const verifies = () => app.jobs.list().find(({ name }) => name === "verify-books")!
  // Its run of the start may not be over yet.
  while (verifies().runningSinceMs !== null) await Bun.sleep(20)
  await app.jobs.runNow(CTX, "verify-books")
  const job = verifies()
  expect(job).toMatchObject({ lastError: null, lastRunMs: job.lastOkMs })
  expect(job.nextRunMs! - app.clock.now()).toBeLessThanOrEqual(job.everyMs)
  expect(await app.gateway.callsInFlight).toBe(0)
  await proves()
}

test("set back by two days and forth again: everything that people wait for comes, and the admin is told", async () => {
  const agent = await signedIn(server, user.email)
  const chief = await signedIn(server, admin.email)
  const token = await tokenNow()
  await livesOn()
  clock.advance(-2 * DAY_MS)
  // Who was signed in stays so, and a token that was given stays good.
  expect(await dashboardOf(agent)).toBe(`${server.url}/dashboard`)
  expect((await chat(server.url, token)).status).toBe(200)
  await livesOn()
  const system = plainText((await chief.get(`${server.url}/admin`)).text)
  expect(system).toContain("the machine’s clock was set back; time here is 48 hours ahead")
  clock.advance(2 * DAY_MS)
  expect(await dashboardOf(agent)).toBe(`${server.url}/dashboard`)
  await livesOn()
  // Two days that did not pass: what lives for hours is over, what lives for weeks is not.
  clock.advance(2 * DAY_MS)
  const refused = await chat(server.url, token)
  expect([refused.status, ((await refused.json()) as { error: { code: string } }).error.code]).toEqual([
    401,
    "token_expired",
  ])
  expect(await dashboardOf(agent)).toBe(`${server.url}/dashboard`)
  await livesOn()
  // Put right: what was over stays over.
  clock.advance(-2 * DAY_MS)
  expect((await chat(server.url, token)).status).toBe(401)
  await livesOn()
})

test("a start with the clock two days behind goes on where the newest commit was", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "purser-clock-"))
  const config = readConfig({ port: "0", "data-dir": dataDir, "base-url": "http://localhost:9" }, {})
  const machine = new VirtualClock(clock.now())
  const start = () => compose(config, { log: silentLog, clock: machine })
  const first = await start()
  await makeUser(first)
  const newestOf = ({ store }: typeof first) =>
    store.read.get<{ atMs: number }>("SELECT at_ms AS atMs FROM last_commit")!.atMs
  const before = newestOf(first)
  await first.stop()
  machine.advance(-2 * DAY_MS)
  const second = await start()
  machine.advance(HOUR_MS)
  await makeUser(second)
  expect(newestOf(second)).toBe(before + HOUR_MS / 2)
  await second.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

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
