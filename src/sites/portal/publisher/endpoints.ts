// Endpoints of an API: the list, one with its parameters and stored answers, and its end.
import { EndpointPage } from "../../../../views/portal/publisher/endpoint.tsx"
import { EndpointsPage, NewEndpointPage, RemoveEndpointPage } from "../../../../views/portal/publisher/endpoints.tsx"
import type { FormView } from "../../../../views/ui/index.ts"
import { button, field, form } from "../../../http/index.ts"
import { listOf } from "../../../keys/index.ts"
import { type Endpoint, type EndpointDraft, hasAddresses, type Product } from "../../../marketplace/index.ts"
import type { PageRequest, Status } from "../../base/index.ts"
import type { PortalDeps, PortalSite } from "../site.ts"
import { partRoutes, partsShown } from "./endpoint-parts.ts"
import { ENDPOINT_FORM } from "./forms.ts"
import { endpointOf, mineOf, pathOf, productOf } from "./places.ts"
import { shown } from "./product.ts"

const PATH = "/publisher/products/:product/endpoints"
const MOVE = form(
  { endpoint: field.hidden({ label: "Endpoint" }), by: field.hidden({ label: "By" }) },
  { submit: "Move" },
)

export const endpointPath = (product: Product, endpoint: Pick<Endpoint, "publicId">): string =>
  `${pathOf(product)}/endpoints/${endpoint.publicId}`

export interface Here {
  product: Product
  endpoint: Endpoint
}

export function endpointRoutes(site: PortalSite, deps: PortalDeps): void {
  const { marketplace, store } = deps
  const { catalog } = marketplace
  const load = (page: PageRequest, { product }: { product: string }) => productOf(deps, page, product)
  const here = (page: PageRequest, ids: { product: string; endpoint: string }): Here => {
    const product = productOf(deps, page, ids.product)
    return { product, endpoint: endpointOf(deps, product, ids.endpoint) }
  }
  site.get(PATH, (page, ids) => listPage(deps, page, load(page, ids)))
  site.form(
    `${PATH}/new`,
    {
      load,
      form: ENDPOINT_FORM,
      adapt: (declared, product) => withPlans(deps, declared, product),
      present: () => ({ method: "GET" as const, weight: 1, priceNano: 0 as never, minPlan: "" }),
      async act(page, values, product) {
        const made = await store.write(page.ctx("added an endpoint"), (tx) =>
          catalog.saveEndpointIn(tx, { ...mineOf(page, product), ...draftOf(values) }),
        )
        return { to: endpointPath(product, made), say: `${made.method} ${made.path} is there.` }
      },
      show(page, declared, product, status) {
        const view = { product: shown(product), form: declared }
        const path = `${pathOf(product)}/endpoints/new`
        return page.render((frame) => NewEndpointPage({ frame: { ...frame, path }, ...view }), status)
      },
    },
    PATH,
  )
  site.post(`${PATH}/order`, {
    load,
    form: MOVE,
    async act(page, { endpoint, by }, product) {
      const input = { ...mineOf(page, product), endpointPublicId: endpoint, by: by === "up" ? -1 : 1 } as const
      await store.write(page.ctx("moved an endpoint"), (tx) => catalog.moveEndpointIn(tx, input))
      return { to: `${pathOf(product)}/endpoints` }
    },
    back: (product) => `${pathOf(product)}/endpoints`,
  })
  oneRoutes(site, deps, here)
  partRoutes(site, deps, here, (page, at, sent, status) => onePage(deps, page, at, sent, status))
}

function oneRoutes(
  site: PortalSite,
  deps: PortalDeps,
  here: (page: PageRequest, ids: { product: string; endpoint: string }) => Here,
): void {
  const { marketplace, store } = deps
  const { catalog } = marketplace
  site.form(`${PATH}/:endpoint`, {
    load: here,
    form: ENDPOINT_FORM,
    adapt: (declared, { product }) => withPlans(deps, declared, product),
    present: ({ product, endpoint }) => valuesOf(deps, product, endpoint),
    async act(page, values, { product, endpoint }) {
      const input = { ...mineOf(page, product), endpointPublicId: endpoint.publicId, ...draftOf(values) }
      const after = await store.write(page.ctx("changed an endpoint"), (tx) => catalog.saveEndpointIn(tx, input))
      return { to: endpointPath(product, after), say: `${after.method} ${after.path} is saved.` }
    },
    show: (page, details, at, status) => onePage(deps, page, at, { details }, status),
  })
  site.form(`${PATH}/:endpoint/removal`, {
    load: here,
    form: button("Remove", true),
    async act(page, _, { product, endpoint }) {
      const input = { ...mineOf(page, product), endpointPublicId: endpoint.publicId }
      await store.write(page.ctx("removed an endpoint"), (tx) => catalog.removeEndpointIn(tx, input))
      return { to: `${pathOf(product)}/endpoints`, say: `${endpoint.method} ${endpoint.path} is gone.` }
    },
    show(page, removal, { product, endpoint }, status) {
      const props = { product: shown(product), endpoint: lineOf(deps, product, endpoint), form: removal }
      return page.render((frame) => RemoveEndpointPage({ frame, ...props }), status)
    },
  })
}

const withPlans = ({ marketplace }: PortalDeps, declared: typeof ENDPOINT_FORM, product: Product) => {
  const plans = marketplace.catalog.plansNamed(product.id)
  const options = [
    { value: "", label: "Every plan" },
    ...plans.map(({ publicId, name }) => ({ value: publicId, label: name })),
  ]
  return declared.with({ minPlan: { options } })
}

type Values = Omit<EndpointDraft, "parameters" | "examples" | "minPlan"> & { minPlan: string }

const draftOf = ({ minPlan, bodyType, bodySchema, ...values }: Values): EndpointDraft => ({
  ...values,
  minPlan: minPlan === "" ? null : minPlan,
  bodyType: bodyType || null,
  bodySchema: bodySchema || null,
})

const valuesOf = ({ marketplace }: PortalDeps, product: Product, endpoint: Endpoint) => ({
  method: endpoint.method,
  path: endpoint.path,
  title: endpoint.title,
  description: endpoint.description,
  minPlan: marketplace.catalog.plansNamed(product.id).find(({ id }) => id === endpoint.minPlanId)?.publicId ?? "",
  weight: endpoint.weight,
  priceNano: endpoint.priceNano,
  validates: endpoint.validates,
  deprecated: endpoint.deprecated,
  bodyType: endpoint.bodyType ?? "",
  bodySchema: endpoint.bodySchema ?? "",
  allowedIps: listOf(endpoint.allowedIps),
  deniedIps: listOf(endpoint.deniedIps),
})

const lineOf = (
  deps: PortalDeps,
  product: Product,
  endpoint: Endpoint,
  plans = deps.marketplace.catalog.plansNamed(product.id),
) => ({
  id: endpoint.publicId,
  method: endpoint.method,
  path: endpoint.path,
  title: endpoint.title,
  plan: plans.find(({ id }) => id === endpoint.minPlanId)?.name ?? null,
  weight: endpoint.weight,
  price: endpoint.priceNano,
  validates: endpoint.validates,
  deprecated: endpoint.deprecated,
  hasAddresses: hasAddresses(endpoint),
})

const PAGE_ROWS = 100

function listPage(deps: PortalDeps, page: PageRequest, product: Product): Response {
  const { catalog } = deps.marketplace
  const source = catalog.importedFrom(product.id)
  const plans = catalog.plansNamed(product.id)
  const all = catalog.endpointsOf(product.id)
  const asked = Number(new URL(page.request.url).searchParams.get("from"))
  const from = Number.isSafeInteger(asked) && asked > 0 && asked < all.length ? asked : 0
  const rows = all.slice(from, from + PAGE_ROWS)
  const hrefOf = (at: number) => `${pathOf(product)}/endpoints?from=${at}`
  const props = {
    now: deps.clock.now(),
    product: shown(product),
    endpoints: rows.map((endpoint) => lineOf(deps, product, endpoint, plans)),
    imported: source && { fromUrl: source.sourceUrl, ms: source.createdMs },
    pager: {
      previousHref: from > 0 ? hrefOf(Math.max(0, from - PAGE_ROWS)) : undefined,
      nextHref: from + PAGE_ROWS < all.length ? hrefOf(from + PAGE_ROWS) : undefined,
      summary: all.length > PAGE_ROWS ? `${from + 1} to ${from + rows.length} of ${all.length} endpoints` : undefined,
    },
  }
  return page.render((frame) => EndpointsPage({ frame, ...props }))
}

function onePage(
  deps: PortalDeps,
  page: PageRequest,
  { product, endpoint }: Here,
  sent: { details?: FormView; parameter?: FormView; answer?: FormView },
  status?: Status,
): Response {
  const action = endpointPath(product, endpoint)
  const details =
    sent.details ?? withPlans(deps, ENDPOINT_FORM, product).show({ action, present: valuesOf(deps, product, endpoint) })
  const parts = partsShown(page, endpoint, action, sent)
  const props = { product: shown(product), endpoint: lineOf(deps, product, endpoint), details, ...parts }
  return page.render((frame) => EndpointPage({ frame: { ...frame, path: action }, ...props }), status)
}
