// Reviews of a product: read by everybody, written and reported by who may.
import {
  MarketReviewRemovePage,
  MarketReviewReportPage,
  MarketReviewsPage,
  type Review,
} from "../../../../views/console/market/index.ts"
import type { FormView } from "../../../../views/ui/index.ts"
import { ensure } from "../../../app/index.ts"
import { button, field, form } from "../../../http/index.ts"
import type { PageRequest } from "../../base/index.ts"
import type { ConsoleSite } from "../site.ts"
import { type Seen, seenOf } from "./seen.ts"
import { enterMarket, type MarketDeps, type MarketRequest, type MarketSite } from "./site.ts"

const REVIEW = form(
  {
    stars: field.choice<"5" | "4" | "3" | "2" | "1">({
      label: "Stars",
      required: true,
      wrong: "Choose one to five stars.",
      options: [
        { value: "5", label: "5, excellent" },
        { value: "4", label: "4, good" },
        { value: "3", label: "3, fair" },
        { value: "2", label: "2, poor" },
        { value: "1", label: "1, bad" },
      ],
    }),
    title: field.text({ label: "In one line", required: true, length: 80 }),
    text: field.area({ label: "More", optional: true, length: 2_000, rows: 5, help: "Your name stands beside it." }),
  },
  { submit: "Save review" },
)

const REPORT = form(
  { reason: field.area({ label: "What is wrong with it?", required: true, length: 500, rows: 3 }) },
  { submit: "Report", danger: true },
)

const pathOf = ({ product }: Pick<Seen, "product">): string =>
  `/marketplace/${encodeURIComponent(product.slug)}/reviews`

type Draft = { stars: "5" | "4" | "3" | "2" | "1"; title: string; text: string }

/** What stands in the form of somebody who may write: their own review. */
function presentOf({ marketplace }: MarketDeps, { userId, product }: Seen): Partial<Draft> | null {
  if (userId === null || !marketplace.showcase.mayReview(userId, product.id)) return null
  const own = marketplace.showcase.reviewBy(userId, product.id)
  return own ? { stars: String(own.stars) as Draft["stars"], title: own.title, text: own.text } : { stars: "5" }
}

export function reviewRoutes(site: MarketSite, deps: MarketDeps): void {
  site.get("/marketplace/:api/reviews", (page, params) => {
    const seen = seenOf(deps, page, params.api)
    const present = presentOf(deps, seen)
    return reviewsPage(deps, page, seen, present ? REVIEW.show({ action: pathOf(seen), present }) : undefined)
  })
}

export function ownReviewRoutes(site: ConsoleSite, deps: MarketDeps): void {
  const { store, marketplace } = deps
  const seenBy = (page: PageRequest, slug: string) => seenOf(deps, { ...page, person: page }, slug)
  site.post("/marketplace/:api/reviews", {
    load: (page, { api }: { api: string }) => seenBy(page, api),
    form: REVIEW,
    async act(page, { stars, ...words }, seen) {
      const draft = { userId: page.session.userId, productId: seen.product.id, stars: Number(stars), ...words }
      await store.write(page.ctx("reviewed an API"), (tx) => marketplace.showcase.writeReviewIn(tx, draft))
      return { to: pathOf(seen), say: "Your review is saved." }
    },
    show: (page, view, seen, { status }) => reviewsPage(deps, enterMarket(deps, page.request), seen, view, status),
  })
  const load = (page: PageRequest, { api, review: publicId }: { api: string; review: string }) => {
    const seen = seenBy(page, api)
    const review = marketplace.showcase.review(publicId)
    const isSeen = review?.productId === seen.product.id && (review.hiddenMs === null || review.userId === seen.userId)
    ensure(review && isSeen, "not_found", "There is no such review.")
    return { seen, review }
  }
  site.form("/marketplace/:api/reviews/:review/report", {
    load,
    form: REPORT,
    async act(page, { reason }, { seen, review }) {
      const input = { userId: page.session.userId, publicId: review.publicId, reason }
      await store.write(page.ctx("reported a review"), (tx) => marketplace.showcase.reportReviewIn(tx, input))
      return { to: pathOf(seen), say: "Reported. An admin looks at it." }
    },
    show: (page, view, { seen, review }, status) =>
      page.render(
        (frame) => MarketReviewReportPage({ frame, product: seen.head, title: review.title, form: view }),
        status,
      ),
  })
  site.form("/marketplace/:api/reviews/:review/removal", {
    load,
    form: button("Remove", true),
    async act(page, _, { seen, review }) {
      const input = { userId: page.session.userId, publicId: review.publicId }
      await store.write(page.ctx("removed a review"), (tx) => marketplace.showcase.removeReviewIn(tx, input))
      return { to: pathOf(seen), say: "Your review is removed." }
    },
    show: (page, view, { seen, review }, status) =>
      page.render(
        (frame) => MarketReviewRemovePage({ frame, product: seen.head, title: review.title, form: view }),
        status,
      ),
  })
}

const PAGE_ROWS = 20

function reviewsPage(deps: MarketDeps, page: MarketRequest, seen: Seen, form?: FormView, status = 200): Response {
  const { showcase } = deps.marketplace
  const before = /^\d{1,15}$/.exec(new URL(page.request.url).searchParams.get("before") ?? "")?.[0]
  const rows = showcase.reviewsOf(seen.product.id, seen.userId, before === undefined ? null : Number(before))
  const shown = rows.slice(0, PAGE_ROWS)
  const reviews = shown.map(
    (row): Review => ({
      id: row.publicId,
      stars: row.stars,
      title: row.title,
      text: row.text,
      by: row.author ?? "A subscriber",
      atMs: row.createdMs,
      isEdited: row.editedMs !== null,
      isMine: row.userId === seen.userId,
      hiddenBecause: row.hiddenBecause,
      isReported: row.isReported,
      answer: row.answer === null || row.answeredMs === null ? null : { text: row.answer, atMs: row.answeredMs },
    }),
  )
  const props = {
    now: deps.clock.now(),
    product: seen.head,
    rating: seen.head.rating,
    stars: showcase.starCounts(seen.product.id),
    reviews,
    nextHref: rows.length > PAGE_ROWS ? `${pathOf(seen)}?before=${shown.at(-1)!.id}` : undefined,
    form,
    why: form || seen.userId === seen.publisher.ownerId ? undefined : "People who subscribed to it can write a review.",
  }
  return page.render((frame) => MarketReviewsPage({ frame, ...props }), { status })
}
