// /subscriptions: APIs that a person subscribed to, their billing, and what is done to one.
import { BillingPage, type BillRow } from "../../../../views/console/subscriptions/billing.tsx"
import { CancelPage, SubscriptionPage } from "../../../../views/console/subscriptions/detail.tsx"
import { SubscriptionsPage, subscriptionPath } from "../../../../views/console/subscriptions/list.tsx"
import { button } from "../../../http/index.ts"
import type { Glance } from "../../../marketplace/index.ts"
import { isOpenTo, type PageRequest } from "../../base/index.ts"
import type { ConsoleSite } from "../site.ts"
import { payingContext } from "./paying.ts"
import { planChangeRoutes } from "./plan.ts"
import { billOf, methodOf, rowOf, type SubscriptionDeps } from "./rows.ts"

const PATH = "/subscriptions/:subscription"
const BILL_STATES = ["paid", "due", "void"] as const

export function subscriptionRoutes(site: ConsoleSite, deps: SubscriptionDeps): void {
  const { marketplace, clock } = deps
  const { subscriptions } = marketplace
  site.get("/subscriptions", (page) => {
    const rows = subscriptions.glancesOf(page.holder.id).map(rowOf)
    return page.render((frame) => SubscriptionsPage({ frame, now: clock.now(), rows }))
  })
  site.get("/subscriptions/billing", (page) => billingPage(deps, page))
  site.get(PATH, (page, { subscription }) => onePage(deps, page, subscriptions.mine(page.holder.id, subscription)))
  planChangeRoutes(site, deps)
  actRoutes(site, deps)
}

function actRoutes(site: ConsoleSite, deps: SubscriptionDeps): void {
  const { marketplace, store } = deps
  const { subscriptions } = marketplace
  const load = (page: PageRequest, { subscription }: { subscription: string }) =>
    subscriptions.mine(page.holder.id, subscription)
  const refOf = (page: PageRequest, { subscription }: Glance) => ({
    userId: page.holder.id,
    subscription: subscription.publicId,
  })
  const back = ({ subscription }: Glance) => subscriptionPath(subscription.publicId)
  site.form(`${PATH}/cancellation`, {
    load,
    form: button("Cancel the subscription", true),
    async act(page, _, glance) {
      const after = await store.write(page.ctx("cancelled an API subscription"), (tx) =>
        subscriptions.cancelIn(tx, refOf(page, glance)),
      )
      const say =
        after.state === "ended" ? `${glance.product.title} is over.` : `${glance.product.title} ends with its period.`
      return { to: back(glance), say }
    },
    show(page, form, glance, status) {
      const { state, periodEndMs } = glance.subscription
      const props = { row: rowOf(glance), endsMs: periodEndMs, atOnce: state === "past_due", form }
      return page.render((frame) => CancelPage({ frame, ...props }), status)
    },
  })
  site.post(`${PATH}/resumption`, {
    load,
    form: button("Keep it"),
    async act(page, _, glance) {
      const plan = deps.marketplace.plans.planById(glance.subscription.planId)
      await store.write(
        payingContext(deps, page, "resumed an API subscription", plan),
        (tx) => void subscriptions.resumeIn(tx, refOf(page, glance)),
      )
      return { to: back(glance), say: `${glance.product.title} goes on.` }
    },
    back,
  })
  site.post(`${PATH}/payment`, {
    load,
    form: button("Pay now"),
    async act(page, _, glance) {
      const { outcome } = await store.write(page.ctx("paid an API subscription"), (tx) =>
        subscriptions.payNowIn(tx, refOf(page, glance)),
      )
      return { to: back(glance), say: PAID[outcome] }
    },
    back,
  })
}

const PAID = {
  paid: "It is paid. The same keys work.",
  coming: "Your card is being charged for credits; it is paid by itself in a minute.",
  short: "Bought credits are short, so nothing was paid. Buy credits, and it is paid by itself.",
} as const

function billingPage(deps: SubscriptionDeps, page: PageRequest): Response {
  const { marketplace, clock } = deps
  const { id: userId } = page.holder
  const asked = new URL(page.request.url).searchParams.get("state")
  const shown = BILL_STATES.find((state) => state === asked) ?? null
  const glances = marketplace.subscriptions.glancesOf(userId)
  const bills: BillRow[] = []
  const last = new Map<string, BillRow>()
  for (const { subscription, product } of glances) {
    const own = marketplace.subscriptions
      .billsOf(userId, subscription.publicId)
      .map((bill) => billOf(deps, bill, product.title))
    bills.push(...own)
    const present = own.find(({ kind }) => kind !== "overage")
    if (present) last.set(subscription.publicId, present)
  }
  const props = {
    now: clock.now(),
    rows: glances.filter(({ subscription }) => subscription.state !== "ended").map(rowOf),
    last,
    bills: bills.filter(({ state }) => shown === null || state === shown).sort((a, b) => b.atMs - a.atMs),
    shown,
    method: methodOf(deps, page),
  }
  return page.render((frame) => BillingPage({ frame, ...props }))
}

function onePage(deps: SubscriptionDeps, page: PageRequest, glance: Glance): Response {
  const { marketplace, clock } = deps
  const { publicId } = glance.subscription
  const bills = marketplace.subscriptions.billsOf(page.holder.id, publicId)
  const warned = warningOf(glance)
  const path = subscriptionPath(publicId)
  const props = {
    now: clock.now(),
    row: rowOf(glance),
    slug: glance.product.slug,
    bills: bills.map((bill) => billOf(deps, bill, glance.product.title)),
    method: methodOf(deps, page),
    warning: warned?.text ?? null,
    may: {
      pay: isOpenTo(page.user, `${PATH}/plan`),
      call: isOpenTo(page.user, "/marketplace/:api/keys"),
    },
    form:
      warned?.act && isOpenTo(page.user, `${PATH}/plan`)
        ? button(ACTS[warned.act]).show({ action: `${path}/${warned.act}`, submit: ACTS[warned.act] })
        : null,
  }
  return page.render((frame) => SubscriptionPage({ frame, ...props }))
}

const ACTS = { payment: "Pay now", resumption: "Keep it" } as const

function warningOf({ subscription, access, product }: Glance): { text: string; act: keyof typeof ACTS | null } | null {
  const { state, cancelledMs } = subscription
  if (state === "past_due")
    return {
      text:
        access === null
          ? "The present period is not paid: bought credits are short. Calls go on for a few days."
          : "It is not paid, so calls are refused. The same keys work again as soon as it is paid.",
      act: "payment",
    }
  if (state === "banned")
    return { text: "Its publisher blocked it: calls are refused, and nothing more is charged.", act: null }
  if (state === "ended") return { text: "It is over. You can subscribe again in the marketplace.", act: null }
  if (cancelledMs !== null) return { text: "It ends with its period.", act: "resumption" }
  return product.state === "suspended"
    ? { text: "The operator took this API away for now. Nothing is charged until it is back.", act: null }
    : null
}
