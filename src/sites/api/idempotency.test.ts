// Idempotency-Key (GW-7): a repeat is the same call, whoever repeats it, whenever, also across a restart. Repeats come from a client we
// did not write, through a line that loses its answer.
import { describe, expect, onTestFinished, test } from "bun:test"
import { createServer } from "node:http"
import OpenAI from "openai"
import { createIds, credits, DAY_MS } from "../../app/index.ts"
import { createLedger } from "../../ledger/index.ts"
import { testCtx } from "../../store/index.ts"
import { ASK, app, books, COST, chatAnswer, kit, spent, sse, start, streamText, TEXT, token, until } from "./testing.ts"

const send = (key: string, body: unknown = ASK, bearer = token, more: RequestInit = {}) =>
  kit.post(bearer, body, {
    ...more,
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json", "idempotency-key": key },
  })
const problem = async (answer: Response) =>
  ((await answer.json()) as { error: { code: string; param: string | null; request_id?: string; charged?: object } })
    .error
const asked = () => kit.upstream.journal.length
const keys = () => kit.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM idempotency_keys")!.n

/** A server in front of ours that loses the first answers: it waits for them, and hangs up. */
async function losing(count: number) {
  let lost = 0
  const proxy = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const { authorization = "", "idempotency-key": key } = request.headers
    const headers = {
      authorization,
      "content-type": "application/json",
      ...(key ? { "idempotency-key": `${key}` } : {}),
    }
    const answer = await fetch(`${kit.server.url}${request.url}`, {
      method: "POST",
      headers,
      body: Buffer.concat(pieces),
    })
    const text = await answer.text()
    if (lost++ < count) return void request.socket.destroy()
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(text)
  })
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done))
  onTestFinished(() => void proxy.close())
  return `http://127.0.0.1:${(proxy.address() as { port: number }).port}/v1`
}

describe("a repeat with the same key", () => {
  test("of the openai SDK, whose first answers were lost: one upstream call, one charge, the same answer", async () => {
    await start()
    const client = new OpenAI({ apiKey: token, baseURL: await losing(2), maxRetries: 2 })
    // The SDK sends its option `idempotencyKey` under the header that is named here.
    Object.assign(client, { idempotencyHeader: "Idempotency-Key" })
    const body = { model: "mock-1", messages: [{ role: "user" as const, content: "hi" }] }
    const { data, response } = await client.chat.completions.create(body, { idempotencyKey: "order-1" }).withResponse()
    expect(data.choices[0]!.message.content).toBe(TEXT)
    expect([asked(), spent()]).toEqual([1, COST])
    expect(response.headers.get("idempotent-replayed")).toBe("true")
    expect(response.headers.get("x-credits-charged")).toBe("0.28")
    books()
  })

  test("without the header nothing is kept, and each call is a call", async () => {
    await start()
    const client = new OpenAI({ apiKey: token, baseURL: await losing(1), maxRetries: 1 })
    await client.chat.completions.create({ model: "mock-1", messages: [{ role: "user", content: "hi" }] })
    expect([asked(), spent(), keys()]).toEqual([2, 2 * COST, 0])
  })

  test("is answered with the bytes, the id and the charge of the first, and costs nothing, also in an empty wallet", async () => {
    await start({ balance: COST * 12 })
    const first = await send("k1")
    const text = await first.text()
    await kit.write((tx) =>
      kit.ledger.setBalanceIn(tx, { owner: payer, mode: "live", balanceNano: 0 as never, key: "empty" }),
    )
    const again = await send("k1")
    expect([again.status, await again.text()]).toEqual([200, text])
    for (const name of ["x-request-id", "x-credits-charged", "x-credits-remaining", "content-type"])
      expect(again.headers.get(name)).toBe(first.headers.get(name))
    expect(first.headers.get("idempotent-replayed")).toBeNull()
    expect(again.headers.get("access-control-expose-headers")).toContain("idempotent-replayed")
    expect([asked(), (await send("k2")).status]).toEqual([1, 402])
    books()
  })

  test("50 in parallel: one upstream call, one charge; the others hear that it runs, and then get its answer", async () => {
    await start()
    const gate = Promise.withResolvers<void>()
    kit.upstream.answer = async (body) => {
      await gate.promise
      return chatAnswer(body)
    }
    const all = Array.from({ length: 50 }, () => send("k1"))
    const done = all.map(async (one) => {
      const answer = await one
      if (answer.status === 409) {
        expect(answer.headers.get("retry-after")).toBe("1")
        expect(answer.headers.get("x-should-retry")).toBe("true")
      }
      return answer.status
    })
    await until(() => asked() === 1)
    const early = await Promise.race([Promise.all(done), Bun.sleep(300).then(() => null)])
    expect(early).toBeNull()
    expect((await problem(await send("k1"))).code).toBe("request_in_flight")
    gate.resolve()
    const counts = Object.groupBy(await Promise.all(done), (status) => status)
    expect([counts[200]!.length, counts[409]!.length]).toEqual([1, 49])
    expect((await send("k1")).status).toBe(200)
    expect([asked(), spent()]).toEqual([1, COST])
    books()
  })

  test("whose client left in the middle: the first call is made to its end", async () => {
    await start()
    const gate = Promise.withResolvers<void>()
    kit.upstream.answer = async (body) => {
      await gate.promise
      return chatAnswer(body)
    }
    const leaving = new AbortController()
    const first = send("k1", ASK, token, { signal: leaving.signal }).catch(() => null)
    await until(() => asked() === 1)
    leaving.abort()
    await first
    await Bun.sleep(100)
    expect((await problem(await send("k1"))).code).toBe("request_in_flight")
    gate.resolve()
    await until(() => kit.gateway.callsInFlight === 0)
    expect((await send("k1")).status).toBe(200)
    expect([asked(), spent(), kit.upstream.aborted]).toEqual([1, COST, 0])
  })
})

const payer = { kind: "principal", id: 1 } as never

describe("what is not kept is told by its charge", () => {
  test("a stream", async () => {
    await start()
    const first = await send("k1", { ...ASK, stream: true })
    await first.text()
    const again = await send("k1", { ...ASK, stream: true })
    expect([again.status, again.headers.get("x-should-retry"), again.headers.get("x-credits-charged")]).toEqual([
      409,
      "false",
      "0.28",
    ])
    expect(await problem(again)).toMatchObject({
      code: "already_completed",
      request_id: first.headers.get("x-request-id")!,
      charged: { nano: String(COST), credits: "0.28" },
    })
    expect([asked(), spent()]).toEqual([1, COST])
  })

  test("an answer above 1 MB; one below it is kept sealed", async () => {
    await start()
    const long = (length: number) => {
      kit.upstream.answer = () => {
        const message = { role: "assistant", content: "x".repeat(length) }
        const choices = [{ index: 0, message, finish_reason: "stop" }]
        return Response.json({
          id: "c1",
          object: "chat.completion",
          created: 1,
          model: "mock-1",
          choices,
          usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
        })
      }
    }
    long(1024 * 1024)
    await (await send("big")).text()
    long(1024 * 1024 - 1_000)
    const kept = await (await send("small")).text()
    expect((await problem(await send("big"))).code).toBe("already_completed")
    expect(await (await send("small")).text()).toBe(kept)
    const row = kit.store.read.get<{ sealed: string }>(
      "SELECT answer_sealed AS sealed FROM idempotency_keys WHERE answer_sealed IS NOT NULL",
    )!
    expect([row.sealed.startsWith("v1."), row.sealed.includes("xxxxx")]).toEqual([true, false])
    expect(asked()).toBe(2)
  })
})

describe("what a key is", () => {
  test("with another body it is refused, and nothing is asked or charged", async () => {
    await start()
    await (await send("k1")).text()
    const other = await send("k1", { ...ASK, max_tokens: 5 })
    expect([other.status, other.headers.get("x-should-retry")]).toEqual([422, "false"])
    expect(await problem(other)).toMatchObject({ code: "idempotency_mismatch", param: "Idempotency-Key" })
    expect([asked(), spent()]).toEqual([1, COST])
  })

  test("another person's, another app's and another route's same key is another key", async () => {
    await start()
    const grantTo2 = { kind: "principal", id: 2 } as never
    const grant = { owner: grantTo2, mode: "live", type: "topup", bucket: "purchase", paid: true, key: "two" } as const
    await kit.write((tx) => kit.ledger.grantIn(tx, { ...grant, amountNano: credits(10) }))
    await (await send("k1")).text()
    const [theirs, elsewhere] = [await app.token(2), await (await kit.app()).token()]
    for (const bearer of [theirs, elsewhere]) {
      const answer = await send("k1", ASK, bearer)
      expect([answer.status, answer.headers.get("idempotent-replayed")]).toEqual([200, null])
      await answer.text()
    }
    expect(asked()).toBe(3)
    const body = JSON.stringify({ model: "mock-1", input: "hi" })
    const both = await app.token(1, { scope: "openid llm embeddings" })
    const headers = { authorization: `Bearer ${both}`, "content-type": "application/json", "idempotency-key": "k1" }
    const embedding = await fetch(`${kit.server.url}/v1/embeddings`, { method: "POST", headers, body })
    expect([409, 422]).not.toContain(embedding.status)
  })

  test("is 1 to 255 visible characters", async () => {
    await start()
    for (const key of ["x".repeat(256), "two words", "ümlaut", ""]) {
      const answer = await send(key)
      expect([key.length, answer.status]).toEqual([key.length, 400])
      expect(await problem(answer)).toMatchObject({ code: "invalid_request", param: "Idempotency-Key" })
    }
    expect((await send("~".repeat(255))).status).toBe(200)
    expect(asked()).toBe(1)
  })
})

describe("a call that cost nothing gives its key back", () => {
  test("refused before its hold, or failed at the provider", async () => {
    await start()
    expect((await send("k1", { ...ASK, model: "none" })).status).toBe(404)
    expect(keys()).toBe(0)
    kit.upstream.answer = () => Response.json({ error: { message: "no" } }, { status: 500 })
    expect((await send("k1")).status).toBe(502)
    expect([keys(), spent()]).toEqual([0, 0])
    kit.upstream.answer = chatAnswer
    expect((await send("k1")).status).toBe(200)
    expect(spent()).toBe(COST)
  })

  test("a stream that breaks off keeps it: what came was charged", async () => {
    await start()
    kit.upstream.answer = () => sse(streamText(false).slice(0, 700))
    await (await send("k1", { ...ASK, stream: true })).text().catch(() => "")
    await until(() => kit.gateway.callsInFlight === 0)
    expect(spent()).toBeGreaterThan(0)
    expect((await problem(await send("k1", { ...ASK, stream: true }))).code).toBe("already_completed")
  })
})

describe("after a crash in between", () => {
  async function crashed(model: string): Promise<void> {
    kit.upstream.answer = () => new Promise<Response>(() => {})
    const lost = send("k1", { ...ASK, model }).catch(() => null)
    onTestFinished(() => void lost)
    await until(() => asked() === 1)
    // The next process resolves what this one left; that this one still waits makes no difference to the rows.
    const { store, clock } = kit
    const next = createLedger({ store, clock, ids: createIds(clock), bootId: "boot_2" })
    await next.recoverHolds()
  }

  test("what recovery charged is done: 409 with the charge, and nothing is asked again", async () => {
    await start({ timeouts: { totalMs: 2_000 } })
    await crashed("mock-1")
    expect(spent()).toBeGreaterThan(0)
    const again = await send("k1")
    expect([again.status, (await problem(again)).code]).toEqual([409, "already_completed"])
    expect(asked()).toBe(1)
    books()
  })

  test("what recovery charged nothing for may be called again", async () => {
    await start({ timeouts: { totalMs: 2_000 } })
    const free = { provider: "openai", model: "mock-1", rates: { input: 0, output: 0 } }
    await kit.pricing.setModelPrice(testCtx, free)
    await crashed("mock-1")
    kit.upstream.answer = chatAnswer
    expect((await send("k1")).status).toBe(200)
    expect(asked()).toBe(2)
    // The first call ends at last: the key is the second one's by now.
    await until(() => kit.gateway.callsInFlight === 0)
    expect((await send("k1")).headers.get("idempotent-replayed")).toBe("true")
  })
})

test("a key lives 24 hours, whether the sweep ran or not; then it is gone", async () => {
  await start()
  await (await send("k1")).text()
  kit.clock.advance(DAY_MS - 60_000)
  const fresh = await app.token()
  expect((await send("k1", ASK, fresh)).headers.get("idempotent-replayed")).toBe("true")
  expect(await kit.gateway.forgetKeys(100)).toBe(0)
  kit.clock.advance(60_000)
  const later = await app.token()
  expect((await send("k1", ASK, later)).headers.get("idempotent-replayed")).toBeNull()
  expect(asked()).toBe(2)
  kit.clock.advance(DAY_MS)
  expect(await kit.gateway.forgetKeys(100)).toBe(1)
  expect(keys()).toBe(0)
})
