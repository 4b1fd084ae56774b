// Traces as a collector gets them: the charged path in its phases, the caller's trace gone on with and passed to the upstream, and nothing of
// what was said. A collector that is away costs spans, never calls.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits } from "../../src/app/index.ts"
import { CTX, chat, giveCredits, makeClient, makeUser, mintTokens, startTestServer, type TestServer } from "../build.ts"

interface Told {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: { key: string; value: Record<string, unknown> }[]
  status: { code: number; message?: string }
}

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
const PARENT = "00f067aa0ba902b7"
const heard: { headers: Headers; body: string }[] = []
const asked: (string | null)[] = []
let server: TestServer
let token = ""
const isDown = false

const collector = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    heard.push({ headers: request.headers, body: await request.text() })
    return new Response("{}", { status: isDown ? 503 : 200 })
  },
})
const upstream = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    asked.push(request.headers.get("traceparent"))
    const { messages } = (await request.json()) as { messages: { content: string }[] }
    if (messages[0]?.content === "fail") return new Response("no", { status: 500 })
    const usage = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 }
    const choices = [{ index: 0, message: { role: "assistant", content: "a secret answer" }, finish_reason: "stop" }]
    return Response.json({ id: "c", object: "chat.completion", created: 1, model: "gpt-4o-mini", choices, usage })
  },
})

beforeAll(async () => {
  server = await startTestServer({
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.port}/`,
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer of-the-collector",
      OTEL_TRACES_SAMPLER_ARG: "1",
    },
  })
  const user = await makeUser(server.app)
  await giveCredits(server.app, user, credits(1_000))
  token = (await mintTokens(server.app, { user, ...(await makeClient(server.app)) })).accessToken
  await server.app.gateway.addUpstream(CTX, {
    kind: "openai-compatible",
    name: "near",
    baseUrl: `http://127.0.0.1:${upstream.port}/v1`,
    priceProvider: "openai",
    models: ["gpt-4o-mini"],
  })
})
afterAll(async () => {
  await Promise.all([upstream.stop(true), collector.stop(true)])
})

const call = (content: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content }] }),
  })
const spans = (): Told[] => heard.flatMap(({ body }) => JSON.parse(body).resourceSpans[0].scopeSpans[0].spans as Told[])
const attributeOf = (span: Told | undefined, key: string) =>
  Object.values(span?.attributes.find((one) => one.key === key)?.value ?? {})[0]

test("a call is a span with its phases, in the caller's trace, and the upstream goes on with it", async () => {
  await call("a secret question", { traceparent: `00-${TRACE}-${PARENT}-01` })
  await call("not wanted", { traceparent: `00-${TRACE.replace("4b", "5c")}-${PARENT}-00` })
  await call("fail")
  await chat(server.url, token, { model: "nothing-of-this-name" })
  // What waits is sent when the server stops, at the latest.
  await server.close()
  const all = spans()
  const mine = all.filter(({ traceId }) => traceId === TRACE)
  expect(mine.map(({ name }) => name).toSorted()).toEqual([
    "POST /v1/chat/completions",
    "admit",
    "ask near",
    "hold",
    "settle",
  ])
  const root = mine.find(({ kind }) => kind === 2)
  expect([root?.parentSpanId, root?.status.code]).toEqual([PARENT, 0])
  for (const span of mine.filter((one) => one !== root)) expect(span.parentSpanId).toBe(root!.spanId)
  const near = mine.find(({ name }) => name === "ask near")
  expect(asked[0]).toBe(`00-${TRACE}-${near!.spanId}-01`)
  expect(asked[1]).toBeNull()
  expect([attributeOf(root, "gen_ai.usage.output_tokens"), attributeOf(root, "purser.end")]).toEqual(["7", "done"])
  expect(Number(attributeOf(root, "purser.charged_nanodollars"))).toBeGreaterThan(0)
  for (const { startTimeUnixNano, endTimeUnixNano } of mine)
    expect(BigInt(endTimeUnixNano) >= BigInt(startTimeUnixNano)).toBe(true)
  const failed = all.filter(({ kind, status }) => kind === 2 && status.code === 2).map(({ status }) => status.message)
  expect(failed.toSorted()).toEqual(["model_not_found", expect.stringMatching(/^(provider|upstream)/)])
  expect(heard[0]!.headers.get("authorization")).toBe("Bearer of-the-collector")
  const text = heard.map(({ body }) => body).join("")
  for (const secret of ["a secret question", "a secret answer", token]) expect(text).not.toContain(secret)
})

test("without an endpoint nothing is traced", async () => {
  const plain = await startTestServer()
  expect([plain.app.observe.tracer, plain.app.observe.spans]).toEqual([null, null])
  await plain.close()
})
