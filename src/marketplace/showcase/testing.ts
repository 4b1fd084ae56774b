// Products to find and to review, for tests and measurements: rows by hand over a real database.
import { createIds, type Nano, type UserId, VirtualClock } from "../../app/index.ts"
import { insertRow, openTestStore, type Tx, testCtx } from "../../store/index.ts"
import {
  marketEndpoints,
  marketPlans,
  marketPlanTerms,
  marketProductCategories,
  marketProducts,
  marketPublishers,
  marketSubscriptions,
} from "../tables.ts"
import { createShowcase } from "./index.ts"

export const PUBLISHER = 1 as UserId

export async function openShowcase() {
  const clock = new VirtualClock()
  const opened = await openTestStore({ clock })
  const mailed: unknown[] = []
  const mails = {
    queueIn: (_: Tx, __: unknown, { data, to }: { data: object; to: string }) => mailed.push({ ...data, mail: to }),
  }
  const identity = { userById: (id: UserId) => ({ email: `${id}@example.com` }) }
  const showcase = createShowcase({
    store: opened.store,
    ids: createIds(clock),
    mails: mails as never,
    identity: identity as never,
    makers: identity as never,
    teams: {
      nameOf: () => null,
      maySpend: () => false,
      areKinIn: () => false,
      circleOf: (_: unknown, id: UserId) => [id],
    },
  })
  const write = <T>(verb: (tx: Tx) => T) => opened.store.write(testCtx, verb as never) as Promise<T>
  const publisherId = await write((tx) => addPublisher(tx, PUBLISHER, "Paper Lantern Studio"))
  return { ...opened, clock, showcase, write, publisherId, mailed }
}

export const addPublisher = (tx: Tx, ownerId: UserId, name: string): number =>
  insertRow(tx, marketPublishers, {
    publicId: `pub_${ownerId}`,
    ownerId,
    slug: `publisher-${ownerId}`,
    name,
    createdMs: tx.now,
    updatedMs: tx.now,
  })

export interface MadeProduct {
  slug: string
  title?: string
  tagline?: string
  overview?: string
  state?: "draft" | "published"
  categories?: readonly string[]
  /** Of each plan, n$. */
  prices?: readonly number[]
  endpoints?: readonly string[]
  featuredMs?: number
}

/** @returns its number */
export function addProduct(tx: Tx, publisherId: number, made: MadeProduct): number {
  const { slug, title = slug, tagline = "", overview = "", state = "published", featuredMs } = made
  const times = { createdMs: tx.now, updatedMs: tx.now }
  const productId = insertRow(tx, marketProducts, {
    publicId: `prd_${slug}`,
    publisherId,
    slug,
    title,
    tagline,
    overview,
    upstreamUrl: "https://api.example.com",
    state,
    signingSecret: "v1.sealed",
    featuredMs: featuredMs ?? null,
    publishedMs: tx.now,
    ...times,
  })
  for (const category of made.categories ?? []) insertRow(tx, marketProductCategories, { productId, category })
  for (const [rank, price] of (made.prices ?? []).entries()) {
    const planId = insertRow(tx, marketPlans, {
      publicId: `mpl_${slug}_${rank}`,
      productId,
      rank,
      name: `Plan ${rank}`,
      ...times,
    })
    insertRow(tx, marketPlanTerms, { planId, version: 1, priceNano: price as Nano, cycle: "month", createdMs: tx.now })
  }
  for (const [position, path] of (made.endpoints ?? []).entries())
    insertRow(tx, marketEndpoints, {
      publicId: `epd_${slug}_${position}`,
      productId,
      position,
      method: "GET",
      path,
      title: path,
      ...times,
    })
  return productId
}

/** Somebody subscribes to a product's first plan. */
export function addSubscriber(tx: Tx, productId: number, userId: UserId): void {
  const plan = tx.get<{ planId: number; termsId: number }>(
    "SELECT l.id AS planId, t.id AS termsId FROM market_plans l JOIN market_plan_terms t ON t.plan_id = l.id WHERE l.product_id = ? LIMIT 1",
    productId,
  )!
  insertRow(tx, marketSubscriptions, {
    publicId: `msb_${productId}_${userId}`,
    productId,
    userId,
    payerId: userId,
    ...plan,
    state: "active",
    anchorMs: tx.now,
    periodStartMs: tx.now,
    periodEndMs: tx.now + 1_000_000,
    createdMs: tx.now,
    updatedMs: tx.now,
  })
}
