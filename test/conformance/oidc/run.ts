// What a module works with: one server seen from outside, over HTTP alone. Tokens are verified by jose, never by code of the server.
import { createHash, randomBytes } from "node:crypto"
import { createRemoteJWKSet, decodeProtectedHeader, type JWTPayload, jwtVerify } from "jose"
import { Agent, type Manners, type Outcome, type Person, type Walk } from "./agent.ts"
import { Missed } from "./missed.ts"

export interface ClientInfo {
  id: string
  secret: string | null
  /** client_secret_post in place of client_secret_basic. */
  posts?: boolean
}

/** A server under test. */
export interface Target {
  name: string
  issuer: string
  manners: Manners
  /** Registered with the redirect URIs of `CALLBACKS`; `second` is another confidential client, `open` a public one. */
  clients: { basic: ClientInfo; post: ClientInfo; second: ClientInfo; open: ClientInfo }
  newPerson(): Promise<Person>
  /** Lets codes and pushed requests grow old. */
  later(ms: number): Promise<void>
  /** A client that listens for logout tokens, and what it hears of a person; null: none here. */
  backchannel: { client: ClientInfo; next(sub: string): Promise<string> } | null
  /**
   * Signs somebody in with this issuer: `answer` turns the address of its sign-in into what comes back to the callback.
   * @returns whether anybody is signed in then; null: it is no relying party
   */
  relying: ((issuer: string, answer: (url: string) => URLSearchParams) => Promise<boolean>) | null
  /** Switches to the next signing key; null: cannot. */
  rotate: (() => Promise<void>) | null
  close(): Promise<void>
}

export const CALLBACK = "https://rp.example/callback"
export const CALLBACK_WITH_QUERY = "https://rp.example/callback?kept=yes"
export const AFTER_LOGOUT = "https://rp.example/after"
/** What each client of a target is registered with. */
export const CALLBACKS = [CALLBACK, CALLBACK_WITH_QUERY]

export type Json = Record<string, unknown>

export interface Answer {
  status: number
  body: Json
  headers: Headers
}

/** An authorization request with what its sender keeps. */
export interface Asked {
  params: URLSearchParams
  verifier: string
  client: ClientInfo
}

export class Skipped extends Error {}

export const secret = (): string => randomBytes(32).toString("base64url")
export const s256 = (text: string): string => createHash("sha256").update(text).digest("base64url")

/** @throws Missed with these words */
export function must(holds: unknown, words: string): asserts holds {
  if (!holds) throw new Missed(words)
}

export function mustEqual<T>(found: T, wanted: T, what: string): void {
  must(found === wanted, `${what}: wanted ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`)
}

export class Run {
  readonly warnings: string[] = []
  private readonly keys: ReturnType<typeof createRemoteJWKSet>
  constructor(
    readonly target: Target,
    /** The discovery document. */
    readonly as: Json,
  ) {
    // Long enough between two readings that a server's next key has to be there before it signs.
    this.keys = createRemoteJWKSet(new URL(this.at("jwks_uri")), { cooldownDuration: 0 })
  }

  /** An address of the discovery document. @throws Skipped where it names none */
  at(member: string): string {
    const address = this.as[member]
    if (typeof address !== "string") throw new Skipped(`${member} is not in the discovery document`)
    return address
  }

  supports(member: string, value: string): boolean {
    const list = this.as[member]
    return Array.isArray(list) && list.includes(value)
  }

  warn(words: string): void {
    this.warnings.push(words)
  }

  skip(why: string): never {
    throw new Skipped(why)
  }

  agent(): Agent {
    return this.agentFor(CALLBACK)
  }

  /** A browser for a client with this redirect URI, which is no address of `CALLBACKS`. */
  agentFor(redirectUri: string): Agent {
    const leads = (url: URL) => url.origin === new URL(redirectUri).origin
    return new Agent(new URL(this.target.issuer).origin, this.target.manners, leads)
  }

  /** A request as every module sends it, with PKCE; a change of null takes the parameter away. */
  ask(changes: Record<string, string | null> = {}, client = this.target.clients.basic): Asked {
    const verifier = secret()
    const params = new URLSearchParams({
      client_id: client.id,
      redirect_uri: CALLBACK,
      response_type: "code",
      scope: "openid",
      state: secret(),
      nonce: secret(),
      code_challenge: s256(verifier),
      code_challenge_method: "S256",
    })
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) params.delete(name)
      else params.set(name, value)
    }
    return { params, verifier, client }
  }

  authorize(agent: Agent, asked: Asked | URLSearchParams, walk: Walk = {}): Promise<Outcome> {
    const params = asked instanceof URLSearchParams ? asked : asked.params
    return agent.walk(`${this.at("authorization_endpoint")}?${params}`, walk)
  }

  /** The code of a request that must succeed. */
  async codeOf(agent: Agent, asked: Asked, walk: Walk): Promise<string> {
    const outcome = await this.authorize(agent, asked, walk)
    const params = back(outcome)
    must(params.get("error") === null, `refused: ${params.get("error")} ${params.get("error_description") ?? ""}`)
    mustEqual(params.get("state"), asked.params.get("state"), "state")
    if (this.as.authorization_response_iss_parameter_supported) mustEqual(params.get("iss"), this.target.issuer, "iss")
    const code = params.get("code")
    must(code, "there is no code")
    return code
  }

  /** POST to an endpoint as this client. */
  async post(
    address: string,
    client: ClientInfo,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ) {
    const body = new URLSearchParams(fields)
    const more: Record<string, string> = { ...headers }
    if (client.secret === null) body.set("client_id", client.id)
    else if (client.posts) {
      body.set("client_id", client.id)
      body.set("client_secret", client.secret)
    } else {
      const pair = `${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`
      more.authorization = `Basic ${btoa(pair)}`
    }
    return answerOf(await fetch(address, { method: "POST", body, headers: more, redirect: "manual" }))
  }

  redeem(
    asked: Asked,
    code: string,
    changes: Record<string, string | null> = {},
    client = asked.client,
  ): Promise<Answer> {
    const fields: Record<string, string> = {
      grant_type: "authorization_code",
      code,
      redirect_uri: asked.params.get("redirect_uri") ?? CALLBACK,
      code_verifier: asked.verifier,
    }
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) delete fields[name]
      else fields[name] = value
    }
    return this.post(this.at("token_endpoint"), client, fields)
  }

  /** Tokens of a code, looked at from all sides. */
  async tokens(asked: Asked, code: string): Promise<Json & { claims: JWTPayload }> {
    const answer = await this.redeem(asked, code)
    mustEqual(answer.status, 200, `status of the token endpoint (${JSON.stringify(answer.body)})`)
    must(answer.headers.get("content-type")?.startsWith("application/json"), "the token answer is no JSON")
    must(answer.headers.get("cache-control")?.includes("no-store"), "the token answer may be kept by caches")
    mustEqual(String(answer.body.token_type).toLowerCase(), "bearer", "token_type")
    must(typeof answer.body.access_token === "string", "there is no access token")
    const expires = answer.body.expires_in
    must(
      expires === undefined || (Number.isInteger(expires) && Number(expires) > 0),
      "expires_in is no positive integer",
    )
    return { ...answer.body, claims: await this.idToken(answer.body, asked) }
  }

  /** The claims of an ID token that holds (OIDC Core §3.1.3.7). */
  async idToken(tokens: Json, asked: Asked): Promise<JWTPayload> {
    const token = tokens.id_token
    must(typeof token === "string", "there is no ID token")
    const header = decodeProtectedHeader(token)
    must(header.kid, "the ID token names no key")
    mustEqual(header.alg, "RS256", "alg of the ID token")
    const { payload } = await jwtVerify(token, this.keys, { issuer: this.target.issuer, audience: asked.client.id })
    const nonce = asked.params.get("nonce")
    if (nonce !== null) mustEqual(payload.nonce as string, nonce, "nonce")
    must(typeof payload.sub === "string" && payload.sub.length <= 255, "sub")
    must(typeof payload.iat === "number" && typeof payload.exp === "number", "iat and exp")
    if (Array.isArray(payload.aud) && payload.aud.length > 1) mustEqual(payload.azp as string, asked.client.id, "azp")
    if (payload.at_hash !== undefined) {
      const hash = createHash("sha256").update(String(tokens.access_token)).digest().subarray(0, 16)
      mustEqual(payload.at_hash as string, hash.toString("base64url"), "at_hash")
    }
    return payload
  }

  async userinfo(token: string, init: RequestInit = {}): Promise<Answer> {
    const headers = { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) }
    return answerOf(await fetch(this.at("userinfo_endpoint"), { ...init, headers }))
  }

  /** The whole flow in a fresh browser. */
  async flow(changes: Record<string, string | null> = {}, client = this.target.clients.basic) {
    const agent = this.agent()
    const person = await this.target.newPerson()
    const asked = this.ask(changes, client)
    const code = await this.codeOf(agent, asked, { person })
    return { agent, person, asked, code, tokens: await this.tokens(asked, code) }
  }
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  let body: Json = {}
  try {
    body = JSON.parse(text) as Json
  } catch {
    body = { text }
  }
  return { status: response.status, body, headers: response.headers }
}

/** What came back to the client. @throws Missed when a page stood in the way */
export function back(outcome: Outcome): URLSearchParams {
  if (outcome.kind === "back") return outcome.params
  const words = outcome.text.replace(/<style[\s\S]*?<\/style>|<[^>]+>/g, " ").replace(/\s+/g, " ")
  throw new Missed(`not sent back: ${outcome.status} ${outcome.url.pathname} ${words.slice(0, 200)}`)
}

/** One of these errors came back, with the state. */
export function mustRefuse(outcome: Outcome, asked: Asked, errors: readonly string[]): void {
  const params = back(outcome)
  must(params.get("code") === null, "a code came back")
  must(errors.includes(params.get("error") ?? ""), `error: wanted ${errors.join(" or ")}, found ${params.get("error")}`)
  mustEqual(params.get("state"), asked.params.get("state"), "state")
}

/** A page of the server's own, never sent to the client. */
export function mustStay(outcome: Outcome): void {
  must(outcome.kind === "page", `sent to the client: ${outcome.kind === "back" ? outcome.url : ""}`)
  must(outcome.status >= 400, `answered with ${outcome.status}`)
}

export function mustBe(answer: Answer, status: number, error: string): void {
  mustEqual(answer.body.error as string, error, `error (${answer.status})`)
  mustEqual(answer.status, status, "status")
}

export type Module = (run: Run) => Promise<void>
/** Modules by the names they have in the OpenID Foundation's plan. */
export type Plan = Readonly<Record<string, Module>>

export interface Result {
  name: string
  state: "passed" | "failed" | "skipped"
  words: string
  warnings: string[]
}

export async function runModule(target: Target, as: Json, name: string, module: Module): Promise<Result> {
  const run = new Run(target, as)
  const result = (state: Result["state"], words = ""): Result => ({ name, state, words, warnings: run.warnings })
  try {
    await module(run)
    return result("passed")
  } catch (error) {
    return result(error instanceof Skipped ? "skipped" : "failed", (error as Error).message)
  }
}

export async function discover(issuer: string): Promise<Json> {
  const answer = await answerOf(await fetch(`${issuer}/.well-known/openid-configuration`))
  must(answer.status === 200, `discovery answered ${answer.status}`)
  return answer.body
}
