// The tables of usage as TypeScript sees them, once. The migration is the truth; a test compares the two.

import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { ClientId, PrincipalId, UpstreamId, UserId } from "../app/index.ts"
import type { CallKind, EndReason, Mode, UsageSource } from "./types.ts"

export const usagePrices = sqliteTable("usage_prices", {
  id: integer().primaryKey(),
  snapshot: text().notNull(),
})

export const usageCalls = sqliteTable("usage_calls", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  atMs: integer("at_ms").notNull(),
  day: integer().notNull(),
  mode: text().notNull().$type<Mode>(),
  userId: integer("user_id").notNull().$type<UserId>(),
  clientId: integer("client_id").notNull().$type<ClientId>(),
  developerId: integer("developer_id").$type<PrincipalId>(),
  kind: text().notNull().$type<CallKind>(),
  scope: text().notNull(),
  model: text().notNull(),
  upstreamId: integer("upstream_id").$type<UpstreamId>(),
  upstreamModel: text("upstream_model"),
  stream: integer().notNull().$type<0 | 1>(),
  status: integer().notNull(),
  errorCode: text("error_code"),
  end: text("end_reason").notNull().$type<EndReason>(),
  latencyMs: integer("latency_ms").notNull(),
  firstTokenMs: integer("first_token_ms"),
  inputTokens: integer("input_tokens").notNull(),
  cachedTokens: integer("cached_tokens").notNull(),
  outputTokens: integer("output_tokens").notNull(),
  reasoningTokens: integer("reasoning_tokens").notNull(),
  source: text("usage_source").notNull().$type<UsageSource>(),
  pricesId: integer("prices_id"),
  chargeNano: integer("charge_nano").notNull(),
  upstreamNano: integer("upstream_nano").notNull(),
  developerNano: integer("developer_nano").notNull(),
  platformNano: integer("platform_nano").notNull(),
  collectedNano: integer("collected_nano").notNull(),
  uncollectedNano: integer("uncollected_nano").notNull(),
  transactionId: text("transaction_id"),
})

export const usageDaily = sqliteTable(
  "usage_daily",
  {
    day: integer().notNull(),
    userId: integer("user_id").notNull().$type<UserId>(),
    clientId: integer("client_id").notNull().$type<ClientId>(),
    scope: text().notNull(),
    model: text().notNull(),
    mode: text().notNull().$type<Mode>(),
    calls: integer().notNull(),
    errors: integer().notNull(),
    refused: integer().notNull(),
    inputTokens: integer("input_tokens").notNull(),
    outputTokens: integer("output_tokens").notNull(),
    chargeNano: integer("charge_nano").notNull(),
    upstreamNano: integer("upstream_nano").notNull(),
    developerNano: integer("developer_nano").notNull(),
    collectedNano: integer("collected_nano").notNull(),
    latencyMs: integer("latency_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.day, table.clientId, table.scope, table.model, table.mode] })],
)
