// /publisher/settings: who somebody is as a publisher, and the servers that are theirs.
import { PublisherSettingsPage, ServerPage } from "../../../../views/portal/publisher/settings.tsx"
import type { FormView } from "../../../../views/ui/index.ts"
import { ensure } from "../../../app/index.ts"
import { button } from "../../../http/index.ts"
import type { Publisher } from "../../../marketplace/index.ts"
import { newValues, type PageRequest, pictureForm, type Status, savePicture } from "../../base/index.ts"
import type { PortalDeps, PortalSite } from "../site.ts"
import { PUBLISHER_FORM, SERVER_FORM } from "./forms.ts"
import { ownerOf } from "./places.ts"

const PATH = "/publisher/settings"
const LOGO_FORM = pictureForm("New logo", "Save logo")

export function settingsRoutes(site: PortalSite, deps: PortalDeps): void {
  const { marketplace, store } = deps
  const { catalog } = marketplace
  const publisherOf = (page: PageRequest) => {
    const publisher = catalog.publisherOf(ownerOf(page))
    ensure(publisher, "not_found", "Become a publisher first, under Your APIs.")
    return publisher
  }
  site.form(PATH, {
    load: publisherOf,
    form: PUBLISHER_FORM,
    present: ({ name, slug, organisation, about }) => ({ name, slug, organisation: organisation ?? "", about }),
    async act(page, values, before) {
      const input = { ownerId: ownerOf(page), ...values, organisation: values.organisation || null }
      await store.write(page.ctx("changed a publisher"), (tx) => catalog.editPublisherIn(tx, input))
      const was = { name: before.name, slug: before.slug, organisation: before.organisation ?? "", about: before.about }
      const changed = newValues(PUBLISHER_FORM, was, values)
      return { to: PATH, say: changed ? `Saved: ${changed}.` : "Everything is as it was." }
    },
    show: (page, form, _, status) => settingsPage(deps, page, { details: form }, status),
  })
  site.post(`${PATH}/servers`, {
    load: publisherOf,
    form: SERVER_FORM,
    async act(page, { host }) {
      const input = { ownerId: ownerOf(page), host }
      const proof = await store.write(page.ctx("claimed a server"), (tx) => catalog.claimHostIn(tx, input))
      return { to: `${PATH}/servers/${proof.host}` }
    },
    show: (page, server, _, status) => settingsPage(deps, page, { server }, status),
  })
  logoRoutes(site, deps, publisherOf)
  serverRoutes(site, deps)
}

function logoRoutes(site: PortalSite, deps: PortalDeps, publisherOf: (page: PageRequest) => Publisher): void {
  const { media } = deps
  site.post(`${PATH}/logo`, {
    load: publisherOf,
    form: LOGO_FORM,
    async act(page, sent, { publicId: subject }) {
      const place = { purpose: "icon", subject, ownerId: page.holder.id } as const
      await savePicture(media, page.ctx("changed a publisher's logo"), place, sent)
      return { to: `${PATH}#logo-title`, say: "The logo is saved." }
    },
    show: (page, logo, _, status) => settingsPage(deps, page, { logo }, status),
  })
  site.post(`${PATH}/logo/removal`, {
    load: publisherOf,
    form: button("Remove logo"),
    async act(page, _, { publicId: subject }) {
      await media.show(page.ctx("removed a publisher's logo"), { purpose: "icon", subject }, null)
      return { to: `${PATH}#logo-title`, say: "The logo is removed." }
    },
    back: () => PATH,
  })
}

function serverRoutes(site: PortalSite, deps: PortalDeps): void {
  const { marketplace, store } = deps
  const { catalog } = marketplace
  const proofOf = (page: PageRequest, { server }: { server: string }) => {
    const proof = catalog.proofsOf(ownerOf(page)).find(({ host }) => host === server)
    ensure(proof, "not_found", "You have no such server.")
    return proof
  }
  site.form(`${PATH}/servers/:server`, {
    load: proofOf,
    form: button("Look now"),
    async act(page, _, { host }) {
      const by = await catalog.checkHost(page.ctx("proved a server"), { ownerId: ownerOf(page), host })
      const to = `${PATH}/servers/${host}`
      const BY = { dns: "by its DNS record", file: "by its file", admin: "" }
      if (by) return { to, say: `${host} is yours, ${BY[by]}.` }
      return {
        to,
        say: "Neither the record nor the file is there yet. A new DNS record may take an hour.",
        tone: "info",
      }
    },
    show(page, form, proof, status) {
      const props = { now: deps.clock.now(), proof, form }
      return page.render((frame) => ServerPage({ frame, ...props }), status)
    },
  })
  site.post(`${PATH}/servers/:server/removal`, {
    load: proofOf,
    form: button("Remove server", true),
    async act(page, _, { host }) {
      const input = { ownerId: ownerOf(page), host }
      await store.write(page.ctx("removed a server"), (tx) => catalog.dropHostIn(tx, input))
      return { to: PATH, say: `${host} is gone.` }
    },
    back: () => PATH,
  })
}

function settingsPage(
  deps: PortalDeps,
  page: PageRequest,
  sent: { details?: FormView; server?: FormView; logo?: FormView },
  status?: Status,
): Response {
  const { catalog } = deps.marketplace
  const publisher = catalog.publisherOf(ownerOf(page))
  ensure(publisher, "not_found", "Become a publisher first, under Your APIs.")
  const { name, slug, organisation, about } = publisher
  const props = {
    now: deps.clock.now(),
    details:
      sent.details ??
      PUBLISHER_FORM.show({ action: PATH, present: { name, slug, organisation: organisation ?? "", about } }),
    server: { ...(sent.server ?? SERVER_FORM.show({ action: `${PATH}/servers` })), ids: "server" },
    logo: {
      url: deps.media.addressOf({ purpose: "icon", subject: publisher.publicId }, 128),
      name: organisation ?? name,
      form: sent.logo ?? LOGO_FORM.show({ action: `${PATH}/logo` }),
    },
    servers: catalog.proofsOf(ownerOf(page)),
    former: catalog.formerSlugsOf(publisher.id),
  }
  return page.render((frame) => PublisherSettingsPage({ frame: { ...frame, path: PATH }, ...props }), status)
}
