// The pages of payouts, of developers and publishers alike.
import type { PortalDeps, PortalSite } from "../site.ts"
import { payoutDocumentRoutes } from "./documents.ts"
import { payoutHomeRoutes } from "./home.ts"
import { payoutMethodRoutes } from "./method.ts"
import { payoutRoutes } from "./one.ts"
import { statementRoutes } from "./statements.ts"
import { taxNumberRoutes } from "./tax-number.ts"

export function payoutsRoutes(site: PortalSite, deps: PortalDeps): void {
  payoutHomeRoutes(site, deps)
  payoutMethodRoutes(site, deps)
  payoutDocumentRoutes(site, deps)
  taxNumberRoutes(site, deps)
  statementRoutes(site, deps)
  payoutRoutes(site, deps)
}
