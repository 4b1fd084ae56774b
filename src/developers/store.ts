// All queries of developer. Acceptances are append-only; the newest one counts.
import type { UserId } from "../app/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { agreements, developers } from "./tables.ts"

type DeveloperRow = Pick<typeof developers.$inferSelect, "userId" | "company"> &
  Pick<typeof agreements.$inferSelect, "version" | "acceptedMs">

/** A developer with the newest acceptance. Read by every page of the console, and so without drizzle. */
export const developerRow = (reader: Reader, userId: UserId): DeveloperRow | null =>
  reader.get<DeveloperRow>(
    `SELECT d.user_id AS userId, d.company, a.version, a.accepted_ms AS acceptedMs
     FROM developers d JOIN developer_agreements a ON a.user_id = d.user_id
     WHERE d.user_id = ? ORDER BY a.id DESC LIMIT 1`,
    userId,
  )

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

export const saveCompany = (tx: Tx, { userId, company }: { userId: UserId; company: string | null }): void =>
  void tx.run("UPDATE developers SET company = ?, updated_ms = ? WHERE user_id = ?", company, tx.now, userId)
