// SQL of accounts and postings, as fixed texts. Owns how a transaction is posted and chained; decides nothing.
import {
  AccountId,
  type HoldId,
  type Ids,
  invariant,
  type LotId,
  PrincipalId,
  TransactionId,
  type UsageId,
} from "../../app/index.ts"
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { chainHash, GENESIS } from "./chain.ts"
import { transactions } from "./tables.ts"
import type { Mode, Owner, PlatformAccount, PrincipalAccount, TransactionType } from "./types.ts"

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
export const platformAccount = (mode: Mode, kind: PlatformAccount): AccountId =>
  AccountId((mode === "live" ? 1 : 21) + PLATFORM.indexOf(kind))

export interface WalletRow {
  id: AccountId
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
export function ensureAccount(tx: Tx, owner: Owner, mode: Mode, kind: PrincipalAccount): AccountId {
  invariant(owner.kind === "principal" && owner.id > 0, `a ${kind} belongs to a principal`)
  const known = tx.get<{ id: AccountId }>(
    "SELECT id FROM accounts WHERE owner_kind = 'principal' AND owner_id = ? AND mode = ? AND kind = ? AND asset = 'usd_nano'",
    owner.id,
    mode,
    kind,
  )
  if (known) return known.id
  const { lastInsertRowid } = tx.run(
    `INSERT INTO accounts (id, owner_kind, owner_id, mode, kind, created_ms)
     VALUES (max(100, (SELECT max(id) FROM accounts)) + 1, 'principal', ?, ?, ?, ?)`,
    owner.id,
    mode,
    kind,
    tx.now,
  )
  return AccountId(lastInsertRowid)
}

export interface EntryInput {
  accountId: AccountId
  /** > 0 credits, < 0 debits; never 0. */
  amountNano: number
  lotId: LotId | null
}

export interface Posting {
  type: TransactionType
  mode: Mode
  entries: EntryInput[]
  key?: string | null
  reverses?: TransactionId | null
  holdId?: HoldId | null
  usageId?: UsageId | null
  /** Instead of the mutation's own, for what the ledger does by itself. */
  actor?: string
  reason?: string
}

/** Posts one transaction: row, chain hash, entries, balances. Entries of one account should stand together. */
export function post(tx: Tx, ids: Ids, posting: Posting): { id: TransactionId; publicId: string } {
  assertBalanced(posting.entries)
  const last = tx.get<{ id: number; hash: Uint8Array }>("SELECT id, hash FROM transactions ORDER BY id DESC LIMIT 1")
  const prevHash = last?.hash ?? GENESIS
  const row = {
    id: TransactionId((last?.id ?? 0) + 1),
    publicId: ids.next("txn"),
    type: posting.type,
    mode: posting.mode,
    atMs: tx.now,
    key: posting.key ?? null,
    reverses: posting.reverses ?? null,
    holdId: posting.holdId ?? null,
    usageId: posting.usageId ?? null,
  }
  insertRow(tx, transactions, {
    id: row.id,
    publicId: row.publicId,
    type: row.type,
    mode: row.mode,
    atMs: row.atMs,
    actor: posting.actor ?? tx.ctx.actor,
    onBehalfOf: tx.ctx.onBehalfOf ?? null,
    requestId: tx.ctx.requestId,
    reason: posting.reason ?? tx.ctx.reason,
    key: row.key,
    reverses: row.reverses,
    holdId: row.holdId,
    usageId: row.usageId,
    prevHash,
    hash: chainHash(prevHash, row, posting.entries),
  })
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
export function insertEntries(tx: Tx, transactionId: TransactionId, entries: EntryInput[]): void {
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

export const balanceOfAccount = (sql: Reader, accountId: AccountId): number =>
  sql.get<{ nano: number }>("SELECT balance_nano AS nano FROM accounts WHERE id = ?", accountId)?.nano ?? 0

/** For reads outside a mutation: never before the newest posting, should the machine's clock have jumped back. */
export const latestMs = (sql: Reader, clockMs: number): number =>
  Math.max(
    clockMs,
    sql.get<{ atMs: number }>("SELECT at_ms AS atMs FROM transactions ORDER BY id DESC LIMIT 1")?.atMs ?? 0,
  )

export const ownerIdOf = (sql: Reader, accountId: AccountId): PrincipalId =>
  sql.get<{ id: PrincipalId }>("SELECT owner_id AS id FROM accounts WHERE id = ?", accountId)?.id ?? PrincipalId(0)
