// What the console is made of, and its routes as a site. Each page takes the part of it that it needs.
import type { Analytics } from "../../analytics/index.ts"
import type { Announcements } from "../../announcements/index.ts"
import type { Clock, UserId } from "../../app/index.ts"
import type { Billing } from "../../billing/index.ts"
import type { AppHosts, AppKeys, AppReviews, AppTransfers, Developers } from "../../developers/index.ts"
import type { Directory } from "../../directory/index.ts"
import type { Gateway } from "../../gateway/index.ts"
import type { Places, SdkRelease, Sse, Web } from "../../http/index.ts"
import type { Identity } from "../../identity/index.ts"
import type { Kept } from "../../kept/index.ts"
import type { Keys } from "../../keys/index.ts"
import type { Ledger } from "../../ledger/index.ts"
import type { Legal, LegalFacts } from "../../legal/index.ts"
import type { Limits } from "../../limits/index.ts"
import type { Marketplace } from "../../marketplace/index.ts"
import type { Mcp } from "../../mcp/index.ts"
import type { Media } from "../../media/index.ts"
import type { Notices } from "../../notices/index.ts"
import type { Client, Oauth } from "../../oauth/index.ts"
import type { Sentences } from "../../part/index.ts"
import type { Payouts } from "../../payouts/index.ts"
import type { Plans } from "../../plans/index.ts"
import type { DeveloperShares } from "../../pricing/index.ts"
import type { Privacy } from "../../privacy/index.ts"
import type { Referrals } from "../../referrals/index.ts"
import type { Settings } from "../../settings/index.ts"
import type { Spending } from "../../spending/index.ts"
import type { Sponsors } from "../../sponsors/index.ts"
import type { ReadWorker, Store } from "../../store/index.ts"
import type { Support } from "../../support/index.ts"
import type { Teams } from "../../teams/index.ts"
import type { Usage } from "../../usage/index.ts"
import type { Webhooks } from "../../webhooks/index.ts"
import type { PageRequest, Site } from "../base/index.ts"
import type { CONSOLE_PAGES } from "./pages.ts"

export type ConsoleSite = Site<PageRequest, (typeof CONSOLE_PAGES)[number]["path"]>

export interface ConsoleDeps {
  web: Web
  clock: Clock
  /** The machine's, which ID tokens go by. */
  wall: Clock
  store: Store
  /** How the audit log reads acts, by action. */
  sentences: Sentences
  reads: ReadWorker
  identity: Identity
  oauth: Oauth
  keys: Keys
  ledger: Ledger
  marketplace: Marketplace
  directory: Directory
  announcements: Announcements
  payouts: Payouts
  mcp: Mcp
  media: Media
  plans: Plans
  teams: Teams
  billing: Billing
  settings: Settings
  usage: Usage
  kept: Kept
  limits: Limits
  notices: Notices
  support: Support
  legal: Legal
  /** What this server does, for the legal texts. */
  legalFacts: () => LegalFacts
  /** Where a network address is; knows nothing without a file of the operator's. */
  places: Places
  developers: Developers
  appKeys: AppKeys
  webhooks: Webhooks
  appHosts: AppHosts
  spending: Spending
  sponsors: Sponsors
  referrals: Referrals
  appReviews: AppReviews
  appTransfers: AppTransfers
  analytics: Analytics
  gateway: Gateway
  privacy: Privacy
  sse: Sse
  /** What apps import. */
  sdk: SdkRelease
  /** The console's own first-party client. */
  console: Client
  /** HMAC key of the login round trip. */
  stateSecret: string
  developerName: (ownerId: UserId) => string
  /** What developers earn of the model price by the rules of now, for the first page of developers. */
  developerShares: () => DeveloperShares
  /** A read Worker for what takes long: downloads, and lists in an order that takes a look at everybody. */
  exports: ReadWorker
}
