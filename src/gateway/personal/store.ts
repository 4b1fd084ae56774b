// SQL of people's own provider keys.
import { and, asc, eq, isNotNull } from "drizzle-orm"
import type { UserId } from "../../app/index.ts"
import { deleteSome, insertRow, type OrmReader, type Tx } from "../../store/index.ts"
import { callAttempts, providerKeys, providerKeyTerms } from "../tables.ts"

export type KeyRow = typeof providerKeys.$inferSelect

const inOrder = [asc(providerKeys.userId), asc(providerKeys.provider), asc(providerKeys.place), asc(providerKeys.id)]

export const allKeys = (reader: OrmReader): KeyRow[] =>
  reader.drizzle
    .select()
    .from(providerKeys)
    .orderBy(...inOrder)
    .all()

export const keysOf = (reader: OrmReader, userId: UserId): KeyRow[] =>
  reader.drizzle
    .select()
    .from(providerKeys)
    .where(eq(providerKeys.userId, userId))
    .orderBy(...inOrder)
    .all()

export const keyOf = (reader: OrmReader, userId: UserId, publicId: string): KeyRow | null =>
  reader.drizzle
    .select()
    .from(providerKeys)
    .where(and(eq(providerKeys.userId, userId), eq(providerKeys.publicId, publicId)))
    .get() ?? null

export const whoUseCredits = (reader: OrmReader): UserId[] =>
  reader.drizzle
    .select({ userId: providerKeyTerms.userId })
    .from(providerKeyTerms)
    .where(eq(providerKeyTerms.useCredits, true))
    .all()
    .map(({ userId }) => userId)

export const usesCredits = (reader: OrmReader, userId: UserId): boolean =>
  reader.drizzle.select().from(providerKeyTerms).where(eq(providerKeyTerms.userId, userId)).get()?.useCredits === true

export function insertKey(
  tx: Tx,
  row: Pick<KeyRow, "publicId" | "userId" | "provider" | "place" | "keySealed" | "hint">,
): void {
  insertRow(tx, providerKeys, { ...row, createdMs: tx.now })
}

export const deleteKey = (tx: Tx, id: number): void => {
  tx.drizzle.delete(providerKeys).where(eq(providerKeys.id, id)).run()
}

export const setPlace = (tx: Tx, id: number, place: number): void => {
  tx.drizzle.update(providerKeys).set({ place }).where(eq(providerKeys.id, id)).run()
}

export const setTest = (tx: Tx, id: number, testOk: boolean, testMessage: string): void => {
  tx.drizzle.update(providerKeys).set({ testMs: tx.now, testOk, testMessage }).where(eq(providerKeys.id, id)).run()
}

export const setUseCredits = (tx: Tx, userId: UserId, useCredits: boolean): void => {
  tx.run(
    `INSERT INTO provider_key_terms (user_id, use_credits, changed_ms) VALUES (?, ?, ?)
     ON CONFLICT (user_id) DO UPDATE SET use_credits = excluded.use_credits, changed_ms = excluded.changed_ms`,
    userId,
    useCredits ? 1 : 0,
    tx.now,
  )
}

/** In the order they were asked. */
export const askedKeys = (reader: OrmReader, callId: string) =>
  reader.drizzle
    .select({ ownKey: callAttempts.ownKey, outcome: callAttempts.outcome, status: callAttempts.status })
    .from(callAttempts)
    .where(and(eq(callAttempts.callId, callId), isNotNull(callAttempts.ownKey)))
    .orderBy(asc(callAttempts.id))
    .all()

export const deleteKeysOf = (tx: Tx, userId: number, rows: number): number =>
  deleteSome(tx, "provider_keys", "user_id = ?", [userId], rows)

export const deleteTermsOf = (tx: Tx, userId: number): number =>
  tx.run("DELETE FROM provider_key_terms WHERE user_id = ?", userId).changes
