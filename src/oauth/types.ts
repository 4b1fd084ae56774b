// The nouns of the authorization server. Ids without "public" are internal integers; amounts are n$.
import type { ClientId, Clock, Ids, Keyring, Nano, UserId } from "../app/index.ts"
import type { SafeFetch } from "../http/index.ts"
import type { Outbox } from "../outbox/index.ts"
import type { Settings } from "../settings/index.ts"
import type { Store } from "../store/index.ts"
import type { ACCOUNT_SCOPES, AI_SCOPES, IDENTITY_SCOPES } from "./scopes.ts"
import type { ClientTokens, SigningPairs } from "./token/types.ts"
import type { ClientSource } from "./types-agents.ts"
import type { IdentityPort, TeamsPort } from "./types-ports.ts"

export type * from "./authorize/types.ts"
export type * from "./fedcm/types.ts"
export type * from "./logout/types.ts"
export type * from "./token/types.ts"
export type * from "./types-agents.ts"
export type * from "./types-ports.ts"
export type * from "./types-secrets.ts"

export type IdentityScope = (typeof IDENTITY_SCOPES)[number]
export type AiScope = (typeof AI_SCOPES)[number]
export type AccountScope = (typeof ACCOUNT_SCOPES)[number]
export type Scope = IdentityScope | AiScope | AccountScope
export type Mode = "live" | "test"
export type ClientType = "first-party" | "confidential" | "public"
// ---- what comes from outside --------------------------------------------------------------------

export interface OauthDeps {
  store: Store
  clock: Clock
  /** What others compare ID tokens with; default: the same. */
  wall?: Clock
  ids: Ids
  keyring: Keyring
  identity: IdentityPort
  /** Default: there are none. */
  teams?: TeamsPort
  outbox: Pick<Outbox, "enqueueIn">
  /** Reaches the addresses that apps register. */
  safeFetch: SafeFetch
  /** Origin without trailing slash, fixed at first run; the `iss` of every token. */
  issuer: string
  /** Origin of the APIs that tokens are for. Default: the issuer's. */
  apiOrigin?: string
  /** Consents older than this are asked again; null = never (SPEC §4.5). */
  consentMaxAgeMs?: () => number | null
  /** What the first keys of a new database are made of; default: two RSA pairs that nobody had before. */
  firstPairs?: () => Promise<SigningPairs>
  /** Default: every setting as it was declared. */
  settings?: Pick<Settings, "get">
  /** Whether the replica has everything committed by now; default: there is none. */
  replicaHolds?: () => Promise<"held" | "late" | "off">
}

// ---- clients and consents -----------------------------------------------------------------------

/** Addresses that an app gives of itself, for people to read before they say yes. */
export interface ClientLinks {
  /** `client_uri` of RFC 7591 §2: https, or http on the developer's own machine. */
  homepageUrl: string | null
  /** `policy_uri`: https. */
  policyUri: string | null
  /** `tos_uri`: https. */
  tosUri: string | null
  /** Where people get help with the app: https. */
  supportUrl: string | null
}

/** What a client registered about how its people come and go. */
export interface ClientFlow extends ClientTokens {
  /** It may ask for sign-in by a code (RFC 8628). */
  deviceFlow: boolean
  /** Its authorization requests come by /par alone (RFC 9126 §6). */
  requirePar: boolean
  /** Where it may have people sent after they signed out, compared exactly (RP-Initiated Logout 1.0 §3.1). */
  postLogoutUris: string[]
  /** https; where it hears that somebody signed out (Back-Channel Logout 1.0 §2.2). */
  backchannelLogoutUri: string | null
  /** Types of authorization details that it says it uses (RFC 9396 §10); null: it says nothing, and may use any. */
  detailTypes: string[] | null
}

/** Of an app past an admin; null: nobody has to look. `draft` and `waiting`: for its developer alone while the operator wants reviews; `rejected`: so whatever the operator wants. */
export type AppReviewState = "draft" | "waiting" | "approved" | "rejected"

export interface Client extends ClientLinks, ClientFlow {
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
  /** In a sentence or two. */
  description: string | null
  /** What its developer chose to earn, basis points of the model's price; null: what the price rule says. */
  shareBp: number | null
  shareRaisedMs: number | null
  /** Its developer deleted it: it goes then. */
  endsMs: number | null
  /** When it came to the developer it has now from another one. */
  movedMs: number | null
  review: AppReviewState | null
  scopes: Scope[]
  redirectUris: string[]
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

export interface RegisterClient extends Partial<ClientLinks & ClientFlow> {
  ownerId: UserId | null
  type: ClientType
  name: string
  description?: string | null
  redirectUris: string[]
  scopes: string[]
  mode?: Mode
}

/** Owned rows are reached through their owner; `"any"` is for admins. */
export type OwnerFilter = number | "any"

/** What is not given stays. */
export interface UpdateClient extends Partial<ClientLinks & ClientFlow> {
  ownerId: OwnerFilter
  clientPublicId: string
  name?: string
  description?: string | null
  redirectUris?: string[]
  scopes?: string[]
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
  /** The most that the app ever proposed (RFC 9396). */
  asked: Partial<Record<AiScope, Nano>>
  /** What the scope `mcp` opens. */
  tools: ToolPaths
  /** The app only ever asked for single ones: nobody said anything about all of them yet. */
  toolsNarrow: boolean
  /** The team whose credits it spends; null = the person's own. */
  payerId: UserId | null
  createdMs: number
  grantedMs: number
  revokedMs: number | null
}

/** Addresses of groups and products below the APIs' origin; null = all there are and will be. */
export type ToolPaths = readonly string[] | null

export type ConsentWithClient = Consent & {
  client: Pick<Client, "publicId" | "name" | "homepageUrl" | "ownerId" | "mode" | "source" | "documentUrl">
}

/** Daily limits by AI scope, n$; clamped on arrival, whatever a form says. */
export type Limits = Partial<Record<string, number>>

// ---- token endpoint -----------------------------------------------------------------------------

export interface EndpointInput {
  params: URLSearchParams
  /** The `Authorization` header, if any. */
  authorization: string | null
  /** The `DPoP` header, if any. */
  dpop?: string | null
  requestId: string
}

/** A daily limit that the person gave (RFC 9396). */
export interface AuthorizationDetail {
  type: "purser_daily_limit"
  scopes: AiScope[]
  /** Decimal. */
  credits: string
}

/** RFC 6749 §5.1. Send with `cache-control: no-store`. */
export interface TokenResponse {
  access_token: string
  token_type: "Bearer" | "DPoP"
  expires_in: number
  scope: string
  refresh_token?: string
  /** As they stand; only where the app asked for some (RFC 9396 §7). */
  authorization_details?: AuthorizationDetail[]
  id_token?: string
}

/** RFC 9126 §2.2. Send as 201 with `cache-control: no-store`. */
export interface PushedResponse {
  request_uri: string
  /** Whole seconds. */
  expires_in: number
}

/** RFC 7662 §2.2. Send with `cache-control: no-store`. */
export type Introspection =
  | { active: false }
  | {
      active: true
      iss: string
      sub: string | undefined
      client_id: string
      scope: string
      auth_time: number
      authorization_details?: AuthorizationDetail[] | undefined
      /** Of access tokens only. */
      token_type?: "Bearer" | "DPoP"
      /** The key that alone may use it (RFC 9449 §6.2). */
      cnf?: { jkt: string }
      iat: number | undefined
      exp: number | undefined
      aud?: string | string[] | undefined
      jti?: string | undefined
    }

export interface UserinfoClaims extends PersonClaims {
  sub: string
}

/** What is known of a person (OIDC Core §5.1). */
export interface PersonClaims {
  name?: string
  /** Address of a square JPEG or PNG. */
  picture?: string
  /** BCP 47. */
  locale?: string
  /** A name of the IANA time zones. */
  zoneinfo?: string
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
