// A year of random people: plans, trials, changes, overages, failed renewals, blocks and payouts, held step by step against a naive model that
// shares nothing with the rules but the words. To the nano-dollar, and the books prove.
import { expect, test } from "bun:test"
import { AppError, DAY_MS, HOUR_MS, nano, UserId } from "../../app/index.ts"
import { principal } from "../../ledger/index.ts"
import type { ProductPlan } from "../plans/index.ts"
import { cents } from "../plans/testing.ts"
import { COMMISSION, type Cycle, Model, OUT, PEOPLE, random } from "./model.testing.ts"
import { openSubscriptions, PUB } from "./testing.ts"

const codeOf = async (act: Promise<unknown>): Promise<string | null> => {
  try {
    await act
    return null
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}

async function year(seed: number): Promise<void> {
  const k = await openSubscriptions(Date.UTC(2026, 0, 31, 10, 30))
  const dice = random(seed)
  const model = new Model()
  const productId = await k.product("weather")
  const plans: ProductPlan[] = []
  const known = (plan: ProductPlan): void => {
    const { id, priceNano, cycle, trialDays } = plan.terms
    model.plans.set(plan.id, { rank: plan.rank, terms: { id, price: BigInt(priceNano), cycle, trial: trialDays } })
  }
  const add = async (price: number, cycle: Cycle, trialDays: number) => {
    const more = { priceNano: cents(price), cycle, trialDays, overageNano: nano(333_333) }
    plans.push(await k.plan(productId, `Plan ${plans.length}`, more))
    known(plans.at(-1)!)
  }
  for (const [price, cycle, trial] of [
    [0, "month", 0],
    [999, "month", 14],
    [500, "week", 0],
    [2_999, "month", 7],
    [9_900, "year", 0],
  ] as const)
    await add(price, cycle, trial)

  const compare = (what: string): void => {
    const real = model.subs.map(({ publicId }) => {
      const one = k.now(publicId)
      return [
        publicId,
        one.state,
        one.planId,
        one.termsId,
        one.anchorMs,
        one.periodStartMs,
        one.periodEndMs,
        one.nextPlanId,
        one.cancelledMs !== null,
      ]
    })
    const expected = model.subs.map((one) => [
      one.publicId,
      one.state,
      one.plan,
      one.terms.id,
      one.anchor,
      one.start,
      one.end,
      one.next,
      one.cancelled,
    ])
    expect([what, real]).toEqual([what, expected])
    expect([what, PEOPLE.map((who) => k.has(UserId(who)))]).toEqual([
      what,
      PEOPLE.map((who) => Number(model.paid.get(who))),
    ])
  }
  const maturity = { paidDays: 7, promoDays: 30 }
  let payouts = 0
  let overages = 0n
  let refunds = 0
  /** By bill: what of the commission went back, and what of all. */
  const shares = new Map<number, [bigint, bigint]>()

  const acts: Record<string, (who: number, now: number) => Promise<void>> = {
    async buy(who) {
      const amount = BigInt(dice.int(900)) * 10_000_000n + BigInt(1 + dice.int(9_999_999))
      await k.grant(UserId(who), nano(amount))
      model.paid.set(who, model.paid.get(who)! + amount)
    },
    async gift(who) {
      await k.grant(UserId(who), cents(1 + dice.int(5_000)), false)
    },
    async subscribe(who, now) {
      const plan = dice.pick(plans)
      const before = model.open(who)
      const code = await codeOf(k.subscribe(UserId(who), plan))
      if (before) expect(code).toBe("conflict")
      else {
        const made = k.subscriptions.openOf(UserId(who), productId)
        const went = model.subscribe(who, plan.id, made?.id ?? 0, made?.publicId ?? "", now)
        expect(code).toBe(went ? null : "insufficient_credits")
      }
    },
    async change(who, now) {
      const sub = model.open(who)
      if (!sub) return
      const plan = dice.pick(plans)
      const code = await codeOf(
        k.write((tx) =>
          k.subscriptions.changePlanIn(tx, { userId: UserId(who), subscription: sub.publicId, planId: plan.id }),
        ),
      )
      // A refusal takes back what time did in the same write.
      const before = structuredClone({ sub, paid: model.paid, gross: model.gross, commission: model.commission })
      const why = model.change(sub, plan.id, now)
      expect(code).toBe(why)
      if (why === null) return
      Object.assign(sub, before.sub)
      Object.assign(model, { paid: before.paid, gross: before.gross, commission: before.commission })
    },
    async cancel(who, now) {
      const sub = model.open(who)
      if (!sub) return
      await k.write((tx) => k.subscriptions.cancelIn(tx, { userId: UserId(who), subscription: sub.publicId }))
      model.step(sub, now)
      if (sub.state === "past_due") Object.assign(sub, { state: "ended", owed: null, next: null })
      else if (sub.state !== "ended" && !sub.cancelled) Object.assign(sub, { cancelled: true, next: null })
    },
    async resume(who) {
      const sub = model.open(who)
      if (!sub?.cancelled) return
      await k.write((tx) => k.subscriptions.resumeIn(tx, { userId: UserId(who), subscription: sub.publicId }))
      sub.cancelled = false
    },
    async pay(who, now) {
      const sub = model.open(who)
      if (sub?.state !== "past_due" || now >= sub.since + OUT) return
      await k.write((tx) => k.subscriptions.payNowIn(tx, { userId: UserId(who), subscription: sub.publicId }))
      model.retry(sub, now)
    },
    async ban(who) {
      const sub = model.open(who)
      if (!sub || sub.state === "past_due") return
      const by = { ownerId: PUB, subscription: sub.publicId }
      if (sub.state === "banned") {
        await k.write((tx) => k.subscriptions.unbanIn(tx, by))
        sub.state = sub.isTrial ? "trialing" : "active"
      } else {
        await k.write((tx) => k.subscriptions.banIn(tx, { ...by, reason: "" }))
        sub.state = "banned"
      }
    },
    async overage(who) {
      const sub = model.open(who)
      if (sub?.state !== "active") return
      const amount = 333_333n * BigInt(1 + dice.int(5))
      const commission = (amount * COMMISSION + 9_999n) / 10_000n
      const row = k.now(sub.publicId)
      const code = await codeOf(k.overage(row, Number(amount / 333_333n), nano(333_333), nano(commission)))
      const went = model.charge(who, amount)
      expect(code).toBe(went ? null : "insufficient_credits")
      if (went) overages += amount
    },
    // Of any payment there ever was, a part or all that is left; its publisher may have been paid already.
    async refund(who) {
      const paid = model.subs
        .filter((sub) => sub.who === who)
        .flatMap(({ publicId }) => k.subscriptions.billsOf(UserId(who), publicId))
        .filter(({ leftNano }) => leftNano > 0)
      if (paid.length === 0) return
      const bill = dice.pick(paid)
      const all = dice.int(2) === 0
      const amount = all ? BigInt(bill.leftNano) : 1n + BigInt(dice.int(Number(bill.leftNano)))
      const input = {
        bill,
        by: "publisher" as const,
        key: `refund ${++refunds}`,
        reason: "Asked",
        amountNano: all ? null : nano(amount),
      }
      const { commissionNano, earnedNano } = await k.write((tx) => k.subscriptions.refundBillIn(tx, input))
      expect(BigInt(commissionNano) + BigInt(earnedNano)).toBe(amount)
      const [share, was] = shares.get(bill.id) ?? [0n, 0n]
      shares.set(bill.id, [share + BigInt(commissionNano), was + amount])
      // Whole, each has back exactly what they gave; in parts, to less than a unit a part (a call of an overage is a part of its own).
      if (bill.kind !== "overage" && was + amount === BigInt(bill.amountNano))
        expect(share + BigInt(commissionNano)).toBe(BigInt(bill.commissionNano))
      model.paid.set(who, model.paid.get(who)! + amount)
      model.gross -= amount
      model.commission -= BigInt(commissionNano)
      model.refunded += amount
    },
    async terms() {
      const at = dice.int(plans.length)
      const priceNano = cents(dice.int(4) * 700 + (at === 4 ? 9_000 : 0))
      const { id: planId, terms } = plans[at]!
      const changed = k.write((tx) => k.plans.changePlanIn(tx, { planId, terms: { ...terms, priceNano } }))
      // Somebody begins it with their next period.
      const isKept =
        priceNano > terms.priceNano && model.subs.some(({ next, state }) => next === planId && state !== "ended")
      expect(await codeOf(changed)).toBe(isKept ? "validation_failed" : null)
      if (isKept) return
      plans[at] = await changed
      known(plans[at]!)
    },
    async payout() {
      await k.ledger.matureDue(maturity)
      const { payableNano } = k.ledger.earningsOf(principal(PUB), "live", maturity)
      if (payableNano <= 0) return
      const input = {
        owner: principal(PUB),
        mode: "live",
        amountNano: payableNano,
        minimumNano: nano(1),
        key: `pay:${++payouts}`,
      } as const
      const { id } = await k.write((tx) => k.ledger.requestPayoutIn(tx, input))
      await k.write((tx) => (dice.int(4) === 0 ? k.ledger.failPayoutIn(tx, id) : k.ledger.completePayoutIn(tx, id)))
    },
  }
  const names = [
    "buy",
    "buy",
    "buy",
    "gift",
    "subscribe",
    "subscribe",
    "subscribe",
    "change",
    "change",
    "cancel",
    "resume",
    "pay",
    "ban",
    "overage",
    "overage",
    "overage",
    "terms",
    "payout",
    "refund",
  ]
  const until = k.clock.now() + 366 * DAY_MS
  const seen = new Set<string>()
  while (k.clock.now() < until) {
    const now = k.clock.now() + HOUR_MS + dice.int(16 * HOUR_MS)
    await k.at(now)
    model.tick(now)
    compare(`the jobs at ${new Date(now).toISOString()}`)
    const name = dice.pick(names)
    await acts[name]!(dice.pick(PEOPLE), now)
    compare(`${name} at ${new Date(now).toISOString()}`)
    for (const { state } of model.subs) seen.add(state)
  }
  // A year in which nothing happened proves nothing.
  expect([...seen].sort()).toEqual(["active", "banned", "ended", "past_due", "trialing"])
  expect(overages > 0n && payouts > 3 && refunds > 5).toBe(true)

  // What everybody paid is what the publisher earned and the platform kept, and what invoices say.
  const { pendingNano, payableNano, requestedNano, paidNano } = k.ledger.earningsOf(principal(PUB), "live", maturity)
  const earned = [pendingNano, payableNano, requestedNano, paidNano].reduce((sum, one) => sum + BigInt(one), 0n)
  expect(earned).toBe(model.gross - model.commission)
  await k.at(k.clock.now() + 366 * DAY_MS)
  await k.at(k.clock.now() + HOUR_MS)
  const one = <T>(sql: string) => k.store.read.get<{ n: T }>(sql)!.n
  const later = BigInt(one<number>("SELECT SUM(amount_nano) AS n FROM sales")) + overages
  expect(BigInt(one<number>("SELECT SUM(total_nano) AS n FROM invoices WHERE kind = 'product'"))).toBe(later)
  expect(
    k.subscriptions
      .revenue({ ownerId: PUB, fromMs: 0, toMs: k.clock.now() + 1 })
      .reduce((sum, row) => sum + BigInt(row.grossNano), 0n),
  ).toBe(later)
  const back = k.subscriptions
    .revenue({ ownerId: PUB, fromMs: 0, toMs: k.clock.now() + 1 })
    .reduce((sum, row) => sum + BigInt(row.refundedNano), 0n)
  expect([back, BigInt(one<number>("SELECT SUM(amount_nano) AS n FROM credit_notes"))]).toEqual([
    model.refunded,
    model.refunded,
  ])
  expect(
    one<number>(
      "SELECT COUNT(*) AS n FROM (SELECT 1 FROM market_bills GROUP BY subscription_id, kind, start_ms HAVING COUNT(*) > 1)",
    ),
  ).toBe(0)
  expect(k.mails.filter(({ kind }) => kind === "market_paid")).toHaveLength(
    one<number>("SELECT COUNT(*) AS n FROM invoices"),
  )
  expect(k.ledger.verify().checks.filter(({ violations }) => violations > 0)).toEqual([])
  await k.close()
}

test.each([1, 2])("a year of seed %p is the model's, to the nano-dollar", year, 120_000)
