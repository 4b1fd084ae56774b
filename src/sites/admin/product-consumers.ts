// /admin/products/:product/consumers: subscriptions of an API, for whoever helps a consumer or steps in. The acts are the publisher's own;
// here each has a reason, and an admin's name in the audit log.
import {
  AdminConsumerActPage,
  AdminConsumerPage,
  type AdminConsumerRow,
  AdminConsumersPage,
} from "../../../views/admin/product-consumers.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { ensure } from "../../app/index.ts"
import { button, field, form } from "../../http/index.ts"
import type { Consumer, Product } from "../../marketplace/index.ts"
import type { PageRequest, Status } from "../base/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "marketplace" | "store" | "clock" | "identity">
interface Of {
  product: Product
  consumer: Consumer
}
interface Names {
  product: string
  consumer: string
}
interface Place {
  deps: Deps
  productOf: (id: string) => Product
}

const PATH = "/admin/products/:product/consumers"
const ONE = `${PATH}/:consumer` as const
const MOVE = form({ plan: field.choice({ label: "Plan", byDomain: true }), reason: field.reason() }, { submit: "Move" })
const RESET = form({ reason: field.reason() }, { submit: "Give the quota back" })
/** The publisher sees it beside the subscription. */
const STOP = form(
  {
    reason: field.reason({ help: "Its publisher reads it, and the audit log keeps it; the consumer does not see it." }),
  },
  { submit: "Save", danger: true },
)

export function productConsumerRoutes(site: AdminSite, deps: Deps, productOf: (id: string) => Product): void {
  const place = { deps, productOf }
  site.get(PATH, (page, { product }) => listPage(deps, page, productOf(product)))
  site.get(ONE, (page, names) => onePage(deps, page, load(place, names)))
  quotaRoutes(site, place)
  blockRoutes(site, place)
}

/** Of this product, else it is not there. */
function load({ deps, productOf }: Place, { product: id, consumer: subscription }: Names): Of {
  const product = productOf(id)
  const consumer = deps.marketplace.subscriptions.consumer(ownerOf(deps, product), subscription)
  ensure(consumer.subscription.productId === product.id, "not_found", "This API has no such consumer.")
  return { product, consumer }
}

function ownerOf({ marketplace }: Deps, { publisherId }: Product) {
  const publisher = marketplace.catalog.publisherById(publisherId)
  ensure(publisher, "not_found", "This API has no publisher.")
  return publisher.ownerId
}

const refOf = (deps: Deps, { product, consumer }: Of) => ({
  ownerId: ownerOf(deps, product),
  subscription: consumer.subscription.publicId,
})
const pathOf = ({ publicId }: Product): string => `/admin/products/${publicId}`
const back = ({ product, consumer }: Of): string => `${pathOf(product)}/consumers/${consumer.subscription.publicId}`
const nameOf = ({ name }: Consumer): string => name || "This consumer"

function quotaRoutes(site: AdminSite, place: Place): void {
  const { deps } = place
  const { subscriptions, plans } = deps.marketplace
  site.form(`${ONE}/quota`, {
    summary: "Give a consumer of an API the quota back",
    load: (_: unknown, names: Names) => load(place, names),
    form: RESET,
    async act(page, { reason }, own) {
      await deps.store.write(page.ctx(reason), (tx) => void subscriptions.resetQuotaIn(tx, refOf(deps, own)))
      return { to: back(own), say: `${nameOf(own.consumer)} has used nothing of the present periods.` }
    },
    show: (page, view, own, status) =>
      actPage(page, own, view, status, {
        title: `Give ${nameOf(own.consumer)} the quota back?`,
        words: "What is used of the present periods becomes 0. What was charged beyond the plan stays charged.",
      }),
  })
  site.post(`${ONE}/plan`, {
    summary: "Move a consumer of an API to another plan",
    load: (_: unknown, names: Names) => load(place, names),
    form: MOVE,
    present: ({ consumer }) => ({ plan: consumer.subscription.plan.publicId }),
    async act(page, { plan: id, reason }, own) {
      const plan = plans.planByPublicId(id)
      ensure(plan?.productId === own.product.id, "validation_failed", "Choose one of the list.", {
        formErrors: { plan: "Choose one of the list." },
      })
      await deps.store.write(
        page.ctx(reason),
        (tx) => void subscriptions.moveIn(tx, { ...refOf(deps, own), planId: plan.id, byOperator: true }),
      )
      return { to: back(own), say: `${nameOf(own.consumer)} has the plan ${plan.name} now.` }
    },
    show: (page, view, own, status) => onePage(deps, page, own, view, status),
  })
}

function blockRoutes(site: AdminSite, place: Place): void {
  const { deps } = place
  const { subscriptions } = deps.marketplace
  site.form(`${ONE}/block`, {
    summary: "Block a consumer of an API",
    load: (_: unknown, names: Names) => load(place, names),
    form: STOP,
    async act(page, { reason }, own) {
      await deps.store.write(page.ctx(reason), (tx) => void subscriptions.banIn(tx, { ...refOf(deps, own), reason }))
      return { to: back(own), say: `Calls of ${nameOf(own.consumer)} are refused.` }
    },
    show: (page, view, own, status) =>
      actPage(page, own, { ...view, submit: "Block" }, status, {
        title: `Block ${nameOf(own.consumer)}?`,
        words: "Their calls are refused from the next one on, and the subscription is not renewed. They get a mail.",
      }),
  })
  site.post(`${ONE}/unblock`, {
    summary: "Unblock a consumer of an API",
    load: (_: unknown, names: Names) => load(place, names),
    form: button("Unblock"),
    async act(page, _, own) {
      await deps.store.write(
        page.ctx("unblocked a consumer of an API"),
        (tx) => void subscriptions.unbanIn(tx, refOf(deps, own)),
      )
      return { to: back(own), say: `Calls of ${nameOf(own.consumer)} go through again.` }
    },
    back,
  })
  site.form(`${ONE}/end`, {
    summary: "End a subscription to an API",
    load: (_: unknown, names: Names) => load(place, names),
    form: STOP,
    async act(page, { reason }, own) {
      await deps.store.write(page.ctx(reason), (tx) => void subscriptions.revokeIn(tx, { ...refOf(deps, own), reason }))
      return { to: back(own), say: `The subscription of ${nameOf(own.consumer)} is over.` }
    },
    show: (page, view, own, status) =>
      actPage(page, own, { ...view, submit: "End the subscription" }, status, {
        title: `End the subscription of ${nameOf(own.consumer)}?`,
        words: "It is over at once, with its keys. They get a mail, and may subscribe again.",
      }),
  })
}

function actPage(
  page: PageRequest,
  own: Of,
  form: FormView,
  status: Status,
  words: { title: string; words: string },
): Response {
  const at = { href: back(own), label: nameOf(own.consumer) }
  return page.render((frame) => AdminConsumerActPage({ frame, at, form, ...words }), status)
}

const rowOf = (deps: Deps, { product, consumer }: Of): AdminConsumerRow => {
  const { subscription, name, quotas, overageNano } = consumer
  const user = deps.identity.userById(subscription.userId)
  return {
    id: subscription.publicId,
    href: back({ product, consumer }),
    name,
    userHref: user ? `/admin/users/${user.publicId}` : null,
    plan: subscription.plan.name,
    price: subscription.terms.priceNano,
    cycle: subscription.terms.cycle,
    state: subscription.state,
    sinceMs: subscription.createdMs,
    quotas,
    overage: overageNano,
    reason: subscription.reason,
  }
}

function listPage(deps: Deps, page: PageRequest, product: Product): Response {
  const asked = new URL(page.request.url).searchParams.get("before") ?? ""
  const before = /^\d{1,15}$/.test(asked) ? Number(asked) : null
  const { consumers, hasMore } = deps.marketplace.subscriptions.consumersOf(product.id, before)
  const last = consumers.at(-1)
  const props = {
    now: deps.clock.now(),
    product: { title: product.title, href: pathOf(product) },
    rows: consumers.map((consumer) => rowOf(deps, { product, consumer })),
    olderHref: hasMore && last ? `${pathOf(product)}/consumers?before=${last.subscription.id}` : undefined,
  }
  return page.render((frame) => AdminConsumersPage({ frame, ...props }))
}

function onePage(deps: Deps, page: PageRequest, own: Of, sent?: FormView, status?: Status): Response {
  const { product, consumer } = own
  const path = back(own)
  const options = deps.marketplace.plans.plansOf(product.id).map(({ publicId, name }) => ({
    value: publicId,
    label: name,
  }))
  const present = { plan: consumer.subscription.plan.publicId }
  const move = sent ?? MOVE.show({ action: `${path}/plan`, submit: "Move", present })
  const isBlocked = consumer.subscription.state === "banned"
  const props = {
    now: deps.clock.now(),
    product: { title: product.title, href: pathOf(product) },
    consumer: rowOf(deps, own),
    move: { ...move, fields: move.fields.map((one) => (one.name === "plan" ? { ...one, options } : one)) },
    unblock: isBlocked ? button("Unblock").show({ action: `${path}/unblock`, submit: "Unblock" }) : null,
  }
  return page.render((frame) => AdminConsumerPage({ frame: { ...frame, path }, ...props }), status)
}
