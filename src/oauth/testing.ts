// For this domain's tests only: a real store with real keys, people who can be suspended, and the steps of a login in
// one call.
import {
  AppError,
  createIds,
  createKeyring,
  type ErrorCode,
  randomSecret,
  sha256Hex,
  UserId,
  VirtualClock,
} from "../app/index.ts"
import { openTestStore, type Store, type Tx, testCtx } from "../store/index.ts"
import type { Oauth } from "./api.ts"
import { createOauth } from "./create.ts"
import { lentPairs } from "./keys/testing.ts"
import { Outside } from "./logout/testing.ts"
import type {
  AuthorizeOutcome,
  AuthSession,
  Client,
  ClientFlow,
  ClientType,
  OauthDeps,
  TokenResponse,
} from "./types.ts"

export { seeded } from "../ledger/testing.ts"
export { OFFLINE } from "./logout/testing.ts"

export const ISSUER = "https://id.example.com"
export const CALLBACK = "https://app.example.com/callback"

/** A directory of people behind the identity port: rows of its own, no part of this domain. */
class People {
  readonly suspended = new Set<number>()
  readonly users = new Map<number, ReturnType<People["add"]>>()
  add(id: number) {
    const user = {
      id: UserId(id),
      publicId: `usr_${id}`,
      email: `p${id}@example.com`,
      emailVerified: true,
      name: `Person ${id}` as string | null,
      picture: null as string | null,
      locale: null as string | null,
      zoneinfo: null as string | null,
      updatedMs: 1_700_000_000_000,
    }
    this.users.set(id, user)
    return user
  }
  userById(id: number) {
    return this.users.get(id) ?? null
  }
  readonly secondSteps = new Set<number>()
  secondStepOf(id: number) {
    return this.secondSteps.has(id) ? { sinceMs: 0 } : null
  }
  isSuspended(id: number) {
    return this.suspended.has(id)
  }
  requireActiveIn(_tx: Tx, id: number) {
    if (this.suspended.has(id)) throw new AppError("account_suspended", "This account is suspended.")
    return { emailVerified: this.users.get(id)?.emailVerified ?? false }
  }
}

export interface Made {
  client: Client
  secret: string | null
}

type KitOptions = Partial<Pick<OauthDeps, "settings" | "safeFetch">> & { consentMaxAgeMs?: number | null }

export async function openKit({ consentMaxAgeMs = null, ...options }: KitOptions = {}) {
  const { store, clock, close, path } = await openTestStore({ clock: new VirtualClock(Date.UTC(2026, 5, 1, 12)) })
  const people = new People()
  people.add(1)
  people.add(2)
  const keyring = createKeyring(Buffer.alloc(32, 7))
  const outside = new Outside()
  const reach = { outbox: outside, safeFetch: outside.fetch }
  const given = {
    keyring,
    identity: people,
    issuer: ISSUER,
    firstPairs: lentPairs,
    ...reach,
    consentMaxAgeMs: () => consentMaxAgeMs,
  }
  const deps: OauthDeps = { store, clock, ids: createIds(clock), ...given, ...options }
  const oauth = await createOauth(deps)
  return new Kit(store, clock, people, deps, oauth, path, close, outside)
}

export class Kit {
  readonly browser = randomSecret()
  private sessions = 0
  constructor(
    readonly store: Store,
    readonly clock: VirtualClock,
    readonly people: People,
    readonly deps: OauthDeps,
    public oauth: Oauth,
    readonly path: string,
    readonly close: () => Promise<void>,
    readonly outside: Outside,
  ) {}

  write<T>(body: (tx: Tx) => T): Promise<T> {
    return this.store.write(testCtx, body as (tx: Tx) => never)
  }

  /** The same data folder after a restart. */
  async restart(): Promise<void> {
    this.oauth = await createOauth(this.deps)
  }

  register(
    type: ClientType = "confidential",
    more: Partial<ClientFlow> & {
      redirectUris?: string[]
      scopes?: string[]
      ownerId?: number
      homepageUrl?: string
    } = {},
  ): Promise<Made> {
    return this.write((tx) =>
      this.oauth.registerClientIn(tx, {
        ...more,
        redirectUris: more.redirectUris ?? [CALLBACK],
        scopes: more.scopes ?? ["profile", "email", "llm", "embeddings"],
        ownerId: type === "first-party" ? null : UserId(more.ownerId ?? 9),
        type,
        name: "Chat",
        homepageUrl: more.homepageUrl ?? null,
      }),
    )
  }

  /** Signs a person in now. */
  signIn(userId = 1): AuthSession {
    const sessionId = ++this.sessions
    return { sessionId, userId: UserId(userId), authTimeMs: this.clock.now(), amr: ["pwd"], sid: `ses_${sessionId}` }
  }

  async pkce() {
    const verifier = randomSecret()
    const challenge = new Bun.CryptoHasher("sha256").update(verifier).digest("base64url")
    return { verifier, challenge }
  }

  params(client: Client, more: Record<string, string | null> = {}): URLSearchParams {
    const base: Record<string, string | null> = {
      client_id: client.publicId,
      redirect_uri: client.redirectUris[0]!,
      response_type: "code",
      scope: "openid offline_access llm",
      state: "st-1",
      code_challenge: new Bun.CryptoHasher("sha256").update(VERIFIER).digest("base64url"),
      code_challenge_method: "S256",
      ...more,
    }
    const present = Object.entries(base).filter((entry): entry is [string, string] => entry[1] !== null)
    return new URLSearchParams(present)
  }

  begin(params: URLSearchParams, session: AuthSession | null = null, browser = this.browser) {
    return this.oauth.beginAuthorization({ params, session, browserIds: [browser], requestId: "req_1" })
  }

  /** A request of an app in the session of a person; null = signed out. */
  ask(made: Made, more: Record<string, string | null> = {}, session: AuthSession | null = this.signIn()) {
    return this.begin(this.params(made.client, more), session)
  }

  resume(
    interaction: string,
    session: AuthSession | null,
    more: { browserIds?: string[]; picked?: UserId; others?: AuthSession[]; formSent?: boolean } = {},
  ) {
    return this.oauth.resumeAuthorization({
      interaction,
      session,
      browserIds: [this.browser],
      requestId: "req_2",
      ...more,
    })
  }

  decide(interaction: string, session: AuthSession | null, more: Partial<Parameters<Oauth["decide"]>[0]> = {}) {
    return this.oauth.decide({
      interaction,
      session,
      browserIds: [this.browser],
      requestId: "req_3",
      approve: true,
      scopes: ["profile", "email", "offline_access", "llm", "embeddings"],
      limits: {},
      ...more,
    })
  }

  /** From the authorization request to a code, through consent where it is asked. */
  async code(
    client: Client,
    more: Record<string, string | null> = {},
    session: AuthSession = this.signIn(),
  ): Promise<string> {
    let outcome = await this.begin(this.params(client, more), session)
    if (outcome.kind === "consent") outcome = await this.decide(outcome.interaction, session)
    return answer(outcome).get("code")!
  }

  token(made: Made, params: Record<string, string>, authorization: string | null = null): Promise<TokenResponse> {
    const credentials: Record<string, string> = authorization
      ? {}
      : { client_id: made.client.publicId, ...(made.secret ? { client_secret: made.secret } : {}) }
    return this.oauth.token({
      params: new URLSearchParams({ ...credentials, ...params }),
      authorization,
      requestId: "req_4",
    })
  }

  redeem(made: Made, code: string, more: Record<string, string> = {}): Promise<TokenResponse> {
    const params = { grant_type: "authorization_code", code, code_verifier: VERIFIER, redirect_uri: CALLBACK, ...more }
    return this.token(made, params)
  }

  refresh(made: Made, refreshToken: string, more: Record<string, string> = {}): Promise<TokenResponse> {
    return this.token(made, { grant_type: "refresh_token", refresh_token: refreshToken, ...more })
  }

  /** A whole login. */
  async login(made: Made, more: Record<string, string | null> = {}, session = this.signIn()): Promise<TokenResponse> {
    return this.redeem(made, await this.code(made.client, more, session), {
      redirect_uri: more.redirect_uri ?? made.client.redirectUris[0]!,
    })
  }

  revoke(made: Made, token: string) {
    const credentials = { client_id: made.client.publicId, ...(made.secret ? { client_secret: made.secret } : {}) }
    const params = new URLSearchParams({ ...credentials, token })
    return this.oauth.revoke({ params, authorization: null, requestId: "req_5" })
  }

  push(made: Made, params: URLSearchParams | Record<string, string | null> = {}, authorization: string | null = null) {
    const asked = params instanceof URLSearchParams ? params : this.params(made.client, params)
    if (made.secret && !authorization) asked.set("client_secret", made.secret)
    return this.oauth.pushAuthorization({ params: asked, authorization, requestId: "req_7" })
  }

  introspect(made: Made, token: string, more: Record<string, string> = {}) {
    const credentials = { client_id: made.client.publicId, ...(made.secret ? { client_secret: made.secret } : {}) }
    const params = new URLSearchParams({ ...credentials, token, ...more })
    return this.oauth.introspect({ params, authorization: null, requestId: "req_6" })
  }

  count(table: string, where = "1"): number {
    return this.store.read.get<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE ${where}`)!.n
  }
}

export const VERIFIER = sha256Hex("a verifier of 64 characters")

/** The parameters that the app gets, at once or by the person's click. */
export function answer(outcome: AuthorizeOutcome): URLSearchParams {
  if (outcome.kind !== "redirect" && outcome.kind !== "refused")
    throw new Error(`expected a redirect, got ${JSON.stringify(outcome)}`)
  return new URL(outcome.location).searchParams
}

/** What the pages of sign-in and consent carry on. */
export function interactionOf(outcome: AuthorizeOutcome): string {
  if (outcome.kind !== "login" && outcome.kind !== "consent")
    throw new Error(`expected a page, got ${JSON.stringify(outcome)}`)
  return outcome.interaction
}

/** The code of the AppError that a promise rejects with; fails when it resolves. */
export async function refusal(promise: Promise<unknown> | (() => unknown)): Promise<ErrorCode> {
  try {
    const value = await (typeof promise === "function" ? promise() : promise)
    throw new Error(`expected a refusal, got ${JSON.stringify(value)}`)
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}
