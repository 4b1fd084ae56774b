// What the public site is made of, and its routes as a site.
import type { FrameUser } from "../../../views/layout/index.ts"
import type { DocsResult } from "../../../views/public/docs/index.ts"
import type { Mail } from "../../../views/public/mailbox.tsx"
import type { SearchResult } from "../../../views/public/search.tsx"
import type { Clock } from "../../app/index.ts"
import type { Docs } from "../../docs/index.ts"
import type { CapabilityNow, ModelPriceLine } from "../../gateway/index.ts"
import type { Assets, SdkRelease, Web } from "../../http/index.ts"
import type { Legal, LegalFacts } from "../../legal/index.ts"
import type { Media } from "../../media/index.ts"
import type { Notices } from "../../notices/index.ts"
import type { NotReady } from "../../part/index.ts"
import type { Spending } from "../../spending/index.ts"
import type { BaseRequest, Site } from "../base/index.ts"
import type { CardDeps } from "./cards.ts"
import type { DirectoryDeps } from "./directory/index.ts"
import type { PUBLIC_PAGES } from "./pages.ts"
import type { PricingDeps } from "./pricing.ts"

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
  /** Apps of the directory that fit a search, best first. */
  listed: (query: string) => readonly DocsResult[]
  /** APIs of the marketplace that fit a search, best first. */
  products: (query: string) => Promise<readonly DocsResult[]>
  /** Addresses of all of them that are public, at most so many. */
  productAddresses: (most: number) => readonly string[]
  /** The OpenAPI document of this server, made once. */
  apiDocument: () => Readonly<Record<string, unknown>>
  sampleModel: () => string
  /** Where people sign in. */
  signInUrl: string
  /** What is added to the model's price when an app asks, in basis points. */
  sharesOf: (model: string) => { platformBp: number; developerBp: number }
  legal: Legal
  notices: Pick<Notices, "offered" | "unsubscribe">
  spending: Pick<Spending, "offered" | "limitByLink">
  legalFacts: () => LegalFacts
  /** What the operator lets the front page count. */
  counts: () => readonly { label: string; value: number }[]
  /** The operator's accent as a style sheet; empty where it is as it came. */
  brandTouch: () => { id: string; png: Promise<Uint8Array> } | null
  brandSheet: () => { text: string; version: string }
  /** What the front page promises. */
  claims: () => { claim: string; lead: string }
  /** Pictures of links. */
  cards: CardDeps
  /** Models that answer here with their prices, cheapest first. */
  priceList: () => readonly ModelPriceLine[]
  /** What each capability comes to now for somebody who said no preference, the first one asked first. */
  capabilities: () => readonly CapabilityNow[]
  /** The directory. */
  apps: DirectoryDeps
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
