// The tables of backup as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"

export const backupProofs = sqliteTable("backup_proofs", {
  id: integer().primaryKey(),
  atMs: integer("at_ms").notNull(),
  actor: text().notNull(),
  ok: integer().notNull().$type<0 | 1>(),
  source: text().notNull(),
  tookMs: integer("took_ms").notNull(),
  lastMs: integer("last_ms"),
  bytes: integer(),
  transactions: integer(),
  why: text(),
})

export const restores = sqliteTable("restores", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  restoredMs: integer("restored_ms").notNull(),
  startedMs: integer("started_ms").notNull(),
  source: text().notNull(),
  epoch: integer(),
  asked: text(),
  lastCommitMs: integer("last_commit_ms").notNull(),
  aliveMs: integer("alive_ms"),
  complete: integer().notNull().$type<0 | 1>(),
  lastTransactionId: text("last_transaction_id"),
  lastTransactionMs: integer("last_transaction_ms"),
  lastCallId: text("last_call_id"),
  lastCallMs: integer("last_call_ms"),
  sessionsEnded: integer("sessions_ended").notNull(),
  grantsEnded: integer("grants_ended").notNull(),
  lookedMs: integer("looked_ms"),
  lookedBy: text("looked_by"),
  paymentsMs: integer("payments_ms"),
  /** JSON of `CaughtUp`. */
  payments: text(),
})
