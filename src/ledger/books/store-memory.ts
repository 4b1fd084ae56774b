// SQL of what the writer remembers, as fixed texts: a wallet, its unspent lots, its open holds, the end of the chain. Decides nothing.
import type { AccountId, LotId, PrincipalId, TransactionId } from "../../app/index.ts"
import { columnsOf, type Reader } from "../../store/index.ts"
import { openHolds } from "./tables.ts"
import type { HoldPart, LotState, Mode, OpenHold, Owner } from "./types.ts"

export interface WalletAccount {
  id: AccountId
  ownerId: PrincipalId
  mode: Mode
  debtNano: number
  hasOwed: 0 | 1
}

const WALLET = `SELECT a.id, a.owner_id AS ownerId, a.mode, COALESCE((
    SELECT -d.balance_nano FROM accounts d
    WHERE d.owner_kind = a.owner_kind AND d.owner_id = a.owner_id AND d.mode = a.mode AND d.kind = 'debt'
      AND d.asset = 'usd_nano'), 0) AS debtNano,
  EXISTS (SELECT 1 FROM accounts d WHERE d.owner_kind = a.owner_kind AND d.owner_id = a.owner_id AND d.mode = a.mode
    AND d.kind = 'debt' AND d.asset = 'usd_nano') AS hasOwed
  FROM accounts a`

export const walletAccount = (sql: Reader, owner: Owner, mode: Mode): WalletAccount | null =>
  sql.get<WalletAccount>(
    `${WALLET} WHERE a.owner_kind = ? AND a.owner_id = ? AND a.mode = ? AND a.kind = 'wallet' AND a.asset = 'usd_nano'`,
    owner.kind,
    owner.id,
    mode,
  )

export const walletOwner = (sql: Reader, id: AccountId): WalletAccount | null =>
  sql.get<WalletAccount>(`${WALLET} WHERE a.id = ? AND a.kind = 'wallet'`, id)

/** Columns of `LotState` but what is held: open holds tell that. */
export const LOT_ROW = `l.id, l.account_id AS accountId, l.priority, l.expires_ms AS expiresMs, l.paid, l.created_ms AS createdMs,
  l.effective_ms AS effectiveMs, l.restriction, l.remaining_nano AS remainingNano, l.frozen`

export const unspentLotRows = (sql: Reader, accountId: AccountId): LotState[] =>
  sql.all<LotState>(
    `SELECT ${LOT_ROW}, 0 AS heldNano FROM lots l INDEXED BY lots_of_wallet WHERE l.account_id = ? AND l.unspent = 1`,
    accountId,
  )

/** What open holds keep of a lot `l`, as an expression: a range of its wallet's holds. (A view of parts would be read as a whole.) */
export const HELD_OF_LOT = `(COALESCE((SELECT SUM(h.amount_nano) FROM open_holds h
    WHERE h.account_id = l.account_id AND h.lot_id = l.id), 0)
  + COALESCE((SELECT SUM(json_extract(j.value, '$[1]')) FROM open_holds h CROSS JOIN json_each(h.lots) j
    WHERE h.account_id = l.account_id AND h.lots IS NOT NULL AND json_extract(j.value, '$[0]') = l.id), 0))`

type Row = typeof openHolds.$inferSelect

const HOLD = `SELECT ${columnsOf(openHolds)} FROM open_holds`

export const openHoldsOf = (sql: Reader, accountId: AccountId): OpenHold[] =>
  sql.all<Row>(`${HOLD} WHERE account_id = ? ORDER BY id`, accountId).map(openHold)

/** Holds in the order they were made; there are as many as calls in progress. */
export const openHoldsWhere = (sql: Reader, condition: string, value: string | number): OpenHold[] =>
  sql.all<Row>(`${HOLD} WHERE ${condition} ? ORDER BY id`, value).map(openHold)

export function openHold({ lotId, lots, ...row }: Row): OpenHold {
  return { ...row, parts: lotId === null ? partsOf(lots) : [{ lotId, amountNano: row.amountNano }] }
}

const partsOf = (lots: string | null): HoldPart[] =>
  lots === null
    ? []
    : (JSON.parse(lots) as [LotId, number][]).map(([lotId, amountNano]): HoldPart => ({ lotId, amountNano }))

export const lastHoldId = (sql: Reader): number =>
  sql.get<{ id: number | null }>("SELECT MAX(id) AS id FROM open_holds")?.id ?? 0

/** The newest row of the books, of either half. */
export const lastLink = (sql: Reader): { id: TransactionId; hash: Uint8Array; atMs: number } | null => {
  const charge = sql.get<LinkRow>("SELECT id, hash, at_ms AS atMs FROM charges ORDER BY id DESC LIMIT 1")
  const other = sql.get<LinkRow>("SELECT id, hash, at_ms AS atMs FROM transactions ORDER BY id DESC LIMIT 1")
  if (!charge || !other) return charge ?? other
  return charge.id > other.id ? charge : other
}
type LinkRow = { id: TransactionId; hash: Uint8Array; atMs: number }
