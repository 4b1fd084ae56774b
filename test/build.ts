// Test data through public verbs, and a whole server on a free loopback port. No test writes a row itself.
import { randomInt } from "node:crypto"
import { rmSync } from "node:fs"
import { generateSync } from "otplib"
import { credits, nano, randomSecret, readConfig, silentLog, UserId } from "../src/app/index.ts"
import { type App, compose, type Overrides } from "../src/compose.ts"
import { createHasher, type User } from "../src/identity/index.ts"
import { type SoftKey, softKey } from "../src/identity/passkeys/testing.ts"
import { logIn, QUICK_HASHES } from "../src/identity/testing.ts"
import type { Client } from "../src/oauth/index.ts"
import { lentPairs } from "../src/oauth/keys/testing.ts"
import { hostsOf } from "../src/sites/public/hosts.ts"
import { placeFresh, testFolder } from "../src/store/index.ts"

export const CTX = { actor: "cli", requestId: "req_test", reason: "test data" }
/** Turns two-step sign-in on. @returns the secret of the app, and the recovery codes */
export async function turnTwoStepOn(app: App, user: User): Promise<{ secret: string; codes: string[] }> {
  const visitor = { ip: "127.0.0.1", userAgent: "test", browserId: randomSecret(), requestId: "req_test" }
  await app.identity.beginSecondStep(CTX, user.id)
  const { secret } = app.identity.enrolmentOf(user.id, "Purser")!
  const code = generateSync({ secret, epoch: Math.floor(app.clock.now() / 1_000) })
  return { secret, codes: await app.identity.confirmSecondStep(visitor, CTX, { userId: user.id, code }) }
}

/** By address. */
const codesOf = new Map<string, string[]>()
/** A recovery code of somebody whom `addPasskey` gave a passkey: their password alone does not sign them in. */
export const recoveryCode = (email: string): string | undefined => codesOf.get(email)?.shift()

/** Gives a person a passkey. @returns its public id */
export async function addPasskey(app: App, user: User, key?: SoftKey): Promise<string> {
  const visitor = { ip: "127.0.0.1", userAgent: "Chrome/140 Linux", browserId: randomSecret(), requestId: "req_test" }
  const { token } = await logIn(app.identity, visitor, { email: user.email, password: PASSWORD })
  const here = { ...visitor, previousToken: token }
  const asked = app.identity.askNewPasskey(here, user.id)
  const response = await (key ?? (await softKey(new URL(app.config.baseUrl).origin))).make(asked)
  const input = { userId: user.id, name: "", ticket: asked.ticket, response }
  const { codes } = await app.identity.addPasskey(here, CTX, input)
  if (codes) codesOf.set(user.email, codes)
  return app.identity.passkeysOf(user.id).at(-1)!.publicId
}

export { type SoftKey, softKey } from "../src/identity/passkeys/testing.ts"
export { logIn } from "../src/identity/testing.ts"

export const PASSWORD = "a long test password"
export const CALLBACK = "http://127.0.0.1:9/callback"

/** Nobody guesses at the people of tests. */
const quickHasher = createHasher(undefined, undefined, QUICK_HASHES)

export interface TestServer {
  /** Where an address of this server is: at `url`, unless each part has an origin of its own. */
  at(path: string): string
  /** Whether an absolute address is this server's. */
  isOwn(address: string): boolean
  /** `GET /apps/:id` …: every route there is. */
  routes: readonly string[]
  app: App
  url: string
  dataDir: string
  close(): Promise<void>
}

/** Above a port that browsers refuse, below those that systems hand out: no connection takes it between this and its server. */
const PORTS = { first: 10_100, past: 32_000 }

export function freePort(): number {
  for (;;) {
    const port = randomInt(PORTS.first, PORTS.past)
    try {
      Bun.serve({ hostname: "127.0.0.1", port, fetch: () => new Response() }).stop(true)
      return port
    } catch (error) {
      if ((error as { code?: string }).code !== "EADDRINUSE") throw error
    }
  }
}

/** Bytes on the line of what has brotli, or has it a moment after it was first asked for. */
export async function brotliBytesOf(url: string): Promise<number> {
  for (;;) {
    const answer = await fetch(url, { headers: { "accept-encoding": "br" }, decompress: false })
    const { length } = await answer.bytes()
    if (answer.headers.get("content-encoding") === "br") return length
    await Bun.sleep(10)
  }
}

/** A server as `purser serve` makes it, in demo mode (mailbox page), with a fresh data folder. */
export async function startTestServer(
  overrides: Overrides & {
    dataDir?: string
    /** Of a data folder that was served before, which names it. */
    port?: number
    drainSeconds?: number
    /** An origin for sign-in, console, API and public pages each. Default: what PURSER_TEST_HOSTS=4 says. */
    fourHosts?: boolean
    env?: Record<string, string>
  } = {},
): Promise<TestServer> {
  const dataDir = overrides.dataDir ?? testFolder("purser-e2e-")
  const port = overrides.port ?? freePort()
  const isSplit = overrides.fourHosts ?? process.env.PURSER_TEST_HOSTS === "4"
  const of = (name: string) => `http://${isSplit ? `${name}.` : ""}localhost:${port}`
  const url = of("auth")
  const split = { "console-url": of("console"), "api-url": of("api"), "site-url": of("site") }
  const config = readConfig(
    {
      port: String(port),
      "data-dir": dataDir,
      "base-url": url,
      "drain-seconds": String(overrides.drainSeconds ?? 2),
      ...(isSplit ? split : {}),
    },
    overrides.env ?? {},
    true,
  )
  if (!overrides.dataDir) await placeFresh(dataDir)
  const app = await compose(config, { log: silentLog, hasher: quickHasher, firstPairs: lentPairs, ...overrides })
  const { routes } = await app.listen()
  return {
    app,
    url,
    at(path) {
      const [place = "auth"] = hostsOf(path.split("?")[0]!)
      return `${config.hosts[place]}${path}`
    },
    isOwn: (address) => Object.values(config.hosts).some((origin) => address.startsWith(origin)),
    routes,
    dataDir,
    async close() {
      await app.stop()
      if (!overrides.dataDir) rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

let people = 0
export function makeUser(app: App, options: { isAdmin?: boolean; name?: string; email?: string } = {}): Promise<User> {
  const email = options.email ?? `person${++people}@example.com`
  return app.identity.createUser(CTX, {
    email,
    password: PASSWORD,
    name: options.name ?? "Ada Reader",
    isAdmin: options.isAdmin ?? false,
  })
}

export async function makeDeveloper(app: App, names: { name?: string; company?: string } = {}): Promise<User> {
  const user = await makeUser(app, { name: names.name ?? "Linus Developer" })
  await app.developers.acceptAgreement(CTX, {
    userId: user.id,
    version: app.developers.agreementVersion,
    company: names.company ?? "Paper Boat Studio",
  })
  return user
}

export async function makeClient(
  app: App,
  options: {
    name?: string
    type?: "confidential" | "public"
    redirectUris?: string[]
    ownerId?: number
    homepageUrl?: string
    mode?: "live" | "test"
    scopes?: Parameters<App["oauth"]["registerClientIn"]>[1]["scopes"]
  } = {},
): Promise<{ client: Client; secret: string }> {
  const ownerId = options.ownerId ?? (await makeDeveloper(app)).id
  const made = await app.store.write(CTX, (tx) =>
    app.oauth.registerClientIn(tx, {
      ownerId: UserId(ownerId),
      type: options.type ?? "confidential",
      name: options.name ?? "Storyteller",
      redirectUris: options.redirectUris ?? [CALLBACK],
      homepageUrl: options.homepageUrl ?? null,
      mode: options.mode ?? "live",
      scopes: options.scopes ?? ["openid", "profile", "email", "offline_access", "llm"],
    }),
  )
  return { client: made.client, secret: made.secret ?? "" }
}

/** The sandbox model, tested and on. */
export async function addSandbox(app: App): Promise<void> {
  const upstream = await app.gateway.addUpstream(CTX, { kind: "sandbox", name: "sandbox" })
  await app.gateway.testUpstream(CTX, upstream.publicId)
}

/** A bonus, so that no daily claim plays a part in a figure. */
export async function giveCredits(app: App, user: User, amountNano: number): Promise<void> {
  await app.store.write(CTX, (tx) =>
    app.ledger.grantIn(tx, {
      owner: { kind: "principal", id: user.id },
      mode: "live",
      type: "bonus",
      bucket: "bonus",
      amountNano: nano(amountNano),
      paid: false,
      key: `test:${randomSecret(8)}`,
    }),
  )
}

export interface Tokens {
  accessToken: string
  refreshToken: string
}

/** Authorization code flow through the domain's own verbs: quick, and the same code that the endpoints call. */
export async function mintTokens(
  app: App,
  input: { user: User; client: Client; secret: string; scope?: string; dailyNano?: number; payer?: string },
): Promise<Tokens> {
  const verifier = randomSecret()
  const browserIds = [randomSecret()]
  const session = { sessionId: 1, userId: input.user.id, authTimeMs: app.clock.now(), amr: ["pwd"], sid: "ses_1" }
  const scope = input.scope ?? "openid profile email offline_access llm"
  const params = new URLSearchParams({
    client_id: input.client.publicId,
    redirect_uri: input.client.redirectUris[0]!,
    response_type: "code",
    scope,
    state: "s",
    code_challenge: new Bun.CryptoHasher("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  })
  let outcome = await app.oauth.beginAuthorization({ params, session, browserIds, requestId: "req_test" })
  if (outcome.kind === "consent") {
    const daily = input.dailyNano ?? credits(100_000)
    const limits = Object.fromEntries(
      scope.split(" ").flatMap((one) => (["llm", "mcp", "video-generation"].includes(one) ? [[one, daily]] : [])),
    )
    const decision = {
      interaction: outcome.interaction,
      approve: true,
      scopes: scope.split(" "),
      limits,
      payer: input.payer,
      session,
      browserIds,
      requestId: "req_test",
    }
    outcome = await app.oauth.decide(decision)
  }
  if (outcome.kind !== "redirect") throw new Error(`authorization ended as ${outcome.kind}`)
  const code = new URL(outcome.location).searchParams.get("code") ?? ""
  const tokens = await app.oauth.token({
    params: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      redirect_uri: input.client.redirectUris[0]!,
      code_verifier: verifier,
      client_id: input.client.publicId,
      ...(input.secret ? { client_secret: input.secret } : {}),
    }),
    authorization: null,
    requestId: "req_test",
  })
  return { accessToken: tokens.access_token, refreshToken: tokens.refresh_token ?? "" }
}

/** A chat call over HTTP. */
export const chat = (url: string, token: string, body: Record<string, unknown> = {}): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "sandbox", messages: [{ role: "user", content: "Tell me something." }], ...body }),
  })

export const ownerOf = (user: User) => ({ kind: "principal", id: user.id }) as const
