// A row in each table of the marketplace, for tests of what all parts have in common.
import type { UserId } from "../app/index.ts"
import { insertRow, type Tx } from "../store/index.ts"
import { marketCalls, marketNonces, marketQuotaNotices, marketRateUse, marketSignals } from "./calls/tables.ts"
import {
  marketChanges,
  marketContacts,
  marketDocuments,
  marketFollowers,
  marketGuides,
  marketHosts,
  marketQuestions,
} from "./catalog/tables.ts"
import {
  marketEndpoints,
  marketExamples,
  marketKeySecrets,
  marketKeys,
  marketKeyUses,
  marketOverages,
  marketParameters,
  marketPlans,
  marketPlanTerms,
  marketProductCategories,
  marketProducts,
  marketPublisherSlugs,
  marketPublishers,
  marketQuotaUse,
  marketSubscriptions,
} from "./tables.ts"

/** Somebody publishes an API, and somebody subscribes to it and has a key. Every text that people write is `words`. */
export function insertMarket(
  tx: Tx,
  { ownerId, userId, words }: { ownerId: UserId; userId: UserId; words: string },
): void {
  const made = { createdMs: tx.now, updatedMs: tx.now }
  const publisherId = insertRow(tx, marketPublishers, {
    publicId: `pub_${ownerId}`,
    ownerId,
    slug: `publisher-${ownerId}`,
    name: words,
    organisation: words,
    about: words,
    ...made,
  })
  insertRow(tx, marketPublisherSlugs, { slug: `former-${ownerId}`, publisherId, untilMs: tx.now + 1 })
  const productId = insertRow(tx, marketProducts, {
    publicId: `prd_${ownerId}`,
    publisherId,
    slug: `product-${ownerId}`,
    title: words,
    tagline: words,
    overview: words,
    upstreamUrl: `https://${encodeURIComponent(words).toLowerCase()}.example`,
    state: "published",
    signingSecret: "v1.sealed",
    ...made,
  })
  insertRow(tx, marketProductCategories, { productId, category: "weather" })
  const planId = insertRow(tx, marketPlans, { publicId: `mpl_${ownerId}`, productId, rank: 0, name: "Free", ...made })
  const terms = { planId, version: 1, priceNano: 0 as never, cycle: "month" as const, createdMs: tx.now }
  const termsId = insertRow(tx, marketPlanTerms, terms)
  const endpointId = insertRow(tx, marketEndpoints, {
    publicId: `epd_${ownerId}`,
    productId,
    position: 0,
    method: "GET",
    path: `/${encodeURIComponent(words)}`,
    title: words,
    description: words,
    ...made,
  })
  const placed = { endpointId, position: 0 }
  insertRow(tx, marketParameters, { ...placed, place: "query", name: words, type: "string", required: true })
  insertRow(tx, marketExamples, { ...placed, status: 200, meaning: words, body: words })
  write(tx, { ownerId, publisherId, productId, words })
  insertRow(tx, marketFollowers, { productId, userId, sinceMs: tx.now })
  subscribe(tx, { userId, productId, planId, termsId, words })
}

function subscribe(
  tx: Tx,
  { userId, words, ...of }: { userId: UserId; productId: number; planId: number; termsId: number; words: string },
): void {
  const made = { createdMs: tx.now, updatedMs: tx.now }
  const subscriptionId = insertRow(tx, marketSubscriptions, {
    publicId: `msb_${userId}`,
    ...of,
    userId,
    payerId: userId,
    state: "active",
    anchorMs: tx.now,
    periodStartMs: tx.now,
    periodEndMs: tx.now + 1_000,
    reason: words,
    ...made,
  })
  insertRow(tx, marketQuotaUse, { subscriptionId, period: "day", startMs: tx.now, endMs: tx.now + 1, used: 5 })
  const paid = { unitNano: 1 as never, units: 1, nano: 1 as never, commissionNano: 0 as never }
  insertRow(tx, marketOverages, { subscriptionId, periodStartMs: tx.now, termsId: of.termsId, endpointId: 0, ...paid })
  const keyId = insertRow(tx, marketKeys, { publicId: `mky_${userId}`, subscriptionId, userId, name: words, ...made })
  insertRow(tx, marketKeySecrets, { keyId, hash: `hash of ${userId}`, prefix: "api_live", createdMs: tx.now })
  insertRow(tx, marketKeyUses, { keyId, lastUsedMs: tx.now, calls: 1 })
  called(tx, { subscriptionId, keyId, productId: of.productId, words })
}

function write(
  tx: Tx,
  {
    ownerId,
    publisherId,
    productId,
    words,
  }: { ownerId: UserId; publisherId: number; productId: number; words: string },
): void {
  const made = { createdMs: tx.now, updatedMs: tx.now }
  const placed = { productId, position: 0 }
  insertRow(tx, marketDocuments, { productId, state: "current", text: words, createdMs: tx.now })
  insertRow(tx, marketGuides, { ...placed, publicId: `gde_${ownerId}`, title: words, body: words, ...made })
  const change = { version: "1", title: words, body: words, breaking: false, publishedMs: tx.now, updatedMs: tx.now }
  insertRow(tx, marketChanges, { productId, publicId: `chg_${ownerId}`, ...change })
  insertRow(tx, marketQuestions, { ...placed, publicId: `faq_${ownerId}`, question: words, answer: words, ...made })
  const contact = { level: "email" as const, kind: "email" as const, label: words, target: `${words}@example.com` }
  insertRow(tx, marketContacts, { productId, publicId: `ctc_${ownerId}`, ...contact, createdMs: tx.now })
  insertRow(tx, marketHosts, { publisherId, host: `${words}.example`, token: "token", createdMs: tx.now })
}

/** What calls leave behind. */
function called(tx: Tx, of: { subscriptionId: number; keyId: number; productId: number; words: string }): void {
  const { words, subscriptionId, keyId, productId } = of
  insertRow(tx, marketCalls, {
    subscriptionId,
    keyId,
    productId,
    requestId: `req_${subscriptionId}`,
    atMs: tx.now,
    endpointId: 0,
    method: "GET",
    path: `/${encodeURIComponent(words)}`,
    status: 200,
    latencyMs: 1,
    units: 1,
    chargedNano: 0 as never,
    bytesOut: 1,
  })
  insertRow(tx, marketNonces, { keyId, nonce: "a-nonce-of-a-call", untilMs: tx.now })
  insertRow(tx, marketRateUse, { subscriptionId, endpointId: 1, startMs: tx.now, used: 1 })
  insertRow(tx, marketQuotaNotices, { subscriptionId, period: "day", percent: 80, startMs: tx.now })
  const moment = { firstMs: tx.now, lastMs: tx.now }
  insertRow(tx, marketSignals, { rule: "url", productId, subscriptionId, keyId, seen: 1, usual: 0, ...moment })
}
