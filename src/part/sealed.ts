// SealedColumn: where a domain keeps what the keyring sealed, so that a new master key can seal it anew without knowing the domain.

/** Rows that hold something sealed, as their domain declares them in its part. */
export interface SealedColumn {
  /** In words, such as "keys of providers". */
  what: string
  table: string
  /** The blob, as SQL over a row: a column, or a place in its JSON. */
  blob: string
  /** Assigns it anew, with one parameter. */
  assign: string
  purpose: string
  /** Columns that its place is made of. */
  columns: readonly string[]
  /** @param values of those columns, in their order */
  place(...values: string[]): string
}
