// The plans as they are seeded, and what the model keeps about them. Part of the naive model (SPEC §2, "plans").

export interface PlanTerms {
  monthly: number
  rolloverMax: number
  rolloverCap: number | null
  rolloverPeriods: number
  eitherOr: boolean
}
export interface Plan extends PlanTerms {
  id: number
  code: string
  price: number
  byok: boolean
  active: boolean
  dailyClaim: number
  freeBudgetCounts: boolean
  updated: number
  /** What the plan granted, from which moment on. */
  history: ({ since: number } & PlanTerms)[]
}
export type Choice = "credits" | "byok"

export interface Assigned {
  user: number
  plan: string
  choice: Choice | null
  nextPlan: string | null
  nextChoice: Choice | null
  paid: boolean
  /** Months are counted from here, and from this number. */
  anchor: number
  anchorNo: number
  no: number
  start: number
  end: number | null
  credited: number
}

export interface PlanBooks {
  plans: Plan[]
  assigned: Assigned[]
  events: number
  freeBudget: number | null
}

const USD = 1_000_000_000
const seeded = (id: number, code: string, price: number, dailyClaim: number, monthly: number, byok: boolean): Plan => {
  const terms = {
    monthly,
    rolloverMax: monthly,
    rolloverCap: monthly === 0 ? null : monthly,
    rolloverPeriods: 1,
    eitherOr: byok,
  }
  return {
    id,
    code,
    price,
    dailyClaim,
    byok,
    ...terms,
    active: true,
    freeBudgetCounts: code === "free",
    updated: 0,
    history: [{ since: 0, ...terms }],
  }
}

/** The seeded plans of SPEC §2. */
export const seededPlans = (): PlanBooks => ({
  plans: [
    seeded(1, "free", 0, 100_000_000, 0, false),
    seeded(2, "basic", 9.99 * USD, 500_000_000, 0, false),
    seeded(3, "pro", 29.99 * USD, 2_000_000_000, 0, false),
    seeded(4, "starter", 30 * USD, 500_000_000, 30 * USD, false),
    seeded(5, "professional", 50 * USD, 500_000_000, 50 * USD, true),
    seeded(6, "enterprise", 99 * USD, 2_000_000_000, 100 * USD, true),
  ],
  assigned: [],
  events: 0,
  freeBudget: 100 * USD,
})
