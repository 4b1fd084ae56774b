// The tables of `showcase` alone, as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { Nano, UserId } from "../../app/index.ts"
import type { Cycle } from "../types.ts"

const whole = (name: string) => integer(name).notNull()

export const marketReviews = sqliteTable("market_reviews", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  productId: whole("product_id"),
  userId: integer("user_id").notNull().$type<UserId>(),
  stars: whole("stars"),
  title: text().notNull(),
  text: text().notNull().default(""),
  answer: text(),
  answeredMs: integer("answered_ms"),
  hiddenMs: integer("hidden_ms"),
  hiddenBecause: text("hidden_because"),
  createdMs: whole("created_ms"),
  updatedMs: whole("updated_ms"),
  editedMs: integer("edited_ms"),
})

export const marketReviewReports = sqliteTable(
  "market_review_reports",
  {
    reviewId: whole("review_id"),
    userId: integer("user_id").notNull().$type<UserId>(),
    reason: text().notNull(),
    createdMs: whole("created_ms"),
    decidedMs: integer("decided_ms"),
  },
  (table) => [primaryKey({ columns: [table.reviewId, table.userId] })],
)

export const marketCards = sqliteTable("market_cards", {
  productId: integer("product_id").primaryKey(),
  slug: text().notNull(),
  title: text().notNull(),
  tagline: text().notNull(),
  publisher: text().notNull(),
  hasFree: integer("has_free", { mode: "boolean" }).notNull(),
  fromNano: integer("from_nano").$type<Nano>(),
  fromCycle: text("from_cycle").$type<Cycle>(),
  endpoints: whole("endpoints"),
  stars: whole("stars"),
  reviews: whole("reviews"),
  featuredMs: integer("featured_ms"),
  publishedMs: whole("published_ms"),
  weight: whole("weight"),
})

export const marketStale = sqliteTable("market_stale", { productId: integer("product_id").primaryKey() })
