// One walk over the books in the order of their ids proves what depends on that order, and what would need a sort of all rows in
// SQL: the chain, transactions that balance, running balances, balances of accounts, and both modes. Keeps two numbers an
// account and one page of rows, however long the books are.
import type { Moment } from "../../store/index.ts"
import { GENESIS } from "../books/chain.ts"
import type { Sql } from "../books/types.ts"
import { EarnedDay } from "./earned.ts"
import { createSums } from "./exact.ts"
import { type Found, note } from "./store-proof.ts"
import {
  accountPage,
  chargesBetween,
  entriesBetween,
  lastId,
  nextId,
  transactionsBetween,
  type WalkAccount,
} from "./store-walk.ts"
import { checkCharge, checkOrphan, checkTransaction, type WalkState } from "./walk-rows.ts"

export const WALK_CHECKS = {
  entries_balance: "the entries of every transaction sum to zero",
  books_balance: "all entries of a mode sum to zero",
  account_balance: "the balance of an account is the sum of its entries",
  wallet_lots: "what a wallet has by its entries is what remains of its lots, and never below zero",
  running_balance: "every entry, and every charge, shows the balance that it left",
  earning_days: "a developer's day is what its calls and sales earned",
  promo_cap: "what promo lots earn a developer on a UTC day stays within the cap of each call that added to it",
  chain: "the hash chain verifies over charges and transactions, without a gap and forwards in time",
} as const
export type WalkCheck = keyof typeof WALK_CHECKS

export interface Walk {
  found: Record<WalkCheck, Found>
  /** Of the last transaction, hex; null without one. */
  head: string | null
}

const IDS_PER_PAGE = 2_000
const ACCOUNTS_PER_PAGE = 5_000

/** The same kind of result for every check of the walk. */
export const foundAll = (make: () => Found): Walk["found"] => ({
  entries_balance: make(),
  books_balance: make(),
  account_balance: make(),
  wallet_lots: make(),
  running_balance: make(),
  earning_days: make(),
  promo_cap: make(),
  chain: make(),
})

/**
 * Yields after each page, so that whoever runs it can do something between. Rows are only ever added, with ids above all others: a page
 * below the last id is whole and stays as it is, so each may be read in a later moment than the one before. The last page is not: the
 * walk ends, and balances are compared, in the moment in which that was read.
 */
export function* walkBooks(sql: Sql, moment: Moment): Generator<void, Walk> {
  const none = (): Found => ({ checked: 0, violations: 0, examples: [] })
  const found = foundAll(none)
  const last = { id: 0, atMs: 0, hash: GENESIS }
  const state: WalkState = { found, last, sums: createSums(sql), earned: new EarnedDay(sql, found) }
  // From below everything, so that nothing hides before the first.
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const from = nextId(sql, after)
    if (from === null || from <= after) break
    after = from + IDS_PER_PAGE - 1
    walkPage(sql, state, from, after)
    yield
    if (lastId(sql) >= after) moment.renew()
  }
  state.earned.end()
  yield
  walkAccounts(sql, state)
  return { found: state.found, head: state.last.id === 0 ? null : state.last.hash }
}

/** Rows come in the order of ids from each table and are laid side by side. */
function walkPage(sql: Sql, state: WalkState, from: number, to: number): void {
  const charges = chargesBetween(sql, from, to)
  const others = transactionsBetween(sql, from, to)
  const entries = entriesBetween(sql, from, to)
  let atCharge = 0
  let atEntry = 0
  for (let atOther = 0; atOther < others.length || atCharge < charges.length; ) {
    const charge = charges[atCharge]
    const other = others[atOther]
    if (charge && !(other && other.id < charge.id)) {
      checkCharge(state, charge)
      atCharge++
    } else if (other) {
      for (; atEntry < entries.length && entries[atEntry]!.transactionId < other.id; atEntry++) {
        checkOrphan(state, entries[atEntry]!)
      }
      const firstEntry = atEntry
      while (atEntry < entries.length && entries[atEntry]!.transactionId === other.id) atEntry++
      checkTransaction(state, other, entries.slice(firstEntry, atEntry))
      atOther++
    }
  }
  for (; atEntry < entries.length; atEntry++) checkOrphan(state, entries[atEntry]!)
}

/** What the walk summed, held against what each account has. */
function walkAccounts(sql: Sql, state: WalkState): void {
  const books = new Map<string, bigint>()
  let rows = accountPage(sql, 0, ACCOUNTS_PER_PAGE)
  for (; rows.length > 0; rows = accountPage(sql, rows.at(-1)!.id, ACCOUNTS_PER_PAGE)) {
    for (const row of rows) {
      const book = `${row.mode} ${row.asset}`
      books.set(book, (books.get(book) ?? 0n) + state.sums.of(row.id))
      checkAccount(state, row)
    }
  }
  for (const [book, sum] of books) if (sum !== 0n) note(state.found.books_balance, `${book} is off by ${sum}`)
}

function checkAccount({ found, sums }: WalkState, row: WalkAccount): void {
  const isWallet = row.kind === "wallet"
  const own = isWallet ? found.wallet_lots : found.account_balance
  own.checked++
  const summed = sums.of(row.id)
  const has = BigInt(row.balanceHigh) * 67_108_864n + BigInt(row.balanceLow)
  if (has !== summed) note(own, `account ${row.id} has ${has}, its entries sum to ${summed}`)
  else if (isWallet && has < 0n) note(own, `account ${row.id} has ${has}`)
  // A wallet's balance stands in one place, its lots.
  if (isWallet === (row.isKept === 1)) note(found.account_balance, `account ${row.id} keeps its balance elsewhere`)
}
