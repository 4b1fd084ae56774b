// Plans that are paid for: subscribed to, renewed, raised, lowered, ended, not paid.
import { DAY_MS, HOUR_MS, randomSecret } from "../../../src/app/index.ts"
import type { Signup } from "../../../src/billing/index.ts"
import type { User } from "../../../src/identity/index.ts"
import { CTX } from "../../build.ts"
import type { Subscription } from "../../fakes/stripe/index.ts"
import { SECRET_KEY, type Shop } from "../world.ts"
import type { Flow, Scene } from "./kit.ts"

export const CARD = "4242424242424242"
/** Charges of it fail later. */
const FAILS_LATER = "4000000000000341"
const usd = (dollars: number) => dollars * 1_000_000_000

export const signUp = (
  shop: Shop,
  buyer: User,
  planCode: string,
  months: 1 | 12 = 1,
  key = randomSecret(9),
): Promise<Signup> => shop.server.app.billing.plans.subscribe(CTX, { buyer, planCode, months, choice: null, key })

export async function subscribed(
  shop: Shop,
  buyer: User,
  planCode: string,
  months: 1 | 12 = 1,
  card = CARD,
): Promise<void> {
  const signup = await signUp(shop, buyer, planCode, months)
  shop.stripe.pay(signup.sessionId!, { with: card })
}

/** The person's newest subscription at the processor. */
export function atProcessor(shop: Shop, person: { id: number }): Subscription {
  const of = shop.stripe.world
    .all<Subscription>("subscription")
    .filter(({ customer }) => shop.personOf(customer) === person.id)
  return of.at(-1)!
}

/** Looked at, and confirmed. */
export async function move(shop: Shop, buyer: User, planCode: string, months: 1 | 12 = 1) {
  const { plans } = shop.server.app.billing
  const seen = await plans.preview(buyer.id, { planCode, months })
  return await plans.change(CTX, { buyer, planCode, months, key: randomSecret(9), seen })
}

const begin =
  (plan: string, months: 1 | 12 = 1, card = CARD) =>
  ({ shop, person }: Scene) =>
    subscribed(shop, person, plan, months, card)

/** As the operator, or the portal, asks the processor. */
export async function asked(shop: Shop, method: "POST" | "DELETE", path: string, sent: Record<string, string> = {}) {
  const answer = await shop.stripe.fetch(
    new Request(`${shop.stripe.world.options.origin}/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${SECRET_KEY}` },
      body: method === "POST" ? new URLSearchParams(sent) : null,
    }),
  )
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()) as Record<string, unknown>
}

const endNow = ({ shop, person }: Scene) => asked(shop, "DELETE", `subscriptions/${atProcessor(shop, person).id}`)
const endLater = ({ shop, person }: Scene) =>
  asked(shop, "POST", `subscriptions/${atProcessor(shop, person).id}`, { cancel_at_period_end: "true" })

async function after(scene: Scene): Promise<void> {
  if (atProcessor(scene.shop, scene.person).status !== "canceled") await endNow(scene)
}

const signups = new WeakMap<Scene, Signup>()

export const PLANS: Flow[] = [
  // First: in these months a refused payment is not tried again within the flow.
  {
    name: "not paid",
    before: begin("starter", 1, FAILS_LATER),
    acts: [{ afterMs: 31 * DAY_MS + 2 * HOUR_MS }],
    after,
    left: {
      balance: usd(30),
      mails: ["Receipt: $30.00 for your plan Starter", "The payment for your plan Starter failed"],
    },
  },
  {
    name: "subscribed",
    before: async (scene) => void signups.set(scene, await signUp(scene.shop, scene.person, "starter")),
    acts: [{ do: (scene) => scene.stripe.pay(signups.get(scene)!.sessionId!, { with: CARD }) }],
    after,
    left: {
      balance: usd(30),
      transactions: ["subscription 30000000000"],
      mails: ["Receipt: $30.00 for your plan Starter"],
    },
  },
  {
    name: "renewed",
    before: begin("pro"),
    acts: [{ afterMs: 31 * DAY_MS + 2 * HOUR_MS }],
    after,
    left: { transactions: [], mails: ["Receipt: $29.99 for your plan Pro", "Receipt: $29.99 for your plan Pro"] },
  },
  {
    name: "renewed, with credits",
    before: begin("starter"),
    acts: [{ afterMs: 31 * DAY_MS + 2 * HOUR_MS }],
    after,
    left: {
      balance: usd(60),
      mails: ["Receipt: $30.00 for your plan Starter", "Receipt: $30.00 for your plan Starter"],
    },
  },
  {
    name: "raised",
    before: begin("starter"),
    acts: [{ afterMs: 3 * DAY_MS, do: ({ shop, person }) => move(shop, person, "professional") }],
    after,
    left: { mails: ["Receipt: $18.06 for your plan Professional", "Receipt: $30.00 for your plan Starter"] },
  },
  {
    name: "raised, then ended by the portal",
    before: begin("basic"),
    acts: [{ do: ({ shop, person }) => move(shop, person, "pro") }, { do: endLater }, { afterMs: 31 * DAY_MS }],
    after,
    left: {
      mails: ["Receipt: $20.00 for your plan Pro", "Receipt: $9.99 for your plan Basic", "Your plan Pro has ended"],
    },
  },
  {
    name: "lowered",
    before: begin("professional"),
    acts: [{ do: ({ shop, person }) => move(shop, person, "starter") }, { afterMs: 31 * DAY_MS + 2 * HOUR_MS }],
    after,
    left: {
      balance: usd(80),
      mails: ["Receipt: $30.00 for your plan Starter", "Receipt: $50.00 for your plan Professional"],
    },
  },
]
