// What is left of a flow for one person: books, orders, invoices and mails, without what differs from person to person.
import type { Reader } from "../../../src/store/index.ts"
import type { Shop } from "../world.ts"

export interface Mailed {
  to: string
  subject: string
}

/** Balances in n$ by kind of account; lots and the rest in an order that does not depend on who came first. */
export interface Left {
  accounts: Record<string, number>
  lots: string[]
  transactions: string[]
  orders: string[]
  /** Papers without their numbers. */
  invoices: string[]
  subscriptions: string[]
  /** What is paid of a plan, and until when. */
  plans: string[]
  coupons: string[]
  /** Refunds, disputes, and what stands of them in the books. */
  back: string[]
  mails: string[]
}

const INVOICES = `SELECT kind, subtotal_nano AS subtotal, discount_nano AS discount, tax_nano AS tax, total_nano AS total,
    credited_nano AS credited, paid_ms IS NOT NULL AS isPaid, failed_ms IS NOT NULL AS isFailed,
    (SELECT COUNT(*) FROM credit_notes n WHERE n.invoice_id = i.id
       AND NOT EXISTS (SELECT 1 FROM debit_notes d WHERE d.credit_note_id = n.id)) AS notes
  FROM invoices i WHERE user_id = ?`
const SUBSCRIPTIONS = `SELECT s.status, p.plan_id AS plan, p.months, s.period_start_ms AS begins, s.period_end_ms AS ends, s.ends_ms AS isOver,
    s.paid_until_ms AS paidUntil, s.unpaid_invoice IS NOT NULL AS isUnpaid, s.paused_ms IS NOT NULL AS isPaused, n.plan_id AS next
  FROM billing_subscriptions s JOIN billing_prices p ON p.price_id = s.price_id LEFT JOIN billing_prices n ON n.price_id = s.next_price_id
  WHERE user_id = ?`
const PLANS = `SELECT plan_id AS plan, months, choice, next_plan_id AS next, period_start_ms AS begins, period_end_ms AS ends, until_ms AS until
  FROM plan_subscriptions WHERE user_id = ?`

const OF_ONE = `payment_key IN (SELECT 'order:' || public_id FROM billing_orders WHERE user_id = ?1
    UNION ALL SELECT 'stripe:' || invoice_id FROM billing_plan_invoices WHERE user_id = ?1)`
const BACK = `SELECT 'refund' AS what, amount_nano AS nano, state FROM billing_refunds WHERE ${OF_ONE}
  UNION ALL SELECT kind, withdrawn_nano, state FROM billing_disputes WHERE ${OF_ONE}
  UNION ALL SELECT kind, amount_nano, state || ' ' || broken_nano || ' ' || taken_nano || ' ' || debt_nano FROM billing_holdbacks
    WHERE NOT (kind = 'freeze' AND state = 'over') AND ${OF_ONE}`

/** @param mails their subjects */
export function leftOf(read: Reader, person: { id: number }, mails: readonly string[]): Left {
  const accounts = read.all<{ kind: string; nano: number }>(
    "SELECT kind, balance_nano AS nano FROM v_accounts WHERE owner_kind = 'principal' AND owner_id = ? AND mode = 'live'",
    person.id,
  )
  const lots = read.all<Record<string, unknown>>(
    `SELECT l.bucket, l.paid, l.granted_nano AS granted, l.remaining_nano AS remaining, l.clawed_nano AS clawed,
       l.voided_nano AS voided, l.expired_nano AS expired, l.frozen, iif(l.bucket = 'subscription', l.effective_ms, NULL) AS begins,
       iif(l.bucket = 'subscription', l.expires_ms, NULL) AS ends
     FROM lots l JOIN accounts a ON a.id = l.account_id WHERE a.owner_kind = 'principal' AND a.owner_id = ?`,
    person.id,
  )
  const moved = read.all<{ type: string; nano: number }>(
    `SELECT t.type, SUM(e.amount_nano) AS nano FROM entries e JOIN accounts a ON a.id = e.account_id JOIN transactions t ON t.id = e.transaction_id
     WHERE a.owner_kind = 'principal' AND a.owner_id = ? GROUP BY t.id`,
    person.id,
  )
  const lines = (sql: string): string[] =>
    read
      .all<object>(sql, person.id)
      .map((row) => JSON.stringify(row))
      .toSorted()
  const orders = read.all<{ state: string; slug: string }>(
    "SELECT state, package_slug AS slug FROM billing_orders WHERE user_id = ?",
    person.id,
  )
  return {
    accounts: Object.fromEntries(accounts.map(({ kind, nano }) => [kind, nano])),
    lots: lots.map((lot) => JSON.stringify(lot)).toSorted(),
    transactions: moved.map(({ type, nano }) => `${type} ${nano}`).toSorted(),
    orders: orders.map(({ state, slug }) => `${slug} ${state}`).toSorted(),
    invoices: lines(INVOICES),
    subscriptions: lines(SUBSCRIPTIONS),
    plans: [...lines(PLANS), ...lines("SELECT state FROM billing_signups WHERE user_id = ?")],
    coupons: lines("SELECT state, cost_nano AS cost FROM coupon_uses WHERE user_id = ?"),
    back: lines(BACK),
    mails: mails.toSorted(),
  }
}

/** n$ of the house by kind of account. */
export function houseOf(shop: Shop): Record<string, number> {
  const rows = shop.server.app.store.read.all<{ kind: string; nano: number }>(
    "SELECT kind, balance_nano AS nano FROM v_accounts WHERE owner_kind = 'platform' AND mode = 'live'",
  )
  return Object.fromEntries(rows.map(({ kind, nano }) => [kind, nano]))
}

/** Resolves once every mail that was queued is sent. */
export async function mailsSent(shop: Shop): Promise<void> {
  const waiting = () =>
    shop.server.app.store.read.get<{ n: number }>(
      "SELECT COUNT(*) AS n FROM outbox WHERE state = 'waiting' AND topic = 'mail'",
    )!.n
  while (waiting() > 0) await Bun.sleep(5)
}
