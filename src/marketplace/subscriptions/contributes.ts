// What `subscriptions` contributes: what happens to subscriptions with their person.
import type { Marketplace } from "../index.ts"
import type { MarketPart } from "../types.ts"
import { eraseSubscriptions, subscriptionsLeaving } from "./store-personal.ts"

export const subscriptionsPart: MarketPart<Marketplace> = {
  run: ({ store }) => ({
    lifecycle: {
      erased: (tx, { id }, rows) => eraseSubscriptions(tx, id, rows),
      leaving: ({ id }) => subscriptionsLeaving(store.read, id),
    },
  }),
}
