// The tables of referrals as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { Nano, UserId } from "../app/index.ts"
import type { MarkKind, ReferralState, Refusal } from "./types.ts"

export const referralLinks = sqliteTable("referral_links", {
  userId: integer("user_id").primaryKey().$type<UserId>(),
  code: text().notNull(),
  createdMs: integer("created_ms").notNull(),
})

export const referralVisits = sqliteTable("referral_visits", {
  browserHash: text("browser_hash").primaryKey(),
  referrerId: integer("referrer_id").notNull().$type<UserId>(),
  atMs: integer("at_ms").notNull(),
})

export const referrals = sqliteTable("referrals", {
  id: integer().primaryKey(),
  referrerId: integer("referrer_id").notNull().$type<UserId>(),
  userId: integer("user_id").notNull().$type<UserId>(),
  state: text().notNull().$type<ReferralState>(),
  why: text().$type<Refusal>(),
  rewardNano: integer("reward_nano")
    .notNull()
    .default(0 as Nano)
    .$type<Nano>(),
  orderId: text("order_id"),
  joinedMs: integer("joined_ms").notNull(),
  decidedMs: integer("decided_ms"),
})

export const referralMarks = sqliteTable(
  "referral_marks",
  {
    kind: text().notNull().$type<MarkKind>(),
    hash: text().notNull(),
    userId: integer("user_id").notNull().$type<UserId>(),
    gone: integer().notNull().$type<0 | 1>().default(0),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.hash, table.userId] })],
)
