// What `subscriptions` contributes: renewals, invoices of overages, their mails and settings, and what happens to subscriptions with their person.
import { HOUR_MS, MINUTE_MS } from "../../app/index.ts"
import type { Marketplace } from "../index.ts"
import type { MarketPart } from "../types.ts"
import { SUBSCRIPTION_LETTERS } from "./mails.ts"
import { SUBSCRIPTION_SENTENCES } from "./sentences.ts"
import { SUBSCRIPTION_SETTINGS } from "./settings.ts"
import { eraseSubscriptions, subscriptionsLeaving } from "./store-personal.ts"

export const subscriptionsPart: MarketPart<Marketplace> = {
  letters: SUBSCRIPTION_LETTERS,
  settings: SUBSCRIPTION_SETTINGS,
  sentences: SUBSCRIPTION_SENTENCES,
  run: ({ marketplace: { subscriptions }, store }) => ({
    jobs: [
      {
        name: "renew-api-subscriptions",
        everyMs: MINUTE_MS,
        atStart: true,
        run: ({ rows }) => subscriptions.renewDue(rows),
      },
      {
        name: "invoice-api-overages",
        everyMs: 10 * MINUTE_MS,
        atStart: true,
        run: ({ rows }) => subscriptions.billOverages(rows),
      },
      {
        name: "tell-trial-ends",
        everyMs: HOUR_MS,
        atStart: true,
        run: ({ rows }) => subscriptions.tellTrialEnds(rows),
      },
      { name: "drop-api-forms", everyMs: HOUR_MS, run: () => subscriptions.dropForms().then(() => false) },
    ],
    lifecycle: {
      erased: (tx, { id }, rows) => eraseSubscriptions(tx, id, rows),
      leaving: ({ id }) => subscriptionsLeaving(store.read, id),
    },
  }),
}
