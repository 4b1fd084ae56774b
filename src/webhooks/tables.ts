// The tables of webhooks as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { ClientId, UserId } from "../app/index.ts"
import type { DeliveryState, OffBecause } from "./types.ts"

export const webhookEndpoints = sqliteTable("webhook_endpoints", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  userId: integer("user_id").notNull().$type<UserId>(),
  clientId: integer("client_id").$type<ClientId>(),
  mode: text().notNull().$type<"live" | "test">(),
  url: text().notNull(),
  description: text().notNull().default(""),
  types: text().notNull(),
  offBecause: text("off_because").$type<OffBecause>(),
  offMs: integer("off_ms"),
  told: integer().notNull().default(1),
  createdMs: integer("created_ms").notNull(),
})

export const webhookSecrets = sqliteTable("webhook_secrets", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  endpointId: integer("endpoint_id").notNull(),
  sealed: text().notNull(),
  madeMs: integer("made_ms").notNull(),
  endsMs: integer("ends_ms"),
})

export const webhookHealth = sqliteTable("webhook_health", {
  endpointId: integer("endpoint_id").primaryKey(),
  waiting: integer().notNull().default(0),
  failures: integer().notNull().default(0),
  failingMs: integer("failing_ms"),
  restsUntilMs: integer("rests_until_ms").notNull().default(0),
})

export const webhookEvents = sqliteTable("webhook_events", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  type: text().notNull(),
  subject: text().notNull(),
  body: text().notNull(),
  createdMs: integer("created_ms").notNull(),
})

export const webhookDeliveries = sqliteTable("webhook_deliveries", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  endpointId: integer("endpoint_id").notNull(),
  eventId: integer("event_id").notNull(),
  message: text().notNull(),
  state: text().notNull().$type<DeliveryState>().default("waiting"),
  tries: integer().notNull().default(0),
  createdMs: integer("created_ms").notNull(),
  resentMs: integer("resent_ms"),
})

export const webhookTries = sqliteTable("webhook_tries", {
  id: integer().primaryKey(),
  deliveryId: integer("delivery_id").notNull(),
  atMs: integer("at_ms").notNull(),
  tookMs: integer("took_ms").notNull(),
  status: integer(),
  problem: text(),
  sent: text().notNull(),
  answered: text(),
  answer: text(),
})

export const webhookDays = sqliteTable("webhook_days", {
  clientId: integer("client_id").primaryKey().$type<ClientId>(),
  day: integer().notNull(),
})

export const webhookLows = sqliteTable("webhook_lows", {
  userId: integer("user_id").primaryKey().$type<UserId>(),
  lowMs: integer("low_ms").notNull(),
})
