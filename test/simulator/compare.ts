// Holds the real books against the model: what is new and what was touched after every step, everything now and then.
// Reads tables with its own SQL and computes the chain by itself, so that it trusts none of the ledger's code.
import type { Reader } from "../../src/store/index.ts"
import { Difference, same } from "./difference.ts"
import type { Books, Hold, Lot, Posted } from "./model/books.ts"
import { compareWhole, HOLD_COLUMNS, holdOf } from "./whole.ts"

interface TransactionRow {
  id: number
  publicId: string
  type: string
  mode: "live" | "test"
  at: number
  key: string | null
  reverses: number | null
  hold: number | null
  usage: number | null
  prev: Uint8Array
  hash: Uint8Array
}
interface EntryRow {
  transaction: number
  seq: number
  account: number
  amount: number
  lot: number | null
  after: string
}

const LOT_COLUMNS = `id, bucket, paid, priority, restriction, granted_nano AS granted, consumed_nano AS consumed,
  expired_nano AS expired, voided_nano AS voided, clawed_nano AS clawed, remaining_nano AS remaining, held_nano AS held,
  unspent, effective_ms AS "from", expires_ms AS until, created_ms AS created, rollover_max_nano AS rolloverMax,
  rollover_cap_nano AS rolloverCap, rollover_lifetime_ms AS rolloverLifetime, rolled_from AS rolledFrom`

export class Comparison {
  private lastId = 0
  private lastAt = 0
  private lastHash: Uint8Array = new Uint8Array(32)
  private names = new Map<number, string>()
  private running = new Map<number, bigint>()

  constructor(
    private readonly books: () => Books,
    private readonly read: () => Reader,
  ) {}

  /** After every step. */
  step(): void {
    const books = this.books()
    this.newTransactions()
    for (const hold of books.dirtyHolds) this.hold(hold)
    for (const wallet of books.dirtyWallets) this.wallet(wallet)
    for (const lot of books.dirtyLots) if (lot.remaining === 0n) this.deadLot(lot)
    books.dirtyHolds.clear()
    books.dirtyWallets.clear()
    books.dirtyLots.clear()
  }

  private newTransactions(): void {
    const rows = this.read().all<TransactionRow>(
      `SELECT id, public_id AS publicId, type, mode, at_ms AS at, key, reverses, hold_id AS hold, usage_id AS usage,
              prev_hash AS prev, hash FROM transactions WHERE id > ? ORDER BY id`,
      this.lastId,
    )
    const books = this.books()
    same("how many transactions there are", this.lastId + rows.length, books.posted.length)
    if (rows.length === 0) return
    const entries = this.read().all<EntryRow>(
      `SELECT transaction_id AS "transaction", seq, account_id AS account, amount_nano AS amount, lot_id AS lot,
              CAST(balance_after_nano AS TEXT) AS after
       FROM entries WHERE transaction_id > ? ORDER BY transaction_id, seq`,
      this.lastId,
    )
    for (const row of rows) {
      const mine = entries.filter((entry) => entry.transaction === row.id)
      this.chain(row, mine)
      this.entries(row, mine, books.posted[row.id - 1]!)
    }
    for (const id of new Set(entries.map((entry) => entry.account))) this.account(id)
  }

  /** The canonical text of the README: its order is part of the promise. */
  private chain(row: TransactionRow, entries: EntryRow[]): void {
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex")
    const text = JSON.stringify([
      hex(row.prev),
      row.id,
      row.publicId,
      row.type,
      row.mode,
      row.at,
      row.key,
      row.reverses,
      row.hold,
      row.usage,
      entries.map(({ account, amount, lot }) => [account, amount, lot]),
    ])
    same(`chain at ${row.id}: previous hash`, hex(row.prev), hex(this.lastHash))
    same(`chain at ${row.id}: hash`, hex(row.hash), new Bun.CryptoHasher("sha256").update(text).digest("hex"))
    same(`chain at ${row.id}: id`, row.id, this.lastId + 1)
    if (row.at < this.lastAt) throw new Difference(`transaction ${row.id} is before the one before`)
    this.lastId = row.id
    this.lastAt = row.at
    this.lastHash = new Uint8Array(row.hash)
  }

  private entries(row: TransactionRow, entries: EntryRow[], expected: Posted): void {
    const name = `transaction ${row.id} (${row.type})`
    let total = 0n
    entries.forEach((entry, index) => {
      same(`${name}: seq`, entry.seq, index)
      total += BigInt(entry.amount)
      const running = (this.running.get(entry.account) ?? 0n) + BigInt(entry.amount)
      this.running.set(entry.account, running)
      same(`${name}: balance after entry ${index}`, entry.after, String(running))
    })
    if (total !== 0n || entries.length < 2) throw new Difference(`${name}: ${entries.length} entries sum to ${total}`)
    const { type, mode, at, reverses, hold } = expected
    const shown = { type: row.type, mode: row.mode, at: row.at, reverses: row.reverses, hold: row.hold }
    same(name, shown, { type, mode, at, reverses, hold })
    if (expected.key !== null && type !== "daily_bonus") same(`${name}: key`, row.key, expected.key)
    const found = entries.map((entry) => ({
      account: this.nameOf(entry.account),
      lot: entry.lot,
      amount: entry.amount,
    }))
    // Lots are spent in an order; the order of other entries says nothing.
    const inOrder = (all: { account: string; lot: number | null; amount: number | bigint }[]) => {
      const lots = all.filter(({ lot }) => lot !== null)
      if (type !== "usage") lots.sort((a, b) => a.lot! - b.lot! || Number(a.amount) - Number(b.amount))
      const rest = all.filter(({ lot }) => lot === null)
      const key = (one: { account: string; amount: number | bigint }) => `${one.account} ${one.amount}`
      return [...lots, ...rest.sort((a, b) => (key(a) < key(b) ? -1 : 1))]
    }
    same(
      `${name}: entries`,
      inOrder(found),
      inOrder(expected.entries.map(({ account, lot, amount }) => ({ account, lot, amount }))),
    )
  }

  private nameOf(id: number): string {
    const known = this.names.get(id)
    if (known) return known
    const row = this.read().get<{ mode: string; kind: string; owner: number }>(
      "SELECT mode, kind, owner_id AS owner FROM accounts WHERE id = ?",
      id,
    )
    const name = row ? `${row.mode} ${row.kind}${row.owner === 0 ? "" : ` ${row.owner}`}` : `unknown ${id}`
    this.names.set(id, name)
    return name
  }

  /** The cached column is the sum of the entries, and both are what the model says. */
  private account(id: number): void {
    const row = this.read().get<{ balance: string }>(
      "SELECT CAST(balance_nano AS TEXT) AS balance FROM accounts WHERE id = ?",
      id,
    )
    const name = this.nameOf(id)
    same(`balance of ${name}`, row?.balance, String(this.running.get(id) ?? 0n))
    same(`balance of ${name}`, row?.balance, String(this.books().balance(name)))
  }

  private readonly lotOf = (lot: Lot) => ({
    id: lot.id,
    bucket: lot.bucket,
    paid: lot.paid ? 1 : 0,
    priority: lot.priority,
    restriction: lot.restriction,
    granted: lot.granted,
    consumed: lot.consumed,
    expired: lot.expired,
    voided: lot.voided,
    clawed: lot.clawed,
    remaining: lot.remaining,
    held: this.books().held(lot),
    unspent: lot.remaining > 0n ? 1 : 0,
    from: lot.from,
    until: lot.until,
    created: lot.created,
    rolloverMax: lot.rollover?.max ?? null,
    rolloverCap: lot.rollover?.cap ?? null,
    rolloverLifetime: lot.rollover?.lifetimeMs ?? null,
    rolledFrom: lot.rolledFrom,
  })

  private wallet(wallet: string): void {
    const [mode, owner] = wallet.split(" ")
    const rows = this.read().all<{ id: number }>(
      `SELECT ${LOT_COLUMNS} FROM lots WHERE unspent = 1 AND account_id =
         (SELECT id FROM accounts WHERE mode = ? AND kind = 'wallet' AND owner_kind = 'principal' AND owner_id = ?)
       ORDER BY id`,
      mode!,
      Number(owner),
    )
    same(`live lots of ${wallet}`, rows, this.books().lotsOf(wallet).map(this.lotOf))
  }

  private deadLot(lot: Lot): void {
    same(`lot ${lot.id}`, this.read().get(`SELECT ${LOT_COLUMNS} FROM lots WHERE id = ?`, lot.id), this.lotOf(lot))
  }

  private hold(hold: Hold): void {
    const row = this.read().get(`SELECT ${HOLD_COLUMNS} FROM holds WHERE id = ?`, hold.id)
    same(`hold ${hold.id}`, row, holdOf(hold))
    const parts = this.read().all<{ lot: number; amount: number }>(
      "SELECT lot_id AS lot, amount_nano AS amount FROM hold_lots WHERE hold_id = ? ORDER BY seq",
      hold.id,
    )
    const expected = hold.parts.map(({ lot, amount }) => ({ lot: lot.id, amount }))
    same(`lots of hold ${hold.id}`, parts, expected)
    if (!hold.app) return
    const { day } = hold
    const { clientId, scope: limitScope } = hold.app
    const key = this.books().limitKey(hold.wallet, clientId, limitScope, day)
    const [mode, owner] = hold.wallet.split(" ")
    const limit = this.read().get(
      `SELECT used_nano AS used, held_nano AS held FROM limit_day WHERE client_id = ? AND scope = ? AND day = ? AND account_id =
         (SELECT id FROM accounts WHERE mode = ? AND kind = 'wallet' AND owner_kind = 'principal' AND owner_id = ?)`,
      clientId,
      limitScope,
      day,
      mode!,
      Number(owner),
    )
    const held = this.books().limitHeld(hold.wallet, clientId, limitScope, day)
    same(`limit ${key}`, limit, { used: this.books().used.get(key) ?? 0n, held })
  }

  /** Everything, after many steps. */
  all(): void {
    this.step()
    const accounts = this.read().all<{ id: number }>("SELECT id FROM accounts")
    for (const { id } of accounts) this.account(id)
    const opened = new Set(accounts.map(({ id }) => this.nameOf(id)))
    for (const [name, balance] of this.books().accounts)
      if (!opened.has(name)) same(`account ${name}, which is not there,`, 0, balance)
    const lots = this.books().lots.map(this.lotOf)
    same("all lots", this.read().all(`SELECT ${LOT_COLUMNS} FROM lots ORDER BY id`), lots)
    compareWhole(this.books(), this.read())
  }
}
