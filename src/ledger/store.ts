// SQL of the ledger's verbs, as fixed texts: prepared once, a few statements per verb. Owns how a transaction is posted and
// chained; decides nothing. Other SQL: `store-holds.ts`, `store-claims.ts`, `store-reads.ts`,
// `store-sums.ts`, `store-checks.ts`, `store-rebuild.ts`.
import { type Ids, invariant } from "../app/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { chainHash, GENESIS } from "./chain.ts"
import type { HeldLot, LotMove, LotState } from "./rules.ts"
import type { Bucket, Mode, Owner, PlatformAccount, PrincipalAccount, RolloverTerms, TransactionType } from "./types.ts"

const PLATFORM: readonly PlatformAccount[] = [
  "revenue",
  "upstream_payable",
  "promo",
  "breakage",
  "uncollected",
  "cash",
  "payouts",
  "processor_fees",
  "tax_payable",
  "disputes",
  "sponsor",
  "fx",
]

/** Ids of the platform's accounts are fixed by migration 2: live from 1, test from 21. */
export const platformAccount = (mode: Mode, kind: PlatformAccount): number =>
  (mode === "live" ? 1 : 21) + PLATFORM.indexOf(kind)

export interface WalletRow {
  id: number
  balanceNano: number
  debtNano: number
}

/** The wallet account and what its owner owes; null when the owner never had credits. */
export const findWallet = (sql: Reader, owner: Owner, mode: Mode): WalletRow | null =>
  sql.get<WalletRow>(
    `SELECT id, balance_nano AS balanceNano, COALESCE((
       SELECT -d.balance_nano FROM accounts d
       WHERE d.owner_kind = a.owner_kind AND d.owner_id = a.owner_id AND d.mode = a.mode AND d.kind = 'debt'
         AND d.asset = 'usd_nano'), 0) AS debtNano
     FROM accounts a
     WHERE owner_kind = ? AND owner_id = ? AND mode = ? AND kind = 'wallet' AND asset = 'usd_nano'`,
    owner.kind,
    owner.id,
    mode,
  )

/** Id of a principal's account, opened when it is not there yet. */
export function ensureAccount(tx: Tx, owner: Owner, mode: Mode, kind: PrincipalAccount): number {
  invariant(owner.kind === "principal" && owner.id > 0, `a ${kind} belongs to a principal`)
  const known = tx.get<{ id: number }>(
    "SELECT id FROM accounts WHERE owner_kind = 'principal' AND owner_id = ? AND mode = ? AND kind = ? AND asset = 'usd_nano'",
    owner.id,
    mode,
    kind,
  )
  if (known) return known.id
  return tx.run(
    `INSERT INTO accounts (id, owner_kind, owner_id, mode, kind, created_ms)
     VALUES (max(100, (SELECT max(id) FROM accounts)) + 1, 'principal', ?, ?, ?, ?)`,
    owner.id,
    mode,
    kind,
    tx.now,
  ).lastInsertRowid
}

const LOT_STATE = `l.id, l.priority, l.expires_ms AS expiresMs, l.paid, l.created_ms AS createdMs,
  l.effective_ms AS effectiveMs, l.restriction, l.remaining_nano AS remainingNano, l.held_nano AS heldNano`
const LIVE_LOTS = `SELECT ${LOT_STATE} FROM lots l WHERE l.account_id = ? AND l.live = 1`
const LOTS_UNDER_HOLD = `SELECT ${LOT_STATE},
    COALESCE((SELECT h.amount_nano FROM hold_lots h WHERE h.hold_id = ? AND h.lot_id = l.id), 0) AS allocatedNano
  FROM lots l WHERE l.account_id = ? AND l.live = 1`

export const liveLots = (sql: Reader, accountId: number): LotState[] => sql.all<LotState>(LIVE_LOTS, accountId)

/**
 * Live lots with what one hold reserved on each; a reserved lot is always live. (Rows of a JOIN cost bun:sqlite about ten
 * times those of a subselect, so hot statements have no JOIN.)
 */
export const lotsUnderHold = (sql: Reader, accountId: number, holdId: number): HeldLot[] =>
  sql.all<HeldLot>(LOTS_UNDER_HOLD, holdId, accountId)

export interface NewLot {
  publicId: string
  accountId: number
  bucket: Bucket
  paid: boolean
  priority: number
  restriction: string | null
  amountNano: number
  effectiveMs: number
  expiresMs: number | null
  rollover: RolloverTerms | null
  rolledFrom?: number
  key: string
}

export const insertLot = (tx: Tx, lot: NewLot): number =>
  tx.run(
    `INSERT INTO lots (public_id, account_id, bucket, paid, priority, restriction, granted_nano, remaining_nano,
                       effective_ms, expires_ms, created_ms, key, rollover_max_nano, rollover_cap_nano,
                       rollover_lifetime_ms, rolled_from)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    lot.publicId,
    lot.accountId,
    lot.bucket,
    lot.paid ? 1 : 0,
    lot.priority,
    lot.restriction,
    lot.amountNano,
    lot.amountNano,
    lot.effectiveMs,
    lot.expiresMs,
    tx.now,
    lot.key,
    lot.rollover?.maxNano ?? null,
    lot.rollover?.capNano ?? null,
    lot.rollover?.lifetimeMs ?? null,
    lot.rolledFrom ?? null,
  ).lastInsertRowid

export interface GrantRow {
  lotId: number
  accountId: number
  bucket: Bucket
  paid: number
  amountNano: number
  type: TransactionType
  transactionId: string
}

export const grantByKey = (sql: Reader, key: string): GrantRow | null =>
  sql.get<GrantRow>(
    `SELECT l.id AS lotId, l.account_id AS accountId, l.bucket, l.paid, l.granted_nano AS amountNano, t.type,
            t.public_id AS transactionId
     FROM lots l JOIN transactions t ON t.key = l.key WHERE l.key = ?`,
    key,
  )

/** Is a key used by any transaction, or by a correction that had nothing to post? */
export const isKeyTaken = (sql: Reader, key: string): boolean =>
  sql.get("SELECT 1 FROM transactions WHERE key = ? UNION ALL SELECT 1 FROM corrections WHERE key = ?", key, key) !==
  null

/** Moves a lot's figures; the text that empties a lot also takes it out of the indexes of live lots. */
export function moveLot(tx: Tx, { lot, unheldNano, consumedNano, expiredNano }: LotMove<LotState>): void {
  const goneNano = consumedNano + expiredNano
  const empties = goneNano === lot.remainingNano
  tx.run(
    empties
      ? `UPDATE lots SET held_nano = held_nano - ?, consumed_nano = consumed_nano + ?, expired_nano = expired_nano + ?,
                         remaining_nano = remaining_nano - ?, live = 0 WHERE id = ?`
      : `UPDATE lots SET held_nano = held_nano - ?, consumed_nano = consumed_nano + ?, expired_nano = expired_nano + ?,
                         remaining_nano = remaining_nano - ? WHERE id = ?`,
    unheldNano,
    consumedNano,
    expiredNano,
    goneNano,
    lot.id,
  )
}

export interface EntryInput {
  accountId: number
  /** > 0 credits, < 0 debits; never 0. */
  amountNano: number
  lotId: number | null
}

export interface Posting {
  type: TransactionType
  mode: Mode
  entries: EntryInput[]
  key?: string | null
  reverses?: number | null
  holdId?: number | null
  usageId?: number | null
  /** Instead of the body's own, for what the ledger does by itself. */
  actor?: string
  reason?: string
}

/** Posts one transaction: row, chain hash, entries, balances. Entries of one account should stand together. */
export function post(tx: Tx, ids: Ids, posting: Posting): { id: number; publicId: string } {
  assertBalanced(posting.entries)
  const last = tx.get<{ id: number; hash: Uint8Array }>("SELECT id, hash FROM transactions ORDER BY id DESC LIMIT 1")
  const row = {
    id: (last?.id ?? 0) + 1,
    publicId: ids.next("txn"),
    type: posting.type,
    mode: posting.mode,
    atMs: tx.now,
    key: posting.key ?? null,
    reverses: posting.reverses ?? null,
    holdId: posting.holdId ?? null,
    usageId: posting.usageId ?? null,
  }
  const prevHash = last?.hash ?? GENESIS
  tx.run(
    `INSERT INTO transactions (id, public_id, type, mode, at_ms, actor, on_behalf_of, request_id, reason, key, reverses,
                               hold_id, usage_id, prev_hash, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.id,
    row.publicId,
    row.type,
    row.mode,
    row.atMs,
    posting.actor ?? tx.ctx.actor,
    tx.ctx.onBehalfOf ?? null,
    tx.ctx.requestId,
    posting.reason ?? tx.ctx.reason,
    row.key,
    row.reverses,
    row.holdId,
    row.usageId,
    prevHash,
    chainHash(prevHash, row, posting.entries),
  )
  insertEntries(tx, row.id, posting.entries)
  return { id: row.id, publicId: row.publicId }
}

function assertBalanced(entries: EntryInput[]): void {
  let sum = 0n
  for (const entry of entries) {
    invariant(Number.isSafeInteger(entry.amountNano) && entry.amountNano !== 0, "an entry is a whole amount, not 0")
    sum += BigInt(entry.amountNano)
  }
  invariant(sum === 0n && entries.length >= 2, "the entries of a transaction sum to zero")
}

/** One balance update per run of entries of one account; `balance_after` is computed in SQL, where 64 bits are exact. */
export function insertEntries(tx: Tx, transactionId: number, entries: EntryInput[]): void {
  for (let start = 0; start < entries.length; ) {
    const { accountId } = entries[start]!
    let end = start
    let runNano = 0
    while (end < entries.length && entries[end]!.accountId === accountId) runNano += entries[end++]!.amountNano
    tx.run("UPDATE accounts SET balance_nano = balance_nano + ? WHERE id = ?", runNano, accountId)
    let laterNano = runNano
    for (let seq = start; seq < end; seq++) {
      const { amountNano, lotId } = entries[seq]!
      laterNano -= amountNano
      tx.run(
        `INSERT INTO entries (transaction_id, seq, account_id, amount_nano, lot_id, balance_after_nano)
         VALUES (?, ?, ?, ?, ?, (SELECT balance_nano FROM accounts WHERE id = ?) - ?)`,
        transactionId,
        seq,
        accountId,
        amountNano,
        lotId,
        accountId,
        laterNano,
      )
    }
    start = end
  }
}
