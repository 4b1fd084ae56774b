// The way to a subscription: a page to pay on. It gives nothing by itself; the invoice that is paid there does.
import { AppError, ensure, type Nano, type UserId } from "../../app/index.ts"
import type { Plan } from "../../plans/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import {
  COUPON_LIMITS,
  type Coupon,
  codeRefusal,
  livingUses,
  redeemedIn,
  releasedIn,
  waitingWords,
} from "../coupons/index.ts"
import { withCustomer } from "../customers.ts"
import { freedOf } from "../discount.ts"
import { ASK_ADDRESS, STRIPE_TAX } from "../invoices/index.ts"
import { BILLING_LIMITS } from "../limits.ts"
import { centsOf, isWholeCents } from "../money.ts"
import { scopeOn } from "../scope.ts"
import { ProcessorError, type SessionFacts } from "../stripe/index.ts"
import type { BillingDepsOn, Buyer } from "../types.ts"
import {
  claimPrice,
  insertPrice,
  insertSignup,
  openSignups,
  priceFor,
  productOf,
  saveSignup,
  signupByForm,
  signupById,
  signupBySession,
  subscriptionsOf,
} from "./store.ts"
import { sync } from "./sync.ts"
import type { Months, PriceRow, Signup, SubscribeInput, SubscriptionRow, Wanted } from "./types.ts"

const SIGNUP_REF = "signup:"
const AWAY = "The payment service does not answer. Nothing was charged; try again in a minute."

/** What a plan costs for so many months; null = it is not sold so. */
export function priceOf(plan: Plan, months: Months): Nano | null {
  const price = months === 12 ? plan.yearlyNano : plan.priceNano
  return price !== null && price > 0 && isWholeCents(price) ? price : null
}

/** @throws AppError not_found, conflict */
export function wantedPlan({ plans }: BillingDepsOn, { planCode, months }: Wanted): Plan {
  const plan = plans.planByCode(planCode)
  ensure(plan, "not_found", "There is no such plan.")
  const isSold = plan.active && priceOf(plan, months) !== null
  ensure(isSold, "conflict", `${plan.name} cannot be subscribed to so. Choose another plan.`)
  return plan
}

/** A subscription that is not over and not only begun. */
export const liveOf = (rows: readonly SubscriptionRow[]): SubscriptionRow | null =>
  rows.find(({ status }) => status !== "ended" && status !== "incomplete") ?? null

/** The processor's price of a plan, made when first needed. @throws ProcessorError */
export async function priceRow(deps: BillingDepsOn, ctx: WriteContext, plan: Plan, months: Months): Promise<PriceRow> {
  const { store, processor, settings } = deps
  const priceNano = priceOf(plan, months)!
  const how = settings.get(STRIPE_TAX)
  const wanted = { planId: plan.id, months, priceNano, tax: how }
  const known = priceFor(store.read, scopeOn(deps), wanted)
  if (known) return known
  const { code, name } = plan
  const productId =
    productOf(store.read, plan.id, scopeOn(deps)) ?? (await processor.createProduct({ name, code }, `product:${code}`))
  const cents = centsOf(priceNano)
  const tax = how === "off" ? {} : { tax: how }
  const key = `price:${productId}:${months}:${cents}${how === "off" ? "" : `:${how}`}`
  const priceId = await processor.createPrice({ productId, cents, months, code, ...tax }, key)
  return await store.write(ctx, (tx) => {
    const scope = scopeOn(deps)
    const there = priceFor(tx, scope, wanted) ?? claimPrice(tx, priceId, scope)
    if (there) return there
    const { isTest, account: accountId } = scope
    const row = { ...wanted, productId, priceId, isTest, accountId, createdMs: tx.now }
    return { id: insertPrice(tx, row), ...row }
  })
}

export async function subscribe(deps: BillingDepsOn, ctx: WriteContext, input: SubscribeInput): Promise<Signup> {
  const { store, processor, baseUrl } = deps
  const plan = wantedPlan(deps, input)
  try {
    const signup = await signupFor(deps, ctx, plan, input)
    if (signup.payUrl !== null || signup.state !== "open") return signup
    await closeOthers(deps, signup)
    const { priceId } = await priceRow(deps, ctx, plan, input.months)
    const discount = await couponOf(deps, signup)
    const session = await withCustomer(deps, ctx, input.buyer, (customerId) =>
      processor.createSignup(
        {
          signupId: signup.publicId,
          customerId,
          priceId,
          returnUrl: `${baseUrl}/credits/signups/${signup.publicId}?paid`,
          // Whoever comes back without paying may give up what it holds.
          cancelUrl: `${baseUrl}/credits/${input.coupon ? `signups/${signup.publicId}` : "plans"}`,
          ...discount,
          isTaxed: deps.settings.get(STRIPE_TAX) !== "off",
          asksWho: deps.settings.get(ASK_ADDRESS) === "yes",
        },
        `signup:${signup.publicId}:${customerId}`,
      ),
    )
    return await store.write(ctx, (tx) => {
      const now = signupById(tx, signup.publicId)!
      if (now.sessionId !== null || now.state !== "open") return now
      const after = { ...now, sessionId: session.id, payUrl: session.url, updatedMs: tx.now }
      saveSignup(tx, after)
      return after
    })
  } catch (error) {
    throw awayOr(deps, error, input.buyer.publicId)
  }
}

/** The same key again is the same signup, whatever its code says by now; another one first lets go of what the one before holds. */
async function signupFor(deps: BillingDepsOn, ctx: WriteContext, plan: Plan, input: SubscribeInput): Promise<Signup> {
  const { buyer, coupon: typed, key } = input
  const known = signupByForm(deps.store.read, buyer.id, key)
  if (known) return known
  const by = typed && { id: buyer.id, publicId: buyer.publicId, ip: typed.ip }
  const coupon = by ? await deps.coupons.look(ctx, by, typed.code) : null
  if (coupon) {
    await closeOthers(deps, { userId: buyer.id, id: Number.POSITIVE_INFINITY })
    await freedOf(deps, ctx, { coupon, buyer, slug: "" })
  }
  return await deps.store.write(ctx, (tx) => signupIn(deps, tx, plan, input, coupon))
}

/** The processor's discount of a use that is reserved, which is not reserved for ever. */
async function couponOf({ coupons }: BillingDepsOn, signup: Signup) {
  const use = coupons.useOf(couponRef(signup))
  const coupon = use && coupons.byCode(use.code)
  if (!coupon) return { couponId: null, expiresMs: null }
  return { couponId: await coupons.atProcessor(coupon), expiresMs: signup.createdMs + COUPON_LIMITS.reservedMs }
}

/** What a use of a coupon names a signup by. */
const couponRef = ({ publicId }: Pick<Signup, "publicId">): string => `${SIGNUP_REF}${publicId}`

/** Done or over, and with it what it holds. */
export function signupMovedIn(tx: Tx, signup: Signup, state: Signup["state"], offNano?: Nano): void {
  // What was paid for stays so, whatever is told of its page.
  if (signup.state === "done" || signup.state === state) return
  saveSignup(tx, { ...signup, state, payUrl: null, updatedMs: tx.now })
  if (state === "done") redeemedIn(tx, couponRef(signup), offNano)
  if (state === "expired") releasedIn(tx, couponRef(signup))
}

/** What to throw in place of the processor's refusal. */
export function awayOr({ log }: BillingDepsOn, error: unknown, about: string): unknown {
  if (!(error instanceof ProcessorError)) return error
  log.error("billing.plan_failed", { about, kind: error.kind, why: error.message })
  if (error.kind === "declined")
    return new AppError("conflict", "Your bank did not pay. Use another card, then try again.")
  if (error.kind === "authentication_needed")
    return new AppError("conflict", "Your bank wants to ask you first. Save the card again under “Card and payments”.")
  return new AppError("unavailable", AWAY)
}

function signupIn(deps: BillingDepsOn, tx: Tx, plan: Plan, input: SubscribeInput, coupon: Coupon | null): Signup {
  const userId = input.buyer.id
  const known = signupByForm(tx, userId, input.key)
  if (known) return known
  const live = liveOf(subscriptionsOf(tx, userId, scopeOn(deps)))
  ensure(live === null, "conflict", "You pay for a plan already. Change that one instead.")
  const publicId = deps.ids.next("sgn")
  const sold = { subject: `plan:${plan.code}`, priceNano: priceOf(plan, input.months)! }
  if (coupon) deps.coupons.reserveIn(tx, { coupon, userId, ref: couponRef({ publicId }), sold })
  const row = {
    publicId,
    userId,
    planId: plan.id,
    months: input.months,
    choice: plan.eitherOr ? (input.choice ?? ("credits" as const)) : null,
    formKey: input.key,
    state: "open" as const,
    sessionId: null,
    payUrl: null,
    createdMs: tx.now,
    updatedMs: tx.now,
    askedMs: null,
  }
  return { id: insertSignup(tx, row), ...row }
}

/** A page with the last use of a coupon that its person wants to use elsewhere now. */
export async function letGoOf(deps: BillingDepsOn, coupon: Coupon, buyer: Pick<Buyer, "id">): Promise<void> {
  const mine = livingUses(deps.store.read, coupon.id, buyer.id)
  const holder = mine.find(({ state, ref }) => state === "reserved" && ref.startsWith(SIGNUP_REF))
  const { perPerson, maxUses, taken } = coupon
  const isFree = (perPerson === null || mine.length < perPerson) && (maxUses === null || taken < maxUses)
  if (!holder || isFree) return
  // It would be lost for both.
  if (["ended", "expired"].includes(deps.coupons.stateOf(coupon))) throw codeRefusal("conflict", waitingWords(holder))
  const signup = signupById(deps.store.read, holder.ref.slice(SIGNUP_REF.length))
  const after = signup && (await closed(deps, signup))
  if (after?.state === "open") throw codeRefusal("conflict", waitingWords(holder))
}

/** Its person goes elsewhere: its page is closed, and what it holds is free. @throws AppError not_found, conflict, unavailable */
export async function giveUpSignup(deps: BillingDepsOn, buyer: Buyer, publicId: string): Promise<Signup> {
  const signup = signupOf(deps, buyer.id, publicId)
  ensure(signup, "not_found", "There is no such subscription. All plans are under Credits, Plans.")
  if (signup.state === "expired") return signup
  ensure(signup.state === "open", "conflict", "It is paid already. End the plan instead.")
  try {
    const after = await closed(deps, signup)
    ensure(after.state !== "open", "unavailable", AWAY)
    ensure(after.state === "expired", "conflict", "It is paid already. End the plan instead.")
    return after
  } catch (error) {
    throw awayOr(deps, error, publicId)
  }
}

/** Nobody pays on its page any more, unless somebody just has. @throws ProcessorError */
async function closed(deps: BillingDepsOn, signup: Signup): Promise<Signup> {
  if (signup.sessionId !== null)
    await deps.processor.expireSession(signup.sessionId).catch((error: unknown) => {
      // It was paid on, or is over: it says so itself. Gone: it was made with another key, under which nobody pays any more.
      if (!(error instanceof ProcessorError && ["invalid", "gone"].includes(error.kind))) throw error
    })
  return await refreshSignup(deps, signup, 0)
}

/** Pages of the same person that could still be paid on: nobody pays for two plans. @throws AppError conflict where one was */
async function closeOthers(deps: BillingDepsOn, signup: Pick<Signup, "id" | "userId">): Promise<void> {
  const others = openSignups(deps.store.read, signup.userId).filter(({ id }) => id < signup.id)
  for (const other of others) await closed(deps, other)
  const live = liveOf(subscriptionsOf(deps.store.read, signup.userId, scopeOn(deps)))
  ensure(live === null, "conflict", "You pay for a plan already. Change that one instead.")
}

/** Asks, unless it was asked a moment ago. Its silence changes nothing. */
export async function refreshSignup(deps: BillingDepsOn, signup: Signup, pauseMs: number): Promise<Signup> {
  const { store, clock, log, processor } = deps
  const again = () => signupById(store.read, signup.publicId) ?? signup
  if (signup.state !== "open" || (signup.askedMs !== null && clock.now() - signup.askedMs < pauseMs)) return signup
  if (signup.sessionId === null) {
    if (clock.now() - signup.createdMs > BILLING_LIMITS.orderLifeMs || pauseMs === 0)
      await moved(deps, signup, "expired")
    return again()
  }
  try {
    const session = await processor.session(signup.sessionId)
    if (session.subscriptionId !== null) await sync(deps, session.subscriptionId, `${signup.publicId} was paid for`)
    await moved(deps, again(), session.status === "expired" ? "expired" : again().state)
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    log.warn("billing.not_asked", { signup: signup.publicId, kind: error.kind, why: error.message })
    // Its page was made with another key: nobody pays on it any more.
    const isOld = clock.now() - signup.createdMs > BILLING_LIMITS.orderLifeMs
    if (error.kind === "gone" && isOld) await moved(deps, again(), "expired")
  }
  return again()
}

/** Nobody paid on its page. @returns whether the page is one of a signup that is over now */
export function signupOverIn(tx: Tx, { id, status }: Pick<SessionFacts, "id" | "status">): boolean {
  const signup = status === "expired" ? signupBySession(tx, id) : null
  if (signup === null) return false
  signupMovedIn(tx, signup, "expired")
  return true
}

const moved = ({ store }: BillingDepsOn, signup: Signup, state: Signup["state"]): Promise<void> =>
  store.write({ actor: "system:billing", requestId: "billing", reason: "the processor was asked" }, (tx) => {
    const now = signupById(tx, signup.publicId)!
    const asked = { ...now, askedMs: tx.now }
    saveSignup(tx, asked)
    signupMovedIn(tx, asked, state)
  })

export const signupOf = ({ store }: Pick<BillingDepsOn, "store">, userId: UserId, publicId: string): Signup | null => {
  const signup = signupById(store.read, publicId)
  return signup?.userId === userId ? signup : null
}
