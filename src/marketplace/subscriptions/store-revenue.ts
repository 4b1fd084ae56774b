// SQL of what publishers earned by products, plans and months: from bills that are paid, so that it is what invoices say. Read-only.
import type { Nano, PrincipalId } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import type { RevenueRow } from "./types.ts"

export interface RevenueFilter {
  ownerId: PrincipalId
  fromMs: number
  /** Excluded. */
  toMs: number
  /** Slug; null = all. */
  product?: string | null
}

const month = (column: string) =>
  `CAST(strftime('%s', ${column} / 1000, 'unixepoch', 'start of month') AS INTEGER) * 1000`

/** Newest month first: payments in the month in which they were made, refunds in theirs. */
export const revenueRows = (reader: Reader, { ownerId, fromMs, toMs, product = null }: RevenueFilter): RevenueRow[] =>
  reader.all<RevenueRow>(
    `WITH moved AS (
       SELECT b.id AS billId, b.paid_ms AS at, 1 AS payments, b.amount_nano AS gross, 0 AS refunded, b.commission_nano AS commission,
              b.amount_nano - b.commission_nano AS net
       FROM market_bills b WHERE b.state = 'paid' AND b.amount_nano > 0 AND b.paid_ms >= ?2 AND b.paid_ms < ?3
       UNION ALL
       SELECT bill_id, created_ms, 0, 0, amount_nano, -commission_nano, -earned_nano
       FROM market_refunds WHERE created_ms >= ?2 AND created_ms < ?3)
     SELECT p.slug AS product, p.title, l.name AS plan, ${month("m.at")} AS fromMs, SUM(m.payments) AS payments, SUM(m.gross) AS grossNano,
            SUM(m.refunded) AS refundedNano, SUM(m.commission) AS commissionNano, SUM(m.net) AS netNano
     FROM moved m JOIN market_bills b ON b.id = m.billId JOIN market_plans l ON l.id = b.plan_id
     JOIN market_subscriptions s ON s.id = b.subscription_id JOIN market_products p ON p.id = s.product_id
     JOIN market_publishers u ON u.id = p.publisher_id
     WHERE u.owner_id = ?1 AND (?4 IS NULL OR p.slug = ?4)
     GROUP BY p.id, l.id, ${month("m.at")} ORDER BY ${month("m.at")} DESC, p.title, l.rank`,
    ownerId,
    fromMs,
    toMs,
    product,
  )

/** Charged by calls, and on no invoice yet. */
export const unbilledOverages = (reader: Reader, ownerId: PrincipalId): { grossNano: Nano; commissionNano: Nano } =>
  reader.get<{ grossNano: Nano; commissionNano: Nano }>(
    `SELECT COALESCE(SUM(o.nano), 0) AS grossNano, COALESCE(SUM(o.commission_nano), 0) AS commissionNano
     FROM market_publishers u JOIN market_products p ON p.publisher_id = u.id JOIN market_subscriptions s ON s.product_id = p.id
     JOIN market_overages o ON o.subscription_id = s.id
     WHERE u.owner_id = ? AND NOT EXISTS (SELECT 1 FROM market_bills b WHERE b.subscription_id = s.id AND b.kind = 'overage'
       AND b.start_ms = o.period_start_ms)`,
    ownerId,
  )!
