// The addresses of the marketplace as consumers see it: open ones, and those of a subscriber.
import type { PageEntry } from "../../base/index.ts"

/** Anybody may look. */
export const MARKET_PAGES = [
  {
    path: "/marketplace",
    viewer: "anyone",
    title: "Marketplace",
    query: "q=weather",
    nav: { group: "", label: "Marketplace", icon: "market", order: 36, for: "person" },
    search: {
      text: "APIs that developers publish: plans, documentation, keys.",
      words: "api apis market store subscribe rapidapi find product",
    },
  },
  { path: "/marketplace/:product", viewer: "anyone", title: "An API" },
  { path: "/marketplace/:product/docs", viewer: "anyone", title: "Documentation of an API" },
  { path: "/marketplace/:product/docs/:endpoint", viewer: "anyone", title: "An endpoint of an API" },
  { path: "/marketplace/:product/guides/:guide", viewer: "anyone", title: "A guide of an API" },
  { path: "/marketplace/:product/changelog", viewer: "anyone", title: "Changes of an API" },
  { path: "/marketplace/:product/support", viewer: "anyone", title: "Support of an API" },
  { path: "/marketplace/:product/reviews", viewer: "anyone", title: "Reviews of an API" },
  { path: "/marketplace/:product/openapi.json", viewer: "anyone", kind: "data", title: "An API as OpenAPI" },
  { path: "/marketplace/:product/postman.json", viewer: "anyone", kind: "data", title: "An API for Postman" },
] as const satisfies readonly PageEntry[]

/** A person's own. */
export const SUBSCRIBER_PAGES = [
  { path: "/marketplace/:product/reviews/:review/report", viewer: "person", title: "Report a review" },
  { path: "/marketplace/:product/reviews/:review/removal", viewer: "person", title: "Remove a review" },
] as const satisfies readonly PageEntry[]
