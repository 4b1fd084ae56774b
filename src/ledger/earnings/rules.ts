// What a developer earns of a charge, and when it becomes payable: pure. Paid lots earn in full; promo lots earn only within
// SPEC §2 ("free credits and the developer's share"). Never decides about wallets.
import { assertAmount } from "../books/rules.ts"
import type { EarningSource, Maturity } from "./types.ts"

/** Stands on a hold for "no cap". */
export const NO_CAP = Number.MAX_SAFE_INTEGER
/** Of two parts that are both still pending, the one that matures last is taken back first. */
export const TAKE_ORDER: readonly EarningSource[] = ["promo", "paid"]

/**
 * The developer's part of one charge, by the lots that paid. The parts add up exactly (largest remainder; a tie goes to
 * the paid part). SQL twin: `promoPart` in `proof/store-checks-earnings.ts`.
 */
export function splitEarning(
  developerNano: number,
  lots: { paidNano: number; promoNano: number },
): { paidNano: number; promoNano: number } {
  if (developerNano === 0 || lots.promoNano === 0) return { paidNano: developerNano, promoNano: 0 }
  if (lots.paidNano === 0) return { paidNano: 0, promoNano: developerNano }
  const total = BigInt(lots.paidNano) + BigInt(lots.promoNano)
  const product = BigInt(developerNano) * BigInt(lots.promoNano)
  const promoNano = Number(product / total) + ((product % total) * 2n > total ? 1 : 0)
  return { paidNano: developerNano - promoNano, promoNano }
}

/** How much of a promo part counts: nothing from the developer's own account, else what the cap of the day leaves. */
export function promoThatCounts(input: {
  promoNano: number
  isOwnAccount: boolean
  capNano: number
  earnedTodayNano: number
}): number {
  if (input.isOwnAccount) return 0
  return Math.min(input.promoNano, Math.max(0, input.capNano - input.earnedTodayNano))
}

/** What stands on the hold: 0 when nothing counts. */
export function promoCapOf(eligible: boolean, capNano: number | null): number {
  if (capNano !== null) assertAmount(capNano, "promoCapNano")
  return eligible ? (capNano ?? NO_CAP) : 0
}

/** The newest UTC day whose earnings are payable today: day d matures when day d + n begins. */
export function maturedThrough(today: number, maturity: Maturity): { paidDay: number; promoDay: number } {
  for (const days of [maturity.paidDays, maturity.promoDays]) {
    // At 0 a day would mature while it still earns.
    if (!Number.isSafeInteger(days) || days < 1) throw new RangeError(`maturity is whole days from 1, got ${days}`)
  }
  return { paidDay: today - maturity.paidDays, promoDay: today - maturity.promoDays }
}
