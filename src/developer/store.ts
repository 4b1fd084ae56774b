// All SQL of developer.
import type { Reader, Tx } from "../store/index.ts"

export interface DeveloperRow {
  user_id: number
  company: string | null
  version: string
  accepted_ms: number
}

/** A developer with the newest acceptance. */
export const developerRow = (reader: Reader, userId: number): DeveloperRow | null =>
  reader.get<DeveloperRow>(
    `SELECT d.user_id, d.company, a.version, a.accepted_ms
     FROM developers d JOIN developer_agreements a ON a.user_id = d.user_id
     WHERE d.user_id = ? ORDER BY a.id DESC LIMIT 1`,
    userId,
  )

/** @returns whether this version was accepted for the first time */
export function saveAcceptance(tx: Tx, row: { userId: number; version: string; company: string | null }): boolean {
  tx.run(
    `INSERT INTO developers (user_id, company, created_ms, updated_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (user_id) DO UPDATE SET company = excluded.company, updated_ms = excluded.updated_ms`,
    row.userId,
    row.company,
    tx.now,
    tx.now,
  )
  const added = tx.run(
    "INSERT INTO developer_agreements (user_id, version, accepted_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    row.userId,
    row.version,
    tx.now,
  )
  return added.changes === 1
}
