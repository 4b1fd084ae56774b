// The nouns of directory: what a developer writes of an app, what everybody sees of it, and what people report.

import type { Analytics } from "../analytics/index.ts"
import type { Clock, Ids, UserId } from "../app/index.ts"
import type { AppHosts } from "../developers/index.ts"
import type { Identity } from "../identity/index.ts"
import type { Mails } from "../mail/index.ts"
import type { Crop, Media } from "../media/index.ts"
import type { Client, Oauth } from "../oauth/index.ts"
import type { Settings } from "../settings/index.ts"
import type { Place, Store } from "../store/index.ts"
import type { directoryCards, directoryListings, directoryReports, directoryShots } from "./tables.ts"

/** `listed`: everybody sees the words that were let in last. `unlisted`: its developer took it away, or an admin let it back as a draft. */
export type ListingState = "draft" | "listed" | "unlisted" | "suspended"
export type ReportKind = "scam" | "harmful" | "copy" | "broken" | "spam" | "other"

export type Listing = typeof directoryListings.$inferSelect
export type Shot = typeof directoryShots.$inferSelect
export type Card = typeof directoryCards.$inferSelect
export type Report = typeof directoryReports.$inferSelect

/** What a developer may write. */
export interface ListingDraft {
  slug: string
  tagline: string
  /** Markdown. */
  description: string
  category: string
  tags: string[]
  /** Where “Use app” leads. */
  url: string
  sourceUrl: string
  priceWords: string
}

export interface ShownShot {
  /** `sht_…` */
  id: string
  alt: string
}

/** An app as everybody sees it. */
export interface ListedApp extends Omit<Card, "tags" | "shots"> {
  slug: string
  tags: string[]
  shots: ShownShot[]
  /** `cli_…` */
  publicId: string
  name: string
  ownerId: UserId
}

export type DirectoryOrder = "best" | "used" | "new"

export interface DirectoryQuery {
  q: string
  /** "" = all. */
  category: string
  tag: string
  order: DirectoryOrder
  place: Place | null
}

export interface DirectoryPage {
  apps: ListedApp[]
  next: Place | null
  /** Of all that is listed, largest first. */
  categories: { name: string; apps: number }[]
  /** Nothing is listed at all. */
  isEmpty: boolean
}

export interface OwnRef {
  ownerId: UserId
  client: Client
}

export interface AddShot extends OwnRef {
  bytes: Uint8Array
  crop: Crop | null
  alt: string
}

/** A listing on an admin's list. */
export interface AdminListing extends Listing {
  publicId: string
  name: string
  /** Null = nobody. */
  ownerId: UserId | null
  featuredMs: number | null
  people: number
  /** Reports that wait. */
  reports: number
}

export type AdminCut = "waiting" | "reported" | "listed" | "suspended"

export interface DirectoryDeps {
  store: Store
  clock: Clock
  ids: Pick<Ids, "next">
  settings: Settings
  mails: Mails
  identity: Pick<Identity, "userById" | "requireActiveIn">
  oauth: Pick<Oauth, "clientByPublicId">
  appHosts: Pick<AppHosts, "verified">
  media: Pick<Media, "storeImage" | "showIn" | "addressOf">
  analytics: Pick<Analytics, "report">
  developerName: (ownerId: UserId) => string
}
