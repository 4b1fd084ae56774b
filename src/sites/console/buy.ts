// Buying credits: the button of a package, and the page that people come back to from paying.
import { type BuyProps, type PackageCard, PayPage } from "../../../views/console/credits/buy.tsx"
import { OrderPage } from "../../../views/console/credits/order.tsx"
import { ensure, randomSecret } from "../../app/index.ts"
import { type Billing, type Order, operatorEmail } from "../../billing/index.ts"
import { field, form } from "../../http/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "billing" | "ledger" | "settings">

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
      },
      balance: ledger.wallet(page.owner, "live").spendableNano,
    }
    return page.render((frame) => OrderPage({ frame, ...props }))
  })
}

/** What is on sale; who to ask where nothing can be paid for here. */
export function buyOf({ billing, settings }: Pick<Deps, "billing" | "settings">): BuyProps | undefined {
  const packages = packageCards(billing)
  if (billing.isOn && packages.length === 0) return undefined
  return {
    packages: billing.isOn ? packages : [],
    formKey: randomSecret(18),
    isTest: billing.isTest,
    askAt: billing.isOn ? null : { email: operatorEmail(settings) || null },
  }
}

/** Packages on sale. */
export const packageCards = ({ packages }: Pick<Billing, "packages">): PackageCard[] =>
  packages()
    .filter(({ active }) => active)
    .map(({ slug, name, priceNano, bonusNano, bonusDays }) => ({
      slug,
      name,
      price: priceNano,
      credits: priceNano,
      bonus: bonusNano,
      bonusDays,
    }))
