// The tables of analytics as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { blob, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { Mode } from "../usage/index.ts"

export const analyticsFold = sqliteTable("analytics_fold", {
  through: integer().notNull(),
  kindsFromDay: integer("kinds_from_day").notNull().default(0),
  packedAfter: integer("packed_after").notNull().default(0),
  closedBefore: integer("closed_before").notNull().default(0),
  version: integer().notNull().default(0),
})

export const analyticsDays = sqliteTable(
  "analytics_days",
  {
    mode: text().notNull().$type<Mode>(),
    day: integer().notNull(),
    routeId: integer("route_id").notNull(),
    errorCode: text("error_code").notNull(),
    calls: integer().notNull(),
    inputTokens: integer("input_tokens").notNull(),
    outputTokens: integer("output_tokens").notNull(),
    latencyMs: integer("latency_ms").notNull(),
    firstTokens: integer("first_tokens").notNull(),
    firstTokenMs: integer("first_token_ms").notNull(),
    chargeNano: integer("charge_nano").notNull(),
    upstreamNano: integer("upstream_nano").notNull(),
    earnedNano: integer("earned_nano").notNull(),
    collectedNano: integer("collected_nano").notNull(),
  },
  (table) => [primaryKey({ columns: [table.mode, table.day, table.routeId, table.errorCode] })],
)

export const analyticsHours = sqliteTable(
  "analytics_hours",
  {
    mode: text().notNull().$type<Mode>(),
    hour: integer().notNull(),
    calls: integer().notNull(),
    errors: integer().notNull(),
    upstreamNano: integer("upstream_nano").notNull(),
    earnedNano: integer("earned_nano").notNull(),
    collectedNano: integer("collected_nano").notNull(),
  },
  (table) => [primaryKey({ columns: [table.mode, table.hour] })],
)

export const analyticsAppDays = sqliteTable(
  "analytics_app_days",
  {
    clientId: integer("client_id").notNull(),
    day: integer().notNull(),
    scope: text().notNull(),
    routeId: integer("route_id").notNull(),
    calls: integer().notNull(),
    errors: integer().notNull(),
    inputTokens: integer("input_tokens").notNull(),
    outputTokens: integer("output_tokens").notNull(),
    latencyMs: integer("latency_ms").notNull(),
    chargeNano: integer("charge_nano").notNull(),
    earnedNano: integer("earned_nano").notNull(),
  },
  (table) => [primaryKey({ columns: [table.clientId, table.day, table.scope, table.routeId] })],
)

export const analyticsKeyDays = sqliteTable(
  "analytics_key_days",
  {
    userId: integer("user_id").notNull(),
    mode: text().notNull().$type<Mode>(),
    day: integer().notNull(),
    keyId: integer("key_id").notNull(),
    scope: text().notNull(),
    routeId: integer("route_id").notNull(),
    calls: integer().notNull(),
    errors: integer().notNull(),
    inputTokens: integer("input_tokens").notNull(),
    outputTokens: integer("output_tokens").notNull(),
    collectedNano: integer("collected_nano").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.mode, table.day, table.keyId, table.scope, table.routeId] })],
)

export const analyticsPeople = sqliteTable(
  "analytics_people",
  {
    clientId: integer("client_id").notNull(),
    day: integer().notNull(),
    chunk: integer().notNull(),
    people: integer().notNull(),
    bits: blob({ mode: "buffer" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.clientId, table.day, table.chunk] })],
)

export const analyticsKindPeople = sqliteTable(
  "analytics_kind_people",
  {
    clientId: integer("client_id").notNull(),
    day: integer().notNull(),
    scope: text().notNull(),
    routeId: integer("route_id").notNull(),
    chunk: integer().notNull(),
    people: integer().notNull(),
    bits: blob({ mode: "buffer" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.clientId, table.day, table.scope, table.routeId, table.chunk] })],
)

export const analyticsSpend = sqliteTable("analytics_spend", {
  id: integer().primaryKey(),
  day: integer().notNull(),
  tier: integer().notNull(),
  spenders: integer().notNull(),
  bytes: blob({ mode: "buffer" }).notNull(),
  wide: blob({ mode: "buffer" }).notNull(),
})

export const analyticsAppCalls = sqliteTable(
  "analytics_app_calls",
  {
    clientId: integer("client_id").notNull(),
    chunk: integer().notNull(),
    routeId: integer("route_id").notNull(),
    failed: integer().notNull().$type<0 | 1>(),
    calls: integer().notNull(),
    bits: blob({ mode: "buffer" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.clientId, table.chunk, table.routeId, table.failed] })],
)

export const analyticsAppHealth = sqliteTable(
  "analytics_app_health",
  {
    clientId: integer("client_id").notNull(),
    day: integer().notNull(),
    kind: text().notNull().$type<"failed" | "unpaid" | "time">(),
    code: text().notNull(),
    calls: integer().notNull(),
    missingNano: integer("missing_nano").notNull(),
  },
  (table) => [primaryKey({ columns: [table.clientId, table.day, table.kind, table.code] })],
)

export const analyticsHealthPeople = sqliteTable(
  "analytics_health_people",
  {
    clientId: integer("client_id").notNull(),
    day: integer().notNull(),
    kind: text().notNull().$type<"failed" | "unpaid">(),
    code: text().notNull(),
    chunk: integer().notNull(),
    people: integer().notNull(),
    bits: blob({ mode: "buffer" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.clientId, table.day, table.kind, table.code, table.chunk] })],
)

export const analyticsAppSlowest = sqliteTable(
  "analytics_app_slowest",
  {
    clientId: integer("client_id").notNull(),
    day: integer().notNull(),
    latencyMs: integer("latency_ms").notNull(),
    chargeId: integer("charge_id").notNull(),
  },
  (table) => [primaryKey({ columns: [table.clientId, table.day, table.latencyMs, table.chargeId] })],
)
