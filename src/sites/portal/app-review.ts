// /developer/apps/:app/review: a developer sends an app in, reads what was said of it, and answers.
import { AppReviewPage, type AppReviewProps } from "../../../views/portal/app-review.tsx"
import { APP_REVIEW_LIMITS as L } from "../../developers/index.ts"
import { button, field, form } from "../../http/index.ts"
import { type Client, isClosed as isClosedBy } from "../../oauth/index.ts"
import { mine, pathOf } from "./places.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

const TEXT = { rows: 4, help: `At most ${L.noteChars.toLocaleString("en-US")} characters.` }
const ASK_FORM = form(
  { text: field.area({ ...TEXT, label: "Anything to know", optional: true }) },
  { submit: "Send for review" },
)
const WRITE_FORM = form({ text: field.area({ ...TEXT, label: "Message", optional: true }) }, { submit: "Send message" })

const reviewPath = (client: Client): string => `${pathOf(client)}/review`

export function appReviewRoutes(site: PortalSite, deps: PortalDeps): void {
  const { appReviews, store } = deps
  site.form("/developer/apps/:app/review", {
    load: (page, { app }) => mine(deps, page, app),
    form: ASK_FORM,
    adapt: (form, { review }) => (review === "draft" ? form : WRITE_FORM),
    async act(page, { text }, client) {
      const input = { ownerId: page.holder.id, clientPublicId: client.publicId, text }
      const asks = client.review === "draft"
      await store.write(page.ctx(asks ? "sent an app in for review" : "wrote about an app"), (tx) =>
        asks ? appReviews.askIn(tx, input) : appReviews.writeIn(tx, input),
      )
      return { to: reviewPath(client), say: asks ? "Sent. An admin looks at it; you get a mail." : "Sent." }
    },
    show: (page, form, client, status) =>
      page.render((frame) => AppReviewPage({ frame, ...reviewShown(deps, client), form }), status),
  })
  site.post("/developer/apps/:app/review/withdrawal", {
    load: (page, { app }) => mine(deps, page, app),
    form: button("Take back"),
    async act(page, _, client) {
      const ref = { ownerId: page.holder.id, clientPublicId: client.publicId }
      await store.write(page.ctx("took an app back from review"), (tx) => appReviews.withdrawIn(tx, ref))
      return { to: reviewPath(client), say: "It does not wait for a review any more." }
    },
    back: reviewPath,
  })
}

function reviewShown({ appReviews, clock }: PortalDeps, client: Client): Omit<AppReviewProps, "frame" | "form"> {
  const { askedMs, notes, lacking } = appReviews.of(client)
  return {
    now: clock.now(),
    app: { id: client.publicId, name: client.name },
    review: client.review,
    closed: isClosed({ appReviews }, client),
    askedMs,
    notes,
    lacking,
  }
}

/** To everybody but its developer. */
export const isClosed = ({ appReviews }: Pick<PortalDeps, "appReviews">, client: Client): boolean =>
  isClosedBy(client, appReviews.areWanted())
