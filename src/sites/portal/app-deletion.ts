// Deleting an app and bringing it back within a week.
import { AppDeletionPage } from "../../../views/portal/app-deletion.tsx"
import { ensure } from "../../app/index.ts"
import { button } from "../../http/index.ts"
import { appUsersOf } from "./app-users.ts"
import { mine, pathOf } from "./places.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

export function appDeletionRoutes(site: PortalSite, deps: PortalDeps): void {
  const { oauth, store } = deps
  site.form("/developer/apps/:app/deletion", {
    load(page, { app }) {
      const client = mine(deps, page, app)
      ensure(client.endsMs === null, "not_found", "This app is deleted already. Its page brings it back.")
      return client
    },
    form: button("Delete app", true),
    fresh: true,
    async act(page, _, client) {
      const which = { ownerId: page.holder.id, clientPublicId: client.publicId }
      await store.write(page.ctx("deleted an app"), (tx) => oauth.deleteClientIn(tx, which))
      return { to: pathOf(client), say: `${client.name} is deleted. You can bring it back for seven days.` }
    },
    async show(page, form, client, status) {
      const people = await appUsersOf(deps, [client])
      const app = { id: client.publicId, name: client.name }
      return page.render((frame) => AppDeletionPage({ frame, app, people, form }), status)
    },
  })
  site.post("/developer/apps/:app/restoration", {
    load: (page, { app }) => mine(deps, page, app),
    form: button("Bring it back"),
    async act(page, _, client) {
      const which = { ownerId: page.holder.id, clientPublicId: client.publicId }
      await store.write(page.ctx("brought an app back"), (tx) => oauth.restoreClientIn(tx, which))
      return { to: pathOf(client), say: `${client.name} is back.` }
    },
    back: pathOf,
  })
}
