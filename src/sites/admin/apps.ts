// /admin/apps: which apps there are, who made them, who lets them in; suspend one, let it in again, remove one that came by itself.
import { AdminAppPage, type AdminAppProps, AdminAppStatePage } from "../../../views/admin/app.tsx"
import { AdminAppsPage, type AdminAppsProps, SOURCES } from "../../../views/admin/apps.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { lastDays } from "../../analytics/index.ts"
import { ensure, type UserId } from "../../app/index.ts"
import { APP_REVIEW_LIMITS } from "../../developers/index.ts"
import { field, form } from "../../http/index.ts"
import { type Client, type ClientSource, OAUTH_LIMITS } from "../../oauth/index.ts"
import { ADMIN_SECRET_FORM, type PageRequest, type Status, secretRow, undoBy, undoing } from "../base/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"
import type { AppsQuery, ListedApp } from "./store-apps.ts"

const LIST = "/admin/apps"
const ROWS = 50
/** The head of the queue. */
const WAITING_ROWS = APP_REVIEW_LIMITS.waitingShown
const TEXT_CHARS_MAX = 80
const CUTS = ["waiting", "changed"] as const

type Deps = Pick<
  AdminDeps,
  | "analytics"
  | "oauth"
  | "store"
  | "usage"
  | "clock"
  | "reads"
  | "developerName"
  | "media"
  | "identity"
  | "web"
  | "appReviews"
  | "console"
>

const SUSPEND_FORM = form({ reason: field.reason() }, { submit: "Suspend", danger: true })
const REINSTATE_FORM = form({ reason: field.reason() }, { submit: "Let in again" })
const REMOVE_FORM = form({ reason: field.reason() }, { submit: "Remove", danger: true })

export const pathOf = (client: Pick<Client, "publicId">): string => `${LIST}/${client.publicId}`

export function appRoutes(site: AdminSite, deps: Deps): void {
  const { oauth, store } = deps
  const load = (_: unknown, params: { app: string }): Client => appOf(deps, params.app)
  site.get(LIST, (page) => list(deps, page))
  site.get("/admin/apps/:app", (page, { app }) => detail(deps, page, appOf(deps, app)))
  site.form("/admin/apps/:app/suspension", {
    summary: "Suspend an app",
    load,
    form: SUSPEND_FORM,
    async act(page, { reason }, client) {
      const input = { clientPublicId: client.publicId, reason }
      await store.write(page.ctx(reason), (tx) => oauth.suspendClientIn(tx, input))
      const undo = undoBy(`${pathOf(client)}/reinstatement`, undoing(reason))
      return { to: pathOf(client), say: `${client.name} is suspended.`, undo }
    },
    show: (page, view, client, status) =>
      page.render((frame) => AdminAppStatePage({ frame, app: named(client), act: "suspend", form: view }), status),
  })
  site.form("/admin/apps/:app/reinstatement", {
    summary: "Let an app in again",
    load,
    form: REINSTATE_FORM,
    async act(page, { reason }, client) {
      await store.write(page.ctx(reason), (tx) => oauth.unsuspendClientIn(tx, { clientPublicId: client.publicId }))
      const undo = undoBy(`${pathOf(client)}/suspension`, undoing(reason))
      return { to: pathOf(client), say: `People can sign in to ${client.name} again.`, undo }
    },
    show: (page, view, client, status) =>
      page.render((frame) => AdminAppStatePage({ frame, app: named(client), act: "reinstate", form: view }), status),
  })
  site.form("/admin/apps/removal/:guest", {
    summary: "Remove an app that came by itself",
    load: (_: unknown, params: { guest: string }): Client => appOf(deps, params.guest),
    form: REMOVE_FORM,
    async act(page, { reason }, client) {
      await store.write(page.ctx(reason), (tx) => oauth.removeClientIn(tx, { clientPublicId: client.publicId }))
      return { to: LIST, say: `${client.name} is removed.` }
    },
    show: (page, view, client, status) =>
      page.render((frame) => AdminAppStatePage({ frame, app: named(client), act: "remove", form: view }), status),
  })
}

const named = ({ publicId, name }: Client) => ({ id: publicId, name })

export function appOf({ oauth }: Pick<Deps, "oauth">, publicId: string): Client {
  const client = publicId.startsWith("cli_") ? oauth.clientByPublicId(publicId) : null
  ensure(client, "not_found", "There is no such app. They are listed under Apps.")
  return client
}

const isSource = (text: string | null): text is ClientSource => SOURCES.some(({ source }) => source === text)

async function list(deps: Deps, page: PageRequest): Promise<Response> {
  const query = new URL(page.request.url).searchParams
  const source = query.get("source")
  const show = CUTS.find((one) => one === query.get("show")) ?? null
  const before = Number(query.get("before"))
  const asked: AppsQuery = {
    source: isSource(source) ? source : null,
    show,
    text: (query.get("q") ?? "").trim().slice(0, TEXT_CHARS_MAX),
    // What waits is worked off from its head: there is no second page of it.
    beforeId: show !== "waiting" && Number.isSafeInteger(before) && before > 0 ? before : null,
    limit: show === "waiting" ? WAITING_ROWS : ROWS + 1,
  }
  const found = await deps.reads.ask<ListedApp[]>("admin.apps", asked)
  const rows = found.slice(0, show === "waiting" ? WAITING_ROWS : ROWS)
  const props: Omit<AdminAppsProps, "frame"> = {
    now: deps.clock.now(),
    source: asked.source,
    show,
    waiting: deps.appReviews.countWaiting(),
    text: asked.text,
    apps: rows.map((row) => ({
      id: row.publicId,
      name: row.name,
      source: row.source,
      by: byOf(deps, row),
      people: row.people,
      createdAtMs: row.createdMs,
      state: stateOf(row),
      review: row.review,
      askedMs: row.askedMs,
    })),
    olderThan: found.length > rows.length ? (rows.at(-1)?.clientId ?? null) : null,
    isFirst: asked.beforeId === null,
  }
  return page.render((frame) => AdminAppsPage({ frame, ...props }))
}

const stateOf = (app: Pick<Client, "suspendedMs" | "removedMs">): "live" | "suspended" | "removed" =>
  app.removedMs !== null ? "removed" : app.suspendedMs !== null ? "suspended" : "live"

/** Who answers for it. */
function byOf(deps: Deps, app: { source: ClientSource; ownerId: number | null; publicId: string }): string {
  if (app.ownerId !== null) return deps.developerName(app.ownerId as UserId)
  if (app.source === "appliance") return "this server"
  const url = deps.oauth.clientByPublicId(app.publicId)?.documentUrl
  return url ? new URL(url).host : "nobody here"
}

/** @param sent the form of a new secret that was refused */
export async function detail(
  deps: Deps,
  page: PageRequest,
  client: Client,
  sent: { secret?: FormView } = {},
  status?: Status,
): Promise<Response> {
  const now = deps.clock.now()
  const active = await deps.analytics.activeUsers({ clientIds: [client.id], span: lastDays("30d", now) })
  const owner = client.ownerId === null ? null : deps.identity.userById(client.ownerId)
  const app: AdminAppProps["app"] = {
    ...named(client),
    source: client.source,
    state: stateOf(client),
    review: client.review,
    isConsole: client.id === deps.console.id,
    reason: client.suspendedReason,
    by: byOf(deps, client),
    ownerHref: owner ? `/admin/users/${owner.publicId}` : undefined,
    type: client.type,
    documentUrl: client.documentUrl,
    redirectUris: client.redirectUris,
    scopes: client.scopes,
    deviceFlow: client.deviceFlow,
    createdAtMs: client.createdMs,
    secrets: deps.oauth.secretsOf(client.id).map(secretRow),
    calls: deps.usage.byClient(client.id, now).calls,
    users: active.get(client.id) ?? 0,
  }
  const { secret: newSecret, forget } = deps.web.takeSecret(page.request)
  const form = sent.secret ?? ADMIN_SECRET_FORM.show({ action: `${pathOf(client)}/secrets` })
  const secretsMax = OAUTH_LIMITS.clientSecretsMax
  const props = { now, app, newSecret, form, secretsMax }
  return page.render((frame) => AdminAppPage({ frame, ...props }), { ...status, cookies: [forget] })
}
