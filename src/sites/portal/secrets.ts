// The client secrets of an app: making one, which is shown once, and revoking one.
import { AppSecretRevokePage } from "../../../views/portal/secrets.tsx"
import { ensure } from "../../app/index.ts"
import { button } from "../../http/index.ts"
import { isLastOf, SECRET_FORM, secretRow, termsOf } from "../base/index.ts"
import { appPage, mine, pathOf } from "./app-pages.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

export function secretRoutes(site: PortalSite, deps: PortalDeps): void {
  const { oauth, store, clock } = deps
  site.post("/developer/apps/:app/secrets", {
    load: (page, { app }) => mine(deps, page, app),
    form: SECRET_FORM,
    fresh: true,
    async act(page, values, client) {
      const input = { ownerId: page.holder.id, clientPublicId: client.publicId, ...termsOf(values) }
      const made = await store.write(page.ctx("made a client secret"), (tx) => oauth.addSecretIn(tx, input))
      return { to: pathOf(client), secret: made.secret }
    },
    show: (page, secret, client, status) => appPage(deps, page, client, { secret }, status),
  })
  site.form("/developer/apps/:app/secrets/:secret/revocation", {
    load(page, { app, secret }) {
      const client = mine(deps, page, app)
      const rows = oauth.secretsOf(client.id)
      const row = rows.find((one) => one.publicId === secret)
      ensure(row, "not_found", "That secret is gone already.")
      return { client, row, isLast: isLastOf(rows, secret, clock.now()) }
    },
    form: button("Revoke secret", true),
    async act(page, _, { client, row }) {
      const input = { ownerId: page.holder.id, clientPublicId: client.publicId, secretPublicId: row.publicId }
      await store.write(page.ctx("revoked a client secret"), (tx) => oauth.revokeSecretIn(tx, input))
      return { to: pathOf(client), say: "The secret no longer works." }
    },
    show(page, form, { client, row, isLast }, status) {
      const props = { app: { id: client.publicId, name: client.name }, secret: secretRow(row), isLast, form }
      return page.render((frame) => AppSecretRevokePage({ frame, ...props }), status)
    },
  })
}
