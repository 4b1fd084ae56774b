// Addresses of what publishers earn with: plans and pricing, consumers, revenue.
import type { PageEntry } from "../../base/index.ts"

const P = "/publisher/products/:product"

export const SELLING_PAGES = [
  { path: `${P}/plans`, viewer: "developer", title: "Plans and pricing" },
  { path: `${P}/plans/new`, viewer: "developer", title: "New plan" },
  { path: `${P}/plans/:productplan`, viewer: "developer", title: "A plan" },
  { path: `${P}/consumers`, viewer: "developer", title: "Consumers" },
  { path: `${P}/consumers/:consumer`, viewer: "developer", title: "A consumer" },
  { path: `${P}/consumers/:consumer/block`, viewer: "developer", title: "Block a consumer" },
  { path: `${P}/consumers/:consumer/end`, viewer: "developer", title: "End a subscription" },
  { path: `${P}/consumers/:consumer/payments/:bill/refund`, viewer: "developer", title: "Give a payment back" },
  {
    path: "/publisher/revenue",
    viewer: "developer",
    title: "Revenue of your APIs",
    query: "product=weather&range=12m",
    nav: [{ group: "Developer", label: "API revenue", icon: "coin", order: 34 }],
    search: {
      text: "What your APIs earned: gross, commission, net.",
      words: "revenue income earnings commission net gross csv money",
    },
  },
  { path: "/publisher/revenue.csv", viewer: "developer", kind: "data", title: "Revenue as a file" },
] as const satisfies readonly PageEntry[]
