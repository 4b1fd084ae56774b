// What `catalog` contributes: its words, mails and settings, what happens to products with their publisher, and what of them is sealed.
import { HOUR_MS } from "../../app/index.ts"
import type { Marketplace } from "../index.ts"
import type { MarketPart } from "../types.ts"
import { CATALOG_LIMITS } from "./limits.ts"
import { CATALOG_LETTERS } from "./mails.ts"
import { SEALED_SIGNING, SEALED_UPSTREAM } from "./sealed.ts"
import { CATALOG_SENTENCES } from "./sentences.ts"
import { COMMISSION, REVIEWS } from "./settings.ts"
import { catalogLeaving, eraseCatalog, reinstatePublisher, suspendPublisher } from "./store-personal.ts"
import { CHANGE_TOPIC } from "./words.ts"
import { CATALOG_READS } from "./worker-reads.ts"

export const catalogPart: MarketPart<Marketplace> = {
  letters: CATALOG_LETTERS,
  settings: [REVIEWS, COMMISSION],
  sentences: CATALOG_SENTENCES,
  sealed: [SEALED_UPSTREAM, SEALED_SIGNING],
  reads: CATALOG_READS,
  run: ({ marketplace, store }) => ({
    jobs: [
      {
        name: "prove-market-hosts",
        everyMs: HOUR_MS,
        sliceRows: CATALOG_LIMITS.hostSliceRows,
        run: async ({ rows }) => (await marketplace.catalog.lookAgain(rows)) >= rows,
      },
      {
        name: "sweep-market-claims",
        everyMs: HOUR_MS,
        run: async ({ rows }) => (await marketplace.catalog.sweep(rows)) >= rows,
      },
    ],
    handlers: { [CHANGE_TOPIC]: (delivery) => marketplace.catalog.deliverChange(delivery) },
    lifecycle: {
      suspended: (tx, { id }) => suspendPublisher(tx, id),
      reinstated: (tx, { id }) => reinstatePublisher(tx, id),
      erased: (tx, { id }, rows) => eraseCatalog(tx, id, rows),
      leaving: ({ id }) => catalogLeaving(store.read, id),
    },
  }),
}
