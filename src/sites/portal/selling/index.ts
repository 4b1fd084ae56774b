// Pages of what publishers earn with: plans and pricing, consumers, revenue.
import type { PortalDeps, PortalSite } from "../site.ts"
import { consumerRoutes } from "./consumers.ts"
import { planEditorRoutes } from "./plans.ts"
import { revenueRoutes } from "./revenue.ts"

export function sellingRoutes(site: PortalSite, deps: PortalDeps): void {
  planEditorRoutes(site, deps)
  consumerRoutes(site, deps)
  revenueRoutes(site, deps)
}
