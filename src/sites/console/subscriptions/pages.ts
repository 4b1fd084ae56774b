// Addresses of API subscriptions: what a person subscribed to in the marketplace, and what it costs.
import type { PageEntry } from "../../base/index.ts"

const S = "/subscriptions/:subscription"

export const SUBSCRIPTION_PAGES = [
  {
    path: "/subscriptions",
    viewer: "person",
    title: "API subscriptions",
    nav: { group: "", label: "API subscriptions", icon: "receipt", order: 37 },
    search: {
      text: "APIs that you subscribed to, with what of each is used.",
      words: "subscription api plan quota usage marketplace renew cancel upgrade downgrade",
    },
  },
  {
    path: "/subscriptions/billing",
    viewer: "person",
    title: "Billing of API subscriptions",
    query: "state=paid",
    search: {
      text: "What each API costs you, and its receipts.",
      words: "bill invoice receipt next payment overage api",
    },
  },
  { path: S, viewer: "person", title: "An API subscription" },
  { path: `${S}/plan`, viewer: "person", title: "Plans of an API" },
  { path: `${S}/cancellation`, viewer: "person", title: "Cancel an API subscription" },
] as const satisfies readonly PageEntry[]
