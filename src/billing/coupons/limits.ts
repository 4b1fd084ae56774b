// Bounds of coupons, each with its unit and its reason.
import { HOUR_MS, type limiter, MINUTE_MS } from "../../app/index.ts"

export const COUPON_LIMITS = {
  /** A page of them stays a page; those that ended count too, since people may still type them. */
  couponsMax: 10_000,
  noteCharsMax: 200,
  /** Credits of one use, n$: beyond $1,000 a coupon is a typing mistake. */
  creditsNanoMax: 1_000_000_000_000,
  /** Off a price, n$. */
  amountNanoMax: 10_000_000_000_000,
  usesMax: 1_000_000,
  perPersonMax: 1_000,
  creditDaysMax: 3_650,
  /** Credits of coupons live so long unless said otherwise (SPEC LE-2). */
  creditDays: 90,
  onlyForMax: 60,
  /** A processor takes no card payment below half a dollar, in cents. */
  chargeCentsMin: 50,
  /** A use is reserved for so long while somebody pays; the processor takes half an hour at least, ms. */
  reservedMs: HOUR_MS,
} as const

const smooth = (name: string, burst: number, periodMs: number): limiter.SmoothRule => ({
  kind: "smooth",
  name,
  limit: 1,
  periodMs,
  burst,
})

/** Wrong codes. A person mistypes a few times; a school behind one address may hold a coupon that is used up. */
export const COUPON_TRIES = {
  person: smooth("coupon_person", 10, 10 * MINUTE_MS),
  network: smooth("coupon_network", 200, MINUTE_MS),
} as const
