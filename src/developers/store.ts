// All queries of developer. Acceptances are append-only; the newest one counts.

import { desc, eq } from "drizzle-orm"
import type { UserId } from "../app/index.ts"
import { findRow, type OrmReader, type Reader, type Tx } from "../store/index.ts"
import { agreements, developers, earningSettings } from "./tables.ts"
import type { EarningTerms } from "./types.ts"

const SETTINGS_ROW = 1

/** A developer with the newest acceptance. */
export const developerRow = (reader: OrmReader, userId: UserId) =>
  reader.drizzle
    .select({
      userId: developers.userId,
      company: developers.company,
      version: agreements.version,
      acceptedMs: agreements.acceptedMs,
    })
    .from(developers)
    .innerJoin(agreements, eq(agreements.userId, developers.userId))
    .where(eq(developers.userId, userId))
    .orderBy(desc(agreements.id))
    .limit(1)
    .get() ?? null

/** @returns whether this version was accepted for the first time */
export function saveAcceptance(tx: Tx, row: { userId: UserId; version: string; company: string | null }): boolean {
  const { userId, version, company } = row
  tx.drizzle
    .insert(developers)
    .values({ userId, company, createdMs: tx.now, updatedMs: tx.now })
    .onConflictDoUpdate({ target: developers.userId, set: { company, updatedMs: tx.now } })
    .run()
  const added = tx.drizzle
    .insert(agreements)
    .values({ userId, version, acceptedMs: tx.now })
    .onConflictDoNothing()
    .returning({ id: agreements.id })
    .all()
  return added.length === 1
}

/** Read by every call of an app while its credits are held, and so by fixed SQL. */
export function earningTerms(reader: Reader): EarningTerms {
  const { id: _, updatedMs: __, ...terms } = findRow(reader, earningSettings, "id = ?", SETTINGS_ROW)!
  return terms
}

export function saveEarningTerms(tx: Tx, terms: EarningTerms): void {
  tx.drizzle
    .update(earningSettings)
    .set({ ...terms, updatedMs: tx.now })
    .where(eq(earningSettings.id, SETTINGS_ROW))
    .run()
}
