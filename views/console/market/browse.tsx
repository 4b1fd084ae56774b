// /marketplace: what there is to subscribe to. Search, categories, free ones, order.

import { assetUrl } from "../../layout/assets.ts"
import type { Frame } from "../../layout/frame.ts"
import { count, plural } from "../../ui/format.ts"
import { Avatar, Badge, Button, Chips, Empty, Pager, SearchBox, Segments, withQuery } from "../../ui/index.ts"
import { MarketLayout } from "./frame.tsx"
import type { MarketCard } from "./types.ts"
import { CYCLES, marketPath, priceText, starsText } from "./words.ts"

export type MarketSort = "best" | "new" | "rated" | "name"

export interface MarketQuery {
  q: string
  /** "" = all. */
  category: string
  free: boolean
  sort: MarketSort
}

export interface MarketProps {
  frame: Frame
  query: MarketQuery
  /** Each with how many products it has, of those that the other filters leave. */
  categories: readonly { name: string; products: number }[]
  /** Products that the filters leave; `isMore`: at least so many. */
  total: { products: number; isMore: boolean }
  cards: readonly MarketCard[]
  /** From 1. */
  page: number
  hasNext: boolean
  /** Nothing is published at all. */
  isEmpty: boolean
}

const SORTS: readonly { sort: MarketSort; label: string; spoken: string }[] = [
  { sort: "best", label: "Best", spoken: "Best first" },
  { sort: "new", label: "New", spoken: "New, newest first" },
  { sort: "rated", label: "Rated", spoken: "Rated, best first" },
  { sort: "name", label: "A–Z", spoken: "A–Z, by name" },
]

const addressOf = (query: MarketQuery, page = 1): string =>
  withQuery("/marketplace", {
    q: query.q,
    category: query.category,
    free: query.free ? "1" : undefined,
    sort: query.sort === "best" ? undefined : query.sort,
    page: page === 1 ? undefined : String(page),
  })

/** GET /marketplace */
export function MarketPage(props: MarketProps): JSX.Element {
  const { frame, query, isEmpty } = props
  return (
    <MarketLayout
      frame={frame}
      title="Marketplace"
      lead="APIs that developers publish here: one account, one balance, one bill."
      description="APIs on one account and one balance: plans, documentation and keys at once."
    >
      {isEmpty ? (
        <Empty
          title="No API yet"
          text="Developers publish APIs here, with plans and documentation. Nobody has so far."
          action={<Button href="/publisher" label="Publish an API" />}
        />
      ) : (
        <>
          <div class="market-find" data-module={assetUrl("js/typing.js")}>
            <SearchBox
              action="/marketplace"
              label="Search APIs"
              placeholder="Weather, maps, invoices"
              value={query.q}
              swap="market"
              keep={{
                category: query.category,
                free: query.free ? "1" : undefined,
                sort: query.sort === "best" ? undefined : query.sort,
              }}
            />
          </div>
          <div id="market" class="market">
            <Filters {...props} />
            <Found {...props} />
          </div>
        </>
      )}
    </MarketLayout>
  )
}

function Filters({ query, categories }: MarketProps): JSX.Element {
  const chip = (name: string, label: string, products?: number) => ({
    label,
    href: addressOf({ ...query, category: name }),
    current: name === query.category,
    count: products === undefined ? undefined : count(products),
    swap: "market",
  })
  return (
    <div class="market-filters">
      {categories.length === 0 ? null : (
        <Chips
          label="Categories"
          chips={[chip("", "All"), ...categories.map(({ name, products }) => chip(name, name, products))]}
        />
      )}
      <div class="market-ways">
        <Segments
          label="Price"
          swap="market"
          links={[
            { label: "Any price", href: addressOf({ ...query, free: false }), current: !query.free },
            { label: "With a free plan", href: addressOf({ ...query, free: true }), current: query.free },
          ]}
        />
        <Segments
          label="Order"
          swap="market"
          links={SORTS.map(({ sort, label, spoken }) => ({
            label,
            spoken,
            href: addressOf({ ...query, sort }),
            current: query.sort === sort,
          }))}
        />
      </div>
    </div>
  )
}

function Found(props: MarketProps): JSX.Element {
  const { query, cards, total, page, hasNext } = props
  if (cards.length === 0)
    return (
      <div role="status">
        <Empty
          title={query.q === "" ? "Nothing here" : `Nothing for “${query.q}”`}
          text="Try fewer words, another category, or any price."
          action={<Button href="/marketplace" swap="market" label="Show all APIs" />}
        />
      </div>
    )
  const words = `${total.isMore ? "More than " : ""}${plural(total.products, "API")}${query.q === "" ? "" : ` for “${query.q}”`}`
  return (
    <section aria-labelledby="found-title">
      <h2 id="found-title" class="market-count quiet">
        <span role="status" safe>
          {words}
        </span>
      </h2>
      <ul class="plain press-cards">
        {cards.map((card) => (
          <li>
            <Card {...card} />
          </li>
        ))}
      </ul>
      <Pager
        label="More APIs"
        swap="market"
        previousHref={page > 1 ? addressOf(query, page - 1) : undefined}
        previousLabel="Before"
        nextHref={hasNext ? addressOf(query, page + 1) : undefined}
        nextLabel="More"
      />
    </section>
  )
}

function Card(card: MarketCard): JSX.Element {
  return (
    <article class="press-card">
      <h3>
        <a href={marketPath(card.slug)}>
          <bdi safe>{card.title}</bdi>
        </a>
      </h3>
      <p class="quiet market-by">
        <Avatar name={card.publisher} src={card.logo} />
        <span>
          {"By "}
          <bdi safe>{card.publisher}</bdi>
        </span>
      </p>
      {card.tagline === "" ? null : <p safe>{card.tagline}</p>}
      <p class="badges">
        {card.isMine ? <Badge tone="accent" text="Subscribed" /> : null}
        {card.isFeatured ? <Badge tone="ok" text="Featured" /> : null}
        {card.categories.map((category) => (
          <Badge text={category} />
        ))}
      </p>
      <p class="press-card-foot">
        <span class="strong num" safe>
          {offer(card)}
        </span>
        <span class="quiet num" safe>
          {card.rating === null
            ? plural(card.endpoints, "endpoint")
            : `${plural(card.endpoints, "endpoint")} · ${starsText(card.rating)} of 5 (${count(card.rating.count)})`}
        </span>
      </p>
    </article>
  )
}

function offer({ hasFree, from }: MarketCard): string {
  if (from === null) return hasFree ? "Free" : "No open plan"
  const price = `${priceText(from.price)} ${CYCLES[from.cycle]}`
  return hasFree ? `Free, or from ${price}` : `From ${price}`
}
