// POST /v1/embeddings by OpenAI's SDK: over OpenAI's wire, Gemini's and the sandbox's.
import { expect, onTestFinished, test } from "bun:test"
import { LLMock } from "@copilotkit/aimock"
import { exportPKCS8, generateKeyPair } from "jose"
import OpenAI from "openai"
import { testCtx } from "../../store/index.ts"
import { books, IN_NANO, kit, last, spent, start, token, type V1Options } from "./testing.ts"

const open = async (scope = "openid llm embeddings", options: V1Options = {}) => {
  await start(options)
  await kit.pricing.setModelPrice(testCtx, { provider: "openai", model: "embed-1", rates: { input: 1_000_000 } })
  await kit.gateway.addUpstream(testCtx, {
    kind: "openai-compatible",
    name: "near",
    baseUrl: kit.upstream.url,
    priceProvider: "openai",
    models: ["embed-1"],
  })
  const apiKey = await (await kit.app()).token(1, { scope })
  return new OpenAI({ apiKey, baseURL: `${kit.server.url}/v1`, maxRetries: 0 }).embeddings
}
const VECTOR = [0.5, -0.25, 0.125]
const answer =
  (embedding: unknown, more: object = { model: "embed-1", usage: { prompt_tokens: 8, total_tokens: 8 } }) =>
  () =>
    Response.json({ object: "list", data: [{ object: "embedding", index: 0, embedding }], ...more })
const failed = (call: PromiseLike<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => error,
  )

test("the SDK gets its vectors whether the server packs them as asked or not, at the price of the report", async () => {
  const embeddings = await open()
  const packed = Buffer.from(new Float32Array(VECTOR).buffer).toString("base64")
  for (const embedding of [packed, VECTOR]) {
    kit.upstream.answer = answer(embedding)
    const given = await embeddings.create({ model: "embed-1", input: ["hi", "ho"], dimensions: 3, user: "u" })
    expect([...given.data[0]!.embedding]).toEqual(VECTOR)
    expect(last()).toMatchObject({ endpoint: "embeddings", scope: "embeddings", inputTokens: 8, outputTokens: 0 })
    expect([last().chargeNano, last().source]).toEqual([8 * IN_NANO, "reported"])
  }
  expect(kit.upstream.journal[0]).toEqual({
    model: "embed-1",
    input: ["hi", "ho"],
    dimensions: 3,
    user: "u",
    encoding_format: "base64",
  })
  expect(spent()).toBe(16 * IN_NANO)
  books()
})

test("bytes pass as they came; without a report the estimate is charged", async () => {
  const embeddings = await open()
  kit.upstream.answer = answer(VECTOR, { model: "embed-1" })
  const response = await embeddings
    .create({ model: "embed-1", input: "hello there", encoding_format: "float" })
    .asResponse()
  expect(await response.text()).toBe(await answer(VECTOR, { model: "embed-1" })().text())
  expect(last()).toMatchObject({ source: "estimated", outputTokens: 0 })
  expect(last().inputTokens).toBeGreaterThan(0)
})

test("what is wrong is refused by its name before anything is asked or held", async () => {
  const embeddings = await open()
  const bodies: [object, string][] = [
    [{ input: [] }, "input"],
    [{ input: ["a", ""] }, "input"],
    [{ input: ["a", 1] }, "input"],
    [{ input: [[1, -1]] }, "input"],
    [{ input: Array(2_049).fill("a") }, "input"],
    [{ input: "a", dimensions: 0 }, "dimensions"],
    [{ input: "a", encoding_format: "hex" }, "encoding_format"],
    [{ input: "a", truncate: "END" }, "truncate"],
    [{ input: "a", stream: true }, "stream"],
  ]
  for (const [body, param] of bodies) {
    expect(await failed(embeddings.create({ model: "embed-1", ...body } as never))).toMatchObject({
      status: 400,
      param,
    })
  }
  expect(kit.upstream.journal).toEqual([])
  expect(spent()).toBe(0)
})

test("a token without the permission, or a person without credits, gets nothing", async () => {
  const without = await open("openid llm")
  expect(await failed(without.create({ model: "embed-1", input: "a" }))).toMatchObject({ status: 403 })
  const embeddings = await open("openid llm embeddings", { balance: 0 })
  expect(await failed(embeddings.create({ model: "embed-1", input: "a" }))).toMatchObject({ status: 402 })
  expect(kit.upstream.journal).toEqual([])
})

/** Vertex AI's predict and Google's token server in one. */
async function playVertex() {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true })
  const bodies: unknown[] = []
  let url = ""
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url)
      if (pathname === "/token")
        return Response.json({ access_token: "the-token", expires_in: 3_600, token_type: "Bearer" })
      if (request.headers.get("authorization") !== "Bearer the-token") return new Response("", { status: 401 })
      if (!/^\/v1\/publishers\/google\/models\/[\w-]+:predict$/.test(pathname)) return new Response("", { status: 404 })
      const body = (await request.json()) as { instances: unknown[] }
      bodies.push(body)
      const embeddings = { values: VECTOR, statistics: { token_count: 4, truncated: false } }
      return Response.json({ predictions: body.instances.map(() => ({ embeddings })) })
    },
  })
  url = `http://127.0.0.1:${server.port}`
  onTestFinished(() => server.stop(true))
  const apiKey = JSON.stringify({
    type: "service_account",
    client_email: "p@p.iam.gserviceaccount.com",
    private_key: await exportPKCS8(privateKey),
    token_uri: `${url}/token`,
  })
  return { baseUrl: `${url}/v1`, apiKey, bodies }
}

test("Vertex AI's, by predict: several texts at the price of what it counted", async () => {
  const { bodies, ...account } = await playVertex()
  const embeddings = await open()
  const models = ["text-embedding-005", "gemini-embedding-001"]
  for (const model of models) {
    await kit.pricing.setModelPrice(testCtx, { provider: "google", model, rates: { input: 1_000_000 } })
  }
  await kit.gateway.addUpstream(testCtx, { kind: "vertex", name: "far", ...account, priceProvider: "google", models })
  const input_type = "search_query"
  const asked = { model: "far/text-embedding-005", input: ["hi", "ho"], dimensions: 3, input_type }
  const given = await embeddings.create(asked)
  expect(given.data.map(({ embedding, index }) => [index, [...embedding]])).toEqual([
    [0, VECTOR],
    [1, VECTOR],
  ])
  expect([given.model, given.usage.prompt_tokens]).toEqual(["text-embedding-005", 8])
  expect(last()).toMatchObject({ inputTokens: 8, outputTokens: 0, source: "reported" })
  expect(bodies).toEqual([
    {
      instances: ["hi", "ho"].map((content) => ({ content, task_type: "RETRIEVAL_QUERY" })),
      parameters: { autoTruncate: false, outputDimensionality: 3 },
    },
  ])
  const [, one] = models
  expect((await embeddings.create({ model: one!, input: ["hi"] })).usage.prompt_tokens).toBe(4)
  for (const input of [
    ["hi", "ho"],
    [1, 2],
  ]) {
    expect(await failed(embeddings.create({ model: one!, input } as never))).toMatchObject({
      status: 400,
      param: "input",
    })
    expect(last().chargeNano).toBe(0)
  }
  books()
})

test("Gemini's, as aimock plays it, and a list of tokens that it cannot be told", async () => {
  const mock = await LLMock.create({ port: 0 })
  onTestFinished(() => mock.stop())
  mock.onEmbedding("hello", { embedding: VECTOR })
  const embeddings = await open()
  const price = { provider: "google", model: "gemini-embedding-001", rates: { input: 1_000_000 } }
  await kit.pricing.setModelPrice(testCtx, price)
  await kit.gateway.addUpstream(testCtx, {
    kind: "google",
    name: "far",
    baseUrl: `${mock.url}/v1beta`,
    apiKey: "k",
    priceProvider: "google",
    models: ["gemini-embedding-001"],
  })
  const given = await embeddings.create({ model: "gemini-embedding-001", input: "hello" })
  expect([...given.data[0]!.embedding]).toEqual(VECTOR)
  expect(given.model).toBe("gemini-embedding-001")
  expect(await failed(embeddings.create({ model: "gemini-embedding-001", input: [1, 2] }))).toMatchObject({
    status: 400,
    param: "input",
  })
  expect(last().chargeNano).toBe(0)
  books()
})

test("the sandbox's: texts that share words lie near each other", async () => {
  const embeddings = await open()
  const input = ["the cat sat on the mat", "a cat on a mat", "stocks fell sharply today"]
  const { data } = await embeddings.create({ model: "sandbox", input })
  const near = (a: number, b: number) =>
    data[a]!.embedding.reduce((sum, value, at) => sum + value * data[b]!.embedding[at]!, 0)
  expect(near(0, 0)).toBeCloseTo(1, 5)
  expect(near(0, 1)).toBeGreaterThan(near(0, 2))
  expect(token).toBeString()
})
