// A product's documentation for programs: OpenAPI and Postman, as files.
import { postmanOf } from "./postman.ts"
import { seenOf } from "./seen.ts"
import type { MarketDeps, MarketSite } from "./site.ts"

const file = (name: string, document: unknown): Response =>
  new Response(`${JSON.stringify(document, null, 2)}\n`, {
    headers: {
      "content-type": "application/json; charset=utf-8",
      // Slugs are letters, digits and dashes.
      "content-disposition": `attachment; filename="${name}"`,
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    },
  })

export function documentRoutes(site: MarketSite, deps: MarketDeps): void {
  site.get("/marketplace/:api/openapi.json", (page, params) => {
    const { product } = seenOf(deps, page, params.api)
    return file(`${product.slug}.openapi.json`, deps.marketplace.catalog.openapiOf(product))
  })
  site.get("/marketplace/:api/postman.json", (page, params) => {
    const seen = seenOf(deps, page, params.api)
    return file(`${seen.product.slug}.postman_collection.json`, postmanOf(seen))
  })
}
