// What is paid for with money: purchases with something on top, months of a plan, and what goes back of a purchase. Part of the naive model.
import { type Books, least } from "./books.ts"
import { clawBack, freezeLot, restoreClaw, settleDispute, thawLot } from "./claws.ts"
import { breakDue, grant } from "./credits.ts"
import type { PlanTerms } from "./plan-terms.ts"
import { atomically, monthsLater, plansOf } from "./plans.ts"

export interface Purchase {
  key: string
  wallet: string
  price: number
  bonus: number
  bonusUntil: number | null
  /** Quarters of it that went back. */
  back: number
  /** Of the dispute that is open. */
  dispute: string | null
}

export interface Subscriber {
  user: number
  plan: string
  anchor: number
  /** Of the period that is paid. */
  count: number
  from: number
  to: number
  /** What a whole month of the plan gave when it was paid for. */
  monthly: number
}

interface Payments {
  purchases: Purchase[]
  subscribers: Subscriber[]
  /** Keys of invoices that gave their credits. */
  paid: string[]
}

export function paymentsOf(books: Books): Payments {
  books.parts.payments ??= { purchases: [], subscribers: [], paid: [] } satisfies Payments
  return books.parts.payments as Payments
}

export const lotsUnder = (books: Books, key: string) =>
  books.lots
    .filter((lot) => lot.key === key || lot.key.startsWith(`${key}:`))
    .map((lot) => ({ key: lot.key, paid: lot.paid ? 1 : 0, grantedNano: Number(lot.granted) }))

export const purchase = (books: Books, ask: Purchase, now: number) =>
  atomically(books, () => {
    const { key, wallet, price, bonus, bonusUntil } = ask
    const known = paymentsOf(books).purchases.some((one) => one.key === key)
    grant(books, { wallet, type: "topup", bucket: "purchase", amount: price, paid: true, key }, now)
    const extra = { type: "bonus", bucket: "bonus", amount: bonus, paid: false, until: bonusUntil }
    if (bonus > 0) grant(books, { wallet, ...extra, key: `${key}:bonus` }, now)
    if (!known) paymentsOf(books).purchases.push({ ...ask })
    return {}
  })

/** What goes back of each lot with so many quarters of the money more: counted from the whole, so that the parts add up. */
export const partsOf = (books: Books, { key, back }: Purchase, quarters: number) =>
  lotsUnder(books, key).flatMap(({ key: lotKey, paid, grantedNano }) => {
    const upTo = (count: number) => Number((BigInt(grantedNano) * BigInt(count)) / 4n)
    const amount = upTo(back + quarters) - upTo(back)
    return amount > 0 ? [{ lotKey, amount, isPaid: paid === 1, suffix: lotKey.slice(key.length) }] : []
  })

const purchaseBy = (books: Books, key: string): Purchase => paymentsOf(books).purchases.find((one) => one.key === key)!

export const refundPayment = (books: Books, key: string, quarters: number, refund: string, now: number) =>
  atomically(books, () => {
    const one = purchaseBy(books, key)
    for (const { lotKey, amount, isPaid, suffix } of partsOf(books, one, quarters))
      clawBack(books, { lotKey, amount, through: isPaid ? "cash" : "promo", key: `${refund}${suffix}` }, now)
    one.back += quarters
    return {}
  })

/** A bank asks and takes all that is left: what remains is frozen, then taken. */
export const dispute = (books: Books, key: string, name: string, now: number) =>
  atomically(books, () => {
    const one = purchaseBy(books, key)
    for (const { lotKey, suffix } of partsOf(books, one, 4 - one.back))
      freezeLot(books, lotKey, `${name}:freeze${suffix}`, now)
    for (const { lotKey, amount, isPaid, suffix } of partsOf(books, one, 4 - one.back))
      clawBack(books, { lotKey, amount, through: isPaid ? "disputes" : "promo", key: `${name}${suffix}` }, now)
    one.dispute = name
    return {}
  })

export const closeDispute = (books: Books, key: string, isWon: boolean, now: number) =>
  atomically(books, () => {
    const one = purchaseBy(books, key)
    const name = one.dispute!
    for (const { isPaid, suffix } of partsOf(books, one, 4 - one.back)) {
      if (isWon) restoreClaw(books, `${name}${suffix}`, `${name}:back${suffix}`, now)
      else if (isPaid) settleDispute(books, `${name}${suffix}`, `${name}:lost${suffix}`, now)
      thawLot(books, `${name}:freeze${suffix}`, `${name}:thaw${suffix}`, now)
    }
    one.dispute = null
    if (!isWon) one.back = 4
    return {}
  })

export interface PlanInvoice {
  key: string
  user: number
  plan: string
  /** Of the month that it is for. */
  count: number
  anchor: number
  from: number
  to: number
  /** The part of the price that it pays for. */
  cents: number
  priceCents: number
  /** The plan whose rest is given back, and how much of its price. */
  back: { plan: string; cents: number; priceCents: number } | null
  /** n$ that were paid. */
  net: number
}

/** The terms of before that very moment. */
const termsAt = (books: Books, code: string, start: number): PlanTerms =>
  plansOf(books)
    .plans.find((one) => one.code === code)!
    .history.findLast((was) => was.since < start)!

const part = (whole: number, cents: number, of: number): bigint => (BigInt(whole) * BigInt(cents)) / BigInt(of)

export const payPlan = (books: Books, invoice: PlanInvoice, now: number) =>
  atomically(books, () => {
    const state = paymentsOf(books)
    if (state.paid.includes(invoice.key)) return {}
    const { user, plan, anchor, count, from, to, key, back } = invoice
    const terms = termsAt(books, plan, from)
    const before = state.subscribers.find((one) => one.user === user)
    const wallet = `live ${user}`
    breakDue(books, wallet, books.lotsOf(wallet), now)
    const given = part(terms.monthly, invoice.cents, invoice.priceCents)
    const taken = back ? part(before!.monthly, back.cents, back.priceCents) : 0n
    const all = given > taken ? given - taken : 0n
    const paid = least(all, BigInt(Math.max(0, invoice.net)))
    const lifetimeMs = monthsLater(anchor, count + terms.rolloverPeriods) - to
    for (const [suffix, amount] of [
      ["", paid],
      [":gift", all - paid],
    ] as const) {
      if (amount === 0n) continue
      const max = (BigInt(terms.rolloverMax) * amount) / all
      const cap = terms.rolloverCap === null ? null : BigInt(terms.rolloverCap)
      const rollover = max > 0n ? { max, cap, lifetimeMs } : null
      const common = { wallet, type: "subscription", bucket: "subscription", from, until: to, rollover }
      grant(books, { ...common, amount: Number(amount), paid: suffix === "", key: `${key}${suffix}` }, now)
    }
    state.paid.push(key)
    const after = {
      user,
      plan,
      anchor,
      count,
      from: before?.to === to ? before.from : from,
      to,
      monthly: terms.monthly,
    }
    state.subscribers = [...state.subscribers.filter((one) => one.user !== user), after]
    return {}
  })
