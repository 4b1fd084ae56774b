// /developer/apps/:app/users: who lets an app in, with what each of them lets it see; and the end of one permission by the app's developer.
import { AppUserRevokePage, type AppUserRow, AppUsersPage } from "../../../views/portal/app-users.tsx"
import type { PersonUse } from "../../analytics/index.ts"
import { dayOf, ensure, nano } from "../../app/index.ts"
import { type AppUser, appUser } from "../../developers/index.ts"
import { button } from "../../http/index.ts"
import type { AiScope, Client } from "../../oauth/index.ts"
import { type KeysetPage, type Place, placeText, readPlace } from "../../store/index.ts"
import { SCOPE_LABELS } from "../auth/index.ts"
import type { PageRequest } from "../base/index.ts"
import { mine, pathOf } from "./places.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

const PAGE_ROWS = 50
const DAYS = 30
const QUERY_CHARS_MAX = 100

export function appUserRoutes(site: PortalSite, deps: PortalDeps): void {
  const { oauth, identity, store } = deps
  site.get("/developer/apps/:app/users", (page, { app }) => usersPage(deps, page, mine(deps, page, app)))
  site.form("/developer/apps/:app/users/:appuser/revocation", {
    load(page, { app, appuser }) {
      const client = mine(deps, page, app)
      const user = appUser(store.read, client.id, appuser)
      ensure(user, "not_found", "There is nobody with this id who lets your app in.")
      return { client, user }
    },
    form: button("End permission", true),
    async act(page, _, { client, user }) {
      const person = identity.userByPublicId(user.userId)
      ensure(person, "not_found", "There is nobody with this id who lets your app in.")
      const consent = oauth.consentsOf(person.id).find(({ clientId }) => clientId === client.id)
      ensure(consent, "not_found", "They do not let your app in any more.")
      const input = { userId: person.id, consentPublicId: consent.publicId }
      await store.write(page.ctx("ended a person's permission for an app"), (tx) => oauth.revokeConsentIn(tx, input))
      return { to: usersPath(client), say: "Their permission has ended, and with it every token." }
    },
    show(page, form, { client, user }, status) {
      const props = { app: appOf(client), user: personOf(user), form }
      return page.render((frame) => AppUserRevokePage({ frame, ...props }), status)
    },
  })
}

/** How many people let these apps in now. */
export const appUsersOf = ({ reads }: Pick<PortalDeps, "reads">, clients: readonly Client[]): Promise<number> =>
  reads.ask<number>(
    "developers.count-app-users",
    clients.map(({ id }) => id),
  )

const usersPath = (client: Client): string => `${pathOf(client)}/users`
const appOf = ({ publicId, name }: Client) => ({ id: publicId, name })
const personOf = ({ userId, profile, email }: AppUser) => ({
  id: userId,
  name: profile?.name ?? null,
  email: email?.address ?? null,
})

async function usersPage(deps: PortalDeps, page: PageRequest, client: Client): Promise<Response> {
  const { searchParams } = new URL(page.request.url)
  const query = (searchParams.get("q") ?? "").trim().slice(0, QUERY_CHARS_MAX)
  const asked = readPlace(searchParams.get("at"))
  const place = typeof asked?.key === "number" ? asked : null
  const input = { clientId: client.id, limit: PAGE_ROWS, place, search: query || undefined }
  const found = await deps.reads.ask<KeysetPage<AppUser>>("developers.app-users", input)
  const today = dayOf(deps.clock.now())
  const uses = await deps.reads.ask<PersonUse[]>("analytics.used-by-people", {
    clientId: client.id,
    userIds: found.rows.map(({ userId }) => userId),
    fromDay: today - DAYS + 1,
    toDay: today,
  })
  const total = await appUsersOf(deps, [client])
  const useOf = new Map(uses.map((use) => [use.userId, use]))
  const hrefOf = (to: Place | null) => {
    if (to === null) return undefined
    return `${usersPath(client)}?${new URLSearchParams({ ...(query ? { q: query } : {}), at: placeText(to) })}`
  }
  const props = {
    now: deps.clock.now(),
    app: appOf(client),
    total,
    query,
    users: found.rows.map((user) => userRow(user, useOf.get(user.userId))),
    previousHref: hrefOf(found.previous),
    nextHref: hrefOf(found.next),
  }
  return page.render((frame) => AppUsersPage({ frame, ...props }))
}

const userRow = (user: AppUser, use: PersonUse | undefined): AppUserRow => ({
  ...personOf(user),
  authorizedAtMs: user.authorizedMs,
  allows: user.scopes
    .filter((scope) => SCOPE_LABELS[scope] !== undefined)
    .map((scope) => ({ label: SCOPE_LABELS[scope]!, daily: user.limits[scope as AiScope] ?? null })),
  calls: use?.calls ?? 0,
  used: nano(use?.chargeNano ?? 0),
})
