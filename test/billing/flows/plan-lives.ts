// Plans: subscribed to, renewed, changed, not paid, ended.
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/app/index.ts"
import { CTX } from "../../build.ts"
import type { Session, Subscription } from "../../fakes/stripe/index.ts"
import type { Flow, Scene } from "./kit.ts"
import { CARD } from "./purchases.ts"

/** It pays once, on the page; later, without its owner, it does not. */
const FAILS_LATER = "4000000000000341"
/** $30 a month for credits worth $30. */
const STARTER = 30_000_000_000
/** From June, 1, to July, 1, and until the invoice is no draft any more. */
const MONTH_MS = 30 * DAY_MS
const DRAFT_MS = HOUR_MS + MINUTE_MS

const subscribed =
  (plan: string, months: 1 | 12 = 1, choice: "credits" | "byok" = "credits") =>
  async (scene: Scene) =>
    void (await scene.subscribe(plan, months, choice))
const pay = (card: string) => (scene: Scene) => scene.stripe.pay(scene.signup!.sessionId!, { with: card })

const subscriptionOf = ({ stripe, signup }: Scene): Subscription => {
  const session = stripe.world.find<Session>("checkout.session", signup!.sessionId!)
  return stripe.world.find<Subscription>("subscription", session.subscription!)
}
/** Paid, and everybody told: what follows is about what comes after. */
const running =
  (plan: string, months: 1 | 12 = 1, card = CARD) =>
  async (scene: Scene) => {
    await scene.subscribe(plan, months)
    scene.stripe.pay(scene.signup!.sessionId!, { with: card })
    await scene.stripe.webhooks.idle()
  }
const plansOf = ({ shop }: Scene) => shop.server.app.billing.plans
const change = (planCode: string, months: 1 | 12) => async (scene: Scene) => {
  const seen = await plansOf(scene).preview(scene.person.id, { planCode, months })
  await plansOf(scene).change(CTX, { buyer: scene.person, planCode, months, key: `to-${planCode}`, seen })
}
const end = (scene: Scene) => plansOf(scene).end(CTX, scene.person, "end")
const resume = (scene: Scene) => plansOf(scene).resume(CTX, scene.person, "resume")

/** In the portal of the processor: another card. */
async function newCard(scene: Scene): Promise<void> {
  const { stripe } = scene
  const { customer } = subscriptionOf(scene)
  const ask = async (path: string, form: Record<string, string>) => {
    const headers = { authorization: `Bearer ${scene.shop.secretKey}` }
    const body = new URLSearchParams(form)
    const answer = await stripe.fetch(
      new Request(`${scene.shop.stripeOrigin}${path}`, { method: "POST", headers, body }),
    )
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
    return (await answer.json()) as { id: string }
  }
  const method = await ask("/v1/payment_methods/pm_card_visa/attach", { customer })
  await ask(`/v1/subscriptions/${subscriptionOf(scene).id}`, { default_payment_method: method.id })
}

export const PLANS: Flow[] = [
  {
    name: "a plan for a month",
    before: subscribed("starter"),
    acts: [{ do: pay(CARD) }],
    left: {
      balance: STARTER,
      transactions: [`subscription ${STARTER}`],
      mails: ["Receipt: $30.00 for your plan Starter"],
    },
  },
  {
    name: "a plan for a year",
    before: subscribed("starter", 12),
    acts: [{ do: pay(CARD) }],
    left: { balance: 12 * STARTER, mails: ["Receipt: $300.00 for your plan Starter"] },
  },
  {
    name: "refused, then paid by another card",
    before: subscribed("professional", 1, "byok"),
    acts: [{ do: pay("4000000000000002") }, { do: pay(CARD) }],
    left: { balance: 0 },
  },
  {
    name: "nobody pays for a plan",
    before: subscribed("starter"),
    acts: [{ afterMs: DAY_MS + MINUTE_MS }],
    left: { balance: 0, invoices: [], subscriptions: [], mails: [] },
  },
  {
    name: "a dearer plan at once, then renewed",
    before: running("starter"),
    acts: [{ afterMs: 10 * DAY_MS, do: change("professional", 1) }, { afterMs: 20 * DAY_MS }, { afterMs: DRAFT_MS }],
    left: {
      balance: 93_330_000_000,
      mails: [
        "Receipt: $13.33 for your plan Professional",
        "Receipt: $30.00 for your plan Starter",
        "Receipt: $50.00 for your plan Professional",
      ],
    },
  },
  {
    name: "a year in place of a month",
    before: running("starter"),
    acts: [{ afterMs: 10 * DAY_MS, do: change("starter", 12) }],
    left: { balance: STARTER + 340_000_000_000 },
  },
  {
    name: "ended, thought better of, ended again, over",
    before: running("starter"),
    acts: [{ do: end }, { afterMs: DAY_MS, do: resume }, { do: endAgain }, { afterMs: 29 * DAY_MS }],
    left: { balance: STARTER, mails: ["Receipt: $30.00 for your plan Starter", "Your plan Starter has ended"] },
    mayLeaveOutMails: true,
  },
]

export const RENEWALS: Flow[] = [
  {
    name: "a cheaper plan at the end of the period",
    before: running("professional"),
    acts: [{ afterMs: 3 * DAY_MS, do: change("starter", 1) }, { afterMs: 27 * DAY_MS }, { afterMs: DRAFT_MS }],
    left: { balance: 50_000_000_000 + STARTER },
  },
  {
    name: "subscribed and renewed",
    before: subscribed("starter"),
    acts: [{ do: pay(CARD) }, { afterMs: MONTH_MS }, { afterMs: DRAFT_MS }],
    left: {
      balance: 2 * STARTER,
      transactions: ["subscription 0", `subscription ${STARTER}`, `subscription ${STARTER}`],
    },
  },
  {
    name: "a renewal that fails, and is paid by another card after three days",
    before: running("starter", 1, FAILS_LATER),
    acts: [{ afterMs: MONTH_MS }, { afterMs: DRAFT_MS }, { afterMs: DAY_MS, do: newCard }, { afterMs: 2 * DAY_MS }],
    left: {
      balance: 2 * STARTER,
      mails: [
        "Receipt: $30.00 for your plan Starter",
        "Receipt: $30.00 for your plan Starter",
        "The payment for your plan Starter failed",
      ],
    },
    mayLeaveOutMails: true,
  },
  {
    name: "a renewal that is never paid",
    before: running("starter", 1, FAILS_LATER),
    acts: [
      { afterMs: MONTH_MS },
      { afterMs: DRAFT_MS },
      { afterMs: 3 * DAY_MS },
      { afterMs: 2 * DAY_MS },
      { afterMs: 2 * DAY_MS },
    ],
    left: {
      balance: STARTER,
      mails: [
        "Receipt: $30.00 for your plan Starter",
        "The payment for your plan Starter failed",
        "Your plan Starter has ended",
      ],
    },
    mayLeaveOutMails: true,
  },
]

async function endAgain(scene: Scene): Promise<void> {
  await plansOf(scene).end(CTX, scene.person, "end again")
}
