// What the public site is made of, and its routes as a site.
import type { FrameUser } from "../../../views/layout/index.ts"
import type { DocsResult } from "../../../views/public/docs/index.ts"
import type { Mail } from "../../../views/public/mailbox.tsx"
import type { SearchResult } from "../../../views/public/search.tsx"
import type { Clock } from "../../app/index.ts"
import type { Docs } from "../../docs/index.ts"
import type { ModelPriceLine } from "../../gateway/index.ts"
import type { Assets, Web } from "../../http/index.ts"
import type { Media } from "../../media/index.ts"
import type { NotReady } from "../../part/index.ts"
import type { BaseRequest, Site } from "../base/index.ts"
import type { PUBLIC_PAGES } from "./pages.ts"
import type { PricingDeps } from "./pricing.ts"
import type { SdkRelease } from "./sdk.ts"

export interface PublicDeps {
  web: Web
  clock: Clock
  find: (query: string, user: FrameUser | undefined) => SearchResult[]
  media: Pick<Media, "fileOf">
  assets: Pick<Assets, "open">
  sdk: SdkRelease
  apiBaseUrl: string
  /** Where the public pages are, without a trailing slash. */
  siteUrl: string
  docs: Docs
  /** What a page's file is added to; "" = pages cannot be edited anywhere. */
  docsEditUrl: () => string
  /** APIs of the marketplace that fit a search, best first. */
  products: (query: string) => Promise<readonly DocsResult[]>
  /** Addresses of all of them that are public, at most so many. */
  productAddresses: (most: number) => readonly string[]
  /** The OpenAPI document of this server, made once. */
  apiDocument: () => Readonly<Record<string, unknown>>
  sampleModel: () => string
  /** Models that answer here with their prices, cheapest first. */
  priceList: () => readonly ModelPriceLine[]
  /** What is sold. */
  pricing: PricingDeps
  /** Whole credits of a day on the free plan. */
  dailyCredits: () => number
  /** Who is signed in to the console, for the bar at the top. */
  userOf: (request: Request) => FrameUser | undefined
  /** Demo mode only; null elsewhere. */
  mailbox: (() => Mail[]) | null
  /** Why the server should get no traffic now; empty = all is well. */
  notReady: () => NotReady[]
  /** What is told beside it, such as how far the replica is behind. */
  vitals: () => Readonly<Record<string, string | number>>
  /** Answers /metrics. @throws AppError to whoever may not read them */
  metrics: (request: Request) => Promise<Response>
}

/** Anybody's request; `user` when they are signed in to the console. */
export interface PublicRequest extends BaseRequest {
  user: FrameUser | undefined
}

export type PublicSite = Site<PublicRequest, (typeof PUBLIC_PAGES)[number]["path"]>
