// SQL of the pages that show lots, holds and transactions as they are booked: indexed, read-only, with public ids.
import type { AccountId, ClientId, HoldId, Nano, PrincipalId, TransactionId } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import type { AccountKind, Mode } from "../books/types.ts"
import type { HoldStage } from "../holds/types.ts"
import type { LotRow } from "./store.ts"
import type { TransactionView } from "./types.ts"

export interface LotDetailRow extends LotRow {
  consumedNano: number
  expiredNano: number
  voidedNano: number
  clawedNano: number
  key: string
  maxNano: Nano | null
  capNano: Nano | null
  lifetimeMs: number | null
  rolledFrom: string | null
}

const LOT_DETAIL = `SELECT id, public_id AS publicId, bucket, granted_nano AS grantedNano, priority,
    expires_ms AS expiresMs, paid, created_ms AS createdMs, effective_ms AS effectiveMs, restriction,
    remaining_nano AS remainingNano, held_nano AS heldNano, consumed_nano AS consumedNano, expired_nano AS expiredNano,
    voided_nano AS voidedNano, clawed_nano AS clawedNano, key, rollover_max_nano AS maxNano,
    rollover_cap_nano AS capNano, rollover_lifetime_ms AS lifetimeMs,
    (SELECT f.public_id FROM lots f WHERE f.id = l.rolled_from) AS rolledFrom
  FROM lots l`
const BEFORE_LOT = "id < COALESCE((SELECT id FROM lots WHERE public_id = ?), 9007199254740991)"
const ALL_LOTS = `${LOT_DETAIL} WHERE account_id = ? AND ${BEFORE_LOT} ORDER BY id DESC LIMIT ?`
const UNSPENT_LOTS = `${LOT_DETAIL} INDEXED BY lots_of_wallet WHERE account_id = ? AND unspent = 1 AND ${BEFORE_LOT} ORDER BY id DESC LIMIT ?`

export const lotDetailRows = (
  sql: Reader,
  accountId: AccountId,
  dead: boolean,
  beforeId: string | null,
  limit: number,
): LotDetailRow[] => sql.all<LotDetailRow>(dead ? ALL_LOTS : UNSPENT_LOTS, accountId, beforeId, limit)

export const lotDetailRow = (sql: Reader, accountId: AccountId, publicId: string) =>
  sql.get<LotDetailRow>(`${LOT_DETAIL} WHERE public_id = ? AND account_id = ?`, publicId, accountId)

export interface OpenHoldRow {
  id: HoldId
  callId: string
  reason: string
  clientId: ClientId | null
  scope: string
  stage: HoldStage
  amountNano: number
  createdMs: number
  leaseUntilMs: number
}

/** Walks the index of open holds: there are as many as calls in progress. */
export const openHoldRows = (sql: Reader, accountId: AccountId, limit: number): OpenHoldRow[] =>
  sql.all<OpenHoldRow>(
    `SELECT id, call_id AS callId, reason, client_id AS clientId, scope, stage, amount_nano AS amountNano,
            created_ms AS createdMs, lease_until_ms AS leaseUntilMs
     FROM holds INDEXED BY holds_open WHERE state = 'open' AND account_id = ? ORDER BY id DESC LIMIT ?`,
    accountId,
    limit,
  )

export const holdPartRows = (sql: Reader, holdId: HoldId) =>
  sql.all<{ lotId: string; amountNano: number }>(
    `SELECT (SELECT public_id FROM lots WHERE id = p.lot_id) AS lotId, amount_nano AS amountNano
     FROM hold_lots p WHERE hold_id = ? ORDER BY seq`,
    holdId,
  )

export interface TransactionViewRow extends Omit<TransactionView, "entries"> {
  id: TransactionId
}

const TRANSACTION_VIEW = `SELECT t.id, t.public_id AS transactionId, t.type, t.mode, t.at_ms AS atMs, t.actor,
    t.on_behalf_of AS onBehalfOf, t.request_id AS requestId, t.reason, t.key, t.usage_id AS usageId,
    lower(hex(t.hash)) AS hash,
    (SELECT u.public_id FROM transactions u WHERE u.hold_id = t.hold_id AND u.type = 'usage' AND t.type = 'refund') AS refundOf,
    CASE t.type WHEN 'usage' THEN (SELECT COALESCE(SUM(e.amount_nano), 0)
      FROM transactions b JOIN entries e ON e.transaction_id = b.id
      WHERE b.hold_id = t.hold_id AND b.type <> 'usage' AND e.lot_id IS NOT NULL) ELSE 0 END AS givenBackNano,
    (SELECT o.public_id FROM transactions o WHERE o.id = t.reverses) AS reverses,
    (SELECT r.public_id FROM transactions r WHERE r.reverses = t.id) AS reversedBy,
    h.call_id AS callId, h.client_id AS clientId, h.scope
  FROM transactions t LEFT JOIN holds h ON h.id = t.hold_id`

export const transactionViewRow = (sql: Reader, publicId: string) =>
  sql.get<TransactionViewRow>(`${TRANSACTION_VIEW} WHERE t.public_id = ?`, publicId)

export const transactionViewRowById = (sql: Reader, id: TransactionId) =>
  sql.get<TransactionViewRow>(`${TRANSACTION_VIEW} WHERE t.id = ?`, id)

export interface EntryViewRow {
  account: AccountKind
  ownerKind: "principal" | "platform"
  ownerId: PrincipalId
  lotId: string | null
  amountNano: Nano
  balanceAfterNano: string
}

export const entryViewRows = (sql: Reader, transactionId: TransactionId): EntryViewRow[] =>
  sql.all<EntryViewRow>(
    `SELECT a.kind AS account, a.owner_kind AS ownerKind, a.owner_id AS ownerId,
            (SELECT public_id FROM lots WHERE id = e.lot_id) AS lotId, e.amount_nano AS amountNano,
            CAST(e.balance_after_nano AS TEXT) AS balanceAfterNano
     FROM entries e JOIN accounts a ON a.id = e.account_id WHERE e.transaction_id = ? ORDER BY e.seq`,
    transactionId,
  )

/** Row ids of transactions that touched an account of the owner, newest first; one index range per account. */
export function transactionIdsOf(
  sql: Reader,
  owner: { kind: string; id: number },
  mode: Mode,
  beforeId: string | null,
  limit: number,
): TransactionId[] {
  const accounts = sql.all<{ id: AccountId }>(
    `SELECT id FROM accounts WHERE owner_kind = ? AND owner_id = ? AND mode = ? AND kind IN
       ('wallet', 'debt', 'pending', 'payable') AND asset = 'usd_nano'`,
    owner.kind,
    owner.id,
    mode,
  )
  const ids = new Set<TransactionId>()
  for (const account of accounts) {
    const rows = sql.all<{ id: TransactionId }>(
      `SELECT DISTINCT transaction_id AS id FROM entries INDEXED BY entries_of_owner
       WHERE account_id = ? AND account_id > 100
         AND transaction_id < COALESCE((SELECT id FROM transactions WHERE public_id = ?), 9007199254740991)
       ORDER BY transaction_id DESC LIMIT ?`,
      account.id,
      beforeId,
      limit,
    )
    for (const { id } of rows) ids.add(id)
  }
  return [...ids].sort((a, b) => b - a).slice(0, limit)
}
