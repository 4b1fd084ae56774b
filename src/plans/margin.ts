// What an operator keeps of a plan when its people use everything they are given. Pure.
import { type Nano, nano } from "../app/index.ts"
import type { Plan } from "./types.ts"

/** Daily claims in one month, as the estimate counts them. */
const CLAIMS_A_MONTH = 30

export interface Margin {
  priceNano: Nano
  /** What a month's credits cost at most, at what providers are paid and developers earn. */
  monthlyCostNano: Nano
  /** The same for thirty daily claims. */
  dailyCostNano: Nano
  /** Price less both; below 0 when the plan then costs more than it brings. */
  keptNano: Nano
  /** What one credit costs the operator at most, in basis points of its face value. */
  costBp: number
}

const BP = 10_000
const NANO_PER_CENT = 10_000_000n

/**
 * Assumes the dearest use: all credits spent with an own api key, where the raw price is charged plus the plan's markup,
 * or through apps, whichever leaves the operator less. A plan whose keys reach free models only can be spent through apps
 * alone. Each cost is rounded up to the cent, so that what pages show adds up and no loss looks smaller.
 * @param appCostBp what of a credit spent through apps goes to providers and developers, in basis points
 */
export function marginAtFullUse(plan: Plan, appCostBp: number): Margin {
  const keyCostBp = plan.freeModelsOnly ? 0 : Math.ceil((BP * BP) / (BP + plan.markupPaidBp))
  const costBp = Math.max(appCostBp, keyCostBp)
  const monthlyCostNano = costOf(plan.monthlyNano, plan, appCostBp)
  const dailyCostNano = costOf(plan.dailyClaimNano * CLAIMS_A_MONTH, plan, appCostBp)
  const keptNano = nano(plan.priceNano - monthlyCostNano - dailyCostNano)
  return { priceNano: plan.priceNano, monthlyCostNano, dailyCostNano, keptNano, costBp }
}

function costOf(amountNano: number, plan: Plan, appCostBp: number): Nano {
  const amount = BigInt(amountNano)
  const ceil = (top: bigint, bottom: bigint) => (top + bottom - 1n) / bottom
  const throughApps = ceil(amount * BigInt(appCostBp), BigInt(BP))
  const withKeys = plan.freeModelsOnly ? 0n : ceil(amount * BigInt(BP), BigInt(BP + plan.markupPaidBp))
  return nano(ceil(throughApps > withKeys ? throughApps : withKeys, NANO_PER_CENT) * NANO_PER_CENT)
}
