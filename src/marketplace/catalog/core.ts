// What every verb of `catalog` works with: the house, and whose product it is.
import { ensure, type PrincipalId, UserId } from "../../app/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import type { MarketplaceDeps } from "../deps.ts"
import { productOfOwner, publisherOf } from "./store.ts"
import type { Mine, Product, Publisher } from "./types.ts"

export type Core = MarketplaceDeps

/** @throws AppError not_found; of another owner's it is not told that there is one */
export function mineIn(reader: Reader, { ownerId, productPublicId }: Mine): Product {
  const product = productOfOwner(reader, ownerId, productPublicId)
  ensure(product, "not_found", "There is no such product.")
  return product
}

/** The product of a publisher who may change it now. @throws AppError account_suspended, forbidden, not_found */
export function changeableIn(core: Core, tx: Tx, mine: Mine): Product {
  core.developers.requireDeveloperIn(tx, UserId(mine.ownerId))
  return mineIn(tx, mine)
}

export function publisherIn(core: Core, tx: Tx, ownerId: PrincipalId): Publisher {
  core.developers.requireDeveloperIn(tx, UserId(ownerId))
  const publisher = publisherOf(tx, ownerId)
  ensure(publisher, "not_found", "Become a publisher first.")
  return publisher
}
