// What the audit log says of billing.
import { type Sentences, said } from "../part/index.ts"

/** What the entry says; entries of before it was said have none. */
const told = (value: unknown): string => (value === undefined || value === null ? "…" : String(value))

const OFF_WHY: Readonly<Record<string, string>> = {
  expired: "the card has expired",
  back: "a payment goes back, or is doubted by a bank",
}

export const BILLING_SENTENCES: Sentences = {
  "package.added": {
    topic: "settings",
    label: "Package added",
    say: ({ who, what }) => said`${who} added the package ${what}`,
  },
  "package.changed": {
    topic: "settings",
    label: "Package changed",
    say: ({ who, what, before, after }) =>
      before.active === after.active
        ? said`${who} changed the package ${what}`
        : said`${who} ${after.active ? "put the package" : "took the package"} ${what} ${after.active ? "on sale" : "off sale"}`,
  },
  "coupon.added": {
    topic: "settings",
    label: "Coupon added",
    say: ({ who, what }) => said`${who} added the coupon ${what}`,
  },
  "coupon.changed": {
    topic: "settings",
    label: "Coupon changed",
    say: ({ who, what }) => said`${who} changed the coupon ${what}`,
  },
  "coupon.ended": {
    topic: "settings",
    label: "Coupon ended",
    say: ({ who, what }) => said`${who} ended the coupon ${what}`,
  },
  "coupon.redeemed": {
    topic: "money",
    label: "Coupon used",
    say: ({ what }) => said`The coupon ${what} was used`,
  },
  "card.saved": {
    topic: "money",
    label: "Card saved",
    say: ({ who, after }) => said`${who} saved a card: ${told(after.card)}`,
  },
  "card.removed": {
    topic: "money",
    label: "Card removed",
    say: ({ who, before }) => said`${who} removed a card: ${told(before.card)}`,
  },
  "billing.details": {
    topic: "money",
    label: "Billing details changed",
    say: ({ who }) => said`${who} changed what stands on invoices`,
  },
  "billing.details_removed": {
    topic: "money",
    label: "Billing details taken off",
    say: ({ who }) => said`${who} took the billing details off`,
  },
  "recharge.on": {
    topic: "money",
    label: "Auto-recharge on",
    say: ({ who, before }) =>
      before.active ? said`${who} changed their auto-recharge` : said`${who} turned auto-recharge on`,
  },
  "recharge.off": {
    topic: "money",
    label: "Auto-recharge off",
    say: ({ who, what, after }) =>
      after.why === "person"
        ? said`${who} turned auto-recharge off`
        : said`Auto-recharge of ${what} is off: ${OFF_WHY[String(after.why)] ?? "the last card is gone"}`,
  },
  "recharge.started": {
    topic: "money",
    label: "Recharge begun",
    say: ({ what }) => said`Credits ran low: the order ${what} charges the saved card`,
  },
  "recharge.refused": {
    topic: "money",
    label: "Recharge refused",
    say: ({ what, after }) =>
      after.trouble === "authentication"
        ? said`The bank wants its person for the order ${what}`
        : said`The bank refused the order ${what}`,
  },
  "payment.recorded": {
    topic: "money",
    label: "Payment written down",
    say: ({ who, what, after }) =>
      after.paidMs === null
        ? said`${who} asked for a payment, the order ${what}`
        : said`${who} wrote down a payment, the order ${what}`,
  },
  "payment.received": {
    topic: "money",
    label: "Payment received",
    say: ({ who, what }) => said`${who} wrote down that the order ${what} was paid`,
  },
  "payment.given_up": {
    topic: "money",
    label: "Payment given up",
    say: ({ who, what }) => said`${who} gave the payment of the order ${what} up`,
  },
  "payment.refund_asked": {
    topic: "money",
    label: "Refund asked for",
    say: ({ who, after }) => said`${who} asked for a refund of ${told(after.payment)}`,
  },
  "payment.refund_refused": {
    topic: "money",
    label: "Refund refused",
    say: ({ what }) => said`The payment service refused the refund ${what}`,
  },
  "payment.refunded": {
    topic: "money",
    label: "Payment refunded",
    say: ({ after }) => said`Money of the payment ${told(after.payment)} went back`,
  },
  "payment.refund_failed": {
    topic: "money",
    label: "Refund failed",
    say: ({ after }) => said`A bank did not take the refund of ${told(after.payment)}`,
  },
  "payment.warned": {
    topic: "money",
    label: "Fraud warning",
    say: ({ after }) => said`A bank warned of the payment ${told(after.payment)}`,
  },
  "payment.disputed": {
    topic: "money",
    label: "Payment disputed",
    say: ({ after }) => said`A bank disputes the payment ${told(after.payment)}`,
  },
  "payment.dispute_won": {
    topic: "money",
    label: "Dispute won",
    say: ({ after }) => said`The dispute of ${told(after.payment)} was won`,
  },
  "payment.dispute_lost": {
    topic: "money",
    label: "Dispute lost",
    say: ({ after }) => said`The dispute of ${told(after.payment)} was lost`,
  },
  "payment.dispute_closed": {
    topic: "money",
    label: "Dispute closed",
    say: ({ after }) => said`What was asked about the payment ${told(after.payment)} is settled`,
  },
  "payment.released": {
    topic: "money",
    label: "Credits released",
    say: ({ who, what }) => said`${who} released the credits that the dispute ${what} had frozen`,
  },
  "order.paid": {
    topic: "money",
    label: "Credits bought",
    say: ({ what }) => said`The order ${what} was paid`,
  },
  "plan.paid": {
    topic: "money",
    label: "Plan paid",
    say: ({ what }) => said`A period of the plan of ${what} was paid`,
  },
  "subscription.changed": {
    topic: "money",
    label: "Subscription changed",
    say: ({ who, what }) => said`${who} changed the subscription ${what}`,
  },
  "subscription.paused": {
    topic: "money",
    label: "Subscription paused",
    say: ({ what }) => said`Nothing is charged for the subscription ${what}: its person is suspended`,
  },
  "subscription.unpaused": {
    topic: "money",
    label: "Subscription goes on",
    say: ({ what }) => said`The subscription ${what} is charged for again: its person is reinstated`,
  },
  "subscription.ended": {
    topic: "money",
    label: "Subscription ended",
    say: ({ what }) => said`The subscription ${what} ended`,
  },
}
