// The tables of sign-in with others as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { IssuerPreset, ResponseMode } from "./types.ts"

export const issuers = sqliteTable("issuers", {
  id: integer().primaryKey(),
  slug: text().notNull(),
  issuer: text().notNull(),
  preset: text().notNull().$type<IssuerPreset>(),
  name: text().notNull(),
  clientId: text("client_id").notNull(),
  clientSecret: text("client_secret"),
  active: integer().notNull().$type<0 | 1>(),
  signUp: integer("sign_up").notNull().$type<0 | 1>(),
  trustsMfa: integer("trusts_mfa").notNull().$type<0 | 1>(),
  domains: text().notNull().default(""),
  position: integer().notNull(),
  createdMs: integer("created_ms").notNull(),
  updatedMs: integer("updated_ms").notNull(),
  responseMode: text("response_mode").notNull().default("query").$type<ResponseMode>(),
  tenants: text().notNull().default(""),
})

export const externalIdentities = sqliteTable("external_identities", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  userId: integer("user_id").notNull(),
  issuer: text().notNull(),
  subject: text().notNull(),
  email: text(),
  linkedMs: integer("linked_ms").notNull(),
  usedMs: integer("used_ms").notNull(),
})

export const issuerAnswers = sqliteTable("issuer_answers", {
  tripHash: text("trip_hash").primaryKey(),
  untilMs: integer("until_ms").notNull(),
})
