// Lots, decided: where granted credits come from, in which order they are spent, which may be spent. Pure: no I/O, no clock, no SQL.
// Sources: SPEC §5 (LE-2); DESIGN §4.
import type { LotState, LotTerms, PlatformAccount } from "../books/types.ts"
import type { GrantType } from "./types.ts"

export type { LotState, LotTerms } from "../books/types.ts"

/** Where granted credits come from: the account that is debited. */
export const GRANT_SOURCE: Record<GrantType, PlatformAccount> = {
  topup: "cash",
  subscription: "cash",
  daily_bonus: "promo",
  coupon: "promo",
  bonus: "promo",
  referral: "promo",
  sponsor: "sponsor",
  refund: "promo",
  adjustment: "promo",
}

/** An unpaid subscription (assigned by an admin) is a gift of the operator. */
export const grantSource = ({ type, paid }: { type: GrantType; paid: boolean }): PlatformAccount =>
  type === "subscription" && !paid ? "promo" : GRANT_SOURCE[type]

export const DEFAULT_PRIORITY = 50

/** The documented order (LE-2): priority, expiry (never last), promo before paid, created, id. */
export function compareLots(a: LotTerms, b: LotTerms): number {
  return (
    a.priority - b.priority ||
    (a.expiresMs ?? Number.POSITIVE_INFINITY) - (b.expiresMs ?? Number.POSITIVE_INFINITY) ||
    a.paid - b.paid ||
    a.createdMs - b.createdMs ||
    a.id - b.id
  )
}

/** Expired from the very millisecond of `expiresMs` on. */
export const isDue = (lot: { expiresMs: number | null }, now: number): boolean =>
  lot.expiresMs !== null && lot.expiresMs <= now

export const isSpendable = (lot: LotState, now: number, scope: string | null): boolean =>
  lot.frozen === 0 &&
  !isDue(lot, now) &&
  lot.effectiveMs <= now &&
  (lot.restriction === null || scope === null || lot.restriction === scope)

export interface Take<L extends LotState> {
  lot: L
  amountNano: number
}

/** Takes from lots that are already in order; the sum is at most `amountNano`. */
export function allocate<L extends LotState>(sorted: readonly L[], amountNano: number): Take<L>[] {
  const takes: Take<L>[] = []
  let missing = amountNano
  for (const lot of sorted) {
    if (missing === 0) break
    const take = Math.min(lot.remainingNano - lot.heldNano, missing)
    if (take <= 0) continue
    takes.push({ lot, amountNano: take })
    missing -= take
  }
  return takes
}

export interface LotMove<L extends LotState> {
  lot: L
  /** Given back from the hold. */
  unheldNano: number
  consumedNano: number
  /** Freed after its expiry, and so broken at once. */
  expiredNano: number
}
