// /developer/apps/:app/domain: a developer shows that the domain of an app's homepage is theirs.
import { AppDomainPage } from "../../../views/portal/app-domain.tsx"
import { button } from "../../http/index.ts"
import type { Client } from "../../oauth/index.ts"
import { mine, pathOf } from "./places.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

const BY = { dns: "by its DNS record", file: "by its file", admin: "" }

export function appDomainRoutes(site: PortalSite, deps: PortalDeps): void {
  const { appHosts, store } = deps
  site.form("/developer/apps/:app/domain", {
    load: (page, { app }) => mine(deps, page, app),
    form: button("Look now"),
    adapt: (form, client) => (appHosts.proofOf(client) ? form : button("Show what to publish")),
    async act(page, _, client) {
      const ref = { ownerId: page.holder.id, clientPublicId: client.publicId }
      const to = `${pathOf(client)}/domain`
      if (!appHosts.proofOf(client)) {
        const { host } = await store.write(page.ctx("claimed the domain of an app"), (tx) => appHosts.claimIn(tx, ref))
        return { to, say: `Publish one of the two on ${host}, then look again.` }
      }
      const by = await appHosts.check(page.ctx("proved the domain of an app"), ref)
      if (by) return { to, say: `The domain is yours, ${BY[by]}.` }
      return {
        to,
        say: "Neither the record nor the file is there yet. A new DNS record may take an hour.",
        tone: "info",
      }
    },
    show(page, form, client, status) {
      const props = { now: deps.clock.now(), app: appOf(client), form, ...domainOf(deps, client) }
      return page.render((frame) => AppDomainPage({ frame, ...props }), status)
    },
  })
}

const appOf = ({ publicId, name }: Client) => ({ id: publicId, name })

function domainOf({ appHosts }: Pick<PortalDeps, "appHosts">, client: Client) {
  const proof = appHosts.proofOf(client) ?? undefined
  return {
    host: appHosts.provable(client),
    ...(proof ? { proof } : {}),
    isElsewhere: proof?.provenMs != null && appHosts.verified(client) === null,
  }
}
