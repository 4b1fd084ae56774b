// SQL of what a call is judged by: subscription, terms, product with its endpoints. Remembered inside mutations until one of these tables
// is written, so that a change holds from the next call on.
import { columnsOf, findRow, type Reader, remember } from "../../store/index.ts"
import {
  marketEndpoints,
  marketExamples,
  marketParameters,
  marketPlans,
  marketPlanTerms,
  marketProducts,
  marketPublisherSlugs,
  marketPublishers,
  marketQuotas,
  marketRates,
  marketSubscriptions,
} from "../tables.ts"
import type { Example, Offer, ParameterRow, ProductOffered, SubscriptionRow } from "./offer.ts"
import { Routes } from "./route.ts"

export const subscriptionById = (reader: Reader, id: number): SubscriptionRow | null =>
  findRow(reader, marketSubscriptions, "id = ?", id)

export const knownSubscriptions = remember({ of: [marketSubscriptions], load: subscriptionById })

/** What a version of a plan grants. */
export function offerOf(reader: Reader, termsId: number): Offer | null {
  const terms = findRow(reader, marketPlanTerms, "id = ?", termsId)
  if (!terms) return null
  const { overageNano, overageCapNano, planId } = terms
  return {
    termsId,
    planId,
    overageNano,
    overageCapNano,
    quotas: reader.all("SELECT period, anchor, units FROM market_quotas WHERE terms_id = ?", termsId),
    rates: reader.all("SELECT endpoint_id AS endpointId, span, requests FROM market_rates WHERE terms_id = ?", termsId),
  }
}

export const knownOffers = remember({
  of: [marketPlanTerms, marketQuotas, marketRates],
  // A list grows by what is inserted.
  absence: true,
  load: offerOf,
})

/** Long texts stay where they are. */
const PRODUCT = `SELECT p.id, p.public_id AS publicId, p.slug, p.title, p.state, p.upstream_url AS upstreamUrl, p.upstream_header AS upstreamHeader,
    p.upstream_secret AS upstreamSecret, p.signing_secret AS signingSecret, p.timeout_ms AS timeoutMs, p.body_bytes_max AS bodyBytesMax,
    p.allowed_ips AS allowedIps, p.denied_ips AS deniedIps,
    u.id AS publisherId, u.public_id AS publisherPublicId, u.slug AS publisherSlug, u.owner_id AS ownerId, u.suspended_ms AS suspendedMs
  FROM market_products p JOIN market_publishers u ON u.id = p.publisher_id`

const ENDPOINTS = `SELECT id, public_id AS publicId, method, path, min_plan_id AS minPlanId, weight, price_nano AS priceNano, validates,
    body_schema AS bodySchema, body_type AS bodyType, allowed_ips AS allowedIps, denied_ips AS deniedIps
  FROM market_endpoints WHERE product_id = ? AND removed_ms IS NULL ORDER BY id`

function productOffered(reader: Reader, id: number): ProductOffered | null {
  const product = reader.get<Omit<ProductOffered, "plans" | "routes" | "formerSlugs">>(`${PRODUCT} WHERE p.id = ?`, id)
  if (!product) return null
  const former = reader.all<{ slug: string; untilMs: number }>(
    "SELECT slug, until_ms AS untilMs FROM market_publisher_slugs WHERE publisher_id = ?",
    product.publisherId,
  )
  return {
    ...product,
    formerSlugs: new Map(former.map(({ slug, untilMs }) => [slug, untilMs])),
    plans: reader.all("SELECT id, rank, name FROM market_plans WHERE product_id = ?", id),
    routes: new Routes(reader.all(ENDPOINTS, id)),
  }
}

export const knownProducts = remember({
  of: [marketProducts, marketPublishers, marketPublisherSlugs, marketPlans, marketEndpoints],
  // Its endpoints and plans are lists, which grow by what is inserted: one that is new counts from the next call on.
  absence: true,
  load: productOffered,
  // Each holds its compiled routes.
  max: 2_000,
})

export const productIdBySlug = (reader: Reader, slug: string): { id: number; state: string } | null =>
  reader.get("SELECT id, state FROM market_products WHERE slug = ?", slug)

export const parametersOf = (reader: Reader, endpointId: number): ParameterRow[] =>
  reader.all(
    `SELECT ${columnsOf(marketParameters)} FROM market_parameters WHERE endpoint_id = ? ORDER BY id`,
    endpointId,
  )

/** The first of success, else the first. */
export const exampleOf = (reader: Reader, endpointId: number): Example | null =>
  reader.get(
    `SELECT ${columnsOf(marketExamples)} FROM market_examples WHERE endpoint_id = ?
     ORDER BY status NOT BETWEEN 200 AND 299, position, id LIMIT 1`,
    endpointId,
  )
