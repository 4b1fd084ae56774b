// The tables of directory as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { ClientId, UserId } from "../app/index.ts"
import type { ListingState, ReportKind } from "./types.ts"

const whole = (name: string) => integer(name).notNull()
const words = (name: string) => text(name).notNull()

export const directoryListings = sqliteTable("directory_listings", {
  clientId: integer("client_id").primaryKey().$type<ClientId>(),
  slug: words("slug"),
  state: words("state").$type<ListingState>(),
  tagline: words("tagline"),
  description: words("description"),
  category: words("category"),
  tags: words("tags"),
  url: words("url"),
  sourceUrl: words("source_url"),
  priceWords: words("price_words"),
  savedMs: whole("saved_ms"),
  askedMs: integer("asked_ms"),
  remark: text(),
  remarkedMs: integer("remarked_ms"),
  createdMs: whole("created_ms"),
})

export const directoryShots = sqliteTable("directory_shots", {
  id: integer().primaryKey(),
  publicId: words("public_id"),
  clientId: whole("client_id").$type<ClientId>(),
  position: whole("position"),
  alt: words("alt"),
  removedMs: integer("removed_ms"),
  createdMs: whole("created_ms"),
})

export const directoryCards = sqliteTable("directory_cards", {
  clientId: integer("client_id").primaryKey().$type<ClientId>(),
  tagline: words("tagline"),
  description: words("description"),
  category: words("category"),
  tags: words("tags"),
  url: words("url"),
  sourceUrl: words("source_url"),
  priceWords: words("price_words"),
  shots: words("shots"),
  featuredMs: integer("featured_ms"),
  listedMs: whole("listed_ms"),
  publishedMs: whole("published_ms"),
  people: whole("people").default(0),
  peopleMs: whole("people_ms").default(0),
})

export const directoryReports = sqliteTable("directory_reports", {
  id: integer().primaryKey(),
  clientId: whole("client_id").$type<ClientId>(),
  userId: integer("user_id").$type<UserId>(),
  kind: words("kind").$type<ReportKind>(),
  words: words("words"),
  createdMs: whole("created_ms"),
  decidedMs: integer("decided_ms"),
})
