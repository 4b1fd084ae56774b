// The official SDKs with a base URL that is a little wrong: what they throw says what to change.
import { afterAll, beforeAll, expect, test } from "bun:test"
import Anthropic from "@anthropic-ai/sdk"
import OpenAI from "openai"
import { startTestServer, type TestServer } from "../build.ts"

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const WITHOUT = "end the base URL of your client in `/v1`"
const TWICE = "leave it out at the end of its base URL"
const SLASHES = "end the base URL of your client without one"
const messages = [{ role: "user" as const, content: "hi" }]

/** What the SDK throws. */
async function thrown(call: Promise<unknown>): Promise<{ status: number; message: string }> {
  const error: unknown = await call.then(
    () => new Error("answered"),
    (reason: unknown) => reason,
  )
  return error as { status: number; message: string }
}

for (const [end, words] of [
  ["", WITHOUT],
  ["/v1/v1", TWICE],
] as const) {
  test(`openai with a base URL that ends in "${end}" is told so`, async () => {
    const client = new OpenAI({
      apiKey: "sk_x",
      baseURL: `${server.at("/v1/models").replace("/v1/models", "")}${end}`,
      maxRetries: 0,
    })
    const calls = {
      chat: () => client.chat.completions.create({ model: "m", messages }),
      responses: () => client.responses.create({ model: "m", input: "hi" }),
      embeddings: () => client.embeddings.create({ model: "m", input: "hi" }),
      images: () => client.images.generate({ model: "m", prompt: "x" }),
      speech: () => client.audio.speech.create({ model: "m", voice: "alloy", input: "x" }),
      models: () => client.models.list(),
      model: () => client.models.retrieve("sandbox"),
      answer: () => client.responses.retrieve("resp_x"),
      moderations: () => client.moderations.create({ input: "x" }),
    }
    for (const [name, call] of Object.entries(calls)) {
      const { status, message } = await thrown(call())
      expect([name, status, message]).toEqual([name, 404, expect.stringContaining(words)])
      expect([name, message]).toEqual([name, expect.not.stringContaining("<")])
    }
  })
}

test("a client that joins a base URL with a slash at its end is told of the second one", async () => {
  for (const path of ["/v1//chat/completions", "/v1//messages", "//chat//completions"]) {
    const answer = await fetch(`${server.at("/v1/models").replace("/v1/models", "")}${path}`, {
      method: "POST",
      body: "{}",
    })
    expect([path, answer.status, await answer.text()]).toEqual([path, 404, expect.stringContaining(SLASHES)])
  }
})

test("Anthropic's SDK, which adds /v1 by itself, is told where it stands twice", async () => {
  const base = server.at("/v1/models").replace("/v1/models", "")
  const client = new Anthropic({ apiKey: "sk_x", baseURL: `${base}/v1`, maxRetries: 0 })
  const call = thrown(client.messages.create({ model: "m", max_tokens: 5, messages }))
  const { status, error, message } = (await call) as { status: number; message: string; error?: unknown }
  expect([status, message]).toEqual([404, expect.stringContaining(TWICE)])
  expect(error).toMatchObject({ type: "error", error: { type: "not_found_error" } })
})

test("who walks to such an address with a browser finds a page, as for any other that is not there", async () => {
  for (const path of ["/chat/completions", "/videos/x", "/responses", "/models/x"]) {
    const answer = await fetch(`${server.url}${path}`)
    expect([path, answer.status, answer.headers.get("content-type")]).toEqual([path, 404, "text/html; charset=utf-8"])
    await answer.text()
  }
  for (const accept of ["text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8", "*/*", ""]) {
    const page = await fetch(server.at("/models"), { headers: { accept } })
    expect([accept, page.status, page.headers.get("content-type")]).toEqual([accept, 200, "text/html; charset=utf-8"])
    await page.text()
  }
})
