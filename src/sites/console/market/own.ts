// What a subscriber's pages are about: the product as they see it, and their living subscription.
import { ensure } from "../../../app/index.ts"
import type { PageRequest } from "../../base/index.ts"
import type { Mine } from "./mine.ts"
import { type Seen, seenOf } from "./seen.ts"
import type { MarketDeps } from "./site.ts"

export interface Own {
  seen: Seen
  mine: Mine
  slug: string
}

/** @throws AppError not_found for who is not subscribed */
export function ownOf(deps: MarketDeps, page: PageRequest, slug: string): Own {
  const seen = seenOf(deps, { ...page, person: page }, slug)
  ensure(seen.mine, "not_found", "You are not subscribed to this API.")
  return { seen, mine: seen.mine, slug: seen.product.slug }
}
