// Plans: assigned, raised, lowered, ended, chosen; months granted by the job and by calls; terms that an admin edits meanwhile.
import { UserId } from "../../../src/app/index.ts"
import type { Act, Operation, Scene } from "../act.ts"
import * as credits from "../model/credits.ts"
import * as model from "../model/plans.ts"
import { holdAct, someAsk } from "./calls.ts"
import { ctx, ownerOf, USERS } from "./people.ts"

const CODES = ["free", "basic", "pro", "starter", "professional", "enterprise"]
const subject = (id: number) => ({ id: UserId(id), publicId: `usr_${id}` })

/** Small figures, so that a month meets a few calls; set once in each database. */
export function smallPlans(): Act[] {
  const terms: [string, model.Edit][] = [
    ["free", { dailyClaim: 150 }],
    ["basic", { price: 999, dailyClaim: 300 }],
    ["pro", { price: 2_999, dailyClaim: 700 }],
    ["starter", { price: 3_000, dailyClaim: 300, monthly: 2_000, rolloverMax: 2_000, rolloverCap: 2_000 }],
    ["professional", { price: 5_000, dailyClaim: 300, monthly: 3_500, rolloverMax: 1_000, rolloverCap: null }],
    ["enterprise", { price: 9_900, dailyClaim: 700, monthly: 6_000, rolloverMax: 6_000, rolloverCap: 9_000 }],
  ]
  return [...terms.map(([code, edits]) => editAct(code, edits)), budgetAct(1_200)]
}

function editAct(code: string, edits: model.Edit, seen?: number): Act {
  const names = {
    price: "priceNano",
    monthly: "monthlyNano",
    rolloverMax: "rolloverMaxNano",
    rolloverCap: "rolloverCapNano",
    dailyClaim: "dailyClaimNano",
  } as Record<string, string>
  const changes = Object.fromEntries(Object.entries(edits).map(([name, value]) => [names[name] ?? name, value]))
  const input = { code, ...changes, ...(seen === undefined ? {} : { seenMs: seen }) }
  return {
    text: `edit plan ${JSON.stringify(input)}`,
    real: async ({ plans }) => void (await plans.updatePlan(ctx, input)),
    realIn: ({ plans }, tx) => void plans.updatePlanIn(tx, input),
    predict: (books, now) => model.edit(books, code, edits, seen, now) ?? {},
  }
}

function budgetAct(budget: number | null): Act {
  return {
    text: `set the free budget to ${budget}`,
    real: async ({ plans }) => void (await plans.setFreeBudget(ctx, budget)),
    realIn: ({ plans }, tx) => void plans.setFreeBudgetIn(tx, budget),
    predict(books) {
      model.plansOf(books).freeBudget = budget
      return {}
    },
  }
}

function edit(scene: Scene): Act {
  const { random, books, now } = scene
  const code = random.oneIn(30) ? "nothing" : random.pick(CODES)
  const plan = model.plansOf(books).plans.find((one) => one.code === code)
  const edits: model.Edit = random.pick([
    { monthly: random.int(5_000) },
    { monthly: 1_000 + random.int(3_000), rolloverMax: random.int(1_500) },
    { rolloverMax: random.int(4_000), rolloverCap: random.oneIn(2) ? null : random.int(4_000) },
    { rolloverPeriods: random.between(0, 3) },
    { price: random.int(10_000) },
    { active: !random.oneIn(5) },
    { dailyClaim: random.int(600) },
    { monthly: -5 },
  ])
  const seen = random.oneIn(4) ? (random.oneIn(2) ? plan?.updated : now - 1) : undefined
  return editAct(code, edits, seen)
}

function someAskFor({ random }: Scene): model.Ask {
  return {
    user: random.pick(USERS),
    plan: random.oneIn(40) ? "nothing" : random.pick(CODES),
    choice: random.pick([undefined, undefined, undefined, "credits", "byok"] as const),
    paid: random.pick([undefined, true, true, false]),
  }
}

interface Shown {
  plan: { code: string }
  period: unknown
  choice: unknown
  pendingPlan: { code: string } | null
  pendingChoice: unknown
  paid: boolean
}
const shown = (one: Shown) => ({
  plan: one.plan.code,
  period: one.period,
  choice: one.choice,
  next: one.pendingPlan?.code ?? null,
  nextChoice: one.pendingChoice,
  paid: one.paid,
})

function move(verb: "assign" | "change") {
  return (scene: Scene): Act => {
    const ask = someAskFor(scene)
    const { choice, paid } = ask
    const input = {
      user: subject(ask.user),
      planCode: ask.plan,
      ...(choice === undefined ? {} : { choice }),
      ...(paid === undefined ? {} : { paid }),
    }
    return {
      text: `${verb} plan ${JSON.stringify(ask)}`,
      real: async ({ plans }) => shown(await plans[verb](ctx, input)),
      realIn: ({ plans }, tx) => shown(plans[`${verb}In`](tx, input)),
      predict: (books, now) => (verb === "assign" ? model.assign : model.change)(books, ask, now),
    }
  }
}

function cancel(scene: Scene): Act {
  const user = scene.random.pick(USERS)
  return {
    text: `cancel the plan of ${user}`,
    real: async ({ plans }) => shown(await plans.cancel(ctx, subject(user))),
    realIn: ({ plans }, tx) => shown(plans.cancelIn(tx, subject(user))),
    predict: (books, now) => model.change(books, { user, plan: "free" }, now),
  }
}

function choose(scene: Scene): Act {
  const user = scene.random.pick(USERS)
  const choice = scene.random.pick(["credits", "byok"] as const)
  return {
    text: `choose ${choice} for ${user}`,
    real: async ({ plans }) => shown(await plans.choose(ctx, { user: subject(user), choice })),
    realIn: ({ plans }, tx) => shown(plans.chooseIn(tx, { user: subject(user), choice })),
    predict: (books, now) => model.chooseNext(books, user, choice, now),
  }
}

function look(scene: Scene): Act {
  const user = scene.random.pick(USERS)
  return {
    text: `standing of ${user}`,
    real: ({ plans, store }) => store.write(ctx, (tx) => shown(plans.standingOfIn(tx, UserId(user)))),
    realIn: ({ plans }, tx) => shown(plans.standingOfIn(tx, UserId(user))),
    predict: (books, now) => model.standingAt(books, user, now),
  }
}

function allocateDue({ clockNow }: Scene): Act {
  return {
    text: "grant the months that began",
    solo: true,
    real: ({ plans }) => plans.allocateDue(),
    predict: (books, now) => model.allocateDue(books, clockNow, now),
  }
}

/** As a call through an app does it: what is due of the plan first, then the hold, in one mutation. */
const planCall = (scene: Scene): Act => {
  const user = scene.random.pick(USERS)
  return callOf(user, { ...someAsk(scene), wallet: `live ${user}` }, scene)
}

function callOf(user: number, ask: ReturnType<typeof someAsk>, scene: Scene): Act {
  const call = holdAct(ask, scene)
  const act = (real: Parameters<NonNullable<Act["realIn"]>>[0], tx: Parameters<NonNullable<Act["realIn"]>>[1]) => {
    const periods = real.plans.allocateDueIn(tx, UserId(user))
    return { periods, ...(call.realIn!(real, tx) as object) }
  }
  return {
    text: `plan's months of ${user}, then ${call.text}`,
    again: () => callOf(user, { ...ask, callId: scene.key("req") }, scene),
    real: (real) => real.store.write(ctx, (tx) => act(real, tx)),
    realIn: act,
    predict: (books, now) =>
      model.atomically(books, () => {
        const periods = model.allocate(books, user, now)
        return { periods, ...(call.predict(books, now) as object) }
      }),
  }
}

function planClaim(scene: Scene): Act {
  const user = scene.random.pick(USERS)
  const wallet = `live ${user}`
  const act: NonNullable<Act["realIn"]> = ({ plans, ledger }, tx) =>
    ledger.claimDailyIn(tx, { ...ownerOf(wallet), ...plans.claimTermsIn(tx, UserId(user)), auto: true })
  return {
    text: `claim of ${user} by plan`,
    real: (real) => real.store.write(ctx, (tx) => act(real, tx)),
    realIn: act,
    predict: (books, now) => credits.claim(books, { wallet, ...model.claimTerms(books, user, now) }, now),
  }
}

export const PLANS: Operation[] = [
  { name: "assignPlan", weight: 2.5, make: move("assign") },
  { name: "changePlan", weight: 2.5, make: move("change") },
  { name: "cancelPlan", weight: 0.6, make: cancel },
  { name: "choose", weight: 0.8, make: choose },
  { name: "standing", weight: 1, make: look },
  { name: "allocateDue", weight: 1.5, make: allocateDue },
  { name: "planCall", weight: 3, make: planCall },
  { name: "planClaim", weight: 3, make: planClaim },
  { name: "editPlan", weight: 1, make: edit },
  { name: "freeBudget", weight: 0.4, make: ({ random }) => budgetAct(random.pick([null, 500, 1_200, 3_000])) },
]
