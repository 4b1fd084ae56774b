// /publisher: becoming one, one's APIs, and the first one from a document.

import { PublisherHomePage } from "../../../../views/portal/publisher/home.tsx"
import { NewProductPage } from "../../../../views/portal/publisher/new.tsx"
import type { FormView } from "../../../../views/ui/index.ts"
import { seeOther } from "../../../http/index.ts"
import type { PageRequest, Status } from "../../base/index.ts"
import type { PortalDeps, PortalSite } from "../site.ts"
import { alertsFor, figuresFor } from "./figures.ts"
import { EMPTY_FORM, IMPORT_FORM, PUBLISHER_FORM } from "./forms.ts"
import { HOME, ownerOf, pathOf } from "./places.ts"

const NEW = `${HOME}/products/new`

export function homeRoutes(site: PortalSite, deps: PortalDeps): void {
  const { marketplace, store } = deps
  const { catalog } = marketplace
  site.get(HOME, (page) => home(deps, page))
  site.get(`${HOME}/products`, () => seeOther(HOME))
  site.post("/publisher/registration", {
    form: PUBLISHER_FORM,
    async act(page, values) {
      const input = { ownerId: ownerOf(page), ...values, organisation: values.organisation || null }
      await store.write(page.ctx("became a publisher"), (tx) => void catalog.becomePublisherIn(tx, input))
      return { to: NEW, say: "You are a publisher now. Bring your first API." }
    },
    show: (page, form, _, status) => home(deps, page, form, status),
  })
  site.get(NEW, (page) => newPage(deps, page))
  site.post("/publisher/products/import", {
    form: IMPORT_FORM,
    async act(page, { file, url, text, upstreamUrl }) {
      const source = { text: file ? new TextDecoder().decode(file) : text, url, upstreamUrl }
      const ctx = page.ctx("imported an API")
      const product = await catalog.createFromDocument(ctx, { ownerId: ownerOf(page), ...source })
      const count = catalog.endpointCount(product.id)
      return {
        to: pathOf(product),
        say: `${product.title} is there, with ${count === 1 ? "1 endpoint" : `${count} endpoints`}.`,
      }
    },
    show: (page, form, _, status) => newPage(deps, page, { import: form }, status),
  })
  site.post("/publisher/products", {
    form: EMPTY_FORM,
    async act(page, values) {
      const product = await store.write(page.ctx("made an API"), (tx) =>
        catalog.createProductIn(tx, { ownerId: ownerOf(page), ...values }),
      )
      return { to: pathOf(product), say: `${product.title} is there. Add its endpoints.` }
    },
    show: (page, form, _, status) => newPage(deps, page, { empty: form }, status),
  })
}

function home(deps: PortalDeps, page: PageRequest, sent?: FormView, status?: Status): Response {
  const { developers, clock } = deps
  const { catalog } = deps.marketplace
  const publisher = catalog.publisherOf(ownerOf(page))
  const products = publisher ? catalog.productsOf(publisher.id) : []
  const figures = products.length === 0 ? null : figuresFor(deps, page, products)
  const props = {
    now: clock.now(),
    agreed: developers.developerOf(page.holder.id)?.agreementCurrent ?? false,
    publisher: publisher && { name: publisher.name, address: catalog.addressOfPublisher(publisher) },
    form:
      sent ??
      PUBLISHER_FORM.show({
        action: "/publisher/registration",
        submit: "Become a publisher",
        // A team is known by its name, until it chooses another one for its APIs.
        ...(page.isTeam && page.acts ? { present: { name: page.acts.team.name } } : {}),
      }),
    figures,
    alerts: alertsFor(deps, products),
    products: products.map((product) => ({
      id: product.publicId,
      title: product.title,
      tagline: product.tagline,
      state: product.state,
      version: product.version,
      endpoints: catalog.endpointCount(product.id),
      updatedMs: product.updatedMs,
      calls: figures?.ofProduct.get(product.id)?.calls ?? 0,
      errors: figures?.ofProduct.get(product.id)?.status5xx ?? 0,
      lacking: product.state === "published" ? [] : catalog.lacking(product.publicId),
      remark: product.stateReason,
    })),
  }
  return page.render((frame) => PublisherHomePage({ frame: { ...frame, path: HOME }, ...props }), status)
}

function newPage(
  deps: PortalDeps,
  page: PageRequest,
  sent: { import?: FormView; empty?: FormView } = {},
  status?: Status,
): Response {
  if (!deps.marketplace.catalog.publisherOf(ownerOf(page))) return seeOther(HOME)
  const forms = {
    import: sent.import ?? IMPORT_FORM.show({ action: "/publisher/products/import" }),
    empty: { ...(sent.empty ?? EMPTY_FORM.show({ action: "/publisher/products" })), ids: "empty" },
  }
  return page.render((frame) => NewProductPage({ frame: { ...frame, path: NEW }, forms }), status)
}
