// Bugs of earnings, maturity and payouts, and of plans.

import type { Nano } from "../../../src/app/index.ts"
import { nano } from "../../../src/app/index.ts"
import { fresh } from "./corrections.ts"
import type { Mutant } from "./mutant.ts"
import { column, entries, memory, plansVerbs, rows, text, verbs } from "./mutant.ts"

/** Other terms for what promo lots may earn, in memory only: the row has the right ones. */
const heldWith = (name: string, cap: (cap: number) => number): Mutant =>
  memory(name, (books, hit) => {
    const add = books.addHold.bind(books)
    books.addHold = (entry, hold) => {
      const promoCapNano = cap(hold.promoCapNano)
      if (promoCapNano !== hold.promoCapNano) hit()
      add(entry, { ...hold, promoCapNano })
    }
  })

export const EARNING_MUTANTS: (() => Mutant)[] = [
  () => heldWith("earn-without-cap", (cap) => (cap > 0 ? Number.MAX_SAFE_INTEGER : cap)),
  () => heldWith("earn-of-unverified", (cap) => (cap === 0 ? Number.MAX_SAFE_INTEGER : cap)),
  () =>
    entries("earn-from-own-account", (entry, hit) => {
      hit()
      Object.assign(entry, { ownerId: entry.ownerId + 100 })
    }),
  () => column("earn-on-the-next-day", "earning_days", "day", (day) => Number(day) + 1),
  () =>
    verbs("mature-a-day-early", (ledger) => ({
      matureDue: ({ paidDays, promoDays }) => ledger.matureDue({ paidDays: Math.max(1, paidDays - 1), promoDays }),
    })),
  () =>
    verbs("mature-promo-like-paid", (ledger) => ({
      matureDue: ({ paidDays }) => ledger.matureDue({ paidDays, promoDays: paidDays }),
    })),
  () =>
    text(
      "mature-days-stay-open",
      /UPDATE earning_days SET matured = 1, matured_nano = earned_nano - clawed_nano/,
      "UPDATE earning_days SET matured = 0",
    ),
  () =>
    rows("payout-more-than-payable", /SELECT id, balance_nano AS nano FROM accounts/, (row) => ({
      ...row,
      nano: Number(row.nano) + 50,
    })),
  () =>
    verbs("payout-every-time", (ledger) => ({
      requestPayoutIn: (tx, input) => ledger.requestPayoutIn(tx, { ...input, key: fresh(input.key) }),
    })),
  () => verbs("payout-fails-when-paid", (ledger) => ({ completePayoutIn: (tx, id) => ledger.failPayoutIn(tx, id) })),
  () =>
    verbs("payout-below-the-minimum", (ledger) => ({
      requestPayoutIn: (tx, input) => ledger.requestPayoutIn(tx, { ...input, minimumNano: nano(0) }),
    })),

  () => plansVerbs("allocate-nothing", () => ({ allocateDue: async () => ({ people: 0, periods: 0 }) })),
  () =>
    plansVerbs("assign-as-paid", (plans) => ({ assign: (ctx, input) => plans.assign(ctx, { ...input, paid: true }) })),
  () =>
    plansVerbs("cancel-at-once", (plans) => ({
      cancel: (ctx, user) => plans.change(ctx, { user, planCode: "basic" }),
    })),
  () =>
    plansVerbs("upgrade-gives-nothing-back", (plans) => ({
      payIn: (tx, paid) => plans.payIn(tx, { ...paid, lines: paid.lines.filter(({ isBack }) => !isBack) }),
    })),
  () =>
    plansVerbs("more-paid-than-was-paid", (plans) => ({
      payIn: (tx, paid) => plans.payIn(tx, { ...paid, netNano: 1_000_000 as Nano }),
    })),
  () => plansVerbs("choose-nothing", (plans) => ({ choose: async (_, { user }) => plans.standingOf(user.id) })),
  () => rows("upgrade-for-the-whole-month", /credited_nano AS creditedNano/, (row) => ({ ...row, creditedNano: 0 })),
  () => rows("period-drifts", /anchor_ms AS anchorMs/, (row) => ({ ...row, anchorMs: Number(row.anchorMs) + 60_000 })),
  () =>
    rows("terms-of-today", /FROM plan_terms WHERE plan_id = \? AND since_ms < \?/, (row) => ({
      ...row,
      monthlyNano: Number(row.monthlyNano) + 1,
    })),
  () =>
    rows("plan-claim-ignores-plan", /daily_claim_nano AS dailyClaimNano/, (row) => ({ ...row, dailyClaimNano: 100 })),
]
