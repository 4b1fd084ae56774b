// SQL of the export, first half: accounts, charges, transactions with their entries, open holds, by key, a page at a time. Read-only;
// no statement's cost grows with how far the export has come.
import type { AccountId, HoldId, LotId, PrincipalId, TransactionId } from "../../app/index.ts"
import { columnsOf } from "../../store/index.ts"
import { lastLink } from "../books/store-memory.ts"
import { openHolds, type transactions } from "../books/tables.ts"
import type { AccountKind, Mode, Sql } from "../books/types.ts"
import { charges } from "../charges/tables.ts"

export const PAGE_ROWS = 1_000

/** All rows of a statement that takes (after id, limit) and answers by id. */
function* byId<R extends { id: number }>(sql: Sql, text: string, afterId: number): Generator<R> {
  for (let last = afterId; ; ) {
    const rows = sql.all<R>(text, last, PAGE_ROWS)
    yield* rows
    if (rows.length < PAGE_ROWS) return
    last = rows.at(-1)!.id
  }
}

export interface AccountLine {
  id: AccountId
  owner: number
  mode: Mode
  account: AccountKind
  createdMs: number
}

/** Accounts of principals; the platform's are the same in every database. */
export const accountLines = (sql: Sql): Generator<AccountLine> =>
  byId(
    sql,
    `SELECT id, owner_id AS owner, mode, kind AS account, created_ms AS createdMs
     FROM accounts WHERE id > ? ORDER BY id LIMIT ?`,
    100,
  )

export type ChargeRowFull = typeof charges.$inferSelect & {
  owner: PrincipalId
  /** Public id of the one lot. */
  lot: string | null
}

export const chargeRows = (sql: Sql): Generator<ChargeRowFull> =>
  byId(
    sql,
    `SELECT ${columnsOf(charges, "c")}, (SELECT owner_id FROM accounts WHERE id = c.account_id) AS owner,
            (SELECT public_id FROM lots WHERE id = c.lot_id) AS lot
     FROM charges c WHERE c.id > ? ORDER BY c.id LIMIT ?`,
    0,
  )

/** A part of a charge or of a hold, in the order it was or will be spent. */
export interface PartLine {
  lot: string | null
  lotRow: LotId
  nano: number
}

export const chargePartLines = (sql: Sql, { id, lotId, lot, collectedNano }: ChargeRowFull): PartLine[] => {
  if (collectedNano === 0) return []
  if (lotId !== null) return [{ lot, lotRow: lotId, nano: collectedNano }]
  return sql.all<PartLine>(
    `SELECT (SELECT public_id FROM lots WHERE id = k.lot_id) AS lot, lot_id AS lotRow, amount_nano AS nano
     FROM charge_lots k WHERE charge_id = ? ORDER BY seq`,
    id,
  )
}

export type TransactionRowFull = typeof transactions.$inferSelect & {
  reversesId: string | null
  /** The call of its charge, `req_…`. */
  callId: string | null
}

/** What a reversal reverses stands in either half. */
export const transactionRows = (sql: Sql): Generator<TransactionRowFull> =>
  byId(
    sql,
    `SELECT id, public_id AS publicId, type, mode, at_ms AS atMs, actor, on_behalf_of AS onBehalfOf,
            request_id AS requestId, reason, key, reverses, charge_id AS chargeId, hash,
            COALESCE((SELECT r.public_id FROM transactions r WHERE r.id = t.reverses),
                     (SELECT 'txn_' || substr(r.call_id, 5) FROM charges r WHERE r.id = t.reverses)) AS reversesId,
            (SELECT c.call_id FROM charges c WHERE c.id = t.charge_id) AS callId
     FROM transactions t WHERE id > ? ORDER BY id LIMIT ?`,
    0,
  )

export interface EntryLine {
  account: AccountId
  kind: AccountKind
  /** Principal; 0 for the platform's accounts. */
  owner: number
  nano: number
  lot: string | null
  lotRow: LotId | null
}

export const entryLines = (sql: Sql, transactionId: TransactionId): EntryLine[] =>
  sql.all<EntryLine>(
    `SELECT account_id AS account, (SELECT kind FROM accounts WHERE id = e.account_id) AS kind,
            (SELECT owner_id FROM accounts WHERE id = e.account_id) AS owner, amount_nano AS nano,
            (SELECT public_id FROM lots WHERE id = e.lot_id) AS lot, lot_id AS lotRow
     FROM entries e WHERE transaction_id = ? ORDER BY seq`,
    transactionId,
  )

export type HoldRowFull = typeof openHolds.$inferSelect & { owner: PrincipalId }

/** By wallet, as they stand. */
export function* holdRows(sql: Sql): Generator<HoldRowFull> {
  let [account, id] = [0 as AccountId, 0 as HoldId]
  for (;;) {
    const rows = sql.all<HoldRowFull>(
      `SELECT ${columnsOf(openHolds, "h")}, (SELECT owner_id FROM accounts WHERE id = h.account_id) AS owner
       FROM open_holds h WHERE (account_id, id) > (?, ?) ORDER BY account_id, id LIMIT ?`,
      account,
      id,
      PAGE_ROWS,
    )
    yield* rows
    if (rows.length < PAGE_ROWS) return
    ;({ accountId: account, id } = rows.at(-1)!)
  }
}

export const lotPublicId = (sql: Sql, id: LotId): string | null =>
  sql.get<{ id: string }>("SELECT public_id AS id FROM lots WHERE id = ?", id)?.id ?? null

/** Of both halves together. */
export const booksSize = (sql: Sql): { transactions: number; head: Uint8Array | null } => ({
  transactions: sql.get<{ n: number }>(
    "SELECT (SELECT COUNT(*) FROM charges) + (SELECT COUNT(*) FROM transactions) AS n",
  )!.n,
  head: lastLink(sql)?.hash ?? null,
})
