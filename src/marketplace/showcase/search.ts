// Finding products: cards and index are made anew where rows changed, and asked within bounds.
import { insertRow, type Reader, type Store, type Tx, type WriteContext } from "../../store/index.ts"
import type { Found } from "./found.ts"
import { SHOWCASE_LIMITS as L } from "./limits.ts"
import { askedFor, weightOf } from "./rules.ts"
import {
  cardsOf,
  categoriesOf,
  countOf,
  dropCard,
  endpointsOf,
  hasCards,
  hasMore,
  isStale,
  matchesOf,
  pricesOf,
  putWords,
  someOf,
  sourceOf,
  staleOf,
  starsOf,
} from "./store-search.ts"
import { marketCards } from "./tables.ts"
import type { ShopPage, ShopQuery } from "./types.ts"

/** Triggers say which products changed; their cards are made from what is true now. @returns whether more wait */
export function freshenIn(tx: Tx, found: Found, rows: number = L.freshRows): boolean {
  const ids = staleOf(tx, rows)
  for (const id of ids) cardIn(tx, id)
  if (ids.length > 0) tx.afterCommit(() => found.forget())
  return ids.length === rows
}

function cardIn(tx: Tx, productId: number): void {
  dropCard(tx, productId)
  const source = sourceOf(tx, productId)
  if (!source) return
  const { overview: _, ...shown } = source
  const { n, words } = endpointsOf(tx, productId)
  const prices = pricesOf(tx, productId)
  const from = prices.find(({ priceNano }) => priceNano > 0) ?? null
  const { stars, reviews } = starsOf(tx, productId)
  putWords(tx, productId, source, words ?? "")
  insertRow(tx, marketCards, {
    productId,
    ...shown,
    hasFree: prices.some(({ priceNano }) => priceNano === 0),
    fromNano: from?.priceNano ?? null,
    fromCycle: from?.cycle ?? null,
    endpoints: n,
    stars,
    reviews,
    weight: weightOf(stars, reviews),
  })
}

const CTX: WriteContext = { actor: "system", requestId: "market-search", reason: "cards of changed products" }

/**
 * Whoever looks sees what was published a moment ago. Writes only where something changed, and no more than a slice.
 * @returns whether more wait
 */
export const freshen = async (store: Pick<Store, "read" | "write">, found: Found): Promise<boolean> =>
  isStale(store.read) ? store.write(CTX, (tx) => freshenIn(tx, found)) : false

/** Best first. Where there are too many to weigh, those with the words in their title go before some of the others. */
function matched(
  reader: Reader,
  { match, title }: { match: string; title: string },
): { ids: number[]; isMore: boolean } {
  if (!hasMore(reader, match)) return { ids: matchesOf(reader, match), isMore: false }
  const ids = new Set([...someOf(reader, title), ...someOf(reader, match)])
  return { ids: [...ids].slice(0, L.matchesMax), isMore: true }
}

export function findProducts(reader: Reader, found: Found, given: ShopQuery): ShopPage {
  const asked = askedFor(given.q)
  const query = { ...given, page: Math.min(Math.max(1, given.page), L.pagesMax) }
  const { match, title, short } = asked
  const { ids, isMore } =
    match === null || title === null
      ? { ids: null, isMore: false }
      : found.of(`match ${match}`, () => matched(reader, { match, title }))
  const words = JSON.stringify([match, short, query.free])
  const cards = cardsOf(reader, query, asked, ids)
  return {
    cards: cards.slice(0, L.pageRows),
    hasNext: cards.length > L.pageRows && query.page < L.pagesMax,
    total: found.of(`total ${words} ${query.category}`, () => countOf(reader, query, asked, ids)),
    isMore,
    categories: found.of(`categories ${words}`, () => categoriesOf(reader, query, asked, ids)),
    isEmpty: cards.length === 0 && !hasCards(reader),
  }
}
