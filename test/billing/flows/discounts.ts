// Purchases with a coupon, and what a saved card pays by itself.
import { credits, DAY_MS, HOUR_MS, MINUTE_MS, nano, randomSecret } from "../../../src/app/index.ts"
import type { NewCoupon } from "../../../src/billing/index.ts"
import { CTX, giveCredits, ownerOf } from "../../build.ts"
import type { PaymentIntent, Session } from "../../fakes/stripe/index.ts"
import type { Flow, Scene } from "./kit.ts"
import { CARD, PLUS } from "./purchases.ts"

const FAILS_LATER = "4000000000000341"
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

/** A card, the rule, and credits above its threshold. */
const recharging = (card: string) => async (scene: Scene) => {
  const { shop, person } = scene
  const { app } = shop.server
  await giveCredits(app, person, credits(3_000))
  const page = await app.billing.recharges.beginCard(CTX, person, randomSecret(9))
  shop.stripe.pay(page.split("/").at(-1)!, { with: card, authenticated: true })
  await shop.stripe.webhooks.idle()
  const terms = { belowNano: credits(2_000), amountNano: nano(10_000_000_000), monthNano: nano(25_000_000_000) }
  await app.billing.recharges.turnOn(CTX, person.id, terms)
}
async function spend({ shop, person }: Scene): Promise<void> {
  const { store, ledger, outbox, billing } = shop.server.app
  const input = { owner: ownerOf(person), mode: "live", balanceNano: credits(500), key: randomSecret(9) } as const
  await store.write(CTX, (tx) => void ledger.setBalanceIn(tx, input))
  let after: number | null = 0
  while (after !== null) after = await billing.recharges.lookAt(after, 100)
  await outbox.flush()
  const charged = shop.stripe.world.all<PaymentIntent>("payment_intent").at(-1)
  if (!charged?.customer || shop.personOf(charged.customer) !== person.id) throw new Error("nothing was charged")
}

export const DISCOUNTS: Flow[] = [
  {
    name: "paid with a fifth off",
    before: withCoupon,
    acts: [{ do: pay(CARD) }],
    left: { balance: PLUS, coupons: ['{"state":"redeemed","cost":5000000000}'] },
  },
  {
    name: "a fifth off, and a bank that says no",
    before: withCoupon,
    acts: [{ do: pay("bank") }, { afterMs: 3 * DAY_MS, do: refuse }],
    left: { balance: 0, coupons: ['{"state":"released","cost":5000000000}'] },
  },
  {
    name: "a fifth off, and nobody pays",
    before: withCoupon,
    acts: [{ afterMs: HOUR_MS + MINUTE_MS }],
    left: { balance: 0, coupons: ['{"state":"released","cost":5000000000}'] },
  },
]

export const RECHARGES: Flow[] = [
  {
    name: "a saved card pays by itself",
    before: recharging(CARD),
    acts: [{ do: spend }],
    left: { balance: credits(500) + 10_000_000_000 },
  },
  {
    name: "a saved card that is declined",
    before: recharging(FAILS_LATER),
    acts: [{ do: spend }],
    left: { balance: credits(500) },
  },
]
