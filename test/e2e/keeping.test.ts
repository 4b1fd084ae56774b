// How long things are kept: calls forget what they were, by a job that goes through a long past in slices, while sums, books and what a
// key spent stay; each kind's days are set by an admin and listed with what deletes it.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { DAY_MS, type KeyId, LIMITS, nano, VirtualClock } from "../../src/app/index.ts"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import { principal } from "../../src/ledger/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"

const clock = new VirtualClock(Date.UTC(2026, 2, 1, 12))
let server: TestServer
let admin: WebAgent
let userId: Awaited<ReturnType<typeof makeUser>>["id"]
const EMAIL = "chief@example.com"

beforeAll(async () => {
  server = await startTestServer({ clock })
  userId = (await makeUser(server.app, { name: "Chief", isAdmin: true, email: EMAIL })).id
  const input = { owner: principal(userId), mode: "live", type: "topup", bucket: "purchase", paid: true } as const
  await server.app.store.write(CTX, (tx) => {
    server.app.ledger.grantIn(tx, { ...input, amountNano: nano(1_000_000_000), key: "fund" })
  })
  admin = await signedIn(server, EMAIL)
}, 30_000)
afterAll(() => server?.close())

const ROUTE = { endpoint: "chat", requested: "mock-1", upstreamId: null, model: "mock-1", prices: null } as const
let calls = 0

/** Calls with a key, in one write; nobody but the books is told. */
const call = (count: number, keyId: KeyId) =>
  server.app.store.write(CTX, (tx) => {
    const { ledger, usage } = server.app
    const routeId = usage.routeIn(tx, ROUTE)
    for (let n = 0; n < count; n++) {
      const callId = `req_${String(++calls).padStart(26, "0")}`
      const terms = { owner: principal(userId), mode: "live", scope: "llm", leaseMs: 60_000, keyId, routeId } as const
      const hold = ledger.holdIn(tx, { ...terms, amountNano: nano(100), inputCostNano: nano(0), callId })
      const charge = { totalNano: nano(100), upstreamNano: nano(60), developerNano: nano(0), platformNano: nano(40) }
      const tokens = {
        inputTokens: 10,
        cachedTokens: 0,
        outputTokens: 5,
        reasoningTokens: 0,
        source: "reported",
      } as const
      const end = { status: 200, errorCode: null, end: "done", latencyMs: 12, firstTokenMs: null, ...tokens } as const
      ledger.settleIn(tx, { hold, charge, developer: null, call: end })
    }
  })

const detailed = () =>
  server.app.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM charges WHERE route_id IS NOT NULL")!.n

test("a long past is forgotten slice by slice, calls come between; sums, books and what a key spent stay", async () => {
  const { app } = server
  const { key } = await app.keys.create(CTX, { userId, name: "Server", scopes: ["llm"] })
  const many = 4 * LIMITS.jobSliceRows + 7
  await call(many, key.id)
  const firstDay = Math.floor(clock.now() / DAY_MS)
  clock.advance(91 * DAY_MS)
  await call(3, key.id)
  const sums = () => ({
    byModel: app.usage.byModel(userId, "live", firstDay, firstDay + 91),
    spent: app.keys.spendOf(userId).get(key.id) as object,
  })
  const before = sums()
  expect(before).toMatchObject({
    byModel: [{ model: "mock-1", calls: many + 3, inputTokens: 10 * (many + 3) }],
    spent: { calls: many + 3 },
  })
  const sizes: number[] = []
  const job = app.jobs.runNow(CTX, "forget-calls")
  while (detailed() > 3) {
    sizes.push(detailed())
    await call(0, key.id)
  }
  await job
  // Writes of others were made between the slices, and saw it go on.
  expect(new Set(sizes).size).toBeGreaterThanOrEqual(4)
  expect(detailed()).toBe(3)
  expect(sums()).toEqual(before)
  expect(app.ledger.verify().checks.filter(({ violations }) => violations > 0)).toEqual([])
  await app.jobs.runNow(CTX, "forget-calls")
  expect(detailed()).toBe(3)
})

test("an admin reads what is deleted and when, sets the days, and the next run goes by them", async () => {
  const { app } = server
  const at = (path: string) => `${server.url}${path}`
  // The session of three months ago is over.
  admin = await signedIn(server, EMAIL)
  const movements = plainText((await admin.get(at("/credits"))).text)
  for (const words of ["mock-1 · 10 tokens in, 5 out", "details no longer kept"]) expect(movements).toContain(words)
  expect(movements).not.toContain("· 0 tokens in")
  const text = plainText((await admin.get(at("/admin/jobs"))).text)
  for (const word of ["What is deleted, and when", "Answered calls, one by one", "90 days", "forget-calls", "for ever"])
    expect(text).toContain(word)
  const page = await admin.get(at("/admin/settings/usage.calls_days"))
  const bad = await admin.submit(page, "/admin/settings/usage.calls_days", { value: "0", reason: "less" })
  expect(plainText(bad.text)).toContain("Give 1 to 3650 days.")
  await admin.submit(page, "/admin/settings/usage.calls_days", { value: "2", reason: "less" })
  expect(plainText((await admin.get(at("/admin/jobs"))).text)).toContain("2 days")
  clock.advance(3 * DAY_MS)
  await app.jobs.runNow(CTX, "forget-calls")
  expect(detailed()).toBe(0)
})

test("each kind that has days has a setting, and a job that there is", () => {
  const { app } = server
  const jobs = new Set(app.jobs.list().map(({ name }) => name))
  const settings = app.settings.list().filter(({ setting }) => setting.group === "How long things are kept")
  expect(settings.map(({ setting, value }) => [setting.key, value])).toEqual([
    ["outbox.delivered_days", 7],
    ["outbox.given_up_days", 30],
    ["webhooks.log_days", 30],
    ["usage.calls_days", 2],
    ["usage.refused_days", 90],
    ["kept.days", 30],
    ["gateway.attempts_days", 30],
    ["marketplace.call_days", 90],
  ])
  for (const name of ["purge-outbox", "forget-calls", "forget-refused-calls", "sweep-answers", "forget-attempts"])
    expect(jobs).toContain(name)
})
