// The tables of spending as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { Nano, PrincipalId, UserId } from "../app/index.ts"

export const spendingLows = sqliteTable("spending_lows", {
  ownerId: integer("owner_id").primaryKey().$type<UserId>(),
  belowNano: integer("below_nano").$type<Nano>(),
  lowMs: integer("low_ms"),
})

export const spendingPools = sqliteTable("spending_pools", {
  poolId: integer("pool_id").primaryKey().$type<PrincipalId>(),
  fullNano: integer("full_nano").notNull().$type<Nano>(),
  told: text().$type<"low" | "empty">(),
})

export const spendingTeamLetters = sqliteTable("spending_team_letters", {
  id: integer().primaryKey(),
  month: integer().notNull(),
  throughTeamId: integer("through_team_id").notNull(),
  doneMs: integer("done_ms"),
})

export const spendingLetters = sqliteTable("spending_letters", {
  id: integer().primaryKey(),
  month: integer().notNull(),
  throughUserId: integer("through_user_id").notNull(),
  doneMs: integer("done_ms"),
})
