// What is written about an API: overview and guides in Markdown with a preview, and its changes.
import { ChangelogPage, ChangePage, DocsPage } from "../../../../views/portal/publisher/words.tsx"
import type { FormView } from "../../../../views/ui/index.ts"
import { ensure } from "../../../app/index.ts"
import { button } from "../../../http/index.ts"
import type { Change, Product } from "../../../marketplace/index.ts"
import type { PageRequest, Status } from "../../base/index.ts"
import type { PortalDeps, PortalSite } from "../site.ts"
import { CHANGE_FORM, OVERVIEW_FORM } from "./forms.ts"
import { mineOf, pathOf, productOf } from "./places.ts"
import { shown } from "./product.ts"
import { again, loadWriting, OK, textIn } from "./writing.ts"

const PATH = "/publisher/products/:product"
export function wordRoutes(site: PortalSite, deps: PortalDeps): void {
  const { marketplace, store } = deps
  const { catalog } = marketplace
  const load = loadWriting(deps)
  site.form(`${PATH}/docs`, {
    load,
    form: OVERVIEW_FORM,
    present: ({ product }) => ({ overview: product.overview }),
    async act(page, values, { product, preview }) {
      const action = `${pathOf(product)}/docs`
      if (preview) return docsPage(deps, page, product, again(OVERVIEW_FORM, action, values), values.overview, OK)
      await store.write(page.ctx("wrote an overview"), (tx) =>
        catalog.editProductIn(tx, { ...mineOf(page, product), ...values }),
      )
      return { to: action, say: "The overview is saved." }
    },
    show: (page, form, { product }, status) => docsPage(deps, page, product, form, textIn(form, "overview"), status),
  })
  changeRoutes(site, deps)
}

function docsPage(
  deps: PortalDeps,
  page: PageRequest,
  product: Product,
  form: FormView,
  text: string,
  status: Status,
): Response {
  const guides = deps.marketplace.catalog.guidesOf(product.id)
  const props = {
    now: deps.clock.now(),
    product: shown(product),
    form,
    text,
    guides: guides.map(({ publicId, title, updatedMs }) => ({ id: publicId, title, updatedMs })),
  }
  return page.render((frame) => DocsPage({ frame: { ...frame, path: `${pathOf(product)}/docs` }, ...props }), status)
}

function changeRoutes(site: PortalSite, deps: PortalDeps): void {
  const { marketplace, store } = deps
  const { catalog } = marketplace
  site.form(`${PATH}/changelog`, {
    load: (page, { product }) => productOf(deps, page, product),
    form: CHANGE_FORM,
    present: (product) => ({ version: product.version, breaking: false, mail: false }),
    async act(page, values, product) {
      const change = await store.write(page.ctx("announced a change"), (tx) =>
        catalog.addChangeIn(tx, { ...mineOf(page, product), ...values }),
      )
      const mailed = change.mailedMs === null ? "" : " Mails are on their way."
      return { to: `${pathOf(product)}/changelog`, say: `${change.title} is published.${mailed}` }
    },
    show(page, form, product, status) {
      const props = {
        now: deps.clock.now(),
        product: shown(product),
        form,
        followers: catalog.followers(product.id),
        changes: catalog.changelogOf(product.id).map(changeOf),
      }
      return page.render(
        (frame) => ChangelogPage({ frame: { ...frame, path: `${pathOf(product)}/changelog` }, ...props }),
        status,
      )
    },
  })
  const one = (page: PageRequest, ids: { product: string; change: string }) => {
    const product = productOf(deps, page, ids.product)
    const change = catalog.change(product.id, ids.change)
    ensure(change, "not_found", "There is no such entry.")
    return { product, change }
  }
  site.form(`${PATH}/changelog/:change`, {
    load: one,
    form: CHANGE_FORM.with({ mail: null }),
    present: ({ change: { version, title, body, breaking } }) => ({ version, title, body, breaking, mail: false }),
    async act(page, { mail: _, ...values }, { product, change }) {
      const input = { ...mineOf(page, product), changePublicId: change.publicId, ...values }
      await store.write(page.ctx("edited a change"), (tx) => catalog.editChangeIn(tx, input))
      return { to: `${pathOf(product)}/changelog`, say: `${values.title} is saved.` }
    },
    show(page, form, { product, change }, status) {
      const props = { product: shown(product), change: changeOf(change), form: { ...form, submit: "Save entry" } }
      return page.render((frame) => ChangePage({ frame, ...props }), status)
    },
  })
  site.post(`${PATH}/changelog/:change/removal`, {
    load: one,
    form: button("Delete entry", true),
    async act(page, _, { product, change }) {
      const input = { ...mineOf(page, product), changePublicId: change.publicId }
      await store.write(page.ctx("deleted a change"), (tx) => catalog.removeChangeIn(tx, input))
      return { to: `${pathOf(product)}/changelog`, say: `${change.title} is gone.` }
    },
    back: ({ product }) => `${pathOf(product)}/changelog`,
  })
}

const changeOf = ({ publicId, version, title, body, breaking, publishedMs, mailedMs }: Change) => ({
  id: publicId,
  version,
  title,
  body,
  breaking,
  publishedMs,
  isMailed: mailedMs !== null,
})
