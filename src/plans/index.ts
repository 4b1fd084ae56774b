// The door of `plans`: what plans there are, who is on which, and what that grants. Credits are granted through the ledger's
// own verb; prices and markups are handed to those who charge.
import type { Nano, UserId } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { allocateDue, allocateDueIn } from "./allocate.ts"
import { assignIn, changeIn, chooseIn } from "./change.ts"
import { updatePlanIn } from "./edit.ts"
import { createKeyTerms } from "./key-terms.ts"
import { keepIn, payIn } from "./paid.ts"
import { FREE_BUDGET } from "./settings.ts"
import { assignedAt, entitlementsAt, paidAt, standingAt } from "./standing.ts"
import { allPlans, planByCode } from "./store.ts"
import { eventsOf, peopleByPlan } from "./store-assignments.ts"
import type { AssignInput, PlanChoice, Plans, PlansDeps, Standing, Subject } from "./types.ts"

export { FREE_PLAN_ID } from "./assignment.ts"
export { type Margin, marginAtFullUse } from "./margin.ts"

export { plansPart } from "./part.ts"
export { addMonths } from "./period.ts"
export { planErrors } from "./rules.ts"
export { FREE_BUDGET } from "./settings.ts"
export type * from "./types.ts"

const HISTORY_MAX = 200
const FREE = "free"
/** The setting itself refuses what is no amount. */
const asBudget = (value: number | null) => value as Nano | null

export function createPlans({ store, clock, ledger, settings }: PlansDeps): Plans {
  const standing = (userId: UserId) => standingAt(store.read, userId, clock.now())
  const standingIn = (tx: Tx, userId: UserId) => standingAt(tx, userId, tx.now)

  return {
    ...paidReads(store, clock),
    payIn: (tx, input) => payIn(tx, ledger, input),
    keepIn,
    planOf: (userId) => standing(userId).plan,
    standingOf: standing,
    standingOfIn: standingIn,
    entitlementsOf: (userId) => entitlementsAt(store.read, userId, clock.now()),
    entitlementsOfIn: (tx, userId) => entitlementsAt(tx, userId, tx.now),
    keyTermsOf: createKeyTerms(store.read, () => clock.now()),
    historyOf: (userId, limit = HISTORY_MAX) => eventsOf(store.read, userId, Math.min(limit, HISTORY_MAX)),

    claimTermsIn(tx, userId) {
      const { plan } = standingIn(tx, userId)
      return {
        amountNano: plan.dailyClaimNano,
        freeBudgetNano: plan.freeBudgetCounts ? settings.get(FREE_BUDGET, tx) : null,
      }
    },
    allocateDueIn: (tx, userId) => allocateDueIn(tx, ledger, userId),
    allocateDue: () => allocateDue(store, ledger, clock.now()),

    ...moves(store, ledger),

    list: () => allPlans(store.read),
    planByCode: (code) => planByCode(store.read, code),
    peopleByPlan: () => peopleByPlan(store.read, clock.now()),
    updatePlanIn,
    updatePlan: (ctx, input) => store.write(ctx, (tx) => updatePlanIn(tx, input)),
    freeBudgetNano: () => settings.get(FREE_BUDGET),
    freeBudgetNanoIn: (tx) => settings.get(FREE_BUDGET, tx),
    setFreeBudgetIn: (tx, value) => settings.setIn(tx, FREE_BUDGET, { value: asBudget(value) }),
    setFreeBudget: (ctx, value) => settings.set(ctx, FREE_BUDGET, { value: asBudget(value) }),
  }
}

const paidReads = (
  store: PlansDeps["store"],
  clock: PlansDeps["clock"],
): Pick<Plans, "assignedOf" | "paidOf" | "paidOfIn"> => ({
  assignedOf: (userId) => assignedAt(store.read, userId, clock.now()),
  paidOf: (userId) => paidAt(store.read, userId, clock.now()),
  paidOfIn: (tx, userId) => paidAt(tx, userId, tx.now),
})

type Moves = "assign" | "change" | "cancel" | "choose"

/** What is done to a person's plan, and how it stands after. */
function moves(store: PlansDeps["store"], ledger: PlansDeps["ledger"]): Pick<Plans, Moves | `${Moves}In`> {
  const after = (tx: Tx, userId: UserId): Standing => assignedAt(tx, userId, tx.now)
  const assign = (tx: Tx, input: AssignInput): Standing => {
    assignIn(tx, ledger, input)
    return after(tx, input.user.id)
  }
  const change = (tx: Tx, input: AssignInput): Standing => {
    changeIn(tx, ledger, input)
    return after(tx, input.user.id)
  }
  const cancel = (tx: Tx, user: Subject): Standing => change(tx, { user, planCode: FREE })
  const choose = (tx: Tx, input: { user: Subject; choice: PlanChoice }): Standing => {
    chooseIn(tx, ledger, input)
    return standingAt(tx, input.user.id, tx.now)
  }
  return {
    assignIn: assign,
    assign: (ctx, input) => store.write(ctx, (tx) => assign(tx, input)),
    changeIn: change,
    change: (ctx, input) => store.write(ctx, (tx) => change(tx, input)),
    cancelIn: cancel,
    cancel: (ctx, user) => store.write(ctx, (tx) => cancel(tx, user)),
    chooseIn: choose,
    choose: (ctx, input) => store.write(ctx, (tx) => choose(tx, input)),
  }
}
