// What `showcase` has of a person: the reviews they wrote and what they reported.
import { eraseFactsAbout } from "../../audit/index.ts"
import { type Personal, takeSteps } from "../../part/index.ts"
import { deleteSome, type Tx } from "../../store/index.ts"
import { dropCard } from "./store-search.ts"

export const SHOWCASE_PERSONAL: Personal = {
  tables: {
    market_reviews: { erased: "deleted", exported: "api-reviews.csv" },
    market_review_reports: { erased: "deleted", exported: "reported-reviews.csv" },
  },
  files: [
    {
      name: "api-reviews.csv",
      what: "Reviews that you wrote of APIs of the marketplace.",
      sql: `SELECT r.id AS place, r.public_id AS id, p.slug AS product, r.stars, r.title, r.text, r.hidden_ms, r.hidden_because, r.created_ms,
          r.edited_ms FROM market_reviews r JOIN market_products p ON p.id = r.product_id
        WHERE r.user_id = ?1 AND r.id > ?2 ORDER BY r.id LIMIT ?3`,
    },
    {
      name: "reported-reviews.csv",
      what: "Reviews of others that you reported.",
      sql: `SELECT o.review_id AS place, r.public_id AS review, o.reason, o.created_ms, o.decided_ms FROM market_review_reports o
        JOIN market_reviews r ON r.id = o.review_id WHERE o.user_id = ?1 AND o.review_id > ?2 ORDER BY o.review_id LIMIT ?3`,
    },
  ],
}

const OWN = "SELECT id FROM market_reviews WHERE user_id = ?1"
const OF_OWN_PRODUCTS = `SELECT r.id FROM market_reviews r JOIN market_products p ON p.id = r.product_id
  JOIN market_publishers u ON u.id = p.publisher_id WHERE u.owner_id = ?1 AND r.answer IS NOT NULL`

/** Reviews go, and what a publisher answered to others. */
export const eraseShowcase = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
    () => tx.run(`DELETE FROM market_review_reports WHERE user_id = ?1 OR review_id IN (${OWN})`, userId).changes,
    (left) => {
      const own = tx.all<{ id: string }>(
        "SELECT public_id AS id FROM market_reviews WHERE user_id = ? LIMIT ?",
        userId,
        left,
      )
      eraseFactsAbout(
        tx,
        own.map(({ id }) => id),
      )
      return deleteSome(tx, "market_reviews", "user_id = ?1", [userId], left)
    },
    (left) => eraseAnswers(tx, userId, left),
  ])

/** What a publisher says on public pages: answers to reviews, and what search knows of their products. */
export const eraseAnswers = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
    (left) =>
      tx.run(
        `UPDATE market_reviews SET answer = NULL, answered_ms = NULL WHERE id IN (${OF_OWN_PRODUCTS} LIMIT ?2)`,
        userId,
        left,
      ).changes,
    // Their products are emptied by now: what search says of them goes at once, not with the next look at what is stale.
    (left) => {
      const shown = tx.all<{ id: number }>(
        `SELECT c.product_id AS id FROM market_cards c JOIN market_products p ON p.id = c.product_id
         JOIN market_publishers u ON u.id = p.publisher_id WHERE u.owner_id = ?1 LIMIT ?2`,
        userId,
        left,
      )
      for (const { id } of shown) dropCard(tx, id)
      return shown.length
    },
  ])
