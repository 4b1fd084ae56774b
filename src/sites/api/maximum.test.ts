// The maximum is always sent, also to models that give less and to servers that call it otherwise: what they say is
// heard, and remembered once it has helped.
import { expect, test } from "bun:test"
import { testCtx } from "../../store/index.ts"
import { ASK, chatAnswer, kit, start, token } from "./testing.ts"

async function startWithoutLimit() {
  await start()
  // Without a limit in the price list, as for most models.
  const rates = { input: 1_000_000, output: 2_000_000 }
  await kit.pricing.setModelPrice(testCtx, { provider: "openai", model: "mock-1", rates })
}

const refusal = (message: string) =>
  Response.json({ error: { message, type: "invalid_request_error" } }, { status: 400 })
const sent = () => kit.upstream.journal.map((body) => body.max_tokens ?? body.max_completion_tokens)

for (const stream of [false, true]) {
  test(`a model that gives less is asked for less, and the next call knows (${stream ? "stream" : "whole"})`, async () => {
    await startWithoutLimit()
    kit.upstream.answer = (body) =>
      Number(body.max_tokens) > 4_096
        ? refusal(`max_tokens is too large: ${body.max_tokens}. This model supports at most 4096 completion tokens.`)
        : chatAnswer(body)
    expect((await kit.post(token, { ...ASK, stream })).status).toBe(200)
    expect(sent()).toEqual([8_192, 4_096])
    expect((await kit.post(token, { ...ASK, stream, max_tokens: 100_000 })).status).toBe(200)
    expect((await kit.post(token, { ...ASK, stream, max_tokens: 70 })).status).toBe(200)
    expect(sent()).toEqual([8_192, 4_096, 4_096, 70])
    expect(kit.gateway.alarms()).toEqual([])
  })
}

test("what a prompt leaves of a small window is asked for, and is no rule for the next", async () => {
  await startWithoutLimit()
  kit.upstream.answer = (body) =>
    Number(body.max_tokens) > 3_996
      ? refusal(
          `This model's maximum context length is 4096 tokens (100 in the messages, ${body.max_tokens} in the completion).`,
        )
      : chatAnswer(body)
  for (let call = 0; call < 2; call++) expect((await kit.post(token, ASK)).status).toBe(200)
  expect(sent()).toEqual([8_192, 3_996, 8_192, 3_996])
})

test("a server that knows the newer name alone gets it, from then on", async () => {
  await startWithoutLimit()
  kit.upstream.answer = (body) =>
    body.max_tokens === undefined
      ? chatAnswer(body)
      : refusal(
          "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        )
  for (let call = 0; call < 2; call++) expect((await kit.post(token, { ...ASK, max_tokens: 5 })).status).toBe(200)
  expect(kit.upstream.journal.map((body) => [body.max_tokens, body.max_completion_tokens])).toEqual([
    [5, undefined],
    [undefined, 5],
    [undefined, 5],
  ])
})

test("what does not help is not remembered, and the refusal is the caller's", async () => {
  await startWithoutLimit()
  kit.upstream.answer = () => refusal("no tool `supports at most 3 completion tokens`; use 'max_completion_tokens'")
  const refused = await kit.post(token, ASK)
  expect(refused.status).toBe(400)
  expect(kit.upstream.journal.length).toBeLessThanOrEqual(4)
  kit.upstream.journal.length = 0
  kit.upstream.answer = (body) => chatAnswer(body)
  expect((await kit.post(token, ASK)).status).toBe(200)
  expect(kit.upstream.journal).toEqual([{ ...ASK, max_tokens: 8_192 }])
})

test("a server that gives a little less each time is asked four times in all", async () => {
  await startWithoutLimit()
  kit.upstream.answer = (body) =>
    refusal(`This model supports at most ${Number(body.max_tokens) - 1} completion tokens.`)
  expect((await kit.post(token, ASK)).status).toBe(400)
  expect(sent()).toEqual([8_192, 8_191, 8_190, 8_189])
})

test("a known window leaves room for the prompt", async () => {
  await startWithoutLimit()
  const rates = { input: 1_000_000, output: 2_000_000 }
  const limits = { contextWindow: 2_000, maxOutputTokens: null }
  await kit.pricing.setModelPrice(testCtx, { provider: "openai", model: "mock-1", rates, limits })
  await kit.post(token, ASK)
  expect(sent()[0]).toBeWithin(1_950, 2_000)
})
