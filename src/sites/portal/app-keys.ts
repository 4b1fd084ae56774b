// /developer/apps/:app/keys: the secret keys by which an app's own server asks about the app.
import { AppKeyRevokePage, type AppKeyRow, AppKeysPage } from "../../../views/portal/app-keys.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { DAY_MS, ensure } from "../../app/index.ts"
import { APP_KEY_LIMITS, APP_KEY_SCOPES, type AppKey, type AppKeyScope } from "../../developers/index.ts"
import { button, field, form } from "../../http/index.ts"
import type { Client } from "../../oauth/index.ts"
import type { PageRequest, Status } from "../base/index.ts"
import { mine, pathOf, placesOf } from "./places.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

const LABELS: Readonly<Record<AppKeyScope, { label: string; help: string }>> = {
  users: { label: "Users", help: "Who lets your app in, with what each of them lets it see." },
  usage: { label: "Usage", help: "Calls, errors, tokens and active people of your app." },
  revenue: { label: "Revenue", help: "What your app earned." },
  metering: { label: "Charge uses", help: "Charge uses of metered services to people who let your app in." },
  credits: { label: "Take credits", help: "Take credits from people who let your app in, within their daily limit." },
}

const FORM = form(
  {
    name: field.text({
      label: "Name",
      required: true,
      length: 80,
      help: "Which server uses it, such as “Mailing list”.",
    }),
    scopes: field.choices<AppKeyScope>({
      name: "scope",
      label: "It may",
      options: APP_KEY_SCOPES.map((value) => ({ value, ...LABELS[value] })),
    }),
    expiresMs: field.date({
      name: "last_day",
      label: "Last day",
      optional: true,
      help: "It works to the end of this day, UTC. Empty: until you revoke it.",
    }),
  },
  { submit: "Make a secret key" },
)

export function appKeyRoutes(site: PortalSite, deps: PortalDeps): void {
  const { appKeys, store, developers } = deps
  site.form("/developer/apps/:app/keys", {
    load: (page, { app }) => mine(deps, page, app),
    form: FORM,
    present: () => ({ scopes: ["users"] as AppKeyScope[] }),
    fresh: true,
    async act(page, { name, scopes, expiresMs }, client) {
      const made = await store.write(page.ctx("made an app secret key"), (tx) => {
        developers.requireDeveloperIn(tx, page.holder.id)
        return appKeys.createIn(tx, {
          ownerId: page.holder.id,
          clientPublicId: client.publicId,
          name,
          scopes,
          expiresMs: expiresMs === null ? null : expiresMs + DAY_MS,
        })
      })
      return { to: keysPath(client), secret: made.secret }
    },
    show: (page, sent, client, status) => keysPage(deps, page, client, sent, status),
  })
  site.form("/developer/apps/:app/keys/:appkey/revocation", {
    load(page, { app, appkey }) {
      const client = mine(deps, page, app)
      const key = appKeys.of(client.id).find(({ publicId }) => publicId === appkey)
      ensure(key, "not_found", "That key is gone already.")
      return { client, key }
    },
    form: button("Revoke key", true),
    async act(page, _, { client, key }) {
      const ref = { ownerId: page.holder.id, clientPublicId: client.publicId, keyPublicId: key.publicId }
      await store.write(page.ctx("revoked an app secret key"), (tx) => appKeys.revokeIn(tx, ref))
      return { to: keysPath(client), say: `The key ${key.name} no longer works.` }
    },
    show(page, sent, { client, key }, status) {
      const props = { now: deps.clock.now(), app: appOf(client), row: keyRow(key), form: sent }
      return page.render((frame) => AppKeyRevokePage({ frame, ...props }), status)
    },
  })
}

const keysPath = (client: Client): string => `${pathOf(client)}/keys`
const appOf = ({ publicId, name }: Client) => ({ id: publicId, name })

const keyRow = ({ publicId, name, hint, scopes, createdMs, expiresMs, usedMs }: AppKey): AppKeyRow => ({
  id: publicId,
  name,
  hint,
  scopes: scopes.map((scope) => LABELS[scope].label),
  createdAtMs: createdMs,
  expiresAtMs: expiresMs,
  usedAtMs: usedMs,
})

function keysPage(deps: PortalDeps, page: PageRequest, client: Client, sent: FormView, status: Status): Response {
  const { secret, forget } = deps.web.takeSecret(page.request)
  const props = {
    now: deps.clock.now(),
    app: appOf(client),
    keys: deps.appKeys.of(client.id).map(keyRow),
    most: APP_KEY_LIMITS.keysMax,
    newKey: secret,
    apiBaseUrl: placesOf(deps, client).apiBaseUrl,
    form: sent,
  }
  return page.render((frame) => AppKeysPage({ frame, ...props }), { ...status, cookies: [forget] })
}
