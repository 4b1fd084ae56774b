// The tables of keys as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { AccountId, KeyId, PrincipalId, UserId } from "../app/index.ts"
import type { Mode } from "../oauth/index.ts"
import type { RevokedBecause } from "./types.ts"

export const apiKeys = sqliteTable("api_keys", {
  id: integer().primaryKey().$type<KeyId>(),
  publicId: text("public_id").notNull(),
  userId: integer("user_id").notNull().$type<UserId>(),
  payerId: integer("payer_id").notNull().$type<PrincipalId>(),
  mode: text().notNull().$type<Mode>(),
  name: text().notNull(),
  scopes: text().notNull(),
  allowedIps: text("allowed_ips").notNull(),
  expiresMs: integer("expires_ms"),
  disabledMs: integer("disabled_ms"),
  revokedMs: integer("revoked_ms"),
  revokedBecause: text("revoked_because").$type<RevokedBecause>(),
  createdMs: integer("created_ms").notNull(),
  updatedMs: integer("updated_ms").notNull(),
})

export const apiKeySecrets = sqliteTable("api_key_secrets", {
  id: integer().primaryKey(),
  keyId: integer("key_id").notNull().$type<KeyId>(),
  hash: text().notNull(),
  prefix: text().notNull(),
  createdMs: integer("created_ms").notNull(),
  endsMs: integer("ends_ms"),
})

export const apiKeyUses = sqliteTable("api_key_uses", {
  keyId: integer("key_id").primaryKey().$type<KeyId>(),
  lastUsedMs: integer("last_used_ms").notNull(),
})

export const apiKeySpend = sqliteTable(
  "api_key_spend",
  {
    accountId: integer("account_id").notNull().$type<AccountId>(),
    keyId: integer("key_id").notNull().$type<KeyId>(),
    calls: integer().notNull(),
    spentNano: integer("spent_nano").notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.keyId] })],
)

export const apiKeyDays = sqliteTable(
  "api_key_days",
  {
    keyId: integer("key_id").notNull().$type<KeyId>(),
    day: integer().notNull(),
    spentNano: integer("spent_nano").notNull(),
  },
  (table) => [primaryKey({ columns: [table.keyId, table.day] })],
)

export const apiKeyFolds = sqliteTable("api_key_folds", {
  accountId: integer("account_id").primaryKey().$type<AccountId>(),
  through: integer().notNull(),
})
