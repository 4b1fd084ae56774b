// Money that goes back: refunds whole and in part, such as fail, disputes lost and won, warnings; before and after the credits are spent.
import { DAY_MS, nano } from "../../../src/app/index.ts"
import { principal } from "../../../src/ledger/index.ts"
import { CTX } from "../../build.ts"
import type { Charge, Dispute, Refund, Session } from "../../fakes/stripe/index.ts"
import type { Flow, Scene } from "./kit.ts"
import { CARD, PLUS, PLUS_RECEIPT } from "./purchases.ts"

const FRAUD_CARD = "4000000000005423"
const PAID = 25_000_000_000
const DOLLAR = 1_000_000_000

const bought = async (scene: Scene) => void (await scene.buy())
const pay =
  (card = CARD) =>
  (scene: Scene) =>
    scene.stripe.pay(scene.orders.at(-1)!.sessionId!, { with: card })
/** Paid, and the house was told. */
async function paid(scene: Scene): Promise<void> {
  await scene.buy()
  pay()(scene)
  await scene.stripe.webhooks.idle()
}

/** Of the first thing that was bought. */
function chargeOf({ stripe, orders }: Scene): Charge {
  const { payment_intent } = stripe.world.find<Session>("checkout.session", orders[0]!.sessionId!)
  return stripe.world.all<Charge>("charge").find((one) => one.payment_intent === payment_intent && one.paid)!
}
const refund = (cents?: number) => (scene: Scene) => scene.stripe.refund(chargeOf(scene).id, cents)
const last = <T extends Refund | Dispute>({ stripe }: Scene, kind: T["object"], charge: string): T =>
  stripe.world.all<T>(kind).findLast((one) => one.charge === charge)!
const failRefund = (scene: Scene) => scene.stripe.failRefund(last<Refund>(scene, "refund", chargeOf(scene).id).id)
const dispute = (scene: Scene) => scene.stripe.dispute(chargeOf(scene).id)
const close = (isWon: boolean) => (scene: Scene) =>
  scene.stripe.closeDispute(last<Dispute>(scene, "dispute", chargeOf(scene).id).id, isWon)

let calls = 0
/** By a call: so much is left. */
const spent = (leftNano: number) => async (scene: Scene) => {
  await paid(scene)
  const { app } = scene.shop.server
  const owner = principal(scene.person.id)
  const callId = `req_spent_${scene.person.id}_${++calls}`
  await app.store.write(CTX, (tx) => {
    const amountNano = nano(app.ledger.walletIn(tx, owner, "live").balanceNano - leftNano)
    const lease = { scope: "llm", leaseMs: 60_000, inputCostNano: nano(0) }
    const hold = app.ledger.holdIn(tx, { owner, mode: "live", amountNano, callId, ...lease })
    const charge = { totalNano: amountNano, upstreamNano: amountNano, developerNano: nano(0), platformNano: nano(0) }
    app.ledger.settleIn(tx, { hold, charge, developer: null })
  })
}
/** By an admin of the house. */
const refundHere = (amountNano: number | null) => async (scene: Scene) => {
  const paymentKey = `order:${scene.orders[0]!.publicId}`
  const input = { paymentKey, amountNano: amountNano === null ? null : nano(amountNano), reason: "Asked for" }
  await scene.shop.server.app.billing.refunds.refund(CTX, { ...input, key: `${paymentKey}-${amountNano}` })
}

export const MONEY_BACK: Flow[] = [
  {
    name: "paid, refunded",
    before: bought,
    acts: [{ do: pay() }, { afterMs: DAY_MS, do: refund() }],
    left: { balance: 0, orders: ["plus paid"], mails: [PLUS_RECEIPT, "You get $25.00 back"] },
  },
  {
    name: "refunded in three parts",
    before: paid,
    acts: [{ do: refund(1_000) }, { do: refund(1) }, { afterMs: DAY_MS, do: refund() }],
    left: {
      balance: 0,
      mails: [PLUS_RECEIPT, "You get $0.01 back", "You get $10.00 back", "You get $14.99 back"],
    },
  },
  {
    name: "a part refunded",
    before: paid,
    acts: [{ do: refund(1_000) }],
    left: { balance: 15 * DOLLAR + 750_000_000, mails: [PLUS_RECEIPT, "You get $10.00 back"] },
  },
  {
    name: "refunded by an admin, in part and then the rest",
    before: paid,
    acts: [{ do: refundHere(10 * DOLLAR) }, { do: refundHere(null) }],
    left: { balance: 0, mails: [PLUS_RECEIPT, "You get $10.00 back", "You get $15.00 back"] },
  },
  {
    name: "a refund that the bank could not pay out",
    before: paid,
    acts: [{ do: refund() }, { afterMs: 3 * DAY_MS, do: failRefund }],
    left: { balance: PLUS },
    mayLeaveOutMails: true,
    mayTakeAnotherRoad: true,
    mayKeepPapers: true,
  },
  {
    name: "refunded when half is spent",
    before: spent(12 * DOLLAR),
    acts: [{ do: refund() }],
    left: {},
  },
  {
    name: "refunded when half is spent, then bought again",
    before: spent(12 * DOLLAR),
    acts: [{ do: refund() }, { do: async (scene) => void (await scene.buy("large")) }, { do: pay() }],
    left: {},
    mayTakeAnotherRoad: true,
  },
  {
    name: "a dispute that is lost",
    before: bought,
    acts: [{ do: pay() }, { afterMs: DAY_MS, do: dispute }, { afterMs: 2 * DAY_MS, do: close(false) }],
    left: { balance: 0 },
    mayLeaveOutMails: true,
  },
  {
    name: "a dispute that is won",
    before: paid,
    acts: [{ do: dispute }, { afterMs: 2 * DAY_MS, do: close(true) }],
    left: { balance: PLUS },
    mayLeaveOutMails: true,
    mayTakeAnotherRoad: true,
  },
  {
    name: "a dispute over what a refund left",
    before: paid,
    acts: [{ do: refund(1_000) }, { do: dispute }, { afterMs: 2 * DAY_MS, do: close(false) }],
    left: { balance: 0 },
    mayLeaveOutMails: true,
  },
  {
    name: "a warning of fraud, and the operator gives the money back",
    before: bought,
    acts: [{ do: pay(FRAUD_CARD) }, { afterMs: DAY_MS, do: refund() }],
    left: { balance: 0 },
    mayLeaveOutMails: true,
  },
  {
    name: "a dispute when all is spent",
    before: spent(0),
    acts: [{ do: dispute }, { afterMs: 2 * DAY_MS, do: close(false) }],
    left: { balance: 0, accounts: { debt: -PAID } },
    mayLeaveOutMails: true,
  },
]
