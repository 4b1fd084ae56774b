// SQL of hosting: what is published and was not charged for a month, and what was charged. Decides nothing.
import type { Nano, PrincipalId } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"

export interface Hosted {
  publicId: string
  slug: string
  title: string
  ownerId: PrincipalId
}

const HOSTED = `SELECT p.public_id AS publicId, p.slug, p.title, u.owner_id AS ownerId
  FROM market_products p JOIN market_publishers u ON u.id = p.publisher_id
  WHERE p.state = 'published' AND u.suspended_ms IS NULL`

/** Published before `sinceMs`, and not charged for the month. */
export const uncharged = (reader: Reader, month: string, sinceMs: number, limit: number): Hosted[] =>
  reader.all<Hosted>(
    `${HOSTED} AND p.published_ms < ?2
       AND NOT EXISTS (SELECT 1 FROM transactions t WHERE t.key = 'hosting:' || p.public_id || ':' || ?1)
     ORDER BY p.id LIMIT ?3`,
    month,
    sinceMs,
    limit,
  )

export const hostedById = (reader: Reader, publicId: string): Hosted | null =>
  reader.get<Hosted>(`${HOSTED} AND p.public_id = ?`, publicId)

export const hostedBy = (reader: Reader, ownerId: PrincipalId): Hosted[] =>
  reader.all<Hosted>(`${HOSTED} AND u.owner_id = ? ORDER BY p.title, p.id LIMIT 500`, ownerId)

export interface ChargedMonth {
  title: string
  /** `2026-12` */
  month: string
  atMs: number
  amountNano: Nano
  from: "earnings" | "credits"
}

/** Of all products of a publisher, newest first. */
export const chargedOf = (reader: Reader, ownerId: PrincipalId, limit: number): ChargedMonth[] =>
  reader.all<ChargedMonth>(
    `SELECT p.title, substr(t.key, -7) AS month, t.at_ms AS atMs, -SUM(e.amount_nano) AS amountNano,
            iif(MAX(e.lot_id) IS NULL, 'earnings', 'credits') AS "from"
     FROM market_publishers u JOIN market_products p ON p.publisher_id = u.id
     JOIN transactions t ON t.key > 'hosting:' || p.public_id || ':' AND t.key < 'hosting:' || p.public_id || ';' AND t.type = 'fee'
     JOIN entries e ON e.transaction_id = t.id AND e.account_id > 100
     WHERE u.owner_id = ? GROUP BY t.id ORDER BY t.id DESC LIMIT ?`,
    ownerId,
    limit,
  )
