// /admin/apps/:app/review: an admin reads what a new app says of itself, and what was said about it, and decides.
import { AdminAppReviewPage, type AdminAppReviewProps } from "../../../views/admin/app-review.tsx"
import { type AppDecision, APP_REVIEW_LIMITS as L } from "../../developers/index.ts"
import { field, form } from "../../http/index.ts"
import { type Client, isClosed } from "../../oauth/index.ts"
import { appOf, pathOf } from "./apps.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<
  AdminDeps,
  "oauth" | "store" | "clock" | "appReviews" | "appHosts" | "identity" | "developerName" | "media"
>

const REVIEW_FORM = form(
  {
    decision: field.choice<AppDecision>({
      label: "Decision",
      control: "radios",
      wrong: "Choose one of the four.",
      options: [
        { value: "approved", label: "Let it in", help: "Everybody can sign in to it." },
        { value: "changes_requested", label: "Ask for changes", help: "Its developer sends it in again." },
        { value: "rejected", label: "Say no", help: "Only its developer can sign in to it." },
        { value: "none", label: "Only write" },
      ],
    }),
    text: field.area({
      label: "What its developer reads",
      optional: true,
      rows: 4,
      help: `At most ${L.noteChars.toLocaleString("en-US")} characters. It may be empty where the app is let in.`,
    }),
    version: field.sealed({ label: "What was read" }),
  },
  { submit: "Decide" },
)

const SAID: Readonly<Record<AppDecision, string>> = {
  approved: "is let in. Its developer gets a mail.",
  changes_requested: "goes back to its developer, who gets a mail.",
  rejected: "is not let in. Its developer gets a mail.",
  none: "has a new message. Its developer gets a mail.",
}

export function appReviewRoutes(site: AdminSite, deps: Deps): void {
  const { appReviews, oauth, store } = deps
  site.form("/admin/apps/:app/review", {
    summary: "Decide about a new app",
    load: (_page, { app }) => appOf(deps, app),
    form: REVIEW_FORM,
    present: (client) => ({ version: appReviews.of(client).version }),
    async act(page, { decision, text, version }, client) {
      const { publicId: clientPublicId, name } = client
      const input = { clientPublicId, decision, text, version: version || null, by: page.session.userId }
      await store.write(page.ctx("reviewed an app"), (tx) => appReviews.decideIn(tx, input))
      const review = oauth.clientById(client.id)?.review ?? ""
      return { to: `${pathOf(client)}/review`, say: `${name} ${SAID[decision]}`, result: { review } }
    },
    show: (page, view, client, status) =>
      page.render((frame) => AdminAppReviewPage({ frame, ...reviewShown(deps, client), form: view }), status),
  })
}

function reviewShown(deps: Deps, client: Client): Omit<AdminAppReviewProps, "frame" | "form"> {
  const { askedMs, notes, changed } = deps.appReviews.of(client)
  const owner = client.ownerId === null ? null : deps.identity.userById(client.ownerId)
  return {
    now: deps.clock.now(),
    app: {
      id: client.publicId,
      name: client.name,
      iconUrl: deps.media.addressOf({ purpose: "icon", subject: client.publicId }, 64),
      developer: client.ownerId === null ? "Nobody" : deps.developerName(client.ownerId),
      developerHref: owner && `/admin/users/${owner.publicId}`,
      description: client.description,
      testMode: client.mode === "test",
      domain: deps.appHosts.verified(client)?.host ?? null,
      links: { Homepage: client.homepageUrl, "Privacy policy": client.policyUri, Terms: client.tosUri },
      redirectUris: client.redirectUris,
      scopes: client.scopes,
    },
    review: client.review,
    closed: isClosed(client, deps.appReviews.areWanted()),
    askedMs,
    notes,
    changed,
  }
}
