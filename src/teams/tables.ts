// The tables of teams as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { UserId } from "../app/index.ts"
import type { GivenRole, Role } from "./rules.ts"
import type { InviteState } from "./types.ts"

export const teams = sqliteTable("teams", {
  id: integer().primaryKey().$type<UserId>(),
  publicId: text("public_id").notNull().unique(),
  name: text().notNull(),
  makerId: integer("maker_id").$type<UserId>(),
  createdMs: integer("created_ms").notNull(),
  endedMs: integer("ended_ms"),
})

export const teamMembers = sqliteTable("team_members", {
  id: integer().primaryKey(),
  teamId: integer("team_id").notNull().$type<UserId>(),
  userId: integer("user_id").notNull().$type<UserId>(),
  role: text().notNull().$type<Role>(),
  joinedMs: integer("joined_ms").notNull(),
})

export const teamInvites = sqliteTable("team_invites", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull().unique(),
  teamId: integer("team_id").notNull().$type<UserId>(),
  userId: integer("user_id").$type<UserId>(),
  role: text().notNull().$type<GivenRole>(),
  toEmail: text("to_email"),
  tokenHash: text("token_hash").unique(),
  toUserId: integer("to_user_id").$type<UserId>(),
  state: text().notNull().default("open").$type<InviteState>(),
  createdMs: integer("created_ms").notNull(),
  endsMs: integer("ends_ms").notNull(),
  decidedMs: integer("decided_ms"),
})
