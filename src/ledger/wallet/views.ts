// What pages show of the books: lots with their story, open holds, transactions with every entry. Reads only, by public ids.
import { nano } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import { principal } from "../books/rules.ts"
import { findWallet, transactionIdOf } from "../books/store.ts"
import type { Mode, Owner } from "../books/types.ts"
import {
  entryViewRows,
  holdPartRows,
  type LotDetailRow,
  lotDetailRow,
  lotDetailRows,
  openHoldRows,
  type TransactionViewRow,
  transactionIdsOf,
  transactionViewRow,
} from "./store-views.ts"
import type { EntryView, HoldView, LotDetail, LotsQuery, TransactionsQuery, TransactionView } from "./types.ts"
import { lotView } from "./wallet.ts"

const ROWS_MAX = 200
const clamp = (limit: number): number => Math.max(1, Math.min(ROWS_MAX, Math.trunc(limit)))

export function lotsOf(sql: Reader, owner: Owner, mode: Mode, query: LotsQuery): LotDetail[] {
  const account = findWallet(sql, owner, mode)
  if (!account) return []
  return lotDetailRows(sql, account.id, query.dead ?? false, query.beforeId ?? null, clamp(query.limit)).map(lotDetail)
}

export function lotOf(sql: Reader, owner: Owner, mode: Mode, publicId: string): LotDetail | null {
  const account = findWallet(sql, owner, mode)
  const row = account && lotDetailRow(sql, account.id, publicId)
  return row ? lotDetail(row) : null
}

const lotDetail = (row: LotDetailRow): LotDetail => ({
  ...lotView(row),
  consumedNano: nano(row.consumedNano),
  expiredNano: nano(row.expiredNano),
  voidedNano: nano(row.voidedNano),
  clawedNano: nano(row.clawedNano),
  createdMs: row.createdMs,
  key: row.key,
  rollover: row.maxNano === null ? null : { maxNano: row.maxNano, capNano: row.capNano, lifetimeMs: row.lifetimeMs! },
  rolledFrom: row.rolledFrom,
})

export function holdsOf(sql: Reader, owner: Owner, mode: Mode): HoldView[] {
  const account = findWallet(sql, owner, mode)
  if (!account) return []
  return openHoldRows(sql, account.id, ROWS_MAX).map((row) => ({
    ...row,
    amountNano: nano(row.amountNano),
    lots: holdPartRows(sql, account.id, row.id).map((part) => ({
      lotId: part.lotId,
      amountNano: nano(part.amountNano),
    })),
  }))
}

export function transactionOf(sql: Reader, publicId: string): TransactionView | null {
  const id = transactionIdOf(sql, publicId)
  return id === null ? null : transactionView(sql, transactionViewRow(sql, id)!)
}

export const transactionsOf = (sql: Reader, owner: Owner, mode: Mode, query: TransactionsQuery): TransactionView[] =>
  transactionIdsOf(sql, owner, mode, query.beforeId ?? null, clamp(query.limit)).map((id) =>
    transactionView(sql, transactionViewRow(sql, id)!),
  )

function transactionView(sql: Reader, { id, ...row }: TransactionViewRow): TransactionView {
  const entries = entryViewRows(sql, id).map(({ ownerKind, ownerId, ...entry }): EntryView => {
    return {
      ...entry,
      owner: ownerKind === "platform" ? { kind: "platform", id: 0 } : principal(ownerId),
    }
  })
  return { ...row, entries }
}
