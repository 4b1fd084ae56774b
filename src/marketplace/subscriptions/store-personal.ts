// What `subscriptions` has of a person: which plans they took. The books name subscriptions by number, so they stay, ended and without a word.
import { eraseFactsAbout } from "../../audit/index.ts"
import { type Leaving, type Personal, takeSteps } from "../../part/index.ts"
import { type Reader, type Tx, updateSome } from "../../store/index.ts"

export const SUBSCRIPTIONS_PERSONAL: Personal = {
  tables: {
    market_subscriptions: { erased: "emptied", exported: "api-subscriptions.csv" },
    market_quota_use: { erased: "deleted", exported: { not: "counters of the periods that run" } },
    market_bills: {
      erased: { stays: "what was paid, by the number of the subscription; invoices name it" },
      exported: "api-payments.csv",
    },
    market_refunds: {
      erased: {
        stays: "what was given back, by the number of the payment; its credit note names it; the reason is taken out",
      },
      exported: "api-refunds.csv",
    },
    market_subscribe_keys: {
      erased: "deleted",
      exported: { not: "numbers of forms, so that one sent twice counts once" },
    },
    market_overages: {
      erased: { stays: "sums that were paid, by the number of the subscription" },
      exported: "api-overages.csv",
    },
  },
  files: [
    {
      name: "api-subscriptions.csv",
      what: "APIs of the marketplace that you subscribed to.",
      sql: `SELECT s.id AS place, s.public_id AS id, p.title AS api, l.name AS plan, s.state, s.period_start_ms, s.period_end_ms, s.cancelled_ms,
          s.created_ms, s.ended_ms
        FROM market_subscriptions s JOIN market_products p ON p.id = s.product_id JOIN market_plans l ON l.id = s.plan_id
        WHERE s.user_id = ?1 AND s.id > ?2 ORDER BY s.id LIMIT ?3`,
    },
    {
      name: "api-payments.csv",
      what: "What you paid for those plans, and for which time.",
      sql: `SELECT b.id AS place, s.public_id AS subscription, b.kind, b.start_ms, b.end_ms, b.amount_nano AS price_nano, b.state, b.paid_ms, b.invoice
        FROM market_bills b JOIN market_subscriptions s ON s.id = b.subscription_id
        WHERE s.user_id = ?1 AND b.id > ?2 ORDER BY b.id LIMIT ?3`,
    },
    {
      name: "api-refunds.csv",
      what: "What of those payments was given back to you.",
      sql: `SELECT r.id AS place, s.public_id AS subscription, b.invoice, r.note, r.amount_nano AS back_nano, r.reason, r.created_ms
        FROM market_refunds r JOIN market_bills b ON b.id = r.bill_id JOIN market_subscriptions s ON s.id = b.subscription_id
        WHERE s.user_id = ?1 AND r.id > ?2 ORDER BY r.id LIMIT ?3`,
    },
    {
      name: "api-overages.csv",
      what: "Calls above the quota of those plans, by period.",
      sql: `SELECT * FROM (SELECT row_number() OVER (ORDER BY o.subscription_id, o.period_start_ms) AS place, s.public_id AS subscription,
          o.period_start_ms, o.units, o.nano AS paid_nano FROM market_overages o JOIN market_subscriptions s ON s.id = o.subscription_id
          WHERE s.user_id = ?1) WHERE place > ?2 ORDER BY place LIMIT ?3`,
    },
  ],
}

const OWN = "subscription_id IN (SELECT id FROM market_subscriptions WHERE user_id = ?1)"
const OF_ITS_PRODUCTS = `product_id IN (SELECT p.id FROM market_products p JOIN market_publishers u ON u.id = p.publisher_id
  WHERE u.owner_id = ?1)`

export const eraseSubscriptions = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
    () => tx.run(`DELETE FROM market_quota_use WHERE ${OWN}`, userId).changes,
    () => tx.run("DELETE FROM market_subscribe_keys WHERE user_id = ?", userId).changes,
    () =>
      tx.run(`UPDATE market_bills SET state = 'void', next_try_ms = NULL WHERE state = 'due' AND ${OWN}`, userId)
        .changes,
    (left) => {
      const open = tx.all<{ id: string }>(
        "SELECT public_id AS id FROM market_subscriptions WHERE user_id = ?1 AND ended_ms IS NULL LIMIT ?2",
        userId,
        left,
      )
      eraseFactsAbout(
        tx,
        open.map(({ id }) => id),
      )
      return 0
    },
    (left) => end(tx, "user_id = ?1 AND (ended_ms IS NULL OR reason IS NOT NULL)", "NULL", userId, left),
    (left) =>
      updateSome(
        tx,
        "market_refunds",
        "reason = 'erased'",
        `reason <> 'erased' AND bill_id IN (SELECT id FROM market_bills WHERE ${OWN})`,
        [userId],
        left,
      ),
    (left) => endConsumers(tx, userId, left),
  ])

/** Nobody waits for a publisher who is gone; what was paid for the period is the operator's to give back. */
export const endConsumers = (tx: Tx, ownerId: number, rows: number): number =>
  end(tx, `${OF_ITS_PRODUCTS} AND ended_ms IS NULL`, "'its publisher is gone'", ownerId, rows)

const end = (tx: Tx, where: string, reason: string, userId: number, rows: number): number =>
  updateSome(
    tx,
    "market_subscriptions",
    `state = 'ended', ended_ms = COALESCE(ended_ms, ?2), reason = ${reason}`,
    where,
    [userId, tx.now],
    rows,
  )

export function subscriptionsLeaving(reader: Reader, userId: number): Leaving {
  const { n } = reader.get<{ n: number }>(
    "SELECT count(*) AS n FROM market_subscriptions WHERE user_id = ? AND ended_ms IS NULL",
    userId,
  )!
  if (n === 0) return {}
  return {
    ends: [
      n === 1 ? "1 subscription to an API ends, with its keys." : `${n} subscriptions to APIs end, with their keys.`,
    ],
  }
}
