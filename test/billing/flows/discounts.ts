// Purchases with a coupon.
import { DAY_MS, HOUR_MS, MINUTE_MS, nano, randomSecret } from "../../../src/app/index.ts"
import type { NewCoupon } from "../../../src/billing/index.ts"
import { CTX } from "../../build.ts"
import type { Session } from "../../fakes/stripe/index.ts"
import type { Flow, Scene } from "./kit.ts"
import { CARD, PLUS } from "./purchases.ts"

const FIFTH_OFF: NewCoupon = {
  code: "",
  kind: "percent",
  amountNano: nano(0),
  creditDays: null,
  percent: 20,
  planCode: null,
  note: "",
  maxUses: 1,
  perPerson: 1,
  minimumNano: nano(0),
  onlyFor: [],
  expiresMs: null,
}

async function withCoupon({ shop, person, orders }: Scene): Promise<void> {
  const { app } = shop.server
  const { code } = await app.store.write(CTX, (tx) => app.billing.coupons.createIn(tx, FIFTH_OFF))
  const input = { buyer: person, slug: "plus", key: randomSecret(9), coupon: { code, ip: "203.0.113.7" } }
  orders.push(await app.billing.buy(CTX, input))
}
const pay = (card: string) => (scene: Scene) => scene.stripe.pay(scene.orders.at(-1)!.sessionId!, { with: card })
function refuse({ stripe, orders }: Scene): void {
  const session = stripe.world.find<Session>("checkout.session", orders[0]!.sessionId!)
  stripe.settle(session.payment_intent!, false)
}

export const DISCOUNTS: Flow[] = [
  {
    name: "paid with a fifth off",
    before: withCoupon,
    acts: [{ do: pay(CARD) }],
    left: { balance: PLUS, coupons: ['{"state":"redeemed","cost":5000000000}'], mails: ["Receipt: $20.00 for Plus"] },
  },
  {
    name: "a fifth off, and a bank that says no",
    before: withCoupon,
    acts: [{ do: pay("bank") }, { afterMs: 3 * DAY_MS, do: refuse }],
    left: { balance: 0, coupons: ['{"state":"released","cost":5000000000}'], mails: [] },
  },
  {
    name: "a fifth off, and nobody pays",
    before: withCoupon,
    acts: [{ afterMs: HOUR_MS + MINUTE_MS }],
    left: { balance: 0, coupons: ['{"state":"released","cost":5000000000}'], mails: [] },
  },
]
