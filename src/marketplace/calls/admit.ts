// Lets a call through, or refuses it: one synchronous mutation from the key to the units, so that whatever comes at once is judged one
// after the other, and what is refused takes nothing. Reads what rows say in that moment; a change holds from the next call on.
import { AppError, ensure, type limiter } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { opens } from "../plans/index.ts"
import { accessOf } from "../subscriptions/rules.ts"
import { type Asked, invalidKey } from "./asked.ts"
import type { Seat } from "./busy.ts"
import type { CallsCore } from "./core.ts"
import { assertUsable, READS } from "./keys/rules.ts"
import { knownKeys, knownSecrets } from "./keys/store.ts"
import { type PaidPart, type Payment, payIn } from "./money.ts"
import type { EndpointOffered, Offer, ProductOffered, SubscriptionRow } from "./offer.ts"
import { judgeUnits } from "./quota/rules.ts"
import { tellIn } from "./quota/tell.ts"
import { type Taken, UnitsOf } from "./quota/use.ts"
import { decideRates, rulesFor } from "./rates.ts"
import { checkSignatureIn, type Signed } from "./signature.ts"
import { knownOffers, knownProducts, knownSubscriptions } from "./store.ts"
import type { KeyRow, QuotaStanding } from "./types.ts"

/** What is known of a call so far: a refusal is logged, and told, by it. */
export interface Seen {
  key: KeyRow | null
  subscription: SubscriptionRow | null
  product: ProductOffered | null
  endpoint: EndpointOffered | null
  quotas: QuotaStanding[]
  rates: limiter.LimitDecision | null
  /** It took a place among those that run. */
  seat: Seat | null
}

export const nothingSeen = (): Seen => ({
  key: null,
  subscription: null,
  product: null,
  endpoint: null,
  quotas: [],
  rates: null,
  seat: null,
})

/** It may go, and took what it uses. */
export interface Admitted {
  kind: "admitted"
  key: KeyRow
  subscription: SubscriptionRow
  product: ProductOffered
  endpoint: EndpointOffered
  planName: string
  taken: Taken
  payment: Payment | null
  seat: Seat
}

/** Of a key of test mode. */
export interface Sample {
  kind: "sample"
  endpoint: EndpointOffered
}

/** Its body has to be read before it is judged: for the signature, or for what the endpoint accepts. */
export interface Wanted {
  kind: "body"
  endpoint: EndpointOffered
  product: ProductOffered
  key: KeyRow
  values: Record<string, string>
}

/** @param body what was read and found right; null = nothing was read yet */
export function admitIn(
  core: CallsCore,
  tx: Tx,
  asked: Asked,
  seen: Seen,
  body: Signed | null,
): Admitted | Sample | Wanted {
  const key = keyIn(tx, asked, seen)
  const { subscription, product, offer } = whoseIn(core, tx, asked, key, seen)
  const units = new UnitsOf(tx, subscription, offer.quotas)
  seen.quotas = units.standings
  assertKey(core, asked, key)
  assertOpen(product, subscription)
  assertSubscribed(subscription, tx.now)
  const { endpoint, values } = routed(product, asked, seen)
  const plan = product.plans.find(({ id }) => id === subscription.planId)
  assertPlan(product, endpoint, plan?.rank ?? -1)
  const isTooLarge = asked.declaredBytes !== null && asked.declaredBytes > product.bodyBytesMax
  ensure(!isTooLarge, "body_too_large", `This API takes bodies of up to ${product.bodyBytesMax} bytes. Send less.`)
  const mustSign = key.hmacSecret !== null && asked.as === null
  if (body === null && (endpoint.validates === 1 || mustSign)) return { kind: "body", endpoint, product, key, values }
  if (mustSign) checkSignatureIn(core, tx, key, asked, body!)
  const rates = { subscriptionId: subscription.id, endpointId: endpoint.id, rules: rulesFor(offer.rates, endpoint.id) }
  if (key.mode === "test") {
    limited(core, tx, rates, seen)
    return { kind: "sample", endpoint }
  }
  core.busy.look(subscription.id, product.id, tx.now)
  const verdict = judgeUnits(units.standings, endpoint.weight, offer.overageNano !== null)
  if (verdict.refusedBy) {
    // Told with the refusal, not taken.
    seen.rates = decideRates(core.rates, tx, rates, 0)
    throw quotaExceeded(verdict.refusedBy, endpoint.weight)
  }
  const parts = partsOf(offer, endpoint, verdict.above, asked)
  const payment = parts.length === 0 ? null : payIn(core, tx, { asked, subscription, product, endpoint, offer, parts })
  limited(core, tx, rates, seen)
  tellIn(core, tx, subscription, product, units.standings, endpoint.weight)
  const taken = units.take(endpoint.weight)
  seen.seat = core.busy.sit(subscription.id, product.id)
  return {
    kind: "admitted",
    key,
    subscription,
    product,
    endpoint,
    planName: plan?.name ?? "",
    taken,
    payment,
    seat: seen.seat,
  }
}

/** @throws AppError invalid_api_key, api_key_revoked, api_key_expired */
function keyIn(tx: Tx, { hash, as }: Asked, seen: Seen): KeyRow {
  const secret = hash === null ? null : knownSecrets.get(tx, hash)
  const key = as ? knownKeys.get(tx, as.keyId) : secret && knownKeys.get(tx, secret.keyId)
  if (!key) throw invalidKey("This server never made it, or its subscription is gone.")
  seen.key = key
  seen.subscription = knownSubscriptions.get(tx, key.subscriptionId)
  assertUsable(key, secret?.endsMs ?? null, tx.now)
  return key
}

function whoseIn(
  core: CallsCore,
  tx: Tx,
  asked: Asked,
  key: KeyRow,
  seen: Seen,
): { subscription: SubscriptionRow; product: ProductOffered; offer: Offer } {
  const { subscription } = seen
  const product = subscription && knownProducts.get(tx, subscription.productId)
  const offer = subscription && knownOffers.get(tx, subscription.termsId)
  if (!subscription || !product || !offer) throw invalidKey("Its subscription is gone.")
  const { slug, publisherSlug, formerSlugs } = product
  const isPublisher = publisherSlug === asked.publisher || (formerSlugs.get(asked.publisher) ?? 0) > tx.now
  if (slug !== asked.product || !isPublisher) throw invalidKey("It is for another API than the one that is called.")
  seen.product = product
  core.identity.requireActiveIn(tx, key.userId)
  return { subscription, product, offer }
}

/** @throws AppError api_key_address_denied, forbidden */
function assertKey(core: CallsCore, asked: Asked, { allowedIps, deniedIps, access }: KeyRow): void {
  if (asked.as === null && (allowedIps !== "" || deniedIps !== "")) {
    const ip = asked.ip()
    const isDenied = deniedIps !== "" && core.ranges.has(deniedIps, ip)
    if (isDenied || (allowedIps !== "" && !core.ranges.has(allowedIps, ip)))
      throw new AppError(
        "api_key_address_denied",
        "This API key does not work from your address. Its owner can change the addresses of the key.",
      )
  }
  const mayCall = access === "all" || READS.has(asked.method)
  ensure(mayCall, "forbidden", `This API key may only read: GET and HEAD, not ${asked.method.slice(0, 20)}.`)
}

/** What is not offered any more goes on for those who have it; a draft can be tried by its publisher. @throws AppError product_unavailable */
function assertOpen({ state, suspendedMs, ownerId }: ProductOffered, { userId }: SubscriptionRow): void {
  const goesOn = state === "published" || state === "unpublished"
  const isShown = goesOn || (state !== "suspended" && userId === ownerId)
  if (isShown && suspendedMs === null) return
  throw new AppError("product_unavailable", "This API is not offered now. Nothing was used of your quota.", {
    headers: { "x-should-retry": "false" },
  })
}

/** @throws AppError subscription_ended, subscription_past_due, forbidden */
function assertSubscribed(subscription: SubscriptionRow, now: number): void {
  const refused = accessOf(subscription, now)
  if (refused === null) return
  const { code, words } = NO_ACCESS[refused]
  throw new AppError(code, words)
}

const NO_ACCESS = {
  ended: { code: "subscription_ended", words: "This subscription is over. Subscribe again to go on." },
  banned: { code: "forbidden", words: "The publisher of this API has closed this subscription." },
  past_due: {
    code: "subscription_past_due",
    words: "This subscription could not be renewed. Pay for it, and the same keys work again.",
  },
} as const

/** @throws AppError not_found, method_not_allowed */
function routed({ routes }: ProductOffered, { method, path }: Asked, seen: Seen) {
  const found = routes.match(method, path)
  if ("allow" in found) {
    ensure(
      found.allow.length > 0,
      "not_found",
      "This API has no such endpoint. Its documentation lists those that there are.",
    )
    const allow = found.allow.join(", ")
    throw new AppError("method_not_allowed", `This endpoint takes ${allow}.`, { headers: { allow } })
  }
  seen.endpoint = found.endpoint
  return found
}

/** @throws AppError plan_required */
function assertPlan({ plans }: ProductOffered, endpoint: EndpointOffered, rank: number): void {
  if (opens(rank, endpoint, plans)) return
  const least = plans.find(({ id }) => id === endpoint.minPlanId)?.name ?? "another plan"
  throw new AppError("plan_required", `This endpoint needs the plan ${least}, or one above it.`, {
    fields: { plan: least },
  })
}

/** @throws AppError rate_limit_exceeded */
function limited(core: CallsCore, tx: Tx, rates: Parameters<typeof decideRates>[2], seen: Seen): void {
  if (rates.rules.length === 0) return
  const decision = decideRates(core.rates, tx, rates)
  seen.rates = decision
  if (decision.admitted) return
  const rule = decision.refusedBy!
  const seconds = Math.max(1, Math.ceil(((decision.retryAtMs ?? tx.now) - tx.now) / 1_000))
  throw new AppError(
    "rate_limit_exceeded",
    `This plan allows ${rule.limit.toLocaleString("en")} calls of this endpoint a ${rule.name}. Try again in ${seconds} s.`,
    { retryAfterSeconds: seconds, fields: { limit: rule.name } },
  )
}

/** What is paid beside the plan: units above the quota, and the endpoint's own price. @throws AppError forbidden */
function partsOf({ overageNano }: Offer, endpoint: EndpointOffered, above: number, { as }: Asked): PaidPart[] {
  const parts: PaidPart[] = []
  if (above > 0) parts.push({ endpointId: 0, units: above, unitNano: overageNano! })
  if (endpoint.priceNano > 0) parts.push({ endpointId: endpoint.id, units: 1, unitNano: endpoint.priceNano })
  ensure(
    parts.length === 0 || !as?.withinPlan,
    "forbidden",
    "This call is charged beside your plan, and an app, or a key with a spend limit, may only use what the plan includes.",
  )
  return parts
}

function quotaExceeded({ period, limit, used, endMs }: QuotaStanding, weight: number): AppError {
  const left = Math.max(0, limit - used)
  const rest = left > 0 ? ` This call uses ${weight}, and ${left} are left.` : ""
  return new AppError(
    "quota_exceeded",
    `The ${limit.toLocaleString("en")} units of this ${period} are used up.${rest} They come back at ${new Date(endMs).toISOString()}.`,
    { fields: { quota: period, reset: new Date(endMs).toISOString() } },
  )
}
