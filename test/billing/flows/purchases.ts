// Purchases: paid at once, paid in days, refused, left lying.
import { DAY_MS, MINUTE_MS } from "../../../src/app/index.ts"
import type { Flow, Scene } from "./kit.ts"

export const CARD = "4242424242424242"
const REFUSED_CARD = "4000000000000002"
/** "Plus": $25, and $1.25 on top. */
export const PLUS = 26_250_000_000
/** What whoever paid for it gets by mail. */
export const PLUS_RECEIPT = "Receipt: $25.00 for Plus"

const bought = async (scene: Scene) => void (await scene.buy())
const pay = (card: string) => (scene: Scene) => scene.stripe.pay(scene.orders.at(-1)!.sessionId!, { with: card })
const settle =
  (isPaid: boolean) =>
  ({ shop, stripe, orders }: Scene) => {
    const session = stripe.world.find<{
      id: string
      object: "checkout.session"
      created: number
      payment_intent: string
    }>("checkout.session", orders.at(-1)!.sessionId!)
    void shop
    stripe.settle(session.payment_intent, isPaid)
  }

export const PURCHASES: Flow[] = [
  {
    name: "paid by card",
    before: bought,
    acts: [{ do: pay(CARD) }],
    left: {
      balance: PLUS,
      orders: ["plus paid"],
      transactions: ["bonus 1250000000", "topup 25000000000"],
      mails: [PLUS_RECEIPT],
    },
  },
  {
    name: "refused, then paid by another card",
    before: bought,
    acts: [{ do: pay(REFUSED_CARD) }, { do: pay(CARD) }],
    left: { balance: PLUS, orders: ["plus paid"], mails: [PLUS_RECEIPT] },
  },
  {
    name: "a bank that says yes after days",
    before: bought,
    acts: [{ do: pay("bank") }, { afterMs: 3 * DAY_MS, do: settle(true) }],
    left: { balance: PLUS, orders: ["plus paid"], mails: [PLUS_RECEIPT] },
  },
  {
    name: "a bank that says no after days",
    before: bought,
    acts: [{ do: pay("bank") }, { afterMs: 3 * DAY_MS, do: settle(false) }],
    left: { balance: 0, orders: ["plus failed"], transactions: [], mails: [] },
  },
  {
    name: "nobody pays",
    before: bought,
    acts: [{ afterMs: DAY_MS + MINUTE_MS }],
    left: { balance: 0, orders: ["plus expired"], transactions: [], mails: [] },
  },
  {
    name: "two at once, the second paid first",
    before: async (scene) => {
      await scene.buy()
      await scene.buy("starter")
    },
    acts: [{ do: pay(CARD) }, { do: ({ stripe, orders }) => stripe.pay(orders[0]!.sessionId!, { with: CARD }) }],
    left: {
      balance: PLUS + 5_000_000_000,
      orders: ["plus paid", "starter paid"],
      mails: [PLUS_RECEIPT, "Receipt: $5.00 for Starter"],
    },
  },
]
