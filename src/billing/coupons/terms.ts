// What an admin decides about coupons: rows of the table, audited with before and after. What a coupon gives stays as it was made.
import { AppError, ensure, nano } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import { isWholeCents } from "../money.ts"
import { packageBySlug } from "../store.ts"
import { codeKey, codeText, makeCode } from "./codes.ts"
import { COUPON_LIMITS as L } from "./limits.ts"
import { countCoupons, couponByKey, insertCoupon, saveCoupon } from "./store.ts"
import type { Coupon, CouponDeps, CouponGift, CouponTerms, EditCoupon, NewCoupon } from "./types.ts"

type Errors = Partial<Record<keyof NewCoupon, string>>

const within = (value: number | null, most: number): boolean =>
  value === null || (Number.isInteger(value) && value >= 1 && value <= most)

/** What is wrong, by field. @param unread fields that nobody could read: wrong already */
export function couponErrors(input: NewCoupon, unread: readonly string[] = []): Errors {
  const found = { ...giftErrors(input), ...termErrors(input), ...codeErrors(input.code) }
  return Object.fromEntries(Object.entries(found).filter(([field]) => !unread.includes(field)))
}

const codeErrors = (code: string): Errors =>
  code !== "" && !(/^[A-Z0-9-]+$/.test(codeText(code)) && codeKey(code))
    ? { code: "Use 4 to 32 letters and digits, and dashes between them, such as WELCOME10." }
    : {}

function giftErrors({ kind, amountNano, creditDays, percent }: CouponGift): Errors {
  if (kind === "percent")
    return percent === null || !within(percent, 100) ? { percent: "Give a whole percentage from 1 to 100." } : {}
  if (kind === "amount")
    return amountNano < 1 || amountNano > L.amountNanoMax || !isWholeCents(amountNano)
      ? { amountNano: "Give an amount up to $10,000, in whole cents." }
      : {}
  if (kind === "plan") return {}
  return {
    ...(amountNano < 1 || amountNano > L.creditsNanoMax ? { amountNano: "Give from 1 to 1,000,000 credits." } : {}),
    ...(within(creditDays, L.creditDaysMax) ? {} : { creditDays: "Give 1 to 3,650 days, or leave it empty." }),
  }
}

export function termErrors({ note, maxUses, perPerson, minimumNano, onlyFor }: CouponTerms): Errors {
  return {
    ...(note.length > L.noteCharsMax ? { note: `Keep it within ${L.noteCharsMax} characters.` } : {}),
    ...(within(maxUses, L.usesMax) ? {} : { maxUses: "Give 1 to 1,000,000 uses, or leave it empty." }),
    ...(within(perPerson, L.perPersonMax) ? {} : { perPerson: "Give 1 to 1,000 uses, or leave it empty." }),
    ...(minimumNano >= 0 && minimumNano <= L.amountNanoMax && isWholeCents(minimumNano)
      ? {}
      : { minimumNano: "Give an amount up to $10,000, in whole cents." }),
    ...(onlyFor.length <= L.onlyForMax ? {} : { onlyFor: `Choose at most ${L.onlyForMax}.` }),
  }
}

const refused = (errors: Readonly<Record<string, string>>): AppError =>
  new AppError("validation_failed", Object.values(errors)[0]!, { formErrors: { ...errors } })

function ensureRight(errors: Errors): void {
  if (Object.keys(errors).length > 0) throw refused(errors as Record<string, string>)
}

/** @throws AppError validation_failed for what is not sold here */
function ensureSold({ plans }: Pick<CouponDeps, "plans">, tx: Tx, onlyFor: readonly string[]): void {
  for (const subject of onlyFor) {
    const [kind, name = ""] = subject.split(":")
    const isSold = kind === "package" ? packageBySlug(tx, name) !== null : plans.planByCode(name) !== null
    if (!isSold || (kind !== "package" && kind !== "plan")) throw refused({ onlyFor: "Choose from what is sold here." })
  }
}

export function createIn(deps: Pick<CouponDeps, "ids" | "plans">, tx: Tx, input: NewCoupon): Coupon {
  ensureRight(couponErrors(input))
  if (input.kind === "plan") {
    const plan = deps.plans.planByCode(input.planCode ?? "")
    if (!plan?.active || plan.kind === "free") throw refused({ planCode: "Choose a plan that takes people." })
  }
  ensureSold(deps, tx, input.onlyFor)
  const code = input.code === "" ? makeCode() : codeText(input.code)
  if (couponByKey(tx, codeKey(code)))
    throw refused({ code: "There is a coupon of this code, or one that looks like it." })
  ensure(countCoupons(tx) < L.couponsMax, "conflict", "There are too many coupons.")
  const row = {
    ...giftOf(input),
    ...termsOf(input),
    code,
    publicId: deps.ids.next("cpn"),
    endedMs: null,
    taken: 0,
    redeemed: 0,
    costNano: nano(0),
    createdMs: tx.now,
    updatedMs: tx.now,
  }
  const made = { id: insertCoupon(tx, row), ...row }
  auditIn(tx, { action: "coupon.added", subject: `coupon:${made.code}`, after: made })
  return made
}

/** What is of another kind of gift is nothing. */
const giftOf = ({ kind, amountNano, creditDays, percent, planCode }: CouponGift): CouponGift => ({
  kind,
  amountNano: kind === "credits" || kind === "amount" ? amountNano : nano(0),
  creditDays: kind === "credits" ? creditDays : null,
  percent: kind === "percent" ? percent : null,
  planCode: kind === "plan" ? planCode : null,
})

const termsOf = ({ note, maxUses, perPerson, minimumNano, onlyFor, expiresMs }: CouponTerms): CouponTerms => ({
  note: note.trim(),
  maxUses,
  perPerson,
  minimumNano,
  onlyFor: [...new Set(onlyFor)],
  expiresMs,
})

export function editIn(deps: Pick<CouponDeps, "plans">, tx: Tx, { code, seenMs, ...changes }: EditCoupon): Coupon {
  const before = couponByKey(tx, codeKey(code))
  ensure(before, "not_found", "There is no such coupon.")
  if (seenMs !== undefined && seenMs !== before.updatedMs)
    throw new AppError("conflict", "Somebody changed this coupon since you opened it. Look again before you save.")
  ensure(before.endedMs === null, "conflict", "This coupon was ended, for good. Make another one.")
  const terms = termsOf({ ...before, ...changes })
  ensureRight(termErrors(terms))
  ensureSold(
    deps,
    tx,
    terms.onlyFor.filter((one) => !before.onlyFor.includes(one)),
  )
  if (terms.maxUses !== null && terms.maxUses < before.taken)
    throw refused({ maxUses: `It was used ${before.taken} times already. Give at least as many, or end it.` })
  const after = { ...before, ...terms, updatedMs: Math.max(tx.now, before.updatedMs + 1) }
  saveCoupon(tx, after)
  auditIn(tx, { action: "coupon.changed", subject: `coupon:${before.code}`, before, after })
  return after
}

export function endIn(tx: Tx, code: string): Coupon {
  const before = couponByKey(tx, codeKey(code))
  ensure(before, "not_found", "There is no such coupon.")
  if (before.endedMs !== null) return before
  const after = { ...before, endedMs: tx.now, updatedMs: Math.max(tx.now, before.updatedMs + 1) }
  saveCoupon(tx, after)
  auditIn(tx, { action: "coupon.ended", subject: `coupon:${before.code}`, before, after })
  return after
}
