// What real upstreams were seen to send, byte for byte (test/cases/gateway, each with a note of what is right), against a server.
import { afterEach, describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { createServer, type Socket } from "node:net"
import { join } from "node:path"
import OpenAI from "openai"
import { type Log, UserId } from "../../app/index.ts"
import { testCtx } from "../../store/index.ts"
import { chatAnswer, chunkOf, feed, IN_NANO, openV1, sse, TEXT, type V1Kit } from "./testing.ts"

const CASES = join(import.meta.dir, "../../../test/cases/gateway")
const ASK = { model: "mock-1", messages: [{ role: "user", content: "hi" }] }

let kit: V1Kit
let token: string
let logged: { event: string; fields: Record<string, unknown> }[]
async function start(options: Parameters<typeof openV1>[0] = {}) {
  logged = []
  const keep = (event: string, fields: Record<string, unknown> = {}) => void logged.push({ event, fields })
  const log: Log = { debug() {}, info() {}, warn: keep, error: keep }
  kit = await openV1({ log, ...options })
  token = await (await kit.app()).token()
}
afterEach(() => kit.close())

/** The answer that a file holds. */
function answerOf(name: string): Response {
  const text = readFileSync(join(CASES, `${name}.http`), "utf8")
  const end = text.search(/\r?\n\r?\n/)
  const [status, ...lines] = text.slice(0, end).split(/\r?\n/)
  const headers = new Headers()
  for (const line of lines) {
    const at = line.indexOf(":")
    const field = line.slice(0, at)
    if (!/^(content-length|connection)$/i.test(field)) headers.append(field, line.slice(at + 1).trim())
  }
  const body = text.slice(end).replace(/^\r?\n\r?\n/, "")
  return new Response(body, { status: Number(status!.split(" ")[1]), headers })
}
const last = () => kit.usage.recent(UserId(1), 1)[0]!
const spent = () => 1_000_000_000 - kit.balance()
const estimates = () => logged.filter(({ event }) => event === "gateway.usage_estimated")
async function until(what: () => boolean, ms = 3_000): Promise<void> {
  const started = performance.now()
  while (!what()) {
    if (performance.now() - started > ms) throw new Error("it did not happen in time")
    await Bun.sleep(5)
  }
}
/** The data of each event a client gets; comments left out. */
const dataOf = (text: string) =>
  text
    .split("\n\n")
    .filter((event) => event.includes("data: "))
    .map((event) => event.replace(/^data: /, ""))
async function streamed(name: string): Promise<string[]> {
  await start()
  kit.upstream.answer = () => answerOf(name)
  return dataOf(await (await kit.post(token, { ...ASK, stream: true })).text())
}

describe("usage as it is reported", () => {
  const reports: [name: string, input: number, cached: number, output: number, charge: number][] = [
    ["up-u-xai", 100, 0, 900, 3_800_000],
    ["up-u-gemini", 100, 0, 900, 3_800_000],
    ["up-u-deepseek", 2_000, 1_920, 20, 2_160_000],
    // 900 of them written to the cache.
    ["up-u-litellm-anthropic", 2_000, 1_000, 20, 3_530_000],
  ]
  for (const [name, input, cached, output, charge] of reports) {
    test(`${name}: ${input} in, ${cached} of it cached, ${output} out`, async () => {
      await start()
      await kit.pricing.setModelPrice(testCtx, {
        provider: "openai",
        model: "mock-1",
        rates: { input: 1_000_000, output: 2_000_000, cacheRead: 500_000, cacheWrite: 1_250_000 },
        limits: { contextWindow: 128_000, maxOutputTokens: 1_000 },
      })
      kit.upstream.answer = () => answerOf(name)
      expect((await kit.post(token, ASK)).status).toBe(200)
      expect(last()).toMatchObject({
        source: "reported",
        inputTokens: input,
        cachedTokens: cached,
        outputTokens: output,
        chargeNano: charge,
      })
      expect(estimates()).toEqual([])
    })
  }

  for (const [name, fault] of [
    ["up-u-completion-missing", "completion_tokens: undefined"],
    ["up-u-float", "completion_tokens: 20.5"],
  ] as const) {
    test(`${name}: the prompt's report stays, the output is estimated, and the operator is told`, async () => {
      await start()
      kit.upstream.answer = () => answerOf(name)
      await kit.post(token, ASK)
      expect(last()).toMatchObject({ source: "estimated", inputTokens: 100, outputTokens: 3 })
      expect(estimates().map(({ fields }) => fields)).toMatchObject([
        { upstream: "mock", model: "mock-1", faults: fault },
      ])
    })
  }

  test("Groq's report beside the chunk counts", async () => {
    await start()
    const usage = { prompt_tokens: 100, completion_tokens: 7 }
    kit.upstream.answer = () => sse(chunkOf({ content: "x" }, { x_groq: { usage } }, "stop"))
    await (await kit.post(token, { ...ASK, stream: true })).text()
    expect(last()).toMatchObject({ source: "reported", inputTokens: 100, outputTokens: 7 })
  })
})

describe("output that nobody reports is counted", () => {
  test("up-reasoning-nonstream: thinking", async () => {
    await start()
    kit.upstream.answer = () => answerOf("up-reasoning-nonstream")
    await kit.post(token, ASK)
    expect(last().outputTokens).toBeGreaterThan(500)
  })
  test("up-reasoning-details: thinking in parts", async () => {
    await streamed("up-reasoning-details")
    // 1,201 bytes of text.
    expect(last().outputTokens).toBe(301)
  })
  test("up-audio-delta: sound, at the end and when the client leaves", async () => {
    await streamed("up-audio-delta")
    expect(last()).toMatchObject({ end: "done", source: "estimated" })
    expect(last().outputTokens).toBeGreaterThan(0)
    expect(last().chargeNano).toBeGreaterThan(last().inputTokens * IN_NANO)
  })
  test("a content list: text, thinking and a picture", async () => {
    await start()
    const content = [
      { type: "thinking", thinking: [{ type: "text", text: "t".repeat(400) }] },
      { type: "text", text: "x".repeat(400) },
    ]
    kit.upstream.answer = () => Response.json({ choices: [{ index: 0, message: { content }, finish_reason: "stop" }] })
    await kit.post(token, ASK)
    expect(last().outputTokens).toBe(200)
  })
})

describe("a client that leaves", () => {
  test("up-reason-hidden: at the finish still owes what the usage says, 0.4 s later", async () => {
    await start({ balance: 100_000_000_000 })
    await kit.pricing.setModelPrice(testCtx, {
      provider: "openai",
      model: "mock-1",
      rates: { input: 1_000_000, output: 2_000_000 },
      limits: { contextWindow: 128_000, maxOutputTokens: 30_000 },
    })
    const [before, after] = (await answerOf("up-reason-hidden").text()).split(
      ": 400 ms pause here, the client leaves now\n\n",
    )
    kit.upstream.answer = () =>
      feed(
        (async function* () {
          yield before!
          await Bun.sleep(400)
          yield after!
        })(),
      )
    const start100 = kit.balance()
    const controller = new AbortController()
    const response = await kit.post(token, { ...ASK, stream: true }, { signal: controller.signal })
    const reader = response.body!.getReader()
    let text = ""
    while (!text.includes('"finish_reason":"stop"')) text += new TextDecoder().decode((await reader.read()).value)
    controller.abort()
    await until(() => kit.gateway.callsInFlight === 0)
    expect(last()).toMatchObject({ end: "client_gone", source: "reported", outputTokens: 20_000 })
    expect(start100 - kit.balance()).toBe(80_200_000)
  })

  test("at the finish of a server that never reports is charged by estimate, and soon", async () => {
    await start({ timeouts: { usageMs: 200 } })
    kit.upstream.answer = () =>
      feed(
        (async function* () {
          yield chunkOf({ content: "42" }) + chunkOf({}, {}, "stop")
          await new Promise(() => {})
        })(),
      )
    const controller = new AbortController()
    const response = await kit.post(token, { ...ASK, stream: true }, { signal: controller.signal })
    const reader = response.body!.getReader()
    let text = ""
    while (!text.includes('"finish_reason":"stop"')) text += new TextDecoder().decode((await reader.read()).value)
    controller.abort()
    await until(() => kit.gateway.callsInFlight === 0)
    expect(last()).toMatchObject({ end: "client_gone", source: "estimated", outputTokens: 1, status: 499 })
    await until(() => kit.upstream.aborted === 1)
  })

  test("up-image-hidden: after the picture and before usage owes the picture", async () => {
    await start({ balance: 100_000_000_000 })
    const whole = await answerOf("up-image-hidden").text()
    const first = `${whole.split("\n\n")[0]}\n\n`
    kit.upstream.answer = () =>
      feed(
        (async function* () {
          yield first
          await new Promise(() => {})
        })(),
      )
    const controller = new AbortController()
    const response = await kit.post(token, { ...ASK, stream: true }, { signal: controller.signal })
    await response.body!.getReader().read()
    await Bun.sleep(50)
    controller.abort()
    await until(() => kit.gateway.callsInFlight === 0)
    // The model's maximum is 1,000: an estimate stays within what was held.
    expect(last()).toMatchObject({ end: "client_gone", outputTokens: 1_000 })
  })

  test("a call without a stream: the answer is awaited for a while, then given up, and its credits are free", async () => {
    await start({ timeouts: { abandonedMs: 300 } })
    kit.upstream.answer = () => new Promise(() => {})
    const controllers = Array.from({ length: 6 }, () => new AbortController())
    const calls = controllers.map(({ signal }) => kit.post(token, ASK, { signal }).catch(() => null))
    await until(() => kit.upstream.journal.length === 6)
    for (const controller of controllers) controller.abort()
    await Promise.all(calls)
    await until(() => kit.gateway.callsInFlight === 0)
    await until(() => kit.upstream.aborted === 6)
    expect(kit.ledger.wallet({ kind: "principal", id: UserId(1) }, "live").heldNano).toBe(0 as never)
    // At least the input, and a little for what was made unseen.
    expect(last()).toMatchObject({ end: "client_gone", status: 499, source: "estimated" })
    expect(last().outputTokens).toBeGreaterThan(0)
    expect(last().outputTokens).toBeLessThan(60)
  })

  test("a call to a model in this process is stopped at once: nothing is made there", async () => {
    await start({ sandboxWordMs: 50 })
    const controller = new AbortController()
    const words = { ...ASK, model: "sandbox", stream: true, messages: [{ role: "user", content: "a b c d e f g h" }] }
    const response = await kit.post(token, words, { signal: controller.signal })
    await response.body!.getReader().read()
    controller.abort()
    await until(() => kit.gateway.callsInFlight === 0, 500)
    expect(last().end).toBe("client_gone")
  })
})

describe("framing", () => {
  const WORDS = "Hello wörld 🌍 你好 done"
  const textOf = (data: string[]) =>
    data
      .filter((one) => one !== "[DONE]")
      .map((one) => JSON.parse(one).choices[0]?.delta.content ?? "")
      .join("")
  for (const name of ["up-empty-data", "up-ping-event", "up-done-space"]) {
    test(`${name} is a whole answer`, async () => {
      const data = await streamed(name)
      expect(data.at(-1)).toBe("[DONE]")
      expect(textOf(data)).toBe(WORDS)
      for (const one of data.slice(0, -1)) expect(JSON.parse(one).choices).toBeArray()
      expect(last()).toMatchObject({ end: "done", source: "reported", outputTokens: 20 })
    })
  }

  test("keep-alives as data, in words and in JSON, are dropped", async () => {
    await start()
    const noise = 'data: ping\n\ndata: {"type":"ping"}\n\nevent: heartbeat\ndata: {}\n\n'
    kit.upstream.answer = () =>
      sse(`${noise}${chunkOf({ content: "x" })}${noise}${chunkOf({}, {}, "stop")}data: [DONE]\n\n`)
    const data = dataOf(await (await kit.post(token, { ...ASK, stream: true })).text())
    expect(data).toHaveLength(3)
    expect(data.at(-1)).toBe("[DONE]")
  })

  test("usage without a finish is an end too", async () => {
    await start()
    const usage = { prompt_tokens: 100, completion_tokens: 20 }
    kit.upstream.answer = () => sse(`${chunkOf({ content: "x" })}data: ${JSON.stringify({ choices: [], usage })}\n\n`)
    const data = dataOf(await (await kit.post(token, { ...ASK, stream: true })).text())
    expect(data.at(-1)).toBe("[DONE]")
    expect(last()).toMatchObject({ end: "done", outputTokens: 20 })
  })

  test("up-err-vllm: an error in the middle is told in the stream, and logged", async () => {
    const data = await streamed("up-err-vllm")
    expect(data.at(-1)).toContain('"finish_reason":"error"')
    expect(last()).toMatchObject({ end: "failed", errorCode: "provider_error" })
    const broken = logged.filter(({ event }) => event === "gateway.stream_broken")
    expect(broken.map(({ fields }) => fields)).toMatchObject([
      { upstream: "mock", code: "provider_error", error: { said: "context too long" } },
    ])
  })

  test("up-err-detail: an error instead of an answer is a status, and costs nothing", async () => {
    await start()
    kit.upstream.answer = () => answerOf("up-err-detail")
    expect((await kit.post(token, { ...ASK, stream: true })).status).toBe(502)
    expect(spent()).toBe(0)
  })

  test("up-json-for-stream: a document is told as a stream, by its report, readable by the SDK", async () => {
    await start()
    kit.upstream.answer = () => answerOf("up-json-for-stream")
    const client = new OpenAI({ apiKey: token, baseURL: `${kit.server.url}/v1`, maxRetries: 0 })
    const stream = await client.chat.completions.create({
      ...(ASK as { model: string; messages: [] }),
      stream: true,
      stream_options: { include_usage: true },
    })
    let text = ""
    let reported: unknown = null
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? ""
      reported = chunk.usage ?? reported
    }
    expect(text).toBe("Hello there")
    expect(reported).toMatchObject({ prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 })
    expect(last()).toMatchObject({ end: "done", source: "reported", inputTokens: 100, outputTokens: 20 })
  })

  test("a stream although nobody asked for one is told as a document", async () => {
    await start()
    kit.upstream.answer = () => chatAnswer({ stream: true, stream_options: { include_usage: true } })
    const answer = (await (await kit.post(token, ASK)).json()) as {
      choices: { message: { content: string } }[]
    }
    expect(answer.choices[0]!.message.content).toBe(TEXT)
    expect(last()).toMatchObject({ source: "reported", outputTokens: 20 })
  })
})

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

  test("up-stale-keepalive: a reset of a connection that had answered is asked on a new one, once", async () => {
    await start()
    const upstream = await keepAliveServer((socket, nth) => {
      if (nth > 1) socket.resetAndDestroy()
      else socket.write(httpOf(JSON.stringify({ choices: [{ index: 0, message: { content: "ok" } }] })))
    })
    await kit.gateway.addUpstream(testCtx, {
      kind: "openai-compatible",
      name: "stale",
      baseUrl: upstream.url,
      priceProvider: "openai",
      models: ["mock-1"],
    })
    for (let at = 0; at < 3; at++) expect((await kit.post(token, { ...ASK, model: "stale/mock-1" })).status).toBe(200)
    // One connection answers and goes stale; each later call meets the reset and opens its own.
    expect(upstream.requests()).toBeLessThanOrEqual(5)
    upstream.stop()
  })

  test("a reset of a first connection is not: it may have been read", async () => {
    await start()
    const upstream = await keepAliveServer((socket) => socket.resetAndDestroy())
    await kit.gateway.addUpstream(testCtx, {
      kind: "openai-compatible",
      name: "stale",
      baseUrl: upstream.url,
      priceProvider: "openai",
      models: ["mock-1"],
    })
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
    await start({ timeouts: { totalMs: 200 } })
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
    await kit.gateway.addUpstream(testCtx, {
      kind: "openai-compatible",
      name: "lost",
      baseUrl: lost.url,
      priceProvider: "openai",
      models: ["mock-1"],
    })
    const response = await kit.post(token, { ...ASK, model: "lost/mock-1" })
    expect([response.status, response.headers.get("x-should-retry")]).toEqual([502, "false"])
    lost.stop()
  })
})

const httpOf = (body: string) =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

/** A server by hand: `answer` gets the socket and how many requests it has sent. */
async function keepAliveServer(answer: (socket: Socket, nth: number) => void) {
  let requests = 0
  const server = createServer((socket) => {
    let nth = 0
    socket.on("error", () => {})
    socket.on("data", (bytes) => {
      if (!bytes.toString().startsWith("POST")) return
      requests++
      answer(socket, ++nth)
    })
  })
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}/v1`, requests: () => requests, stop: () => server.close() }
}
