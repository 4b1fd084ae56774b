// The measured Purser: people with real password hashes, sign-ins that wait to be redeemed, refreshed and asked about. Requests stand in
// files; logins run in this process, asked for by a word, so that what is measured beside them is a page.
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { randomSecret, readConfig, sha256Hex, silentLog } from "../../src/app/index.ts"
import { type App, compose } from "../../src/compose.ts"
import type { User } from "../../src/identity/index.ts"
import { newVisitor } from "../../src/identity/testing.ts"
import type { Client } from "../../src/oauth/index.ts"
import { answerWords } from "../gateway/control.ts"
import { percentile, say } from "../measure.ts"

const CTX = { actor: "cli", requestId: "req_bench", reason: "benchmark data" }
const PASSWORD = "a long bench password"
const CALLBACK = "https://app.example/callback"
const VERIFIER = sha256Hex("bench")
const CHALLENGE = new Bun.CryptoHasher("sha256").update(VERIFIER).digest("base64url")
/** More wait than may queue for a hash: the rest would be refused. */
const LOGINS_AT_ONCE = 32

export interface Sizes {
  /** Requests of each kind. */
  each: number
  people: number
  logins: number
  /** Logins of known and of unknown people that are timed against each other. */
  timed: number
}

export const fileOf = (folder: string, kind: string): string => join(folder, `${kind}.json`)

export async function server(dataDir: string, sizes: Sizes): Promise<void> {
  const config = readConfig({ port: "0", "data-dir": dataDir, "base-url": "http://localhost:9" }, {})
  const app = await compose(config, { log: silentLog })
  const people: User[] = []
  for (let at = 0; at < sizes.people; at++) {
    people.push(await app.identity.createUser(CTX, { email: emailOf(at), password: PASSWORD, name: `Person ${at}` }))
  }
  const { client, secret } = await clientOf(app, people[0]!)
  const { port } = await app.listen()
  const codes: string[] = []
  for (let at = 0; at < sizes.each; at++) codes.push(await codeOf(app, client, people[at % people.length]!))
  const credentials = { client_id: client.publicId, client_secret: secret }
  const body = (code: string) => ({
    ...credentials,
    grant_type: "authorization_code",
    code,
    code_verifier: VERIFIER,
    redirect_uri: CALLBACK,
  })
  const write = (kind: string, requests: string[]) => writeFileSync(fileOf(dataDir, kind), JSON.stringify(requests))
  write(
    "exchange",
    codes.map((code) => post(port, "/token", body(code))),
  )
  const refreshes: string[] = []
  const infos: string[] = []
  for (let at = 0; at < sizes.each; at++) {
    const code = await codeOf(app, client, people[at % people.length]!)
    const params = new URLSearchParams(body(code))
    const tokens = await app.oauth.token({ params, authorization: null, requestId: "req_bench" })
    refreshes.push(
      post(port, "/token", { ...credentials, grant_type: "refresh_token", refresh_token: tokens.refresh_token! }),
    )
    infos.push(
      `GET /userinfo HTTP/1.1\r\nHost: localhost:${port}\r\nAuthorization: Bearer ${tokens.access_token}\r\n\r\n`,
    )
  }
  write("refresh", refreshes)
  write("userinfo", infos)
  say({ port })
  await answerWords({
    logins: () => logins(app, sizes),
    timing: () => timing(app, sizes),
  })
  await app.stop()
  say({ stopped: true })
  process.exit(0)
}

const emailOf = (at: number): string => `person${at}@example.com`

const clientOf = (app: App, owner: User): Promise<{ client: Client; secret: string }> =>
  app.store.write(CTX, (tx) => {
    const { client, secret } = app.oauth.registerClientIn(tx, {
      ownerId: owner.id,
      type: "confidential",
      name: "Bench",
      redirectUris: [CALLBACK],
      scopes: ["profile", "email", "llm"],
    })
    return { client, secret: secret! }
  })

async function codeOf(app: App, client: Client, user: User): Promise<string> {
  const browserIds = [randomSecret()]
  const session = { sessionId: 1, userId: user.id, authTimeMs: app.clock.now(), amr: ["pwd" as const], sid: "bench" }
  const rest = { session, browserIds, requestId: "req_bench" }
  const params = new URLSearchParams({
    client_id: client.publicId,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: "openid profile email offline_access llm",
    code_challenge: CHALLENGE,
    code_challenge_method: "S256",
  })
  let outcome = await app.oauth.beginAuthorization({ params, ...rest })
  if (outcome.kind === "consent") {
    const decision = { approve: true, scopes: ["profile", "email", "offline_access", "llm"], limits: {} }
    outcome = await app.oauth.decide({ interaction: outcome.interaction, ...decision, ...rest })
  }
  if (outcome.kind !== "redirect") throw new Error(`the sign-in ended as ${outcome.kind}`)
  return new URL(outcome.location).searchParams.get("code")!
}

function post(port: number, path: string, params: Record<string, string>): string {
  const body = new URLSearchParams(params).toString()
  return [
    `POST ${path} HTTP/1.1`,
    `Host: localhost:${port}`,
    "Content-Type: application/x-www-form-urlencoded",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n")
}

/** Right passwords, as many at a time as may wait. */
async function logins(app: App, sizes: Sizes): Promise<{ perSecond: number }> {
  let left = sizes.logins
  const startedMs = performance.now()
  const work = async () => {
    while (left-- > 0) {
      await app.identity.login(newVisitor(), { email: emailOf(left % sizes.people), password: PASSWORD })
    }
  }
  await Promise.all(Array.from({ length: Math.min(LOGINS_AT_ONCE, sizes.logins) }, work))
  return { perSecond: sizes.logins / ((performance.now() - startedMs) / 1_000) }
}

/**
 * Wrong passwords of people that there are and of people that there are not, in turn, each from a network of its own.
 * @returns the chance that one of the first took longer than one of the second: 0.5 = nobody can tell
 */
async function timing(app: App, sizes: Sizes): Promise<{ auc: number; knownMs: number; unknownMs: number }> {
  const timed = async (email: string): Promise<number> => {
    const startedMs = performance.now()
    const refused = await app.identity.login(newVisitor(), { email, password: "not the password" }).then(
      () => false,
      () => true,
    )
    if (!refused) throw new Error("a wrong password was taken")
    return performance.now() - startedMs
  }
  const known: number[] = []
  const unknown: number[] = []
  for (let at = 0; at < sizes.timed; at++) {
    known.push(await timed(emailOf(at % sizes.people)))
    unknown.push(await timed(`stranger${at}@example.com`))
  }
  let above = 0
  for (const one of known) for (const other of unknown) above += one > other ? 1 : one === other ? 0.5 : 0
  return {
    auc: above / (known.length * unknown.length),
    knownMs: percentile(known, 50),
    unknownMs: percentile(unknown, 50),
  }
}
