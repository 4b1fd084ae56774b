// The daily claim (LE-4): once per 24 h, streak within 48 h, free claims of a UTC day within the free budget.
import { AppError, dayOf, type Ids, invariant, nano, nextDayMs } from "../../app/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { assertAmount } from "../books/rules.ts"
import { ensureAccount } from "../books/store.ts"
import type { Mode, Owner } from "../books/types.ts"
import { grantIn } from "../lots/grant.ts"
import { CLAIM_EVERY_MS, DAILY_LOT_MS, decideClaim, STREAK_WINDOW_MS } from "./rules.ts"
import { freeGranted, insertClaim, lastClaim, spendFreeBudget } from "./store.ts"
import type { Claimed, ClaimInput, ClaimStatus } from "./types.ts"

export function claimDailyIn(tx: Tx, ids: Ids, input: ClaimInput): Claimed {
  const { owner, mode, amountNano, freeBudgetNano } = input
  assertAmount(amountNano, "amountNano")
  invariant(amountNano > 0, "a claim is above 0")
  if (freeBudgetNano !== null) assertAmount(freeBudgetNano, "freeBudgetNano")
  const day = dayOf(tx.now)
  const verdict = decideClaim({
    last: lastClaim(tx, owner, mode),
    now: tx.now,
    amountNano,
    budget: freeBudgetNano === null ? null : { grantedNano: freeGranted(tx, mode, day), budgetNano: freeBudgetNano },
  })
  if (!verdict.ok) throw refusal(verdict, tx.now)

  const accountId = ensureAccount(tx, owner, mode, "wallet")
  const { lotId, transactionId } = grantIn(tx, ids, {
    owner,
    mode,
    type: "daily_bonus",
    bucket: "daily",
    amountNano,
    paid: false,
    expiresMs: tx.now + (input.lifetimeMs ?? DAILY_LOT_MS),
    key: `claim:${accountId}:${tx.now}`,
  })
  const { streak, nextAtMs } = verdict
  insertClaim(tx, { accountId, amountNano, streak, budgetNano: freeBudgetNano, auto: input.auto, transactionId })
  if (freeBudgetNano !== null) spendFreeBudget(tx, { mode, day, grantedNano: amountNano, budgetNano: freeBudgetNano })
  return { grantedNano: nano(amountNano), streak, nextAtMs, lotId, transactionId }
}

function refusal(
  verdict: { why: "claim_not_due"; dueAtMs: number } | { why: "free_budget_spent" },
  now: number,
): AppError {
  const atMs = verdict.why === "claim_not_due" ? verdict.dueAtMs : nextDayMs(now)
  const message =
    verdict.why === "claim_not_due"
      ? "You have claimed today's credits already. Come back when the countdown ends."
      : "Today's free credits are all given out. Come back after midnight UTC."
  return new AppError(verdict.why, message, {
    retryAfterSeconds: Math.ceil((atMs - now) / 1_000),
    fields: { next_at: new Date(atMs).toISOString() },
  })
}

export function claimStatus(sql: Reader, now: number, owner: Owner, mode: Mode): ClaimStatus {
  const last = lastClaim(sql, owner, mode)
  if (!last) return { dueAtMs: 0, isDue: true, streak: 0, lastAtMs: null }
  const dueAtMs = last.atMs + CLAIM_EVERY_MS
  const alive = now - last.atMs <= STREAK_WINDOW_MS
  return { dueAtMs, isDue: now >= dueAtMs, streak: alive ? last.streak : 0, lastAtMs: last.atMs }
}
