// The client secrets of an app: making one, which is shown once, and revoking one.
import { AppSecretRevokePage } from "../../../views/portal/secrets.tsx"
import { ensure } from "../../app/index.ts"
import { button } from "../../http/index.ts"
import { mine, pathOf, secretRows } from "./app-pages.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

type Deps = Pick<PortalDeps, "oauth" | "store">

export function secretRoutes(site: PortalSite, deps: Deps): void {
  const { oauth, store } = deps
  site.post("/developer/apps/:app/secrets", {
    load: (page, { app }) => mine(deps, page, app),
    form: button("Make a new secret"),
    fresh: true,
    async act(page, _, client) {
      const input = { ownerId: page.session.userId, clientPublicId: client.publicId }
      const made = await store.write(page.ctx("made a client secret"), (tx) => oauth.addSecretIn(tx, input))
      return { to: pathOf(client), secret: made.secret }
    },
    back: pathOf,
  })
  site.form("/developer/apps/:app/secrets/:secret/revocation", {
    load(page, { app, secret }) {
      const client = mine(deps, page, app)
      const rows = secretRows(deps, client)
      const row = rows.find((one) => one.id === secret)
      ensure(row, "not_found", "That secret is gone already.")
      return { client, row, isLast: rows.length === 1 }
    },
    form: button("Revoke secret", true),
    async act(page, _, { client, row }) {
      const input = { ownerId: page.session.userId, clientPublicId: client.publicId, secretPublicId: row.id }
      await store.write(page.ctx("revoked a client secret"), (tx) => oauth.revokeSecretIn(tx, input))
      return { to: pathOf(client), say: "The secret no longer works." }
    },
    show(page, form, { client, row, isLast }, status) {
      const app = { id: client.publicId, name: client.name }
      return page.render((frame) => AppSecretRevokePage({ frame, app, secret: row, isLast, form }), status)
    },
  })
}
