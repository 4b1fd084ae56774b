// SQL of what a wallet shows: lots, what is held, what moved last. Indexed, read-only.
import type { AccountId } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import { HELD_OF_LOT, LOT_ROW } from "../books/store-memory.ts"
import type { Bucket, Owner } from "../books/types.ts"
import type { LotState } from "../lots/rules.ts"
import { callersApps } from "./store-history.ts"

export interface LotRow extends LotState {
  publicId: string
  bucket: Bucket
  grantedNano: number
}

export const lotRows = (sql: Reader, accountId: AccountId): LotRow[] =>
  sql.all<LotRow>(
    `SELECT ${LOT_ROW}, ${HELD_OF_LOT} AS heldNano, l.public_id AS publicId, l.bucket, l.granted_nano AS grantedNano
     FROM lots l INDEXED BY lots_of_wallet WHERE l.account_id = ? AND l.unspent = 1`,
    accountId,
  )

/** Row id of the newest charge or transaction that touched a wallet; 0 when none did. */
export function lastTransactionOf(sql: Reader, accountId: AccountId): number {
  const other = sql.get<{ id: number | null }>(
    "SELECT MAX(transaction_id) AS id FROM entries WHERE account_id = ? AND account_id > 100",
    accountId,
  )
  const charges = callersApps(sql, accountId).flatMap((clientId) =>
    [0, 1].map((isCollected) => sql.get<{ id: number | null }>(LAST_CHARGE, accountId, clientId, isCollected)),
  )
  return Math.max(other?.id ?? 0, ...charges.map((row) => row?.id ?? 0))
}
const LAST_CHARGE = `SELECT MAX(id) AS id FROM charges INDEXED BY charges_of_app
  WHERE account_id = ? AND client_id IS ? AND (collected_nano > 0) = ?`

/** What open holds keep of a wallet's lots, and how many of them can be spent from at this moment. */
export const lotsAt = (sql: Reader, accountId: AccountId, now: number): { heldNano: number; usable: number } =>
  sql.get<{ heldNano: number; usable: number }>(
    `SELECT (SELECT COALESCE(SUM(amount_nano), 0) FROM open_holds WHERE account_id = ?) AS heldNano,
            COUNT(*) FILTER (WHERE frozen = 0 AND effective_ms <= ? AND (expires_ms IS NULL OR expires_ms > ?)) AS usable
     FROM lots WHERE account_id = ? AND unspent = 1`,
    accountId,
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
