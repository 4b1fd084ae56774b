// What a body may ask for, over the wire: the cases of the findings, each with the upstream's side of it.
import { describe, expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { credits, UserId } from "../../app/index.ts"
import { testCtx } from "../../store/index.ts"
import { ASK, books, chatAnswer, chunkOf, IN_NANO, kit, last, OUT_NANO, sse, start, token } from "./testing.ts"

const caseText = (name: string): string =>
  readFileSync(new URL(`../../../test/cases/gateway/${name}`, import.meta.url), "utf8")
const asMock = (name: string): Record<string, unknown> => ({ ...JSON.parse(caseText(name)), model: "mock-1" })
async function refusal(response: Response): Promise<[status: number, param: string | null, code: string]> {
  const { error } = (await response.json()) as { error: { param: string | null; code: string } }
  return [response.status, error.param, error.code]
}
/** An upstream that says as much as it is allowed, in every choice. */
const greedy = (body: Record<string, unknown>): Response => {
  const most = Math.max(Number(body.max_tokens ?? 0), Number(body.max_completion_tokens ?? 0)) || 100_000
  const usage = { prompt_tokens: 10, completion_tokens: most * Number(body.n ?? 1) }
  return Response.json({ model: "mock-1", choices: [{ message: { content: "x" } }], usage })
}

describe("the maximum that was held is the maximum that is sent", () => {
  const bodies: [string, object, { max: number; n?: number }][] = [
    ["none named", {}, { max: 1_000 }],
    ["both spellings, the new one small", { max_completion_tokens: 1, max_tokens: 4_000 }, { max: 1 }],
    ["both spellings, the old one small", { max_completion_tokens: 4_000, max_tokens: 2 }, { max: 2 }],
    ["req-max-tokens-100000.json", asMock("req-max-tokens-100000.json"), { max: 1_000 }],
    ["the newer spelling", { max_completion_tokens: 77 }, { max: 77 }],
    ["for several choices", { max_tokens: 50, n: 8 }, { max: 50, n: 8 }],
  ]
  for (const [name, more, sent] of bodies) {
    for (const stream of [false, true]) {
      test(`${name} (${stream ? "stream" : "whole"})`, async () => {
        await start()
        kit.upstream.answer = (body) => (body.stream ? chatAnswer(body) : greedy(body))
        expect((await (await kit.post(token, { ...ASK, ...more, stream })).text()).length).toBeGreaterThan(0)
        const { max_tokens, max_completion_tokens, n } = kit.upstream.journal[0]!
        expect([max_tokens, max_completion_tokens, n]).toEqual([sent.max, undefined, sent.n])
        expect(last().uncollectedNano).toBe(0)
        books()
      })
    }
  }

  test("under the name that an upstream was said to know", async () => {
    await start()
    const { publicId } = kit.gateway.upstreams().find(({ name }) => name === "mock")!
    const edit = {
      baseUrl: kit.upstream.url,
      priceProvider: "openai",
      maxTokensField: "max_completion_tokens" as const,
    }
    await kit.gateway.editUpstream(testCtx, publicId, edit)
    await kit.post(token, { ...ASK, max_tokens: 5 })
    expect(kit.upstream.journal[0]).toMatchObject({ max_completion_tokens: 5 })
    expect(kit.upstream.journal[0]).not.toHaveProperty("max_tokens")
  })

  test("a daily limit of 5 credits is 5 credits, whatever the fields say", async () => {
    await start()
    const other = await kit.app()
    const limited = await other.token(1, { dailyCredits: 5 })
    kit.upstream.answer = greedy
    const asks = [
      { max_completion_tokens: 1, max_tokens: 4_000 },
      { max_tokens: 100_000 },
      { n: 8 },
      { max_completion_tokens: 1, n: 8 },
      {},
    ]
    for (const more of asks) await (await kit.post(limited, { ...ASK, ...more })).text()
    const used = kit.ledger.usedToday({ kind: "principal", id: UserId(1) }, other.client.id, "llm")
    expect(used.usedNano).toBeLessThanOrEqual(credits(5))
    books()
  })

  test("parallel calls leave nothing uncollected", async () => {
    await start({ balance: credits(20) })
    kit.upstream.answer = async (body) => {
      await Bun.sleep(50)
      return greedy(body)
    }
    const kinds = [{ max_tokens: 100_000 }, { max_completion_tokens: 1, max_tokens: 9_000 }, { n: 4 }, {}]
    const calls = Array.from({ length: 24 }, (_, at) => kit.post(token, { ...ASK, ...kinds[at % kinds.length] }))
    const answers = await Promise.all(calls)
    expect(answers.some(({ status }) => status === 200)).toBe(true)
    expect(
      kit.usage
        .recent(UserId(1), 50)
        .map(({ uncollectedNano }) => uncollectedNano)
        .filter((nano) => nano !== 0),
    ).toEqual([])
    expect(kit.gateway.alarms()).toEqual([])
    books()
  })
})

describe("the cases of the findings", () => {
  test("another model cannot be asked for beside the priced one", async () => {
    await start()
    const more = ["models", "route", "provider", "fallbacks", "plugins", "search_parameters", "best_of", "prediction"]
    for (const name of more) {
      expect(await refusal(await kit.post(token, { ...ASK, [name]: ["o1-pro"] }))).toEqual([
        400,
        name,
        "invalid_request",
      ])
    }
    expect(await refusal(await kit.post(token, asMock("req-openrouter-models.json")))).toEqual([
      400,
      "models",
      "invalid_request",
    ])
    expect(kit.upstream.journal).toEqual([])
  })

  test("hidden text is counted or refused", async () => {
    await start()
    const inPart = asMock("req-hidden-text-image-part.json")
    expect((await refusal(await kit.post(token, inPart)))[0]).toBe(400)
    const inMessage = asMock("req-hidden-text-type-image.json")
    expect(await refusal(await kit.post(token, inMessage))).toEqual([400, "messages[0].type", "invalid_request"])
    // 2 MB of it, without the disguise: more than the balance and the limit of a thousand credits can pay.
    const [message] = inMessage.messages as { type?: string; content: string }[]
    message!.content = message!.content.repeat(2_400)
    delete message!.type
    await kit.pricing.setModelPrice(testCtx, {
      provider: "openai",
      model: "mock-1",
      rates: { input: 1_000_000, output: 2_000_000 },
    })
    expect([402, 429]).toContain((await kit.post(token, inMessage)).status)
    expect(kit.upstream.journal).toEqual([])
  })

  test("nesting is the caller's fault; ten choices too many; unknown fields have a name", async () => {
    await start()
    expect(await refusal(await kit.post(token, caseText("req-deep-nesting.json")))).toEqual([
      400,
      null,
      "invalid_request",
    ])
    expect(await refusal(await kit.post(token, asMock("req-n-10.json")))).toEqual([400, "n", "invalid_request"])
    const unknown = await kit.post(token, { ...ASK, foo: 1 })
    expect(((await unknown.json()) as { error: object }).error).toMatchObject({
      type: "invalid_request_error",
      param: "foo",
      message: expect.stringContaining("Unrecognized request argument supplied: foo"),
    })
    expect(
      await refusal(await kit.post(token, caseText("req-big-seed.json").replace("gpt-4o-mini", "mock-1"))),
    ).toEqual([400, "x", "invalid_request"])
  })

  test("numbers reach the upstream as they were written", async () => {
    await start()
    let sent = ""
    kit.upstream.answer = (body, request) => {
      sent = request.headers.get("content-length") ?? ""
      return chatAnswer(body)
    }
    const written =
      '{"seed":12345678901234567890,"temperature":0.0,"top_p":1.0,"messages":[{"role":"user","content":"hi"}]'
    await kit.post(token, `${written},"model":"mock-1","max_tokens":5}`)
    expect(Number(sent)).toBe(`${written},"max_tokens":5,"model":"mock-1"}`.length)
  })

  test("a PDF of a megabyte is what a free user can pay for", async () => {
    await start({ balance: credits(200) })
    const data = `data:application/pdf;base64,${"A".repeat(1_400_000)}`
    const content = [{ type: "file", file: { filename: "a.pdf", file_data: data } }]
    const response = await kit.post(token, { ...ASK, messages: [{ role: "user", content }], max_tokens: 100 })
    expect(response.status).toBe(200)
    expect((await kit.post(token, asMock("req-pdf-file-part.json"))).status).toBe(200)
  })

  test("what a PDF hides is held as far as the balance goes, so that parallel calls cannot outrun it", async () => {
    await start({ balance: credits(200) })
    kit.upstream.answer = async () => {
      await Bun.sleep(100)
      const usage = { prompt_tokens: 127_000, completion_tokens: 1 }
      return Response.json({ choices: [{ message: { content: "x" } }], usage })
    }
    const ask = { ...asMock("req-pdf-file-part.json"), max_tokens: 10 }
    const answers = await Promise.all(Array.from({ length: 12 }, () => kit.post(token, ask)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 402)).toHaveLength(11)
    // One at a time, what it can cost beyond the balance is one prompt of the model.
    const uncollected = kit.usage.recent(UserId(1), 20).reduce((sum, row) => sum + row.uncollectedNano, 0)
    expect(uncollected).toBeLessThanOrEqual(127_000 * IN_NANO + OUT_NANO - credits(200))
    books()
  })
})

test("what SDKs send reaches the upstream as they wrote it, with the maximum that is held", async () => {
  await start()
  const folder = new URL("../../../test/cases/gateway/bodies/", import.meta.url)
  for (const name of readdirSync(folder).filter((one) => one.endsWith(".json"))) {
    const written = { ...JSON.parse(readFileSync(new URL(name, folder), "utf8")), model: "mock-1" }
    const response = await kit.post(token, written)
    expect([name, response.status]).toEqual([name, 200])
    await response.text()
    const { max_tokens, max_completion_tokens, stream, stream_options, ...rest } = written
    const expected = { ...rest, max_tokens: max_completion_tokens ?? max_tokens ?? 1_000 }
    if (stream) Object.assign(expected, { stream, stream_options: { ...stream_options, include_usage: true } })
    expect([name, kit.upstream.journal.at(-1)]).toEqual([name, expected])
  }
  books()
})

describe("a field this house does not know", () => {
  const allow = async (extraFields: string[]) => {
    const { publicId } = kit.gateway.upstreams().find(({ name }) => name === "mock")!
    return kit.gateway.editUpstream(testCtx, publicId, {
      baseUrl: kit.upstream.url,
      priceProvider: "openai",
      extraFields,
    })
  }

  test("travels once the operator allowed it for the upstream, and no further", async () => {
    await start()
    const ask = { ...ASK, min_tokens: 3, messages: [{ role: "user", content: "hi", weight: 1 }] }
    expect(await refusal(await kit.post(token, ask))).toEqual([400, "messages[0].weight", "invalid_request"])
    expect((await allow(["min_tokens"])).extraFields).toEqual(["min_tokens"])
    expect(await refusal(await kit.post(token, ask))).toEqual([400, "messages[0].weight", "invalid_request"])
    await allow(["min_tokens", "messages.weight"])
    expect((await kit.post(token, ask)).status).toBe(200)
    expect(kit.upstream.journal).toEqual([{ ...ask, max_tokens: 1_000 }])
    expect(await refusal(await kit.post(token, { ...ask, model: "sandbox" }))).toEqual([
      400,
      "messages[0].weight",
      "invalid_request",
    ])
  })

  test("cannot be one that sets what a call costs", async () => {
    await start()
    for (const name of ["models", "plugins", "max_new_tokens", "n", "messages", "no name"]) {
      const error = await allow([name]).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({
        code: "validation_failed",
        extra: { formErrors: { extraFields: expect.any(String) } },
      })
    }
  })
})

describe("an answer by another model", () => {
  const dear = async () => {
    await start()
    const model = "openai-dear"
    await kit.pricing.setModelPrice(testCtx, {
      provider: "openai",
      model,
      rates: { input: 10_000_000, output: 60_000_000 },
    })
  }
  const usage = { prompt_tokens: 100, completion_tokens: 2 }
  const DEAR = 100 * 20_000 + 2 * 120_000
  const answerAs = (model: string) => (body: Record<string, unknown>) =>
    body.stream
      ? sse(
          chunkOf({ content: "x" }, { model }) +
            chunkOf({}, { model }, "stop") +
            `data: ${JSON.stringify({ model, choices: [], usage })}\n\ndata: [DONE]\n\n`,
        )
      : Response.json({ model, choices: [{ message: { content: "x" } }], usage })

  for (const stream of [false, true]) {
    test(`is charged at no less than that one costs, and the operator is told (${stream ? "stream" : "whole"})`, async () => {
      await dear()
      kit.upstream.answer = answerAs("openai-dear")
      for (let call = 0; call < 2; call++) await (await kit.post(token, { ...ASK, stream })).text()
      expect(last()).toMatchObject({
        chargeNano: DEAR,
        collectedNano: DEAR,
        upstreamModel: "openai-dear",
        model: "mock-1",
      })
      const alarm = { upstream: "mock", what: "other-model" as const, asked: "mock-1", got: "openai-dear", count: 2 }
      expect(kit.gateway.alarms()).toEqual([alarm])
      const rows = kit.store.read.all<{ action: string }>(
        "SELECT action FROM audit_log WHERE action LIKE 'upstream.other%'",
      )
      expect(rows).toHaveLength(1)
      books()
    })
  }

  test("that is a dated name of the one asked for costs the same and tells nobody", async () => {
    await dear()
    kit.upstream.answer = answerAs("openai/mock-1-2026-01-31")
    await kit.post(token, ASK)
    expect([last().chargeNano, kit.gateway.alarms()]).toEqual([100 * IN_NANO + 2 * OUT_NANO, []])
  })

  test("that costs more than the hold takes the hold, and no more of the balance or the daily limit", async () => {
    await dear()
    const other = await kit.app()
    const limited = await other.token(1, { dailyCredits: 5 })
    kit.upstream.answer = () =>
      Response.json({
        model: "openai-dear",
        choices: [{ message: { content: "x" } }],
        usage: { prompt_tokens: 10, completion_tokens: 500 },
      })
    const before = kit.balance()
    await kit.post(limited, { ...ASK, max_tokens: 500 })
    const row = last()
    expect(row.chargeNano).toBe(10 * 20_000 + 500 * 120_000)
    expect(row.collectedNano + row.uncollectedNano).toBe(row.chargeNano)
    expect(before - kit.balance()).toBe(row.collectedNano)
    expect(row.collectedNano).toBeLessThanOrEqual(credits(5))
    expect(row.collectedNano).toBeGreaterThanOrEqual(500 * OUT_NANO)
    books()
  })

  test("above its maximum is told too", async () => {
    await dear()
    kit.upstream.answer = () =>
      Response.json({ choices: [{ message: { content: "x" } }], usage: { ...usage, completion_tokens: 6 } })
    await kit.post(token, { ...ASK, max_tokens: 5 })
    expect(kit.gateway.alarms()).toMatchObject([{ what: "over-maximum", asked: "mock-1" }])
  })
})

test("a name of any length is told in few words", async () => {
  await start()
  for (const body of [
    { ...ASK, ["x".repeat(100_000)]: 1 },
    { ...ASK, reasoning: { ["x".repeat(100_000)]: 1 } },
  ]) {
    const response = await kit.post(token, body)
    expect([response.status, (await response.text()).length < 1_000]).toEqual([400, true])
  }
})
