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
  "order.paid": {
    topic: "money",
    label: "Credits bought",
    say: ({ what }) => said`The order ${what} was paid`,
  },
}
