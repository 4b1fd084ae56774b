// All queries of developer. Acceptances are append-only; the newest one counts.
import { desc, eq } from "drizzle-orm"
import type { OrmReader, Tx } from "../store/index.ts"
import { agreements, developers } from "./tables.ts"

export interface DeveloperRow {
  userId: number
  company: string | null
  version: string
  acceptedMs: number
}

/** A developer with the newest acceptance. */
export function developerRow(reader: OrmReader, userId: number): DeveloperRow | null {
  const { company } = developers
  const { version, acceptedMs } = agreements
  const row = reader.drizzle
    .select({ userId: developers.userId, company, version, acceptedMs })
    .from(developers)
    .innerJoin(agreements, eq(agreements.userId, developers.userId))
    .where(eq(developers.userId, userId))
    .orderBy(desc(agreements.id))
    .limit(1)
    .get()
  return row ?? null
}

/** @returns whether this version was accepted for the first time */
export function saveAcceptance(tx: Tx, row: { userId: number; version: string; company: string | null }): boolean {
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
