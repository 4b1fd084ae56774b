// The door of `catalog`: publishers, products, endpoints, what is written about them, and their import from OpenAPI documents.
import type { MarketplaceDeps } from "../deps.ts"

export const createCatalog = (_deps: MarketplaceDeps) => ({})
