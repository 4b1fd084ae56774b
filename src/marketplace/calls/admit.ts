// Lets a call through, or refuses it: one synchronous mutation from the key to the units, so that whatever comes at once is judged one
// after the other, and what is refused takes nothing. Reads what rows say in that moment; a change holds from the next call on.
import { AppError, ensure, type limiter } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { type Asked, invalidKey } from "./asked.ts"
import type { Seat } from "./busy.ts"
import type { CallsCore } from "./core.ts"
import { assertUsable } from "./keys/rules.ts"
import { knownKeys, knownSecrets } from "./keys/store.ts"
import { assertAddress, assertKey, assertOpen, assertPlan, assertSubscribed, routed } from "./may.ts"
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

/** It writes before it is known to be let through, which has to be undone for it alone: a mutation of its own. */
export interface Alone {
  kind: "alone"
}

/** Units of subscriptions as one mutation sees them, written at its end. */
export type UnitsInMutation = Map<number, UnitsOf>

/**
 * With others in one mutation: refused, it has written nothing.
 * @throws AppError why it may not go
 */
export const admitTogetherIn = (
  core: CallsCore,
  tx: Tx,
  asked: Asked,
  seen: Seen,
  units: UnitsInMutation,
): Admitted | Sample | Wanted | Alone => judgeIn(core, tx, { asked, seen, body: null, units, isAlone: false })

/**
 * In a mutation of its own.
 * @param body what was read and found right; null = nothing was read yet
 * @throws AppError why it may not go
 */
export function admitAloneIn(
  core: CallsCore,
  tx: Tx,
  asked: Asked,
  seen: Seen,
  body: Signed | null,
): Admitted | Sample | Wanted {
  const units: UnitsInMutation = new Map()
  const judged = judgeIn(core, tx, { asked, seen, body, units, isAlone: true })
  for (const one of units.values()) one.write()
  return judged as Exclude<typeof judged, Alone>
}

const ALONE: Alone = { kind: "alone" }

interface Judging {
  asked: Asked
  seen: Seen
  body: Signed | null
  units: UnitsInMutation
  isAlone: boolean
}

function judgeIn(core: CallsCore, tx: Tx, judging: Judging): Admitted | Sample | Wanted | Alone {
  const { asked, seen, body } = judging
  const key = keyIn(tx, asked, seen)
  const { subscription, product, offer } = whoseIn(core, tx, asked, key, seen)
  const units = judging.units.get(subscription.id) ?? new UnitsOf(tx, subscription, offer.quotas)
  judging.units.set(subscription.id, units)
  seen.quotas = units.standings(offer.quotas)
  assertKey(core, asked, key)
  assertOpen(product, subscription)
  assertSubscribed(subscription, tx.now)
  const { endpoint, values } = routed(product, asked)
  seen.endpoint = endpoint
  assertAddress(core, asked, product, endpoint)
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
  return takeIn(core, tx, judging, {
    key,
    subscription,
    product,
    endpoint,
    offer,
    units,
    rates,
    planName: plan?.name ?? "",
  })
}

interface Taking extends Pick<Admitted, "key" | "subscription" | "product" | "endpoint" | "planName"> {
  offer: Offer
  units: UnitsOf
  rates: Parameters<typeof decideRates>[2]
}

/** It may be called: what it uses and costs is taken, all of it or nothing. */
function takeIn(core: CallsCore, tx: Tx, { asked, seen, isAlone }: Judging, taking: Taking): Admitted | Alone {
  const { key, subscription, product, endpoint, offer, units, rates, planName } = taking
  core.busy.look(subscription.id, product.id, tx.now)
  const verdict = judgeUnits(seen.quotas, endpoint.weight, offer.overageNano !== null)
  if (verdict.refusedBy) {
    // Told with the refusal, not taken.
    seen.rates = decideRates(core.rates, tx, rates, 0)
    throw quotaExceeded(verdict.refusedBy, endpoint.weight)
  }
  const parts = partsOf(offer, endpoint, verdict.above, asked)
  if (parts.length > 0 && !isAlone) return ALONE
  const payment =
    parts.length === 0 ? null : payIn(core, tx, { asked, key, subscription, product, endpoint, offer, parts })
  limited(core, tx, rates, seen)
  tellIn(core, tx, subscription, product, seen.quotas, endpoint.weight)
  const taken = units.take(endpoint.weight)
  for (const one of seen.quotas) one.used += endpoint.weight
  seen.seat = core.busy.sit(subscription.id, product.id)
  return { kind: "admitted", key, subscription, product, endpoint, planName, taken, payment, seat: seen.seat }
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
  if (subscription.userId !== key.userId) requireSeatIn(core, tx, key, subscription)
  return { subscription, product, offer }
}

/** A key that somebody made for a team: in the very call, whether they may spend its credits. @throws AppError account_suspended, api_key_revoked */
function requireSeatIn({ identity, teams }: CallsCore, tx: Tx, key: KeyRow, { userId: teamId }: SubscriptionRow): void {
  identity.requireActiveIn(tx, teamId)
  const isIn = teams.maySpend(tx, key.userId, teamId)
  ensure(isIn, "api_key_revoked", "Whoever made this API key may not spend this team's credits any more.")
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
    "This call is charged beside your plan, and an app may only use what the plan includes.",
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
