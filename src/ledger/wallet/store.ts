// SQL of what a wallet shows: lots, what is held, what moved last. Indexed, read-only.
import type { AccountId } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import type { Bucket, Owner } from "../books/types.ts"
import type { LotState } from "../lots/rules.ts"

export interface LotRow extends LotState {
  publicId: string
  bucket: Bucket
  grantedNano: number
}

export const lotRows = (sql: Reader, accountId: AccountId): LotRow[] =>
  sql.all<LotRow>(
    `SELECT id, public_id AS publicId, bucket, granted_nano AS grantedNano, priority, expires_ms AS expiresMs, paid,
            created_ms AS createdMs, effective_ms AS effectiveMs, restriction, remaining_nano AS remainingNano,
            held_nano AS heldNano
     FROM lots WHERE account_id = ? AND unspent = 1`,
    accountId,
  )

/** Public id of the newest transaction that touched an account of a principal; null when none did. */
export const lastTransactionOf = (sql: Reader, accountId: AccountId): string | null =>
  sql.get<{ publicId: string }>(
    `SELECT public_id AS publicId FROM transactions
     WHERE id = (SELECT MAX(transaction_id) FROM entries WHERE account_id = ? AND account_id > 100)`,
    accountId,
  )?.publicId ?? null

/** What open holds keep of a wallet's lots, and how many of them can be spent from at this moment. */
export const lotsAt = (sql: Reader, accountId: AccountId, now: number): { heldNano: number; usable: number } =>
  sql.get<{ heldNano: number; usable: number }>(
    `SELECT COALESCE(SUM(held_nano), 0) AS heldNano,
            COUNT(*) FILTER (WHERE effective_ms <= ? AND (expires_ms IS NULL OR expires_ms > ?)) AS usable
     FROM lots WHERE account_id = ? AND unspent = 1`,
    now,
    now,
    accountId,
  )!

export const walletIdsOf = (sql: Reader, owner: Owner): AccountId[] =>
  sql
    .all<{ id: AccountId }>(
      `SELECT id FROM accounts WHERE owner_kind = ? AND owner_id = ? AND mode IN ('live', 'test') AND kind = 'wallet'
         AND asset = 'usd_nano'`,
      owner.kind,
      owner.id,
    )
    .map((row) => row.id)
