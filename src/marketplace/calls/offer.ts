// The words of what a call is judged by: whose subscription, under which terms, to which product.
import type { Nano, PrincipalId } from "../../app/index.ts"
import type {
  marketEndpoints,
  marketExamples,
  marketParameters,
  marketPlans,
  marketProducts,
  marketQuotas,
  marketRates,
  marketSubscriptions,
} from "../tables.ts"
import type { Routes } from "./route.ts"

export type SubscriptionRow = typeof marketSubscriptions.$inferSelect
export type QuotaTerms = Omit<typeof marketQuotas.$inferSelect, "termsId">
export type RateTerms = Omit<typeof marketRates.$inferSelect, "termsId">
export type ParameterRow = typeof marketParameters.$inferSelect
export type Example = typeof marketExamples.$inferSelect

/** A version of a plan's terms. */
export interface Offer {
  termsId: number
  planId: number
  overageNano: Nano | null
  overageCapNano: Nano | null
  quotas: QuotaTerms[]
  rates: RateTerms[]
}

/** An endpoint as calls know it. `validates` as the column has it: 0 or 1. */
export interface EndpointOffered
  extends Pick<
    typeof marketEndpoints.$inferSelect,
    | "id"
    | "publicId"
    | "method"
    | "path"
    | "minPlanId"
    | "weight"
    | "priceNano"
    | "bodySchema"
    | "bodyType"
    | "allowedIps"
    | "deniedIps"
  > {
  validates: number
}

export interface ProductOffered
  extends Pick<
    typeof marketProducts.$inferSelect,
    | "id"
    | "publicId"
    | "slug"
    | "title"
    | "state"
    | "upstreamUrl"
    | "upstreamHeader"
    | "upstreamSecret"
    | "signingSecret"
    | "timeoutMs"
    | "bodyBytesMax"
    | "allowedIps"
    | "deniedIps"
  > {
  publisherId: number
  publisherPublicId: string
  publisherSlug: string
  /** Its publisher is suspended. */
  suspendedMs: number | null
  /** Who earns. */
  ownerId: PrincipalId
  /** Until when they count. */
  formerSlugs: ReadonlyMap<string, number>
  plans: Pick<typeof marketPlans.$inferSelect, "id" | "rank" | "name">[]
  routes: Routes
}
