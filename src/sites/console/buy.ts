// Buying credits: the button of a package, and the page that people come back to from paying.
import { type BuyProps, type PackageCard, PayPage } from "../../../views/console/credits/buy.tsx"
import { OrderPage } from "../../../views/console/credits/order.tsx"
import type { RechargeOrder } from "../../../views/console/credits/recharge-order.tsx"
import type { CreditsSections } from "../../../views/console/credits/sections.tsx"
import { ensure, randomSecret } from "../../app/index.ts"
import {
  type Billing,
  type Coupon,
  type Coupons,
  cardName,
  isDiscount,
  isPayable,
  type Order,
  operatorEmail,
} from "../../billing/index.ts"
import { button, field, form } from "../../http/index.ts"
import type { PageRequest } from "../base/index.ts"
import { orderBack } from "./back.ts"
import { buyerOf } from "./cards.ts"
import { CODE_CHARS_MAX, CODE_FORM, heldCodes, lookedUp, ON_CREDITS, redeemerOf, withError } from "./coupon-code.ts"
import { offWords } from "./coupon-words.ts"
import { cameFrom } from "./for-app.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "billing" | "ledger" | "settings" | "web" | "oauth">

const BUY_FORM = form(
  { key: field.formKey(), coupon: field.hidden({ label: "Coupon", optional: true }) },
  { submit: "Buy" },
)
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
    async act(page, { key, coupon: code }, { slug }) {
      const buyer = buyerOf(page)
      const coupon = code === "" || page.isTeam ? undefined : { code, ip: redeemerOf(page).ip }
      const order = await billing.buy(page.ctx("bought credits"), { buyer, slug, key, coupon })
      if (order.payUrl === null) return { to: orderPath(order) }
      const props = { location: order.payUrl, host: new URL(order.payUrl).host }
      return page.render((frame) => PayPage({ frame, ...props }))
    },
    back: () => "/credits",
  })
  orderActs(site, deps)
  site.get("/credits/orders/:order", async (page, { order: publicId }) => {
    const known = billing.order(page.holder.id, publicId)
    ensure(known, "not_found", "There is no such order. Your credits are under Credits.")
    const order = await billing.refresh(known)
    const use = order.discountNano > 0 ? billing.coupons.useOf(`order:${order.publicId}`) : null
    const isBack = new URL(page.request.url).searchParams.has("paid")
    const props = {
      order: {
        id: order.publicId,
        name: order.packageName,
        price: order.priceNano,
        bonus: order.bonusNano,
        discount: use ? { code: use.code, amount: order.discountNano } : undefined,
        state: order.state === "open" && isBack ? ("waiting" as const) : order.state,
        payUrl: order.payUrl,
        transactionId: order.transactionId,
        invoice: billing.invoices.ofOrder(order)?.number ?? null,
        ...orderBack(deps, order.publicId),
        recharge: rechargeOrderOf(billing, order),
      },
      balance: ledger.wallet(page.owner, "live").spendableNano,
      cameFrom: cameFrom(deps, page),
    }
    return page.render((frame) => OrderPage({ frame, ...props }))
  })
}

/** What its person may do about an order that is not paid. */
function orderActs(site: ConsoleSite, { billing }: Deps): void {
  const load = (page: PageRequest, { order: publicId }: { order: string }): Order => {
    const known = billing.order(page.holder.id, publicId)
    ensure(known, "not_found", "There is no such order. Your credits are under Credits.")
    return known
  }
  site.post("/credits/orders/:order/payment", {
    form: button("Pay"),
    load,
    async act(page, _, { publicId }) {
      const order = await billing.recharges.payNow(page.ctx("pays a recharge"), buyerOf(page), publicId)
      if (order.payUrl === null) return { to: orderPath(order) }
      const props = { location: order.payUrl, host: new URL(order.payUrl).host }
      return page.render((frame) => PayPage({ frame, ...props }))
    },
    back: orderPath,
  })
  site.post("/credits/orders/:order/end", {
    form: button("Give it up"),
    load,
    async act(page, _, { publicId }) {
      const order = await billing.giveUpOrder(page.ctx("gave an order up"), buyerOf(page), publicId)
      if (order.state !== "expired") return { to: orderPath(order), say: "It was paid a moment ago." }
      return { to: "/credits", say: "The order is given up, and nothing was charged." }
    },
    back: orderPath,
  })
}

function rechargeOrderOf({ recharges }: ConsoleDeps["billing"], order: Order): RechargeOrder | null {
  const detail = order.kind === "recharge" ? recharges.detail(order) : null
  if (detail === null) return null
  const { card, trouble } = detail
  return { card: cardName(card), trouble, isPayable: order.payUrl === null && isPayable(order, trouble) }
}

/** What is on sale, with a coupon; who to ask where nothing can be paid for here. */
export function buyOf(
  { billing, settings }: Pick<Deps, "billing" | "settings">,
  _: unknown,
  coupon: Coupon | null = null,
): BuyProps | undefined {
  const common = { formKey: randomSecret(18), isTest: billing.isTest }
  if (!billing.isOn) return { ...common, packages: [], askAt: { email: operatorEmail(settings) || null } }
  const packages = packageCards(billing, coupon)
  if (packages.length === 0) return undefined
  const shown = coupon ? { coupon: { code: coupon.code, off: offWords(coupon) } } : {}
  return { ...common, packages, askAt: null, ...shown }
}

/** Packages on sale, at the price with a coupon. */
export const packageCards = (
  billing: Pick<Billing, "packages" | "coupons">,
  coupon: Coupon | null = null,
): PackageCard[] =>
  billing
    .packages()
    .filter(({ active }) => active)
    .map(({ slug, name, priceNano, bonusNano, bonusDays }) => ({
      slug,
      name,
      price: priceNano,
      credits: priceNano,
      bonus: bonusNano,
      bonusDays,
      discount: coupon ? offOf(billing, coupon, { subject: `package:${slug}`, priceNano }) : undefined,
    }))
function offOf({ coupons }: Pick<Billing, "coupons">, coupon: Coupon, sold: Parameters<Coupons["offer"]>[1]) {
  const offer = coupons.offer(coupon, sold)
  return "discountNano" in offer ? offer.discountNano : undefined
}

/** /credits?coupon=: prices with the code; or the field for it, with what is wrong. */
export async function withCoupon(deps: ConsoleDeps, page: PageRequest, typed: string): Promise<CreditsSections> {
  const code = typed.trim().slice(0, CODE_CHARS_MAX)
  if (code === "") return {}
  const { coupon, refusal } = await lookedUp(deps, page, code)
  if (coupon && isDiscount(coupon)) return { buy: buyOf(deps, page, coupon) }
  const view = CODE_FORM.show({ action: ON_CREDITS, present: { code, key: randomSecret(18) } })
  return { coupon: { form: withError(view, refusal?.message ?? null), held: heldCodes(deps.billing, page) } }
}
