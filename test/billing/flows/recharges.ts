// Recharges by a saved card: charged, charged with the answer lost, declined and paid by its person, confirmed by its person.
import { credits, nano, randomSecret } from "../../../src/app/index.ts"
import { CTX } from "../../build.ts"
import type { Flow, Scene } from "./kit.ts"

const CARD = "4242424242424242"
const FAILS_LATER = "4000000000000341"
const ASKS = "4000002760003184"
const TERMS = { belowNano: credits(100), amountNano: nano(10_000_000_000), monthNano: nano(20_000_000_000) }
const TEN = 10_000_000_000
const LEFT = credits(50) as number

const ready =
  (card: string) =>
  async ({ shop, stripe, person }: Scene) => {
    const { billing, store, ledger } = shop.server.app
    const { recharges } = billing
    const sessionId = (await recharges.beginCard(CTX, person, randomSecret(9))).split("/").at(-1)!
    stripe.pay(sessionId, { with: card, authenticated: true })
    await recharges.saveCard(CTX, person.id, sessionId)
    const to = { owner: { kind: "principal", id: person.id }, mode: "live" } as const
    const bonus = { ...to, type: "bonus", bucket: "bonus", paid: false, key: `some:${person.publicId}` } as const
    await store.write(CTX, (tx) => void ledger.grantIn(tx, { ...bonus, amountNano: credits(200) }))
    await recharges.turnOn(CTX, person.id, TERMS)
  }

/** The credits run low, and what follows is done. */
async function low(scene: Scene): Promise<void> {
  const { shop, person } = scene
  const { billing, store, ledger, outbox } = shop.server.app
  const to = { owner: { kind: "principal", id: person.id }, mode: "live" } as const
  const less = { ...to, amountNano: nano(-credits(150)), key: `low:${person.publicId}` }
  await store.write(CTX, (tx) => void ledger.adjustIn(tx, less))
  await store.write(CTX, () => {})
  await outbox.flush()
  scene.orders.push(billing.ordersOf(person.id, 1)[0]!)
}

async function unheard(scene: Scene): Promise<void> {
  scene.stripe.trouble({ on: /POST .*payment_intents/, loseAnswer: true, times: 3 })
  await low(scene)
  scene.stripe.calm()
}

async function pay({ shop, stripe, person, orders }: Scene): Promise<void> {
  const page = await shop.server.app.billing.recharges.payNow(CTX, person, orders[0]!.publicId)
  stripe.pay(page.sessionId!, { with: CARD })
}

const CHARGED = "Purser bought credits for $10.00"
const DECLINED = "Your card was declined by its bank"
const ASKED = "Your bank asks you to confirm $10.00"
const RECEIPT = "Receipt: $10.00 for credits"
const paid = { balance: LEFT + TEN, orders: [" paid"] }

export const RECHARGES: Flow[] = [
  { name: "a recharge", before: ready(CARD), acts: [{ do: low }], left: { ...paid, mails: [CHARGED] } },
  {
    name: "a recharge whose answer was lost",
    before: ready(CARD),
    acts: [{ do: unheard }],
    left: { ...paid, mails: [CHARGED] },
  },
  {
    name: "a recharge that is declined",
    before: ready(FAILS_LATER),
    acts: [{ do: low }],
    left: { balance: LEFT, orders: [" failed"], mails: [DECLINED] },
  },
  {
    name: "a recharge that is declined, and paid by its person",
    before: ready(FAILS_LATER),
    acts: [{ do: low }, { do: pay }],
    left: { ...paid, mails: [RECEIPT, DECLINED] },
  },
  {
    name: "a recharge that its bank wants to be confirmed, and is",
    before: ready(ASKS),
    acts: [{ do: low }, { do: pay }],
    left: { ...paid, mails: [RECEIPT, ASKED] },
  },
]
