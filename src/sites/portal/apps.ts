// /developer: the agreement, apps (OAuth clients), and the first call they wait for.
import { FirstCall } from "../../../views/portal/first-call.tsx"
import { RedirectLines } from "../../../views/portal/redirect-lines.tsx"
import type { UserId } from "../../app/index.ts"
import { html, seeOther, signedOutEvents } from "../../http/index.ts"
import { type Client, OAUTH_LIMITS, redirectUriProblem } from "../../oauth/index.ts"
import { newValues, type PageRequest, personOf, undoTo } from "../base/index.ts"
import { AGREEMENT_FORM, APP_DETAILS_FORM, APP_FORM, detailsForm, NEW_APP } from "./app-form.ts"
import { appPage, detailsOf, home, mine, newPage, pathOf } from "./app-pages.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

const HOME = "/developer"
const LIST = "/developer/apps"

export function appRoutes(site: PortalSite, deps: PortalDeps): void {
  const { developers } = deps
  site.get(HOME, (page) => home(deps, page))
  site.get(LIST, () => seeOther(HOME))

  site.post("/developer/agreement", {
    form: AGREEMENT_FORM,
    async act(page) {
      const input = { userId: page.holder.id, version: developers.agreementVersion }
      await developers.acceptAgreement(page.ctx("accepted the developer agreement"), input)
      return { to: HOME, say: "You are a developer now." }
    },
    show: (page, agreement, _, status) => home(deps, page, { agreement }, status),
  })
  newRoute(site, deps)
  site.get("/developer/apps/redirect-uris", (page) => redirectUrisChecked(page.request))
  site.get("/developer/apps/:app/redirect-uris", (page, { app }) =>
    redirectUrisChecked(page.request, mine(deps, page, app)),
  )
  detailsRoute(site, deps)
  site.get("/developer/apps/:app/first-call", (page, { app }) => {
    const client = mine(deps, page, app)
    const firstCallMs = deps.usage.firstCallAt(client.id)
    // Still waiting: nothing to swap, and nothing for a screen reader to say again.
    if (firstCallMs === null) return new Response(null, { status: 204 })
    return html(FirstCall({ appId: client.publicId, firstCallMs, now: deps.clock.now() }))
  })
  site.open("/developer/apps/:app/first-call/events", (request, { app }) => firstCallEvents(deps, request, app))
}

function newRoute(site: PortalSite, deps: PortalDeps): void {
  const { oauth, store, developers } = deps
  site.form(
    "/developer/apps/new",
    {
      load: (_page, _params, sent) => ({ isFirst: sent("start") === "1", isTest: sent("mode") === "test" }),
      form: APP_FORM,
      // Its first secret is made with it.
      fresh: ({ type }) => type === "confidential",
      adapt: (form, { isFirst }) => (isFirst ? form : form.with({ start: null })),
      present: ({ isTest }) => (isTest ? { ...NEW_APP, testMode: true } : NEW_APP),
      async act(page, { testMode, type, deviceFlow, homepageUrl, policyUri, tosUri, ...more }, { isFirst }) {
        const { name, redirectUris, scopes } = more
        const made = await store.write(page.ctx("created an app"), (tx) => {
          developers.requireDeveloperIn(tx, page.holder.id)
          return oauth.registerClientIn(tx, {
            ownerId: page.holder.id,
            type,
            name,
            redirectUris,
            scopes,
            deviceFlow,
            ...linksOf({ homepageUrl, policyUri, tosUri }),
            mode: testMode ? "test" : "live",
          })
        })
        return { to: isFirst ? HOME : pathOf(made.client), secret: made.secret ?? undefined }
      },
      show: (page, app, { isFirst }, status) =>
        isFirst ? home(deps, page, { app }, status) : newPage(deps, page, app, status),
    },
    LIST,
  )
}

/** A field that was emptied takes the link away. */
const linksOf = (typed: { homepageUrl: string; policyUri: string; tosUri: string; supportUrl?: string }) => ({
  homepageUrl: typed.homepageUrl || null,
  policyUri: typed.policyUri || null,
  tosUri: typed.tosUri || null,
  ...(typed.supportUrl === undefined ? {} : { supportUrl: typed.supportUrl || null }),
})

function detailsRoute(site: PortalSite, deps: PortalDeps): void {
  const { oauth, store } = deps
  site.form("/developer/apps/:app", {
    load: (page, { app }) => mine(deps, page, app),
    form: APP_DETAILS_FORM,
    adapt: () => detailsForm(oauth.shareBounds()),
    present: detailsOf,
    async act(page, values, client) {
      const { name, redirectUris, scopes, postLogoutUris, requirePar, deviceFlow, idTokenAlg, dpopBound } = values
      const { backchannelLogoutUri, description, shareBp, ...links } = values
      const of = { ownerId: page.holder.id, clientPublicId: client.publicId }
      const input = {
        ...of,
        name,
        description: description || null,
        redirectUris,
        ...linksOf(links),
        scopes,
        idTokenAlg,
        dpopBound,
        postLogoutUris,
        requirePar,
        backchannelLogoutUri: backchannelLogoutUri || null,
        deviceFlow,
      }
      await store.write(page.ctx("changed an app"), (tx) => {
        oauth.updateClientIn(tx, input)
        if (shareBp !== undefined) oauth.setShareIn(tx, { ...of, shareBp })
      })
      const changed = newValues(APP_DETAILS_FORM, detailsOf(client), detailsOf(mine(deps, page, client.publicId)))
      if (!changed) return { to: pathOf(client), say: `${client.name} is as it was.` }
      const undo = undoTo(pathOf(client), APP_DETAILS_FORM, detailsOf(client))
      return { to: pathOf(client), say: `Saved: ${changed}.`, undo }
    },
    show: (page, details, client, status) => appPage(deps, page, client, { details }, status),
  })
}

/** What a form of redirect URIs would be told, while it is typed. */
function redirectUrisChecked(request: Request, client?: Client): Response {
  const query = new URL(request.url).searchParams
  const type = client?.type ?? (query.get("type") === "confidential" ? "confidential" : "public")
  const uris = query
    .getAll("redirect_uris")
    .flatMap((text) => text.split(/\s+/))
    .filter(Boolean)
  const lines = uris
    .slice(0, OAUTH_LIMITS.redirectUrisMax)
    .map((uri) => ({ uri, problem: redirectUriProblem(uri, type) }))
  return html(RedirectLines({ lines }))
}

/** Whose apps a session is about: a route without the guard asks the session itself. */
const makerOf = ({ acts, session }: PageRequest): UserId => acts?.team.id ?? session.userId

/** A stream that says one thing once: the call is there. It lives as long as the session does. */
function firstCallEvents(deps: PortalDeps, request: Request, id: string): Response {
  const page = personOf(deps, request)
  if (page === null) return signedOutEvents()
  const { userId } = page.session
  const ownerId = makerOf(page)
  const client = deps.oauth.clientsOf(ownerId).find((one) => one.publicId === id)
  // 204 tells an EventSource not to come back (HTML §9.2).
  if (!client) return new Response(null, { status: 204 })
  let isCalled = false
  return deps.sse.open(
    {
      key: userId,
      isAlive() {
        const now = personOf(deps, request)
        return now !== null && now.session.userId === userId && makerOf(now) === ownerId
      },
      stamp: () => {
        isCalled ||= deps.usage.firstCallAt(client.id) !== null
        return isCalled ? "called" : "waiting"
      },
    },
    request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("since"),
  )
}
