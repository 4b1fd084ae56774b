// Apps of the house, made by an admin: nobody is asked before they act for them, so who makes one proves who they are, and where it sends people
// is held to the same rules as for any app. And an admin's word that a developer's domain is theirs.
import { AdminAppVerifyPage, HouseAppPage } from "../../../views/admin/house-app.tsx"
import { ensure } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"
import { type Client, SCOPES, type Scope } from "../../oauth/index.ts"
import { SCOPE_SENTENCES } from "../auth/index.ts"
import { appOf, pathOf } from "./apps.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const LIST = "/admin/apps"

/** The two that every app has are no choice; what opens the account itself no page of an app needs. */
const SCOPE_OPTIONS = SCOPES.filter((scope) => !["openid", "offline_access"].includes(scope)).map((scope) => ({
  value: scope,
  label: scope,
  help: SCOPE_SENTENCES[scope],
}))

const FIELDS = {
  name: field.text({ label: "Name", required: true, length: 80 }),
  redirectUris: field.lines({
    label: "Redirect URIs",
    mono: true,
    help: "One per line, compared exactly. Allowed: https, and http on 127.0.0.1 or localhost.",
  }),
  homepageUrl: field.url({ label: "Homepage", optional: true }),
  deviceFlow: field.box({ label: "Sign-in by a code", help: "For terminals and whatever has no browser." }),
  scopes: field.choices<Scope>({
    name: "scope",
    label: "Scopes",
    help: "It gets all of them of everybody who signs in to it. Give it as little as it needs.",
    options: SCOPE_OPTIONS,
  }),
  reason: field.reason(),
}
const HOUSE_APP = form(FIELDS, { submit: "Make the app" })
/** What is not sent stays. */
const DETAILS = form({ ...FIELDS, name: field.text({ label: "Name", length: 80 }) }, { submit: "Save" })

const VERIFY = form(
  {
    verified: field.box({
      label: "The domain of its homepage is its developer’s",
      help: "People read “Verified” where they allow it. Take the tick away to take your word back.",
    }),
    reason: field.reason(),
  },
  { submit: "Save" },
)

type Deps = Pick<AdminDeps, "oauth" | "store" | "appHosts" | "console">

export function houseAppRoutes(site: AdminSite, deps: Deps): void {
  const { oauth, store } = deps
  site.form(
    "/admin/apps/new",
    {
      summary: "Make an app of the house",
      form: HOUSE_APP,
      fresh: true,
      async act(page, { reason, homepageUrl, ...more }) {
        const input = { ...more, ownerId: null, type: "first-party" as const, homepageUrl: homepageUrl || null }
        const made = await store.write(page.ctx(reason), (tx) => oauth.registerClientIn(tx, input))
        const result = { app: made.client.publicId }
        return { to: pathOf(made.client), secret: made.secret ?? undefined, result }
      },
      show: (page, view, _, status) =>
        page.render(
          (frame) => HouseAppPage({ frame: { ...frame, path: `${LIST}/new` }, app: null, form: view }),
          status,
        ),
    },
    LIST,
  )
  site.form("/admin/apps/house/:houseapp", {
    summary: "Change an app of the house",
    load: (_, { houseapp }) => houseApp(deps, houseapp),
    form: DETAILS,
    fresh: true,
    present: detailsOf,
    async act(page, { reason, homepageUrl, ...more }, client) {
      const input = { ...more, ownerId: "any" as const, clientPublicId: client.publicId }
      const links = { homepageUrl: homepageUrl || null }
      const after = await store.write(page.ctx(reason), (tx) => oauth.updateClientIn(tx, { ...input, ...links }))
      return { to: pathOf(client), say: `${after.name} is saved.` }
    },
    show: (page, view, { publicId: id, name }, status) =>
      page.render((frame) => HouseAppPage({ frame, app: { id, name }, form: view }), status),
  })
  verifyRoute(site, deps)
}

const detailsOf = (client: Client) => ({
  name: client.name,
  redirectUris: [...client.redirectUris],
  homepageUrl: client.homepageUrl ?? "",
  deviceFlow: client.deviceFlow,
  scopes: [...client.scopes],
})

/** The console is made of settings. */
const isHouseApp = ({ console }: Pick<Deps, "console">, client: Client): boolean =>
  client.source === "appliance" && client.id !== console.id

function houseApp(deps: Deps, id: string): Client {
  const client = appOf(deps, id)
  ensure(isHouseApp(deps, client), "not_found", "There is no such app of the house.")
  return client
}

function verifyRoute(site: AdminSite, deps: Deps): void {
  const { appHosts, store } = deps
  site.form("/admin/apps/:app/verification", {
    summary: "Say that the domain of an app is its developer's, or take that back",
    load: (_, { app }) => appOf(deps, app),
    form: VERIFY,
    present: (client) => ({ verified: appHosts.verified(client) !== null }),
    async act(page, { verified, reason }, client) {
      const input = { clientPublicId: client.publicId, verified }
      await store.write(page.ctx(reason), (tx) => appHosts.vouchIn(tx, input))
      const say = verified ? "is verified now." : "is not verified any more."
      return { to: pathOf(client), say: `${client.name} ${say}` }
    },
    show: (page, view, { publicId: id, name, homepageUrl }, status) =>
      page.render((frame) => AdminAppVerifyPage({ frame, app: { id, name, homepageUrl }, form: view }), status),
  })
}
