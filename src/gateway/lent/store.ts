// SQL of people's accounts at OpenRouter.
import { and, eq, gt } from "drizzle-orm"
import { UserId } from "../../app/index.ts"
import { insertRow, type OrmReader, type Tx } from "../../store/index.ts"
import { openrouterAccounts } from "../tables.ts"

export type LentRow = typeof openrouterAccounts.$inferSelect

export const lentRow = (reader: OrmReader, userId: UserId): LentRow | null =>
  reader.drizzle.select().from(openrouterAccounts).where(eq(openrouterAccounts.userId, userId)).get() ?? null

export const readyRows = (reader: OrmReader): LentRow[] =>
  reader.drizzle.select().from(openrouterAccounts).where(eq(openrouterAccounts.state, "ready")).all()

/** Accounts after one, by their people. */
export const readyAfter = (reader: OrmReader, userId: number, rows: number): LentRow[] =>
  reader.drizzle
    .select()
    .from(openrouterAccounts)
    .where(and(eq(openrouterAccounts.state, "ready"), gt(openrouterAccounts.userId, UserId(userId))))
    .orderBy(openrouterAccounts.userId)
    .limit(rows)
    .all()

export const insertLent = (tx: Tx, userId: UserId, publicId: string): void => {
  insertRow(tx, openrouterAccounts, { userId, publicId, state: "making", createdMs: tx.now })
}

export const updateLent = (tx: Tx, userId: UserId, set: Partial<LentRow>): void => {
  tx.drizzle.update(openrouterAccounts).set(set).where(eq(openrouterAccounts.userId, userId)).run()
}

export const deleteLent = (tx: Tx, userId: number): number =>
  tx.run("DELETE FROM openrouter_accounts WHERE user_id = ?", userId).changes

/** People who confirmed their address, came since then, and never had one. */
export const withoutOne = (tx: Tx, sinceMs: number, rows: number): { id: UserId; publicId: string }[] =>
  tx.all(
    `SELECT u.id, u.public_id AS publicId FROM v_identity_users u LEFT JOIN openrouter_accounts a ON a.user_id = u.id
     WHERE a.user_id IS NULL AND u.created_ms >= ? AND u.email_verified_ms IS NOT NULL AND u.status = 'active' AND u.test_of IS NULL
     ORDER BY u.id LIMIT ?`,
    sinceMs,
    rows,
  )
