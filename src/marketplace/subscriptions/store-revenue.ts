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

const MONTH = "CAST(strftime('%s', b.paid_ms / 1000, 'unixepoch', 'start of month') AS INTEGER) * 1000"

/** Newest month first. */
export const revenueRows = (reader: Reader, { ownerId, fromMs, toMs, product = null }: RevenueFilter): RevenueRow[] =>
  reader.all<RevenueRow>(
    `SELECT p.slug AS product, p.title, l.name AS plan, ${MONTH} AS fromMs, COUNT(*) AS payments, SUM(b.amount_nano) AS grossNano,
            SUM(b.commission_nano) AS commissionNano, SUM(b.amount_nano - b.commission_nano) AS netNano
     FROM market_publishers u JOIN market_products p ON p.publisher_id = u.id JOIN market_subscriptions s ON s.product_id = p.id
     JOIN market_bills b ON b.subscription_id = s.id JOIN market_plans l ON l.id = b.plan_id
     WHERE u.owner_id = ?1 AND b.state = 'paid' AND b.amount_nano > 0 AND b.paid_ms >= ?2 AND b.paid_ms < ?3 AND (?4 IS NULL OR p.slug = ?4)
     GROUP BY p.id, l.id, ${MONTH} ORDER BY ${MONTH} DESC, p.title, l.rank`,
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
