// /marketplace: finding an API.
import { MarketPage, type MarketSort } from "../../../../views/console/market/index.ts"
import { logoOf, type MarketDeps, type MarketSite } from "./site.ts"

const SORTS: readonly MarketSort[] = ["best", "new", "rated", "name"]
const QUERY_CHARS_MAX = 100
const CATEGORY_CHARS_MAX = 40

export function browseRoutes(site: MarketSite, deps: MarketDeps): void {
  const { marketplace } = deps
  site.get("/marketplace", async (page) => {
    const { searchParams } = new URL(page.request.url)
    const said = (name: string, chars: number): string => (searchParams.get(name) ?? "").trim().slice(0, chars)
    const sort = SORTS.find((one) => one === searchParams.get("sort")) ?? "best"
    const query = {
      q: said("q", QUERY_CHARS_MAX),
      category: said("category", CATEGORY_CHARS_MAX),
      free: searchParams.get("free") === "1",
      sort,
    }
    const number = Number(/^\d{1,4}$/.exec(searchParams.get("page") ?? "")?.[0] ?? 1) || 1
    const found = await marketplace.showcase.find({ ...query, order: sort, page: number })
    const mine = page.person ? marketplace.showcase.subscribedTo(page.person.holder.id) : new Set()
    const cards = found.cards.map(
      ({ productId, publisherId, publishedMs: _, stars, reviews, featuredMs, fromNano, fromCycle, ...card }) => ({
        ...card,
        logo: logoOf(deps, publisherId, 64),
        from: fromNano === null || fromCycle === null ? null : { price: fromNano, cycle: fromCycle },
        rating: reviews === 0 ? null : { tenths: Math.round((stars * 10) / reviews), count: reviews },
        isFeatured: featuredMs !== null,
        isMine: mine.has(productId),
      }),
    )
    const { categories, hasNext, isEmpty } = found
    const total = { products: found.total, isMore: found.isMore }
    return page.render((frame) =>
      MarketPage({ frame, query, categories, total, cards, page: number, hasNext, isEmpty }),
    )
  })
}
