// The chain as its two tables hold it: charges and transactions in one sequence, each with its entries. A charge's entries are made here
// from its columns, arm by arm, so that the views are compared with something else than themselves.
import type { Reader } from "../../src/store/index.ts"

export interface Entry {
  seq: number
  account: number
  amount: number
  lot: number | null
  /** Of the account, after this entry; null where a charge moved an account that many share. */
  after: string | null
}

export interface Link {
  id: number
  publicId: string
  type: string
  mode: "live" | "test"
  at: number
  key: string | null
  reverses: number | null
  /** The charge that it is, or is about. */
  charge: number | null
  hash: string
  entries: Entry[]
  /** What is hashed: its order is part of the promise. */
  text(prev: string): string
  /** Columns of a charge. */
  row: ChargeRow | null
}

export interface ChargeRow {
  id: number
  callId: string
  at: number
  mode: "live" | "test"
  account: number
  lot: number | null
  total: number
  upstream: number
  share: number
  collected: number
  pending: number | null
  earned: number
  promoEarned: number
  promoCap: number
  walletAfter: number
  hash: Uint8Array
  developer: number | null
  caller: number
  client: number | null
  key: number | null
  scope: string
  heldDay: number | null
  held: number
  route: number | null
  stream: 0 | 1
  status: number
  errorCode: string | null
  end: string
  latency: number
  firstToken: number | null
  input: number
  cached: number
  output: number
  reasoning: number
  units: string | null
  source: string
}

const CHARGES = `SELECT id, call_id AS callId, at_ms AS at, mode, account_id AS account, lot_id AS lot, charge_nano AS total,
  upstream_nano AS upstream, developer_nano AS share, collected_nano AS collected, pending_id AS pending,
  earned_nano AS earned, promo_earned_nano AS promoEarned, promo_cap_nano AS promoCap, balance_after_nano AS walletAfter,
  hash, developer_id AS developer, caller_id AS caller, client_id AS client, key_id AS key, scope, held_day AS heldDay,
  held_nano AS held, route_id AS route, stream, status, error_code AS errorCode, end_reason AS "end", latency_ms AS latency,
  first_token_ms AS firstToken, input_tokens AS input, cached_tokens AS cached, output_tokens AS output,
  reasoning_tokens AS reasoning, units, usage_source AS source FROM charges WHERE id > ?`
const CHARGE_LOTS = `SELECT charge_id AS charge, lot_id AS lot, amount_nano AS amount FROM charge_lots
  WHERE charge_id > ? ORDER BY charge_id, seq`
const TRANSACTIONS = `SELECT id, public_id AS publicId, type, mode, at_ms AS at, key, reverses, charge_id AS charge, hash
  FROM transactions WHERE id > ?`
const ENTRIES = `SELECT transaction_id AS "transaction", seq, account_id AS account, amount_nano AS amount, lot_id AS lot,
  CAST(balance_after_nano AS TEXT) AS after FROM entries WHERE transaction_id > ? ORDER BY transaction_id, seq`

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex")

/** In the order of the chain. */
export function linksAfter(read: Reader, id: number): Link[] {
  const lots = Map.groupBy(read.all<Take>(CHARGE_LOTS, id), (row) => row.charge)
  const entries = Map.groupBy(read.all<Entry & { transaction: number }>(ENTRIES, id), (row) => row.transaction)
  const charges = read.all<ChargeRow>(CHARGES, id).map((row) => chargeLink(row, lots.get(row.id) ?? []))
  const others = read
    .all<TransactionRow>(TRANSACTIONS, id)
    .map((row) => transactionLink(row, entries.get(row.id) ?? []))
  return [...charges, ...others].sort((a, b) => a.id - b.id)
}

interface Take {
  charge: number
  lot: number
  amount: number
}
type TransactionRow = Omit<Link, "hash" | "entries" | "text" | "row"> & { hash: Uint8Array }

function transactionLink({ hash, ...row }: TransactionRow, rows: (Entry & { transaction: number })[]): Link {
  const entries = rows.map(({ transaction, ...entry }) => entry)
  const { id, publicId, type, mode, at, key, reverses, charge } = row
  const moved = entries.map(({ account, amount, lot }) => [account, amount, lot])
  const text = (prev: string) => JSON.stringify([prev, id, publicId, type, mode, at, key, reverses, charge, moved])
  return { ...row, hash: hex(hash), entries, text, row: null }
}

const PLATFORM = {
  live: { uncollected: 5, upstream: 2, revenue: 1 },
  test: { uncollected: 25, upstream: 22, revenue: 21 },
}

function chargeLink(row: ChargeRow, takes: Take[]): Link {
  const { id, callId, mode, at, account, total, upstream, share, collected, pending, earned, promoEarned } = row
  const lots: [number, number][] =
    row.lot === null ? takes.map(({ lot, amount }) => [lot, amount]) : [[row.lot, collected]]
  const entries: Entry[] = []
  let after = BigInt(row.walletAfter) + lots.reduce((all, [, amount]) => all + BigInt(amount), 0n)
  lots.forEach(([lot, amount], seq) => {
    after -= BigInt(amount)
    entries.push({ seq, account, amount: -amount, lot, after: String(after) })
  })
  const move = (seq: number, to: number, amount: number) => {
    if (amount !== 0) entries.push({ seq, account: to, amount, lot: null, after: null })
  }
  const platform = PLATFORM[mode]
  move(1_000, platform.uncollected, collected - total)
  move(1_001, platform.upstream, upstream)
  move(1_002, pending ?? 0, earned)
  move(1_003, platform.revenue, total - upstream - earned)
  const money = [total, upstream, share, collected, pending, earned, promoEarned]
  return {
    id,
    publicId: `txn_${callId.slice("req_".length)}`,
    type: "usage",
    mode,
    at,
    key: null,
    reverses: null,
    charge: id,
    hash: hex(row.hash),
    entries,
    text: (prev) => JSON.stringify([prev, id, callId, "usage", mode, at, account, lots, ...money]),
    row,
  }
}
