// The marketplace as consumers see it: pages that anybody may look at, and those of a subscriber.
import { createSite } from "../../base/index.ts"
import type { ConsoleSite } from "../site.ts"
import { browseRoutes } from "./browse.ts"
import { billingRoutes, callRoutes } from "./calls.ts"
import { docsRoutes } from "./docs.ts"
import { documentRoutes } from "./documents.ts"
import { keyRoutes } from "./keys.ts"
import { MARKET_PAGES } from "./pages.ts"
import { productRoutes } from "./product.ts"
import { ownReviewRoutes, reviewRoutes } from "./reviews.ts"
import { admitMarket, enterMarket, type MarketDeps } from "./site.ts"
import { followRoutes, subscribeRoutes } from "./subscribe.ts"
import { usageRoutes } from "./usage.ts"

/** Open to strangers. */
export function marketSite(deps: MarketDeps) {
  const site = createSite({
    web: deps.web,
    pages: MARKET_PAGES,
    enter: (request) => enterMarket(deps, request),
    admit: admitMarket,
  })
  browseRoutes(site, deps)
  productRoutes(site, deps)
  docsRoutes(site, deps)
  documentRoutes(site, deps)
  reviewRoutes(site, deps)
  return site.routes
}

/** A person's own, behind the console's guard. */
export function subscriberRoutes(site: ConsoleSite, deps: MarketDeps): void {
  subscribeRoutes(site, deps)
  followRoutes(site, deps)
  keyRoutes(site, deps)
  usageRoutes(site, deps)
  callRoutes(site, deps)
  billingRoutes(site, deps)
  ownReviewRoutes(site, deps)
}
