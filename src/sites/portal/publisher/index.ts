// Pages of publishers: their APIs, what is written about them, and who they are.
import type { PortalDeps, PortalSite } from "../site.ts"
import { productCallRoutes } from "./calls.ts"
import { endpointRoutes } from "./endpoints.ts"
import { guideRoutes } from "./guides.ts"
import { homeRoutes } from "./home.ts"
import { hostingRoutes } from "./hosting.ts"
import { importRoutes } from "./import.ts"
import { productRoutes } from "./product.ts"
import { productReviewRoutes } from "./reviews.ts"
import { settingsRoutes } from "./settings.ts"
import { supportRoutes } from "./support.ts"
import { wordRoutes } from "./words.ts"

export function publisherRoutes(site: PortalSite, deps: PortalDeps): void {
  homeRoutes(site, deps)
  productRoutes(site, deps)
  productCallRoutes(site, deps)
  endpointRoutes(site, deps)
  importRoutes(site, deps)
  wordRoutes(site, deps)
  guideRoutes(site, deps)
  supportRoutes(site, deps)
  productReviewRoutes(site, deps)
  settingsRoutes(site, deps)
  hostingRoutes(site, deps)
}
