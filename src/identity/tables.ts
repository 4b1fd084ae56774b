// The tables of identity as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { UserId } from "../app/index.ts"
import type { CodePurpose } from "./store/guards.ts"
import type { SessionKind, UserStatus } from "./types.ts"

export const principals = sqliteTable("principals", {
  id: integer().primaryKey(),
  kind: text().notNull().$type<"user" | "team" | "pool">(),
  createdMs: integer("created_ms").notNull(),
})

export const users = sqliteTable("users", {
  id: integer().primaryKey(),
  kind: text().notNull().$type<"user">().default("user"),
  publicId: text("public_id").notNull(),
  email: text().notNull(),
  emailVerifiedMs: integer("email_verified_ms"),
  name: text(),
  passwordHash: text("password_hash"),
  isAdmin: integer("is_admin").notNull().$type<0 | 1>().default(0),
  status: text().notNull().$type<UserStatus>().default("active"),
  statusReason: text("status_reason"),
  statusMs: integer("status_ms"),
  createdMs: integer("created_ms").notNull(),
  updatedMs: integer("updated_ms").notNull(),
  /** Of `name`, by sort-name.ts; whoever writes one writes the other. */
  sortName: text("sort_name"),
  company: text(),
  locale: text(),
  zoneinfo: text(),
  /** The developer whose apps in test mode this person tries; null: a person. */
  testOf: integer("test_of").$type<UserId>(),
  testEndsMs: integer("test_ends_ms"),
})

/** Kept by triggers of `users`: how many there are of each sort. */
export const userCounts = sqliteTable(
  "user_counts",
  {
    status: text().notNull().$type<UserStatus>(),
    verified: integer().notNull().$type<0 | 1>(),
    test: integer().notNull().$type<0 | 1>(),
    people: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.status, table.verified, table.test] })],
)

export const sessions = sqliteTable("sessions", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  kind: text().notNull().$type<SessionKind>(),
  userId: integer("user_id").notNull(),
  parentId: integer("parent_id"),
  tokenHash: text("token_hash").notNull(),
  browserHash: text("browser_hash").notNull(),
  amr: text().notNull(),
  authTimeMs: integer("auth_time_ms").notNull(),
  createdMs: integer("created_ms").notNull(),
  seenMs: integer("seen_ms").notNull(),
  expiresMs: integer("expires_ms").notNull(),
  endedMs: integer("ended_ms"),
  endReason: text("end_reason"),
  ip: text().notNull(),
  userAgent: text("user_agent").notNull(),
  provedMs: integer("proved_ms").notNull().default(0),
  provedAmr: text("proved_amr").notNull().default(""),
  /** What apps call this sign-in; null: `publicId`. */
  sid: text(),
  /** Of an auth session: the team that the console below it acts as; null: its person. */
  actingId: integer("acting_id").$type<UserId>(),
})

export const emailCodes = sqliteTable("email_codes", {
  id: integer().primaryKey(),
  purpose: text().notNull().$type<CodePurpose>(),
  browserHash: text("browser_hash").notNull(),
  email: text().notNull(),
  codeHash: text("code_hash").notNull(),
  tries: integer().notNull().default(0),
  name: text(),
  passwordHash: text("password_hash"),
  createdMs: integer("created_ms").notNull(),
  sentMs: integer("sent_ms").notNull(),
  expiresMs: integer("expires_ms").notNull(),
})

export const throttles = sqliteTable(
  "throttles",
  {
    rule: text().notNull(),
    keyHash: text("key_hash").notNull(),
    startMs: integer("start_ms").notNull(),
    used: integer().notNull(),
    atMs: integer("at_ms").notNull(),
    tat: text(),
    forgetAtMs: integer("forget_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.rule, table.keyHash] })],
)

export const setupLinks = sqliteTable("setup_links", {
  id: integer().primaryKey(),
  tokenHash: text("token_hash").notNull(),
  createdMs: integer("created_ms").notNull(),
  expiresMs: integer("expires_ms").notNull(),
  voidMs: integer("void_ms"),
  usedMs: integer("used_ms"),
  usedBy: integer("used_by"),
})

export const loginLinks = sqliteTable("login_links", {
  id: integer().primaryKey(),
  tokenHash: text("token_hash").notNull(),
  userId: integer("user_id").notNull(),
  createdMs: integer("created_ms").notNull(),
  expiresMs: integer("expires_ms").notNull(),
  voidMs: integer("void_ms"),
  usedMs: integer("used_ms"),
})

export const passwordResets = sqliteTable("password_resets", {
  id: integer().primaryKey(),
  tokenHash: text("token_hash").notNull(),
  email: text().notNull(),
  createdMs: integer("created_ms").notNull(),
  expiresMs: integer("expires_ms").notNull(),
  usedMs: integer("used_ms"),
  usedBrowser: text("used_browser"),
  voidMs: integer("void_ms"),
})

export const savedLists = sqliteTable("saved_lists", {
  id: integer().primaryKey(),
  userId: integer("user_id").notNull(),
  page: text().notNull(),
  query: text().notNull(),
  name: text().notNull(),
  createdMs: integer("created_ms").notNull(),
})

export const totpSecrets = sqliteTable("totp_secrets", {
  userId: integer("user_id").primaryKey(),
  secret: text().notNull(),
  confirmedMs: integer("confirmed_ms"),
  lastStep: integer("last_step").notNull().default(0),
  createdMs: integer("created_ms").notNull(),
})

export const recoveryCodes = sqliteTable("recovery_codes", {
  id: integer().primaryKey(),
  userId: integer("user_id").notNull(),
  codeHash: text("code_hash").notNull(),
  createdMs: integer("created_ms").notNull(),
  usedMs: integer("used_ms"),
})

export const passkeys = sqliteTable("passkeys", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  userId: integer("user_id").notNull(),
  credentialId: text("credential_id").notNull(),
  publicKey: text("public_key").notNull(),
  counter: integer().notNull(),
  name: text().notNull(),
  aaguid: text().notNull(),
  transports: text().notNull(),
  syncs: integer().notNull().$type<0 | 1>(),
  backedUp: integer("backed_up").notNull().$type<0 | 1>(),
  createdMs: integer("created_ms").notNull(),
  usedMs: integer("used_ms"),
})

export const signUpWorks = sqliteTable("sign_up_works", {
  workHash: text("work_hash").primaryKey(),
  forgetAtMs: integer("forget_at_ms").notNull(),
})

export const passkeyChallenges = sqliteTable("passkey_challenges", {
  challengeHash: text("challenge_hash").primaryKey(),
  forgetAtMs: integer("forget_at_ms").notNull(),
})
