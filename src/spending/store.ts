// SQL of what people are told of spending. Decides nothing.
import type { PrincipalId, UserId } from "../app/index.ts"
import { findRow, type Reader, type Tx } from "../store/index.ts"
import { spendingLetters, spendingLows, spendingPools, spendingTeamLetters } from "./tables.ts"

export type LowRow = typeof spendingLows.$inferSelect
export type PoolRow = typeof spendingPools.$inferSelect
export type LetterRow = typeof spendingLetters.$inferSelect
export type TeamLetterRow = typeof spendingTeamLetters.$inferSelect

export const lowOf = (reader: Reader, ownerId: UserId): LowRow | null =>
  findRow(reader, spendingLows, "owner_id = ?", ownerId)

export const saveLow = (tx: Tx, { ownerId, belowNano, lowMs }: LowRow): void =>
  void tx.run(
    `INSERT INTO spending_lows (owner_id, below_nano, low_ms) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET below_nano = excluded.below_nano, low_ms = excluded.low_ms`,
    ownerId,
    belowNano,
    lowMs,
  )

/** Owners who chose a mark, or bought credits; from a number on. */
export const watchedAfter = (reader: Reader, after: number, rows: number): UserId[] =>
  reader
    .all<{ ownerId: UserId }>(
      `SELECT owner_id AS ownerId FROM spending_lows WHERE owner_id > ?1
       UNION SELECT user_id FROM v_billing_purchases WHERE user_id > ?1 ORDER BY 1 LIMIT ?2`,
      after,
      rows,
    )
    .map(({ ownerId }) => ownerId)

/** When somebody bought last; null = never. */
export const lastBoughtMs = (reader: Reader, ownerId: UserId): number | null =>
  reader.get<{ ms: number | null }>("SELECT MAX(paid_ms) AS ms FROM v_billing_purchases WHERE user_id = ?", ownerId)!.ms

export const forgetLow = (tx: Tx, ownerId: UserId): number =>
  tx.run("DELETE FROM spending_lows WHERE owner_id = ?", ownerId).changes

export const poolOf = (reader: Reader, poolId: PrincipalId): PoolRow | null =>
  findRow(reader, spendingPools, "pool_id = ?", poolId)

export const savePool = (tx: Tx, { poolId, fullNano, told }: PoolRow): void =>
  void tx.run(
    `INSERT INTO spending_pools (pool_id, full_nano, told) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET full_nano = excluded.full_nano, told = excluded.told`,
    poolId,
    fullNano,
    told,
  )

export const letterRow = (reader: Reader): LetterRow | null => findRow(reader, spendingLetters, "id = 1")

export const saveLetter = (tx: Tx, { month, throughUserId, doneMs }: Omit<LetterRow, "id">): void =>
  void tx.run(
    `INSERT INTO spending_letters (id, month, through_user_id, done_ms) VALUES (1, ?, ?, ?)
     ON CONFLICT DO UPDATE SET month = excluded.month, through_user_id = excluded.through_user_id, done_ms = excluded.done_ms`,
    month,
    throughUserId,
    doneMs,
  )

export const teamLetterRow = (reader: Reader): TeamLetterRow | null => findRow(reader, spendingTeamLetters, "id = 1")

export const saveTeamLetter = (tx: Tx, { month, throughTeamId, doneMs }: Omit<TeamLetterRow, "id">): void =>
  void tx.run(
    `INSERT INTO spending_team_letters (id, month, through_team_id, done_ms) VALUES (1, ?, ?, ?)
     ON CONFLICT DO UPDATE SET month = excluded.month, through_team_id = excluded.through_team_id, done_ms = excluded.done_ms`,
    month,
    throughTeamId,
    doneMs,
  )

export interface LetterReader {
  id: UserId
  publicId: string
  email: string
}

/** People with an account of their own, who may call. */
const READERS = `SELECT id, public_id AS publicId, email FROM v_identity_users
  WHERE status = 'active' AND email_verified_ms IS NOT NULL AND test_of IS NULL`

/** From a number on. */
export const peopleAfter = (reader: Reader, after: number, rows: number): LetterReader[] =>
  reader.all<LetterReader>(`${READERS} AND id > ? ORDER BY id LIMIT ?`, after, rows)

/** As they are in this body; null: they are gone, suspended, or have proven no address. */
export const readerIn = (tx: Tx, userId: UserId): LetterReader | null =>
  tx.get<LetterReader>(`${READERS} AND id = ?`, userId)
