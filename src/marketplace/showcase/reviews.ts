// Reviews: subscribers write one each, the publisher answers, anybody who is signed in reports.
import { AppError, DAY_MS, ensure, type Ids, type PrincipalId, UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import type { MarketplaceDeps } from "../deps.ts"
import { SHOWCASE_LIMITS as L } from "./limits.ts"
import { reviewErrors } from "./rules.ts"
import {
  deleteReview,
  hasSubscribed,
  insertReport,
  insertReview,
  ownsProduct,
  productOfReview,
  reportsSince,
  reviewBy,
  reviewByPublicId,
  saveReview,
  setAnswer,
} from "./store-reviews.ts"
import type { ReviewDraft, ReviewRow } from "./types.ts"

type Deps = { ids: Pick<Ids, "next">; teams: Pick<MarketplaceDeps["teams"], "areKinIn"> }

const noReview = () => new AppError("not_found", "There is no such review.")

/** Why somebody does not rate an API that is theirs, or their team's; null: it is neither. */
export function ownProblem({ teams }: Pick<Deps, "teams">, reader: Reader, userId: UserId, productId: number) {
  const { ownerId } = productOfReview(reader, productId)
  if (userId === ownerId) return "It is your own API: answer the reviews of others."
  return teams.areKinIn(reader, userId, UserId(ownerId))
    ? "It is an API of your team: its people do not rate it."
    : null
}

/** The first of a person is new, the next changes it. @throws AppError forbidden, validation_failed */
export function writeReviewIn({ ids, teams }: Deps, tx: Tx, { userId, productId, ...draft }: ReviewDraft): ReviewRow {
  const own = ownProblem({ teams }, tx, userId, productId)
  ensure(own === null, "forbidden", own ?? "")
  ensure(hasSubscribed(tx, userId, productId), "forbidden", "Only people who subscribed to it can review it.")
  const fields = { stars: draft.stars, title: draft.title.trim(), text: draft.text.trim() }
  const errors = reviewErrors(fields)
  if (Object.keys(errors).length > 0)
    throw new AppError("validation_failed", "Some fields need another look.", { formErrors: errors })
  const before = reviewBy(tx, userId, productId)
  if (before) {
    const after = { ...before, ...fields, updatedMs: tx.now, editedMs: tx.now }
    saveReview(tx, after)
    auditIn(tx, { action: "review.written", subject: before.publicId, after: { stars: fields.stars } })
    return after
  }
  const row = {
    publicId: ids.next("mrv"),
    productId,
    userId,
    ...fields,
    answer: null,
    answeredMs: null,
    hiddenMs: null,
    hiddenBecause: null,
    createdMs: tx.now,
    updatedMs: tx.now,
    editedMs: null,
  }
  auditIn(tx, { action: "review.written", subject: row.publicId, after: { stars: fields.stars } })
  return { id: insertReview(tx, row), ...row }
}

/** @throws AppError not_found for that of somebody else */
export function removeReviewIn(tx: Tx, { userId, publicId }: { userId: UserId; publicId: string }): void {
  const review = reviewByPublicId(tx, publicId)
  if (review?.userId !== userId) throw noReview()
  deleteReview(tx, review.id)
  auditIn(tx, { action: "review.removed", subject: publicId })
}

/** Twice is once. @throws AppError not_found, rate_limited */
export function reportReviewIn(
  tx: Tx,
  { userId, publicId, reason }: { userId: UserId; publicId: string; reason: string },
): void {
  const review = reviewByPublicId(tx, publicId)
  if (!review || review.hiddenMs !== null || review.userId === userId) throw noReview()
  const words = reason.trim()
  if (words === "" || words.length > L.reasonChars) {
    const formErrors = {
      reason: words === "" ? "Say what is wrong with it." : `Use at most ${L.reasonChars} characters.`,
    }
    throw new AppError("validation_failed", formErrors.reason, { formErrors })
  }
  ensure(
    reportsSince(tx, userId, tx.now - DAY_MS) < L.reportsDayMax,
    "rate_limit_exceeded",
    "You reported many reviews today. An admin looks at those first.",
  )
  insertReport(tx, { reviewId: review.id, userId, reason: words, createdMs: tx.now, decidedMs: null })
  auditIn(tx, { action: "review.reported", subject: publicId })
}

/** Null takes the answer away. @throws AppError not_found for a review of somebody else's product */
export function answerReviewIn(
  tx: Tx,
  { ownerId, publicId, text }: { ownerId: PrincipalId; publicId: string; text: string | null },
): ReviewRow {
  const review = reviewByPublicId(tx, publicId)
  if (!review || review.hiddenMs !== null || !ownsProduct(tx, ownerId, review.productId)) throw noReview()
  const words = text?.trim() || null
  if (words !== null && words.length > L.reviewChars) {
    const formErrors = { text: `Use at most ${L.reviewChars} characters.` }
    throw new AppError("validation_failed", formErrors.text, { formErrors })
  }
  setAnswer(tx, review.id, words)
  auditIn(tx, { action: "review.answered", subject: publicId })
  return { ...review, answer: words, answeredMs: words === null ? null : tx.now }
}
