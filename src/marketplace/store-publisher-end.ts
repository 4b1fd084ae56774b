// The end of a publisher that is a team: what keeps it from being deleted, and what goes with one that nobody is left to have.
import { takeSteps } from "../part/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { eraseCatalog } from "./catalog/store-personal.ts"
import { eraseAnswers } from "./showcase/store-personal.ts"
import { endConsumers } from "./subscriptions/store-personal.ts"

/** Why it cannot go yet, in a sentence with what to do first; null: it can. */
export function keepsPublisherIn(reader: Reader, ownerId: number): string | null {
  const count = (where: string): number =>
    reader.get<{ n: number }>(
      `SELECT count(*) AS n FROM market_products p JOIN market_publishers u ON u.id = p.publisher_id WHERE u.owner_id = ? AND ${where}`,
      ownerId,
    )!.n
  if (count("p.state = 'published'") > 0) return "This team publishes APIs. Unpublish them first."
  const living =
    "EXISTS (SELECT 1 FROM market_subscriptions s WHERE s.product_id = p.id AND s.ended_ms IS NULL AND s.user_id <> u.owner_id)"
  return count(living) > 0
    ? "People still subscribe to an API of this team. Let their periods end, or end them under Consumers, first."
    : null
}

/** As of a person who is erased: its products say nothing any more, and their subscriptions end. @returns how many rows it took */
export const erasePublisher = (tx: Tx, ownerId: number, rows: number): number =>
  takeSteps(rows, [
    (left) => eraseAnswers(tx, ownerId, left),
    (left) => endConsumers(tx, ownerId, left),
    (left) => eraseCatalog(tx, ownerId, left),
  ])
