// What real upstreams refuse, drop or are slow with: asked once more where that helps, else told so that a caller can
// act on it.
import { describe, expect, test } from "bun:test"
import OpenAI from "openai"
import { ASK, addUpstream, chatAnswer, chunkOf, kit, last, sse, start, token } from "./testing.ts"
import { answerOf, httpOf, keepAliveServer } from "./upstream-testing.ts"

describe("asking once more", () => {
  test("up-no-stream-options: without it, remembered, and only for streams", async () => {
    await start()
    kit.upstream.answer = (body) =>
      body.stream_options
        ? answerOf("up-no-stream-options")
        : sse(`${chunkOf({ content: "x" })}${chunkOf({}, {}, "stop")}`)
    for (let at = 0; at < 2; at++) {
      const response = await kit.post(token, { ...ASK, stream: true, stream_options: { include_usage: true } })
      expect(response.status).toBe(200)
      await response.text()
    }
    expect(kit.upstream.journal.map(({ stream_options }) => stream_options !== undefined)).toEqual([true, false, false])
    expect(last()).toMatchObject({ source: "estimated", end: "done" })
  })

  test("a refusal that merely names it switches nothing off", async () => {
    await start()
    kit.upstream.answer = () => Response.json({ error: { message: "bad tool stream_options" } }, { status: 400 })
    expect((await kit.post(token, { ...ASK, stream: true })).status).toBe(400)
    kit.upstream.answer = (body) => chatAnswer(body)
    await (await kit.post(token, { ...ASK, stream: true })).text()
    expect(kit.upstream.journal.map(({ stream_options }) => stream_options !== undefined)).toEqual([true, false, true])
    expect(last().source).toBe("reported")
  })

  test("an answer in one piece, which never has the field, is not asked for again", async () => {
    await start()
    kit.upstream.answer = () => answerOf("up-no-stream-options")
    expect((await kit.post(token, ASK)).status).toBe(400)
    expect(kit.upstream.journal).toHaveLength(1)
  })

  test("up-stale-keepalive: a reset of a connection that had answered is asked on a new one, once", async () => {
    await start()
    const upstream = await keepAliveServer((socket, nth) => {
      if (nth > 1) socket.resetAndDestroy()
      else socket.write(httpOf(JSON.stringify({ choices: [{ index: 0, message: { content: "ok" } }] })))
    })
    await addUpstream("stale", upstream.url)
    for (let at = 0; at < 3; at++) expect((await kit.post(token, { ...ASK, model: "stale/mock-1" })).status).toBe(200)
    // One connection answers and goes stale; each later call meets the reset and opens its own.
    expect(upstream.requests()).toBeLessThanOrEqual(5)
    upstream.stop()
  })

  test("the new one is new, also when several went stale together", async () => {
    await start()
    const upstream = await keepAliveServer(async (socket, nth) => {
      if (nth > 1) return void socket.resetAndDestroy()
      await Bun.sleep(100)
      socket.write(httpOf(JSON.stringify({ choices: [{ index: 0, message: { content: "ok" } }] })))
    })
    await addUpstream("stale", upstream.url)
    const call = async () => (await kit.post(token, { ...ASK, model: "stale/mock-1" })).status
    expect(await Promise.all(Array.from({ length: 6 }, call))).toEqual(Array(6).fill(200))
    expect(await call()).toBe(200)
    upstream.stop()
  })

  test("a reset of a first connection is not: it may have been read", async () => {
    await start()
    const upstream = await keepAliveServer((socket) => socket.resetAndDestroy())
    await addUpstream("stale", upstream.url)
    expect((await kit.post(token, { ...ASK, model: "stale/mock-1" })).status).toBe(502)
    expect(upstream.requests()).toBe(1)
    upstream.stop()
  })
})

describe("a refusal keeps what the caller can act on", () => {
  const refusals: [name: string, status: number, error: object][] = [
    ["up-ctx", 400, { code: "context_length_exceeded", param: "messages" }],
    ["up-cfilter", 400, { code: "content_filter", param: "prompt" }],
    ["up-e-gemini", 400, { code: "provider_rejected", message: "Unsupported MIME type: image/x" }],
    ["up-e-detail", 400, { message: "messages.0: Input should be a valid string" }],
    ["up-e-text", 400, { message: "max_tokens is too large: 99999" }],
  ]
  for (const [name, status, error] of refusals) {
    test(name, async () => {
      await start()
      kit.upstream.answer = () => answerOf(name)
      const response = await kit.post(token, ASK)
      expect(response.status).toBe(status)
      expect(await response.json()).toMatchObject({ error })
      expect(last()).toMatchObject({ errorCode: "provider_rejected", chargeNano: 0 })
    })
  }

  test("up-e-image404: what an upstream has no model for is the caller's to change, and is not asked for again", async () => {
    await start()
    kit.upstream.answer = () => answerOf("up-e-image404")
    const response = await kit.post(token, ASK)
    expect([response.status, response.headers.get("x-should-retry")]).toEqual([400, "false"])
    expect(await response.json()).toMatchObject({ error: { message: "No endpoints found that support image input" } })
  })

  test("another account is asked before a caller is told so", async () => {
    await start()
    kit.upstream.answer = (body) => (kit.upstream.journal.length === 1 ? answerOf("up-e-image404") : chatAnswer(body))
    await addUpstream("other", kit.upstream.url)
    expect((await kit.post(token, ASK)).status).toBe(200)
  })

  const told: [why: string, status: number, error: object, expected: object][] = [
    [
      "moderation is a filter's work",
      403,
      { code: 403, message: "Your input was flagged", metadata: { reasons: ["violence"], flagged_input: "…" } },
      { code: "content_filter", message: "Your input was flagged" },
    ],
    [
      "the provider behind OpenRouter speaks for itself",
      400,
      {
        code: 400,
        message: "Provider returned error",
        metadata: { raw: '{"error":{"message":"temperature: too hot"}}' },
      },
      { code: "provider_rejected", message: "temperature: too hot" },
    ],
    [
      "any code of the provider's own",
      400,
      { code: "unsupported_parameter", param: "top_k", message: "No top_k." },
      { code: "unsupported_parameter", param: "top_k" },
    ],
    [
      "but none about the operator's account",
      400,
      { code: "billing_hard_limit_reached", message: "Billing." },
      { code: "provider_rejected" },
    ],
  ]
  for (const [why, status, error, expected] of told) {
    test(why, async () => {
      await start()
      kit.upstream.answer = () => Response.json({ error }, { status })
      const response = await kit.post(token, ASK)
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ error: expected })
    })
  }

  test("a model that is not there is not the caller's fault", async () => {
    await start()
    const error = { message: "The model `mock-1` does not exist", code: "model_not_found" }
    kit.upstream.answer = () => Response.json({ error }, { status: 404 })
    expect((await kit.post(token, ASK)).status).toBe(502)
  })

  test("a wait of an hour is told as an hour, and no SDK sleeps so long by itself", async () => {
    await start()
    kit.upstream.answer = () => new Response("{}", { status: 429, headers: { "retry-after": "3600" } })
    const { headers } = await kit.post(token, ASK)
    expect([headers.get("retry-after"), headers.get("x-should-retry")]).toEqual(["3600", "false"])
  })

  test("up-r429date: Retry-After as a date", async () => {
    await start()
    kit.upstream.answer = () => {
      const answer = answerOf("up-r429date")
      answer.headers.set("retry-after", new Date(Date.now() + 30_000).toUTCString())
      return answer
    }
    const response = await kit.post(token, ASK)
    expect(response.status).toBe(503)
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(25)
    expect(Number(response.headers.get("retry-after"))).toBeLessThan(32)
  })

  test("a page of HTML is nobody's words", async () => {
    await start()
    kit.upstream.answer = () => new Response("<html>nginx sk-upstream-secret-key</html>", { status: 400 })
    const { error } = (await (await kit.post(token, ASK)).json()) as { error: { message: string } }
    expect(error.message).toBe("The AI provider refused this request. Check its parameters.")
  })
})

describe("time", () => {
  test("up-slow200: an answer in one piece may take the whole of a call's time", async () => {
    await start({ timeouts: { headMs: 100, gapMs: 100, totalMs: 5_000 } })
    kit.upstream.answer = async (body) => {
      await Bun.sleep(600)
      return chatAnswer(body)
    }
    expect((await kit.post(token, ASK)).status).toBe(200)
    expect(last()).toMatchObject({ end: "done", source: "reported" })
  })

  test("what was cut by time, or lost on its way, is not asked for again by SDKs: it was made and billed", async () => {
    await start({ timeouts: { totalMs: 1_000 } })
    kit.upstream.answer = () => new Promise(() => {})
    const client = new OpenAI({ apiKey: token, baseURL: `${kit.server.url}/v1`, maxRetries: 2 })
    const ask = () =>
      client.chat.completions.create(ASK as never).catch((error: unknown) => error as { status: number })
    expect(await ask()).toMatchObject({ status: 504 })
    expect(kit.upstream.journal).toHaveLength(1)
    const lost = await keepAliveServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{"choices":')
      setTimeout(() => socket.destroy(), 50)
    })
    await addUpstream("lost", lost.url)
    const response = await kit.post(token, { ...ASK, model: "lost/mock-1" })
    expect([response.status, response.headers.get("x-should-retry")]).toEqual([502, "false"])
    lost.stop()
  })
})
