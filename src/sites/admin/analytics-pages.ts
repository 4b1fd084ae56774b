// Addresses of the operator's analytics.
import type { PageEntry } from "../base/index.ts"

export const ANALYTICS_PAGES = [
  {
    path: "/admin/analytics",
    viewer: "admin",
    title: "Analytics of the house",
    nav: { group: "Admin", label: "Analytics", icon: "gauge", order: 15 },
    search: {
      text: "Revenue, margin, people, churn, models, upstreams, peak hours.",
      words: "statistics figures metrics revenue margin cohorts churn mau dau errors refusals report csv admin",
    },
  },
  { path: "/admin/analytics.csv", viewer: "admin", kind: "data", title: "Analytics as a file" },
] as const satisfies readonly PageEntry[]
