// What answers of real upstreams cost: reported in their words, not reported at all, or left before the report.
import { describe, expect, test } from "bun:test"
import { UserId } from "../../app/index.ts"
import { testCtx } from "../../store/index.ts"
import {
  ASK,
  books,
  chatAnswer,
  chunkOf,
  feed,
  IN_NANO,
  kit,
  last,
  MOCK_PRICE,
  sse,
  streamText,
  token,
  until,
  usageChunk,
} from "./testing.ts"
import { answerOf, logged, startLogged, streamed } from "./upstream-testing.ts"

const estimates = () => logged.filter(({ event }) => event === "gateway.usage_estimated")

/** With prices of their own for what is read from the cache, and written to it. */
async function startPriced() {
  await startLogged()
  await kit.pricing.setModelPrice(testCtx, {
    provider: "openai",
    model: "mock-1",
    rates: { input: 1_000_000, output: 2_000_000, cacheRead: 500_000, cacheWrite: 1_250_000 },
    limits: { contextWindow: 128_000, maxOutputTokens: 1_000 },
  })
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
      await startPriced()
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
      await startLogged()
      kit.upstream.answer = () => answerOf(name)
      await kit.post(token, ASK)
      expect(last()).toMatchObject({ source: "estimated", inputTokens: 100, outputTokens: 3 })
      expect(estimates().map(({ fields }) => fields)).toMatchObject([
        { upstream: "mock", model: "mock-1", faults: fault },
      ])
    })
  }

  for (const [what, usage, fault] of [
    ["prompt", { prompt_tokens: 900_000_000, completion_tokens: 20 }, "a prompt of 900000000 tokens"],
    ["answer", { prompt_tokens: 11, completion_tokens: 900_000_000 }, "an answer of 900000000 tokens"],
    ["total", { prompt_tokens: 11, completion_tokens: 20, total_tokens: 900_000_000 }, "an answer of 899999989 tokens"],
    [
      "searches",
      { prompt_tokens: 11, completion_tokens: 20, num_search_queries: 900_000 },
      "900000 searches on the web",
    ],
  ] as const) {
    for (const stream of [false, true])
      test(`a ${what} that no call of the model could have takes nobody's credits, ${stream ? "in a stream" : "whole"}`, async () => {
        await startLogged()
        await kit.pricing.setModelPrice(testCtx, { ...MOCK_PRICE, units: { webSearch: 10_000 } })
        kit.upstream.answer = async () =>
          stream
            ? sse(streamText(false).replace("data: [DONE]", `${usageChunk(usage)}data: [DONE]`))
            : Response.json({ ...((await chatAnswer({}).json()) as object), usage })
        expect((await (await kit.post(token, { ...ASK, stream })).text()).length).toBeGreaterThan(0)
        expect(last().chargeNano).toBeLessThan(200_000)
        expect(last().chargeNano).toBeGreaterThan(0)
        const said = logged.filter(({ event }) => event.startsWith("gateway.usage_"))
        expect(said.map(({ fields }) => fields)).toMatchObject([{ upstream: "mock", faults: fault }])
        books()
      })
  }

  describe("searches on the web", () => {
    const SEARCHES: [name: string, usage: object, count: number][] = [
      ["OpenRouter, in Anthropic's words", { server_tool_use: { web_search_requests: 3 } }, 3],
      ["Perplexity", { num_search_queries: 2 }, 2],
      ["none", { server_tool_use: { web_search_requests: 0 } }, 0],
    ]
    const TOKENS = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 }
    const odd = () => logged.filter(({ event }) => event === "gateway.usage_odd").map(({ fields }) => fields.faults)
    const price = (units: object) =>
      kit.pricing.setModelPrice(testCtx, {
        provider: "openai",
        model: "mock-1",
        rates: { input: 1_000_000, output: 2_000_000 },
        limits: { contextWindow: 128_000, maxOutputTokens: 1_000 },
        ...units,
      })
    const ask = async (usage: object, stream: boolean) => {
      kit.upstream.answer = async (body) => {
        if (stream)
          return sse(streamText(true).replaceAll(JSON.stringify(TOKENS), JSON.stringify({ ...TOKENS, ...usage })))
        const whole = (await chatAnswer({ ...body, stream: false }).json()) as object
        return Response.json({ ...whole, usage: { ...TOKENS, ...usage } })
      }
      await (await kit.post(token, { ...ASK, stream })).text()
    }
    for (const [name, usage, count] of SEARCHES) {
      test(`${name}: each costs what the list says, streamed as whole, and is kept beside the charge`, async () => {
        await startLogged()
        // $10 for a thousand.
        await price({ units: { webSearch: 10_000 } })
        for (const stream of [false, true]) {
          await ask(usage, stream)
          expect(last()).toMatchObject({ source: "reported", chargeNano: 2 * (100_000 + 40_000 + count * 10_000_000) })
        }
        expect(odd()).toEqual([])
        const units = kit.store.read.all<{ units: string | null }>("SELECT units FROM charges")
        expect(units.map((row) => row.units && JSON.parse(row.units))).toEqual(
          Array(2).fill(count === 0 ? null : { webSearches: count }),
        )
      })
    }

    test("without a price the tokens are charged, and the operator is told", async () => {
      await startLogged()
      await ask({ num_search_queries: 2 }, false)
      expect(last()).toMatchObject({ source: "reported", chargeNano: 280_000 })
      await ask({ num_sources_used: 7 }, false)
      expect(last()).toMatchObject({ source: "reported", chargeNano: 280_000 })
      expect(odd()).toEqual(["2 searches on the web, which have no price", "num_sources_used: 7"])
    })
  })

  const PART = { prompt_tokens: 2_000, completion_tokens: 20 }
  const names: [name: string, usage: object, expected: object][] = [
    [
      "cache writes of OpenRouter",
      { ...PART, prompt_tokens_details: { cache_write_tokens: 900 } },
      { chargeNano: 4_530_000 },
    ],
    [
      "cache writes of LiteLLM",
      { ...PART, prompt_tokens_details: { cache_creation_tokens: 900 } },
      { chargeNano: 4_530_000 },
    ],
    ["cache writes of Anthropic", { ...PART, cache_creation_input_tokens: 900 }, { chargeNano: 4_530_000 }],
    ["cache reads of Anthropic", { ...PART, cache_read_input_tokens: 1_000 }, { cachedTokens: 1_000 }],
    ["cache reads of Moonshot", { ...PART, cached_tokens: 1_000 }, { cachedTokens: 1_000 }],
    [
      "thinking beside the output, without a total",
      { ...PART, completion_tokens_details: { reasoning_tokens: 880 } },
      { outputTokens: 900 },
    ],
  ]
  for (const [name, usage, expected] of names) {
    test(`${name}, under its one name`, async () => {
      await startPriced()
      kit.upstream.answer = () => Response.json({ choices: [{ index: 0, message: { content: "x" } }], usage })
      await kit.post(token, ASK)
      expect(last()).toMatchObject({ source: "reported", inputTokens: 2_000, ...expected })
    })
  }

  test("Groq's report beside the chunk counts", async () => {
    await startLogged()
    const usage = { prompt_tokens: 100, completion_tokens: 7 }
    kit.upstream.answer = () => sse(chunkOf({ content: "x" }, { x_groq: { usage } }, "stop"))
    await (await kit.post(token, { ...ASK, stream: true })).text()
    expect(last()).toMatchObject({ source: "reported", inputTokens: 100, outputTokens: 7 })
  })
})

describe("output that nobody reports is counted", () => {
  test("up-reasoning-nonstream: thinking", async () => {
    await startLogged()
    kit.upstream.answer = () => answerOf("up-reasoning-nonstream")
    await kit.post(token, ASK)
    expect(last().outputTokens).toBeGreaterThan(500)
  })
  test("up-reasoning-details: thinking in parts", async () => {
    await streamed("up-reasoning-details")
    // 1,201 bytes of text.
    expect(last().outputTokens).toBe(301)
  })
  test("up-audio-delta: sound", async () => {
    await streamed("up-audio-delta")
    expect(last()).toMatchObject({ end: "done", source: "estimated" })
    expect(last().outputTokens).toBeGreaterThan(0)
    expect(last().chargeNano).toBeGreaterThan(last().inputTokens * IN_NANO)
  })
  test("a content list: text, thinking and a picture", async () => {
    await startLogged()
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
    await startLogged({ balance: 100_000_000_000 })
    await kit.pricing.setModelPrice(testCtx, {
      provider: "openai",
      model: "mock-1",
      rates: { input: 1_000_000, output: 2_000_000 },
      limits: { contextWindow: 128_000, maxOutputTokens: 30_000 },
    })
    const [before, after] = (await answerOf("up-reason-hidden").text()).split(
      ": 400 ms pause here, the client leaves now\n\n",
    )
    const left = Promise.withResolvers<void>()
    kit.upstream.answer = () =>
      feed(
        (async function* () {
          yield before!
          await left.promise
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
    left.resolve()
    await until(() => kit.gateway.callsInFlight === 0)
    expect(last()).toMatchObject({ end: "client_gone", source: "reported", outputTokens: 20_000 })
    expect(start100 - kit.balance()).toBe(80_200_000)
  })

  test("at the finish of a server that never reports is charged by estimate, and soon", async () => {
    await startLogged({ timeouts: { usageMs: 200 } })
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
    await startLogged({ balance: 100_000_000_000 })
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
    await startLogged({ timeouts: { abandonedMs: 300 } })
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
    await startLogged({ sandboxWordMs: 5_000 })
    const controller = new AbortController()
    const words = { ...ASK, model: "sandbox", stream: true, messages: [{ role: "user", content: "a b c d e f g h" }] }
    const response = await kit.post(token, words, { signal: controller.signal })
    await response.body!.getReader().read()
    controller.abort()
    // Its words would take more than half a minute.
    await until(() => kit.gateway.callsInFlight === 0)
    expect(last().end).toBe("client_gone")
  })
})
