// Buying credits: the button of a package, and the page that people come back to from paying.
import { type BuyProps, PayPage } from "../../../views/console/credits/buy.tsx"
import { OrderPage } from "../../../views/console/credits/order.tsx"
import type { RechargeOrder } from "../../../views/console/credits/recharge-order.tsx"
import { ensure, randomSecret } from "../../app/index.ts"
import { cardName, isPayable, type Order } from "../../billing/index.ts"
import { button, field, form } from "../../http/index.ts"
import { orderBack } from "./back.ts"
import { buyerOf } from "./cards.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "billing" | "ledger">

const BUY_FORM = form({ key: field.formKey() }, { submit: "Buy" })
export const orderPath = ({ publicId }: Pick<Order, "publicId">): string => `/credits/orders/${publicId}`

export function buyRoutes(site: ConsoleSite, deps: Deps): void {
  const { billing, ledger } = deps
  site.post("/credits/packages/:package", {
    form: BUY_FORM,
    load(_, { package: slug }: { package: string }) {
      const wanted = billing.packageBySlug(slug)
      ensure(wanted?.active, "not_found", "These credits are no longer sold. Choose another package.")
      return wanted
    },
    async act(page, { key }, { slug }) {
      const { userId, publicId } = page.session
      const buyer = { id: userId, publicId, email: page.user.email }
      const order = await billing.buy(page.ctx("bought credits"), { buyer, slug, key })
      if (order.payUrl === null) return { to: orderPath(order) }
      const props = { location: order.payUrl, host: new URL(order.payUrl).host }
      return page.render((frame) => PayPage({ frame, ...props }))
    },
    back: () => "/credits",
  })
  site.post("/credits/orders/:order/payment", {
    form: button("Pay"),
    load(page, { order: publicId }: { order: string }) {
      const known = billing.order(page.session.userId, publicId)
      ensure(known, "not_found", "There is no such order. Your credits are under Credits.")
      return known
    },
    async act(page, _, { publicId }) {
      const order = await billing.recharges.payNow(page.ctx("pays a recharge"), buyerOf(page), publicId)
      if (order.payUrl === null) return { to: orderPath(order) }
      const props = { location: order.payUrl, host: new URL(order.payUrl).host }
      return page.render((frame) => PayPage({ frame, ...props }))
    },
    back: orderPath,
  })
  site.get("/credits/orders/:order", async (page, { order: publicId }) => {
    const known = billing.order(page.session.userId, publicId)
    ensure(known, "not_found", "There is no such order. Your credits are under Credits.")
    const order = await billing.refresh(known)
    const isBack = new URL(page.request.url).searchParams.has("paid")
    const props = {
      order: {
        id: order.publicId,
        name: order.packageName,
        price: order.priceNano,
        bonus: order.bonusNano,
        state: order.state === "open" && isBack ? ("waiting" as const) : order.state,
        payUrl: order.payUrl,
        transactionId: order.transactionId,
        ...orderBack(deps, order.publicId),
        recharge: rechargeOrderOf(billing, order),
      },
      balance: ledger.wallet(page.owner, "live").spendableNano,
    }
    return page.render((frame) => OrderPage({ frame, ...props }))
  })
}

function rechargeOrderOf({ recharges }: ConsoleDeps["billing"], order: Order): RechargeOrder | null {
  const detail = order.kind === "recharge" ? recharges.detail(order) : null
  if (detail === null) return null
  const { card, trouble } = detail
  return { card: cardName(card), trouble, isPayable: order.payUrl === null && isPayable(order, trouble) }
}

/** What is on sale; nothing where no processor is set, or nothing is sold. */
export function buyOf({ billing }: Pick<Deps, "billing">): BuyProps | undefined {
  if (!billing.isOn) return undefined
  const packages = billing
    .packages()
    .filter(({ active }) => active)
    .map(({ slug, name, priceNano, bonusNano, bonusDays }) => ({
      slug,
      name,
      price: priceNano,
      credits: priceNano,
      bonus: bonusNano,
      bonusDays,
    }))
  if (packages.length === 0) return undefined
  return { packages, formKey: randomSecret(18), isTest: billing.isTest }
}
