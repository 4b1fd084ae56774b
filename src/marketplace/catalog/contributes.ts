// What `catalog` contributes: what happens to products with their publisher, and what of them is sealed.
import type { Marketplace } from "../index.ts"
import type { MarketPart } from "../types.ts"
import { SEALED_SIGNING, SEALED_UPSTREAM } from "./sealed.ts"
import { catalogLeaving, eraseCatalog, reinstatePublisher, suspendPublisher } from "./store-personal.ts"

export const catalogPart: MarketPart<Marketplace> = {
  sealed: [SEALED_UPSTREAM, SEALED_SIGNING],
  run: ({ store }) => ({
    lifecycle: {
      suspended: (tx, { id }) => suspendPublisher(tx, id),
      reinstated: (tx, { id }) => reinstatePublisher(tx, id),
      erased: (tx, { id }, rows) => eraseCatalog(tx, id, rows),
      leaving: ({ id }) => catalogLeaving(store.read, id),
    },
  }),
}
