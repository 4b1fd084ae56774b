// /admin/products: APIs of publishers. What waits for a review, what is shown first, what is suspended, and what the platform keeps of each sale.
import {
  AdminProductPage,
  type AdminProductProps,
  AdminProductsPage,
  ProductActPage,
} from "../../../views/admin/products.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { ensure } from "../../app/index.ts"
import { button, field, form } from "../../http/index.ts"
import type { Product, ProductState } from "../../marketplace/index.ts"
import type { PageRequest, Status } from "../base/index.ts"
import { ACTS } from "./product-acts.ts"
import { productConsumerRoutes } from "./product-consumers.ts"
import { openSigns, productSignRoutes, signsOf } from "./product-signs.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "marketplace" | "store" | "clock" | "identity">
type Load = (page: unknown, params: { product: string }) => Product

const LIST = "/admin/products"
const PATH = "/admin/products/:product"
const PAGE_ROWS = 50
const STATES: readonly ProductState[] = ["review", "published", "draft", "unpublished", "suspended"]

const COMMISSION_FORM = form(
  {
    commission: field.percent({
      label: "Of each sale",
      optional: true,
      help: "Empty: as it is without this.",
    }),
    reason: field.reason(),
  },
  { submit: "Save commission" },
)
const REASON = form({ reason: field.reason() }, { submit: "Save" })
/** The publisher reads it. */
const REMARK = form(
  {
    reason: field.reason({
      label: "What the publisher reads",
      help: "It stands on the product’s page, and in the audit log.",
    }),
  },
  { submit: "Save" },
)

export function productRoutes(site: AdminSite, deps: Deps): void {
  const ofId = (id: string) => productOf(deps, id)
  const load: Load = (_, { product }) => ofId(product)
  site.get(LIST, (page) => listPage(deps, page))
  site.get(PATH, (page, ids) => onePage(deps, page, load(page, ids)))
  commissionRoutes(site, deps, load)
  featureRoutes(site, deps, load)
  stateRoutes(site, deps, load)
  productSignRoutes(site, deps, ofId)
  productConsumerRoutes(site, deps, ofId)
}

const pathOf = ({ publicId }: Pick<Product, "publicId">): string => `${LIST}/${publicId}`

/** By its id, or by its address in the marketplace. */
function productOf({ marketplace }: Deps, id: string): Product {
  const product = marketplace.catalog.product(id) ?? marketplace.catalog.productBySlug(id)
  ensure(product, "not_found", "There is no such API product. They are listed under API products.")
  return product
}

function commissionRoutes(site: AdminSite, deps: Deps, load: Load): void {
  const { store } = deps
  const { catalog } = deps.marketplace
  site.post(`${PATH}/commission`, {
    summary: "Set the commission of an API product",
    load,
    form: COMMISSION_FORM,
    present: ({ commissionBp }) => ({ commission: commissionBp }),
    async act(page, { commission: bp, reason }, { publicId: productPublicId, title }) {
      await store.write(page.ctx(reason), (tx) => catalog.setProductCommissionIn(tx, { productPublicId, bp }))
      return { to: `${LIST}/${productPublicId}`, say: `${title}: ${said(bp)}` }
    },
    show: (page, commission, product, status) => onePage(deps, page, product, { commission }, status),
  })
  site.post(`${PATH}/publisher-commission`, {
    summary: "Set the commission of a publisher",
    load,
    form: COMMISSION_FORM,
    present: ({ publisherId }) => ({ commission: catalog.publisherById(publisherId)?.commissionBp ?? null }),
    async act(page, { commission: bp, reason }, { publicId, publisherId }) {
      const after = await store.write(page.ctx(reason), (tx) =>
        catalog.setPublisherCommissionIn(tx, { publisherId, bp }),
      )
      return { to: `${LIST}/${publicId}`, say: `${after.name}: ${said(bp)}` }
    },
    show: (page, publisherCommission, product, status) => onePage(deps, page, product, { publisherCommission }, status),
  })
}

const said = (bp: number | null) =>
  bp === null ? "the usual commission holds again." : `${bp / 100} % of each sale from now on.`

function featureRoutes(site: AdminSite, deps: Deps, load: Load): void {
  const { catalog } = deps.marketplace
  const turn = (on: boolean) => async (page: PageRequest, _: object, product: Product) => {
    const ctx = page.ctx(on ? "shows an API first" : "shows an API as any other")
    await deps.store.write(ctx, (tx) => catalog.featureIn(tx, { productPublicId: product.publicId, on }))
    return { to: pathOf(product), say: `${product.title} is shown ${on ? "first" : "as any other"}.` }
  }
  const back = (product: Product) => pathOf(product)
  const featuring = { summary: "Feature an API product", load, form: button("Feature"), back }
  site.post(`${PATH}/featuring`, { ...featuring, act: turn(true) })
  const ending = { summary: "Stop featuring an API product", load, form: button("Stop featuring"), back }
  site.post(`${PATH}/featuring/removal`, { ...ending, act: turn(false) })
}

function stateRoutes(site: AdminSite, deps: Deps, load: Load): void {
  const { catalog } = deps.marketplace
  const { store } = deps
  for (const one of ACTS)
    site.form(`${PATH}/${one.path}`, {
      summary: one.summary,
      load,
      form: REMARK.with({}),
      async act(page, { reason }, product) {
        const input = {
          productPublicId: product.publicId,
          state: one.state,
          reason: one.state === "published" ? null : reason,
        }
        await store.write(page.ctx(reason), (tx) => catalog.decideIn(tx, input))
        return { to: pathOf(product), say: `${product.title} ${one.say}` }
      },
      show: (page, view, product, status) =>
        actPage(page, product, { ...view, submit: one.submit, danger: one.danger }, one, status),
    })
  site.post(`${PATH}/reinstatement`, {
    summary: "End the suspension of an API product",
    load,
    form: button("End the suspension"),
    async act(page, _, product) {
      const input = { productPublicId: product.publicId, state: "unpublished" as const, reason: null }
      await store.write(page.ctx("ended a suspension"), (tx) => catalog.decideIn(tx, input))
      return { to: pathOf(product), say: `${product.title} is not suspended any more. Its publisher can publish it.` }
    },
    back: (product: Product) => pathOf(product),
  })
  site.form(`${PATH}/host`, {
    summary: "Vouch for the server of an API product",
    load,
    form: REASON,
    async act(page, { reason }, product) {
      await store.write(page.ctx(reason), (tx) => catalog.vouchForHostIn(tx, { productPublicId: product.publicId }))
      return { to: pathOf(product), say: `${new URL(product.upstreamUrl).hostname} counts as its publisher’s.` }
    },
    show: (page, view, product, status) => {
      const host = new URL(product.upstreamUrl).hostname
      const words = `${host} then counts as this publisher’s, without a DNS record or a file. Calls that people pay for may go there.`
      return actPage(page, product, { ...view, submit: "Vouch for it" }, { title: `Vouch for ${host}?`, words }, status)
    },
  })
}

function actPage(
  page: PageRequest,
  product: Product,
  form: FormView,
  { title, words }: { title: string; words: string },
  status: Status,
): Response {
  const props = { product: { id: product.publicId, title: product.title }, title, words, form }
  return page.render((frame) => ProductActPage({ frame, ...props }), status)
}

function listPage(deps: Deps, page: PageRequest): Response {
  const { clock } = deps
  const { catalog } = deps.marketplace
  const query = new URL(page.request.url).searchParams
  const state = STATES.find((one) => one === query.get("state")) ?? null
  const text = (query.get("q") ?? "").slice(0, 80)
  const asked = Number(query.get("before"))
  const before = Number.isSafeInteger(asked) && asked > 0 ? asked : null
  const found = catalog.list({ state, text, before, rows: PAGE_ROWS + 1 })
  const rows = found.slice(0, PAGE_ROWS)
  const counts = catalog.countByState()
  const props = {
    now: clock.now(),
    state,
    text,
    counts: STATES.map((one) => ({ state: one, count: counts.get(one) ?? 0 })),
    products: rows.map((row) => ({
      ...row,
      id: row.publicId,
      host: new URL(row.host).hostname,
      isFeatured: row.featuredMs !== null,
    })),
    next: found.length > PAGE_ROWS ? String(rows.at(-1)!.id) : null,
    isFirst: before === null,
    signs: openSigns(deps),
  }
  return page.render((frame) => AdminProductsPage({ frame, ...props }))
}

function onePage(
  deps: Deps,
  page: PageRequest,
  product: Product,
  sent: { commission?: FormView; publisherCommission?: FormView } = {},
  status?: Status,
): Response {
  const { clock } = deps
  const { catalog } = deps.marketplace
  const publisher = catalog.publisherById(product.publisherId)
  const { bp, by } = catalog.commissionOf(product.id)
  const path = pathOf(product)
  const props: Omit<AdminProductProps, "frame"> = {
    now: clock.now(),
    product: {
      id: product.publicId,
      title: product.title,
      tagline: product.tagline,
      overview: product.overview,
      address: catalog.addressOf(product),
      state: product.state,
      remark: product.stateReason,
      version: product.version,
      upstreamUrl: product.upstreamUrl,
      isProven: product.hostProvenMs !== null,
      isFeatured: product.featuredMs !== null,
      endpoints: catalog.endpointCount(product.id),
      plans: catalog.plansNamed(product.id).map(({ name }) => name),
      consumers: deps.marketplace.subscriptions.countLiving(product.id),
      createdMs: product.createdMs,
      publishedMs: product.publishedMs,
    },
    publisher: {
      name: publisher?.name ?? "",
      isSuspended: publisher?.suspendedMs !== null,
    },
    lacking: catalog.lacking(product.publicId),
    commission: { percent: bp / 100, by },
    signs: signsOf(deps, product),
    forms: {
      commission: {
        ...(sent.commission ??
          COMMISSION_FORM.show({ action: `${path}/commission`, present: { commission: product.commissionBp } })),
        ids: "product",
      },
      publisherCommission: {
        ...(sent.publisherCommission ??
          COMMISSION_FORM.show({
            action: `${path}/publisher-commission`,
            present: { commission: publisher?.commissionBp ?? null },
          })),
        ids: "publisher",
      },
    },
  }
  return page.render((frame) => AdminProductPage({ frame: { ...frame, path }, ...props }), status)
}
