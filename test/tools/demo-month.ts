// A month in the life of a small Purser: people, apps and calls, made through the product itself while its clock is turned.

import { credits, DAY_MS, dayOf, HOUR_MS, type VirtualClock } from "../../src/app/index.ts"
import type { App } from "../../src/compose.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import { addSandbox, CTX, chat, giveCredits, makeUser, mintTokens } from "../build.ts"

/** The same month every time. */
let seed = 20_260_301
const random = (): number => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed / 2 ** 32
}
const between = (low: number, high: number): number => Math.round(low + random() * (high - low))

/** An OpenAI-compatible provider that answers anything, with the usage a real one would report. */
export const provider = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    const models = ["gpt-5-mini", "gpt-4.1-mini", "gpt-4o-mini", "gpt-5"]
    if (request.url.endsWith("/models")) return Response.json({ object: "list", data: models.map((id) => ({ id })) })
    const { model, messages } = (await request.json()) as { model: string; messages: { content: string }[] }
    const prompt_tokens = Math.ceil((messages[0]?.content.length ?? 0) / 4)
    const completion_tokens = between(120, 640)
    return Response.json({
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1,
      model,
      choices: [{ index: 0, message: { role: "assistant", content: "Once upon a time." }, finish_reason: "stop" }],
      usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
    })
  },
})

interface Made {
  client: Client
  secret: string
}

async function makeDeveloper(app: App, name: string, email: string, company: string): Promise<User> {
  const user = await makeUser(app, { name, email })
  const version = app.developers.agreementVersion
  await app.developers.acceptAgreement(CTX, { userId: user.id, version, company })
  return user
}

const makeApp = (app: App, owner: User, name: string, host: string): Promise<Made> =>
  app.store.write(CTX, (tx) => {
    const redirectUris = [`https://${host}/callback`]
    const scopes = ["openid", "profile", "email", "offline_access", "llm"] as const
    const input = { ownerId: owner.id, name, redirectUris, scopes: [...scopes], homepageUrl: `https://${host}` }
    const made = app.oauth.registerClientIn(tx, { ...input, type: "confidential" })
    return { client: made.client, secret: made.secret ?? "" }
  })

/** From where the clock stands to `endMs`. */
export async function liveAMonth(app: App, clock: VirtualClock, url: string, endMs: number): Promise<void> {
  await app.gateway.addUpstream(CTX, {
    kind: "openai-compatible",
    name: "openai",
    baseUrl: `http://127.0.0.1:${provider.port}/v1`,
    apiKey: "sk-demo",
    priceProvider: "openai",
  })
  await app.gateway.testUpstream(CTX, app.gateway.upstreams()[0]!.publicId)
  await makeUser(app, { name: "Grace Operator", email: "grace@example.com", isAdmin: true })
  const linus = await makeDeveloper(app, "Linus Weaver", "linus@paperboat.example", "Paper Boat Studio")
  const mei = await makeDeveloper(app, "Mei Tanaka", "mei@inkandindex.example", "Ink & Index")
  const storyteller = await makeApp(app, linus, "Storyteller", "storyteller.example")
  const notes = await makeApp(app, mei, "Margin Notes", "marginnotes.example")
  const guide = await makeApp(app, linus, "Field Guide", "fieldguide.example")
  const apps = [
    { ...storyteller, models: ["gpt-5-mini", "gpt-5"], limit: 250, weight: 5 },
    { ...notes, models: ["gpt-4.1-mini"], limit: 120, weight: 3 },
    { ...guide, models: ["gpt-4o-mini", "gpt-5-mini"], limit: 60, weight: 2 },
  ]
  const names = ["Ada Reader", "Tomás Rivera", "Priya Natarajan", "Jonas Lindqvist", "Amara Okafor", "Yuki Sato"]
  const people: User[] = []
  for (const name of names) {
    const email = `${name.split(" ")[0]!.normalize("NFD").replace(/\W/g, "").toLowerCase()}@example.com`
    people.push(await makeUser(app, { name, email }))
  }
  const ada = people[0]!
  await giveCredits(app, ada, credits(2_500))
  for (const person of people.slice(1)) await giveCredits(app, person, credits(between(200, 900)))
  const firstDay = dayOf(clock.now())
  const lastDay = dayOf(endMs)
  for (let day = firstDay; day <= lastDay; day++) {
    const dayStart = day * DAY_MS
    const weekend = (day + 4) % 7 === 0 || (day + 4) % 7 === 6
    const until = day === lastDay ? endMs - 4 * 60_000 : dayStart + 23 * HOUR_MS
    const start = Math.max(clock.now(), day === lastDay ? dayStart : dayStart + 7 * HOUR_MS)
    const plan: { person: User; made: (typeof apps)[number] }[] = []
    for (const person of people) {
      for (const made of apps) {
        if (person !== ada && random() < 0.45) continue
        const most = (person === ada ? made.weight * 2.4 : made.weight) * (weekend ? 0.45 : 1) * (0.4 + random())
        const calls = day === lastDay ? Math.ceil(most / 2) : Math.round(most)
        for (let call = 0; call < calls; call++) plan.push({ person, made })
      }
    }
    plan.sort(() => random() - 0.5)
    const tokens = new Map<string, { accessToken: string; ms: number }>()
    for (const [index, { person, made }] of plan.entries()) {
      clock.set(Math.max(clock.now(), Math.round(start + ((until - start) * (index + 1)) / plan.length)))
      const key = `${person.id}:${made.client.id}`
      let token = tokens.get(key)
      if (!token || clock.now() - token.ms > HOUR_MS / 2) {
        const { accessToken } = await mintTokens(app, { user: person, ...made, dailyNano: credits(made.limit) })
        token = { accessToken, ms: clock.now() }
        tokens.set(key, token)
      }
      const model = made.models[random() < 0.8 ? 0 : made.models.length - 1]!
      const content = "word ".repeat(between(160, 1_800))
      const answer = await chat(url, token.accessToken, { model, messages: [{ role: "user", content }] })
      if (answer.status !== 200) console.log(`a call was refused: ${await answer.text()}`)
    }
  }
  await makeApp(app, linus, "Tide Tables", "tidetables.example")
  await addSandbox(app)
  const spammer = await makeUser(app, { name: "Sam Spender", email: "sam@example.com" })
  clock.set(endMs)
  await app.identity.suspend(CTX, { userId: spammer.id, reason: "Shared one access token between forty people." })
}
