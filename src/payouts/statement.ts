// What a developer earned and was paid in a month or a year (UTC), from the books: opening + lines = closing, for pending and available
// alike, to the nano-dollar. The same figures on the page and on paper.
import { DAY_MS, dayOf, ensure, type Nano, nano, type UserId } from "../app/index.ts"
import { dollarsText, type Paper, partyLines } from "../billing/index.ts"
import type { StatementKind } from "../ledger/index.ts"
import { ownerOf } from "./ask.ts"
import type { PayoutsDeps } from "./deps.ts"
import { PAYOUT_LIMITS as L } from "./limits.ts"

export interface StatementSum {
  kind: StatementKind
  pendingNano: Nano
  payableNano: Nano
}

export interface PeriodStatement {
  /** `2026-11` or `2026` */
  period: string
  fromMs: number
  /** Exclusive; of a period that runs, the day after today. */
  toMs: number
  isRunning: boolean
  opening: { pendingNano: Nano; payableNano: Nano }
  closing: { pendingNano: Nano; payableNano: Nano }
  /** One a kind, in the order of the ledger. */
  sums: StatementSum[]
}

type Statements = Pick<PayoutsDeps, "ledger" | "clock" | "developers">

/** @throws AppError not_found for what is no month or year, or begins after today */
export function statementIn(
  { ledger, clock, developers }: Statements,
  userId: UserId,
  period: string,
): PeriodStatement {
  ensure(
    developers.developerOf(userId),
    "not_found",
    "There are no statements: they come with the developer agreement.",
  )
  const span = spanOf(period)
  const tomorrow = (dayOf(clock.now()) + 1) * DAY_MS
  ensure(span && span.fromMs < tomorrow, "not_found", "There is no statement of that time.")
  const toMs = Math.min(span.toMs, tomorrow)
  const found = ledger.statementOf(ownerOf(userId), "live", span.fromMs, toMs)
  const sums = new Map<StatementKind, StatementSum>()
  for (const { kind, pendingNano, payableNano } of found.lines) {
    const before = sums.get(kind)
    sums.set(kind, {
      kind,
      pendingNano: nano((before?.pendingNano ?? 0) + pendingNano),
      payableNano: nano((before?.payableNano ?? 0) + payableNano),
    })
  }
  const { opening, closing } = found
  return { period, fromMs: span.fromMs, toMs, isRunning: toMs < span.toMs, opening, closing, sums: [...sums.values()] }
}

/** "2026-11" and "2026" as UTC; null = neither. */
export function spanOf(period: string): { fromMs: number; toMs: number } | null {
  const [, year, month] = /^(20\d{2})(?:-(0[1-9]|1[0-2]))?$/.exec(period) ?? []
  if (year === undefined) return null
  const [y, m] = [Number(year), month === undefined ? null : Number(month) - 1]
  return m === null
    ? { fromMs: Date.UTC(y, 0, 1), toMs: Date.UTC(y + 1, 0, 1) }
    : { fromMs: Date.UTC(y, m, 1), toMs: Date.UTC(y, m + 1, 1) }
}

/** Months from this one back, at most two years, none before they were there; newest first. */
export function monthsSince(sinceMs: number, nowMs: number): string[] {
  const now = new Date(nowMs)
  const all = Array.from({ length: L.monthsShown }, (_, back) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 7),
  )
  return all.filter((month) => spanOf(month)!.toMs > sinceMs)
}

export const STATEMENT_WORDS: Readonly<Record<StatementKind, string>> = {
  earned_paid: "Earned from bought credits",
  earned_promo: "Earned from free credits",
  clawed: "Given back before it was available",
  clawed_late: "Given back after it was available",
  restored: "Given back, and yours again",
  restored_late: "Given back, and yours again",
  matured: "Became available",
  fee: "Fees of the platform",
  payout_requested: "Payouts asked for",
  payout_failed: "Payouts that returned",
}

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
]
/** "November 2026", "2026" */
export const periodText = (period: string): string =>
  period.length === 4 ? period : `${MONTHS[Number(period.slice(5)) - 1]} ${period.slice(0, 4)}`

interface Printed {
  seller: Parameters<typeof partyLines>[0]
  buyer: readonly string[]
  baseUrl: string
}

/** As it is printed. */
export function paperOf(statement: PeriodStatement, { seller, buyer, baseUrl }: Printed): Paper {
  const { period, opening, closing, sums, toMs, isRunning } = statement
  const row = (text: string, of: { pendingNano: Nano; payableNano: Nano }) => ({
    text,
    period: null,
    quantity: dollarsText(of.pendingNano),
    unit: dollarsText(of.payableNano),
    amount: dollarsText(nano(of.pendingNano + of.payableNano)),
  })
  return {
    title: "Statement of earnings",
    number: period,
    // Equal statements are equal bytes: the moment of printing does not stand on them.
    issuedMs: toMs,
    facts: [
      { label: "Period", text: periodText(period) },
      { label: "Days", text: "Whole days, UTC" },
      ...(isRunning ? [{ label: "So far", text: "The period is not over yet." }] : []),
    ],
    seller: partyLines(seller),
    buyer,
    lines: [
      row("At the beginning", opening),
      ...sums.map((one) => row(STATEMENT_WORDS[one.kind], one)),
      row("At the end", closing),
    ],
    totals: [{ label: "Available at the end", amount: dollarsText(closing.payableNano), strong: true }],
    notes: [],
    url: `${baseUrl}/developer/payouts/statements/${period}`,
    heads: { seller: "From", buyer: "For", figures: ["Pending", "Available", "Together"] },
  }
}
