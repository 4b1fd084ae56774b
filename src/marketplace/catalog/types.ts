// The nouns of `catalog`. Rows are as their tables have them; what people give comes as drafts, which `rules.ts` checks.
import type { Nano, PrincipalId } from "../../app/index.ts"
import type { marketEndpoints, marketExamples, marketParameters, marketProducts, marketPublishers } from "../tables.ts"
import type { Method, ParameterPlace, SupportLevel } from "../types.ts"
import type { marketChanges, marketContacts, marketGuides, marketHosts, marketQuestions } from "./tables.ts"

export type Publisher = typeof marketPublishers.$inferSelect
export type Product = typeof marketProducts.$inferSelect
export type ParameterRow = typeof marketParameters.$inferSelect
export type ExampleRow = typeof marketExamples.$inferSelect
export type Guide = typeof marketGuides.$inferSelect
export type Change = typeof marketChanges.$inferSelect
export type Contact = typeof marketContacts.$inferSelect
export type Question = typeof marketQuestions.$inferSelect
export type Host = typeof marketHosts.$inferSelect

/** A living endpoint, with what is written about it. */
export type Endpoint = typeof marketEndpoints.$inferSelect & {
  parameters: ParameterRow[]
  examples: ExampleRow[]
}

export type DocumentState = "current" | "waiting"
export type ProvenBy = "dns" | "file" | "admin"
export type ContactKind = "email" | "chat" | "tickets" | "forum" | "person" | "status"

/** Whose product: another owner's is not found. */
export interface Mine {
  ownerId: PrincipalId
  productPublicId: string
}

export interface NewPublisher {
  ownerId: PrincipalId
  slug: string
  name: string
  organisation?: string | null
  about?: string
}

export type PublisherChanges = Partial<Pick<Publisher, "slug" | "name" | "organisation" | "about">>

export interface ProductDraft {
  title: string
  tagline: string
  overview: string
  version: string
  slug: string
  /** https://host/base */
  upstreamUrl: string
  categories: readonly string[]
  /** The publisher's own secret for their server; '' or null = none, undefined = as it is. */
  upstreamHeader: string | null
  upstreamSecret: string | null
  timeoutMs: number
  bodyBytesMax: number
  /** Addresses and ranges that calls may come from, and may not, as typed; none = no rule. */
  allowedIps: readonly string[]
  deniedIps: readonly string[]
}

export type NewProduct = Pick<ProductDraft, "title" | "upstreamUrl"> & Partial<ProductDraft> & { ownerId: PrincipalId }
export type EditProduct = Mine & Partial<ProductDraft> & { seenMs?: number }

export interface ParameterDraft {
  place: ParameterPlace
  name: string
  type: string
  required: boolean
  description?: string
  example?: string | null
  /** JSON Schema, as JSON. */
  schema?: string | null
}

export interface ExampleDraft {
  status: number
  meaning?: string
  bodyType?: string
  body?: string
}

export interface EndpointDraft {
  method: Method
  path: string
  title: string
  description?: string
  /** `mpl_…` of a plan of the same product; null = every plan. */
  minPlan?: string | null
  weight?: number
  priceNano?: Nano
  validates?: boolean
  bodySchema?: string | null
  bodyType?: string | null
  deprecated?: boolean
  /** Beside those of the product. */
  allowedIps?: readonly string[]
  deniedIps?: readonly string[]
  parameters?: readonly ParameterDraft[]
  examples?: readonly ExampleDraft[]
}

export interface ContactDraft {
  level: SupportLevel
  kind: ContactKind
  label: string
  target: string
}

export interface ChangeDraft {
  version: string
  title: string
  body: string
  breaking: boolean
}

/** What proves that a host is the publisher's: either of the two. */
export interface HostProof {
  host: string
  provenMs: number | null
  provenBy: ProvenBy | null
  triedMs: number | null
  /** Since when neither is there any more; null = it is, as far as was looked. */
  missingMs: number | null
  dnsName: string
  dnsValue: string
  fileUrl: string
  fileText: string
}

/** The commission in force, in basis points, and who said so. */
export interface Commission {
  bp: number
  by: "product" | "publisher" | "platform"
}
