// Makes the people, their lots and their logins in a process of its own, which then ends: whoever is measured opens the folder afresh,
// and nothing of this is in its memory.
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { credits, PrincipalId, randomSecret, readConfig, sha256Hex, silentLog, UserId } from "../../src/app/index.ts"
import { type App, compose } from "../../src/compose.ts"
import type { Oauth } from "../../src/oauth/index.ts"
import { say } from "../measure.ts"
import { LOTS_PER_USER } from "./durable-tables.ts"
import { CLAUDE, MODEL } from "./mock.ts"

export const CTX = { actor: "cli", requestId: "req_bench", reason: "benchmark data" }
export const configOf = (dataDir: string) =>
  readConfig({ port: "0", "data-dir": dataDir, "base-url": "http://localhost:8080" }, {})

/** Access tokens, one a person. */
export const tokensFile = (dataDir: string): string => join(dataDir, "tokens.json")

/** API keys, one a person, of people beside the others, whose plan lets keys reach paid models. */
export const keysFile = (dataDir: string): string => join(dataDir, "keys.json")
const KEYS = 200

const REDIRECT = "http://localhost/callback"
const PER_WRITE = 100

export async function seed(upstream: string, users: number, dataDir: string, limited: boolean): Promise<void> {
  const app = await compose(configOf(dataDir), { log: silentLog })
  await addUpstream(app, upstream)
  if (limited) await addLimits(app)
  const { client, secret } = await app.store.write(CTX, (tx) =>
    app.oauth.registerClientIn(tx, {
      ownerId: UserId(users + 1),
      type: "confidential",
      name: "Bench",
      scopes: ["llm"],
      redirectUris: [REDIRECT],
    }),
  )
  const tokens: string[] = []
  for (let from = 0; from < users; from += PER_WRITE) {
    const ids = Array.from({ length: Math.min(PER_WRITE, users - from) }, (_, at) => from + at + 1)
    await addPeople(app, ids)
    tokens.push(...(await Promise.all(ids.map((id) => login(app.oauth, client.publicId, secret!, id)))))
  }
  writeFileSync(tokensFile(dataDir), JSON.stringify(tokens))
  writeFileSync(keysFile(dataDir), JSON.stringify(await addKeys(app, users + 2)))
  await app.stop()
  say({ users: tokens.length })
  process.exit(0)
}

async function addKeys(app: App, firstId: number): Promise<string[]> {
  const ids = Array.from({ length: KEYS }, (_, at) => firstId + at)
  await addPeople(app, ids)
  return Promise.all(
    ids.map(async (id) => {
      await app.plans.assign(CTX, { user: { id: UserId(id), publicId: `usr_${id}` }, planCode: "starter" })
      return (await app.keys.create(CTX, { userId: UserId(id), name: "Bench", scopes: ["llm"] })).secret
    }),
  )
}

/** As an operator might set them for everybody, and far above what is measured. */
async function addLimits(app: App): Promise<void> {
  for (const kind of ["requests_minute", "requests_day", "tokens_minute", "concurrent"] as const)
    await app.limits.set(CTX, { level: "everybody", subject: "", kind, amount: 1_000_000_000 })
}

async function addUpstream(app: App, baseUrl: string): Promise<void> {
  await app.pricing.setModelPrice(CTX, { provider: "openai", model: MODEL, rates: { input: 1_000, output: 2_000 } })
  await app.gateway.addUpstream(CTX, {
    kind: "openai-compatible",
    name: "bench",
    baseUrl,
    apiKey: "key",
    priceProvider: "openai",
    models: [MODEL],
  })
  await app.pricing.setModelPrice(CTX, { provider: "anthropic", model: CLAUDE, rates: { input: 1_000, output: 2_000 } })
  const claude = { name: "claude", baseUrl: baseUrl.replace(/\/v1$/, ""), apiKey: "key", models: [CLAUDE] }
  await app.gateway.addUpstream(CTX, { kind: "anthropic", priceProvider: "anthropic", ...claude })
}

/** People are made without passwords: hashing 10,000 of them would be all that this does. */
function addPeople(app: App, ids: number[]): Promise<void> {
  return app.store.write(CTX, (tx) => {
    for (const id of ids) {
      tx.run("INSERT INTO principals (id, kind, created_ms) VALUES (?, 'user', ?)", id, tx.now)
      tx.run(
        `INSERT INTO users (id, public_id, email, email_verified_ms, created_ms, updated_ms) VALUES (?, ?, ?, ?, ?, ?)`,
        id,
        `usr_${id}`,
        `p${id}@example.com`,
        tx.now,
        tx.now,
        tx.now,
      )
      const owner = { kind: "principal", id: PrincipalId(id) } as const
      for (let lot = 0; lot < LOTS_PER_USER; lot++) {
        app.ledger.grantIn(tx, {
          owner,
          mode: "live",
          type: "topup",
          bucket: "purchase",
          paid: true,
          amountNano: credits(1_000_000),
          key: `bench:${id}:${lot}`,
        })
      }
      app.ledger.claimDailyIn(tx, { owner, mode: "live", amountNano: credits(100), freeBudgetNano: null, auto: true })
    }
  })
}

/** The whole authorization code flow, without the pages. @returns the access token */
async function login(oauth: Oauth, clientId: string, secret: string, userId: number): Promise<string> {
  const verifier = sha256Hex("bench verifier")
  const session = { sessionId: userId, userId: UserId(userId), authTimeMs: Date.now(), amr: ["pwd"], sid: "ses_1" }
  const browser = { session, browserIds: [randomSecret()], requestId: "req_bench" }
  const params = new URLSearchParams({
    client_id: clientId,
    redirect_uri: REDIRECT,
    response_type: "code",
    scope: "openid llm",
    state: "s",
    code_challenge: new Bun.CryptoHasher("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  })
  let outcome = await oauth.beginAuthorization({ params, ...browser })
  if (outcome.kind === "consent") {
    const decision = { approve: true, scopes: ["openid", "llm"], limits: { llm: credits(1_000_000) } }
    outcome = await oauth.decide({ interaction: outcome.interaction, ...browser, ...decision })
  }
  if (outcome.kind !== "redirect") throw new Error(`no code: ${outcome.kind}`)
  const answer = await oauth.token({
    params: new URLSearchParams({
      grant_type: "authorization_code",
      code: new URL(outcome.location).searchParams.get("code")!,
      code_verifier: verifier,
      redirect_uri: REDIRECT,
      client_id: clientId,
      client_secret: secret,
    }),
    authorization: null,
    requestId: "req_bench",
  })
  return answer.access_token
}
