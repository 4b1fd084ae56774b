// Accounts at OpenRouter that people get here: made once, asked before the operator's, billed as ever, deleted with their person.
import { afterEach, expect, test } from "bun:test"
import { FakeOpenrouter } from "../../../test/fakes/openrouter/index.ts"
import { UserId } from "../../app/index.ts"
import type { LentAccount, UpstreamFetch } from "../../gateway/index.ts"
import { testCtx } from "../../store/index.ts"
import { ASK, books, chatAnswer, kit, last, start, token, USAGE } from "./testing.ts"

const MANAGEMENT = "sk-or-v1-management-key-of-the-operator"
const OPERATORS = "sk-or-v1-calls-key-of-the-operator"
const OWNER = { userId: UserId(1), userPublicId: "usr_1" }
const CALL = { ...ASK, model: "router/mock-1" }

let fake: FakeOpenrouter
let asked: string[] = []
let answerTo: (key: string, body: Record<string, unknown>) => Response | Promise<Response>

const router: UpstreamFetch = async (url, init) => {
  const answer = fake.answer(url, init)
  if (answer) return answer
  if (!url.startsWith("https://openrouter.ai/")) return fetch(url, init as RequestInit)
  const key = init.headers.authorization?.replace("Bearer ", "") ?? ""
  asked.push(key)
  return answerTo(key, JSON.parse(String(init.body)) as Record<string, unknown>)
}

async function open(planCode = "free"): Promise<void> {
  fake = new FakeOpenrouter(MANAGEMENT)
  asked = []
  answerTo = (_, body) => chatAnswer(body)
  await start({ fetch: router, openrouterManagementKey: MANAGEMENT })
  Object.assign(kit.keyTerms, { planCode })
  await kit.gateway.addUpstream(testCtx, {
    kind: "openrouter",
    name: "router",
    baseUrl: "https://openrouter.ai/api/v1",
    apiKey: OPERATORS,
    priceProvider: "openai",
    models: ["mock-1"],
  })
}
afterEach(() => books())

/** What waits in the outbox, as it is delivered. */
async function deliver(): Promise<void> {
  const rows = kit.store.read.all<{ event_id: string; topic: string; payload: string }>(
    "SELECT public_id AS event_id, topic, payload FROM outbox WHERE topic LIKE '%openrouter-account' ORDER BY id",
  )
  for (const { event_id: eventId, topic, payload } of rows) {
    const delivery = { eventId, payload: JSON.parse(payload) as unknown }
    if (topic.startsWith("make")) await kit.gateway.openrouter.make(delivery)
    else await kit.gateway.openrouter.unmake(delivery)
    await kit.write((tx) => tx.run("DELETE FROM outbox WHERE public_id = ?", eventId))
  }
}
async function made(): Promise<LentAccount> {
  await kit.gateway.openrouter.create(testCtx, OWNER)
  await deliver()
  return kit.gateway.openrouter.of(OWNER.userId)!
}
const answer = async (stream = false) => {
  const response = await kit.post(token, { ...CALL, stream })
  await response.text()
  return response.status
}

test("is made with the limit of the plan Free, and without one on others", async () => {
  await open()
  expect(await made()).toMatchObject({ state: "ready", limitNano: 10_000_000_000, usedNano: 0 })
  expect(fake.keys.map(({ limit, name }) => [limit, name.includes("usr_")])).toEqual([[10, false]])
  await open("pro")
  expect(await made()).toMatchObject({ state: "ready", limitNano: null })
})

test("is made once, whatever is lost on the way: what was made and not heard of is deleted", async () => {
  await open()
  await kit.gateway.openrouter.create(testCtx, OWNER)
  await expect(kit.gateway.openrouter.create(testCtx, OWNER)).rejects.toMatchObject({ code: "conflict" })
  const payload = JSON.parse(kit.store.read.get<{ payload: string }>("SELECT payload FROM outbox")!.payload) as object
  const message = { eventId: "evt_1", payload }
  const create = fake.answer.bind(fake)
  let isLost = false
  fake.answer = (url, init) => {
    if (init.method === "POST" && !isLost) {
      isLost = true
      fake.troubles.push("lost")
    }
    return create(url, init)
  }
  await expect(kit.gateway.openrouter.make(message)).rejects.toThrow()
  expect(fake.keys).toHaveLength(1)
  const [orphan] = fake.secrets()
  await Promise.all([kit.gateway.openrouter.make(message)])
  await kit.gateway.openrouter.make(message)
  expect(fake.keys).toHaveLength(1)
  expect(fake.secrets()).not.toContain(orphan)
  await answer()
  expect(asked).toEqual(fake.secrets())
})

test("its models are asked with it, at the usual price by the cost that is reported; streamed the same", async () => {
  await open()
  await made()
  answerTo = () =>
    Response.json({
      model: "mock-1",
      choices: [{ index: 0, message: { role: "assistant", content: "hi" }, finish_reason: "stop" }],
      usage: { ...USAGE, cost: 0.00007 },
    })
  expect(await answer()).toBe(200)
  expect([asked, last().upstreamNano, last().chargeNano]).toEqual([fake.secrets(), 70_000, 140_000])
  answerTo = (_, body) => chatAnswer(body)
  expect(await answer(true)).toBe(200)
  expect(last().upstreamNano).toBe(140_000)
})

test("where it is refused or spent the operator's account answers, and neither is taken out", async () => {
  await open()
  await made()
  const [secret] = fake.secrets()
  for (const status of [401, 402, 403, 429]) {
    asked = []
    answerTo = (key, body) =>
      key === secret ? Response.json({ error: { message: "Key limit exceeded" } }, { status }) : chatAnswer(body)
    expect(await answer()).toBe(200)
    expect(asked).toEqual([secret!, OPERATORS])
    expect(last().upstreamNano).toBe(140_000)
  }
  const { publicId } = kit.gateway.upstreams().find(({ name }) => name === "router")!
  expect(kit.gateway.health(publicId)).toMatchObject({ out: null, failures: 0 })
  expect(kit.gateway.failedAttempts(publicId)).toEqual([])
})

test("is nobody else's, and not for test mode or other servers", async () => {
  await open()
  await kit.gateway.openrouter.create(testCtx, { userId: UserId(2), userPublicId: "usr_2" })
  await deliver()
  expect(await answer()).toBe(200)
  expect(asked).toEqual([OPERATORS])
  expect((await kit.post(token, { ...ASK, model: "mock/mock-1" })).status).toBe(200)
  expect(asked).toHaveLength(1)
})

test("what OpenRouter says of it is read anew, six times a minute; a key that is gone there is none", async () => {
  await open()
  await made()
  fake.use(fake.secrets()[0]!, 2.5)
  expect(await kit.gateway.openrouter.sync(testCtx, OWNER)).toMatchObject({
    usedNano: 2_500_000_000,
    remainingNano: 7_500_000_000,
  })
  fake.keys.length = 0
  expect(await kit.gateway.openrouter.sync(testCtx, OWNER)).toMatchObject({ state: "deleted" })
  await answer()
  expect(asked).toEqual([OPERATORS])
  await made()
  for (let at = 0; at < 4; at++) await kit.gateway.openrouter.sync(testCtx, OWNER)
  await expect(kit.gateway.openrouter.sync(testCtx, OWNER)).rejects.toMatchObject({ code: "rate_limit_exceeded" })
})

test("deleted it is asked no more, and gone there; with its person too, also while it is being made", async () => {
  await open()
  await made()
  await kit.gateway.openrouter.remove(testCtx, OWNER)
  await answer()
  expect(asked).toEqual([OPERATORS])
  await deliver()
  expect(fake.keys).toEqual([])
  await made()
  await kit.write((tx) => kit.gateway.openrouter.eraseIn(tx, UserId(1)))
  await deliver()
  expect([fake.keys, kit.gateway.openrouter.of(UserId(1))]).toEqual([[], null])
  await kit.gateway.openrouter.create(testCtx, OWNER)
  const create = fake.answer.bind(fake)
  fake.answer = (url, init) => {
    if (init.method === "POST") void kit.write((tx) => kit.gateway.openrouter.eraseIn(tx, UserId(1)))
    return create(url, init)
  }
  await deliver()
  await deliver()
  expect(fake.keys).toEqual([])
})

test("its key is nowhere in the database, nor in what is told of it", async () => {
  await open()
  const account = await made()
  const [secret] = fake.secrets()
  answerTo = (key, body) =>
    key === secret ? Response.json({ error: { message: key } }, { status: 401 }) : chatAnswer(body)
  await answer()
  const told = [JSON.stringify(account)]
  for (const { name } of kit.store.read.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'"))
    told.push(JSON.stringify(kit.store.read.all(`SELECT * FROM "${name}"`)))
  for (const words of told) for (const one of [secret!, MANAGEMENT]) expect(words).not.toContain(one)
})

test("whoever signs up once it is on gets one, once: not before the address is confirmed, and not again", async () => {
  await open()
  const sinceMs = kit.clock.now()
  const user = (id: number, createdMs: number, verifiedMs: number | null) =>
    kit.write((tx) => {
      tx.run("INSERT INTO principals (id, kind, created_ms) VALUES (?, 'user', 0)", id)
      tx.run(
        `INSERT INTO users (id, public_id, email, email_verified_ms, status, created_ms, updated_ms)
         VALUES (?1, 'usr_' || ?1, ?1 || '@example.com', ?2, 'active', ?3, ?3)`,
        id,
        verifiedMs,
        createdMs,
      )
    })
  await user(1, sinceMs - 1, sinceMs)
  await user(2, sinceMs, sinceMs)
  await user(3, sinceMs, null)
  expect(await kit.gateway.openrouter.createDue(sinceMs, 100)).toBe(1)
  await deliver()
  expect(kit.gateway.openrouter.of(UserId(2))).toMatchObject({ state: "ready" })
  await kit.gateway.openrouter.remove(testCtx, { userId: UserId(2), userPublicId: "usr_2" })
  expect(await kit.gateway.openrouter.createDue(sinceMs, 100)).toBe(0)
})

test("another plan is another limit there; what could not be told is told with the next look, and what fails keeps nobody else waiting", async () => {
  await open()
  await made()
  const limits = () => fake.keys.map(({ limit }) => limit)
  expect([await kit.gateway.openrouter.limitDue(100), limits()]).toEqual([false, [10]])
  const asks = fake.journal.length
  Object.assign(kit.keyTerms, { planCode: "pro" })
  fake.troubles.push("refused")
  await kit.gateway.openrouter.limitDue(100)
  expect(limits()).toEqual([10])
  await kit.gateway.openrouter.limitDue(100)
  expect([limits(), kit.gateway.openrouter.of(OWNER.userId)!.limitNano]).toEqual([[null], null])
  await kit.gateway.openrouter.limitDue(100)
  expect(fake.journal.length - asks).toBe(2)
  // Back on the plan Free, and its limit is there before its key asks anything more.
  Object.assign(kit.keyTerms, { planCode: "free" })
  expect(await kit.gateway.openrouter.limitDue(1)).toBe(true)
  expect([limits(), await kit.gateway.openrouter.limitDue(1)]).toEqual([[10], false])
  // One that OpenRouter does not know any more is over here, too.
  fake.keys.length = 0
  Object.assign(kit.keyTerms, { planCode: "pro" })
  await kit.gateway.openrouter.limitDue(100)
  expect(kit.gateway.openrouter.of(OWNER.userId)!.state).toBe("deleted")
})

test("without a management key none is made", async () => {
  await start()
  expect(kit.gateway.openrouter.isOffered).toBe(false)
  await expect(kit.gateway.openrouter.create(testCtx, OWNER)).rejects.toMatchObject({ code: "unavailable" })
})
