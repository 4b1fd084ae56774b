// What the writer remembers, by name: a wallet, where the chain ends, all of it.
import type { AccountId, HoldId, PrincipalId } from "../../app/index.ts"
import type { LotState, Mode, OpenHold } from "./types.ts"

/** What is remembered, for tests that compare it with the rows. */
export interface Remembered {
  readonly wallets: readonly WalletEntry[]
  /** All open holds, by wallet; null = not read. Those of some wallets may have to be read again. */
  readonly openHolds: ReadonlyMap<AccountId, ReadonlyMap<HoldId, OpenHold>> | null
  readonly unknownHolds: ReadonlySet<AccountId>
  /** Key (`mode:kind:owner`) and account. */
  readonly accounts: readonly (readonly [string, AccountId])[]
  readonly link: Link | null
  readonly foldedThrough: number | null
  /** At least the largest id of an open hold. */
  readonly holdId: number | null
}

export interface WalletEntry {
  readonly id: AccountId
  readonly ownerId: PrincipalId
  readonly mode: Mode
  debtNano: number
  /** Whether anything was ever owed: only then a claw-back may wait for what calls give back. */
  hasOwed: 0 | 1
  /** What the wallet has by its entries; differs from its lots only while a verb is on its way. */
  bookedNano: number
  /** Unspent ones, with what is held of them; null = to be read again. */
  lots: LotState[] | null
  holds: Map<HoldId, OpenHold>
  /** What apps used on a day (`charges/used.ts`), as far as it was asked for. */
  readonly used: Map<string, number>
}

/** Where the chain ends; the hash as hex. */
export interface Link {
  id: number
  hash: string
}
