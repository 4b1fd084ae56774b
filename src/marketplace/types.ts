// The words that all parts of the marketplace share (SPEC §16).
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
