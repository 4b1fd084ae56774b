// All queries of legal. Versions and acceptances are only ever added.
import type { UserId } from "../app/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { legalAcceptances, legalVersions } from "./tables.ts"
import type { LegalText, LegalVersion } from "./types.ts"

const COLUMNS = `id, text, version, source, changes, asks, effective_ms AS effectiveMs, created_ms AS createdMs`

type Row = Omit<LegalVersion, "asks"> & { id: number; asks: number }
const asVersion = (row: Row): LegalVersion & { id: number } => ({ ...row, asks: row.asks === 1 })

/** All that were published, the oldest first: they are few. */
export const allVersions = (reader: Reader): (LegalVersion & { id: number })[] =>
  reader.all<Row>(`SELECT ${COLUMNS} FROM legal_versions ORDER BY effective_ms, id`).map(asVersion)

export const insertVersion = (tx: Tx, row: LegalVersion): void =>
  void tx.drizzle.insert(legalVersions).values(row).run()

/** @returns whether it is the first yes to this version */
export const insertAcceptance = (tx: Tx, row: { userId: UserId; text: "terms"; version: string }): boolean =>
  tx.drizzle
    .insert(legalAcceptances)
    .values({ ...row, acceptedMs: tx.now })
    .onConflictDoNothing()
    .returning({ id: legalAcceptances.id })
    .all().length === 1

/** Read by every page of the console while something is asked for, and so without drizzle. */
export const acceptedVersions = (reader: Reader, userId: UserId, text: LegalText): string[] =>
  reader
    .all<{ version: string }>(
      "SELECT version FROM legal_acceptances WHERE user_id = ? AND text = ? ORDER BY id",
      userId,
      text,
    )
    .map(({ version }) => version)
