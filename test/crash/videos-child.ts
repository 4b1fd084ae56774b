// A server in a process of its own, with a person who has a key, credits and an endpoint, and an account that makes videos: for tests that
// kill it. Prints the key.
import { credits } from "../../src/app/index.ts"
import { CTX, giveCredits, makeUser, startTestServer } from "../build.ts"

const [dataDir = "", port = "", baseUrl = ""] = process.argv.slice(2)
const { app } = await startTestServer({ dataDir, port: Number(port) })
await app.gateway.addUpstream(CTX, {
  kind: "openai-compatible",
  name: "far",
  baseUrl,
  apiKey: "sk-far",
  priceProvider: "openai",
  models: ["sora-2"],
})
const user = await makeUser(app)
await giveCredits(app, user, credits(10_000))
await app.plans.change(CTX, { user, planCode: "professional" })
const { secret } = await app.keys.create(CTX, { userId: user.id, name: "K", scopes: ["video-generation"] })
process.stdout.write(`${JSON.stringify({ secret, userId: user.id })}\n`)
