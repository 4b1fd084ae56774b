// The door of `marketplace`: APIs that developers publish, on plans, called through this server's gateway (SPEC §16).
import { createCalls } from "./calls/index.ts"
import { createCatalog } from "./catalog/index.ts"
import type { MarketplaceDeps } from "./deps.ts"
import { createProductPlans } from "./plans/index.ts"
import { createSubscriptions } from "./subscriptions/index.ts"

export type { MarketplaceDeps } from "./deps.ts"
export { marketplacePart } from "./part.ts"
export type * from "./types.ts"

export const createMarketplace = (deps: MarketplaceDeps) => {
  const plans = createProductPlans(deps)
  const calls = createCalls(deps)
  return {
    catalog: createCatalog(deps),
    plans,
    subscriptions: createSubscriptions(deps, plans, () => calls),
    calls,
  }
}

export type Marketplace = ReturnType<typeof createMarketplace>
