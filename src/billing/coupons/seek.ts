// A code that somebody typed. Wrong ones are counted, by person and by network, before it is looked at; a right one gives the try back.
// Unknown, ended, expired and used-up codes have one answer, by the same reads and writes: no guess learns which codes there were.
import { AppError, limiter } from "../../app/index.ts"
import { networkOf } from "../../identity/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import { codeKey } from "./codes.ts"
import { COUPON_TRIES } from "./limits.ts"
import { isDiscount, stateOf } from "./rules.ts"
import { couponByKey, livingUses, tryRows } from "./store.ts"
import type { Coupon, CouponDeps, CouponUse, Redeemer } from "./types.ts"

const UNKNOWN = "This code does not work. Check it for a typing mistake; it may also be over."
export const USED = "You have used this code already."

/** What holds a code of somebody: an order, or a plan on its way. */
export const waitingWords = ({ ref }: Pick<CouponUse, "ref">): string =>
  ref.startsWith("signup:")
    ? "This code is reserved for a plan that you began to pay for. Pay there, or give it up: it stands under Credits, Coupon."
    : "This code is reserved for an order of yours that is not paid yet. Pay it, or give it up: it stands under Credits, Coupon."

export const codeRefusal = (code: "validation_failed" | "conflict", words: string): AppError =>
  new AppError(code, words, { param: "code", formErrors: { code: words } })

/**
 * What counts in `tx` stays, also where the code is refused: a refusal is handed back, and thrown after the commit.
 * @param doneBefore what came of it, where it is a repetition
 */
export async function sought<T>(
  deps: CouponDeps,
  ctx: WriteContext,
  { by, code }: { by: Redeemer; code: string },
  act: (tx: Tx, coupon: Coupon) => T,
  doneBefore: (tx: Tx) => T | null = () => null,
): Promise<T> {
  const got = await deps.store.write(ctx, (tx): { done: T } | AppError => {
    const before = doneBefore(tx)
    if (before !== null) return { done: before }
    const found = seekIn(deps, tx, by, code)
    return found instanceof AppError ? found : { done: act(tx, found) }
  })
  if (got instanceof AppError) throw got
  return got.done
}

function seekIn({ keyring }: CouponDeps, tx: Tx, by: Redeemer, code: string): Coupon | AppError {
  const states = limiter.rowStates(tryRows(tx))
  const key = (rule: limiter.LimitRule, value: string) => keyring.hmac("coupon", `${rule.name}\n${value}`)
  const asks = [
    { key: key(COUPON_TRIES.person, by.publicId), rule: COUPON_TRIES.person },
    { key: key(COUPON_TRIES.network, networkOf(by.ip)), rule: COUPON_TRIES.network },
  ]
  const { retryAtMs, admitted } = limiter.decide(states, asks, tx.now)
  if (!admitted) return tooMany(tx.now, retryAtMs)
  const coupon = couponByKey(tx, codeKey(code))
  const mine = livingUses(tx, coupon?.id ?? 0, by.id)
  const isFree = coupon !== null && stateOf(coupon, tx.now) === "active"
  // Who used it knows that there is such a code.
  if (coupon === null || (!isFree && mine.length === 0)) return codeRefusal("validation_failed", UNKNOWN)
  limiter.giveBack(states, asks, tx.now)
  const isWaiting = mine.some(({ state }) => state === "reserved")
  // A purchase with it may go on: it takes the use of the order that waits.
  if (isWaiting && isDiscount(coupon)) return coupon
  if (!isFree || (coupon.perPerson !== null && mine.length >= coupon.perPerson)) return codeRefusal("conflict", USED)
  return coupon
}

function tooMany(nowMs: number, retryAtMs: number | null): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil(((retryAtMs ?? nowMs) - nowMs) / 1_000))
  const minutes = Math.ceil(retryAfterSeconds / 60)
  const words = `Too many codes that do not work. Wait ${minutes} ${minutes === 1 ? "minute" : "minutes"}, then try again.`
  return new AppError("rate_limit_exceeded", words, { retryAfterSeconds })
}
