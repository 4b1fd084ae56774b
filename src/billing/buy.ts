// Buying: from the button to a page to pay on, with or without a coupon.
import { AppError, ensure, type Nano, type UserId } from "../app/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import type { Coupon } from "./coupons/index.ts"
import { withCustomer } from "./customers.ts"
import { checkoutOf, couponFor, freedOf, givenUp } from "./discount.ts"
import { refOf } from "./order-coupon.ts"
import { taxOf } from "./order-tax.ts"
import { insertOrder, orderByForm, orderById, packageBySlug, saveOrder } from "./store.ts"
import { ProcessorError } from "./stripe/index.ts"
import { letGoOf } from "./subscriptions/signups.ts"
import type { BillingDepsOn, Buyer, BuyInput, Order } from "./types.ts"

const NOTHING = 0 as Nano
const AWAY = "The payment service does not answer. Nothing was charged; try again in a minute."

export async function buy(deps: BillingDepsOn, ctx: WriteContext, input: BuyInput): Promise<Order> {
  let publicId: string | null = null
  try {
    const order = await orderFor(deps, ctx, input)
    publicId = order.publicId
    return order.payUrl !== null || order.state !== "open" ? order : await withPage(deps, ctx, order, input.buyer)
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    deps.log.error("billing.checkout_failed", { order: publicId, kind: error.kind, why: error.message })
    throw new AppError("unavailable", AWAY)
  }
}

/** The same key again is the same order, whatever its code says by now. */
async function orderFor(
  deps: BillingDepsOn,
  ctx: WriteContext,
  { buyer, slug, key, coupon: typed }: BuyInput,
): Promise<Order> {
  const known = orderByForm(deps.store.read, buyer.id, key)
  const coupon = typed && !known ? await couponFor(deps, ctx, buyer, typed) : null
  // A plan on its way gives the code up for what is bought now.
  if (coupon) await letGoOf(deps, coupon, buyer)
  const again = coupon && (await freedOf(deps, ctx, { coupon, buyer, slug }))
  return again ?? (await deps.store.write(ctx, (tx) => orderIn(deps, tx, { userId: buyer.id, slug, key, coupon })))
}

async function withPage(deps: BillingDepsOn, ctx: WriteContext, order: Order, buyer: Buyer): Promise<Order> {
  const session = await withCustomer(deps, ctx, buyer, (customerId) => checkoutOf(deps, order, customerId))
  return await deps.store.write(ctx, (tx) => {
    const now = orderById(tx, order.publicId)!
    if (now.sessionId !== null) return now
    const after = { ...now, sessionId: session.id, payUrl: session.url, updatedMs: tx.now }
    saveOrder(tx, after)
    return after
  })
}

/** Its person goes elsewhere: its page is closed, and what it holds is free. @throws AppError not_found, conflict, unavailable */
export async function giveUpOrder(
  deps: BillingDepsOn,
  ctx: WriteContext,
  buyer: Buyer,
  publicId: string,
): Promise<Order> {
  const order = orderById(deps.store.read, publicId)
  ensure(order?.userId === buyer.id && order.kind === "package", "not_found", "There is no such order.")
  if (order.state === "expired") return order
  ensure(order.state === "open", "conflict", "This order is not waiting any more. Look at it again.")
  try {
    return await givenUp(deps, ctx, order, buyer)
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    throw new AppError("unavailable", "The payment service does not answer. Try again in a minute.")
  }
}

interface Wanted {
  userId: UserId
  slug: string
  key: string
  coupon: Coupon | null
}

function orderIn(deps: BillingDepsOn, tx: Tx, { userId, slug, key: formKey, coupon }: Wanted): Order {
  const known = orderByForm(tx, userId, formKey)
  if (known) return known
  const wanted = packageBySlug(tx, slug)
  ensure(wanted?.active, "not_found", "These credits are no longer sold. Choose another package.")
  const publicId = deps.ids.next("ord")
  const sold = { subject: `package:${slug}`, priceNano: wanted.priceNano }
  const use = coupon && deps.coupons.reserveIn(tx, { coupon, userId, ref: refOf({ publicId }), sold })
  const row = {
    publicId,
    kind: "package" as const,
    userId,
    packageSlug: wanted.slug,
    packageName: wanted.name,
    priceNano: wanted.priceNano,
    discountNano: use?.costNano ?? NOTHING,
    taxNano: NOTHING,
    refundedNano: NOTHING,
    ...taxOf(deps, tx),
    bonusNano: wanted.bonusNano,
    bonusDays: wanted.bonusDays,
    formKey,
    state: "open" as const,
    sessionId: null,
    payUrl: null,
    paymentIntentId: null,
    chargeId: null,
    transactionId: null,
    createdMs: tx.now,
    updatedMs: tx.now,
    askedMs: null,
    paidMs: null,
  }
  return { id: insertOrder(tx, row), ...row }
}
