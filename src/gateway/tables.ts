// The tables of gateway as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { AccountId, ClientId, HoldId, KeyId, Nano, PrincipalId, UpstreamId, UserId } from "../app/index.ts"
import type { MaxTokensField } from "./providers/index.ts"
import type { AttemptOutcome } from "./routing/failures.ts"

export const upstreams = sqliteTable("upstreams", {
  id: integer().primaryKey().$type<UpstreamId>(),
  publicId: text("public_id").notNull(),
  kind: text().notNull(),
  name: text().notNull(),
  baseUrl: text("base_url").notNull(),
  apiKeySealed: text("api_key_sealed"),
  priceProvider: text("price_provider").notNull(),
  enabled: integer("enabled", { mode: "boolean" }).notNull(),
  createdMs: integer("created_ms").notNull(),
  updatedMs: integer("updated_ms").notNull(),
  testMs: integer("test_ms"),
  testOk: integer("test_ok", { mode: "boolean" }),
  testMessage: text("test_message"),
  maxTokensField: text("max_tokens_field").$type<MaxTokensField>(),
  weight: integer().notNull().default(1),
  priority: integer().notNull().default(0),
  draining: integer("draining", { mode: "boolean" }).notNull().default(false),
  requestsPerMinute: integer("requests_per_minute"),
  tokensPerMinute: integer("tokens_per_minute"),
})

/** Calls for which somebody was asked in vain. */
export const callAttempts = sqliteTable("call_attempts", {
  id: integer().primaryKey(),
  callId: text("call_id").notNull(),
  atMs: integer("at_ms").notNull(),
  upstreamId: integer("upstream_id").notNull().$type<UpstreamId>(),
  model: text().notNull(),
  ms: integer().notNull(),
  outcome: text().notNull().$type<AttemptOutcome>(),
  status: integer(),
  ownKey: text("own_key"),
})

export const providerKeys = sqliteTable("provider_keys", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  userId: integer("user_id").notNull().$type<UserId>(),
  provider: text().notNull(),
  place: integer().notNull(),
  keySealed: text("key_sealed").notNull(),
  hint: text().notNull(),
  createdMs: integer("created_ms").notNull(),
  testMs: integer("test_ms"),
  testOk: integer("test_ok", { mode: "boolean" }),
  testMessage: text("test_message"),
})

export const providerKeyTerms = sqliteTable("provider_key_terms", {
  userId: integer("user_id").primaryKey().$type<UserId>(),
  useCredits: integer("use_credits", { mode: "boolean" }).notNull(),
  changedMs: integer("changed_ms").notNull(),
})

export const openrouterAccounts = sqliteTable("openrouter_accounts", {
  userId: integer("user_id").primaryKey().$type<UserId>(),
  publicId: text("public_id").notNull(),
  state: text().notNull().$type<"making" | "ready" | "deleted">(),
  hash: text(),
  keySealed: text("key_sealed"),
  limitNano: integer("limit_nano").$type<Nano>(),
  remainingNano: integer("remaining_nano").$type<Nano>(),
  usedNano: integer("used_nano")
    .notNull()
    .default(0 as Nano)
    .$type<Nano>(),
  createdMs: integer("created_ms").notNull(),
  syncedMs: integer("synced_ms"),
})

export const upstreamModels = sqliteTable(
  "upstream_models",
  {
    upstreamId: integer("upstream_id").notNull().$type<UpstreamId>(),
    model: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.upstreamId, table.model] })],
)

export const upstreamExtraFields = sqliteTable(
  "upstream_extra_fields",
  {
    upstreamId: integer("upstream_id").notNull().$type<UpstreamId>(),
    name: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.upstreamId, table.name] })],
)

export const idempotencyKeys = sqliteTable("idempotency_keys", {
  id: integer().primaryKey(),
  scopeHash: text("scope_hash").notNull(),
  bodyHash: text("body_hash").notNull(),
  userId: integer("user_id").notNull().$type<UserId>(),
  callId: text("call_id").notNull(),
  expiresMs: integer("expires_ms").notNull(),
  status: integer(),
  chargedNano: integer("charged_nano").notNull().default(0).$type<Nano>(),
  remainingNano: integer("remaining_nano").notNull().default(0).$type<Nano>(),
  answerSealed: text("answer_sealed"),
  isLarge: integer("is_large").notNull().default(0).$type<0 | 1>(),
})

export const cachedAnswers = sqliteTable("cached_answers", {
  id: integer().primaryKey(),
  scopeHash: text("scope_hash").notNull(),
  userId: integer("user_id").notNull().$type<UserId>(),
  callId: text("call_id").notNull(),
  createdMs: integer("created_ms").notNull(),
  expiresMs: integer("expires_ms").notNull(),
  chargeNano: integer("charge_nano").notNull(),
  developerNano: integer("developer_nano").notNull(),
  bytes: integer().notNull(),
  answerSealed: text("answer_sealed").notNull(),
})

export const cacheSwitches = sqliteTable("cache_switches", {
  id: integer().primaryKey(),
  keyId: integer("key_id").$type<KeyId>(),
  clientId: integer("client_id").$type<ClientId>(),
  userId: integer("user_id").notNull().$type<UserId>(),
  seconds: integer().notNull(),
})

export const videos = sqliteTable("videos", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  userId: integer("user_id").notNull().$type<UserId>(),
  clientId: integer("client_id").$type<ClientId>(),
  keyId: integer("key_id").$type<KeyId>(),
  mode: text().notNull().$type<"live" | "test">(),
  callId: text("call_id").notNull(),
  holdId: integer("hold_id").notNull().$type<HoldId>(),
  accountId: integer("account_id").notNull().$type<AccountId>(),
  developerId: integer("developer_id").$type<PrincipalId>(),
  status: text().notNull().$type<"submitting" | "queued" | "in_progress" | "completed" | "failed">(),
  bootId: text("boot_id").notNull(),
  upstreamId: integer("upstream_id").notNull().$type<UpstreamId>(),
  upstreamModel: text("upstream_model").notNull(),
  model: text().notNull(),
  jobId: text("job_id"),
  promptHash: text("prompt_hash").notNull(),
  seconds: integer().notNull(),
  size: text().notNull(),
  remixedFrom: text("remixed_from"),
  chargeNano: integer("charge_nano").notNull().$type<Nano>(),
  upstreamNano: integer("upstream_nano").notNull().$type<Nano>(),
  developerNano: integer("developer_nano").notNull().$type<Nano>(),
  platformNano: integer("platform_nano").notNull().$type<Nano>(),
  spentAt: text("spent_at").notNull(),
  progress: integer().notNull().default(0),
  errorCode: text("error_code"),
  errorMessage: text("error_message"),
  createdMs: integer("created_ms").notNull(),
  completedMs: integer("completed_ms"),
  expiresMs: integer("expires_ms"),
  nextMs: integer("next_ms").notNull(),
  leaseMs: integer("lease_ms").notNull().default(0),
  tries: integer().notNull().default(0),
  ownKey: text("own_key"),
  pictures: integer().notNull().default(0),
  fileBytes: integer("file_bytes"),
})
