// The ledger's decisions, pure: no I/O, no clock, no SQL. Everything that says who gets what, in which order, stands here.
// Sources: SPEC §2 (balance below zero, free credits), §5 (LE-2…LE-5); DESIGN §4.
import { DAY_MS, HOUR_MS, invariant } from "../app/index.ts"
import type { Charge, GrantType, HoldStage, Owner, PlatformAccount, SplitWeights } from "./types.ts"

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

/** A subscription that nobody paid for (assigned by an admin) is a gift of the operator. */
export const grantSource = ({ type, paid }: { type: GrantType; paid: boolean }): PlatformAccount =>
  type === "subscription" && !paid ? "promo" : GRANT_SOURCE[type]

export const DEFAULT_PRIORITY = 50
/** A new claim is due this long after the last (LE-4). */
export const CLAIM_EVERY_MS = DAY_MS
/** A claim within this window of the last keeps the streak (LE-4). */
export const STREAK_WINDOW_MS = 48 * HOUR_MS
/** How long daily credits live (LE-2). */
export const DAILY_LOT_MS = 48 * HOUR_MS

/** Refuses anything but a safe, non-negative integer: a caller's defect, never a person's mistake. */
export function assertAmount(value: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${name} must be a whole number of nano-dollars from 0 to 2^53 - 1, got ${value}`)
  }
}

/** Throws unless the parts are whole and add up to the total exactly. */
export function assertCharge(charge: Charge, developer: Owner | null): void {
  assertAmount(charge.totalNano, "charge.totalNano")
  assertAmount(charge.upstreamNano, "charge.upstreamNano")
  assertAmount(charge.developerNano, "charge.developerNano")
  assertAmount(charge.platformNano, "charge.platformNano")
  const parts = BigInt(charge.upstreamNano) + BigInt(charge.developerNano) + BigInt(charge.platformNano)
  invariant(parts === BigInt(charge.totalNano), `the parts of a charge add up to ${parts}, not ${charge.totalNano}`)
  invariant(developer !== null || charge.developerNano === 0, "a developer's part needs a developer")
  invariant(developer === null || developer.kind === "principal", "the platform is never a developer")
}

/** What the order of consumption looks at. */
export interface LotTerms {
  id: number
  priority: number
  expiresMs: number | null
  paid: number
  createdMs: number
}

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

export interface LotState extends LotTerms {
  effectiveMs: number
  restriction: string | null
  remainingNano: number
  heldNano: number
}

/** Expired from the very millisecond of `expiresMs` on. */
export const isDue = (lot: { expiresMs: number | null }, now: number): boolean =>
  lot.expiresMs !== null && lot.expiresMs <= now

export const isSpendable = (lot: LotState, now: number, scope: string | null): boolean =>
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

export type HoldVerdict<L extends LotState> =
  | { ok: true; amountNano: number; takes: Take<L>[]; balanceAfterNano: number }
  | { ok: false; why: "app_daily_limit_exceeded"; leftNano: number }
  | { ok: false; why: "insufficient_credits" | "credits_on_hold"; balanceNano: number; heldNano: number }

/**
 * May this call be held, and with how much? All of `amountNano` when it fits; else as much as fits, but never less than
 * `leastNano`. The app's limit is the person's word, so it is looked at before the balance: a top-up would not lift it. With
 * debt nothing is spendable (SPEC §1, "wallet").
 */
export function decideHold<L extends LotState>(input: {
  lots: L[]
  debtNano: number
  amountNano: number
  leastNano?: number
  scope: string
  now: number
  limit: { dailyNano: number; usedNano: number; heldNano: number } | null
}): HoldVerdict<L> {
  const { now, limit, leastNano = input.amountNano } = input
  const leftNano = limit ? Math.max(0, limit.dailyNano - limit.usedNano - limit.heldNano) : Number.MAX_SAFE_INTEGER
  if (leastNano > leftNano) return { ok: false, why: "app_daily_limit_exceeded", leftNano }
  const lots = input.lots.filter((lot) => isSpendable(lot, now, input.scope)).sort(compareLots)
  let balanceNano = 0
  let heldNano = 0
  for (const lot of lots) {
    balanceNano += lot.remainingNano - lot.heldNano
    heldNano += lot.heldNano
  }
  const spendableNano = input.debtNano > 0 ? 0 : balanceNano
  if (leastNano > spendableNano) {
    const heldElsewhere = input.debtNano === 0 && leastNano <= balanceNano + heldNano
    return { ok: false, why: heldElsewhere ? "credits_on_hold" : "insufficient_credits", balanceNano, heldNano }
  }
  const amountNano = Math.min(input.amountNano, leftNano, spendableNano)
  return { ok: true, amountNano, takes: allocate(lots, amountNano), balanceAfterNano: spendableNano - amountNano }
}

/** A lot of the wallet together with what the hold being resolved reserved on it. */
export interface HeldLot extends LotState {
  allocatedNano: number
}

export interface LotMove<L extends LotState> {
  lot: L
  /** Given back from the hold. */
  unheldNano: number
  consumedNano: number
  /** Freed after its expiry, and so broken at once. */
  expiredNano: number
}

export interface SettlePlan<L extends HeldLot> {
  moves: LotMove<L>[]
  collectedNano: number
  balanceAfterNano: number
}

/**
 * Spends the hold's lots in their order, also those that expired while held; above the hold it collects what is free in
 * the wallet. What is freed on a due lot expires at once.
 */
export function planSettle<L extends HeldLot>(
  lots: L[],
  chargeNano: number,
  scope: string,
  now: number,
): SettlePlan<L> {
  const sorted = [...lots].sort(compareLots)
  const moves = new Map<number, LotMove<L>>()
  let missing = chargeNano
  for (const lot of sorted) {
    if (lot.allocatedNano === 0) continue
    const consumedNano = Math.min(lot.allocatedNano, missing)
    moves.set(lot.id, { lot, unheldNano: lot.allocatedNano, consumedNano, expiredNano: 0 })
    missing -= consumedNano
  }
  if (missing > 0) {
    const free = sorted.filter((lot) => isSpendable(lot, now, scope))
    for (const { lot, amountNano } of allocate(free, missing)) {
      const move = moves.get(lot.id) ?? { lot, unheldNano: 0, consumedNano: 0, expiredNano: 0 }
      move.consumedNano += amountNano
      missing -= amountNano
      moves.set(lot.id, move)
    }
  }
  let balanceAfterNano = 0
  for (const lot of sorted) {
    const move = moves.get(lot.id)
    const freeNano = lot.remainingNano - lot.heldNano + (move ? move.unheldNano - move.consumedNano : 0)
    if (isDue(lot, now)) {
      if (move) move.expiredNano = freeNano
    } else if (isSpendable(lot, now, scope)) balanceAfterNano += freeNano
  }
  const inOrder = [...moves.values()].sort((a, b) => compareLots(a.lot, b.lot))
  return { moves: inOrder, collectedNano: chargeNano - missing, balanceAfterNano }
}

/**
 * Who bears what was not collected (SPEC §2, "balance below zero"): the upstream is paid first, then the developer, then
 * the platform. The upstream's bill is real either way and is owed in full; what the wallet could not give stands as a debit
 * on `uncollected`, and revenue is what was charged and is owed to nobody else.
 */
export function splitCollected(
  charge: Charge,
  collectedNano: number,
): { upstreamNano: number; developerNano: number; revenueNano: number; uncollectedNano: number } {
  const uncollectedNano = charge.totalNano - collectedNano
  const developerNano = Math.min(charge.developerNano, Math.max(0, collectedNano - charge.upstreamNano))
  const revenueNano = charge.totalNano - charge.upstreamNano - developerNano
  return { upstreamNano: charge.upstreamNano, developerNano, revenueNano, uncollectedNano }
}

/** Splits an amount by integer weights; the parts add up exactly (largest remainder; ties: upstream, developer, platform). */
export function splitByWeights(totalNano: number, weights: SplitWeights): Charge {
  const list = [BigInt(weights.upstream), BigInt(weights.developer), BigInt(weights.platform)]
  const sum = list.reduce((a, b) => a + b, 0n)
  if (sum === 0n) return { totalNano, upstreamNano: totalNano, developerNano: 0, platformNano: 0 }
  const total = BigInt(totalNano)
  const parts = list.map((weight) => (total * weight) / sum)
  const remainders = list.map((weight, index) => ({ index, left: (total * weight) % sum }))
  remainders.sort((a, b) => (a.left === b.left ? a.index - b.index : a.left > b.left ? -1 : 1))
  let missing = total - parts.reduce((a, b) => a + b, 0n)
  for (const { index } of remainders) {
    if (missing === 0n) break
    parts[index] = parts[index]! + 1n
    missing -= 1n
  }
  const [upstreamNano, developerNano, platformNano] = parts.map(Number) as [number, number, number]
  return { totalNano, upstreamNano, developerNano, platformNano }
}

/** What a call whose owner died is charged (DESIGN §4): never sent = 0; sent = its input; streaming = the last mark. */
export function bestKnownCost(hold: { stage: HoldStage; inputCostNano: number; knownCostNano: number }): number {
  if (hold.stage === "held") return 0
  return Math.max(hold.inputCostNano, hold.knownCostNano)
}

export type ClaimVerdict =
  | { ok: true; streak: number; nextAtMs: number }
  | { ok: false; why: "claim_not_due"; dueAtMs: number }
  | { ok: false; why: "free_budget_spent" }

export function decideClaim(input: {
  last: { atMs: number; streak: number } | null
  now: number
  amountNano: number
  budget: { grantedNano: number; budgetNano: number } | null
}): ClaimVerdict {
  const { last, now, budget } = input
  if (last && now < last.atMs + CLAIM_EVERY_MS) {
    return { ok: false, why: "claim_not_due", dueAtMs: last.atMs + CLAIM_EVERY_MS }
  }
  if (budget && input.amountNano > budget.budgetNano - budget.grantedNano)
    return { ok: false, why: "free_budget_spent" }
  const streak = last && now - last.atMs <= STREAK_WINDOW_MS ? last.streak + 1 : 1
  return { ok: true, streak, nextAtMs: now + CLAIM_EVERY_MS }
}
