// Words of the daily claim.
import type { LotId, Nano } from "../../app/index.ts"
import type { Mode, Owner } from "../books/types.ts"

export interface ClaimInput {
  owner: Owner
  mode: Mode
  amountNano: Nano
  /** What all free claims of one UTC day may grant; null = this claim does not count (paid plans). */
  freeBudgetNano: Nano | null
  /** Claimed by the first call of the day, not by the button. */
  auto: boolean
  /** How long the daily lot lives; 48 h by default. */
  lifetimeMs?: number
}

export interface Claimed {
  grantedNano: Nano
  streak: number
  nextAtMs: number
  lotId: LotId
  transactionId: string
}

export interface ClaimStatus {
  /** When the next claim may be made; 0 when there never was one. */
  dueAtMs: number
  isDue: boolean
  /** Claims in a row, each within 48 h of the one before; 0 when broken. */
  streak: number
  lastAtMs: number | null
}
