// Uses of coupons. What is free is decided in the write that takes it, so that no two get the last one.
import { DAY_MS, ensure, type Nano, nano, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import { discountOf, isDiscount, objectionTo, stateOf } from "./rules.ts"
import { codeRefusal, USED, waitingWords } from "./seek.ts"
import {
  addUse,
  countRedeemed,
  couponById,
  giveUseBack,
  insertUse,
  livingUses,
  saveUse,
  takeUse,
  useByRef,
  useOfPerson,
} from "./store.ts"
import type { Coupon, CouponDeps, CouponUse, Redeemed, Redeemer, Sold } from "./types.ts"

const OVER = "This code was used up a moment ago."

type Taken = Pick<CouponUse, "couponId" | "userId" | "state" | "ref" | "subject" | "costNano">

function takeIn({ ids }: Pick<CouponDeps, "ids">, tx: Tx, coupon: Coupon, taken: Omit<Taken, "couponId">): CouponUse {
  // As it is in this very write, not as it was found.
  const now = couponById(tx, coupon.id)
  ensure(now && stateOf(now, tx.now) === "active", "conflict", OVER, { param: "code", formErrors: { code: OVER } })
  const mine = livingUses(tx, coupon.id, taken.userId)
  const holder = mine.find(({ state }) => state === "reserved")
  if (now.perPerson !== null && mine.length >= now.perPerson)
    throw codeRefusal("conflict", holder ? waitingWords(holder) : USED)
  ensure(takeUse(tx, coupon.id), "conflict", OVER, { param: "code", formErrors: { code: OVER } })
  const row = {
    ...taken,
    couponId: coupon.id,
    publicId: ids.next("red"),
    transactionId: null,
    createdMs: tx.now,
    decidedMs: taken.state === "reserved" ? null : tx.now,
  }
  return { id: insertUse(tx, row), ...row }
}

/** Credits, or a period of a plan, at once. */
export function redeemIn(deps: CouponDeps, tx: Tx, by: Redeemer, coupon: Coupon, ref: string): CouponUse {
  ensure(!isDiscount(coupon), "conflict", "This code takes something off a price. Use it when you buy.", {
    param: "code",
  })
  const plan = coupon.planCode === null ? null : deps.plans.planByCode(coupon.planCode)
  const costNano = plan?.priceNano ?? coupon.amountNano
  const base = { userId: by.id, ref, subject: null, costNano }
  const use = takeIn(deps, tx, coupon, { ...base, state: "redeemed" })
  const transactionId = plan ? startPlanIn(deps, tx, by, plan) : creditIn(deps, tx, coupon, use)
  const done = { ...use, transactionId }
  saveUse(tx, done)
  closedIn(tx, coupon, done, by.publicId)
  return done
}

function creditIn({ ledger }: CouponDeps, tx: Tx, { amountNano, creditDays }: Coupon, use: CouponUse): string {
  return ledger.grantIn(tx, {
    owner: { kind: "principal", id: use.userId },
    mode: "live",
    type: "coupon",
    bucket: "coupon",
    amountNano,
    paid: false,
    expiresMs: creditDays === null ? null : tx.now + creditDays * DAY_MS,
    key: `coupon:${use.publicId}`,
  }).transactionId
}

/** One period that nobody pays for, then Free again. */
function startPlanIn({ plans }: CouponDeps, tx: Tx, by: Redeemer, plan: { code: string; name: string }): null {
  const present = plans.standingOfIn(tx, by.id).plan
  const words = `You are on ${present.name}. This code starts ${plan.name} for people who are on no plan.`
  if (present.kind !== "free") throw codeRefusal("conflict", words)
  const user = { id: by.id, publicId: by.publicId }
  plans.assignIn(tx, { user, planCode: plan.code, paid: false })
  plans.cancelIn(tx, user)
  return null
}

/** The same `ref` is the same use, whatever the code says by now. */
export function redeemedBefore(tx: Tx, by: Redeemer, ref: string): Redeemed | null {
  const use = useOfPerson(tx, by.id, ref)
  return use && { use, coupon: couponById(tx, use.couponId)!, already: true }
}

export function reserveIn(
  deps: Pick<CouponDeps, "ids">,
  tx: Tx,
  { coupon, userId, ref, sold }: { coupon: Coupon; userId: UserId; ref: string; sold: Sold },
): CouponUse {
  const known = useByRef(tx, ref)
  if (known) return known
  const objection = objectionTo(coupon, sold)
  if (objection) throw codeRefusal("conflict", objection)
  const costNano = discountOf(coupon, sold.priceNano)
  return takeIn(deps, tx, coupon, { userId, ref, subject: sold.subject, costNano, state: "reserved" })
}

export function redeemedIn(tx: Tx, ref: string, costNano?: Nano): void {
  const use = useByRef(tx, ref)
  if (!use || use.state === "redeemed") return
  // It was given back, and paid for after all: money that came keeps its price.
  if (use.state === "released") addUse(tx, use.couponId)
  const done = { ...use, state: "redeemed" as const, costNano: costNano ?? use.costNano, decidedMs: tx.now }
  saveUse(tx, done)
  closedIn(tx, couponById(tx, use.couponId)!, done)
}

export function releasedIn(tx: Tx, ref: string): void {
  const use = useByRef(tx, ref)
  if (use?.state !== "reserved") return
  saveUse(tx, { ...use, state: "released", decidedMs: tx.now })
  giveUseBack(tx, use.couponId)
}

function closedIn(tx: Tx, coupon: Coupon, use: CouponUse, user?: string): void {
  countRedeemed(tx, coupon.id, use.costNano)
  const after = {
    use: use.publicId,
    for: use.subject ?? coupon.kind,
    cost: nano(use.costNano),
    user: user ?? use.userId,
  }
  auditIn(tx, { action: "coupon.redeemed", subject: `coupon:${coupon.code}`, after })
}
