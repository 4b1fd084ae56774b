// The writer's memory of the books: wallets with their lots and open holds, where the chain ends, sums of the commit. Only this writer
// changes those rows, so what it read once it need not ask again. It never knows more than the transaction it runs in: a wallet
// that an undone mutation touched is forgotten, and all of it when a commit fails or somebody else wrote (`Kept`).
import { type AccountId, type HoldId, invariant } from "../../app/index.ts"
import type { Kept, Reader, Tx } from "../../store/index.ts"
import { GENESIS, hex } from "./chain.ts"
import { Generations } from "./generations.ts"
import type { Lows } from "./lows.ts"
import { holdParts, OpenHolds } from "./open-holds.ts"
import type { Link, Remembered, WalletEntry } from "./remembered.ts"
import { lastLink, unspentLotRows, type WalletAccount, walletAccount, walletOwner } from "./store-memory.ts"
import { Sums } from "./sums.ts"
import type { LotState, Mode, OpenHold, Owner } from "./types.ts"

export type { WalletEntry } from "./remembered.ts"

export class BooksMemory implements Kept {
  /** False: nothing is remembered from one mutation to the next. For tests that compare. */
  static remembers = true
  /**
   * `wallets`: kept at most, at about 1.5 kB each. `foldSlice`: charges are folded in slices; one slice stands in the tail, one fills.
   * About 2 ms, once in so many charges. Tests make both small.
   */
  static limits = { wallets: 32_768, foldSlice: 512 }
  readonly sums = new Sums()
  /** Who waits for a wallet to run low; null = nobody ever did. No row is remembered here, so nothing of it is forgotten. */
  lows: Lows | null = null
  /** Up to where charges are folded into days; null = to be read. */
  foldedThrough: number | null = null
  /** The only place of wallets: two would forget at different times, and know two states of one wallet. */
  private readonly wallets = new Generations<AccountId, WalletEntry>(BooksMemory.limits.wallets)
  private readonly walletIds = new Generations<number, AccountId>(BooksMemory.limits.wallets)
  private readonly accounts = new Generations<string, AccountId>(BooksMemory.limits.wallets)
  /** By the mutation that runs; may name one twice. */
  private touched: WalletEntry[] = []
  private readonly openHolds = new OpenHolds()
  private link: Link | null = null
  /** The mutation that runs opened an account, linked to the chain or folded. */
  private isShared = false
  /** It changed rows in ways that are not told here. */
  private isRenewed = false

  // ---- wallets

  walletOf(tx: Tx, owner: Owner, mode: Mode): WalletEntry | null {
    const id = this.walletIds.get(ownerKey(owner.id, mode))
    if (id !== undefined) return this.wallet(tx, id)
    const row = walletAccount(tx, owner, mode)
    if (!row) return null
    this.walletIds.set(ownerKey(owner.id, mode), row.id)
    return this.wallets.get(row.id) ?? this.load(tx, row)
  }

  wallet(tx: Tx, id: AccountId): WalletEntry {
    const known = this.wallets.get(id)
    if (known) return known
    const row = walletOwner(tx, id)
    invariant(row, `there is no wallet ${id}`)
    return this.load(tx, row)
  }

  private load(tx: Tx, row: WalletAccount): WalletEntry {
    const entry: WalletEntry = {
      ...row,
      bookedNano: 0,
      lots: null,
      holds: this.openHolds.of(tx, row.id),
      used: new Map(),
    }
    for (const lot of this.lotsOf(tx, entry)) entry.bookedNano += lot.remainingNano
    this.wallets.set(row.id, entry)
    this.walletIds.set(ownerKey(row.ownerId, row.mode), row.id)
    // An account that this very mutation opened goes with it, and its id to another.
    if (this.isShared) this.touched.push(entry)
    return entry
  }

  lotsOf(tx: Tx, entry: WalletEntry): LotState[] {
    if (entry.lots) return entry.lots
    entry.lots = unspentLotRows(tx, entry.id)
    for (const hold of entry.holds.values()) holdParts(entry.lots, hold, 1)
    return entry.lots
  }

  /** To be called before rows of this wallet change, in whatever way. */
  touch(entry: WalletEntry): void {
    this.touched.push(entry)
  }

  /** Before lots of this wallet change by other ways than spending. */
  touchLots(tx: Tx, id: AccountId): void {
    const entry = this.wallet(tx, id)
    this.touched.push(entry)
    entry.lots = null
  }

  /** A lot spent from: the same list, with this lot as it is now, or without it. */
  moved(entry: WalletEntry, lotId: number, unheldNano: number, goneNano: number): void {
    this.touched.push(entry)
    const { lots } = entry
    if (!lots) return
    const at = lots.findIndex((lot) => lot.id === lotId)
    const lot = lots[at]
    invariant(lot, `lot ${lotId} has something left`)
    const remainingNano = lot.remainingNano - goneNano
    if (remainingNano === 0) lots.splice(at, 1)
    else lots[at] = { ...lot, remainingNano, heldNano: lot.heldNano - unheldNano }
  }

  // ---- open holds

  nextHoldId(tx: Tx): HoldId {
    return this.openHolds.nextId(tx)
  }

  addHold(entry: WalletEntry, hold: OpenHold): void {
    this.touched.push(entry)
    this.openHolds.add(entry.holds, hold)
    if (entry.lots) holdParts(entry.lots, hold, 1)
  }

  /** Takes it away; what it held of lots goes with `moved`. */
  endHold(entry: WalletEntry, hold: OpenHold): void {
    this.touched.push(entry)
    this.openHolds.end(entry.holds, hold)
    // A Map that was filled once keeps its table: 450 bytes a wallet.
    if (entry.holds.size === 0) entry.holds = new Map()
  }

  /** Puts another state of the hold in its place. */
  changeHold(entry: WalletEntry, hold: OpenHold): void {
    this.touched.push(entry)
    const before = entry.holds.get(hold.id)
    if (entry.lots && before && before.parts !== hold.parts) {
      holdParts(entry.lots, before, -1)
      holdParts(entry.lots, hold, 1)
    }
    entry.holds.set(hold.id, hold)
  }

  // ---- accounts and chain

  account(key: string): AccountId | undefined {
    return this.accounts.get(key)
  }

  setAccount(key: string, id: AccountId, isNew: boolean): void {
    this.accounts.set(key, id)
    if (isNew) this.isShared = true
  }

  lastLink(tx: Tx): Link {
    if (!this.link) {
      const row = lastLink(tx)
      this.link = row ? { id: row.id, hash: hex(row.hash) } : { id: 0, hash: GENESIS }
    }
    return this.link
  }

  setLink(id: number, hash: Uint8Array): void {
    this.link = { id, hash: hex(hash) }
    this.isShared = true
  }

  foldedTo(id: number): void {
    this.foldedThrough = id
    this.isShared = true
  }

  // ---- as a whole

  /** Rows were changed by other ways than the verbs': all is read again. The sums of the commit are to be brought before. */
  rowsChanged(): void {
    this.sums.rowsChanged()
    this.forgetRows()
    this.isRenewed = true
  }

  remembered(): Remembered {
    const { byWallet, unknown, lastId } = this.openHolds
    return {
      wallets: [...this.wallets.values()],
      openHolds: byWallet && new Map(byWallet.entries()),
      unknownHolds: unknown,
      accounts: [...this.accounts.entries()],
      link: this.link,
      foldedThrough: this.foldedThrough,
      holdId: lastId,
    }
  }

  // ---- Kept

  mutationEnded(undone: boolean): void {
    this.sums.mutationEnded(undone)
    this.openHolds.mutationEnded(undone)
    if (undone) {
      for (const entry of this.touched) this.drop(entry)
      if (this.isShared) this.forgetShared()
      if (this.isRenewed) this.forgetRows()
    }
    if (this.touched.length > 0) this.touched = []
    this.isShared = false
    this.isRenewed = false
    if (!BooksMemory.remembers) this.forgetRows()
  }

  beforeCommit(tx: Tx): void {
    this.sums.bring(tx)
    this.sums.mutationEnded(false)
  }

  forget(): void {
    this.sums.forget()
    this.forgetRows()
  }

  private drop(entry: WalletEntry): void {
    this.openHolds.drop(entry.id)
    this.wallets.delete(entry.id)
    this.walletIds.delete(ownerKey(entry.ownerId, entry.mode))
  }

  private forgetShared(): void {
    this.link = null
    this.foldedThrough = null
    this.accounts.clear()
  }

  private forgetRows(): void {
    this.wallets.clear()
    this.walletIds.clear()
    if (this.touched.length > 0) this.touched = []
    this.openHolds.forget()
    this.forgetShared()
  }
}

const makeBooks = (): BooksMemory => new BooksMemory()

export const booksOf = (tx: Tx): BooksMemory => tx.kept(makeBooks)

/** The memory, for those who may also read without the writer: committed rows have none. */
export const booksIf = (sql: Reader): { tx: Tx; books: BooksMemory } | null =>
  "kept" in sql ? { tx: sql as Tx, books: booksOf(sql as Tx) } : null

/** Brings the sums of the commit into the rows, before a mutation reads them. Nothing for readers of committed rows. */
export function bringSums(sql: Reader): void {
  const writer = booksIf(sql)
  writer?.books.sums.bring(writer.tx)
}

/** Ids of owners are above 0: those below are of test credits. */
const ownerKey = (ownerId: number, mode: Mode): number => (mode === "live" ? ownerId : -ownerId)
