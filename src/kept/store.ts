// The only queries of `kept`.
import { and, asc, count, eq, gte, inArray, lte, or, sql } from "drizzle-orm"
import type { UserId } from "../app/index.ts"
import type { OrmReader, Reader, Tx } from "../store/index.ts"
import { answerKeeping, keptAnswers } from "./tables.ts"
import type { Keeper } from "./types.ts"

export type AnswerRow = typeof keptAnswers.$inferSelect
type Place = Pick<AnswerRow, "sealed" | "previous">

export const clientOf = ({ clientId }: Keeper): number => clientId ?? 0

export const keepingOf = (reader: OrmReader, userId: UserId) =>
  reader.drizzle.select().from(answerKeeping).where(eq(answerKeeping.userId, userId)).get() ?? null

export const insertKeeping = (tx: Tx, userId: UserId): void => {
  tx.drizzle.insert(answerKeeping).values({ userId, sinceMs: tx.now, bytes: 0 }).onConflictDoNothing().run()
}

export const deleteKeeping = (tx: Tx, userId: UserId): void => {
  tx.drizzle.delete(answerKeeping).where(eq(answerKeeping.userId, userId)).run()
}

export const addBytes = (tx: Tx, userId: UserId, bytes: number): void => {
  const sum = sql`max(0, ${answerKeeping.bytes} + ${bytes})`
  tx.drizzle.update(answerKeeping).set({ bytes: sum }).where(eq(answerKeeping.userId, userId)).run()
}

export const insertAnswer = (tx: Tx, row: Omit<AnswerRow, "id" | "createdMs" | "touchedMs">): void => {
  tx.drizzle
    .insert(keptAnswers)
    .values({ ...row, createdMs: tx.now, touchedMs: tx.now })
    .run()
}

/** Of the present keeping, not of one that was turned off. @param afterMs what was touched last before is over */
const LIVE = `user_id = ? AND client_id = ? AND mode = ? AND touched_ms > ?
  AND created_ms >= (SELECT since_ms FROM answer_keeping k WHERE k.user_id = kept_answers.user_id)`

export const answerOf = (reader: Reader, keeper: Keeper, publicId: string, afterMs: number): Place | null =>
  reader.get<Place>(
    `SELECT sealed, previous FROM kept_answers WHERE public_id = ? AND ${LIVE}`,
    publicId,
    keeper.userId,
    clientOf(keeper),
    keeper.mode,
    afterMs,
  )

export const recentOf = (reader: Reader, keeper: Keeper, afterMs: number, limit: number) =>
  reader.all<{ publicId: string; sealed: string }>(
    `SELECT public_id AS publicId, sealed FROM kept_answers WHERE ${LIVE} ORDER BY created_ms DESC, id DESC LIMIT ?`,
    keeper.userId,
    clientOf(keeper),
    keeper.mode,
    afterMs,
    limit,
  )

/** @returns its bytes; 0 when it is not there */
export const deleteAnswer = (tx: Tx, { userId }: Keeper, publicId: string): number =>
  tx.drizzle
    .delete(keptAnswers)
    .where(and(eq(keptAnswers.publicId, publicId), eq(keptAnswers.userId, userId)))
    .returning({ bytes: keptAnswers.bytes })
    .get()?.bytes ?? 0

/** Each answer of a conversation lives as long as its last one. */
export function touch(tx: Tx, userId: UserId, publicIds: readonly string[]): void {
  tx.drizzle
    .update(keptAnswers)
    .set({ touchedMs: tx.now })
    .where(and(eq(keptAnswers.userId, userId), inArray(keptAnswers.publicId, [...publicIds])))
    .run()
}

/** @param sinceMs what was kept before is of an earlier time */
export const oldestOf = (tx: Tx, userId: UserId, sinceMs: number, limit: number): Pick<AnswerRow, "id" | "bytes">[] =>
  tx.drizzle
    .select({ id: keptAnswers.id, bytes: keptAnswers.bytes })
    .from(keptAnswers)
    .where(and(eq(keptAnswers.userId, userId), gte(keptAnswers.createdMs, sinceMs)))
    .orderBy(asc(keptAnswers.createdMs), asc(keptAnswers.id))
    .limit(limit)
    .all()

export const deleteRows = (tx: Tx, ids: readonly number[]): void => {
  if (ids.length > 0)
    tx.drizzle
      .delete(keptAnswers)
      .where(inArray(keptAnswers.id, [...ids]))
      .run()
}

export const countOf = (reader: OrmReader, userId: UserId): number =>
  reader.drizzle.select({ n: count() }).from(keptAnswers).where(eq(keptAnswers.userId, userId)).get()!.n

export interface OverRow extends Pick<AnswerRow, "id" | "bytes" | "userId"> {
  /** It counts among the bytes of the present keeping. */
  isCounted: number | null
}

/** What is over: too old, or of a keeping that was turned off. */
export const overRows = (tx: Tx, untilMs: number, limit: number): OverRow[] =>
  tx.drizzle
    .select({
      id: keptAnswers.id,
      bytes: keptAnswers.bytes,
      userId: keptAnswers.userId,
      isCounted: sql<number | null>`${keptAnswers.createdMs} >= ${answerKeeping.sinceMs}`,
    })
    .from(keptAnswers)
    .leftJoin(answerKeeping, eq(answerKeeping.userId, keptAnswers.userId))
    .where(
      or(
        lte(keptAnswers.touchedMs, untilMs),
        sql`${answerKeeping.userId} IS NULL`,
        sql`${keptAnswers.createdMs} < ${answerKeeping.sinceMs}`,
      ),
    )
    .limit(limit)
    .all()
