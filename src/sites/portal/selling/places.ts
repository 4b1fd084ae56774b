// Whose product, plan and consumer an address names: another publisher's is not there.
import { ensure, type PrincipalId, type UserId } from "../../../app/index.ts"
import type { Consumer, ProductPlan } from "../../../marketplace/index.ts"
import type { PageRequest } from "../../base/index.ts"
import type { PortalDeps } from "../site.ts"

export type SellingDeps = Pick<PortalDeps, "marketplace" | "store" | "clock" | "web">
export type OwnProduct = ReturnType<typeof productOf>

export const ownerOf = ({ session }: PageRequest): UserId & PrincipalId => session.userId
export const pathOf = ({ publicId }: { publicId: string }): string =>
  `/publisher/products/${encodeURIComponent(publicId)}`

/** By its id, or by its address in the marketplace. */
export function productOf({ marketplace }: Pick<SellingDeps, "marketplace">, page: PageRequest, id: string) {
  const { catalog } = marketplace
  const productPublicId = catalog.productBySlug(id)?.publicId ?? id
  const product = catalog.ownProduct({ ownerId: ownerOf(page), productPublicId })
  ensure(product, "not_found", "You have no such API. Yours are listed under Your APIs.")
  return product
}

export interface OwnPlan {
  product: OwnProduct
  plan: ProductPlan
}

export function planOf(deps: SellingDeps, page: PageRequest, product: string, id: string): OwnPlan {
  const own = productOf(deps, page, product)
  const plan = deps.marketplace.plans.planByPublicId(id)
  ensure(plan?.productId === own.id, "not_found", "This API has no such plan.")
  return { product: own, plan }
}

export interface OwnConsumer {
  product: OwnProduct
  consumer: Consumer
}

export function consumerOf(deps: SellingDeps, page: PageRequest, product: string, id: string): OwnConsumer {
  const own = productOf(deps, page, product)
  const consumer = deps.marketplace.subscriptions.consumer(ownerOf(page), id)
  ensure(consumer.subscription.productId === own.id, "not_found", "This API has no such consumer.")
  return { product: own, consumer }
}
