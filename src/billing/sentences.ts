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
  "subscription.ended": {
    topic: "money",
    label: "Subscription ended",
    say: ({ what }) => said`The subscription ${what} ended`,
  },
}
