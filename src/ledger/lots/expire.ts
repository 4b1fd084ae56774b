// Breaks what is due: expired credits go from the wallet to `breakage`. Only what is unheld; a hold keeps its lots until it
// is resolved, and what is freed then expires in the same mutation (DESIGN §4). What rolls over moves to a new lot instead.
import { type AccountId, type Clock, type Ids, type LotId, type Nano, nano } from "../../app/index.ts"
import type { Store, Tx } from "../../store/index.ts"
import { booksOf } from "../books/memory.ts"
import { type EntryInput, platformAccount, post } from "../books/store.ts"
import type { Mode } from "../books/types.ts"
import { payClaws } from "./claws.ts"
import { rollOver } from "./rollover.ts"
import { isDue, type LotMove, type LotState } from "./rules.ts"
import { dueWallets, moveLot, shiftLot, unspentLots } from "./store.ts"

/** Expires the due, unheld credits among lots already read in this mutation. @returns n$ lost, without what rolled over */
export function expireLots(tx: Tx, ids: Ids, accountId: AccountId, mode: Mode, lots: readonly LotState[]): number {
  const moves: LotMove<LotState>[] = []
  for (const lot of lots) {
    const expiredNano = lot.remainingNano - lot.heldNano
    if (isDue(lot, tx.now) && expiredNano > 0) moves.push({ lot, unheldNano: 0, consumedNano: 0, expiredNano })
  }
  for (const move of moves) moveLot(tx, move)
  return postExpiry(tx, ids, accountId, mode, moves).lostNano
}

/** Posts rollover and expiry of lots whose figures were moved already. `keptNano`: in lots that live, rolled over or given anew. */
export function postExpiry(
  tx: Tx,
  ids: Ids,
  accountId: AccountId,
  mode: Mode,
  moves: readonly LotMove<LotState>[],
): { lostNano: number; keptNano: number } {
  const due = moves.filter((move) => move.expiredNano > 0)
  if (due.length === 0) return { lostNano: 0, keptNano: 0 }
  const lost = new Map(due.map(({ lot, expiredNano }) => [lot.id, expiredNano]))
  let keptNano = 0
  for (const rolled of rollOver(tx, ids, accountId, mode, due)) {
    lost.set(rolled.fromLotId, lost.get(rolled.fromLotId)! - rolled.amountNano)
    if (!rolled.isDue) keptNano += rolled.amountNano
    else {
      shiftLot(tx, rolled.lotId, { expiredNano: rolled.amountNano })
      lost.set(rolled.lotId, rolled.amountNano)
    }
  }
  const { lostNano, anewNano } = breakLots(tx, ids, accountId, mode, lost)
  return { lostNano, keptNano: keptNano + anewNano }
}

/**
 * Posts what is lost of which lots; their figures are moved already. What claw-backs of a lot left owed is paid first (`but` of one that is being restored). @returns n$ lost, and
 * what came back as a new lot
 */
export function breakLots(
  tx: Tx,
  ids: Ids,
  accountId: AccountId,
  mode: Mode,
  lost: ReadonlyMap<LotId, number>,
  but: string | null = null,
): { lostNano: number; anewNano: number } {
  const wallet = booksOf(tx).wallet(tx, accountId)
  const entries: EntryInput[] = []
  let lostNano = 0
  let anewNano = 0
  for (const [lotId, amountNano] of lost) {
    if (amountNano === 0) continue
    const claws = wallet.hasOwed === 1 ? payClaws(tx, ids, wallet, lotId, amountNano, but) : null
    const breaksNano = amountNano - (claws?.paidNano ?? 0)
    anewNano += claws?.anewNano ?? 0
    if (breaksNano > 0) entries.push({ accountId, amountNano: -breaksNano, lotId })
    lostNano += breaksNano
  }
  if (lostNano === 0) return { lostNano, anewNano }
  entries.push({ accountId: platformAccount(mode, "breakage"), amountNano: lostNano, lotId: null })
  post(tx, ids, { type: "expiry", mode, entries, actor: "system:expiry", reason: "credits expired" })
  return { lostNano, anewNano }
}

export const expireDueLots = (tx: Tx, ids: Ids, accountId: AccountId, mode: Mode): number =>
  expireLots(tx, ids, accountId, mode, unspentLots(tx, accountId))

const WALLETS_PER_ROUND = 200

/** The job: every due lot of every wallet, a wallet per mutation; also catches up after the server was off. */
export async function expireDue(store: Store, clock: Clock, ids: Ids): Promise<{ wallets: number; expiredNano: Nano }> {
  const ctx = { actor: "system:expiry", requestId: "job:expire", reason: "credits expired" }
  let wallets = 0
  let expiredNano = 0
  for (let afterId = 0; ; ) {
    const due = dueWallets(store.read, clock.now(), afterId, WALLETS_PER_ROUND)
    const amounts = await Promise.all(
      due.map(({ id, mode }) => store.write(ctx, (tx) => expireDueLots(tx, ids, id, mode))),
    )
    wallets += amounts.filter((amount) => amount > 0).length
    expiredNano += amounts.reduce((sum, amount) => sum + amount, 0)
    if (due.length < WALLETS_PER_ROUND)
      return { wallets, expiredNano: nano(Math.min(expiredNano, Number.MAX_SAFE_INTEGER)) }
    afterId = due.at(-1)!.id
  }
}
