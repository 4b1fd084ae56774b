// A person's subscription as pages show it.
import { nano, type UserId } from "../../app/index.ts"
import type { Plan } from "../../plans/index.ts"
import type { BillingDeps } from "../types.ts"
import { liveOf } from "./signups.ts"
import { priceById, subscriptionsOf } from "./store.ts"
import type { Months, OwnSubscription } from "./types.ts"
import { dayWords } from "./words.ts"

export function planOfPrice({ store, plans }: BillingDeps, priceId: string): { plan: Plan; months: Months } | null {
  const price = priceById(store.read, priceId)
  const plan = price && plans.list().find(({ id }) => id === price.planId)
  return plan ? { plan, months: price.months } : null
}

export function ownOf(deps: BillingDeps, userId: UserId): OwnSubscription | null {
  const row = liveOf(subscriptionsOf(deps.store.read, userId, deps.processor?.isTest ?? null))
  const present = row && planOfPrice(deps, row.priceId)
  if (!row || !present) return null
  const priceOf = (priceId: string) => nano(priceById(deps.store.read, priceId)?.priceNano ?? 0)
  const next = row.nextPriceId === null || row.endsMs !== null ? null : planOfPrice(deps, row.nextPriceId)
  return {
    id: row.subscriptionId,
    ...present,
    priceNano: priceOf(row.priceId),
    status: row.status,
    periodEndMs: row.periodEndMs,
    endsMs: row.endsMs,
    next: next && { ...next, priceNano: priceOf(row.nextPriceId!) },
    isFailing: row.unpaidInvoice !== null,
    untilMs: deps.plans.paidOf(userId)?.untilMs ?? null,
    pausedMs: row.pausedMs,
  }
}

export function noticeOf(deps: BillingDeps, userId: UserId): string | undefined {
  const row = liveOf(subscriptionsOf(deps.store.read, userId, deps.processor?.isTest ?? null))
  if (!row || row.unpaidInvoice === null) return undefined
  const name = planOfPrice(deps, row.priceId)?.plan.name ?? "your plan"
  const paid = deps.plans.paidOf(userId)
  return paid
    ? `The payment for ${name} failed. Look at your card under Credits, Plans: after ${dayWords(paid.untilMs)} you are on Free until it is paid.`
    : `${name} was not paid, so you are on Free. Look at your card under Credits, Plans: once it is paid, the plan is back.`
}
