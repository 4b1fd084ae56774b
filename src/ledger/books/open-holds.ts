// The writer's memory of open holds: all of them, by wallet, so that a wallet that is read anew asks for none. There are as many as
// calls in progress.
import { type AccountId, type HoldId, invariant, Passing } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { lastHoldId, openHoldsOf, openHoldsWhere } from "./store-memory.ts"
import type { LotState, OpenHold } from "./types.ts"

export type Holds = Map<HoldId, OpenHold>

export class OpenHolds {
  /** Wallets without any left out; null = to be read. */
  byWallet: Passing<AccountId, Holds> | null = null
  /** Wallets whose holds an undone mutation changed: to be read again. */
  readonly unknown = new Set<AccountId>()
  /** At least the largest id of an open hold; null = to be read. */
  lastId: number | null = null
  /** By the running mutation, which may have ended the hold of the largest id before. */
  private isLastIdNew = false

  of(tx: Tx, id: AccountId): Holds {
    if (!this.byWallet) {
      this.byWallet = new Passing()
      for (const hold of openHoldsWhere(tx, "account_id >", 0)) this.holdsOf(hold.accountId).set(hold.id, hold)
    }
    if (this.unknown.delete(id)) {
      const holds = this.holdsOf(id)
      for (const hold of openHoldsOf(tx, id)) holds.set(hold.id, hold)
    }
    return this.byWallet.get(id) ?? new Map()
  }

  /** An id that no open hold has. */
  nextId(tx: Tx): HoldId {
    if (this.lastId === null) {
      this.lastId = lastHoldId(tx)
      this.isLastIdNew = true
    }
    return ++this.lastId as HoldId
  }

  /** Undone, a mutation brings back the holds that it ended. */
  mutationEnded(undone: boolean): void {
    if (undone && this.isLastIdNew) this.lastId = null
    this.isLastIdNew = false
  }

  /** @param holds those of its wallet, as `of` gave them */
  add(holds: Holds, hold: OpenHold): void {
    if (holds.size === 0) this.byWallet!.set(hold.accountId, holds)
    holds.set(hold.id, hold)
  }

  end(holds: Holds, hold: OpenHold): void {
    holds.delete(hold.id)
    if (holds.size === 0) this.byWallet!.delete(hold.accountId)
  }

  drop(id: AccountId): void {
    this.unknown.add(id)
    this.byWallet?.delete(id)
  }

  forget(): void {
    this.byWallet = null
    this.unknown.clear()
    this.lastId = null
  }

  private holdsOf(id: AccountId): Holds {
    const holds = this.byWallet!.get(id) ?? new Map<HoldId, OpenHold>()
    this.byWallet!.set(id, holds)
    return holds
  }
}

/** @param sign 1: the hold keeps its parts; −1: it gives them back */
export function holdParts(lots: LotState[], hold: OpenHold, sign: 1 | -1): void {
  for (const { lotId, amountNano } of hold.parts) {
    const at = lots.findIndex((lot) => lot.id === lotId)
    const lot = lots[at]
    invariant(lot, `lot ${lotId} under hold ${hold.id} has something left`)
    lots[at] = { ...lot, heldNano: lot.heldNano + sign * amountNano }
  }
}
