// What the pages of the marketplace show of products, plans, endpoints and a person's subscription. Types only.
import type { Nano } from "../../../src/app/units.ts"
import type { Frame } from "../../layout/frame.ts"
import type { Language } from "../../ui/index.ts"

export type Cycle = "week" | "month" | "year"
export type Period = "day" | "week" | "month" | "year"
export type Span = "second" | "minute" | "hour"
export type Support = "community" | "email" | "priority" | "dedicated"

/** Of all reviews: `tenths` is ten times the average number of stars. */
export interface Rating {
  tenths: number
  count: number
}

export interface MarketCard {
  slug: string
  title: string
  tagline: string
  publisher: string
  /** Address of the publisher's picture; undefined = they have none. */
  logo: string | undefined
  categories: readonly string[]
  /** Its cheapest plan that costs something; null = there is none. */
  from: { price: Nano; cycle: Cycle } | null
  hasFree: boolean
  endpoints: number
  rating: Rating | null
  isFeatured: boolean
  /** The person is subscribed. */
  isMine: boolean
}

export type ProductTab = "plans" | "docs" | "changelog" | "support" | "reviews" | "usage" | "keys" | "calls" | "billing"

export type SubscriptionState = "trialing" | "active" | "past_due" | "banned" | "ended"

export interface ProductHead {
  slug: string
  title: string
  tagline: string
  publisher: string
  /** Address of the publisher's picture; undefined = they have none. */
  logo: string | undefined
  version: string
  categories: readonly string[]
  rating: Rating | null
  /** Whether its server answers; null = it was not asked yet. */
  health: { isUp: boolean; uptimeBp: number | null } | null
  /** What everybody has to know first: it is taken off the market, or suspended. */
  notice?: string | undefined
  /** The person's, where there is one that has not ended. */
  subscription: { planName: string; state: SubscriptionState } | null
  /** What whoever reads it may do: subscribe and change; have keys and call from pages. Of a team not everybody does. */
  may: { pay: boolean; call: boolean }
}

/** What every page of a product knows. */
export interface ProductPage {
  frame: Frame
  now: number
  product: ProductHead
}

export interface QuotaTerm {
  period: Period
  units: number
  anchor: "calendar" | "anniversary"
}

export interface RateTerm {
  /** Null = each endpoint by itself. */
  endpoint: string | null
  span: Span
  requests: number
}

export interface MarketPlan {
  id: string
  name: string
  price: Nano
  cycle: Cycle
  trialDays: number
  quotas: readonly QuotaTerm[]
  rates: readonly RateTerm[]
  /** Of a unit above the quota; null = it is refused. */
  overage: Nano | null
  /** The most that these may cost in one cycle. */
  overageCap: Nano | null
  /** A line each. */
  features: readonly string[]
  support: Support
  /** Endpoints that it opens. */
  endpoints: number
  /** The person is on it; `terms` when they keep older ones. */
  mine?: { keepsOlder: boolean } | undefined
  /** Their next period begins with it. */
  isNext?: boolean | undefined
  /** No new subscriptions. */
  isRetired?: boolean | undefined
}

/** A row of the tree of the documentation. */
export interface EndpointLink {
  id: string
  method: string
  path: string
  title: string
  /** Null = in every plan. */
  minPlan: string | null
  /** By the plan of the person, or by none; undefined = nobody subscribed, so nothing is known. */
  isLocked?: boolean | undefined
  isDeprecated: boolean
}

export interface GuideLink {
  slug: string
  title: string
}

export interface DocsTree {
  guides: readonly GuideLink[]
  endpoints: readonly EndpointLink[]
}

export interface DocParameter {
  name: string
  type: string
  isRequired: boolean
  description: string
  example: string | null
}

export interface DocExample {
  status: number
  meaning: string
  type: string
  body: string
}

export interface DocSample {
  label: string
  language: Language
  code: string
}

export interface EndpointDoc extends EndpointLink {
  /** Markdown of its publisher. */
  description: string
  /** Whole, with the template of the path. */
  url: string
  parameters: Readonly<Record<"path" | "query" | "header", readonly DocParameter[]>>
  /** Fields of the body, its schema and an example; null = it takes none. */
  body: { type: string; fields: readonly DocParameter[]; schema: string | null; example: string | null } | null
  success: readonly DocExample[]
  errors: readonly DocExample[]
  /** How many units of quota a call uses. */
  weight: number
  /** Of each call beside the plan; 0 = in the plan. */
  price: Nano
  /** Its publisher takes calls from some addresses alone. */
  hasAddresses: boolean
  /** What the limits of plans mean for it, the person's first. */
  limits: readonly PlanLimits[]
  samples: readonly DocSample[]
}

export interface PlanLimits {
  plan: string
  isMine: boolean
  /** Its endpoints do not hold this one. */
  isLocked: boolean
  quotas: readonly QuotaTerm[]
  rates: readonly RateTerm[]
  overage: Nano | null
  overageCap: Nano | null
}

/** A field of Try-it. */
export interface TryField {
  /** `p-0`: a name of a parameter can be anything, an id cannot. */
  name: string
  place: "path" | "query" | "header"
  label: string
  type: string
  isRequired: boolean
  options: readonly string[]
  typed: string
  error?: string | undefined
}

export interface TryForm {
  action: string
  fields: readonly TryField[]
  /** Undefined = the endpoint takes none. */
  body?: { type: string; typed: string; error?: string | undefined } | undefined
  /** Keys of the person that may make the call; empty where nobody is subscribed. */
  keys: readonly { id: string; name: string }[]
  key: string
  error?: string | undefined
}

/** Why Try-it shows the stored example and makes no call. */
export type TryLock = "signed_out" | "not_subscribed" | "plan" | "no_key" | "stopped" | "role"

export interface TryAnswer {
  /** Stored by the publisher, not asked for now. */
  isExample: boolean
  status: number
  statusText: string
  ms: number | null
  requestId: string | null
  headers: readonly (readonly [name: string, value: string])[]
  type: string
  /** As text; null = it is not text. */
  body: string | null
  language: Language
  bytes: number
  /** Only the first part of the body is shown. */
  isCut: boolean
}
