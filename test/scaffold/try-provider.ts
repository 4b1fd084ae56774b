// Runs in a copy of the tree that has a provider of lines: an operator adds an account of one, a person's app calls it.
import OpenAI from "openai"
import { credits } from "../../src/app/index.ts"
import { LinesUpstream } from "../../src/sites/api/lines-upstream.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, giveCredits, makeClient, makeUser, mintTokens, ownerOf, startTestServer } from "../build.ts"

const server = await startTestServer({ drainSeconds: 1 })
const { app } = server
const far = new LinesUpstream()
const admin = await signedIn(server, (await makeUser(app, { isAdmin: true })).email)
const page = await admin.get(`${server.url}/admin/upstreams/new`)
const typed = { kind: "lines", name: "far", base_url: far.url, api_key: "the-key", provider: "openai" }
const added = await admin.submit(page, "/admin/upstreams", typed)
await app.pricing.setModelPrice(CTX, {
  provider: "openai",
  model: "llama",
  rates: { input: 1_000_000, output: 2_000_000 },
  limits: { contextWindow: 8_000, maxOutputTokens: 1_000 },
})

// No free credits come in between: what a call takes is what the wallet loses.
await app.plans.updatePlan(CTX, { code: "free", dailyClaimNano: 0 })
const user = await makeUser(app)
await giveCredits(app, user, credits(100))
const { client, secret } = await makeClient(app)
const { accessToken } = await mintTokens(app, { user, client, secret })
const { completions } = new OpenAI({ apiKey: accessToken, baseURL: `${server.url}/v1`, maxRetries: 0 }).chat
const ask = { model: "far/llama", messages: [{ role: "user" as const, content: "hi" }], max_tokens: 100 }

/** What a call said, and what it took from the wallet. */
async function charged(call: () => Promise<[text: string | null, tokens: number | undefined]>) {
  const balance = () => app.ledger.wallet(ownerOf(user), "live").balanceNano
  const before = balance()
  const [text, tokens] = await call()
  return { text, tokens, charge: app.usage.recent(user.id, 1)[0]?.chargeNano, paid: before - balance() }
}
const whole = await charged(async () => {
  const { choices, usage } = await completions.create(ask)
  return [choices[0]!.message.content, usage?.total_tokens]
})
const stream = await charged(async () => {
  let text = ""
  let tokens: number | undefined
  for await (const chunk of await completions.create({
    ...ask,
    stream: true,
    stream_options: { include_usage: true },
  })) {
    text += chunk.choices[0]?.delta.content ?? ""
    tokens = chunk.usage?.total_tokens ?? tokens
  }
  return [text, tokens]
})

const { path: asked, key, body } = far.journal[0]!
const words = ["Lines of JSON", "A server that answers in lines.", "http://127.0.0.1:11434"]
const result = {
  words: words.filter((word) => page.text.includes(word)),
  added: [added.status, /far answers and offers 2 models\./.exec(added.text)?.[0]],
  asked: { path: asked, key, num_predict: (body.options as { num_predict: number }).num_predict },
  whole,
  stream,
}
far.stop()
await server.close()
console.log(JSON.stringify(result))
process.exit(0)
