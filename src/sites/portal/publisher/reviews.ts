// What subscribers say of an API: its publisher reads it, and answers each.
import { ProductReviewsPage } from "../../../../views/portal/publisher/reviews.tsx"
import { type FormView, fieldNamed } from "../../../../views/ui/index.ts"
import { ensure } from "../../../app/index.ts"
import { field, form } from "../../../http/index.ts"
import type { Product } from "../../../marketplace/index.ts"
import type { PageRequest, Status } from "../../base/index.ts"
import type { PortalDeps, PortalSite } from "../site.ts"
import { ownerOf, pathOf, productOf } from "./places.ts"
import { shown } from "./product.ts"

const PATH = "/publisher/products/:product/reviews"
const PAGE_ROWS = 20
const ANSWER = form(
  {
    review: field.hidden({ label: "Review" }),
    text: field.area({ label: "Your answer", optional: true, length: 2_000, rows: 3, help: "Empty takes it away." }),
  },
  { submit: "Save answer" },
)
const here = (product: Product): string => `${pathOf(product)}/reviews`

export function productReviewRoutes(site: PortalSite, deps: PortalDeps): void {
  const { store, marketplace } = deps
  const load = (page: PageRequest, { product }: { product: string }) => productOf(deps, page, product)
  site.get(PATH, (page, ids) => reviewsPage(deps, page, load(page, ids)))
  site.post(`${PATH}/answers`, {
    load,
    form: ANSWER,
    async act(page, { review: publicId, text }, product) {
      const { showcase } = marketplace
      ensure(showcase.review(publicId)?.productId === product.id, "not_found", "This API has no such review.")
      await store.write(page.ctx("answered a review"), (tx) =>
        showcase.answerReviewIn(tx, { ownerId: ownerOf(page), publicId, text: text || null }),
      )
      return { to: here(product), say: text ? "Your answer stands below the review." : "Your answer is gone." }
    },
    show: (page, sent, product, status) => reviewsPage(deps, page, product, sent, status),
  })
}

function reviewsPage(
  deps: PortalDeps,
  page: PageRequest,
  product: Product,
  sent?: FormView,
  status?: Status,
): Response {
  const before = /^\d{1,15}$/.exec(new URL(page.request.url).searchParams.get("before") ?? "")?.[0]
  const { showcase } = deps.marketplace
  const rows = showcase.reviewsOf(product.id, null, before === undefined ? null : Number(before))
  const listed = rows.slice(0, PAGE_ROWS)
  const path = here(product)
  const asked = sent ? fieldNamed(sent, "review").typed[0] : undefined
  const reviews = listed.map((row) => {
    const present = { review: row.publicId, text: row.answer ?? "" }
    const view = asked === row.publicId && sent ? sent : ANSWER.show({ action: `${path}/answers`, present })
    return {
      id: row.publicId,
      stars: row.stars,
      title: row.title,
      text: row.text,
      by: row.author ?? "A subscriber",
      atMs: row.createdMs,
      answeredMs: row.answeredMs,
      form: { ...view, ids: row.publicId },
    }
  })
  const props = {
    now: deps.clock.now(),
    product: shown(product),
    reviews,
    firstHref: before === undefined ? undefined : path,
    nextHref: rows.length > PAGE_ROWS ? `${path}?before=${listed.at(-1)!.id}` : undefined,
  }
  return page.render((frame) => ProductReviewsPage({ frame: { ...frame, path }, ...props }), status)
}
