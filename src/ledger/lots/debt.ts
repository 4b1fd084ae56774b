// Pays what is owed with paid credits, never with promo ones (SPEC §2, "balance below zero"). Every paid grant ends with it.
import { type Ids, type Nano, nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { ensureAccount, findWallet, post } from "../books/store.ts"
import type { Mode, Owner } from "../books/types.ts"
import { noteRepaid } from "./claws.ts"
import { expireDueLots } from "./expire.ts"
import { allocate, compareLots, isDue } from "./rules.ts"
import { shiftLot, unspentLots } from "./store.ts"

/** Takes unheld credits of all paid lots in the order of consumption, also of lots that are not effective yet, never of frozen ones. `but`: a claw-back that is being restored. @returns n$ repaid */
export function repayDebtIn(tx: Tx, ids: Ids, owner: Owner, mode: Mode, but: string | null = null): Nano {
  const wallet = findWallet(tx, owner, mode)
  if (!wallet || wallet.debtNano === 0) return nano(0)
  expireDueLots(tx, ids, wallet.id, mode)
  // What is due may have paid all of it by now.
  const owedNano = findWallet(tx, owner, mode)!.debtNano
  if (owedNano === 0) return nano(0)
  const paid = unspentLots(tx, wallet.id).filter((lot) => lot.paid === 1 && lot.frozen === 0 && !isDue(lot, tx.now))
  const takes = allocate(paid.sort(compareLots), owedNano)
  const repaidNano = takes.reduce((sum, take) => sum + take.amountNano, 0)
  if (repaidNano === 0) return nano(0)
  for (const { lot, amountNano } of takes) shiftLot(tx, lot.id, { clawedNano: amountNano })
  const { id } = post(tx, ids, {
    type: "debt",
    mode,
    reason: "debt repaid",
    entries: [
      ...takes.map(({ lot, amountNano }) => ({ accountId: wallet.id, amountNano: -amountNano, lotId: lot.id })),
      { accountId: ensureAccount(tx, owner, mode, "debt"), amountNano: repaidNano, lotId: null },
    ],
  })
  noteRepaid(tx, id, takes, but)
  return nano(repaidNano)
}
