// What `calls` contributes: what happens to product keys with their person. Every call asks whether the person of its key is suspended.
import type { Marketplace } from "../index.ts"
import type { MarketPart } from "../types.ts"
import { eraseProductKeys } from "./store-personal.ts"

export const callsPart: MarketPart<Marketplace> = {
  run: () => ({
    lifecycle: { erased: (tx, { id }, rows) => eraseProductKeys(tx, id, rows) },
  }),
}
