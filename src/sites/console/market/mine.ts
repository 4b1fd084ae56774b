// A person's living subscription to a product, with what it grants.
import type { UserId } from "../../../app/index.ts"
import type { SubscriptionShown } from "../../../marketplace/index.ts"
import type { MarketDeps } from "./site.ts"

export type Mine = SubscriptionShown

interface Verbs {
  openOf?: (userId: UserId, productId: number) => object | null
  shown?: (row: object) => SubscriptionShown
}

export function mineOf({ marketplace }: Pick<MarketDeps, "marketplace">, userId: UserId, productId: number): Mine | null {
  const { openOf, shown } = marketplace.subscriptions as unknown as Verbs
  const row = openOf?.(userId, productId)
  return row && shown ? shown(row) : null
}
