// The tables of mcp as TypeScript sees them, once. The migrations are the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { UserId } from "../app/index.ts"
import type { AuthKind, KeyPlace, OfferKind, ServerState, Transport } from "./types.ts"

export const mcpGroups = sqliteTable("mcp_groups", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  ownerId: integer("owner_id").notNull().$type<UserId>(),
  name: text().notNull(),
  title: text().notNull(),
  createdMs: integer("created_ms").notNull(),
  updatedMs: integer("updated_ms").notNull(),
})

export const mcpServers = sqliteTable("mcp_servers", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  groupId: integer("group_id").notNull(),
  name: text().notNull(),
  url: text().notNull(),
  auth: text().notNull().$type<AuthKind>(),
  keyIn: text("key_in").$type<KeyPlace>(),
  keyName: text("key_name"),
  credentialSealed: text("credential_sealed"),
  transport: text().$type<Transport>(),
  active: integer({ mode: "boolean" }).notNull(),
  state: text().notNull().$type<ServerState>(),
  problem: text(),
  title: text().notNull(),
  listedMs: integer("listed_ms"),
  usedMs: integer("used_ms"),
  createdMs: integer("created_ms").notNull(),
  updatedMs: integer("updated_ms").notNull(),
})

export const mcpOffers = sqliteTable("mcp_offers", {
  id: integer().primaryKey(),
  serverId: integer("server_id").notNull(),
  kind: text().notNull().$type<OfferKind>(),
  name: text().notNull(),
  definition: text().notNull(),
  approved: text(),
  active: integer({ mode: "boolean" }).notNull(),
  listed: integer({ mode: "boolean" }).notNull(),
  position: integer().notNull(),
})
