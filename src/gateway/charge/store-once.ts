// SQL of idempotency keys. Decides nothing.
import type { Nano, UserId } from "../../app/index.ts"
import { findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { idempotencyKeys } from "../tables.ts"

export type OnceRow = typeof idempotencyKeys.$inferSelect

export const findOnce = (sql: Reader, scopeHash: string): OnceRow | null =>
  findRow(sql, idempotencyKeys, "scope_hash = ?", scopeHash)

/** Takes the place of a row that no longer counts. */
export function openOnce(
  tx: Tx,
  row: Pick<OnceRow, "scopeHash" | "bodyHash" | "userId" | "callId" | "expiresMs">,
): void {
  deleteOnce(tx, row.scopeHash)
  insertRow(tx, idempotencyKeys, row)
}

/** @param callId whose row it is: another call may have the key by now */
export function finishOnce(
  tx: Tx,
  { scopeHash, callId }: { scopeHash: string; callId: string },
  end: Pick<OnceRow, "status" | "chargedNano" | "remainingNano" | "answerSealed" | "isLarge">,
): void {
  tx.run(
    `UPDATE idempotency_keys SET status = ?, charged_nano = ?, remaining_nano = ?, answer_sealed = ?, is_large = ?
     WHERE scope_hash = ? AND call_id = ?`,
    end.status,
    end.chargedNano,
    end.remainingNano,
    end.answerSealed,
    end.isLarge,
    scopeHash,
    callId,
  )
}

export const deleteOnce = (tx: Tx, scopeHash: string, callId: string | null = null): void =>
  void tx.run("DELETE FROM idempotency_keys WHERE scope_hash = ?1 AND (?2 IS NULL OR call_id = ?2)", scopeHash, callId)

export const largeAnswersOf = (sql: Reader, userId: UserId): number =>
  sql.get<{ n: number }>("SELECT COUNT(*) AS n FROM idempotency_keys WHERE user_id = ? AND is_large = 1", userId)!.n

/** What a call came to, also one that recovery charged; null while its hold is open. */
export const chargeOf = (sql: Reader, callId: string): { chargeNano: Nano; collectedNano: Nano } | null =>
  sql.get("SELECT charge_nano AS chargeNano, collected_nano AS collectedNano FROM v_charges WHERE call_id = ?", callId)

/** @returns rows deleted */
export const deleteExpired = (tx: Tx, rows: number): number =>
  tx.run(
    "DELETE FROM idempotency_keys WHERE id IN (SELECT id FROM idempotency_keys WHERE expires_ms <= ? LIMIT ?)",
    tx.now,
    rows,
  ).changes
