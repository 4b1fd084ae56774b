// What real upstreams were seen to send as streams, and what a caller gets of it.
import { describe, expect, test } from "bun:test"
import OpenAI from "openai"
import { ASK, chatAnswer, chunkOf, kit, last, spent, sse, start, TEXT, token } from "./testing.ts"
import { answerOf, dataOf, logged, startLogged, streamed } from "./upstream-testing.ts"

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
    const noise = 'data: ping\n\ndata: {"type":"ping"}\n\nevent: heartbeat\ndata: 1730000000\n\n'
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
    await startLogged()
    kit.upstream.answer = () => answerOf("up-err-detail")
    expect((await kit.post(token, { ...ASK, stream: true })).status).toBe(502)
    expect(spent()).toBe(0)
    const failed = logged.filter(({ event }) => event === "v1.failed")
    expect(failed.map(({ fields }) => fields)).toMatchObject([{ error: { said: "Not authenticated" } }])
  })

  test("the same in the middle breaks the answer off, though the server then says that all is done", async () => {
    await start()
    kit.upstream.answer = () => sse(`${chunkOf({ content: "x" })}data: {"detail":"lost the model"}\n\ndata: [DONE]\n\n`)
    await (await kit.post(token, { ...ASK, stream: true })).text()
    expect(last()).toMatchObject({ end: "failed", errorCode: "provider_error" })
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
