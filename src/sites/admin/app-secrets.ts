// The client secrets of any app, for admins: making one, which is shown once, and revoking one.
import { AppSecretRevokePage } from "../../../views/portal/secrets.tsx"
import { ensure } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"
import { ADMIN_SECRET_FORM, isLastOf, secretRow, termsOf } from "../base/index.ts"
import { appOf, detail, pathOf } from "./apps.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const REVOKE_FORM = form({ reason: field.reason() }, { submit: "Revoke secret", danger: true })

export function appSecretRoutes(site: AdminSite, deps: AdminDeps): void {
  const { oauth, store, clock } = deps
  site.post("/admin/apps/:app/secrets", {
    summary: "Make a client secret of an app",
    load: (_: unknown, params: { app: string }) => appOf(deps, params.app),
    form: ADMIN_SECRET_FORM,
    fresh: true,
    async act(page, { reason, ...values }, client) {
      const input = { ownerId: "any" as const, clientPublicId: client.publicId, ...termsOf(values) }
      const made = await store.write(page.ctx(reason), (tx) => oauth.addSecretIn(tx, input))
      return { to: pathOf(client), secret: made.secret, result: { secret_id: made.row.publicId } }
    },
    show: (page, secret, client, status) => detail(deps, page, client, { secret }, status),
  })
  site.form("/admin/apps/:app/secrets/:secret/revocation", {
    summary: "Revoke a client secret of an app",
    load(_: unknown, params: { app: string; secret: string }) {
      const client = appOf(deps, params.app)
      const rows = oauth.secretsOf(client.id)
      const row = rows.find((one) => one.publicId === params.secret)
      ensure(row, "not_found", "That secret is gone already.")
      return { client, row, isLast: isLastOf(rows, row.publicId, clock.now()) }
    },
    form: REVOKE_FORM,
    async act(page, { reason }, { client, row }) {
      const input = { ownerId: "any" as const, clientPublicId: client.publicId, secretPublicId: row.publicId }
      await store.write(page.ctx(reason), (tx) => oauth.revokeSecretIn(tx, input))
      return { to: pathOf(client), say: "The secret no longer works." }
    },
    show(page, view, { client, row, isLast }, status) {
      const props = { app: { id: client.publicId, name: client.name }, secret: secretRow(row), isLast, form: view }
      return page.render((frame) => AppSecretRevokePage({ frame, ...props, byAdmin: true }), status)
    },
  })
}
