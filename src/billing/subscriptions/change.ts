// A subscription changes: dearer at once, for what is left of the period, cheaper at its end. What it costs is asked before, and it costs
// what was seen or nothing happens.
import { ensure, nano, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { FREE_PLAN_ID, type Plan } from "../../plans/index.ts"
import type { WriteContext } from "../../store/index.ts"
import { nanoOfCents } from "../money.ts"
import { customerOf } from "../store.ts"
import { type ChangePreview, ProcessorError } from "../stripe/index.ts"
import type { BillingDepsOn, Buyer } from "../types.ts"
import { ownOf, planOfPrice } from "./own.ts"
import { type Move, moveOf } from "./rules.ts"
import { confirmedBy, sealedIn } from "./seen.ts"
import { awayOr, liveOf, priceOf, priceRow, wantedPlan } from "./signups.ts"
import { priceById, saveSubscription, subscriptionById, subscriptionsOf } from "./store.ts"
import { sync } from "./sync.ts"
import type { ChangeInput, Months, NowDue, OwnSubscription, PlannedChange, SubscriptionRow, Wanted } from "./types.ts"

const CTX = { actor: "system:billing", requestId: "billing", reason: "a plan was looked at" }
/** Of `askedMs`: longer ago than anything. */
const UNHEARD = 0

interface Case {
  row: SubscriptionRow
  plan: Plan
  months: Months
  move: Move
}

/** @throws AppError not_found, conflict */
function caseOf(deps: BillingDepsOn, row: SubscriptionRow, wanted: Wanted): Case {
  const present = planOfPrice(deps, row.priceId)
  ensure(present, "conflict", "Your subscription is not one of these plans. Ask the operator.")
  const free = wanted.planCode === "free" ? deps.plans.planByCode("free") : null
  // Who is on a plan that takes nobody new may stay on it.
  const isPresent = present.plan.code === wanted.planCode && present.months === wanted.months
  const plan = free ?? (isPresent ? present.plan : wantedPlan(deps, wanted))
  const isPlanned = row.endsMs !== null || row.nextPriceId !== null
  return { row, plan, months: wanted.months, move: moveOf({ ...present, isPlanned }, plan, wanted.months) }
}

/** As it is; asked for first where something was begun whose end nobody heard of. */
async function liveRow(deps: BillingDepsOn, userId: UserId): Promise<SubscriptionRow | null> {
  const live = () => liveOf(subscriptionsOf(deps.store.read, userId, deps.processor.isTest))
  const row = live()
  if (row?.askedMs !== UNHEARD) return row
  try {
    await sync(deps, row.subscriptionId, "a change was begun")
  } catch (error) {
    throw awayOr(deps, error, row.subscriptionId)
  }
  return live()
}

export async function preview(deps: BillingDepsOn, userId: UserId, wanted: Wanted): Promise<PlannedChange> {
  const row = await liveRow(deps, userId)
  if (row === null) {
    const plan = wantedPlan(deps, wanted)
    const priceNano = priceOf(plan, wanted.months)!
    return sealedIn(deps, userId, { kind: "subscribe", plan, months: wanted.months, priceNano })
  }
  return await plannedOf(deps, caseOf(deps, row, wanted), null)
}

/** @param atMs what is left of the period is counted from then; null = now */
async function plannedOf(deps: BillingDepsOn, found: Case, atMs: number | null): Promise<PlannedChange> {
  const { row, plan, months, move } = found
  const sealed = (planned: Parameters<typeof sealedIn>[2]) => sealedIn(deps, row.userId, planned)
  const priceNano = priceOf(plan, months) ?? nano(priceById(deps.store.read, row.priceId)?.priceNano ?? 0)
  const common = { plan, months, priceNano }
  if (move === "end") return sealed({ kind: "end", plan, atMs: row.periodEndMs })
  if (move !== "now") return sealed({ kind: move, ...common, atMs: row.periodEndMs })
  ensure(row.status === "active", "conflict", "Your last payment is not there yet. Pay it first, then change the plan.")
  try {
    const now = await nowDue(deps, row, plan, months, atMs)
    const isRestart = priceById(deps.store.read, row.priceId)?.months !== months
    return sealed({ kind: "now", ...common, now, isRestart })
  } catch (error) {
    throw awayOr(deps, error, row.subscriptionId)
  }
}

async function nowDue(deps: BillingDepsOn, row: SubscriptionRow, plan: Plan, months: Months, seenMs: number | null) {
  const atMs = seenMs ?? Math.floor(deps.clock.now() / 1_000) * 1_000
  const { priceId } = await priceRow(deps, CTX, plan, months)
  const { subscriptionId, itemId } = row
  return dueOf(await deps.processor.previewChange({ subscriptionId, itemId, priceId, atSeconds: atMs / 1_000 }), atMs)
}

const dueOf = (seen: ChangePreview, atMs: number): NowDue => ({
  lines: seen.lines.map(({ text, cents }) => ({ text, amountNano: nanoOfCents(cents) })),
  taxNano: nanoOfCents(seen.taxCents),
  dueNano: nanoOfCents(seen.dueCents),
  creditNano: nanoOfCents(Math.max(0, -seen.totalCents)),
  atMs,
})

export async function change(deps: BillingDepsOn, ctx: WriteContext, input: ChangeInput): Promise<PlannedChange> {
  const row = await liveRow(deps, input.buyer.id)
  ensure(row, "conflict", "You pay for no plan. Subscribe to one first.")
  const confirmed = confirmedBy(deps, input.buyer.id, input.seen)
  const found = caseOf(deps, row, input)
  const planned = await plannedOf(deps, found, confirmed.atMs)
  confirmed.check(planned)
  await act(deps, ctx, found, input, planned)
  return planned
}

async function act(deps: BillingDepsOn, ctx: WriteContext, found: Case, input: ChangeInput, planned: PlannedChange) {
  const { row, plan, months } = found
  const { subscriptionId, itemId } = row
  // The same confirmation again is the same act; what was shown anew, as after a card that was refused, is another one.
  const key = `${planned.kind}:${subscriptionId}:${input.key}:${atOf(planned)}`
  await doing(deps, ctx, row, `${planned.kind} ${plan.code}`, async () => {
    if (planned.kind === "same") return
    if (planned.kind === "keep") return await goOn(deps, row, key)
    if (planned.kind === "end") return await stop(deps, row, key)
    const { priceId } = await priceRow(deps, ctx, plan, months)
    if (planned.kind === "now") {
      await released(deps, row, key)
      try {
        await deps.processor.changeSubscription({ subscriptionId, itemId, priceId, atSeconds: atOf(planned) }, key)
      } catch (error) {
        if (isRefusal(error)) await planAgain(deps, row, key)
        throw error
      }
      return
    }
    const now = { priceId: row.priceId, startMs: row.periodStartMs, endMs: row.periodEndMs }
    if (row.endsMs !== null && row.scheduleId === null)
      await deps.processor.endSubscription({ subscriptionId, isEnding: false }, `${key}:on`)
    const { scheduleId } = row
    await deps.processor.scheduleChange({ subscriptionId, scheduleId, now, next: { priceId, months } }, key)
  })
}

/** Nothing was changed, and it is known. */
const isRefusal = (error: unknown): boolean =>
  error instanceof ProcessorError && ["declined", "authentication_needed", "invalid"].includes(error.kind)

/** What was planned comes after all: it was let go for a change that did not happen. */
async function planAgain({ store, processor }: BillingDepsOn, row: SubscriptionRow, key: string): Promise<void> {
  const next = row.nextPriceId === null ? null : priceById(store.read, row.nextPriceId)
  if (next === null || row.scheduleId === null) return
  const { subscriptionId, priceId, periodStartMs, periodEndMs } = row
  const now = { priceId, startMs: periodStartMs, endMs: periodEndMs }
  await processor.scheduleChange({ subscriptionId, scheduleId: null, now, next }, `${key}:again`)
}

const atOf = (planned: PlannedChange): number => (planned.kind === "now" ? planned.now.atMs / 1_000 : 0)

/** Acts at the processor, then asks what is so: also after a refusal, for part of it may have been done. */
async function doing(
  deps: BillingDepsOn,
  ctx: WriteContext,
  row: SubscriptionRow,
  what: string,
  acts: () => Promise<unknown>,
) {
  const { subscriptionId } = row
  // Whatever happens in between, the next look and the job ask what came of it.
  await deps.store.write(ctx, (tx) => {
    const now = subscriptionById(tx, subscriptionId)
    if (now) saveSubscription(tx, { ...now, askedMs: UNHEARD })
  })
  try {
    await acts()
  } catch (error) {
    if (error instanceof ProcessorError)
      await sync(deps, subscriptionId, `${what} was refused`).catch((why: unknown) => {
        if (!(why instanceof ProcessorError)) throw why
      })
    throw awayOr(deps, error, subscriptionId)
  }
  try {
    await sync(deps, subscriptionId, what)
  } catch (error) {
    // It is done; webhook and job tell the rest.
    if (!(error instanceof ProcessorError)) throw error
    deps.log.warn("billing.not_asked", { subscription: subscriptionId, kind: error.kind, why: error.message })
  }
  await deps.store.write(ctx, (tx) =>
    auditIn(tx, { action: "subscription.changed", subject: subscriptionId, after: { what } }),
  )
}

/** While a schedule is there, nothing else of a subscription can be planned. */
async function released({ processor }: BillingDepsOn, { scheduleId }: SubscriptionRow, key: string): Promise<void> {
  if (scheduleId !== null) await processor.releaseSchedule(scheduleId, `${key}:free`)
}

async function stop(deps: BillingDepsOn, row: SubscriptionRow, key: string): Promise<void> {
  await released(deps, row, key)
  await deps.processor.endSubscription({ subscriptionId: row.subscriptionId, isEnding: true }, key)
}

async function goOn(deps: BillingDepsOn, row: SubscriptionRow, key: string): Promise<void> {
  await released(deps, row, key)
  if (row.endsMs !== null)
    await deps.processor.endSubscription({ subscriptionId: row.subscriptionId, isEnding: false }, key)
}

export async function endOrResume(
  deps: BillingDepsOn,
  ctx: WriteContext,
  buyer: Buyer,
  key: string,
  isEnding: boolean,
): Promise<OwnSubscription> {
  const row = await liveRow(deps, buyer.id)
  ensure(row, "conflict", "You pay for no plan.")
  const asked = `${isEnding ? "end" : "keep"}:${row.subscriptionId}:${key}`
  await doing(deps, ctx, row, isEnding ? "end" : "keep", () =>
    isEnding ? stop(deps, row, asked) : goOn(deps, row, asked),
  )
  return ownOf(deps, buyer.id)!
}

export async function portal(deps: BillingDepsOn, buyer: Buyer): Promise<string> {
  const customerId = customerOf(deps.store.read, buyer.id, deps.processor.isTest)
  ensure(customerId, "conflict", "You have not paid for anything yet.")
  try {
    return await deps.processor.createPortal({ customerId, returnUrl: `${deps.baseUrl}/credits/plans` })
  } catch (error) {
    throw awayOr(deps, error, customerId)
  }
}

export const isFree = (plan: Plan): boolean => plan.id === FREE_PLAN_ID
