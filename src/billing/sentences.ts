// What the audit log says of billing.
import { type Sentences, said } from "../part/index.ts"

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
    say: ({ who, after }) => said`${who} saved a card: ${String(after.card)}`,
  },
  "card.removed": {
    topic: "money",
    label: "Card removed",
    say: ({ who, before }) => said`${who} removed a card: ${String(before.card)}`,
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
        : said`Auto-recharge of ${what} is off: ${after.why === "expired" ? "the card has expired" : "the last card is gone"}`,
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
  "order.paid": {
    topic: "money",
    label: "Credits bought",
    say: ({ what }) => said`The order ${what} was paid`,
  },
}
