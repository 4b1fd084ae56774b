// The door of `showcase`: what visitors find in the marketplace, and what subscribers say of it.
import type { UserId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import type { MarketplaceDeps } from "../deps.ts"
import { decideReviewIn } from "./decide.ts"
import { Found } from "./found.ts"
import { SHOWCASE_LIMITS as L } from "./limits.ts"
import { answerReviewIn, ownProblem, removeReviewIn, reportReviewIn, writeReviewIn } from "./reviews.ts"
import { ratingOf } from "./rules.ts"
import { findProducts, freshen, freshenIn } from "./search.ts"
import {
  countReported,
  hasSubscribed,
  hiddenReviews,
  reportedReviews,
  reviewBy,
  reviewByPublicId,
  reviewsOf,
  reviewWithReports,
  starCounts,
  subscribedTo,
} from "./store-reviews.ts"
import { slugsOf, starsOf } from "./store-search.ts"
import type { DecideReview, ReviewDraft, ShopQuery } from "./types.ts"

export { SHOWCASE_LIMITS } from "./limits.ts"
export { type Asked, askedFor } from "./rules.ts"
export type * from "./types.ts"

export const createShowcase = (
  deps: Pick<MarketplaceDeps, "store" | "ids" | "identity" | "makers" | "mails" | "teams">,
) => {
  const { read } = deps.store
  const found = new Found()
  return {
    /** Products that fit; what changed a moment ago is found too. */
    async find(query: ShopQuery) {
      await freshen(deps.store, found)
      return findProducts(read, found, query)
    },
    /** Of products that everybody may see, at most so many. */
    slugs: (most: number) => slugsOf(read, most),
    freshenIn: (tx: Tx, rows?: number) => freshenIn(tx, found, rows),
    freshenAll: () => freshen(deps.store, found),
    ratingOf(productId: number) {
      const { stars, reviews } = starsOf(read, productId)
      return ratingOf(stars, reviews)
    },
    starCounts: (productId: number) => starCounts(read, productId),
    reviewsOf: (productId: number, viewerId: UserId | null, beforeId: number | null = null) =>
      reviewsOf(read, { productId, viewerId, beforeId, limit: L.reviewRows + 1 }),
    reviewBy: (userId: UserId, productId: number) => reviewBy(read, userId, productId),
    review: (publicId: string) => reviewByPublicId(read, publicId),
    /** Products that somebody is subscribed to now. */
    subscribedTo: (userId: UserId) => subscribedTo(read, userId),
    mayReview: (userId: UserId, productId: number) =>
      hasSubscribed(read, userId, productId) && ownProblem(deps, read, userId, productId) === null,
    /** Those that an admin has to look at, oldest first. */
    reported: (afterId = 0) => reportedReviews(read, afterId, L.reviewRows + 1),
    countReported: () => countReported(read),
    /** Those that were taken down, newest first. */
    hidden: (beforeId = Number.MAX_SAFE_INTEGER) => hiddenReviews(read, beforeId, L.reviewRows + 1),
    /** With what was said against it. */
    withReports: (publicId: string) => reviewWithReports(read, publicId),
    writeReviewIn: (tx: Tx, draft: ReviewDraft) => writeReviewIn(deps, tx, draft),
    removeReviewIn,
    reportReviewIn,
    answerReviewIn,
    /** An admin's. @throws AppError not_found */
    decideReviewIn: (tx: Tx, decision: DecideReview) => decideReviewIn(deps, tx, decision),
  }
}
