// The daily claim, decided: when it is due, what keeps a streak, what the free budget allows (LE-4). Pure.
import { DAY_MS, HOUR_MS } from "../../app/index.ts"

/** A new claim is due this long after the last (LE-4). */
export const CLAIM_EVERY_MS = DAY_MS

/** A claim within this window of the last keeps the streak (LE-4). */
export const STREAK_WINDOW_MS = 48 * HOUR_MS

/** How long daily credits live (LE-2). */
export const DAILY_LOT_MS = 48 * HOUR_MS

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
