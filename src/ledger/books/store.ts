// SQL of accounts and postings, as fixed texts. Owns how a transaction is posted and chained; decides nothing.
import { AccountId, type Ids, invariant, type LotId, PrincipalId, TransactionId } from "../../app/index.ts"
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { chainHash } from "./chain.ts"
import { booksIf, booksOf, bringSums } from "./memory.ts"
import { principal } from "./rules.ts"
import { lastLink, walletAccount } from "./store-memory.ts"
import { addToAccount } from "./store-sums.ts"
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

/** Accounts up to this one are the platform's. */
export const PLATFORM_IDS = 100

/** Ids of the platform's accounts are fixed by migration 2: live from 1, test from 21. */
export const platformAccount = (mode: Mode, kind: PlatformAccount): AccountId =>
  AccountId((mode === "live" ? 1 : 21) + PLATFORM.indexOf(kind))

export interface WalletRow {
  id: AccountId
  debtNano: number
}

/** The wallet account and what its owner owes; null when the owner never had credits. */
export function findWallet(sql: Reader, owner: Owner, mode: Mode): WalletRow | null {
  const writer = booksIf(sql)
  return writer ? writer.books.walletOf(writer.tx, owner, mode) : walletAccount(sql, owner, mode)
}

/** Id of a principal's account, opened when it is not there yet. */
export function ensureAccount(tx: Tx, owner: Owner, mode: Mode, kind: PrincipalAccount): AccountId {
  invariant(owner.kind === "principal" && owner.id > 0, `a ${kind} belongs to a principal`)
  const books = booksOf(tx)
  const key = `${mode}:${kind}:${owner.id}`
  const remembered = books.account(key)
  if (remembered !== undefined) return remembered
  const known = tx.get<{ id: AccountId }>(
    "SELECT id FROM accounts WHERE owner_kind = 'principal' AND owner_id = ? AND mode = ? AND kind = ? AND asset = 'usd_nano'",
    owner.id,
    mode,
    kind,
  )
  const id = known?.id ?? openAccount(tx, owner.id, mode, kind)
  books.setAccount(key, id, known === null)
  return id
}

function openAccount(tx: Tx, ownerId: number, mode: Mode, kind: PrincipalAccount): AccountId {
  const { lastInsertRowid } = tx.run(
    `INSERT INTO accounts (id, owner_kind, owner_id, mode, kind, balance_nano, created_ms)
     VALUES (max(100, (SELECT max(id) FROM accounts)) + 1, 'principal', ?, ?, ?, ?, ?)`,
    ownerId,
    mode,
    kind,
    kind === "wallet" ? null : 0,
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
  /** The charge that it is about. */
  chargeId?: TransactionId | null
  /** Instead of the mutation's own, for what the ledger does by itself. */
  actor?: string
  reason?: string
}

/**
 * Posts one transaction: row, chain hash, entries, balances. Entries of one account should stand together. Lots are moved by the
 * caller, before or after.
 */
export function post(tx: Tx, ids: Ids, posting: Posting): { id: TransactionId; publicId: string } {
  assertBalanced(posting.entries)
  const books = booksOf(tx)
  const last = books.lastLink(tx)
  const row = {
    id: TransactionId(last.id + 1),
    publicId: ids.next("txn"),
    type: posting.type,
    mode: posting.mode,
    atMs: tx.now,
    key: posting.key ?? null,
    reverses: posting.reverses ?? null,
    chargeId: posting.chargeId ?? null,
  }
  const hash = chainHash(last.hash, row, posting.entries)
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
    chargeId: row.chargeId,
    hash,
  })
  books.setLink(row.id, hash)
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

/** In order, each with the balance that it leaves. Only wallets have lots. */
function insertEntries(tx: Tx, transactionId: TransactionId, entries: readonly EntryInput[]): void {
  bringSums(tx)
  for (let seq = 0; seq < entries.length; seq++) {
    const { accountId, amountNano, lotId } = entries[seq]!
    if (lotId !== null) {
      const balanceNano = bookWallet(tx, accountId, amountNano)
      tx.run(ENTRY, transactionId, seq, accountId, amountNano, lotId, balanceNano)
    } else {
      addToAccount(tx, accountId, amountNano)
      tx.run(ENTRY_OF_ACCOUNT, transactionId, seq, accountId, amountNano, accountId)
      if (accountId > PLATFORM_IDS) noteDebt(tx, accountId)
    }
  }
}

const ENTRY = `INSERT INTO entries (transaction_id, seq, account_id, amount_nano, lot_id, balance_after_nano) VALUES (?, ?, ?, ?, ?, ?)`
/** The balance is taken in SQL, where 64 bits are exact. */
const ENTRY_OF_ACCOUNT = `INSERT INTO entries (transaction_id, seq, account_id, amount_nano, lot_id, balance_after_nano)
  VALUES (?, ?, ?, ?, NULL, (SELECT balance_nano FROM accounts WHERE id = ?))`

/** Moves what a wallet has by its entries. @returns n$ it has then */
export function bookWallet(tx: Tx, accountId: AccountId, amountNano: number): number {
  const books = booksOf(tx)
  const wallet = books.wallet(tx, accountId)
  books.touch(wallet)
  wallet.bookedNano += amountNano
  if (amountNano < 0 && wallet.mode === "live") books.lows?.look(wallet.ownerId, wallet.bookedNano)
  return wallet.bookedNano
}

/** What is owed stands beside the wallet in memory. */
function noteDebt(tx: Tx, accountId: AccountId): void {
  const account = tx.get<{ ownerId: PrincipalId; mode: Mode; debtNano: number }>(
    "SELECT owner_id AS ownerId, mode, -balance_nano AS debtNano FROM accounts WHERE id = ? AND kind = 'debt'",
    accountId,
  )
  if (!account) return
  const books = booksOf(tx)
  const wallet = books.walletOf(tx, principal(account.ownerId), account.mode)
  if (!wallet) return
  books.touch(wallet)
  wallet.debtNano = account.debtNano
  wallet.hasOwed = 1
}

/** n$; 0 for an account that is not there. Of a wallet: what remains of its lots. */
export function balanceOfAccount(sql: Reader, accountId: AccountId): number {
  bringSums(sql)
  return sql.get<{ nano: number }>("SELECT balance_nano AS nano FROM v_accounts WHERE id = ?", accountId)?.nano ?? 0
}

/** For reads outside a mutation: never before the newest posting, should the machine's clock have jumped back. */
export const latestMs = (sql: Reader, clockMs: number): number => Math.max(clockMs, lastLink(sql)?.atMs ?? 0)

/** Row id of `txn_…`; null when there is none. A charge has the public id of its call. */
export const transactionIdOf = (sql: Reader, publicId: string): TransactionId | null =>
  sql.get<{ id: TransactionId }>(
    `SELECT id FROM transactions WHERE public_id = ?
     UNION ALL SELECT id FROM charges WHERE call_id = 'req_' || substr(?, 5)`,
    publicId,
    publicId.startsWith("txn_") ? publicId : "",
  )?.id ?? null

/** `txn_…` of the charge for a call `req_…`. */
export const chargePublicId = (callId: string): string => `txn_${callId.slice(4)}`

export const ownerIdOf = (sql: Reader, accountId: AccountId): PrincipalId =>
  sql.get<{ id: PrincipalId }>("SELECT owner_id AS id FROM accounts WHERE id = ?", accountId)?.id ?? PrincipalId(0)
