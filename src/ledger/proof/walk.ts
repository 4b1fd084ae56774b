// One walk over the books in the order they were posted proves what depends on that order, and what would need a sort of all
// entries in SQL: the chain, transactions that balance, running balances, balances of accounts, and both modes. Keeps two
// numbers an account and one page of rows, however long the books are.
import type { TransactionId } from "../../app/index.ts"
import { chainHash, GENESIS, hex } from "../books/chain.ts"
import type { Sql } from "../books/types.ts"
import { createSums, type Sums } from "./exact.ts"
import type { Found } from "./store-proof.ts"
import { accountPage, type ChainPageRow, chainPage, entriesBetween, orphanPage, type WalkEntry } from "./store-walk.ts"

export const WALK_CHECKS = {
  entries_balance: "the entries of every transaction sum to zero",
  books_balance: "all entries of a mode sum to zero",
  account_balance: "the balance of an account is the sum of its entries",
  running_balance: "every entry shows the balance that it left",
  chain: "the hash chain verifies, without a gap and forwards in time",
} as const
export type WalkCheck = keyof typeof WALK_CHECKS

export interface Walk {
  found: Record<WalkCheck, Found>
  /** Of the last transaction, hex; null without one. */
  head: string | null
}

const TRANSACTIONS_PER_PAGE = 2_000
const ACCOUNTS_PER_PAGE = 5_000
const EXAMPLES_MAX = 5

interface State extends Walk {
  /** Id of the last row read: below everything at the start, so that nothing hides before the first transaction. */
  after: number
  last: { id: number; atMs: number; hash: Uint8Array }
  sums: Sums
}

/** The same kind of result for every check of the walk. */
export const foundAll = (make: () => Found): Walk["found"] => ({
  entries_balance: make(),
  books_balance: make(),
  account_balance: make(),
  running_balance: make(),
  chain: make(),
})

/** Yields after each page, so that whoever runs it can do something between. */
export function* walkBooks(sql: Sql): Generator<void, Walk> {
  const none = (): Found => ({ checked: 0, violations: 0, examples: [] })
  const state: State = {
    found: foundAll(none),
    head: null,
    after: Number.MIN_SAFE_INTEGER,
    last: { id: 0, atMs: 0, hash: GENESIS },
    sums: createSums(sql),
  }
  for (;;) {
    const rows = chainPage(sql, state.after, TRANSACTIONS_PER_PAGE)
    if (rows.length === 0) break
    walkPage(sql, state, rows)
    yield
  }
  for (const { transactionId } of orphanPage(sql, state.after, TRANSACTIONS_PER_PAGE)) orphan(state, transactionId)
  yield
  walkAccounts(sql, state)
  return { found: state.found, head: state.last.id === 0 ? null : hex(state.last.hash) }
}

function note(found: Found, example: string): void {
  found.violations++
  if (found.examples.length < EXAMPLES_MAX) found.examples.push(example)
}

const orphan = ({ found }: State, transactionId: TransactionId) =>
  note(found.entries_balance, `entry of missing transaction ${transactionId}`)

/** Rows and entries come in the same order and are laid side by side. */
function walkPage(sql: Sql, state: State, rows: ChainPageRow[]): void {
  const entries = entriesBetween(sql, state.after, rows.at(-1)!.id)
  state.after = rows.at(-1)!.id
  let at = 0
  for (const row of rows) {
    for (; at < entries.length && entries[at]!.transactionId < row.id; at++) orphan(state, entries[at]!.transactionId)
    const start = at
    while (at < entries.length && entries[at]!.transactionId === row.id) at++
    const own = entries.slice(start, at)
    checkBalance(state, row, own)
    checkLink(state, row, own)
  }
  for (const entry of entries) checkRunning(state, entry)
}

function checkBalance({ found }: State, row: ChainPageRow, entries: WalkEntry[]): void {
  found.entries_balance.checked++
  let sum = 0
  let isWhole = entries.length >= 2
  for (let index = 0; index < entries.length; index++) {
    const { amountNano, seq } = entries[index]!
    sum += amountNano
    // Beyond 2^53 a sum may be rounded: nothing that large is ever posted.
    if (seq !== index || !Number.isSafeInteger(amountNano) || !Number.isSafeInteger(sum)) isWhole = false
  }
  if (!isWhole || sum !== 0) note(found.entries_balance, row.publicId)
}

function checkLink(state: State, row: ChainPageRow, entries: WalkEntry[]): void {
  const { found, last } = state
  found.chain.checked++
  const holds =
    row.id === last.id + 1 &&
    row.atMs >= last.atMs &&
    Buffer.compare(row.prevHash, last.hash) === 0 &&
    Buffer.compare(row.hash, chainHash(row.prevHash, row, entries)) === 0
  if (!holds) note(found.chain, row.publicId)
  state.last = { id: row.id, atMs: row.atMs, hash: row.hash }
}

function checkRunning({ found, sums }: State, entry: WalkEntry): void {
  found.books_balance.checked++
  found.running_balance.checked++
  if (sums.add(entry.accountId, entry.amountNano, entry.shownHigh, entry.shownLow)) return
  note(found.running_balance, `transaction ${entry.transactionId} entry ${entry.seq}`)
}

/** What the walk summed, held against the balance that each account says it has. */
function walkAccounts(sql: Sql, { found, sums }: State): void {
  const books = new Map<string, bigint>()
  let rows = accountPage(sql, 0, ACCOUNTS_PER_PAGE)
  for (; rows.length > 0; rows = accountPage(sql, rows.at(-1)!.id, ACCOUNTS_PER_PAGE)) {
    for (const { id, mode, asset, balanceHigh, balanceLow } of rows) {
      found.account_balance.checked++
      const summed = sums.of(id)
      const book = `${mode} ${asset}`
      books.set(book, (books.get(book) ?? 0n) + summed)
      const says = BigInt(balanceHigh) * 67_108_864n + BigInt(balanceLow)
      if (says !== summed) note(found.account_balance, `account ${id} says ${says}, its entries ${summed}`)
    }
  }
  for (const [book, sum] of books) if (sum !== 0n) note(found.books_balance, `${book} is off by ${sum}`)
}
