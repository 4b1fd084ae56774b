// The tables of sponsors as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { ClientId, Nano, PrincipalId, UserId } from "../app/index.ts"

export const sponsorPools = sqliteTable("sponsor_pools", {
  principalId: integer("pool_id").primaryKey().$type<PrincipalId>(),
  clientId: integer("client_id").notNull().$type<ClientId>(),
  developerId: integer("developer_id").notNull().$type<UserId>(),
  mode: text().notNull().$type<"live" | "test">(),
  capNano: integer("cap_nano").notNull().$type<Nano>(),
  isOn: integer("is_on").notNull().$type<0 | 1>(),
  createdMs: integer("created_ms").notNull(),
  updatedMs: integer("updated_ms").notNull(),
})
