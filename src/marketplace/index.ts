// The door of `marketplace`: APIs that developers publish, on plans, called through this server's gateway (SPEC §16).
import { createCalls } from "./calls/index.ts"
import { createCatalog } from "./catalog/index.ts"
import type { MarketplaceDeps } from "./deps.ts"
import { createHosting } from "./hosting/index.ts"
import { createProductTools } from "./mcp/index.ts"
import { createProductPlans } from "./plans/index.ts"
import { createShowcase } from "./showcase/index.ts"
import { createSubscriptions } from "./subscriptions/index.ts"

export { CALL_LIMITS } from "./calls/index.ts"
export { CALL_DAYS } from "./calls/settings.ts"
export type * from "./catalog/index.ts"
export { CATALOG_LIMITS, hasAddresses, METHODS, PLACES, TYPES } from "./catalog/index.ts"
export type { MarketplaceDeps } from "./deps.ts"
export { marketplacePart } from "./part.ts"
export { opens } from "./plans/index.ts"
export type * from "./plans/types.ts"
export { type Asked, askedFor, SHOWCASE_LIMITS } from "./showcase/index.ts"
export type { ReportedReview } from "./showcase/types.ts"
export { erasePublisher, keepsPublisherIn } from "./store-publisher-end.ts"
export { accessOf } from "./subscriptions/index.ts"
export type * from "./subscriptions/types.ts"
export type * from "./types.ts"

export const createMarketplace = (deps: MarketplaceDeps) => {
  const plans = createProductPlans(deps)
  const calls = createCalls(deps)
  const catalog = createCatalog(deps)
  const subscriptions = createSubscriptions(deps, plans, () => calls)
  return {
    catalog,
    plans,
    subscriptions,
    calls,
    tools: createProductTools(deps, { catalog, plans, subscriptions, calls }),
    showcase: createShowcase(deps),
    hosting: createHosting(deps),
  }
}

export type Marketplace = ReturnType<typeof createMarketplace>
