// What somebody may see of a product: published ones everybody, others their subscribers and their publisher.
import type { ProductHead } from "../../../../views/console/market/index.ts"
import { ensure, type UserId } from "../../../app/index.ts"
import type { Marketplace } from "../../../marketplace/index.ts"
import { isOpenTo } from "../../base/index.ts"
import { type Mine, mineOf } from "./mine.ts"
import {
  type Endpoint,
  logoOf,
  type MarketDeps,
  type MarketRequest,
  type Plan,
  type Product,
  type Terms,
} from "./site.ts"

export interface Seen {
  product: Product
  publisher: NonNullable<ReturnType<Marketplace["catalog"]["publisherById"]>>
  /** By rank, retired ones too. */
  plans: Plan[]
  endpoints: Endpoint[]
  mine: Mine | null
  /** Who reads it; null = a stranger. */
  userId: UserId | null
  /** What its pages know. */
  head: ProductHead
  /** Where it is called. */
  baseUrl: string
  /** Null = no limit or quota is the person's own. */
  terms: Terms | null
}

function healthShown({ marketplace }: MarketDeps, productId: number): ProductHead["health"] {
  const { state, uptimeBp } = marketplace.calls.healthOf(productId)
  return state && { isUp: state === "up", uptimeBp }
}

const mayOf = ({ person }: MarketRequest): ProductHead["may"] => ({
  pay: isOpenTo(person?.user, "/marketplace/:api/subscribe"),
  call: isOpenTo(person?.user, "/marketplace/:api/keys"),
})

const NOTICES: Readonly<Record<string, string>> = {
  draft: "Only you see this page: it is not published yet.",
  review: "Only you see this page: it waits for its review.",
  unpublished: "This API is not offered any more. Subscriptions go on until they end.",
  suspended: "This API is suspended: calls are refused.",
}

/** @throws AppError not_found, for what somebody may not see too */
export function seenOf(deps: MarketDeps, page: MarketRequest, slug: string): Seen {
  const { catalog, plans, showcase } = deps.marketplace
  const nothing = "There is no such API. The marketplace lists them all."
  const product = catalog.productBySlug(slug)
  ensure(product, "not_found", nothing)
  const publisher = catalog.publisherById(product.publisherId)
  ensure(publisher, "not_found", nothing)
  const userId = page.person?.session.userId ?? null
  const holderId = page.person?.holder.id ?? null
  const mine = holderId === null ? null : mineOf(deps, holderId, product.id)
  const state = publisher.suspendedMs === null ? product.state : "suspended"
  const isSeen = state === "published" || mine !== null || holderId === publisher.ownerId
  ensure(isSeen, "not_found", nothing)
  return {
    product,
    publisher,
    plans: plans.plansOf(product.id),
    endpoints: catalog.endpointsOf(product.id),
    mine,
    userId,
    terms: mine?.terms ?? null,
    baseUrl: catalog.addressOf(product),
    head: {
      slug: product.slug,
      title: product.title,
      tagline: product.tagline,
      publisher: publisher.organisation ?? publisher.name,
      logo: logoOf(deps, publisher.publicId, 64),
      version: product.version,
      categories: catalog.categoriesOf(product.id),
      rating: showcase.ratingOf(product.id),
      health: state === "published" ? healthShown(deps, product.id) : null,
      notice: NOTICES[state],
      subscription: mine && { planName: mine.plan.name, state: mine.state },
      may: mayOf(page),
    },
  }
}
