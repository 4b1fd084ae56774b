// The nouns of the authorization server. Ids without "public" are internal integers; amounts are n$.
import type { AppError, ClientId, Nano, UserId } from "../app/index.ts"
import type { AI_SCOPES, IDENTITY_SCOPES } from "./scopes.ts"
import type { AskingDevice, ClientSource } from "./types-agents.ts"
import type { AuthSession } from "./types-outside.ts"

export type * from "./types-agents.ts"
export type * from "./types-outside.ts"

export type IdentityScope = (typeof IDENTITY_SCOPES)[number]
export type AiScope = (typeof AI_SCOPES)[number]
export type Scope = IdentityScope | AiScope
export type Mode = "live" | "test"
export type ClientType = "first-party" | "confidential" | "public"

// ---- clients and consents -----------------------------------------------------------------------

/** Addresses that an app gives of itself, for people to read before they say yes. */
export interface ClientLinks {
  /** `client_uri` of RFC 7591 §2: https, or http on the developer's own machine. */
  homepageUrl: string | null
  /** `policy_uri`: https. */
  policyUri: string | null
  /** `tos_uri`: https. */
  tosUri: string | null
}

export interface Client extends ClientLinks {
  id: ClientId
  publicId: string
  /** Null: the appliance's own, or nobody's. */
  ownerId: UserId | null
  source: ClientSource
  /** Of a client that is described by a document: the document's address, which is the id that the world knows it by. */
  documentUrl: string | null
  type: ClientType
  mode: Mode
  name: string
  scopes: Scope[]
  redirectUris: string[]
  /** It may ask for sign-in by a code (RFC 8628). */
  deviceFlow: boolean
  createdMs: number
  updatedMs: number
  suspendedMs: number | null
  suspendedReason: string | null
  /** Gone for good; its name is kept for what was charged through it. */
  removedMs: number | null
}

/** An app that has an address to open. */
export interface AppToOpen {
  ownerId: UserId
  name: string
  homepageUrl: string
}

export interface ClientSecret {
  publicId: string
  /** Last characters, to tell secrets apart. */
  hint: string
  createdMs: number
}

export interface RegisterClient extends Partial<ClientLinks> {
  ownerId: UserId | null
  type: ClientType
  name: string
  redirectUris: string[]
  scopes: string[]
  mode?: Mode
  deviceFlow?: boolean
}

/** Owned rows are reached through their owner; `"any"` is for admins. */
export type OwnerFilter = number | "any"

/** A link that is not given stays. */
export interface UpdateClient extends Partial<ClientLinks> {
  ownerId: OwnerFilter
  clientPublicId: string
  name?: string
  redirectUris?: string[]
  scopes?: string[]
  deviceFlow?: boolean
}

export interface Consent {
  id: number
  publicId: string
  userId: UserId
  clientId: ClientId
  scopes: Scope[]
  /** Asked for and left unticked: no part of the consent, and not asked again unless the app insists. */
  declined: Scope[]
  limits: Partial<Record<AiScope, Nano>>
  createdMs: number
  grantedMs: number
  revokedMs: number | null
}

export type ConsentWithClient = Consent & {
  client: Pick<Client, "publicId" | "name" | "homepageUrl" | "ownerId" | "mode" | "source" | "documentUrl">
}

/** Daily limits by AI scope, n$; clamped on arrival, whatever a form says. */
export type Limits = Partial<Record<string, number>>

// ---- authorization endpoint ---------------------------------------------------------------------

export type LoginReason = "signed_out" | "prompt" | "select_account" | "max_age" | "other_account"
export type ConsentReason = "first" | "new_scopes" | "expired" | "prompt" | "native_app" | "device"

/** What login and consent pages may show about the app that asks. */
export interface AskingApp extends ClientLinks {
  clientId: ClientId
  clientPublicId: string
  name: string
  ownerId: UserId | null
  firstParty: boolean
  source: ClientSource
  /** Of a client that describes itself: the host of its document. */
  documentHost: string | null
  /** All its redirect URIs are on the person's own machine: any program there can say it is this app. */
  loopbackOnly: boolean
  mode: Mode
  /** Where the person returns to: a host for the web, a scheme for a native app. Show it. Null: the sign-in is of a device. */
  returnsTo: string | null
}

/** The app's own site, as its developer registered it: http on this machine, else https. */
export interface AppSite {
  name: string
  url: string
}

export interface ConsentScope {
  scope: Scope
  kind: "identity" | "ai"
  /** `openid` alone cannot be unticked. */
  required: boolean
  /** Granted before, by an earlier consent. */
  granted: boolean
  /** Left unticked before. */
  declined: boolean
  /** What to prefill, n$ per UTC day; null for identity scopes. */
  limitNano: Nano | null
}

export interface ConsentView {
  app: AskingApp
  reason: ConsentReason
  scopes: ConsentScope[]
  limitMaxNano: Nano
  device: AskingDevice | null
}

/** Back to the app, with a code or an error (RFC 6749 §4.1.2). */
export interface Redirect {
  kind: "redirect"
  location: string
  app: AskingApp
}

export type AuthorizeOutcome =
  /** Never redirect: the client or its redirect URI is not to be trusted. `site` may be a link. */
  | { kind: "error-page"; error: AppError; site?: AppSite | undefined }
  /** The app is to be told, but by the person's own click: show who asks, and `location` as a link. */
  | { kind: "refused"; error: AppError; location: string; app: AskingApp }
  | Redirect
  | { kind: "login"; interaction: string; reason: LoginReason; loginHint: string | null; app: AskingApp }
  | { kind: "consent"; interaction: string; view: ConsentView }

export interface BeginInput {
  params: URLSearchParams
  session: AuthSession | null
  /** Ids of the browser's pre-session cookies; the interaction works in this browser only. */
  browserIds: readonly string[]
  requestId: string
  /** Of the visitor: what fetching documents is held against. */
  network?: string
}
export interface ResumeInput {
  interaction: string
  session: AuthSession | null
  browserIds: readonly string[]
  requestId: string
  /** The person pressed "continue as …" (answers `prompt=select_account` without signing in again). */
  accountConfirmed?: boolean
  /** A form was sent. Sent twice it gets the same answer; a page that is opened again must not use a code again. */
  formSent?: boolean
}
export interface DecideInput extends Omit<ResumeInput, "formSent" | "accountConfirmed"> {
  approve: boolean
  scopes: string[]
  limits: Limits
}

// ---- token endpoint -----------------------------------------------------------------------------

export interface EndpointInput {
  params: URLSearchParams
  /** The `Authorization` header, if any. */
  authorization: string | null
  requestId: string
}

/** RFC 6749 §5.1. Send with `cache-control: no-store`. */
export interface TokenResponse {
  access_token: string
  token_type: "Bearer"
  expires_in: number
  scope: string
  refresh_token?: string
  id_token?: string
}

/** What an access token says, with internal ids. Immutable facts only: liveness is asked separately. */
export interface AccessClaims {
  jti: string
  userId: UserId
  userPublicId: string
  clientId: ClientId
  clientPublicId: string
  /** How often the client had been suspended when this was signed; a token of an earlier epoch is dead. */
  clientEpoch: number
  grantId: number
  /** null for first-party clients, which need no consent. */
  consentId: number | null
  developerId: UserId | null
  mode: Mode
  scopes: ReadonlySet<string>
  expMs: number
}

export interface LiveGrant {
  /** n$ per UTC day for the asked AI scope; null = no limit (first-party) or no AI scope asked. */
  dailyLimitNano: Nano | null
  developerId: UserId | null
  scopes: Scope[]
  /** Of the person who granted it, read in the same body. */
  emailVerified: boolean
}

export interface UserinfoClaims {
  sub: string
  name?: string
  /** Whole seconds (OIDC Core §5.1). */
  updated_at?: number
  email?: string
  email_verified?: boolean
}

export type RevokeReason =
  | "consent_revoked"
  | "code_reuse"
  | "refresh_reuse"
  | "token_revoked"
  | "user_request"
  | "account"
  | "restored"
  | "never_fetched"
  | "client_removed"
