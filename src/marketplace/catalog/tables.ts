// The tables of `catalog` alone, as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { UserId } from "../../app/index.ts"
import type { SupportLevel } from "../types.ts"
import type { ContactKind, DocumentState, ProvenBy } from "./types.ts"

const whole = (name: string) => integer(name).notNull()

export const marketDocuments = sqliteTable(
  "market_documents",
  {
    productId: whole("product_id"),
    state: text().notNull().$type<DocumentState>(),
    text: text().notNull(),
    sourceUrl: text("source_url"),
    createdMs: whole("created_ms"),
  },
  (table) => [primaryKey({ columns: [table.productId, table.state] })],
)

export const marketGuides = sqliteTable("market_guides", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  productId: whole("product_id"),
  position: whole("position"),
  title: text().notNull(),
  body: text().notNull(),
  createdMs: whole("created_ms"),
  updatedMs: whole("updated_ms"),
})

export const marketChanges = sqliteTable("market_changes", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  productId: whole("product_id"),
  version: text().notNull(),
  title: text().notNull(),
  body: text().notNull().default(""),
  breaking: integer({ mode: "boolean" }).notNull(),
  mailedMs: integer("mailed_ms"),
  mailedTo: whole("mailed_to").default(0),
  publishedMs: whole("published_ms"),
  updatedMs: whole("updated_ms"),
})

export const marketFollowers = sqliteTable(
  "market_followers",
  {
    productId: whole("product_id"),
    userId: whole("user_id").$type<UserId>(),
    sinceMs: whole("since_ms"),
  },
  (table) => [primaryKey({ columns: [table.productId, table.userId] })],
)

export const marketContacts = sqliteTable("market_contacts", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  productId: whole("product_id"),
  level: text().notNull().$type<SupportLevel>(),
  kind: text().notNull().$type<ContactKind>(),
  label: text().notNull(),
  target: text().notNull(),
  createdMs: whole("created_ms"),
})

export const marketQuestions = sqliteTable("market_questions", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  productId: whole("product_id"),
  position: whole("position"),
  question: text().notNull(),
  answer: text().notNull(),
  createdMs: whole("created_ms"),
  updatedMs: whole("updated_ms"),
})

export const marketHosts = sqliteTable(
  "market_hosts",
  {
    publisherId: whole("publisher_id"),
    host: text().notNull(),
    token: text().notNull(),
    provenMs: integer("proven_ms"),
    provenBy: text("proven_by").$type<ProvenBy>(),
    triedMs: integer("tried_ms"),
    createdMs: whole("created_ms"),
    missingMs: integer("missing_ms"),
  },
  (table) => [primaryKey({ columns: [table.publisherId, table.host] })],
)
