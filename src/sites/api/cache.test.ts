// The cache of answers (GW-9): the same question again costs a part of what it cost, asks nobody, and is never another person's.
import { describe, expect, test } from "bun:test"
import Anthropic from "@anthropic-ai/sdk"
import OpenAI from "openai"
import { credits, nano, PrincipalId, UserId } from "../../app/index.ts"
import { GATEWAY_LIMITS, gatewayPart } from "../../gateway/index.ts"
import { testCtx } from "../../store/index.ts"
import { ASK, app, books, COST, chunkOf, kit, last, spent, sse, start, TEXT, token } from "./testing.ts"

const send = (cache: string | null, body: unknown = ASK, bearer = token, more: Record<string, string> = {}) =>
  kit.post(bearer, body, {
    headers: {
      authorization: `Bearer ${bearer}`,
      "content-type": "application/json",
      ...(cache === null ? {} : { "x-credits-cache": cache }),
      ...more,
    },
  })
const state = (answer: Response) => answer.headers.get("x-credits-cache")
const asked = () => kit.upstream.journal.length
const rows = () => kit.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM cached_answers")!.n
const HIT = COST / 10
const PERCENT = gatewayPart.settings!.find(({ key }) => key === "gateway.cache_percent")!
const withoutComments = (text: string) => text.replace(/^:.*\n\n/gm, "")

describe("asked for, the same question again", () => {
  test("is answered without asking anybody, for a tenth, with its developer's tenth, and nothing for a provider", async () => {
    await start()
    const first = await send("60")
    expect([state(first), first.headers.get("x-credits-charged")]).toEqual(["miss", "0.28"])
    const text = await first.text()
    kit.clock.advance(7_000)
    const again = await send("60")
    expect([state(again), again.headers.get("age")]).toEqual(["hit", "7"])
    expect(again.headers.get("x-credits-charged")).toBe("0.028")
    expect(again.headers.get("content-type")).toContain("application/json")
    expect(again.headers.get("x-request-id")).not.toBe(first.headers.get("x-request-id"))
    expect(await again.text()).toBe(text)
    expect([asked(), spent()]).toEqual([1, COST + HIT])
    expect(last()).toMatchObject({
      chargeNano: HIT,
      upstreamNano: 0,
      developerNano: COST / 40,
      platformNano: HIT - COST / 40,
      upstreamId: null,
      inputTokens: 0,
      status: 200,
      units: JSON.stringify({ cached_of_nano: COST }),
    })
    books()
  })

  test("streamed comes as events, the charge in its comment; whole and streamed are two questions", async () => {
    await start()
    const body = { ...ASK, stream: true }
    const first = await (await send("on", body)).text()
    expect(first).toContain(`: charged ${COST} remaining`)
    const answer = await send("on", body)
    expect([state(answer), answer.headers.get("content-type")]).toEqual(["hit", "text/event-stream; charset=utf-8"])
    const again = await answer.text()
    expect(again).toContain(`: charged ${HIT} remaining ${kit.balance()}\n\ndata: [DONE]`)
    expect(withoutComments(again)).toBe(withoutComments(first))
    const quiet = await (await send("on", body, token, { "x-credits-comment": "off" })).text()
    expect(quiet).toBe(withoutComments(first))
    expect(state(await send("on"))).toBe("miss")
    expect(asked()).toBe(2)
    books()
  })

  test("is read by the SDKs of OpenAI and Anthropic as any answer", async () => {
    await start()
    const openai = new OpenAI({
      apiKey: token,
      baseURL: `${kit.server.url}/v1`,
      defaultHeaders: { "x-credits-cache": "300" },
    })
    const anthropic = new Anthropic({
      apiKey: null,
      authToken: token,
      baseURL: kit.server.url,
      defaultHeaders: { "x-credits-cache": "300" },
    })
    const chat = async () => {
      let said = ""
      const stream = await openai.chat.completions.create({
        model: "mock-1",
        messages: [{ role: "user", content: "hi" }],
        stream: true,
      })
      for await (const part of stream) said += part.choices[0]?.delta.content ?? ""
      return said
    }
    const message = async () =>
      (
        await anthropic.messages
          .stream({ model: "mock-1", max_tokens: 50, messages: [{ role: "user", content: "hi" }] })
          .finalMessage()
      ).content.map((part) => (part.type === "text" ? part.text : ""))
    expect([await chat(), await chat()]).toEqual([TEXT, TEXT])
    expect([await message(), await message()]).toEqual([[TEXT], [TEXT]])
    expect(asked()).toBe(2)
    books()
  })
})

describe("never", () => {
  test("without being asked for, with another body, after its time, or older than is wanted", async () => {
    await start()
    expect([state(await send(null)), state(await send("off")), state(await send("0")), rows()]).toEqual([
      null,
      null,
      null,
      0,
    ])
    expect(state(await send("60"))).toBe("miss")
    expect(state(await send(null))).toBe(null)
    expect(state(await send("60", { ...ASK, temperature: 1 }))).toBe("miss")
    kit.clock.advance(30_000)
    expect(state(await send("20"))).toBe("miss")
    kit.clock.advance(19_999)
    expect(state(await send("60"))).toBe("hit")
    kit.clock.advance(1)
    expect(state(await send("60"))).toBe("miss")
    expect(await kit.gateway.forgetCached(100)).toBe(0)
    kit.clock.advance(60_000)
    expect([await kit.gateway.forgetCached(100), rows()]).toEqual([2, 0])
  })

  test("another person's, app's, key's or mode's", async () => {
    await start()
    const bearers = [
      token,
      await app.token(2),
      await (await kit.app()).token(),
      (await kit.key()).secret,
      (await kit.key()).secret,
    ]
    const owner = { kind: "principal", id: PrincipalId(2) } as const
    const set = (balanceNano: number, key: string) =>
      kit.write((tx) => kit.ledger.setBalanceIn(tx, { owner, mode: "live", balanceNano: nano(balanceNano), key }))
    await set(credits(10), "full")
    for (const bearer of bearers) expect(state(await send("60", ASK, bearer))).toBe("miss")
    for (const bearer of bearers.slice(2)) expect(state(await send("60", ASK, bearer))).toBe("hit")
    await set(0, "empty")
    // Theirs is there, and they cannot pay for it.
    const poor = await send("60", ASK, bearers[1])
    expect([poor.status, state(poor)]).toEqual([402, "hit"])
    expect(asked()).toBe(5)
    books()
  })

  test("once its permission ended, or its person was suspended", async () => {
    await start()
    await send("60")
    kit.people.suspended.add(1)
    expect((await send("60")).status).toBe(403)
    kit.people.suspended.clear()
    const key = await kit.key()
    await send("60", ASK, key.secret)
    await kit.keys.revoke(testCtx, { userId: 1 as never, keyPublicId: key.key.publicId })
    expect((await send("60", ASK, key.secret)).status).toBe(401)
    expect(asked()).toBe(2)
  })

  test("an answer that failed, broke off, or was left by its client", async () => {
    await start()
    kit.upstream.answer = () => Response.json({ error: { message: "no" } }, { status: 400 })
    expect((await send("60")).status).toBe(400)
    kit.upstream.answer = () =>
      new Response('data: {"id":"c1","choices":[{"index":0,"delta":{"content":"half"}}]}\n\n', {
        headers: { "content-type": "text/event-stream" },
      })
    await (await send("60", { ...ASK, stream: true })).text()
    const first = new TextEncoder().encode(chunkOf({ content: "half" }))
    kit.upstream.answer = () => sse(new ReadableStream({ start: (controller) => controller.enqueue(first) }))
    const left = await send("60", { ...ASK, stream: true })
    await left.body!.cancel()
    await kit.gateway.drain(3_000)
    expect(rows()).toBe(0)
    books()
  })

  test("of tools that run here, of conversations that are kept, or of files: the answer says so", async () => {
    await start()
    const answer = await fetch(`${kit.server.url}/v1/responses`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "x-credits-cache": "on" },
      body: JSON.stringify({ model: "mock-1", input: "hi" }),
    })
    expect([answer.status, state(answer), rows()]).toEqual([200, "bypass", 0])
  })

  test("in plain text on disk", async () => {
    await start()
    await send("60")
    const { answer_sealed: sealed } = kit.store.read.get<{ answer_sealed: string }>(
      "SELECT answer_sealed FROM cached_answers",
    )!
    expect(sealed).toStartWith("v1.")
    expect(sealed).not.toContain("Hello")
  })
})

test("what is no time is refused with its name, and loses nothing", async () => {
  await start()
  for (const bad of ["yes", "-1", "1.5", "604801", "1e3", "60, 60", "9999999"]) {
    const answer = await send(bad)
    const { error } = (await answer.json()) as { error: { code: string; param: string } }
    expect([bad, answer.status, error.param]).toEqual([bad, 400, "X-Credits-Cache"])
  }
  expect(state(await send("604800"))).toBe("miss")
})

test("what the operator sets is what a hit costs, also nothing", async () => {
  await start()
  await send("60")
  await kit.write((tx) => kit.settings.setIn(tx, PERCENT, { value: 0 }))
  const free = await send("60")
  expect([state(free), free.headers.get("x-credits-charged"), spent()]).toEqual(["hit", "0", COST])
  await kit.write((tx) => kit.settings.setIn(tx, PERCENT, { value: 10_000 }))
  expect([state(await send("60")), spent()]).toEqual(["hit", 2 * COST])
  books()
})

test("100 at once of one person: each hit costs its part, exactly, and a repeat of a hit costs nothing", async () => {
  await start()
  await send("60")
  const answers = await Promise.all(Array.from({ length: 100 }, () => send("60")))
  expect(answers.map(state)).toEqual(Array(100).fill("hit"))
  expect(spent()).toBe(COST + 100 * HIT)
  const once = { "idempotency-key": "a" }
  expect(state(await send("60", ASK, token, once))).toBe("hit")
  const repeat = await send("60", ASK, token, once)
  expect(repeat.headers.get("idempotent-replayed")).toBe("true")
  expect([asked(), spent()]).toEqual([1, COST + 101 * HIT])
  books()
})

test("a key or an app that is set to it needs no header; `off` is stronger", async () => {
  await start()
  const key = await kit.key()
  await kit.write((tx) =>
    kit.gateway.setCacheIn(tx, { keyId: key.key.id, subject: key.key.publicId, userId: UserId(1) }, 60),
  )
  await kit.write((tx) =>
    kit.gateway.setCacheIn(tx, { clientId: app.client.id, subject: app.client.publicId, userId: UserId(1) }, 60),
  )
  for (const bearer of [token, key.secret]) {
    expect(state(await send(null, ASK, bearer))).toBe("miss")
    expect(state(await send(null, ASK, bearer))).toBe("hit")
    expect(state(await send("off", ASK, bearer))).toBe(null)
  }
  await kit.write((tx) =>
    kit.gateway.setCacheIn(tx, { keyId: key.key.id, subject: key.key.publicId, userId: UserId(1) }, 0),
  )
  expect(state(await send(null, ASK, key.secret))).toBe(null)
})

test("one person has a bounded number; the oldest go first", async () => {
  await start()
  const max = GATEWAY_LIMITS.cachedAnswersMax as number
  await kit.write((tx) => {
    for (let at = 0; at < max; at++)
      tx.run(
        `INSERT INTO cached_answers (scope_hash, user_id, call_id, created_ms, expires_ms, charge_nano, developer_nano, bytes, answer_sealed)
         VALUES (?, 1, 'req_x', ?, ?, 0, 0, 10, 'v1.x')`,
        String(at).padStart(64, "0"),
        tx.now - max + at,
        tx.now + 60_000,
      )
  })
  await send("60")
  expect(rows()).toBe(max)
  expect(kit.store.read.get("SELECT 1 FROM cached_answers WHERE scope_hash = ?", "0".repeat(64))).toBe(null)
  expect(state(await send("60"))).toBe("hit")
})
