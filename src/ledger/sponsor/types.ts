// Words of sponsoring: paid credits of one wallet go to another, lot by lot, and come back the same way.
import type { Nano } from "../../app/index.ts"
import type { Mode, Principal } from "../books/types.ts"
import type { LotTake } from "../lots/types.ts"

export interface SponsorInput {
  /** Whose paid lots give it. */
  from: Principal
  /** Whose wallet gets it. */
  to: Principal
  mode: Mode
  amountNano: Nano
  /** Deterministic; the same key again returns the first result, with other content it throws `conflict`. */
  key: string
}

export interface Sponsored {
  /** What the other wallet got, a lot for each that gave. */
  lots: LotTake[]
  /** `txn_…`, one a lot. */
  transactionIds: string[]
  already: boolean
}

/** What one person used of a wallet that is not theirs, and what their calls hold of it now. */
export interface CallerUse {
  usedNano: Nano
  heldNano: Nano
}
