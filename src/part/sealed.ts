// SealedColumn: where a domain keeps what the keyring sealed, so that a new master key can seal it anew without knowing the domain.
import type { Keyring } from "../app/index.ts"
import type { Tx } from "../store/index.ts"

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

/**
 * Seals a value for its row, in the body that writes the row: what is sealed before it may be written after a new master key sealed all
 * rows anew, under a key that is out of use by then.
 * @param values of `columns`, in their order
 */
export const sealIn = (
  _tx: Tx,
  keyring: Pick<Keyring, "seal">,
  { purpose, place }: Pick<SealedColumn, "purpose" | "place">,
  values: readonly string[],
  plain: string,
): string => keyring.seal(purpose, place(...values), plain)
