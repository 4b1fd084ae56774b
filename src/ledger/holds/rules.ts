// Holds and their settling, decided: who gets what, from which lots. Pure: no I/O, no clock, no SQL.
// Sources: SPEC §2 (balance below zero), §5 (LE-3); DESIGN §4.
import { invariant, type Nano, nano } from "../../app/index.ts"
import { assertAmount } from "../books/rules.ts"
import type { Principal } from "../books/types.ts"
import type { Charge } from "../charges/types.ts"
import { allocate, compareLots, isDue, isSpendable, type LotMove, type LotState, type Take } from "../lots/rules.ts"
import type { HoldStage, SplitWeights } from "./types.ts"

/** Throws unless the parts are whole and add up to the total exactly. */
export function assertCharge(charge: Charge, developer: Principal | null): void {
  assertAmount(charge.totalNano, "charge.totalNano")
  assertAmount(charge.upstreamNano, "charge.upstreamNano")
  assertAmount(charge.developerNano, "charge.developerNano")
  assertAmount(charge.platformNano, "charge.platformNano")
  // Three safe integers: where their sum is no safe one it is rounded, but never to one.
  const parts = charge.upstreamNano + charge.developerNano + charge.platformNano
  if (parts !== charge.totalNano) invariant(false, `the parts of a charge add up to ${parts}, not ${charge.totalNano}`)
  invariant(developer !== null || charge.developerNano === 0, "a developer's part needs a developer")
  invariant(developer === null || developer.kind === "principal", "the platform is never a developer")
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
 * on `uncollected`, and revenue is what was charged and is owed to no other party.
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
export function splitByWeights(totalNano: Nano, weights: SplitWeights): Charge {
  const list = [BigInt(weights.upstream), BigInt(weights.developer), BigInt(weights.platform)]
  const sum = list.reduce((a, b) => a + b, 0n)
  if (sum === 0n) return { totalNano, upstreamNano: totalNano, developerNano: nano(0), platformNano: nano(0) }
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
  const [upstreamNano, developerNano, platformNano] = parts.map(nano) as [Nano, Nano, Nano]
  return { totalNano, upstreamNano, developerNano, platformNano }
}

/** What a call whose owner died is charged (DESIGN §4): never sent = 0; sent = its input; streaming = the last mark. */
export function bestKnownCost(hold: { stage: HoldStage; inputCostNano: Nano; knownCostNano: Nano }): Nano {
  if (hold.stage === "held") return nano(0)
  return nano(Math.max(hold.inputCostNano, hold.knownCostNano))
}
