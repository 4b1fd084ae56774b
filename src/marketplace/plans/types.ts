// The words of product plans: a plan is a name and a place in the order; what it grants and costs are its terms, by versions.
import type { marketPlans, marketPlanTerms, marketQuotas, marketRates } from "../tables.ts"
import type { SupportLevel } from "../types.ts"

export type QuotaTerms = Omit<typeof marketQuotas.$inferSelect, "termsId">
/** `endpointId` 0 = each endpoint by itself, unless it has a rule of its own. */
export type RateTerms = Omit<typeof marketRates.$inferSelect, "termsId">

type TermsRow = typeof marketPlanTerms.$inferSelect

/** What a publisher decides of a plan. */
export interface TermsInput
  extends Pick<TermsRow, "priceNano" | "cycle" | "trialDays" | "overageNano" | "overageCapNano"> {
  /** Moving up starts quotas anew. Default: used units carry over. */
  resetsOnUpgrade?: boolean
  quotas: readonly QuotaTerms[]
  rates: readonly RateTerms[]
}

export interface ProductTerms extends TermsRow {
  /** Shortest period first. */
  quotas: QuotaTerms[]
  rates: RateTerms[]
}

export type ProductPlanRow = typeof marketPlans.$inferSelect

/** A plan with the terms that a new subscriber gets. */
export interface ProductPlan extends ProductPlanRow {
  terms: ProductTerms
}

export interface NewPlan {
  productId: number
  name: string
  /** Its place in the order; default: above all others. */
  rank?: number
  /** Lines of text. */
  features?: string
  supportLevel?: SupportLevel
  terms: TermsInput
}

/** What is left out stays. */
export interface ChangePlan {
  planId: number
  name?: string
  rank?: number
  features?: string
  supportLevel?: SupportLevel
  /** No new subscriptions, or again. */
  retired?: boolean
  terms?: TermsInput
  /** `updatedMs` of the plan that was looked at, so that two editors do not overwrite each other. */
  seenMs?: number
}

/** What decides whether a plan has an endpoint. */
export interface NeedsPlan {
  minPlanId: number | null
}

/** How many subscribers have which version of a plan's terms. */
export interface TermsInUse {
  terms: ProductTerms
  subscribers: number
}
