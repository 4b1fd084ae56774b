// POST /v1/moderations and /v1/rerank, by OpenAI's SDK and by plain HTTP: answers as they came, paid by tokens, by searches, or not at all.
import { expect, test } from "bun:test"
import OpenAI from "openai"
import { testCtx } from "../../store/index.ts"
import { books, kit, last, spent, start, type V1Options } from "./testing.ts"

let apiKey = ""
const open = async (options: V1Options = {}, scope = "openid llm embeddings") => {
  await start(options)
  const models = ["omni-moderation-latest", "rerank-v3.5", "by-token"]
  for (const [name, priceProvider] of [
    ["near", "openai"],
    ["far", "cohere"],
  ] as const) {
    await kit.gateway.addUpstream(testCtx, {
      kind: "openai-compatible",
      name,
      baseUrl: kit.upstream.url,
      priceProvider,
      models,
    })
  }
  await kit.pricing.setModelPrice(testCtx, { provider: "cohere", model: "by-token", rates: { input: 100_000 } })
  apiKey = await (await kit.app()).token(1, { scope })
  return new OpenAI({ apiKey, baseURL: `${kit.server.url}/v1`, maxRetries: 0 })
}
const failed = (call: PromiseLike<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => error,
  )
const raw = (path: string, body: object) =>
  fetch(`${kit.server.url}/v1/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  })
/** $ as a person pays them through an app: doubled by the shares. n$ */
const paid = (dollars: number) => Math.round(dollars * 2e9)

test("moderation by OpenAI is free, with the model that its SDK leaves out, and pictures among the parts", async () => {
  const client = await open()
  const results = [{ flagged: false, categories: { hate: false }, category_scores: { hate: 0.1 } }]
  kit.upstream.answer = () => Response.json({ id: "modr-1", model: "omni-moderation-latest", results })
  const given = await client.moderations.create({ input: "hello" })
  expect(given.results as unknown).toEqual(results)
  const url = "data:image/png;base64,aGk="
  await client.moderations.create({
    model: "omni-moderation-latest",
    input: [
      { type: "text", text: "hi" },
      { type: "image_url", image_url: { url } },
    ],
  })
  expect(kit.upstream.journal[0]).toEqual({ model: "omni-moderation-latest", input: "hello" })
  expect(last()).toMatchObject({ endpoint: "moderations", scope: "llm", chargeNano: 0, status: 200 })
  expect(spent()).toBe(0)
  books()
})

test("ranking is paid by the search as it is reported, within what was held; or by tokens", async () => {
  const client = await open()
  const rank = (model: string, documents: unknown[], more: object = {}) =>
    client.post<{ results: unknown[] }>("/rerank", { body: { model, query: "who?", documents, ...more } })
  const results = [{ index: 1, relevance_score: 0.9 }]
  const cohere = (search_units: unknown) => () =>
    Response.json({ id: "r", results, meta: { billed_units: { search_units } } })
  const texts = (count: number) => Array(count).fill("a text")
  const table: [string, number, () => Response, number][] = [
    ["far/rerank-v3.5", 2, cohere(1), 0.002],
    ["far/rerank-v3.5", 150, cohere(2), 0.004],
    // Nobody says, or says what cannot be: what a call of this size comes to.
    ["far/rerank-v3.5", 150, () => Response.json({ results }), 0.004],
    ["far/rerank-v3.5", 2, cohere(50), 0.002],
    ["far/rerank-v3.5", 2, cohere(-3), 0.002],
    // $0.10 a million.
    ["far/by-token", 2, () => Response.json({ results, usage: { total_tokens: 1_000 } }), 0.0001],
    ["far/by-token", 2, () => Response.json({ results, usage: { prompt_tokens: 500, total_tokens: 500 } }), 0.00005],
  ]
  let sum = 0
  for (const [model, count, answer, dollars] of table) {
    kit.upstream.answer = answer
    expect((await rank(model, texts(count), { top_n: 1 })).results).toEqual(results)
    expect([model, count, last().chargeNano, last().source]).toEqual([model, count, paid(dollars), "reported"])
    sum += paid(dollars)
  }
  expect(last()).toMatchObject({ endpoint: "rerank", scope: "embeddings" })
  expect(kit.upstream.journal[0]).toEqual({ model: "rerank-v3.5", query: "who?", documents: texts(2), top_n: 1 })
  // A long text counts as several, and is held so.
  kit.upstream.answer = cohere(9)
  await rank("far/rerank-v3.5", Array(60).fill("word ".repeat(300)))
  expect(last().chargeNano).toBeGreaterThan(paid(0.002))
  sum += last().chargeNano
  expect(spent()).toBe(sum)
  books()
})

test("failed calls are free, and what is wrong is refused by its name before anything is asked or held", async () => {
  await open()
  const bad: [string, object, string][] = [
    ["moderations", { input: "" }, "input"],
    ["moderations", { input: [] }, "input"],
    ["moderations", { input: ["a", { type: "text", text: "b" }] }, "input"],
    ["moderations", { input: [{ type: "image_url", image_url: "x" }] }, "input"],
    ["moderations", { input: "x", model: "" }, "model"],
    ["moderations", { input: "x", stream: true }, "stream"],
    ["rerank", { model: "far/rerank-v3.5", query: "", documents: ["a"] }, "query"],
    ["rerank", { model: "far/rerank-v3.5", query: "a", documents: [] }, "documents"],
    ["rerank", { model: "far/rerank-v3.5", query: "a", documents: [1] }, "documents"],
    ["rerank", { model: "far/rerank-v3.5", query: "a", documents: [{ text: "a", more: 1 }] }, "documents"],
    ["rerank", { model: "far/rerank-v3.5", query: "a", documents: Array(1_001).fill("a") }, "documents"],
    ["rerank", { model: "far/rerank-v3.5", query: "a", documents: ["a"], top_n: 0 }, "top_n"],
    ["rerank", { query: "a", documents: ["a"] }, "model"],
  ]
  for (const [path, body, param] of bad) {
    const response = await raw(path, body)
    const { error } = (await response.json()) as { error: { param: string } }
    expect([path, body, response.status, error.param]).toEqual([path, body, 400, param])
  }
  expect((await raw("rerank", { model: "near/rerank-v3.5", query: "a", documents: ["a"] })).status).toBe(503)
  expect(kit.upstream.journal).toEqual([])
  for (const answer of [
    () => Response.json({ error: { message: "no" } }, { status: 500 }),
    () => new Response("<html>"),
  ]) {
    kit.upstream.answer = answer
    expect((await raw("rerank", { model: "far/rerank-v3.5", query: "a", documents: ["a"] })).status).toBe(502)
  }
  expect(spent()).toBe(0)
  books()
})

test("the sandbox ranks by shared words, and flags what it is told to refuse", async () => {
  const client = await open()
  const documents = ["stocks fell sharply", "the cat sat on the mat", { text: "a cat" }]
  const body = { model: "sandbox", query: "cat on a mat", documents, return_documents: true }
  const { results } = await client.post<{ results: { index: number; document: { text: string } }[] }>("/rerank", {
    body,
  })
  expect(results.map(({ index }) => index)).toEqual([1, 2, 0])
  expect(results[1]!.document.text).toBe("a cat")
  expect(last().chargeNano).toBe(paid(0.002))
  const said = await client.moderations.create({ model: "sandbox", input: ["hello", "sandbox:refuse this"] })
  expect(said.results.map(({ flagged }) => flagged)).toEqual([false, true])
  expect(await failed(client.moderations.create({ model: "sandbox", input: "sandbox:fail 500" }))).toMatchObject({
    status: 502,
  })
  books()
})
