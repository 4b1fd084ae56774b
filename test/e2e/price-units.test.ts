// What an operator's page of a model says that one of each unit costs, and what /models says to everybody: both times what a call counted are
// its charge, with the shares of the house and the developer.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits } from "../../src/app/index.ts"
import { plainText } from "../../src/cli/demo/agent.ts"
import { signedIn } from "../browser/house.ts"
import {
  addSandbox,
  giveCredits,
  makeClient,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"

const SCOPES = ["openid", "llm", "image-generation", "speech", "embeddings", "video-generation"]
let server: TestServer
let token = ""
let page = ""
let shown = ""

beforeAll(async () => {
  server = await startTestServer()
  const { app } = server
  await addSandbox(app)
  const admin = await makeUser(app, { isAdmin: true })
  const user = await makeUser(app, { name: "Ada Reader" })
  await giveCredits(app, user, credits(50_000))
  const { client, secret } = await makeClient(app, { scopes: SCOPES as never })
  token = (await mintTokens(app, { user, client, secret, scope: SCOPES.join(" ") })).accessToken
  const agent = await signedIn(server, admin.email)
  page = (await agent.get(server.at("/admin/prices/model?list=sandbox&model=sandbox"))).text
  shown = (await agent.get(server.at("/models"))).text
}, 60_000)
afterAll(() => server.close())

const ask = (path: string, body?: object | FormData) =>
  fetch(server.at(`/v1${path}`), {
    method: body ? "POST" : "GET",
    headers: {
      authorization: `Bearer ${token}`,
      ...(body && !(body instanceof FormData) ? { "content-type": "application/json" } : {}),
    },
    ...(body ? { body: body instanceof FormData ? body : JSON.stringify(body) } : {}),
  })

/** $ of one, as the operator's page has it. */
const atProvider = (label: string): number => {
  const found = new RegExp(`<dt>${label}</dt>\\s*<dd[^>]*>([^<]*)</dd>`).exec(page)?.[1] ?? ""
  return Number(found.trim().replace("$", ""))
}

async function heard(): Promise<FormData> {
  const form = new FormData()
  form.append("model", "sandbox")
  form.append("file", new File([new Uint8Array(await (await ask("/audio/speech", SPEECH)).arrayBuffer())], "a.wav"))
  return form
}
const SPEECH = { model: "sandbox", input: "Ahoy there", voice: "alloy" }

const CALLS: [label: string, name: string, count: number, call: () => Promise<Response>][] = [
  ["Picture", "image", 1, () => ask("/images/generations", { model: "sandbox", prompt: "waves", size: "64x64" })],
  ["Character", "character", 10, () => ask("/audio/speech", SPEECH)],
  ["Second", "second", 1, async () => ask("/audio/transcriptions", await heard())],
  ["Search", "search", 1, () => ask("/rerank", { model: "sandbox", query: "cat", documents: ["a cat", "a dog"] })],
]

for (const [label, name, count, call] of CALLS) {
  test(`${label}: the operator's price times ${count}, doubled by the shares, is the charge`, async () => {
    const answer = await call()
    await answer.arrayBuffer()
    expect(answer.status).toBe(200)
    const told = (await (await ask(`/requests/${answer.headers.get("x-request-id")}`)).json()) as {
      usage: { counted: Record<string, number> }
      charge: { nano: string }
    }
    expect(told.usage.counted).toEqual({ [name]: count })
    expect(atProvider(label)).toBeGreaterThan(0)
    expect(Number(told.charge.nano)).toBe(Math.round(atProvider(label) * count * 2e9))
  })
}

test("/models says the same to everybody, in credits", () => {
  // $0.02 a picture, $0.006 a minute, $0.015 for a thousand characters, $0.002 a search; a thousand credits are a dollar.
  const words = plainText(shown)
  for (const price of [
    "40 credits a picture",
    "12 credits a minute",
    "30 credits for 1,000 characters",
    "4 credits a search",
  ])
    expect([price, words.includes(price)]).toEqual([price, true])
})
