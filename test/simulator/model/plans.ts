// Plans: who is on which, the months they last, what each month grants, upgrades at once and the rest at the end of a period. Part
// of the naive model (SPEC §2 "plans", §10 BI-2 and BI-6).
import { type Books, Refused } from "./books.ts"
import { breakDue, grant } from "./credits.ts"

import { type Assigned, type Choice, type Plan, type PlanBooks, type PlanTerms, seededPlans } from "./plan-terms.ts"

export function plansOf(books: Books): PlanBooks {
  books.parts.plans ??= seededPlans()
  return books.parts.plans as PlanBooks
}
const planOf = (books: Books, code: string): Plan | undefined => plansOf(books).plans.find((one) => one.code === code)

/** The same day and time of day so many months later, or the last day of a shorter month; never counted from a shorter one. */
export function monthsLater(anchor: number, months: number): number {
  const date = new Date(anchor)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, lastDay))
  return date.getTime()
}

function grantMonth(
  books: Books,
  one: Assigned,
  terms: PlanTerms,
  amount: number,
  from: number,
  key: string,
  now: number,
) {
  const wallet = `live ${one.user}`
  breakDue(books, wallet, books.lotsOf(wallet), now)
  const until = one.end!
  const rolledUntil = monthsLater(one.anchor, one.no + 1 - one.anchorNo + terms.rolloverPeriods)
  const rollover =
    terms.rolloverMax > 0
      ? {
          max: BigInt(terms.rolloverMax),
          cap: terms.rolloverCap === null ? null : BigInt(terms.rolloverCap),
          lifetimeMs: rolledUntil - until,
        }
      : null
  const { paid } = one
  grant(books, { wallet, type: "subscription", bucket: "subscription", amount, paid, from, until, rollover, key }, now)
}

/** Every boundary up to now, each on its own terms. @returns how many there were */
export function allocate(books: Books, user: number, now: number): number {
  const one = plansOf(books).assigned.find((other) => other.user === user)
  let steps = 0
  while (one && one.end !== null && one.end <= now) {
    renew(books, one, now)
    plansOf(books).events++
    steps++
  }
  return steps
}

function renew(books: Books, one: Assigned, now: number): void {
  const start = one.end!
  const code = one.nextPlan ?? one.plan
  one.start = start
  if (code === "free") {
    const nothing = { choice: null, nextPlan: null, nextChoice: null, paid: false, credited: 0, end: null }
    Object.assign(one, nothing, { plan: "free" })
    return
  }
  // The terms of before that very moment.
  const terms = planOf(books, code)!.history.findLast((was) => was.since < start)!
  one.plan = code
  one.choice = terms.eitherOr ? (one.nextChoice ?? one.choice ?? "credits") : null
  one.nextPlan = null
  one.nextChoice = null
  one.no++
  one.end = monthsLater(one.anchor, one.no + 1 - one.anchorNo)
  one.credited = one.choice === "byok" ? 0 : terms.monthly
  if (one.credited > 0) grantMonth(books, one, terms, one.credited, start, `plan:${one.user}:${one.no}`, now)
}

/** The job. A period that begins while it runs is seen by its mutation, not by the list of people. */
export function allocateDue(books: Books, clockNow: number, bodyNow: number) {
  let people = 0
  let periods = 0
  const due = plansOf(books).assigned.filter((one) => one.end !== null && one.end <= clockNow)
  for (const one of due.sort((a, b) => a.user - b.user)) {
    const count = allocate(books, one.user, bodyNow)
    if (count > 0) people++
    periods += count
  }
  return { people, periods }
}

export interface Ask {
  user: number
  plan: string
  choice?: Choice | undefined
  paid?: boolean | undefined
}

/** Refusals take back what was allocated on the way. */
export function atomically<T>(books: Books, act: () => T): T {
  const undo = books.checkpoint()
  try {
    return act()
  } catch (error) {
    undo()
    throw error
  }
}

function present(books: Books, user: number, now: number): Assigned | undefined {
  allocate(books, user, now)
  return plansOf(books).assigned.find((one) => one.user === user)
}

const refuseChoice = (plan: Plan, choice: Choice | undefined): void => {
  if (choice && !plan.eitherOr) throw new Refused("validation_failed")
}

function wanted(books: Books, ask: Ask): Plan {
  const plan = planOf(books, ask.plan)
  if (!plan) throw new Refused("not_found")
  if (!plan.active) throw new Refused("conflict")
  refuseChoice(plan, ask.choice)
  return plan
}

export const assign = (books: Books, ask: Ask, now: number) =>
  atomically(books, () => {
    const one = present(books, ask.user, now)
    if (one && one.plan !== "free") throw new Refused("conflict")
    const plan = wanted(books, ask)
    if (plan.code === "free") throw new Refused("conflict")
    start(books, one, plan, ask, now)
    return standing(books, ask.user)
  })

function start(books: Books, before: Assigned | undefined, plan: Plan, ask: Ask, now: number): void {
  const no = (before?.no ?? 0) + 1
  const choice = plan.eitherOr ? (ask.choice ?? "credits") : null
  const one: Assigned = {
    user: ask.user,
    plan: plan.code,
    choice,
    nextPlan: null,
    nextChoice: null,
    paid: ask.paid ?? false,
    anchor: now,
    anchorNo: no,
    no,
    start: now,
    end: monthsLater(now, 1),
    credited: choice === "byok" ? 0 : plan.monthly,
  }
  const state = plansOf(books)
  state.assigned = [...state.assigned.filter((other) => other.user !== ask.user), one]
  state.events++
  if (one.credited > 0) grantMonth(books, one, plan, one.credited, now, `plan:${ask.user}:${no}`, now)
}

export const change = (books: Books, ask: Ask, now: number) =>
  atomically(books, () => {
    const one = present(books, ask.user, now)
    if (!one || one.plan === "free") return assign(books, ask, now)
    if (one.plan === ask.plan) keep(books, one, ask)
    else {
      const plan = wanted(books, ask)
      if (ask.paid !== undefined) one.paid = ask.paid
      if (plan.price > planOf(books, one.plan)!.price) upgrade(books, one, plan, ask.choice, now)
      else {
        one.nextChoice = plan.eitherOr ? (ask.choice ?? one.nextChoice) : null
        one.nextPlan = plan.code
      }
      plansOf(books).events++
    }
    return standing(books, ask.user)
  })

/** At once, for the rest of the period: what the new plan grants above what the period was granted so far, pro rata, rounded down. */
function upgrade(books: Books, one: Assigned, plan: Plan, choice: Choice | undefined, now: number): void {
  const current = plan.eitherOr ? (one.choice ?? choice ?? "credits") : null
  const later = choice ?? one.nextChoice
  const rate = current === "byok" ? 0 : plan.monthly
  const more = Math.max(0, rate - one.credited)
  const amount = Number((BigInt(more) * BigInt(one.end! - now)) / BigInt(one.end! - one.start))
  one.plan = plan.code
  one.choice = current
  one.nextPlan = null
  one.nextChoice = plan.eitherOr && later && later !== current ? later : null
  one.credited = Math.max(one.credited, rate)
  if (amount > 0) grantMonth(books, one, plan, amount, now, `plan:${one.user}:${one.no}:${plan.id}`, now)
}

/** The present plan again: what was to come no longer comes. */
function keep(books: Books, one: Assigned, ask: Ask): void {
  refuseChoice(planOf(books, one.plan)!, ask.choice)
  if (ask.paid !== undefined) one.paid = ask.paid
  if (one.nextPlan !== null) {
    one.nextPlan = null
    if (one.choice === null || one.nextChoice === one.choice) one.nextChoice = null
    plansOf(books).events++
  }
  if (ask.choice && ask.choice !== (one.nextChoice ?? one.choice)) choose(books, one, ask.choice)
}

function choose(books: Books, one: Assigned, choice: Choice): void {
  one.nextChoice = choice === one.choice ? null : choice
  plansOf(books).events++
}

export const chooseNext = (books: Books, user: number, choice: Choice, now: number) =>
  atomically(books, () => {
    const one = present(books, user, now)
    if (!one || !planOf(books, one.nextPlan ?? one.plan)?.eitherOr) throw new Refused("conflict")
    if (choice !== (one.nextChoice ?? one.choice)) choose(books, one, choice)
    return standing(books, user)
  })

export function standing(books: Books, user: number) {
  const one = plansOf(books).assigned.find((other) => other.user === user)
  if (!one || one.end === null) {
    return { plan: one?.plan ?? "free", period: null, choice: null, next: null, nextChoice: null, paid: false }
  }
  const period = { no: one.no, startMs: one.start, endMs: one.end }
  return { plan: one.plan, period, choice: one.choice, next: one.nextPlan, nextChoice: one.nextChoice, paid: one.paid }
}

/** As a reader sees it at a moment, posted or not. */
export function standingAt(books: Books, user: number, now: number) {
  const one = plansOf(books).assigned.find((other) => other.user === user)
  if (!one || one.end === null || one.end > now) return standing(books, user)
  const undo = books.checkpoint()
  allocate(books, user, now)
  const seen = standing(books, user)
  undo()
  return seen
}

export const claimTerms = (books: Books, user: number, now: number) => {
  const plan = planOf(books, standingAt(books, user, now).plan)!
  return { amount: plan.dailyClaim, budget: plan.freeBudgetCounts ? plansOf(books).freeBudget : null }
}

export type Edit = Partial<Omit<Plan, "id" | "code" | "history" | "updated" | "byok">>
const BOUND = 1_000_000_000_000_000

export function edit(books: Books, code: string, edits: Edit, seen: number | undefined, now: number): null {
  const plan = planOf(books, code)
  if (!plan) throw new Refused("not_found")
  if (seen !== undefined && seen !== plan.updated) throw new Refused("conflict")
  const after = { ...plan, ...edits }
  const amounts = [after.price, after.monthly, after.rolloverMax, after.rolloverCap ?? 0]
  const fine =
    amounts.every((one) => Number.isSafeInteger(one) && one >= 0 && one <= BOUND) &&
    Number.isSafeInteger(after.dailyClaim) &&
    after.dailyClaim >= 0 &&
    after.dailyClaim <= BOUND / 10 &&
    after.rolloverMax <= after.monthly &&
    after.rolloverPeriods >= 1 &&
    after.rolloverPeriods <= 12 &&
    !(after.eitherOr && !(after.byok && after.monthly > 0)) &&
    !(code === "free" && (after.price > 0 || after.monthly > 0 || !after.active))
  if (!fine) throw new Refused("validation_failed")
  const { monthly, rolloverMax, rolloverCap, rolloverPeriods, eitherOr } = after
  const terms = { since: now, monthly, rolloverMax, rolloverCap, rolloverPeriods, eitherOr }
  Object.assign(plan, edits, { updated: now })
  plan.history = [...plan.history.filter((one) => one.since !== now), terms]
  return null
}
