// What an admin decides about products and publishers: shown first, commission. Each is audited.
import { ensure, refuseFields, UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import type { ProductState } from "../types.ts"
import type { Core } from "./core.ts"
import { productDecided } from "./mails.ts"
import { within } from "./rules.ts"
import { COMMISSION } from "./settings.ts"
import { setStateIn } from "./states.ts"
import { productById, productByPublicId, publisherById, saveProduct, savePublisher } from "./store.ts"
import type { Commission, Product, Publisher } from "./types.ts"

const productIn = (tx: Reader, publicId: string): Product => {
  const product = productByPublicId(tx, publicId)
  ensure(product, "not_found", "There is no such product.")
  return product
}

/** Its publisher is told by mail; what an admin said stands on the product's page. */
export function decideIn(
  core: Core,
  tx: Tx,
  input: { productPublicId: string; state: ProductState; reason: string | null },
): Product {
  const after = setStateIn(tx, input)
  const { state } = after
  const owner = publisherById(tx, after.publisherId)
  const user = owner && core.makers.userById(UserId(owner.ownerId))
  if (user && (state === "published" || state === "draft" || state === "suspended")) {
    const data = { api: after.title, product: after.publicId, state }
    core.mails.queueIn(tx, productDecided, { to: user.email, data, uselessAfterMs: null })
  }
  return after
}

export function featureIn(tx: Tx, { productPublicId, on }: { productPublicId: string; on: boolean }): Product {
  const product = productIn(tx, productPublicId)
  ensure(!on || product.state === "published", "conflict", "Only what is published can be featured.")
  const after = { ...product, featuredMs: on ? (product.featuredMs ?? tx.now) : null }
  saveProduct(tx, after)
  auditIn(tx, {
    action: on ? "product.featured" : "product.unfeatured",
    subject: product.publicId,
    after: { title: product.title },
  })
  return after
}

const ALL_BP = 10_000
const bpProblem = (bp: number | null): string | null => (bp === null ? null : within(bp, 0, ALL_BP, "Give 0 to 100%."))

/** @param bp basis points; null = as its publisher has it, or the platform */
export function setProductCommissionIn(
  tx: Tx,
  { productPublicId, bp }: { productPublicId: string; bp: number | null },
): Product {
  const product = productIn(tx, productPublicId)
  refuseFields({ commission: bpProblem(bp) })
  const after = { ...product, commissionBp: bp }
  saveProduct(tx, after)
  auditIn(tx, {
    action: "product.commission_set",
    subject: product.publicId,
    before: { title: product.title, bp: product.commissionBp },
    after: { title: product.title, bp },
  })
  return after
}

export function setPublisherCommissionIn(
  tx: Tx,
  { publisherId, bp }: { publisherId: number; bp: number | null },
): Publisher {
  const publisher = publisherById(tx, publisherId)
  ensure(publisher, "not_found", "There is no such publisher.")
  refuseFields({ commission: bpProblem(bp) })
  const after = { ...publisher, commissionBp: bp }
  savePublisher(tx, after)
  auditIn(tx, {
    action: "publisher.commission_set",
    subject: publisher.publicId,
    before: { name: publisher.name, bp: publisher.commissionBp },
    after: { name: publisher.name, bp },
  })
  return after
}

/** Product, then publisher, then platform. */
export function commissionOf(core: Core, reader: Reader, productId: number): Commission {
  const product = productById(reader, productId)
  ensure(product, "not_found", "There is no such product.")
  if (product.commissionBp !== null) return { bp: product.commissionBp, by: "product" }
  const publisher = publisherById(reader, product.publisherId)
  if (publisher && publisher.commissionBp !== null) return { bp: publisher.commissionBp, by: "publisher" }
  return { bp: core.settings.get(COMMISSION, reader), by: "platform" }
}
