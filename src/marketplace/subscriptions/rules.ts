// The state machine of subscriptions, and what a change of plan costs. Pure: no clock, no rows.
//   trialing, active → (unpaid) past_due → (paid) active; banned ↔ what it was; each → ended
import { DAY_MS, type Nano, nano } from "../../app/index.ts"
import { cycleSpan, type Span } from "../periods.ts"
import type { ProductTerms } from "../plans/index.ts"
import type { NoAccess, Subscription } from "./types.ts"

type Standing = Pick<Subscription, "state" | "periodEndMs" | "cancelledMs" | "pastDueMs" | "graceEndMs">

/** Why its calls are refused; null = they go through. A renewal that is a moment late refuses nobody. */
export function accessOf(subscription: Standing, nowMs: number): NoAccess | null {
  const { state, periodEndMs, cancelledMs, graceEndMs } = subscription
  if (state === "ended") return "ended"
  if (state === "banned") return "banned"
  if (state === "past_due") return graceEndMs !== null && nowMs < graceEndMs ? null : "past_due"
  return cancelledMs !== null && nowMs >= periodEndMs ? "ended" : null
}

export type DueAct = "none" | "renew" | "retry" | "end"

/** What time alone asks for. */
export function dueAct(subscription: Standing, nowMs: number, pastDueDays: number): DueAct {
  const { state, periodEndMs, cancelledMs, pastDueMs } = subscription
  if (state === "ended") return "none"
  if (state === "past_due") return nowMs >= (pastDueMs ?? 0) + pastDueDays * DAY_MS ? "end" : "retry"
  if (nowMs < periodEndMs) return "none"
  return state === "banned" || cancelledMs !== null ? "end" : "renew"
}

/** Where the next period lies, and what it hangs on. Periods that passed wholly while nobody was served are not made up for. */
export function nextPeriod(
  subscription: Pick<Subscription, "state" | "anchorMs" | "periodEndMs">,
  before: Pick<ProductTerms, "cycle">,
  after: Pick<ProductTerms, "cycle">,
  nowMs: number,
): Span & { anchorMs: number } {
  const isAnew = subscription.state === "trialing" || before.cycle !== after.cycle
  const anchorMs = isAnew ? subscription.periodEndMs : subscription.anchorMs
  return { anchorMs, ...cycleSpan(after.cycle, anchorMs, nowMs) }
}

/** Grace never goes beyond the period that it is about. */
export const graceEnd = (nowMs: number, graceDays: number, period: Span): number =>
  Math.min(nowMs + graceDays * DAY_MS, period.endMs)

/** n × left / length, rounded to one side once. */
function share(amount: number, leftMs: number, lengthMs: number, up: boolean): number {
  const product = BigInt(amount) * BigInt(leftMs)
  const length = BigInt(lengthMs)
  return Number((up ? product + length - 1n : product) / length)
}

export interface UpgradeCost extends Span {
  anchorMs: number
  nowNano: Nano
  /** Unused of the plan before, which is taken off. */
  creditNano: Nano
  /** Still a trial. */
  isTrial: boolean
}

/**
 * What moving up costs at this moment. The same cycle: the difference for the rest of the period. Another one: the period begins now, and what is
 * unused of the old one is taken off. In a trial: nothing while the new plan has one too, else its price.
 * @returns null = what is unused is worth more than the new plan: it begins with the next period
 */
export function upgradeCost(
  subscription: Pick<Subscription, "state" | "anchorMs" | "periodStartMs" | "periodEndMs" | "createdMs">,
  before: Pick<ProductTerms, "priceNano" | "cycle">,
  after: Pick<ProductTerms, "priceNano" | "cycle" | "trialDays">,
  nowMs: number,
): UpgradeCost | null {
  const { state, anchorMs, periodStartMs, periodEndMs, createdMs } = subscription
  const anew = { anchorMs: nowMs, ...cycleSpan(after.cycle, nowMs, nowMs) }
  if (state === "trialing") {
    const endMs = Math.min(periodEndMs, createdMs + after.trialDays * DAY_MS)
    if (endMs > nowMs && after.priceNano > 0)
      return { anchorMs, startMs: periodStartMs, endMs, nowNano: nano(0), creditNano: nano(0), isTrial: true }
    return { ...anew, nowNano: after.priceNano, creditNano: nano(0), isTrial: false }
  }
  const lengthMs = periodEndMs - periodStartMs
  const leftMs = Math.min(Math.max(periodEndMs - nowMs, 0), lengthMs)
  if (before.cycle === after.cycle) {
    const differenceNano = Math.max(0, after.priceNano - before.priceNano)
    const nowNano = nano(share(differenceNano, leftMs, lengthMs, true))
    return { anchorMs, startMs: periodStartMs, endMs: periodEndMs, nowNano, creditNano: nano(0), isTrial: false }
  }
  const creditNano = nano(share(before.priceNano, leftMs, lengthMs, false))
  if (creditNano > after.priceNano) return null
  return { ...anew, nowNano: nano(after.priceNano - creditNano), creditNano, isTrial: false }
}

type Above = Pick<ProductTerms, "overageNano" | "overageCapNano" | "quotas">

/** Whether nobody pays more for a call beside their plan under other terms: above a quota they agreed to so much, so many units and no more. */
export function isNoDearer(before: Above, after: Above): boolean {
  if (after.overageNano === null) return true
  if (before.overageNano === null || after.overageNano > before.overageNano) return false
  const isCapped =
    before.overageCapNano === null || (after.overageCapNano !== null && after.overageCapNano <= before.overageCapNano)
  const unitsOf = ({ quotas }: Above, period: string) => quotas.find((one) => one.period === period)?.units
  return (
    isCapped &&
    after.quotas.every(({ period, units }) => (unitsOf(before, period) ?? Number.POSITIVE_INFINITY) <= units)
  )
}
