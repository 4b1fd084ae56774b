// Rollover, decided: what an expired lot hands on to a new one. Pure. Counted from the expiry itself, never from the moment it is
// noticed, so that a server that was off for weeks gives the same answer (LE-2).
import { invariant, type LotId } from "../../app/index.ts"
import { assertAmount } from "../books/rules.ts"
import type { RolloverTerms } from "./types.ts"

/** A due lot with terms, and how much of it is free. */
export interface RollingLot extends RolloverTerms {
  id: LotId
  expiresMs: number
  freeNano: number
  /** What it handed on before, when other parts of it were still held. */
  rolledBeforeNano: number
}

/** A rolled-over lot of the wallet, also one that is expired by now. */
export interface RolledLot {
  expiresMs: number
  remainingNano: number
}

export interface Rollover {
  fromLotId: LotId
  amountNano: number
  effectiveMs: number
  expiresMs: number
}

/**
 * Lot by lot in the order of their expiry: min(free, what is left of `maxNano`, room under `capNano`). What counts under the cap at
 * an expiry is every rolled-over lot that outlives that moment.
 */
export function planRollovers(rolling: readonly RollingLot[], rolled: readonly RolledLot[]): Rollover[] {
  const together = [...rolled]
  const plan: Rollover[] = []
  for (const lot of [...rolling].sort((a, b) => a.expiresMs - b.expiresMs || a.id - b.id)) {
    const alive = together.filter((other) => other.expiresMs > lot.expiresMs)
    const togetherNano = alive.reduce((sum, other) => sum + other.remainingNano, 0)
    const roomNano = lot.capNano === null ? lot.freeNano : lot.capNano - togetherNano
    const amountNano = Math.min(lot.freeNano, lot.maxNano - lot.rolledBeforeNano, roomNano)
    if (amountNano <= 0) continue
    const expiresMs = lot.expiresMs + lot.lifetimeMs
    together.push({ expiresMs, remainingNano: amountNano })
    plan.push({ fromLotId: lot.id, amountNano, effectiveMs: lot.expiresMs, expiresMs })
  }
  return plan
}

/** Terms are a caller's own figures: anything odd is its defect. */
export function assertRollover(terms: RolloverTerms, expiresMs: number | null): void {
  assertAmount(terms.maxNano, "rollover.maxNano")
  if (terms.capNano !== null) assertAmount(terms.capNano, "rollover.capNano")
  assertAmount(terms.lifetimeMs, "rollover.lifetimeMs")
  invariant(terms.lifetimeMs > 0, "a rolled-over lot lives for some time")
  invariant(expiresMs !== null, "only a lot that expires rolls over")
  invariant(Number.isSafeInteger(expiresMs + terms.lifetimeMs), "a rolled-over lot expires within the range of times")
}
