// Plans and pricing of an API: its plans, a new one, and the editor, which says who keeps which terms.
import { PlanEditorPage, PlanNewPage, ProductPlansPage } from "../../../../views/portal/selling/plans.tsx"
import type { FormView } from "../../../../views/ui/index.ts"
import { button } from "../../../http/index.ts"
import type { ProductPlan, ProductTerms } from "../../../marketplace/index.ts"
import type { PageRequest, Status } from "../../base/index.ts"
import type { PortalSite } from "../site.ts"
import { type OwnPlan, type OwnProduct, pathOf, planOf, productOf, type SellingDeps } from "./places.ts"
import { emptyPlan, PLAN_FORM, presentOf, termsOf } from "./plan-form.ts"

const PATH = "/publisher/products/:product/plans"
const plansPath = (product: OwnProduct): string => `${pathOf(product)}/plans`

/** The domain's names of what fields are called otherwise. */
export function planEditorRoutes(site: PortalSite, deps: SellingDeps): void {
  const { marketplace, store } = deps
  const { plans } = marketplace
  site.get(PATH, (page, { product }) => listPage(deps, page, productOf(deps, page, product)))
  site.form(`${PATH}/new`, {
    load: (page, { product }) => productOf(deps, page, product),
    form: PLAN_FORM,
    present: emptyPlan,
    async act(page, { seenMs: _, ...values }, product) {
      const { name, features, supportLevel, rank } = values
      const terms = termsOf(values, endpointsOf(deps, product))
      const input = { productId: product.id, name, features, supportLevel, terms, ...(rank === null ? {} : { rank }) }
      const plan = await store.write(page.ctx("made a plan of an API"), (tx) => plans.createPlanIn(tx, input))
      return { to: plansPath(product), say: `${plan.name} is offered.` }
    },
    show: (page, form, product, status) =>
      page.render((frame) => PlanNewPage({ frame, product: titleOf(product), form }), status),
  })
  editRoutes(site, deps)
}

function editRoutes(site: PortalSite, deps: SellingDeps): void {
  const { marketplace, store } = deps
  const { plans } = marketplace
  const ONE = `${PATH}/:productplan` as const
  const load = (page: PageRequest, { product, productplan }: { product: string; productplan: string }) =>
    planOf(deps, page, product, productplan)
  site.form(ONE, {
    load,
    form: PLAN_FORM,
    present: ({ plan, product }) => presentOf(plan, endpointsOf(deps, product)),
    async act(page, { seenMs, ...values }, { plan, product }) {
      const { name, features, supportLevel, rank } = values
      const terms = termsOf(values, endpointsOf(deps, product))
      const input = { planId: plan.id, name, features, supportLevel, terms }
      const after = await store.write(page.ctx("changed a plan of an API"), (tx) =>
        plans.changePlanIn(tx, {
          ...input,
          ...(rank === null ? {} : { rank }),
          ...(seenMs === undefined ? {} : { seenMs }),
        }),
      )
      const isNew = after.terms.version > plan.terms.version
      const say = isNew
        ? `${after.name} has new terms for whoever subscribes from now on. Present subscribers keep theirs.`
        : `${after.name} is saved.`
      return { to: `${plansPath(product)}/${plan.publicId}`, say }
    },
    show: (page, form, own, status) => editorPage(deps, page, own, form, status),
  })
  const back = ({ product, plan }: OwnPlan) => `${plansPath(product)}/${plan.publicId}`
  for (const [act, retired, submit, reason] of [
    ["closing", true, "Close for new subscribers", "closed a plan of an API"],
    ["opening", false, "Offer it again", "opened a plan of an API"],
  ] as const)
    site.post(`${ONE}/${act}`, {
      load,
      form: button(submit),
      async act(page, _, own) {
        const { name } = await store.write(page.ctx(reason), (tx) =>
          plans.changePlanIn(tx, { planId: own.plan.id, retired }),
        )
        return { to: back(own), say: retired ? `${name} takes no new subscribers.` : `${name} is offered again.` }
      },
      back,
    })
}

const titleOf = (product: OwnProduct) => ({ title: product.title, href: pathOf(product) })

const endpointsOf = ({ marketplace }: SellingDeps, product: OwnProduct) => marketplace.catalog.endpointsOf(product.id)

const termsRow = ({ priceNano, cycle, version, quotas, overageNano }: ProductTerms) => ({
  version,
  price: priceNano,
  cycle,
  quotas: quotas.map(({ period, units }) => ({ period, units })),
  overage: overageNano,
})

function listPage(deps: SellingDeps, page: PageRequest, product: OwnProduct): Response {
  const { plans } = deps.marketplace
  const rows = plans.plansOf(product.id).map((plan) => ({
    id: plan.publicId,
    name: plan.name,
    isClosed: plan.retiredMs !== null,
    terms: termsRow(plan.terms),
    ...countsOf(plans.termsInUse(plan.id), plan),
  }))
  return page.render((frame) => ProductPlansPage({ frame, product: titleOf(product), rows }))
}

function countsOf(inUse: readonly { terms: ProductTerms; subscribers: number }[], { terms }: ProductPlan) {
  const of = (list: typeof inUse): number => list.reduce((sum, { subscribers }) => sum + subscribers, 0)
  return { subscribers: of(inUse), grandfathered: of(inUse.filter((one) => one.terms.id !== terms.id)) }
}

function editorPage(
  deps: SellingDeps,
  page: PageRequest,
  { product, plan }: OwnPlan,
  form: FormView,
  status: Status,
): Response {
  const inUse = deps.marketplace.plans.termsInUse(plan.id)
  const path = `${plansPath(product)}/${plan.publicId}`
  const isClosed = plan.retiredMs !== null
  const submit = isClosed ? "Offer it again" : "Close for new subscribers"
  const props = {
    product: titleOf(product),
    plan: { name: plan.name, isClosed, version: plan.terms.version, ...countsOf(inUse, plan) },
    versions: inUse.map(({ terms, subscribers }) => ({ ...termsRow(terms), subscribers })),
    form,
    closing: button(submit).show({ action: `${path}/${isClosed ? "opening" : "closing"}`, submit }),
  }
  return page.render((frame) => PlanEditorPage({ frame, ...props }), status)
}
