// What is paid for with money, as billing composes it of verbs of the ledger and of plans: purchases in two lots, their refunds and disputes over
// both lots at once, and months of plans that invoices pay for; each told twice now and then.
import { UserId } from "../../../src/app/index.ts"
import type { GrantInput } from "../../../src/ledger/index.ts"
import type { PaidLine } from "../../../src/plans/index.ts"
import type { Act, Operation, Scene } from "../act.ts"
import { DAY } from "../model/books.ts"
import * as model from "../model/payments.ts"
import { monthsLater } from "../model/plans.ts"
import { asNano, ownerOf } from "./people.ts"

/** They have nothing but what they pay for. */
const SUBSCRIBERS = [6, 7]
const PLANS: [code: string, id: number, cents: number][] = [
  ["pro", 3, 2_999],
  ["starter", 4, 3_000],
  ["enterprise", 6, 9_900],
]

function buy(scene: Scene): Act {
  const { random, books, now } = scene
  const known = random.oneIn(6) ? random.maybe(model.paymentsOf(books).purchases) : null
  const bonus = random.oneIn(2) ? 1 + random.int(200) : 0
  const ask: model.Purchase = known ?? {
    key: scene.key("order"),
    wallet: scene.wallet(),
    price: 1 + random.int(2_000),
    bonus,
    bonusUntil: random.oneIn(2) ? null : now + random.between(1, 4 * DAY),
    back: 0,
    dispute: null,
  }
  const common = ownerOf(ask.wallet)
  const paid = { type: "topup", bucket: "purchase", amountNano: asNano(ask.price), paid: true, key: ask.key } as const
  const extra = { type: "bonus", bucket: "bonus", amountNano: asNano(ask.bonus), paid: false } as const
  const grants: GrantInput[] = [
    { ...common, ...paid },
    ...(ask.bonus > 0 ? [{ ...common, ...extra, expiresMs: ask.bonusUntil, key: `${ask.key}:bonus` }] : []),
  ]
  // Told again: both lots are there.
  const isLate = ask.bonusUntil !== null && ask.bonusUntil <= now
  if (isLate) return buy(scene)
  return {
    text: `buy ${JSON.stringify(ask)}`,
    realIn({ ledger }, tx) {
      for (const grant of grants) ledger.grantIn(tx, grant)
      return {}
    },
    predict: (books_, at) => model.purchase(books_, ask, at),
  }
}

const somePurchase = (scene: Scene, fits: (one: model.Purchase) => boolean): model.Purchase | null =>
  scene.random.maybe(model.paymentsOf(scene.books).purchases.filter(fits).slice(-12)) ?? null

/** In whole quarters of the money. */
function refund(scene: Scene): Act | null {
  const one = somePurchase(scene, ({ back, dispute }) => back < 4 && dispute === null)
  if (!one) return null
  const quarters = scene.random.between(1, 4 - one.back)
  const name = scene.key("re")
  const parts = model.partsOf(scene.books, one, quarters)
  return {
    text: `refund ${quarters} quarters of ${one.key} as ${name}`,
    solo: true,
    realIn({ ledger }, tx) {
      for (const { lotKey, amount, isPaid, suffix } of parts) {
        const through = isPaid ? "cash" : "promo"
        ledger.clawBackIn(tx, { lotKey, amountNano: asNano(amount), through, key: `${name}${suffix}` })
      }
      return {}
    },
    predict: (books, now) => model.refundPayment(books, one.key, quarters, name, now),
  }
}

function dispute(scene: Scene): Act | null {
  const one = somePurchase(scene, ({ back, dispute: open }) => back < 4 && open === null)
  if (!one) return null
  const name = scene.key("du")
  const parts = model.partsOf(scene.books, one, 4 - one.back)
  return {
    text: `dispute ${one.key} as ${name}`,
    solo: true,
    realIn({ ledger }, tx) {
      for (const { lotKey, suffix } of parts) ledger.freezeLotIn(tx, { lotKey, key: `${name}:freeze${suffix}` })
      for (const { lotKey, amount, isPaid, suffix } of parts) {
        const through = isPaid ? "disputes" : "promo"
        ledger.clawBackIn(tx, { lotKey, amountNano: asNano(amount), through, key: `${name}${suffix}` })
      }
      return {}
    },
    predict: (books, now) => model.dispute(books, one.key, name, now),
  }
}

function close(scene: Scene): Act | null {
  const one = somePurchase(scene, ({ dispute: open }) => open !== null)
  if (!one) return null
  const name = one.dispute!
  const isWon = scene.random.oneIn(2)
  const parts = model.partsOf(scene.books, one, 4 - one.back)
  return {
    text: `the dispute ${name} is ${isWon ? "won" : "lost"}`,
    solo: true,
    realIn({ ledger }, tx) {
      for (const { isPaid, suffix } of parts) {
        const clawKey = `${name}${suffix}`
        if (isWon) ledger.restoreClawIn(tx, { clawKey, key: `${name}:back${suffix}` })
        else if (isPaid) ledger.settleDisputeIn(tx, { clawKey, key: `${name}:lost${suffix}` })
        ledger.thawLotIn(tx, { freezeKey: `${name}:freeze${suffix}`, key: `${name}:thaw${suffix}` })
      }
      return {}
    },
    predict: (books, now) => model.closeDispute(books, one.key, isWon, now),
  }
}

const lastInvoices = new WeakMap<object, model.PlanInvoice[]>()

/** A month that is due, a dearer plan for what is left of one, or an invoice that was told before. */
function payPlan(scene: Scene): Act | null {
  const { random, books, now } = scene
  const known = lastInvoices.get(books) ?? []
  lastInvoices.set(books, known)
  const again = random.oneIn(5)
    ? random.maybe(known.filter(({ key }) => model.paymentsOf(books).paid.includes(key)))
    : null
  const invoice = again ?? newInvoice(scene, random.pick(SUBSCRIBERS), now)
  if (!invoice) return null
  known.push(invoice)
  return payAct(invoice)
}

function newInvoice(scene: Scene, user: number, now: number): model.PlanInvoice | null {
  const { random, books } = scene
  const has = model.paymentsOf(books).subscribers.find((one) => one.user === user)
  const [code, , priceCents] = random.pick(PLANS)
  const key = `stripe:${scene.key("in")}:il_1`
  const net = random.oneIn(4) ? random.int(4_000) : 1_000_000
  const whole = { key, user, plan: code, cents: priceCents, priceCents, back: null, net }
  // A long time ago: a new subscription.
  if (!has || now > has.to + 5 * DAY) return { ...whole, anchor: now, count: 1, from: now, to: monthsLater(now, 1) }
  const { anchor, count, to } = has
  if (now >= to - DAY) {
    const next = { plan: has.plan, cents: priceOf(has.plan), priceCents: priceOf(has.plan) }
    return { ...whole, ...next, anchor, count: count + 1, from: to, to: monthsLater(anchor, count + 1) }
  }
  if (priceCents <= priceOf(has.plan) || now <= has.from) return null
  const left = (cents: number) => Math.round((cents * (to - now)) / (to - has.from))
  const back = { plan: has.plan, cents: left(priceOf(has.plan)), priceCents: priceOf(has.plan) }
  if (left(priceCents) === 0 || back.cents === 0) return null
  return { ...whole, cents: left(priceCents), back, anchor, count, from: now, to }
}

const priceOf = (plan: string): number => PLANS.find(([code]) => code === plan)![2]
const idOf = (plan: string): number => PLANS.find(([code]) => code === plan)![1]

function payAct(invoice: model.PlanInvoice): Act {
  const { user, plan, back, from, to, cents, priceCents, key, net, anchor } = invoice
  const subscription = `sub_${user}_${anchor}`
  const who = { id: UserId(user), publicId: `usr_${user}` }
  const line = (of: Pick<PaidLine, "key" | "planId" | "cents" | "priceCents" | "isBack">): PaidLine => ({
    ...of,
    months: 1,
    startMs: from,
    endMs: to,
  })
  const lines = [
    ...(back
      ? [
          line({
            cents: back.cents,
            priceCents: back.priceCents,
            key: `${key}:back`,
            planId: idOf(back.plan),
            isBack: true,
          }),
        ]
      : []),
    line({ key, planId: idOf(plan), cents, priceCents, isBack: false }),
  ]
  return {
    text: `an invoice of a plan ${JSON.stringify(invoice)}`,
    realIn({ plans }, tx) {
      const paid = { user: who, subscription, lines, netNano: asNano(net), anchorMs: anchor, choice: null }
      plans.payIn(tx, paid)
      plans.keepIn(tx, { user: who, subscription, nextPlanId: null, endsMs: null })
      return {}
    },
    predict: (books, now) => model.payPlan(books, invoice, now),
  }
}

export const PURCHASES: Operation[] = [
  { name: "buy", weight: 4, make: buy },
  { name: "refundPayment", weight: 1.5, make: refund },
  { name: "disputePayment", weight: 1, make: dispute },
  { name: "closeDispute", weight: 1, make: close },
]
export const PLAN_INVOICES: Operation[] = [{ name: "payPlan", weight: 2.5, make: payPlan }]
