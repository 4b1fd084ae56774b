// The states of a product: draft → in review, where the operator wants reviews → published → unpublished; an admin suspends and lets back in. Each
// step says what it needs.
import { ensure } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import type { ProductState } from "../types.ts"
import { type Core, changeableIn } from "./core.ts"
import { hostOf } from "./rules.ts"
import { REVIEWS } from "./settings.ts"
import { productByPublicId, saveProduct } from "./store.ts"
import { countEndpoints } from "./store-endpoints.ts"
import { countPlans } from "./store-words.ts"
import type { Mine, Product } from "./types.ts"

/** From where each state is reached. */
const FROM: Readonly<Record<ProductState, readonly ProductState[]>> = {
  draft: ["review", "unpublished"],
  review: ["draft", "unpublished"],
  published: ["draft", "review", "unpublished"],
  unpublished: ["published", "suspended"],
  suspended: ["draft", "review", "published", "unpublished"],
}

const canBecome = (from: ProductState, to: ProductState): boolean => FROM[to].includes(from)

/** What is still to be done before it can be published, in words; each names where. */
export function lackingIn(tx: Pick<Tx, "get" | "all">, product: Product): string[] {
  return [
    ...(countEndpoints(tx, product.id) === 0 ? ["Add an endpoint, or import an OpenAPI document."] : []),
    ...(countPlans(tx, product.id) === 0 ? ["Make a plan that people can subscribe to."] : []),
    ...(product.hostProvenMs === null ? [`Prove that ${hostOf(product.upstreamUrl)} is yours.`] : []),
  ]
}

const ACTS = {
  draft: "product.draft",
  review: "product.review",
  published: "product.published",
  unpublished: "product.unpublished",
  suspended: "product.suspended",
} as const satisfies Record<ProductState, string>

/** Without asking who may: whoever calls it has. */
export function moveIn(tx: Tx, product: Product, state: ProductState, reason: string | null): Product {
  ensure(
    canBecome(product.state, state),
    "conflict",
    `This product is ${SAID[product.state]}. Look at it again before you decide.`,
  )
  const publishedMs = state === "published" ? (product.publishedMs ?? tx.now) : product.publishedMs
  const after: Product = { ...product, state, stateReason: reason, publishedMs, updatedMs: tx.now }
  saveProduct(tx, after)
  auditIn(tx, {
    action: ACTS[state],
    subject: product.publicId,
    before: { title: product.title, state: product.state },
    after: { title: product.title, state, reason },
  })
  return after
}

export const SAID: Readonly<Record<ProductState, string>> = {
  draft: "a draft",
  review: "in review",
  published: "published",
  unpublished: "not published",
  suspended: "suspended",
}

/** A suspension is not the publisher's to end, by whatever step. */
function movableIn(core: Core, tx: Tx, mine: Mine): Product {
  const product = changeableIn(core, tx, mine)
  ensure(product.state !== "suspended", "conflict", "This product is suspended. Ask the people who run this service.")
  return product
}

/**
 * Published, or handed in for review where the operator wants reviews and it was not published before.
 * @throws AppError conflict with what is lacking
 */
export function publishIn(core: Core, tx: Tx, mine: Mine): Product {
  const product = movableIn(core, tx, mine)
  const lacking = lackingIn(tx, product)
  ensure(lacking.length === 0, "conflict", lacking.join(" "))
  const needsReview = core.settings.get(REVIEWS, tx) === "wanted" && product.publishedMs === null
  return moveIn(tx, product, needsReview ? "review" : "published", null)
}

/** Nobody new finds it; whoever subscribed goes on to the end of their period. */
export const unpublishIn = (core: Core, tx: Tx, mine: Mine): Product =>
  moveIn(tx, movableIn(core, tx, mine), "unpublished", null)

/** Out of the queue, back to the desk. */
export const withdrawIn = (core: Core, tx: Tx, mine: Mine): Product =>
  moveIn(tx, movableIn(core, tx, mine), "draft", null)

/** An admin's word. A product that is let back in is not published by that. */
export function setStateIn(
  tx: Tx,
  { productPublicId, state, reason }: { productPublicId: string; state: ProductState; reason: string | null },
): Product {
  const product = productByPublicId(tx, productPublicId)
  ensure(product, "not_found", "There is no such product.")
  if (state === "published") {
    const lacking = lackingIn(tx, product)
    ensure(lacking.length === 0, "conflict", lacking.join(" "))
  }
  return moveIn(tx, product, state, reason)
}
