// An admin's corrections of a wallet: give or take an amount, or set what the wallet has. Takes unheld, effective credits in the
// order of consumption; what calls in progress hold is safe.
import { AppError, amountJson, type Ids, invariant, type Nano, nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { assertAmount } from "../books/rules.ts"
import { findWallet } from "../books/store.ts"
import type { Mode, Owner } from "../books/types.ts"
import { expireDueLots } from "../lots/expire.ts"
import { grantIn } from "../lots/grant.ts"
import { allocate, compareLots, isSpendable } from "../lots/rules.ts"
import { unspentLots } from "../lots/store.ts"
import { walletAt } from "../wallet/wallet.ts"
import { once } from "./once.ts"
import type { Adjusted, AdjustInput, SetBalanceInput } from "./types.ts"
import { postVoid } from "./void.ts"

export function adjustIn(tx: Tx, ids: Ids, input: AdjustInput): Adjusted {
  const { owner, mode, amountNano, key } = input
  assertAmount(Math.abs(amountNano), "amountNano")
  invariant(amountNano !== 0, "an adjustment is not 0")
  return once(tx, { key, verb: "adjust", request: [owner.kind, owner.id, mode, amountNano] }, () => {
    const { balanceNano, heldNano } = walletAt(tx, tx.now, owner, mode)
    if (-amountNano > balanceNano) {
      throw new AppError("conflict", "This wallet has less than that unheld. Take less, or try again later.", {
        fields: { balance: amountJson(balanceNano), held: amountJson(heldNano) },
      })
    }
    return move(tx, ids, owner, mode, amountNano, balanceNano, key)
  })
}

export function setBalanceIn(tx: Tx, ids: Ids, input: SetBalanceInput): Adjusted {
  const { owner, mode, balanceNano, key } = input
  assertAmount(balanceNano, "balanceNano")
  return once(tx, { key, verb: "set_balance", request: [owner.kind, owner.id, mode, balanceNano] }, () => {
    const now = walletAt(tx, tx.now, owner, mode)
    if (balanceNano < now.heldNano) {
      throw new AppError("conflict", "Calls in progress hold more than that. Set more, or try again later.", {
        fields: { balance: amountJson(now.balanceNano), held: amountJson(now.heldNano) },
      })
    }
    return move(tx, ids, owner, mode, nano(balanceNano - now.heldNano - now.balanceNano), now.balanceNano, key)
  })
}

function move(tx: Tx, ids: Ids, owner: Owner, mode: Mode, amountNano: Nano, balanceNano: Nano, key: string) {
  const answer = {
    transactionId: post(tx, ids, owner, mode, amountNano, key),
    amountNano,
    balanceAfterNano: nano(balanceNano + amountNano),
  }
  return { answer, amountNano }
}

function post(tx: Tx, ids: Ids, owner: Owner, mode: Mode, amountNano: Nano, key: string): string | null {
  if (amountNano === 0) return null
  if (amountNano > 0) {
    const terms = { type: "adjustment", bucket: "adjustment", paid: false } as const
    return grantIn(tx, ids, { owner, mode, ...terms, amountNano, key }).transactionId
  }
  const wallet = findWallet(tx, owner, mode)
  invariant(wallet, "a wallet with credits exists")
  expireDueLots(tx, ids, wallet.id, mode)
  const lots = unspentLots(tx, wallet.id).filter((lot) => isSpendable(lot, tx.now, null))
  return postVoid(tx, ids, wallet.id, mode, allocate(lots.sort(compareLots), -amountNano), key)
}
