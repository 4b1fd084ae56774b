// The tables of billing/connection as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { SecretName } from "./types.ts"

export const billingSecrets = sqliteTable("billing_secrets", {
  id: integer().primaryKey(),
  name: text().notNull().$type<SecretName>(),
  sealed: text().notNull(),
  hint: text().notNull(),
  updatedMs: integer("updated_ms").notNull(),
})

export const billingConnection = sqliteTable("billing_connection", {
  id: integer().primaryKey(),
  endpointId: text("endpoint_id"),
  endpointUrl: text("endpoint_url"),
  endpointFault: text("endpoint_fault"),
  probeObjectId: text("probe_object_id"),
  probedMs: integer("probed_ms"),
  readThroughMs: integer("read_through_ms"),
  testAccount: text("test_account"),
  liveAccount: text("live_account"),
  accountBefore: text("account_before"),
  accountChangedMs: integer("account_changed_ms"),
})
