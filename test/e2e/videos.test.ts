// Videos in a whole server: its own job looks after them, apps and people are told once by webhooks, and who leaves leaves none behind.
import { expect, onTestFinished, test } from "bun:test"
import OpenAI from "openai"
import { credits } from "../../src/app/index.ts"
import { playOpenai } from "../../src/sites/api/video-upstream.testing.ts"
import { CTX, giveCredits, makeClient, makeUser, mintTokens, ownerOf, startTestServer } from "../build.ts"

test("a job of the server ends them; the app, and a key's person, are told; an erased person has none", async () => {
  const server = await startTestServer({
    safeFetch: async () => ({ status: 200, headers: new Headers(), bytes: Buffer.alloc(0), text: () => "" }),
  })
  onTestFinished(() => server.close())
  const { app } = server
  const far = playOpenai(() => app.clock.now())
  await app.gateway.addUpstream(CTX, {
    kind: "openai-compatible",
    name: "far",
    baseUrl: far.baseUrl,
    priceProvider: "openai",
    models: ["sora-2"],
  })
  const user = await makeUser(app)
  await giveCredits(app, user, credits(10_000))
  await app.plans.change(CTX, { user, planCode: "professional" })
  const made = await makeClient(app, { scopes: ["openid", "video-generation"] })
  const { client } = made
  await app.webhooks.create(CTX, { userId: user.id, client }, { url: "https://example.com/app", types: null })
  await app.webhooks.create(CTX, { userId: user.id, client: null }, { url: "https://example.com/own", types: null })
  const scope = "openid video-generation"
  const { accessToken } = await mintTokens(app, { user, ...made, scope })
  const { secret } = await app.keys.create(CTX, { userId: user.id, name: "K", scopes: ["video-generation"] })
  const ask = { model: "sora-2", prompt: "x", seconds: "4", size: "1280x720" } as const
  const clientOf = (apiKey: string) => new OpenAI({ apiKey, baseURL: `${server.url}/v1`, maxRetries: 0 }).videos
  const [byApp, byKey] = [clientOf(accessToken), clientOf(secret)]
  const done = await byApp.create({ ...ask, prompt: "done" })
  const failed = await byApp.create({ ...ask, prompt: "failed" })
  const own = await byKey.create({ ...ask, prompt: "own" })
  for (const job of far.jobs.values()) {
    const isFailed = job.prompt === "failed"
    Object.assign(job, {
      status: isFailed ? "failed" : "completed",
      error: isFailed ? { code: "no", message: "" } : null,
    })
  }
  const told = () =>
    app.store.read
      .all<{ type: string; subject: string }>("SELECT type, subject FROM webhook_events WHERE type LIKE '%video.%'")
      .map(({ type, subject }) => `${type} ${subject}`)
      .sort()
  // Whoever looks, and the server's own job: each is told once.
  await Promise.all([byApp.retrieve(done.id), byApp.retrieve(failed.id), byKey.retrieve(own.id)])
  await app.jobs.runNow(CTX, "look-after-videos")
  const all = [`own_video.completed ${own.id}`, `video.completed ${done.id}`, `video.failed ${failed.id}`]
  expect(told()).toEqual(all)

  // Whoever leaves waits for no video, and keeps nobody waiting: what is being made is let go in the body that closes the account.
  const never = await byApp.create({ ...ask, prompt: "never" })
  await byKey.create({ ...ask, prompt: "never either" })
  const next = await makeUser(app)
  expect(app.ledger.held().holds).toBe(2)
  const before = app.ledger.wallet(ownerOf(user), "live").balanceNano
  for (const userId of [user.id, next.id])
    await app.store.write(CTX, (tx) => app.privacy.askErasureIn(tx, { userId, by: "admin", atOnce: true }))
  await app.privacy.eraseNext()
  expect([app.ledger.held().holds, app.ledger.wallet(ownerOf(user), "live").balanceNano > before]).toEqual([0, true])
  const states = () =>
    app.store.read
      .all<{ state: string }>("SELECT state FROM erasures ORDER BY user_id")
      .map(({ state }) => state)
      .join(" ")
  // Its provider goes on and is done with it; nobody is charged for that, and nobody is told.
  for (const job of far.jobs.values()) Object.assign(job, { status: "completed" })
  for (let slices = 0; states() !== "done done" && slices < 50; slices++) {
    await app.privacy.eraseNext()
    await app.gateway.videos.lookAfter()
  }
  expect(states()).toBe("done done")
  expect([app.store.read.all("SELECT 1 FROM videos"), app.ledger.held().holds]).toEqual([[], 0])
  expect(told().filter((one) => one.includes(never.id))).toEqual([])
  expect(app.ledger.verify().checks.filter(({ violations }) => violations > 0)).toEqual([])
}, 60_000)
