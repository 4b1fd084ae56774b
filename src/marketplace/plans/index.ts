// The door of `plans`: what a product's plans grant and cost, by versions, and which endpoint needs which.
import type { MarketplaceDeps } from "../deps.ts"

export const createProductPlans = (_deps: MarketplaceDeps) => ({})
