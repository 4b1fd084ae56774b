// The words that all parts of the marketplace share (SPEC §16).
import type { Erased, Leaving, Part, Person, Running } from "../part/index.ts"
import type { Settings } from "../settings/index.ts"
import type { Store, Tx } from "../store/index.ts"

export type ProductState = "draft" | "review" | "published" | "unpublished" | "suspended"
/** How often a plan is paid. */
export type Cycle = "week" | "month" | "year"
export type QuotaPeriod = "day" | "week" | "month" | "year"
/** `calendar`: 0:00 UTC of the day, Monday, the first, 1 January. `anniversary`: from the moment of subscribing. */
export type Anchor = "calendar" | "anniversary"
export type RateSpan = "second" | "minute" | "hour"
export type SubscriptionState = "trialing" | "active" | "past_due" | "banned" | "ended"
export type SupportLevel = "community" | "email" | "priority" | "dedicated"
export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS"
export type ParameterPlace = "path" | "query" | "header" | "body"
/** `read`: GET and HEAD alone. */
export type KeyAccess = "read" | "all"

/** What a folder's part may work with when the house runs. */
export interface MarketWorks<Marketplace> {
  marketplace: Marketplace
  store: Pick<Store, "read" | "write">
  settings: Pick<Settings, "get">
}

/** What a folder of the marketplace answers when something happens to a person: what it says nothing of is nothing to it. */
export interface MarketHooks {
  suspended?(tx: Tx, person: Person): void
  reinstated?(tx: Tx, person: Person): void
  erased?: (tx: Tx, person: Erased, rows: number) => number
  leaving?: (person: Person) => Leaving
}

/** What a folder contributes; its rows of people stand in its `store-personal.ts`. */
export interface MarketPart<Marketplace> extends Omit<Part, "name" | "run" | "personal"> {
  run?(works: MarketWorks<Marketplace>): Omit<Running, "lifecycle" | "sessionEnded"> & { lifecycle?: MarketHooks }
}
