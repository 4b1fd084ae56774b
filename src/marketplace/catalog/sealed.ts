// What of a product is sealed: the publisher's secret for their own server, and the key that signs for it.
import type { SealedColumn } from "../../part/index.ts"

export const SEALED_UPSTREAM: SealedColumn = {
  what: "secrets of publishers for their servers",
  table: "market_products",
  blob: "upstream_secret",
  assign: "upstream_secret = ?",
  purpose: "market-upstream",
  columns: ["public_id"],
  place: (publicId) => `market_products:upstream_secret:${publicId}`,
}

/** '' = emptied with its publisher. */
export const SEALED_SIGNING: SealedColumn = {
  what: "keys that sign calls for publishers' servers",
  table: "market_products",
  blob: "NULLIF(signing_secret, '')",
  assign: "signing_secret = ?",
  purpose: "market-signing",
  columns: ["public_id"],
  place: (publicId) => `market_products:signing_secret:${publicId}`,
}
