// Keyset paging under any order: a page begins behind a row, named by what it is sorted by and its id, so that rows which are added or
// go elsewhere make no other row come twice or not at all.
import type { SqlValue } from "./types.ts"

/** A row as a place in the order. */
export interface Place {
  /** What it is sorted by. */
  key: string | number
  id: number
  /** The page ends before this row; else it begins behind it. */
  before?: boolean
}

export interface Order {
  /** SQL of what is sorted by; never NULL. */
  key: string
  /** SQL of the id, which tells rows with equal keys apart. */
  id: string
  descending: boolean
}

export interface Keyset {
  /** A condition. */
  where: string
  params: SqlValue[]
  /** What stands behind ORDER BY. */
  order: string
}

export function keyset({ key, id, descending }: Order, place: Place | null): Keyset {
  const isBack = place?.before === true
  const falls = descending !== isBack
  const way = falls ? "DESC" : "ASC"
  return {
    where: place ? `(${key}, ${id}) ${falls ? "<" : ">"} (?, ?)` : "TRUE",
    params: place ? [place.key, place.id] : [],
    order: `${key} ${way}, ${id} ${way}`,
  }
}

export interface KeysetPage<Row> {
  /** In the order asked for. */
  rows: Row[]
  /** Where the pages beside it are; null = there is none. */
  previous: Place | null
  next: Place | null
}

/** @param found one row more than `limit` when there is more, in the order of `keyset` */
export function pageOf<Row>(
  found: readonly Row[],
  limit: number,
  place: Place | null,
  placeOf: (row: Row) => Place,
): KeysetPage<Row> {
  const isBack = place?.before === true
  const hasMore = found.length > limit
  const taken = found.slice(0, limit)
  const rows = isBack ? taken.toReversed() : taken
  const [first, last] = [rows[0], rows.at(-1)]
  const hasPrevious = isBack ? hasMore : place !== null
  const hasNext = isBack || hasMore
  return {
    rows,
    previous: first && hasPrevious ? { ...placeOf(first), before: true } : null,
    next: last && hasNext ? placeOf(last) : null,
  }
}

/** For an address: opaque, and anybody may write another. */
export const placeText = ({ key, id, before }: Place): string =>
  Buffer.from(JSON.stringify(before ? [key, id, 1] : [key, id])).toString("base64url")

/** @returns null for what is no place: the list then begins at its top */
export function readPlace(text: string | null): Place | null {
  if (!text || text.length > 2_000) return null
  try {
    const [key, id, before] = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as unknown[]
    const isKey = typeof key === "string" || (typeof key === "number" && Number.isFinite(key))
    if (!isKey || !Number.isSafeInteger(id)) return null
    return before === 1 ? { key, id: id as number, before: true } : { key, id: id as number }
  } catch {
    return null
  }
}
