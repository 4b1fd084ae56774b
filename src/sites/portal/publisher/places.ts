// Whose product an address names: another publisher's is not there.
import { ensure, type PrincipalId, type UserId } from "../../../app/index.ts"
import type { Endpoint, Product } from "../../../marketplace/index.ts"
import type { PageRequest } from "../../base/index.ts"
import type { PortalDeps } from "../site.ts"

export const HOME = "/publisher"
export const ownerOf = ({ holder }: PageRequest): UserId & PrincipalId => holder.id
export const pathOf = ({ publicId }: Pick<Product, "publicId">): string => `/publisher/products/${publicId}`

/** By its id, or by its address in the marketplace. */
export function productOf({ marketplace }: Pick<PortalDeps, "marketplace">, page: PageRequest, id: string): Product {
  const { catalog } = marketplace
  const productPublicId = catalog.productBySlug(id)?.publicId ?? id
  const product = catalog.ownProduct({ ownerId: ownerOf(page), productPublicId })
  ensure(product, "not_found", "You have no such API. Yours are listed under Your APIs.")
  return product
}

export const mineOf = (page: PageRequest, { publicId }: Product) => ({
  ownerId: ownerOf(page),
  productPublicId: publicId,
})

export function endpointOf({ marketplace }: PortalDeps, product: Product, id: string): Endpoint {
  const endpoint = marketplace.catalog.endpoint(product.id, id)
  ensure(endpoint, "not_found", "This API has no such endpoint.")
  return endpoint
}
