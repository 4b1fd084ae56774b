// The tables of oauth as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { Nano, UserId } from "../app/index.ts"
import type { SigningAlg } from "./keys/algs.ts"
import type { AiScope, AppReviewState, ClientSource, ClientType, DeviceState, Mode, RevokeReason } from "./types.ts"

export const clients = sqliteTable("oauth_clients", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  /** The owner's id, 0 for nobody; null for the appliance. `owner_id`, which is made of it, is what everybody reads. */
  holderId: integer("holder_id"),
  key: text(),
  type: text().notNull().$type<ClientType>(),
  mode: text().notNull().$type<Mode>(),
  name: text().notNull(),
  homepageUrl: text("homepage_url"),
  scopes: text().notNull(),
  createdMs: integer("created_ms").notNull(),
  updatedMs: integer("updated_ms").notNull(),
  suspendedMs: integer("suspended_ms"),
  suspendedReason: text("suspended_reason"),
  tokenEpoch: integer("token_epoch").notNull().default(0),
  policyUri: text("policy_uri"),
  tosUri: text("tos_uri"),
  requirePar: integer("require_par").notNull().$type<0 | 1>().default(0),
  backchannelLogoutUri: text("backchannel_logout_uri"),
  source: text().notNull().default("developer").$type<ClientSource>(),
  deviceFlow: integer("device_flow").notNull().$type<0 | 1>().default(0),
  removedMs: integer("removed_ms"),
  idTokenAlg: text("id_token_alg").notNull().default("RS256").$type<SigningAlg>(),
  dpopBound: integer("dpop_bound").notNull().default(0),
  detailTypes: text("detail_types"),
  description: text(),
  supportUrl: text("support_url"),
  shareBp: integer("share_bp"),
  shareRaisedMs: integer("share_raised_ms"),
  shareBeforeBp: integer("share_before_bp"),
  endsMs: integer("ends_ms"),
  movedMs: integer("moved_ms"),
  review: text().$type<AppReviewState>(),
})

export const clientOrigins = sqliteTable("oauth_client_origins", {
  clientId: integer("client_id").primaryKey(),
  url: text(),
  freshUntilMs: integer("fresh_until_ms"),
  accessHash: text("access_hash"),
  createdMs: integer("created_ms").notNull(),
  usedMs: integer("used_ms"),
})

export const redirectUris = sqliteTable("oauth_redirect_uris", {
  id: integer().primaryKey(),
  clientId: integer("client_id").notNull(),
  uri: text().notNull(),
})

export const postLogoutUris = sqliteTable("oauth_post_logout_uris", {
  id: integer().primaryKey(),
  clientId: integer("client_id").notNull(),
  uri: text().notNull(),
})

export const clientSecrets = sqliteTable("oauth_client_secrets", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  clientId: integer("client_id").notNull(),
  hash: text().notNull(),
  hint: text().notNull(),
  createdMs: integer("created_ms").notNull(),
  revokedMs: integer("revoked_ms"),
  name: text().notNull().default(""),
  expiresMs: integer("expires_ms"),
  usedMs: integer("used_ms"),
})

export const consents = sqliteTable("oauth_consents", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  userId: integer("user_id").notNull(),
  clientId: integer("client_id").notNull(),
  scopes: text().notNull(),
  declined: text().notNull(),
  createdMs: integer("created_ms").notNull(),
  grantedMs: integer("granted_ms").notNull(),
  revokedMs: integer("revoked_ms"),
  /** JSON list of addresses below the origin; null = all. */
  tools: text(),
  /** It only ever asked for single ones. */
  toolsNarrow: integer("tools_narrow").notNull().default(0).$type<0 | 1>(),
  /** The team whose credits it spends; null = the person's own. */
  payerId: integer("payer_id").$type<UserId>(),
})

/** Kept by triggers of the permissions. */
export const consentCounts = sqliteTable("oauth_consent_counts", {
  clientId: integer("client_id").primaryKey(),
  standing: integer().notNull(),
  /** Of these: who signs in, and let it in since it belongs to who has it now. */
  users: integer().notNull(),
})

/** Kept by the same triggers: whoever let the app in for the first time on a UTC day. */
export const consentDays = sqliteTable(
  "oauth_consent_days",
  {
    clientId: integer("client_id").notNull(),
    day: integer().notNull(),
    people: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.clientId, table.day] })],
)

export const consentLimits = sqliteTable(
  "oauth_consent_limits",
  {
    consentId: integer("consent_id").notNull(),
    scope: text().notNull().$type<AiScope>(),
    dailyNano: integer("daily_nano").notNull(),
    /** The most that the app asked for. */
    askedNano: integer("asked_nano"),
  },
  (table) => [primaryKey({ columns: [table.consentId, table.scope] })],
)

export const grants = sqliteTable("oauth_grants", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  userId: integer("user_id").notNull(),
  clientId: integer("client_id").notNull(),
  consentId: integer("consent_id"),
  sessionId: text("session_id").notNull(),
  scopes: text().notNull(),
  authTimeMs: integer("auth_time_ms").notNull(),
  createdMs: integer("created_ms").notNull(),
  revokedMs: integer("revoked_ms"),
  revokedReason: text("revoked_reason").$type<RevokeReason>(),
  /** Of a developer's test token, which has no consent: its limit a day. */
  trialNano: integer("trial_nano").$type<Nano>(),
  /** What apps call the session behind it; null: before there were such names. */
  sid: text(),
  /** RFC 8176 methods of the sign-in. */
  amr: text(),
  /** Single claims, as JSON. */
  claims: text(),
  /** AI scopes of which it asked for a limit and got one. */
  details: text(),
  /** JSON list of addresses; null = what every token was for before. */
  resources: text(),
})

export const codes = sqliteTable("oauth_codes", {
  hash: text().primaryKey(),
  grantId: integer("grant_id").notNull(),
  redirectUri: text("redirect_uri").notNull(),
  codeChallenge: text("code_challenge").notNull(),
  nonce: text(),
  expiresMs: integer("expires_ms").notNull(),
  usedMs: integer("used_ms"),
  dpopJkt: text("dpop_jkt"),
})

export const refreshTokens = sqliteTable("oauth_refresh_tokens", {
  id: integer().primaryKey(),
  hash: text().notNull(),
  grantId: integer("grant_id").notNull(),
  createdMs: integer("created_ms").notNull(),
  expiresMs: integer("expires_ms").notNull(),
  spentMs: integer("spent_ms"),
  replay: text(),
  asked: text(),
  dpopJkt: text("dpop_jkt"),
})

export const revokedTokens = sqliteTable("oauth_revoked_tokens", {
  jti: text().primaryKey(),
  expiresMs: integer("expires_ms").notNull(),
})

export const interactions = sqliteTable("oauth_interactions", {
  id: text().primaryKey(),
  userId: integer("user_id").notNull(),
  /** Sealed. */
  answer: text().notNull(),
  answeredMs: integer("answered_ms").notNull(),
  expiresMs: integer("expires_ms").notNull(),
})

export const signingKeys = sqliteTable("oauth_signing_keys", {
  id: integer().primaryKey(),
  kid: text().notNull(),
  state: text().notNull().$type<"next" | "active" | "retired">(),
  publicJwk: text("public_jwk").notNull(),
  /** Sealed; null once retired. */
  privateJwk: text("private_jwk"),
  createdMs: integer("created_ms").notNull(),
  retiredMs: integer("retired_ms"),
  alg: text().notNull().default("RS256").$type<SigningAlg>(),
  activeMs: integer("active_ms"),
  compromisedMs: integer("compromised_ms"),
})

export const deviceCodes = sqliteTable("oauth_device_codes", {
  id: integer().primaryKey(),
  hash: text().notNull(),
  userCodeHash: text("user_code_hash").notNull(),
  clientId: integer("client_id").notNull(),
  scopes: text().notNull(),
  network: text().notNull(),
  device: text().notNull(),
  state: text().notNull().$type<DeviceState>(),
  userId: integer("user_id"),
  grantId: integer("grant_id"),
  createdMs: integer("created_ms").notNull(),
  expiresMs: integer("expires_ms").notNull(),
  /** As a grant has them. */
  resources: text(),
})

export const throttles = sqliteTable(
  "oauth_throttles",
  {
    rule: text().notNull(),
    keyHash: text("key_hash").notNull(),
    startMs: integer("start_ms").notNull(),
    used: integer().notNull(),
    atMs: integer("at_ms").notNull(),
    tat: text(),
    forgetAtMs: integer("forget_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.rule, table.keyHash] })],
)
