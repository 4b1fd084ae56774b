// The door of `subscriptions`: who subscribed to which plan, what they pay, and what their publisher earns.
import type { MarketplaceDeps } from "../deps.ts"

export const createSubscriptions = (_deps: MarketplaceDeps) => ({})
