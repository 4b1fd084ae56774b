// The reads of wallets and of what is booked. Reads without `In` see committed rows at the clock's now, and write nothing.
import type { ClientId, KeyId, Nano, PrincipalId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { Lows } from "../books/lows.ts"
import { booksOf } from "../books/memory.ts"
import { latestMs } from "../books/store.ts"
import type { LedgerDeps, Mode, Owner, Principal } from "../books/types.ts"
import { history, historyOf, keysCharged } from "./history.ts"
import { countHistory, movedOn } from "./statement.ts"
import { lotsUnder } from "./store-views.ts"
import type {
  CountQuery,
  DayMoved,
  HistoryQuery,
  HistoryRow,
  HoldView,
  LotDetail,
  LotsQuery,
  StatementQuery,
  TransactionsQuery,
  TransactionView,
  Wallet,
} from "./types.ts"
import { holdsOf, lotOf, lotsOf, transactionOf, transactionsOf } from "./views.ts"
import { stampOf, usedToday, walletAt, walletIn } from "./wallet.ts"

export function walletVerbs({ store: { read }, clock, ids }: LedgerDeps) {
  const now = () => latestMs(read, clock.now())
  const lows = new Lows()
  return {
    wallet: (owner: Owner, mode: Mode): Wallet => walletAt(read, now(), owner, mode),
    /** Expires what is due first. */
    walletIn: (tx: Tx, owner: Owner, mode: Mode): Wallet => walletIn(tx, ids, owner, mode),
    /** Lots of one business: its key, and what goes on from it with a colon. */
    lotsUnderIn: (tx: Tx, key: string) => lotsUnder(tx, key),
    /**
     * From this commit on `fallen` tells when what comes off leaves less than this in the live wallet, held credits counted; once, until
     * it is set again. A hint: it is memory, and a commit that fails loses it.
     * @param belowNano null = no longer
     */
    watchIn(tx: Tx, { id }: Principal, belowNano: Nano | null): void {
      const books = booksOf(tx)
      tx.afterCommit(() => {
        books.lows = lows
        lows.set(id, belowNano)
      })
    },
    /** Whose wallets fell since it was last asked; next to nothing to ask after every commit. */
    fallen: (): readonly PrincipalId[] => lows.take(),

    /** @param callerId of a wallet that several people spend from, whose calls; default: whose wallet it is */
    usedToday: (owner: Principal, clientId: ClientId, scope: string, callerId: PrincipalId = owner.id) =>
      usedToday(read, now(), owner, { clientId, callerId, scope }),
    /** Changes whenever the wallet does: a transaction, a hold, debt, a lot that begins or expires. Costs a few µs. */
    stampOf: (owner: Owner, mode: Mode): string => stampOf(read, now(), owner, mode),

    history: (owner: Owner, mode: Mode, query: HistoryQuery): HistoryRow[] => history(read, owner, mode, query),
    /** The owner's own among these `txn_…`, newest first. */
    historyOf: (owner: Owner, mode: Mode, transactionIds: readonly string[]): HistoryRow[] =>
      historyOf(read, owner, mode, transactionIds),

    /** Own keys that charges of the wallet still name, those made last first; at most 200. */
    keysCharged: (owner: Owner, mode: Mode): KeyId[] => keysCharged(read, owner, mode),

    /** What came in and went out on one UTC day, of the rows of a filter. */
    movedOn: (owner: Owner, mode: Mode, day: number, query: StatementQuery): DayMoved =>
      movedOn(read, owner, mode, day, query),
    /** Rows of a filter, exact below `max`; `max` means that many or more. */
    countHistory: (owner: Owner, mode: Mode, query: CountQuery, max: number): number =>
      countHistory(read, owner, mode, query, max),

    /** Newest first, as they are booked: what is due but not yet expired still shows. */
    lotsOf: (owner: Owner, mode: Mode, query: LotsQuery): LotDetail[] => lotsOf(read, owner, mode, query),
    /** One of the owner's own, `lot_…`. */
    lotOf: (owner: Owner, mode: Mode, publicId: string): LotDetail | null => lotOf(read, owner, mode, publicId),
    /** Open holds, newest first, at most 200. */
    holdsOf: (owner: Owner, mode: Mode): HoldView[] => holdsOf(read, owner, mode),
    transactionOf: (publicId: string): TransactionView | null => transactionOf(read, publicId),
    /** Of all accounts of the owner, newest first, with all entries. */
    transactionsOf: (owner: Owner, mode: Mode, query: TransactionsQuery): TransactionView[] =>
      transactionsOf(read, owner, mode, query),
  }
}
