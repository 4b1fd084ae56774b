// The tables of usage as TypeScript sees them, once. The migration is the truth; a test compares the two.

import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { ClientId, KeyId, RouteId, UpstreamId, UserId } from "../app/index.ts"
import type { Endpoint, Mode } from "./types.ts"

export const usagePrices = sqliteTable("usage_prices", {
  id: integer().primaryKey(),
  snapshot: text().notNull(),
})

export const usageRoutes = sqliteTable("usage_routes", {
  id: integer().primaryKey().$type<RouteId>(),
  endpoint: text().notNull().$type<Endpoint>(),
  requested: text().notNull(),
  /** 0: none. */
  upstreamId: integer("upstream_id").notNull().$type<UpstreamId>(),
  model: text().notNull(),
  /** 0: none. */
  pricesId: integer("prices_id").notNull(),
})

export const refusedCalls = sqliteTable("refused_calls", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  atMs: integer("at_ms").notNull(),
  mode: text().notNull().$type<Mode>(),
  userId: integer("user_id").notNull().$type<UserId>(),
  clientId: integer("client_id").$type<ClientId>(),
  keyId: integer("key_id").$type<KeyId>(),
  endpoint: text().notNull().$type<Endpoint>(),
  scope: text().notNull(),
  requested: text().notNull(),
  stream: integer().notNull().$type<0 | 1>(),
  status: integer().notNull(),
  errorCode: text("error_code").notNull(),
  latencyMs: integer("latency_ms").notNull(),
})

export const refusedDays = sqliteTable(
  "refused_days",
  {
    day: integer().notNull(),
    userId: integer("user_id").notNull().$type<UserId>(),
    /** 0: none. */
    clientId: integer("client_id").notNull().$type<ClientId>(),
    /** 0: none. */
    keyId: integer("key_id").notNull().$type<KeyId>(),
    mode: text().notNull().$type<Mode>(),
    endpoint: text().notNull().$type<Endpoint>(),
    scope: text().notNull(),
    model: text().notNull(),
    errorCode: text("error_code").notNull(),
    calls: integer().notNull(),
  },
  (table) => [
    primaryKey({
      columns: [
        table.day,
        table.userId,
        table.clientId,
        table.keyId,
        table.mode,
        table.endpoint,
        table.scope,
        table.model,
        table.errorCode,
      ],
    }),
  ],
)

/** Calls of a person that an app paid for: they are in no wallet of theirs. */
export const sponsoredCalls = sqliteTable(
  "sponsored_calls",
  {
    userId: integer("user_id").notNull().$type<UserId>(),
    callId: text("call_id").notNull(),
    clientId: integer("client_id").notNull().$type<ClientId>(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.callId] })],
)

export const usageFirstCalls = sqliteTable("usage_first_calls", {
  clientId: integer("client_id").primaryKey().$type<ClientId>(),
  atMs: integer("at_ms").notNull(),
})
