// SQL of rollover, as fixed texts; asked only about lots that are due. Decides nothing.
import type { AccountId, LotId, Nano } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import type { Bucket } from "../books/types.ts"
import type { RolledLot } from "./rules-rollover.ts"

export interface ExpiringRow {
  id: LotId
  publicId: string
  bucket: Bucket
  expiresMs: number
  maxNano: Nano | null
  capNano: Nano | null
  lifetimeMs: number
  rolledFrom: LotId | null
  rolledBeforeNano: number
  /** How often it rolled over before. */
  rolledTimes: number
}

export const expiringRow = (sql: Reader, lotId: LotId): ExpiringRow | null =>
  sql.get<ExpiringRow>(
    `SELECT id, public_id AS publicId, bucket, expires_ms AS expiresMs, rollover_max_nano AS maxNano,
            rollover_cap_nano AS capNano, rollover_lifetime_ms AS lifetimeMs, rolled_from AS rolledFrom,
            (SELECT COALESCE(SUM(r.granted_nano), 0) FROM lots r WHERE r.rolled_from = l.id) AS rolledBeforeNano,
            (SELECT COUNT(*) FROM lots r WHERE r.rolled_from = l.id) AS rolledTimes
     FROM lots l WHERE id = ?`,
    lotId,
  )

export const hasRollover = (sql: Reader, lotId: LotId): boolean =>
  sql.get("SELECT 1 FROM lots WHERE id = ? AND rollover_max_nano IS NOT NULL", lotId) !== null

/** Rolled-over lots of a wallet with something left. */
export const rolledLots = (sql: Reader, accountId: AccountId): RolledLot[] =>
  sql.all<RolledLot>(
    `SELECT expires_ms AS expiresMs, remaining_nano AS remainingNano
     FROM lots WHERE account_id = ? AND unspent = 1 AND rolled_from IS NOT NULL`,
    accountId,
  )
