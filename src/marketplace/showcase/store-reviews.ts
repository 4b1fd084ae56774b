// SQL of reviews and reports. Decides nothing.
import type { PrincipalId, UserId } from "../../app/index.ts"
import { findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { SHOWCASE_LIMITS as L } from "./limits.ts"
import { marketReviews } from "./tables.ts"
import type { ReportedReview, ReviewReport, ReviewRow, ReviewShown } from "./types.ts"

export const reviewBy = (reader: Reader, userId: UserId, productId: number): ReviewRow | null =>
  findRow(reader, marketReviews, "user_id = ? AND product_id = ?", userId, productId)

export const reviewByPublicId = (reader: Reader, publicId: string): ReviewRow | null =>
  findRow(reader, marketReviews, "public_id = ?", publicId)

/** Ended subscriptions count too: who left knows why. */
export const hasSubscribed = (reader: Reader, userId: UserId, productId: number): boolean =>
  reader.get("SELECT 1 FROM market_subscriptions WHERE user_id = ? AND product_id = ? LIMIT 1", userId, productId) !==
  null

export const ownsProduct = (reader: Reader, ownerId: PrincipalId, productId: number): boolean =>
  reader.get(
    `SELECT 1 FROM market_products p JOIN market_publishers u ON u.id = p.publisher_id WHERE p.id = ? AND u.owner_id = ?`,
    productId,
    ownerId,
  ) !== null

export const insertReview = (tx: Tx, row: Omit<ReviewRow, "id">): number => insertRow(tx, marketReviews, row)

export function saveReview(tx: Tx, row: ReviewRow): void {
  tx.run(
    "UPDATE market_reviews SET stars = ?, title = ?, text = ?, updated_ms = ?, edited_ms = ? WHERE id = ?",
    row.stars,
    row.title,
    row.text,
    row.updatedMs,
    row.editedMs,
    row.id,
  )
}

export function setAnswer(tx: Tx, id: number, answer: string | null): void {
  tx.run(
    "UPDATE market_reviews SET answer = ?2, answered_ms = ?3, updated_ms = ?4 WHERE id = ?1",
    id,
    answer,
    answer === null ? null : tx.now,
    tx.now,
  )
}

export function setHidden(tx: Tx, id: number, because: string | null): void {
  tx.run(
    "UPDATE market_reviews SET hidden_ms = ?2, hidden_because = ?3 WHERE id = ?1",
    id,
    because === null ? null : tx.now,
    because,
  )
}

export function deleteReview(tx: Tx, id: number): void {
  tx.run("DELETE FROM market_review_reports WHERE review_id = ?", id)
  tx.run("DELETE FROM market_reviews WHERE id = ?", id)
}

/** Newest first; what is hidden only to its author. */
export const reviewsOf = (
  reader: Reader,
  {
    productId,
    viewerId,
    beforeId,
    limit,
  }: { productId: number; viewerId: UserId | null; beforeId: number | null; limit: number },
): ReviewShown[] =>
  reader
    .all<Omit<ReviewShown, "isReported"> & { isReported: number }>(
      `SELECT r.id, r.public_id AS publicId, r.product_id AS productId, r.user_id AS userId, r.stars, r.title, r.text, r.answer,
         r.answered_ms AS answeredMs, r.hidden_ms AS hiddenMs, r.hidden_because AS hiddenBecause, r.created_ms AS createdMs,
         r.updated_ms AS updatedMs, r.edited_ms AS editedMs, u.name AS author,
         EXISTS (SELECT 1 FROM market_review_reports o WHERE o.review_id = r.id AND o.user_id = ?2) AS isReported
       FROM market_reviews r LEFT JOIN v_identity_users u ON u.id = r.user_id
       WHERE r.product_id = ?1 AND (?3 IS NULL OR r.id < ?3) AND (r.hidden_ms IS NULL OR r.user_id = ?2)
       ORDER BY r.id DESC LIMIT ?4`,
      productId,
      viewerId,
      beforeId,
      limit,
    )
    .map((row) => ({ ...row, isReported: row.isReported === 1 }))

/** Reviews with five stars first. */
export function starCounts(reader: Reader, productId: number): number[] {
  const rows = reader.all<{ stars: number; n: number }>(
    "SELECT stars, count(*) AS n FROM market_reviews WHERE product_id = ? AND hidden_ms IS NULL GROUP BY stars",
    productId,
  )
  return [5, 4, 3, 2, 1].map((stars) => rows.find((row) => row.stars === stars)?.n ?? 0)
}

export const reportsSince = (reader: Reader, userId: UserId, sinceMs: number): number =>
  reader.get<{ n: number }>(
    "SELECT count(*) AS n FROM market_review_reports WHERE user_id = ? AND created_ms >= ?",
    userId,
    sinceMs,
  )!.n

export function insertReport(tx: Tx, { reviewId, userId, reason, createdMs }: ReviewReport): void {
  tx.run(
    "INSERT OR IGNORE INTO market_review_reports (review_id, user_id, reason, created_ms) VALUES (?, ?, ?, ?)",
    reviewId,
    userId,
    reason,
    createdMs,
  )
}

export function decideReports(tx: Tx, reviewId: number): void {
  tx.run(
    "UPDATE market_review_reports SET decided_ms = ?2 WHERE review_id = ?1 AND decided_ms IS NULL",
    reviewId,
    tx.now,
  )
}

/** Whoever reported it and waits to hear of it. */
export const openReporters = (reader: Reader, reviewId: number): UserId[] =>
  reader
    .all<{ userId: UserId }>(
      "SELECT user_id AS userId FROM market_review_reports WHERE review_id = ? AND decided_ms IS NULL ORDER BY created_ms LIMIT ?",
      reviewId,
      L.reportersTold,
    )
    .map(({ userId }) => userId)

export const productOfReview = (reader: Reader, productId: number) =>
  reader.get<{ publicId: string; slug: string; ownerId: PrincipalId }>(
    `SELECT p.public_id AS publicId, p.slug, u.owner_id AS ownerId FROM market_products p JOIN market_publishers u ON u.id = p.publisher_id
     WHERE p.id = ?`,
    productId,
  )!

const WITH_REPORTS = `SELECT r.id, r.public_id AS publicId, r.product_id AS productId, r.user_id AS userId, r.stars, r.title, r.text, r.answer,
    r.answered_ms AS answeredMs, r.hidden_ms AS hiddenMs, r.hidden_because AS hiddenBecause, r.created_ms AS createdMs,
    r.updated_ms AS updatedMs, r.edited_ms AS editedMs, u.name AS author, u.public_id AS authorPublicId, p.slug AS productSlug,
    p.title AS productTitle, p.public_id AS productPublicId,
    (SELECT json_group_array(json_object('reason', reason, 'createdMs', created_ms)) FROM (
       SELECT reason, created_ms FROM market_review_reports o WHERE o.review_id = r.id AND o.decided_ms IS NULL
       ORDER BY created_ms LIMIT ${L.reportsShown})) AS reports
  FROM market_reviews r JOIN market_products p ON p.id = r.product_id LEFT JOIN v_identity_users u ON u.id = r.user_id`

const withReports = ({ reports, ...row }: Omit<ReportedReview, "reports"> & { reports: string }): ReportedReview => ({
  ...row,
  reports: JSON.parse(reports) as ReportedReview["reports"],
})

type Raw = Omit<ReportedReview, "reports"> & { reports: string }

const WAITS = "r.id IN (SELECT review_id FROM market_review_reports WHERE decided_ms IS NULL)"

/** `afterId` 0 = from the first: what waits longest stands first. */
export const reportedReviews = (reader: Reader, afterId: number, limit: number): ReportedReview[] =>
  reader.all<Raw>(`${WITH_REPORTS} WHERE ${WAITS} AND r.id > ? ORDER BY r.id LIMIT ?`, afterId, limit).map(withReports)

/** Newest first. */
export const hiddenReviews = (reader: Reader, beforeId: number, limit: number): ReportedReview[] =>
  reader
    .all<Raw>(`${WITH_REPORTS} WHERE r.hidden_ms IS NOT NULL AND r.id < ? ORDER BY r.id DESC LIMIT ?`, beforeId, limit)
    .map(withReports)

export const reviewWithReports = (reader: Reader, publicId: string): ReportedReview | null => {
  const row = reader.get<Raw>(`${WITH_REPORTS} WHERE r.public_id = ?`, publicId)
  return row ? withReports(row) : null
}

export const countReported = (reader: Reader): number =>
  reader.get<{ n: number }>(
    "SELECT count(DISTINCT review_id) AS n FROM market_review_reports WHERE decided_ms IS NULL",
  )!.n

/** By number. */
export const subscribedTo = (reader: Reader, userId: UserId): Set<number> =>
  new Set(
    reader
      .all<{ id: number }>(
        "SELECT product_id AS id FROM market_subscriptions WHERE user_id = ? AND ended_ms IS NULL LIMIT 1000",
        userId,
      )
      .map(({ id }) => id),
  )
