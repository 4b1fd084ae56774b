// What `billing` has of a person. Papers and payments stay as long as the law asks for them; cards, pages to pay on and who they are at
// the payment service go.
import { type Leaving, type Personal, takeSteps } from "../part/index.ts"
import { deleteSome, type Reader, type Tx, updateSome } from "../store/index.ts"

const PAID = { stays: "payments stay beside the books and their papers: numbers, no names" }
const LAW = { stays: "the law asks for papers as they were issued" }
const AT_SERVICE = { not: "ids at the payment service" }

export const BILLING_PERSONAL: Personal = {
  tables: {
    billing_details: { erased: "deleted", exported: "billing-details.csv" },
    billing_customers: { erased: "deleted", exported: AT_SERVICE },
    billing_orders: { erased: "emptied", exported: "orders.csv" },
    billing_plan_invoices: { erased: PAID, exported: "invoices.csv" },
    billing_signups: { erased: "deleted", exported: { not: "pages to pay on that were opened" } },
    billing_subscriptions: { erased: PAID, exported: "subscriptions.csv" },
    billing_cards: { erased: "emptied", exported: "cards.csv" },
    billing_auto_recharges: { erased: "deleted", exported: "auto-recharge.csv" },
    billing_movements: { erased: PAID, exported: AT_SERVICE },
    coupon_uses: { erased: PAID, exported: "coupons.csv" },
    invoices: { erased: LAW, exported: "invoices.csv" },
    credit_notes: { erased: LAW, exported: { not: "named by the invoices that they are of" } },
    debit_notes: { erased: LAW, exported: { not: "named by the invoices that they are of" } },
  },
  files: [
    {
      name: "billing-details.csv",
      what: "What you want on your invoices.",
      sql: `SELECT owner_id AS place, name, address, country, tax_id, updated_ms FROM billing_details
        WHERE owner_id = ?1 AND owner_id > ?2 LIMIT ?3`,
    },
    {
      name: "orders.csv",
      what: "What you bought, and how it was paid.",
      sql: `SELECT id AS place, public_id AS id, kind, package_name AS package, price_nano, discount_nano, tax_nano, bonus_nano, refunded_nano, state,
          created_ms, paid_ms FROM billing_orders WHERE user_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
    },
    {
      name: "invoices.csv",
      what: "Your invoices, each with what stands on it.",
      sql: `SELECT id AS place, number, kind, subtotal_nano, discount_nano, tax_nano, total_nano, credited_nano, issued_ms, paid_ms, document
        FROM invoices WHERE user_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
    },
    {
      name: "subscriptions.csv",
      what: "Plans that were paid by card.",
      sql: `SELECT id AS place, status, period_start_ms, period_end_ms, ends_ms, created_ms FROM billing_subscriptions
        WHERE user_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
    },
    {
      name: "cards.csv",
      what: "Cards that you saved: as much of them as we know.",
      sql: `SELECT id AS place, public_id AS id, brand, last4, exp_month, exp_year, created_ms, removed_ms FROM billing_cards
        WHERE user_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
    },
    {
      name: "auto-recharge.csv",
      what: "When your credits are topped up by themselves.",
      sql: `SELECT user_id AS place, active, below_nano, amount_nano, month_nano, created_ms, updated_ms FROM billing_auto_recharges
        WHERE user_id = ?1 AND user_id > ?2 LIMIT ?3`,
    },
    {
      name: "coupons.csv",
      what: "Coupons that you used.",
      sql: `SELECT u.id AS place, c.code, u.state, u.subject, u.cost_nano, u.created_ms, u.decided_ms FROM coupon_uses u
        JOIN coupons c ON c.id = u.coupon_id WHERE u.user_id = ?1 AND u.id > ?2 ORDER BY u.id LIMIT ?3`,
    },
  ],
}

const EMPTY_CARD =
  "brand = 'erased', last4 = '', method_id = 'erased:' || id, removed_ms = COALESCE(removed_ms, created_ms)"

/** The processor knows them still. */
export const isBuyer = (tx: Tx, userId: number): boolean =>
  tx.get("SELECT 1 FROM billing_customers WHERE user_id = ?", userId) !== null

export const eraseBuyer = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
    (left) => deleteSome(tx, "billing_auto_recharges", "user_id = ?", [userId], left),
    (left) => deleteSome(tx, "billing_details", "owner_id = ?", [userId], left),
    (left) => deleteSome(tx, "billing_signups", "user_id = ?", [userId], left),
    (left) => updateSome(tx, "billing_cards", EMPTY_CARD, "user_id = ? AND brand <> 'erased'", [userId], left),
    (left) =>
      updateSome(
        tx,
        "billing_orders",
        "pay_url = NULL, paper = NULL",
        "user_id = ? AND (pay_url IS NOT NULL OR paper IS NOT NULL)",
        [userId],
        left,
      ),
  ])

/** A page to pay on, or a payment, that would still bring credits. */
export const isPaying = (reader: Reader, userId: number): boolean =>
  reader.get("SELECT 1 FROM billing_orders WHERE user_id = ? AND state IN ('open', 'pending') LIMIT 1", userId) !== null

/** Money that is on its way keeps a person: it could come back to nobody. */
export function leavingOf(reader: Reader, userId: number): Leaving {
  const some = (sql: string) => reader.get(sql, userId) !== null
  const order = reader.get<{ id: string }>(
    "SELECT public_id AS id FROM billing_orders WHERE user_id = ? AND state = 'pending' ORDER BY id LIMIT 1",
    userId,
  )
  const OWN = `payment_key IN (SELECT 'order:' || public_id FROM billing_orders WHERE user_id = ?1
    UNION ALL SELECT 'stripe:' || invoice_id FROM billing_plan_invoices WHERE user_id = ?1)`
  return {
    ends: some("SELECT 1 FROM billing_subscriptions WHERE user_id = ? AND status <> 'ended' LIMIT 1")
      ? [
          "Your subscription is cancelled at the payment service. What is left of the time you paid for is not paid back.",
        ]
      : [],
    first: [
      ...(order
        ? [
            {
              text: "A payment of yours is on its way. Wait until it arrives or fails.",
              href: `/credits/orders/${order.id}`,
            },
          ]
        : []),
      ...(some(`SELECT 1 FROM billing_disputes WHERE state NOT IN ('won', 'lost', 'closed') AND ${OWN} LIMIT 1`)
        ? [
            {
              text: "Your bank is looking at a payment that you disputed. Wait until that is decided.",
              href: "/credits",
            },
          ]
        : []),
      ...(some(`SELECT 1 FROM billing_refunds WHERE state IN ('asked', 'pending') AND ${OWN} LIMIT 1`)
        ? [{ text: "Money is on its way back to you. Wait until it has arrived.", href: "/credits" }]
        : []),
    ],
  }
}
