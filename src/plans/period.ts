// The calendar of plans: whole UTC months from an anchor. Pure. Each boundary is computed from the anchor itself, so that
// a short month never moves the later ones: 31 Jan → 28 Feb → 31 Mar.

import { type Nano, nano } from "../app/index.ts"

/**
 * The moment `months` calendar months after `anchorMs`: same day of the month and time of day in UTC, or the month's last
 * day when it is shorter.
 */
export function addMonths(anchorMs: number, months: number): number {
  const anchor = new Date(anchorMs)
  const month = anchor.getUTCMonth() + months
  const year = anchor.getUTCFullYear()
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const midnight = Date.UTC(year, anchor.getUTCMonth(), anchor.getUTCDate())
  return Date.UTC(year, month, Math.min(anchor.getUTCDate(), lastDay)) + (anchorMs - midnight)
}

/** Floor of `amountNano × (end − now) / (end − start)`; nothing outside the period is ever granted. */
export function proRata(amountNano: Nano, period: { startMs: number; endMs: number }, nowMs: number): Nano {
  const left = Math.min(Math.max(period.endMs - nowMs, 0), period.endMs - period.startMs)
  return nano((BigInt(amountNano) * BigInt(left)) / BigInt(period.endMs - period.startMs))
}
