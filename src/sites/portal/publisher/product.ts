// One API: its state with what is lacking, its details, its server's secrets, and its end.
import { ProductPage } from "../../../../views/portal/publisher/product.tsx"
import { RemoveProductPage, SigningKeyPage } from "../../../../views/portal/publisher/product-acts.tsx"
import type { FormView } from "../../../../views/ui/index.ts"
import { MINUTE_MS } from "../../../app/index.ts"
import { button } from "../../../http/index.ts"
import { listOf } from "../../../keys/index.ts"
import type { Product } from "../../../marketplace/index.ts"
import { newValues, type PageRequest, type Status, undoTo } from "../../base/index.ts"
import type { PortalDeps, PortalSite } from "../site.ts"
import { lastDays } from "./figures.ts"
import { PRODUCT_FORM } from "./forms.ts"
import { HOME, mineOf, pathOf, productOf } from "./places.ts"

const SECOND_MS = MINUTE_MS / 60
const PATH = "/publisher/products/:product"

export function productRoutes(site: PortalSite, deps: PortalDeps): void {
  const { marketplace, store } = deps
  const { catalog } = marketplace
  const load = (page: PageRequest, { product }: { product: string }) => productOf(deps, page, product)
  site.form(PATH, {
    load,
    form: PRODUCT_FORM,
    present: (product) => detailsOf(deps, product),
    async act(page, values, product) {
      const before = detailsOf(deps, product)
      const { timeoutSeconds, categories, seenMs, ...fields } = values
      const more = { categories: categories.split(","), timeoutMs: timeoutSeconds * SECOND_MS }
      const input = { ...mineOf(page, product), ...fields, ...more, ...(seenMs === undefined ? {} : { seenMs }) }
      const after = await store.write(page.ctx("changed an API"), (tx) => catalog.editProductIn(tx, input))
      const changed = newValues(PRODUCT_FORM, before, detailsOf(deps, after))
      const to = pathOf(product)
      if (!changed) return { to, say: `${product.title} is saved.` }
      return { to, say: `Saved: ${changed}.`, undo: undoTo(to, PRODUCT_FORM.with({ seenMs: null }), before) }
    },
    show: (page, form, product, status) => productPage(deps, page, product, form, status),
  })
  stateRoutes(site, deps, load)
  site.form(`${PATH}/removal`, {
    load,
    form: button("Delete", true),
    async act(page, _, product) {
      await store.write(page.ctx("deleted an API"), (tx) => catalog.deleteProductIn(tx, mineOf(page, product)))
      return { to: HOME, say: `${product.title} is gone.` }
    },
    show(page, form, product, status) {
      const props = { product: shown(product), form }
      return page.render((frame) => RemoveProductPage({ frame, ...props }), status)
    },
  })
  site.form(`${PATH}/signing-key`, {
    load,
    form: button("Make a new key", true),
    fresh: true,
    async act(page, _, product) {
      const secret = await store.write(page.ctx("made a new signing key"), (tx) =>
        catalog.rollSigningIn(tx, mineOf(page, product)),
      )
      return { to: pathOf(product), secret }
    },
    show(page, form, product, status) {
      const props = { product: shown(product), form }
      return page.render((frame) => SigningKeyPage({ frame, ...props }), status)
    },
  })
}

/** Buttons of its page. */
function stateRoutes(
  site: PortalSite,
  { marketplace, store }: PortalDeps,
  load: (page: PageRequest, params: { product: string }) => Product,
): void {
  const { catalog } = marketplace
  const SAYS = { review: "is handed in. You get a mail when it was looked at.", published: "is published." } as const
  site.post(`${PATH}/publication`, {
    load,
    form: button("Publish"),
    async act(page, _, product) {
      const after = await store.write(page.ctx("published an API"), (tx) =>
        catalog.publishIn(tx, mineOf(page, product)),
      )
      return { to: pathOf(product), say: `${after.title} ${after.state === "review" ? SAYS.review : SAYS.published}` }
    },
    back: (product) => pathOf(product),
  })
  site.post(`${PATH}/withdrawal`, {
    load,
    form: button("Take it back"),
    async act(page, _, product) {
      const ctx = page.ctx(product.state === "review" ? "took an API out of review" : "unpublished an API")
      const mine = mineOf(page, product)
      await store.write(ctx, (tx) =>
        product.state === "review" ? catalog.withdrawIn(tx, mine) : catalog.unpublishIn(tx, mine),
      )
      return {
        to: pathOf(product),
        say: `${product.title} is ${product.state === "review" ? "a draft again" : "not published any more"}.`,
      }
    },
    back: (product) => pathOf(product),
  })
}

export const shown = ({ publicId, title, state, slug }: Product) => ({ id: publicId, title, state, slug })

const detailsOf = ({ marketplace }: PortalDeps, product: Product) => ({
  title: product.title,
  tagline: product.tagline,
  slug: product.slug,
  version: product.version,
  categories: marketplace.catalog.categoriesOf(product.id).join(", "),
  upstreamUrl: product.upstreamUrl,
  upstreamHeader: product.upstreamHeader ?? "",
  timeoutSeconds: Math.round(product.timeoutMs / SECOND_MS),
  allowedIps: listOf(product.allowedIps),
  deniedIps: listOf(product.deniedIps),
  seenMs: product.updatedMs,
})

function productPage(deps: PortalDeps, page: PageRequest, product: Product, form: FormView, status: Status): Response {
  const { catalog } = deps.marketplace
  const { secret, forget } = deps.web.takeSecret(page.request)
  const lacking = catalog.lacking(product.publicId)
  const publicUrl = catalog.addressOf(product)
  const props = {
    now: deps.clock.now(),
    product: {
      ...shown(product),
      remark: product.stateReason,
      endpoints: catalog.endpointCount(product.id),
      host: new URL(product.upstreamUrl).hostname,
      isProven: product.hostProvenMs !== null,
      publishedMs: product.publishedMs,
      isCalled: deps.marketplace.calls.figuresOfProduct(product.id, lastDays(deps)).total.calls > 0,
      hasSecret: product.upstreamSecret !== null,
    },
    publicUrl,
    badge: `[![status](${publicUrl}.svg)](${deps.web.origins.hosts.console}/marketplace/${product.slug})`,
    lacking,
    newSecret: secret,
    form,
  }
  return page.render((frame) => ProductPage({ frame, ...props }), { ...status, cookies: [forget] })
}
