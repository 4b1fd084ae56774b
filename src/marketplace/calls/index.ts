// The door of `calls`: product keys, quotas and rates, and the road of a call to the publisher's server.
import type { MarketplaceDeps } from "../deps.ts"

export const createCalls = (_deps: MarketplaceDeps) => ({})
