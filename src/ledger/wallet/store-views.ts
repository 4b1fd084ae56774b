// SQL of the pages that show lots, holds and transactions as they are booked: indexed, read-only, with public ids.
import type { AccountId, ClientId, HoldId, Nano, PrincipalId, RouteId, TransactionId } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import { transactionIdOf } from "../books/store.ts"
import { HELD_OF_LOT, LOT_ROW } from "../books/store-memory.ts"
import type { AccountKind, Mode } from "../books/types.ts"
import type { HoldStage } from "../holds/types.ts"
import type { LotRow } from "./store.ts"
import { chargeIds, otherIds } from "./store-history.ts"
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

const LOT_DETAIL = `SELECT ${LOT_ROW}, ${HELD_OF_LOT} AS heldNano, l.public_id AS publicId, l.bucket,
    l.granted_nano AS grantedNano, l.consumed_nano AS consumedNano, l.expired_nano AS expiredNano,
    l.voided_nano AS voidedNano, l.clawed_nano AS clawedNano, l.key, l.rollover_max_nano AS maxNano,
    l.rollover_cap_nano AS capNano, l.rollover_lifetime_ms AS lifetimeMs,
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

/** Lots whose key is this one, or goes on from it with a colon; without those that rolled over. */
export const lotsUnder = (sql: Reader, key: string): { key: string; paid: 0 | 1; grantedNano: number }[] =>
  sql.all(
    `SELECT key, paid, granted_nano AS grantedNano FROM lots
     WHERE (key = ?1 OR (key > ?1 || ':' AND key < ?1 || ';')) AND rolled_from IS NULL ORDER BY id`,
    key,
  )

export interface OpenHoldRow {
  id: HoldId
  callId: string
  routeId: RouteId | null
  clientId: ClientId | null
  scope: string
  stage: HoldStage
  amountNano: number
  createdMs: number
  leaseUntilMs: number
}

/** Newest first. */
export const openHoldRows = (sql: Reader, accountId: AccountId, limit: number): OpenHoldRow[] =>
  sql.all<OpenHoldRow>(
    `SELECT id, call_id AS callId, route_id AS routeId, client_id AS clientId, scope, stage, amount_nano AS amountNano,
            created_ms AS createdMs, lease_until_ms AS leaseUntilMs
     FROM open_holds WHERE account_id = ? ORDER BY id DESC LIMIT ?`,
    accountId,
    limit,
  )

export const holdPartRows = (sql: Reader, accountId: AccountId, holdId: HoldId) =>
  sql.all<{ lotId: string; amountNano: number }>(
    `SELECT (SELECT public_id FROM lots WHERE id = p.lot_id) AS lotId, amount_nano AS amountNano
     FROM v_open_hold_lots p WHERE account_id = ? AND hold_id = ? ORDER BY seq`,
    accountId,
    holdId,
  )

export interface TransactionViewRow extends Omit<TransactionView, "entries"> {
  id: TransactionId
}

/** A charge is its own `charge_id`; `c` is the charge that a refund or reversal is about, or the charge itself. */
const TRANSACTION_VIEW = `SELECT t.id, t.public_id AS transactionId, t.type, t.mode, t.at_ms AS atMs, t.actor,
    t.on_behalf_of AS onBehalfOf, t.request_id AS requestId, t.reason, t.key, lower(hex(t.hash)) AS hash,
    CASE t.type WHEN 'refund' THEN 'txn_' || substr(c.call_id, 5) END AS refundOf,
    CASE t.type WHEN 'usage' THEN (SELECT COALESCE(SUM(e.amount_nano), 0)
      FROM transactions b INDEXED BY transactions_of_charge CROSS JOIN entries e ON e.transaction_id = b.id
      WHERE b.charge_id = t.id AND e.lot_id IS NOT NULL) ELSE 0 END AS givenBackNano,
    COALESCE((SELECT o.public_id FROM transactions o WHERE o.id = t.reverses),
             (SELECT 'txn_' || substr(o.call_id, 5) FROM charges o WHERE o.id = t.reverses)) AS reverses,
    (SELECT r.public_id FROM transactions r WHERE r.reverses = t.id) AS reversedBy,
    c.call_id AS callId, c.client_id AS clientId, c.scope, c.caller_id AS callerId, c.route_id AS routeId
  FROM v_transactions t LEFT JOIN charges c ON c.id = t.charge_id`

export const transactionViewRow = (sql: Reader, id: TransactionId) =>
  sql.get<TransactionViewRow>(`${TRANSACTION_VIEW} WHERE t.id = ?`, id)

export interface EntryViewRow {
  account: AccountKind
  ownerKind: "principal" | "platform"
  ownerId: PrincipalId
  lotId: string | null
  amountNano: Nano
  /** Exact; null where a charge moved an account that many share: those move once a commit. */
  balanceAfterNano: string | null
}

export const entryViewRows = (sql: Reader, transactionId: TransactionId): EntryViewRow[] =>
  sql.all<EntryViewRow>(
    `SELECT a.kind AS account, a.owner_kind AS ownerKind, a.owner_id AS ownerId,
            (SELECT public_id FROM lots WHERE id = e.lot_id) AS lotId, e.amount_nano AS amountNano,
            CAST(e.balance_after_nano AS TEXT) AS balanceAfterNano
     FROM v_entries e JOIN accounts a ON a.id = e.account_id WHERE e.transaction_id = ? ORDER BY e.seq`,
    transactionId,
  )

/**
 * Row ids of transactions that touched an account of the owner, newest first: charges of their wallet, and whatever is no charge. What
 * single charges earned a developer is not among them; days tell that (`earning_days`).
 */
export function transactionIdsOf(
  sql: Reader,
  owner: { kind: string; id: number },
  mode: Mode,
  beforeId: string | null,
  limit: number,
): TransactionId[] {
  const accounts = sql.all<{ id: AccountId; kind: AccountKind }>(
    `SELECT id, kind FROM accounts WHERE owner_kind = ? AND owner_id = ? AND mode = ? AND kind IN
       ('wallet', 'debt', 'pending', 'payable') AND asset = 'usd_nano'`,
    owner.kind,
    owner.id,
    mode,
  )
  const span = {
    above: 0,
    below: (beforeId === null ? null : transactionIdOf(sql, beforeId)) ?? Number.MAX_SAFE_INTEGER,
  }
  const ids = new Set<number>()
  for (const { id, kind } of accounts) {
    for (const one of otherIds(sql, id, null, span, "DESC", limit)) ids.add(one)
    if (kind === "wallet") for (const one of chargeIds(sql, id, span, "DESC", limit)) ids.add(one)
  }
  return [...ids].sort((a, b) => b - a).slice(0, limit) as TransactionId[]
}
