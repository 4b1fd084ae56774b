// The living subscription of a person, or of a team, to a product, with what it grants.
import type { UserId } from "../../../app/index.ts"
import type { SubscriptionShown } from "../../../marketplace/index.ts"
import type { MarketDeps } from "./site.ts"

export type Mine = SubscriptionShown

export function mineOf(
  { marketplace }: Pick<MarketDeps, "marketplace">,
  ownerId: UserId,
  productId: number,
): Mine | null {
  const { openOf, shown } = marketplace.subscriptions
  const row = openOf(ownerId, productId)
  return row && shown(row)
}
