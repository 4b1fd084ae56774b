// /admin/reviews: reviews of APIs that somebody reported. An admin keeps one or takes it down, with a reason.
import { type AdminReview, AdminReviewsPage, ReviewDecisionPage } from "../../../views/admin/reviews.tsx"
import { ensure } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"
import { type ReportedReview, SHOWCASE_LIMITS } from "../../marketplace/index.ts"
import type { PageRequest } from "../base/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "marketplace" | "store" | "clock">

const LIST = "/admin/reviews"
const HIDE = form(
  {
    reason: field.reason({
      label: "What its author reads",
      help: "It stands above their review, and in the audit log.",
    }),
  },
  { submit: "Take down", danger: true },
)
const KEEP = form({ reason: field.reason() }, { submit: "Keep" })

export function reviewRoutes(site: AdminSite, deps: Deps): void {
  const { showcase } = deps.marketplace
  const load = (_: unknown, { review }: { review: string }): ReportedReview => {
    const found = showcase.withReports(review)
    ensure(found, "not_found", "There is no such review.")
    return found
  }
  const decide = (page: PageRequest, reason: string, publicId: string, because: string | null) =>
    deps.store.write(page.ctx(reason), (tx) => showcase.decideReviewIn(tx, { publicId, because }))
  site.get(LIST, (page) => listPage(deps, page))
  site.form(`${LIST}/:review/hiding`, {
    summary: "Take a review down",
    load,
    form: HIDE,
    async act(page, { reason }, { publicId }) {
      await decide(page, reason, publicId, reason)
      return { to: LIST, say: "The review is taken down. Its author and the publisher get a mail." }
    },
    show: (page, view, { title }, status) =>
      page.render((frame) => ReviewDecisionPage({ frame, title, act: "hide", form: view }), status),
  })
  site.form(`${LIST}/:review/keeping`, {
    summary: "Keep a review, or show it again",
    load,
    form: KEEP,
    async act(page, { reason }, { publicId, hiddenMs }) {
      await decide(page, reason, publicId, null)
      return { to: LIST, say: hiddenMs === null ? "The review stays." : "The review is shown again." }
    },
    show: (page, view, { title, hiddenMs }, status) => {
      const act = hiddenMs === null ? "keep" : "show"
      const asked = { ...view, submit: act === "keep" ? "Keep" : "Show again" }
      return page.render((frame) => ReviewDecisionPage({ frame, title, act, form: asked }), status)
    },
  })
}

function listPage({ marketplace: { showcase }, clock }: Deps, page: PageRequest): Response {
  const query = new URL(page.request.url).searchParams
  const state = query.get("state") === "hidden" ? "hidden" : "reported"
  const asked = /^\d{1,15}$/.exec(query.get("from") ?? "")?.[0]
  const from = asked === undefined ? undefined : Number(asked)
  const found = state === "hidden" ? showcase.hidden(from) : showcase.reported(from)
  const rows = found.slice(0, SHOWCASE_LIMITS.reviewRows)
  const path = state === "hidden" ? `${LIST}?state=hidden` : LIST
  const props = {
    now: clock.now(),
    state,
    waiting: showcase.countReported(),
    reviews: rows.map(shownOf),
    firstHref: from === undefined ? undefined : path,
    nextHref:
      found.length > rows.length ? `${path}${state === "hidden" ? "&" : "?"}from=${rows.at(-1)!.id}` : undefined,
  } as const
  return page.render((frame) => AdminReviewsPage({ frame, ...props }))
}

const shownOf = (row: ReportedReview): AdminReview => ({
  id: row.publicId,
  stars: row.stars,
  title: row.title,
  text: row.text,
  by: row.author,
  authorHref: row.authorPublicId === null ? null : `/admin/users/${row.authorPublicId}`,
  atMs: row.createdMs,
  isEdited: row.editedMs !== null,
  answer: row.answer,
  hiddenBecause: row.hiddenBecause,
  product: { title: row.productTitle, href: `/admin/products/${row.productPublicId}` },
  reports: row.reports,
})
