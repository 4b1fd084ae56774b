// Consumers of an API, as its publisher sees them: plan, state, use; blocked, moved, ended, given back their quota. Nothing of payment.
import {
  BlockPage,
  ConsumerPage,
  type ConsumerRow,
  ConsumersPage,
  EndPage,
} from "../../../../views/portal/selling/consumers.tsx"
import type { FormView } from "../../../../views/ui/index.ts"
import { ensure } from "../../../app/index.ts"
import { button, field, form } from "../../../http/index.ts"
import type { Consumer } from "../../../marketplace/index.ts"
import type { PageRequest, Status } from "../../base/index.ts"
import type { PortalSite } from "../site.ts"
import { consumerOf, type OwnConsumer, ownerOf, pathOf, productOf, type SellingDeps } from "./places.ts"
import { paymentsOf, refundRoutes } from "./refunds.ts"

const PATH = "/publisher/products/:product/consumers"
const ONE = `${PATH}/:consumer` as const
const MOVE = form({ plan: field.choice({ label: "Plan", options: [], byDomain: true }) }, { submit: "Move" })
const BLOCK = form(
  { reason: field.reason({ help: "For you and the audit log; the consumer does not see it." }) },
  { submit: "Block" },
)
const END = form(
  { reason: field.reason({ help: "For you and the audit log; the consumer does not see it." }) },
  { submit: "End" },
)

export function consumerRoutes(site: PortalSite, deps: SellingDeps): void {
  refundRoutes(site, deps, { row: rowOf, title: titleOf, back })
  site.get(PATH, (page, { product }) => listPage(deps, page, product))
  site.get(ONE, (page, { product, consumer }) => onePage(deps, page, consumerOf(deps, page, product, consumer)))
  moveRoutes(site, deps)
  blockRoutes(site, deps)
}

type Names = { product: string; consumer: string }
const loadOf =
  (deps: SellingDeps) =>
  (page: PageRequest, { product, consumer }: Names) =>
    consumerOf(deps, page, product, consumer)
const back = ({ product, consumer }: OwnConsumer): string =>
  `${pathOf(product)}/consumers/${consumer.subscription.publicId}`
const refOf = (page: PageRequest, { consumer }: OwnConsumer) => ({
  ownerId: ownerOf(page),
  subscription: consumer.subscription.publicId,
})
const nameOf = ({ name }: Pick<Consumer, "name">): string => name || "This consumer"

function moveRoutes(site: PortalSite, deps: SellingDeps): void {
  const { marketplace, store } = deps
  const { subscriptions, plans } = marketplace
  const load = loadOf(deps)
  site.post(`${ONE}/plan`, {
    load,
    form: MOVE,
    async act(page, { plan: id }, own) {
      const plan = plans.planByPublicId(id)
      ensure(plan?.productId === own.product.id, "validation_failed", "Choose one of the list.", {
        formErrors: { plan: "Choose one of the list." },
      })
      await store.write(
        page.ctx("moved a consumer of an API"),
        (tx) => void subscriptions.moveIn(tx, { ...refOf(page, own), planId: plan.id }),
      )
      return { to: back(own), say: `${nameOf(own.consumer)} has the plan ${plan.name} now.` }
    },
    show: (page, view, own, status) => onePage(deps, page, own, view, status),
  })
  site.post(`${ONE}/quota`, {
    load,
    form: button("Give the quota back"),
    async act(page, _, own) {
      await store.write(
        page.ctx("reset the quota of a consumer"),
        (tx) => void subscriptions.resetQuotaIn(tx, refOf(page, own)),
      )
      return { to: back(own), say: `${nameOf(own.consumer)} has used nothing of the present periods.` }
    },
    back,
  })
}

function blockRoutes(site: PortalSite, deps: SellingDeps): void {
  const { marketplace, store } = deps
  const { subscriptions } = marketplace
  const load = loadOf(deps)
  site.form(`${ONE}/block`, {
    load,
    form: BLOCK,
    present: () => ({ reason: "" }),
    async act(page, { reason }, own) {
      await store.write(page.ctx(reason), (tx) => void subscriptions.banIn(tx, { ...refOf(page, own), reason }))
      return { to: back(own), say: `Calls of ${nameOf(own.consumer)} are refused.` }
    },
    show: (page, view, own, status) =>
      page.render((frame) => BlockPage({ frame, consumer: rowOf(own), product: titleOf(own), form: view }), status),
  })
  site.post(`${ONE}/unblock`, {
    load,
    form: button("Unblock"),
    async act(page, _, own) {
      await store.write(
        page.ctx("unblocked a consumer of an API"),
        (tx) => void subscriptions.unbanIn(tx, refOf(page, own)),
      )
      return { to: back(own), say: `Calls of ${nameOf(own.consumer)} go through again.` }
    },
    back,
  })
  site.form(`${ONE}/end`, {
    load,
    form: END,
    present: () => ({ reason: "" }),
    async act(page, { reason }, own) {
      await store.write(page.ctx(reason), (tx) => void subscriptions.revokeIn(tx, { ...refOf(page, own), reason }))
      return { to: back(own), say: `The subscription of ${nameOf(own.consumer)} is over.` }
    },
    show: (page, view, own, status) =>
      page.render((frame) => EndPage({ frame, consumer: rowOf(own), product: titleOf(own), form: view }), status),
  })
}

const titleOf = ({ product }: Pick<OwnConsumer, "product">) => ({ title: product.title, href: pathOf(product) })

const rowOf = (own: Pick<OwnConsumer, "consumer" | "product">): ConsumerRow => {
  const { subscription, name, quotas, overageNano } = own.consumer
  return {
    id: subscription.publicId,
    href: back(own),
    name,
    plan: subscription.plan.name,
    price: subscription.terms.priceNano,
    cycle: subscription.terms.cycle,
    version: subscription.terms.version,
    state: subscription.state,
    sinceMs: subscription.createdMs,
    quotas,
    overage: overageNano,
    reason: subscription.reason,
  }
}

/** The place of a page is the id below which it begins. */
function listPage(deps: SellingDeps, page: PageRequest, id: string): Response {
  const product = productOf(deps, page, id)
  const asked = new URL(page.request.url).searchParams.get("before") ?? ""
  const before = /^\d{1,15}$/.test(asked) ? Number(asked) : null
  const { consumers, hasMore } = deps.marketplace.subscriptions.consumersOf(product.id, before)
  const last = consumers.at(-1)
  const props = {
    now: deps.clock.now(),
    product: titleOf({ product }),
    rows: consumers.map((consumer) => rowOf({ product, consumer })),
    olderHref: hasMore && last ? `${pathOf(product)}/consumers?before=${last.subscription.id}` : undefined,
  }
  return page.render((frame) => ConsumersPage({ frame, ...props }))
}

function onePage(deps: SellingDeps, page: PageRequest, own: OwnConsumer, sent?: FormView, status?: Status): Response {
  const { plans, calls } = deps.marketplace
  const { subscription } = own.consumer
  const path = back(own)
  const options = plans.plansOf(own.product.id).map(({ publicId, name }) => ({ value: publicId, label: name }))
  const move =
    sent ?? MOVE.show({ action: `${path}/plan`, submit: "Move", present: { plan: subscription.plan.publicId } })
  const isBlocked = subscription.state === "banned"
  const props = {
    now: deps.clock.now(),
    product: titleOf(own),
    consumer: rowOf(own),
    payments: paymentsOf(deps, ownerOf(page), own),
    keys: calls.keysOf(subscription.id).filter(({ revokedMs }) => revokedMs === null).length,
    move: { ...move, fields: move.fields.map((one) => ({ ...one, options })) },
    reset: button("Give the quota back").show({ action: `${path}/quota`, submit: "Give the quota back" }),
    unblock: isBlocked ? button("Unblock").show({ action: `${path}/unblock`, submit: "Unblock" }) : null,
  }
  return page.render((frame) => ConsumerPage({ frame, ...props }), status)
}
