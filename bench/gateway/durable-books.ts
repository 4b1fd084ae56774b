// Books of the durable floor: two durable commits a call, grouped, synced off the main thread. No savepoints, no checks but SQLite's, no
// identity, no prices: what is left is what any design has to write. It measures, it is no pattern for the product.
import { openSync } from "node:fs"
import { GroupCommits } from "./durable-commits.ts"
import { ACCOUNT, createDurableFile, LOTS_PER_USER, type Prepared, prepareAll } from "./durable-tables.ts"

export interface Tokens {
  prompt_tokens: number
  completion_tokens: number
}

/** A held call. */
export interface Call {
  user: number
  publicId: string
  model: string
  holdId: number
  lot: number
  startedMs: number
}

export interface DurableBooks {
  /** Durable when it resolves. People take turns, by a large prime step. */
  hold(model: string): Promise<Call>
  /** Durable when it resolves. @returns the charge, n$ */
  settle(call: Call, tokens: Tokens): Promise<number>
  stats: { commits: number; writes: number }
}

const HOLD_NANO = 500_000
const CLIENT = 7
const DAY_MS = 86_400_000
const LEASE_MS = 900_000
const INPUT_NANO = 1_000
const OUTPUT_NANO = 2_000

export function openDurableBooks(path: string, users: number): DurableBooks {
  const db = createDurableFile(path, users)
  const sql = prepareAll(db)
  const shared = new SharedBalances(sql)
  const commits = new GroupCommits(sql, openSync(`${path}-wal`, "r"), () => shared.write())
  const chain: Chain = { id: 0, hash: new Uint8Array(32) }
  let calls = 0
  return {
    stats: commits.stats,
    hold(model) {
      calls++
      const user = ((calls * 7_919) % users) + 1
      const publicId = `req_${calls.toString(36).padStart(26, "0")}`
      const startedMs = performance.now()
      return commits.write(() => ({ user, publicId, model, startedMs, ...holdRows(sql, user, publicId, model) }))
    },
    settle: (call, tokens) => commits.write(() => settleRows(sql, shared, chain, call, tokens)),
  }
}

function holdRows(sql: Prepared, user: number, publicId: string, model: string): { holdId: number; lot: number } {
  const account = ACCOUNT.firstUser + user
  const first = user * LOTS_PER_USER
  const lots = sql.lots.values(account, first, first + LOTS_PER_USER - 1) as [id: number, free: number][]
  const lot = lots.find(([, free]) => free >= HOLD_NANO)?.[0]
  if (lot === undefined) throw new Error("nothing is left on any lot")
  sql.reserve.run(HOLD_NANO, lot)
  const row = [account, lot, CLIENT, HOLD_NANO, publicId, model, Date.now() + LEASE_MS]
  const [[holdId]] = sql.hold.values(...row) as [[number]]
  return { holdId, lot }
}

interface Chain {
  id: number
  hash: Uint8Array
}

function settleRows(sql: Prepared, shared: SharedBalances, chain: Chain, call: Call, tokens: Tokens): number {
  const { user, lot, holdId, publicId } = call
  const { prompt_tokens: input, completion_tokens: output } = tokens
  const account = ACCOUNT.firstUser + user
  const charge = input * INPUT_NANO + output * OUTPUT_NANO
  const upstream = Math.floor(charge * 0.7)
  const developer = Math.floor(charge * 0.2)
  const revenue = charge - upstream - developer
  const now = Date.now()
  const day = Math.floor(now / DAY_MS)
  if (sql.release.run(holdId).changes !== 1) throw new Error("a hold was resolved twice")
  sql.consume.run(HOLD_NANO, charge, lot)
  const [[left]] = sql.balance.values(-charge, account) as [[number]]

  const id = ++chain.id
  const transaction = `txn_${id}`
  const parts = [
    [account, -charge, lot],
    [ACCOUNT.upstream, upstream],
    [ACCOUNT.developer, developer],
    [ACCOUNT.revenue, revenue],
  ]
  const canonical = JSON.stringify([Buffer.from(chain.hash).toString("hex"), id, transaction, now, holdId, parts])
  const hash = Bun.SHA256.hash(canonical) as Uint8Array
  sql.transaction.run(id, transaction, now, holdId, account, chain.hash, hash, publicId)
  chain.hash = hash
  // biome-ignore format: one entry a line
  sql.entries.run(
    id, account, -charge, lot, left,
    id, ACCOUNT.upstream, upstream, shared.add(ACCOUNT.upstream, upstream),
    id, ACCOUNT.developer, developer, shared.add(ACCOUNT.developer, developer),
    id, ACCOUNT.revenue, revenue, shared.add(ACCOUNT.revenue, revenue),
  )
  const latency = Math.round(performance.now() - call.startedMs)
  // biome-ignore format: one row
  sql.usage.run(publicId, now, user, CLIENT, call.model, 200, latency, input, output, charge, upstream, developer, revenue, id)
  sql.daily.run(user, day, charge, input, output)
  return charge
}

/** Balances that every call moves: known here, written once a commit by their sums. */
class SharedBalances {
  private readonly balances = new Map<number, number>()
  private readonly moved = new Map<number, number>()

  constructor(private readonly sql: Prepared) {}

  /** @returns the balance after it */
  add(account: number, amount: number): number {
    const after = (this.balances.get(account) ?? 0) + amount
    this.balances.set(account, after)
    this.moved.set(account, (this.moved.get(account) ?? 0) + amount)
    return after
  }

  write(): void {
    for (const [account, amount] of this.moved) this.sql.balance.run(amount, account)
    this.moved.clear()
  }
}
