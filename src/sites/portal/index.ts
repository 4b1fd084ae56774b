// The door of the portal: what a developer sees of the apps they build.
import { admit, createSite, refuseOpen, requireSession } from "../base/index.ts"
import { analyticsRoutes } from "./analytics.ts"
import { appCacheRoutes } from "./app-cache.ts"
import { appDeletionRoutes } from "./app-deletion.ts"
import { appDomainRoutes } from "./app-domain.ts"
import { appHealthRoutes } from "./app-health.ts"
import { appKeyRoutes } from "./app-keys.ts"
import { appListingRoutes } from "./app-listing.ts"
import { appPoolRoutes } from "./app-pool.ts"
import { appRequestRoutes } from "./app-requests.ts"
import { appReviewRoutes } from "./app-review.ts"
import { appTransferRoutes } from "./app-transfer.ts"
import { appUserRoutes } from "./app-users.ts"
import { appRoutes } from "./apps.ts"
import { iconRoutes } from "./icon.ts"
import { PORTAL_PAGES } from "./pages.ts"
import { payoutsRoutes } from "./payouts/index.ts"
import { publisherRoutes } from "./publisher/index.ts"
import { secretRoutes } from "./secrets.ts"
import { sellingRoutes } from "./selling/index.ts"
import { developerSettingsRoutes } from "./settings.ts"
import type { PortalDeps } from "./site.ts"
import { testCallRoutes } from "./test-call.ts"
import { testCreditRoutes } from "./test-credits.ts"
import { testUserRoutes } from "./test-users.ts"
import { appWebhookRoutes } from "./webhooks.ts"

export { PORTAL_PAGES } from "./pages.ts"
export { documentAnswer, documentRow } from "./payouts/documents.ts"
export { detailOf as payoutDetail } from "./payouts/one.ts"
export { rowOf as payoutRow } from "./payouts/words.ts"

export function portalSite(deps: PortalDeps) {
  const site = createSite({
    web: deps.web,
    pages: PORTAL_PAGES,
    enter: (request) => requireSession(deps, request),
    admit,
    admitOpen: (request, path) => refuseOpen(deps, request, path),
  })
  appRoutes(site, deps)
  iconRoutes(site, deps)
  secretRoutes(site, deps)
  appKeyRoutes(site, deps)
  appDomainRoutes(site, deps)
  appPoolRoutes(site, deps)
  appCacheRoutes(site, deps)
  appDeletionRoutes(site, deps)
  appReviewRoutes(site, deps)
  appTransferRoutes(site, deps)
  appListingRoutes(site, deps)
  appUserRoutes(site, deps)
  appRequestRoutes(site, deps)
  appHealthRoutes(site, deps)
  analyticsRoutes(site, deps)
  sellingRoutes(site, deps)
  testCallRoutes(site, deps)
  testCreditRoutes(site, deps)
  testUserRoutes(site, deps)
  developerSettingsRoutes(site, deps)
  appWebhookRoutes(site, deps)
  publisherRoutes(site, deps)
  payoutsRoutes(site, deps)
  return site.routes
}
