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
  { path: "/marketplace/:api", viewer: "anyone", title: "An API" },
  { path: "/marketplace/:api/docs", viewer: "anyone", title: "Documentation of an API" },
  { path: "/marketplace/:api/docs/:endpoint", viewer: "anyone", title: "An endpoint of an API" },
  { path: "/marketplace/:api/guides/:guide", viewer: "anyone", title: "A guide of an API" },
  { path: "/marketplace/:api/changelog", viewer: "anyone", title: "Changes of an API" },
  { path: "/marketplace/:api/support", viewer: "anyone", title: "Support of an API" },
  { path: "/marketplace/:api/reviews", viewer: "anyone", title: "Reviews of an API" },
  { path: "/marketplace/:api/openapi.json", viewer: "anyone", kind: "data", title: "An API as OpenAPI" },
  { path: "/marketplace/:api/postman.json", viewer: "anyone", kind: "data", title: "An API for Postman" },
] as const satisfies readonly PageEntry[]

/** A person's own. */
export const SUBSCRIBER_PAGES = [
  { path: "/marketplace/:api/subscribe", viewer: "person", title: "Subscribe to an API", query: "plan=mpl_routes" },
  { path: "/marketplace/:api/usage.csv", viewer: "person", kind: "data", title: "Usage of an API as a file" },
  { path: "/marketplace/:api/usage", viewer: "person", title: "Usage of an API", query: "range=7d" },
  { path: "/marketplace/:api/keys", viewer: "person", title: "Keys of an API" },
  { path: "/marketplace/:api/keys/:productKey", viewer: "person", title: "A key of an API" },
  { path: "/marketplace/:api/keys/:productKey/secret", viewer: "person", title: "Rotate a key of an API" },
  { path: "/marketplace/:api/keys/:productKey/revocation", viewer: "person", title: "Revoke a key of an API" },
  { path: "/marketplace/:api/calls", viewer: "person", title: "Calls of an API" },
  { path: "/marketplace/:api/calls/:call", viewer: "person", title: "A call of an API" },
  { path: "/marketplace/:api/billing", viewer: "person", title: "Billing of an API" },
  { path: "/marketplace/:api/reviews/:review/report", viewer: "person", title: "Report a review" },
  { path: "/marketplace/:api/reviews/:review/removal", viewer: "person", title: "Remove a review" },
] as const satisfies readonly PageEntry[]
