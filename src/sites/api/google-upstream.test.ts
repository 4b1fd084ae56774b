// Chat completions over Gemini's wire: by aimock, which we did not write, and by a server that plays Vertex with its tokens.
import { expect, onTestFinished, test } from "bun:test"
import { LLMock } from "@copilotkit/aimock"
import { exportPKCS8, generateKeyPair, jwtVerify } from "jose"
import OpenAI from "openai"
import { testCtx } from "../../store/index.ts"
import { books, kit, last, start, token } from "./testing.ts"

const TEXT = "Grüße aus der Ferne 🌍"
const MODEL = "gemini-2.5-flash"
const ask = (content: string) => ({ model: MODEL, messages: [{ role: "user" as const, content }] })

async function open(kind: "google" | "vertex", baseUrl: string, apiKey: string) {
  await start()
  const added = await kit.gateway.addUpstream(testCtx, {
    kind,
    name: "far",
    baseUrl,
    apiKey,
    priceProvider: "google",
    models: [MODEL],
  })
  const client = new OpenAI({ apiKey: token, baseURL: `${kit.server.url}/v1`, maxRetries: 0 })
  return { added, completions: client.chat.completions }
}

test("the Gemini API answers, streams and calls tools, at its own report's price", async () => {
  const mock = await LLMock.create({ port: 0, chunkSize: 4 })
  onTestFinished(() => mock.stop())
  const usage = { promptTokenCount: 31, candidatesTokenCount: 7, totalTokenCount: 38 }
  mock.onMessage("hello", { content: TEXT, usage })
  mock.onMessage("sky", { toolCalls: [{ name: "look", arguments: '{"at":"sky"}' }] })
  const { completions } = await open("google", `${mock.url}/v1beta`, "the-key")
  const whole = await completions.create(ask("hello"))
  expect(whole.choices[0]).toMatchObject({ message: { content: TEXT }, finish_reason: "stop" })
  expect(last()).toMatchObject({ source: "reported", upstreamModel: MODEL })
  const charge = last().chargeNano
  expect(charge).toBeGreaterThan(0)
  const gathered = await completions
    .stream({ ...ask("hello"), stream_options: { include_usage: true } })
    .finalChatCompletion()
  expect(gathered.choices[0]).toMatchObject({ message: { content: TEXT }, finish_reason: "stop" })
  expect([last().chargeNano, gathered.usage?.total_tokens]).toEqual([charge, whole.usage!.total_tokens])

  const tools = [{ type: "function" as const, function: { name: "look", parameters: { type: "object" } } }]
  for (const answer of [
    await completions.create({ ...ask("sky"), tools }),
    await completions.stream({ ...ask("sky"), tools }).finalChatCompletion(),
  ]) {
    const call = { type: "function", function: { name: "look", arguments: '{"at":"sky"}' } }
    expect(answer.choices[0]).toMatchObject({ finish_reason: "tool_calls", message: { tool_calls: [call] } })
  }
  const sent = mock.getRequests().map(({ path }) => path)
  expect(sent[0]).toContain(`/v1beta/models/${MODEL}:generateContent`)
  expect(sent[1]).toContain(`/v1beta/models/${MODEL}:streamGenerateContent`)
  books()
})

/** Made once: it takes long. */
const madeKeys = generateKeyPair("RS256", { extractable: true })

/** Vertex and Google's token server in one. */
async function playVertex() {
  const keys = await madeKeys
  const seen = { tokens: 0, paths: [] as string[], claims: {} as Record<string, unknown> }
  let url = ""
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url)
      if (pathname === "/token") {
        seen.tokens++
        const form = new URLSearchParams(await request.text())
        const { payload } = await jwtVerify(form.get("assertion")!, keys.publicKey, { audience: `${url}/token` })
        seen.claims = payload
        return Response.json({ access_token: "the-token", expires_in: 3_600, token_type: "Bearer" })
      }
      if (request.headers.get("authorization") !== "Bearer the-token") return Response.json({}, { status: 401 })
      seen.paths.push(pathname)
      if (pathname.endsWith("/models")) {
        return Response.json({ publisherModels: [{ name: `publishers/google/models/${MODEL}` }] })
      }
      const usageMetadata = { promptTokenCount: 31, candidatesTokenCount: 7, totalTokenCount: 38 }
      return Response.json({
        candidates: [{ content: { parts: [{ text: TEXT }] }, finishReason: "STOP" }],
        usageMetadata,
      })
    },
  })
  url = `http://127.0.0.1:${server.port}`
  onTestFinished(() => server.stop(true))
  const key = JSON.stringify(
    {
      type: "service_account",
      client_email: "purser@example.iam.gserviceaccount.com",
      private_key: await exportPKCS8(keys.privateKey),
      private_key_id: "k1",
      token_uri: `${url}/token`,
    },
    null,
    2,
  )
  return { url, key, seen }
}

test("Vertex is asked with a token of the service account, fetched once", async () => {
  const { url, key, seen } = await playVertex()
  const base = `${url}/v1/projects/p/locations/europe-west4`
  const { added, completions } = await open("vertex", base, key)
  const tested = await kit.gateway.testUpstream(testCtx, added.publicId)
  expect(tested).toMatchObject({ models: [MODEL], test: { ok: true } })
  const answers = await Promise.all([1, 2, 3].map(() => completions.create(ask("hello"))))
  for (const answer of answers) expect(answer.choices[0]!.message.content).toBe(TEXT)
  expect(seen.tokens).toBe(1)
  expect(seen.claims).toMatchObject({
    iss: "purser@example.iam.gserviceaccount.com",
    scope: "https://www.googleapis.com/auth/cloud-platform",
  })
  expect(seen.paths.at(-1)).toBe(
    `/v1/projects/p/locations/europe-west4/publishers/google/models/${MODEL}:generateContent`,
  )
  books()
})

test("a key that is no service account is refused when it is typed; one that Google refuses is the operator's trouble", async () => {
  const { url, key } = await playVertex()
  await expect(open("vertex", url, "sk-1")).rejects.toMatchObject({ code: "validation_failed" })
  const other = JSON.stringify({
    ...JSON.parse(key),
    private_key: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
  })
  const { completions } = await open("vertex", url, other)
  const failed = await completions.create(ask("hello")).then(
    () => null,
    (error: unknown) => error,
  )
  expect(failed).toMatchObject({ status: 502, code: "provider_error" })
  expect(last()).toMatchObject({ chargeNano: 0, status: 502 })
})
