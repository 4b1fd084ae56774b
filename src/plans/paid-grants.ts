// What a paid invoice of plans gives, pure: a lot a month, the rest of a month by the part of the price that was paid for it. It follows from
// the invoice alone, so it is the same whenever, and however often, it is asked.
import { type Nano, nano } from "../app/index.ts"
import { addMonths } from "./period.ts"
import type { PeriodTerms } from "./store.ts"
import type { PaidLine } from "./types.ts"

/** A line with what a whole month of its plan gives; 0 with own keys. */
export interface ValuedLine extends PaidLine {
  monthlyNano: Nano
  terms: PeriodTerms
}

export interface PaidGrant {
  key: string
  amountNano: Nano
  paid: boolean
  effectiveMs: number
  expiresMs: number
  rollover: { maxNano: Nano; capNano: Nano | null; lifetimeMs: number } | null
}

interface Slice {
  key: string
  startMs: number
  endMs: number
  /** Of the month after it, by whose end rolled-over credits expire; `count` months later. */
  after(count: number): number
  nano: bigint
  terms: PeriodTerms
}

export function grantsOf(invoice: { lines: readonly ValuedLine[]; netNano: Nano; anchorMs: number }): PaidGrant[] {
  const slices = invoice.lines.filter(({ isBack }) => !isBack).flatMap((line) => slicesOf(line, invoice.anchorMs))
  for (const back of invoice.lines.filter(({ isBack }) => isBack)) take(slices, slicesOf(back, invoice.anchorMs))
  return inPaidAndNot(slices, BigInt(invoice.netNano))
}

const least = (a: bigint, b: bigint): bigint => [a, b].toSorted((x, y) => (x < y ? -1 : 1))[0]!

/** All that a line gives, n$, before what it gives back of another is taken off; rounded down. */
const givenBy = ({ monthlyNano, months, cents, priceCents }: ValuedLine): bigint =>
  (BigInt(monthlyNano) * BigInt(months) * BigInt(Math.min(Math.abs(cents), priceCents))) / BigInt(priceCents)

/** The months of a line, counted back from its end: all but the first are whole. */
function slicesOf(line: ValuedLine, anchorMs: number): Slice[] {
  const { startMs, endMs, months, key, terms } = line
  const ends = [endMs]
  if (months > 1)
    for (let count = 1; addMonths(endMs, -count) > startMs; count++) ends.unshift(addMonths(endMs, -count))
  let left = givenBy(line)
  const slices = ends.map((end, at): Slice => {
    const isFirst = at === 0
    const whole = BigInt(line.monthlyNano)
    const later = (count: number) =>
      months > 1 ? addMonths(endMs, at - ends.length + 1 + count) : monthAfter(anchorMs, end, count)
    return {
      key: isFirst ? key : `${key}:${at}`,
      startMs: isFirst ? startMs : ends[at - 1]!,
      endMs: end,
      after: later,
      nano: isFirst ? 0n : whole,
      terms,
    }
  })
  for (const slice of slices.toReversed()) {
    slice.nano = slice === slices[0] ? left : least(slice.nano, left)
    left -= slice.nano
  }
  return slices
}

/** The boundary `count` months after this one: an anchor on the 31st comes back after a short month. */
function monthAfter(anchorMs: number, endMs: number, count: number): number {
  const [anchor, end] = [new Date(anchorMs), new Date(endMs)]
  const months = (end.getUTCFullYear() - anchor.getUTCFullYear()) * 12 + end.getUTCMonth() - anchor.getUTCMonth()
  const isOfAnchor = addMonths(anchorMs, months) === endMs
  return isOfAnchor ? addMonths(anchorMs, months + count) : addMonths(endMs, count)
}

/** What comes back of a plan is taken from the months that end with it; what is left of that, from the first ones. */
function take(from: Slice[], back: readonly Slice[]): void {
  let rest = 0n
  for (const one of back) {
    const same = from.find(({ endMs }) => endMs === one.endMs)
    const amount = same ? least(same.nano, one.nano) : 0n
    if (same) same.nano -= amount
    rest += one.nano - amount
  }
  for (const slice of from) {
    const amount = least(slice.nano, rest)
    slice.nano -= amount
    rest -= amount
  }
}

/** No more credits are paid ones than were paid for; what a plan gives beyond its price is a lot of its own. */
function inPaidAndNot(slices: readonly Slice[], netNano: bigint): PaidGrant[] {
  const all = slices.reduce((sum, one) => sum + one.nano, 0n)
  const paidOf = (amount: bigint): bigint => (netNano >= all ? amount : (amount * (netNano > 0n ? netNano : 0n)) / all)
  return slices.flatMap((slice) => {
    const paid = all === 0n ? 0n : paidOf(slice.nano)
    return [
      ...(paid > 0n ? [grantOf(slice, slice.key, paid, true)] : []),
      ...(slice.nano > paid ? [grantOf(slice, `${slice.key}:gift`, slice.nano - paid, false)] : []),
    ]
  })
}

function grantOf(slice: Slice, key: string, amount: bigint, paid: boolean): PaidGrant {
  const { startMs: effectiveMs, endMs: expiresMs, terms } = slice
  const lifetimeMs = slice.after(terms.rolloverPeriods) - expiresMs
  // Of two lots of a month each rolls over its share.
  const maxNano = slice.nano === 0n ? 0n : (BigInt(terms.rolloverMaxNano) * amount) / slice.nano
  const rollover = maxNano > 0n ? { maxNano: nano(maxNano), capNano: terms.rolloverCapNano, lifetimeMs } : null
  return { key, amountNano: nano(amount), paid, effectiveMs, expiresMs, rollover }
}
