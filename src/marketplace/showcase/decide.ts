// What an admin decides about a review: taken down for a reason, or left and shown. Its author, the API's publisher and who reported it are told.
import { AppError, UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import type { MarketplaceDeps } from "../deps.ts"
import { type ReviewDecidedData, tellOfReviewIn } from "./mails.ts"
import { decideReports, openReporters, productOfReview, reviewByPublicId, setHidden } from "./store-reviews.ts"
import type { DecideReview } from "./types.ts"

type Deps = Pick<MarketplaceDeps, "identity" | "makers" | "mails">

/** Twice is once. @throws AppError not_found */
export function decideReviewIn(deps: Deps, tx: Tx, { publicId, because }: DecideReview): void {
  const review = reviewByPublicId(tx, publicId)
  if (!review) throw new AppError("not_found", "There is no such review.")
  const reporters = openReporters(tx, review.id)
  const wasHidden = review.hiddenMs !== null
  const changes = wasHidden !== (because !== null)
  if (!changes && reporters.length === 0) return
  if (changes) setHidden(tx, review.id, because)
  decideReports(tx, review.id)
  const product = productOfReview(tx, review.productId)
  const facts = { api: product.slug, stars: review.stars }
  auditIn(tx, { action: because === null ? "review.kept" : "review.hidden", subject: publicId, after: facts })

  const decided = because !== null ? ("hidden" as const) : wasHidden ? ("shown" as const) : ("kept" as const)
  const told = new Set<number>()
  const tell = (userId: UserId, to: ReviewDecidedData["to"]) => {
    if (told.has(userId)) return
    told.add(userId)
    const people = to === "publisher" ? deps.makers : deps.identity
    tellOfReviewIn({ ...deps, people }, tx, userId, { api: product.slug, decided, to, product: product.publicId })
  }
  // Who wrote a review that stays never heard that somebody reported it.
  if (changes) {
    tell(review.userId, "author")
    tell(UserId(product.ownerId), "publisher")
  }
  for (const userId of reporters) tell(userId, userId === product.ownerId ? "publisher" : "reporter")
}
