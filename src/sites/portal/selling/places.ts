// Whose plan and consumer of a product an address names: another publisher's is not there.
import { ensure } from "../../../app/index.ts"
import type { Consumer, Product, ProductPlan } from "../../../marketplace/index.ts"
import type { PageRequest } from "../../base/index.ts"
import { ownerOf, productOf } from "../publisher/places.ts"
import type { PortalDeps } from "../site.ts"

export { ownerOf, pathOf, productOf } from "../publisher/places.ts"

export type SellingDeps = Pick<PortalDeps, "marketplace" | "store" | "clock" | "web">
export type OwnProduct = Product

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
