// The icon of an app: people see it when they sign in, and in the list of their apps.
import { button } from "../../http/index.ts"
import { savePicture } from "../base/index.ts"
import { ICON_FORM } from "./app-form.ts"
import { appPage, mine, pathOf } from "./app-pages.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

export function iconRoutes(site: PortalSite, deps: PortalDeps): void {
  const { media } = deps
  site.post("/developer/apps/:app/icon", {
    load: (page, { app }) => mine(deps, page, app),
    form: ICON_FORM,
    async act(page, sent, client) {
      const place = { purpose: "icon", subject: client.publicId, ownerId: page.holder.id } as const
      await savePicture(media, page.ctx("changed an app's icon"), place, sent)
      return { to: `${pathOf(client)}#icon-title`, say: "The icon is saved." }
    },
    show: (page, icon, client, status) => appPage(deps, page, client, { icon }, status),
  })
  site.post("/developer/apps/:app/icon/removal", {
    load: (page, { app }) => mine(deps, page, app),
    form: button("Remove icon"),
    async act(page, _, client) {
      await media.show(page.ctx("removed an app's icon"), { purpose: "icon", subject: client.publicId }, null)
      return { to: `${pathOf(client)}#icon-title`, say: "The icon is removed." }
    },
    back: pathOf,
  })
}
