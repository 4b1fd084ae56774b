// Breaks what is due: expired credits go from the wallet to `breakage`. Only what is unheld; a hold keeps its lots until it
// is resolved, and what is freed then expires in the same body (DESIGN §4).
import { type Clock, type Ids, type Nano, nano } from "../app/index.ts"
import type { Store, Tx } from "../store/index.ts"
import { isDue, type LotMove, type LotState } from "./rules.ts"
import { liveLots, moveLot, platformAccount, post } from "./store.ts"
import { dueWallets } from "./store-reads.ts"
import type { Mode } from "./types.ts"

/** Expires the due, unheld credits among lots already read in this body. @returns n$ expired */
export function expireLots(tx: Tx, ids: Ids, accountId: number, mode: Mode, lots: readonly LotState[]): number {
  const moves: LotMove<LotState>[] = []
  for (const lot of lots) {
    const expiredNano = lot.remainingNano - lot.heldNano
    if (isDue(lot, tx.now) && expiredNano > 0) moves.push({ lot, unheldNano: 0, consumedNano: 0, expiredNano })
  }
  for (const move of moves) moveLot(tx, move)
  return postExpiry(tx, ids, accountId, mode, moves)
}

/** Posts the expiry of lots whose figures were moved already. @returns n$ expired */
export function postExpiry(
  tx: Tx,
  ids: Ids,
  accountId: number,
  mode: Mode,
  moves: readonly LotMove<LotState>[],
): number {
  let totalNano = 0
  const entries = []
  for (const { lot, expiredNano } of moves) {
    if (expiredNano === 0) continue
    entries.push({ accountId, amountNano: -expiredNano, lotId: lot.id })
    totalNano += expiredNano
  }
  if (totalNano === 0) return 0
  entries.push({ accountId: platformAccount(mode, "breakage"), amountNano: totalNano, lotId: null })
  post(tx, ids, { type: "expiry", mode, entries, actor: "system:expiry", reason: "credits expired" })
  return totalNano
}

export const expireDueLots = (tx: Tx, ids: Ids, accountId: number, mode: Mode): number =>
  expireLots(tx, ids, accountId, mode, liveLots(tx, accountId))

const WALLETS_PER_ROUND = 200

/** The job: every due lot of every wallet, a wallet per body; also catches up after the server was off. */
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
    if (due.length < WALLETS_PER_ROUND) return { wallets, expiredNano: nano(expiredNano) }
    afterId = due.at(-1)!.id
  }
}
