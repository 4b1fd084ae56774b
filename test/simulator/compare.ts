// Holds the real books against the model: what is new and what was touched after every step, everything now and then.
// Reads tables with its own SQL and computes the chain by itself, so that it trusts none of the ledger's code.
import type { Reader } from "../../src/store/index.ts"
import { Difference, same } from "./difference.ts"
import { type Link, linksAfter } from "./links.ts"
import type { Books, Hold, Lot, Posted } from "./model/books.ts"
import { chargeOf, HOLD_COLUMNS, type HoldRow, holdOf, LOT_COLUMNS, lotOf, shownCharge, shownHold } from "./rows.ts"
import { compareLinkViews, compareViews } from "./views.ts"
import { compareWhole } from "./whole.ts"

const sha256 = (text: string): string => new Bun.CryptoHasher("sha256").update(text).digest("hex")
/** So many links are seen by one through the views, as pages find them. */
const VIEW_EVERY = 4
const GENESIS = "0".repeat(64)

export class Comparison {
  private lastId = 0
  private lastAt = 0
  private lastHash = GENESIS
  private names = new Map<number, string>()
  private running = new Map<number, bigint>()

  constructor(
    private readonly books: () => Books,
    private readonly read: () => Reader,
  ) {}

  /** After every step. */
  step(): void {
    const books = this.books()
    this.newLinks()
    for (const hold of books.dirtyHolds) this.hold(hold)
    for (const wallet of books.dirtyWallets) this.wallet(wallet)
    for (const lot of books.dirtyLots) if (lot.remaining === 0n) this.deadLot(lot)
    books.dirtyHolds.clear()
    books.dirtyWallets.clear()
    books.dirtyLots.clear()
  }

  private newLinks(): void {
    const links = linksAfter(this.read(), this.lastId)
    const books = this.books()
    same("how many transactions there are", this.lastId + links.length, books.posted.length)
    for (const link of links) {
      this.chain(link)
      this.link(link, books.posted[link.id - 1]!)
    }
    const accounts = new Set(links.flatMap(({ entries }) => entries.map((entry) => entry.account)))
    for (const id of accounts) this.account(id)
    const shown = links.at(-1)
    if (shown && shown.id % VIEW_EVERY === 0) compareLinkViews(this.read(), shown)
  }

  private chain(link: Link): void {
    const { id, at, hash } = link
    same(`chain at ${id}: id`, id, this.lastId + 1)
    same(`chain at ${id}: hash`, hash, sha256(link.text(this.lastHash)))
    if (at < this.lastAt) throw new Difference(`transaction ${id} is before the one before`)
    this.lastId = id
    this.lastAt = at
    this.lastHash = hash
  }

  private link(link: Link, expected: Posted): void {
    const name = `transaction ${link.id} (${link.type})`
    let total = 0n
    link.entries.forEach((entry, index) => {
      if (!link.row) same(`${name}: seq`, entry.seq, index)
      total += BigInt(entry.amount)
      const running = (this.running.get(entry.account) ?? 0n) + BigInt(entry.amount)
      this.running.set(entry.account, running)
      if (entry.after !== null) same(`${name}: balance after entry ${index}`, entry.after, String(running))
    })
    const least = link.row?.total === 0 ? 0 : 2
    if (total !== 0n || link.entries.length < least)
      throw new Difference(`${name}: ${link.entries.length} entries sum to ${total}`)
    const { type, mode, at, reverses, charge } = expected
    const shown = { type: link.type, mode: link.mode, at: link.at, reverses: link.reverses, charge: link.charge }
    same(name, shown, { type, mode, at, reverses, charge })
    if (expected.key !== null && type !== "daily_bonus") same(`${name}: key`, link.key, expected.key)
    this.entries(name, link, expected)
    if (link.row) {
      const known = this.books().charges.find((one) => one.id === link.id)!
      same(
        name,
        shownCharge(link.row, (id) => this.nameOf(id)),
        chargeOf(this.books(), known),
      )
    }
  }

  private entries(name: string, link: Link, expected: Posted): void {
    const found = link.entries.map(({ account, lot, amount }) => ({ account: this.nameOf(account), lot, amount }))
    // Lots are spent in an order; the order of other entries says nothing.
    const inOrder = (all: { account: string; lot: number | null; amount: number | bigint }[]) => {
      const lots = all.filter(({ lot }) => lot !== null)
      if (!link.row) lots.sort((a, b) => a.lot! - b.lot! || Number(a.amount) - Number(b.amount))
      const rest = all.filter(({ lot }) => lot === null)
      const key = (one: { account: string; amount: number | bigint }) => `${one.account} ${one.amount}`
      return [...lots, ...rest.sort((a, b) => (key(a) < key(b) ? -1 : 1))]
    }
    const entries = expected.entries.map(({ account, lot, amount }) => ({ account, lot, amount }))
    same(`${name}: entries`, inOrder(found), inOrder(entries))
  }

  private nameOf(id: number): string {
    const known = this.names.get(id)
    if (known) return known
    const row = this.read().get<{ mode: string; kind: string; owner: number }>(
      "SELECT mode, kind, owner_id AS owner FROM accounts WHERE id = ?",
      id,
    )
    const name = row ? `${row.mode} ${row.kind}${row.owner === 0 ? "" : ` ${row.owner}`}` : `unknown ${id}`
    if (row) this.names.set(id, name)
    return name
  }

  /** The balance (a wallet's: what its lots have left) is the sum of the entries, and both are what the model says. */
  private account(id: number): void {
    const row = this.read().get<{ balance: string }>(
      "SELECT CAST(balance_nano AS TEXT) AS balance FROM v_accounts WHERE id = ?",
      id,
    )
    const name = this.nameOf(id)
    same(`balance of ${name}`, row?.balance, String(this.running.get(id) ?? 0n))
    same(`balance of ${name}`, row?.balance, String(this.books().balance(name)))
  }

  private wallet(wallet: string): void {
    const [mode, owner] = wallet.split(" ")
    const rows = this.read().all<{ id: number }>(
      `SELECT ${LOT_COLUMNS} FROM lots WHERE unspent = 1 AND account_id =
         (SELECT id FROM accounts WHERE mode = ? AND kind = 'wallet' AND owner_kind = 'principal' AND owner_id = ?)
       ORDER BY id`,
      mode!,
      Number(owner),
    )
    same(`live lots of ${wallet}`, rows, this.books().lotsOf(wallet).map(lotOf))
  }

  private deadLot(lot: Lot): void {
    same(`lot ${lot.id}`, this.read().get(`SELECT ${LOT_COLUMNS} FROM lots WHERE id = ?`, lot.id), lotOf(lot))
  }

  /** Its row while it is open, no row afterwards; and what its app used of the day that it counts for. */
  private hold(hold: Hold): void {
    const row = this.read().get<HoldRow>(`SELECT ${HOLD_COLUMNS} FROM open_holds WHERE call_id = ?`, hold.callId)
    const shown = row && shownHold(row, (id) => this.nameOf(id))
    same(`hold of ${hold.callId}`, shown, hold.state === "open" ? holdOf(hold) : null)
    if (!hold.limited) return
    const { wallet, client, caller, scope, day } = hold
    const [mode, owner] = wallet.split(" ")
    const used = this.read().get(
      `WITH w AS (SELECT id FROM accounts WHERE mode = ?1 AND kind = 'wallet' AND owner_kind = 'principal' AND owner_id = ?2)
       SELECT (SELECT COALESCE(SUM(collected_nano - back_nano), 0) FROM charge_days
               WHERE account_id = w.id AND client_id = ?3 AND scope = ?4 AND held_day = ?5 AND caller_id = ?6)
            + (SELECT COALESCE(SUM(collected_nano), 0) FROM charges, charge_fold
               WHERE id > through AND account_id = w.id AND client_id = ?3 AND scope = ?4 AND held_day = ?5 AND caller_id = ?6) AS used FROM w`,
      mode!,
      Number(owner),
      client,
      scope,
      day,
      caller,
    )
    same(`what ${wallet} used by ${client} for ${scope} on ${day}`, used, {
      used: this.books().usedOf(wallet, { client: client!, caller, scope }, day),
    })
  }

  /** Everything, after many steps. */
  all(): void {
    this.step()
    const accounts = this.read().all<{ id: number }>("SELECT id FROM accounts")
    for (const { id } of accounts) this.account(id)
    const opened = new Set(accounts.map(({ id }) => this.nameOf(id)))
    for (const [name, balance] of this.books().accounts)
      if (!opened.has(name)) same(`account ${name}, which is not there,`, 0, balance)
    const lots = this.books().lots.map(lotOf)
    same("all lots", this.read().all(`SELECT ${LOT_COLUMNS} FROM lots ORDER BY id`), lots)
    compareWhole(this.books(), this.read())
  }

  /** The chain from its beginning, and the views of all of it. */
  wholeChain(): void {
    const links = linksAfter(this.read(), 0)
    const last = links.reduce((prev, link) => sha256(link.text(prev)), GENESIS)
    same("the end of the whole chain", last, this.lastHash)
    compareViews(this.read(), links)
  }
}
