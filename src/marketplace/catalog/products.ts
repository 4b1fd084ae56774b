// Making and changing a product. Where its calls go is the publisher's to prove before anybody is sent there.
import { AppError, ensure, randomSecret, refuseFields, slugOf } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { houseNameIn } from "../../brand/index.ts"
import { listOf } from "../../keys/index.ts"
import { sealIn } from "../../part/index.ts"
import type { Tx } from "../../store/index.ts"
import { type Core, changeableIn, mineIn, publisherIn } from "./core.ts"
import { provenAtIn } from "./hosts.ts"
import { CATALOG_LIMITS as L } from "./limits.ts"
import {
  addressesText,
  categoryOf,
  headerProblem,
  hostOf,
  productProblems,
  slugProblem,
  title,
  upstreamOf,
} from "./rules.ts"
import { SEALED_SIGNING, SEALED_UPSTREAM } from "./sealed.ts"
import {
  categoriesOf,
  countProducts,
  deleteProduct,
  insertProduct,
  productBySlug,
  saveProduct,
  setCategories,
  wasSubscribed,
} from "./store.ts"
import type { EditProduct, Mine, NewProduct, Product, ProductDraft } from "./types.ts"

/** What the log keeps of a product; whether a secret is set, never the secret. */
const told = (product: Product, categories: readonly string[]) => ({
  title: product.title,
  slug: product.slug,
  tagline: product.tagline,
  version: product.version,
  upstreamUrl: product.upstreamUrl,
  upstreamHeader: product.upstreamHeader,
  timeoutMs: product.timeoutMs,
  bodyBytesMax: product.bodyBytesMax,
  allowedIps: product.allowedIps,
  deniedIps: product.deniedIps,
  categories,
})

type Fields = Omit<ProductDraft, "upstreamHeader" | "upstreamSecret">

const tidied = (draft: Fields): Fields => {
  const upstream = upstreamOf(draft.upstreamUrl)
  return {
    ...draft,
    title: title(draft.title),
    tagline: title(draft.tagline),
    overview: draft.overview.trim(),
    version: draft.version.trim(),
    slug: draft.slug.trim().toLowerCase(),
    upstreamUrl: "url" in upstream ? upstream.url : draft.upstreamUrl,
    categories: [...new Set(draft.categories.map(categoryOf).filter((one) => one !== ""))],
  }
}

const takenSlug = (tx: Tx, slug: string, ownId: number | null): { slug?: string } => {
  const holder = productBySlug(tx, slug)
  return holder && holder.id !== ownId ? { slug: "This address is taken. Choose another one." } : {}
}

/** An address that the title suggests and nobody has. */
function freeSlugIn(tx: Tx, name: string): string {
  const base = slugOf(name)
  const stem = slugProblem(base, 50) === null ? base : `${base}-api`.replace(/^-/, "an-")
  for (let n = 1; n <= 100; n++) {
    const slug = n === 1 ? stem : `${stem}-${n}`
    if (slugProblem(slug, 60) === null && productBySlug(tx, slug) === null) return slug
  }
  throw new AppError("validation_failed", "Choose an address.", { formErrors: { slug: "Choose an address." } })
}

const EMPTY: Omit<Fields, "title" | "slug" | "upstreamUrl"> = {
  tagline: "",
  overview: "",
  version: "1.0.0",
  categories: [],
  timeoutMs: 30_000,
  bodyBytesMax: 10_485_760,
  allowedIps: [],
  deniedIps: [],
}

/** A draft: only its publisher sees it. */
export function createProductIn(core: Core, tx: Tx, { ownerId, ...input }: NewProduct): Product {
  const publisher = publisherIn(core, tx, ownerId)
  ensure(
    countProducts(tx, publisher.id) < L.productsMax,
    "conflict",
    `You have ${L.productsMax} products, the most there may be. Delete a draft first.`,
  )
  const fields = tidied({ ...EMPTY, slug: "", ...input })
  fields.slug ||= freeSlugIn(tx, fields.title)
  refuseFields({
    ...productProblems(fields, { house: houseNameIn(tx) }),
    ...takenSlug(tx, fields.slug, null),
    ...secretProblems(input),
  })
  const { categories, ...columns } = columnsOf(fields)
  const publicId = core.ids.next("prd")
  const secret = input.upstreamSecret || null
  const row = {
    publicId,
    publisherId: publisher.id,
    ...columns,
    state: "draft" as const,
    stateReason: null,
    hostProvenMs: provenAtIn(tx, publisher.id, hostOf(fields.upstreamUrl)),
    featuredMs: null,
    commissionBp: null,
    upstreamHeader: secret ? (input.upstreamHeader ?? null) : null,
    upstreamSecret: secret && sealIn(tx, core.keyring, SEALED_UPSTREAM, [publicId], secret),
    signingSecret: sealIn(tx, core.keyring, SEALED_SIGNING, [publicId], randomSecret()),
    createdMs: tx.now,
    updatedMs: tx.now,
    publishedMs: null,
  }
  const product = { id: insertProduct(tx, row), ...row }
  setCategories(tx, product.id, categories)
  auditIn(tx, { action: "product.created", subject: publicId, after: told(product, categories) })
  return product
}

/** What is left out stays. @throws AppError conflict when it changed since `seenMs` */
export function editProductIn(core: Core, tx: Tx, { seenMs, ...input }: EditProduct): Product {
  const before = changeableIn(core, tx, input)
  if (seenMs !== undefined && seenMs !== before.updatedMs)
    throw new AppError("conflict", "Somebody changed this product since you opened it. Look again before you save.")
  const categoriesBefore = categoriesOf(tx, before.id)
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
  const fields = tidied(pick({ ...before, ...listsOf(before), categories: categoriesBefore, ...given }))
  refuseFields({
    ...productProblems(fields, { house: houseNameIn(tx), kept: before.title }),
    ...takenSlug(tx, fields.slug, before.id),
    ...secretProblems(input, before),
  })
  const hostProvenMs = provenStillIn(tx, before, fields.upstreamUrl)
  const { categories, ...columns } = columnsOf(fields)
  const after: Product = {
    ...before,
    ...columns,
    ...secretsIn(core, tx, before, input),
    hostProvenMs,
    updatedMs: tx.now,
  }
  saveProduct(tx, after)
  setCategories(tx, after.id, categories)
  auditIn(tx, {
    action: "product.edited",
    subject: after.publicId,
    before: told(before, categoriesBefore),
    after: told(after, categories),
  })
  return after
}

const pick = (all: Fields): Fields => ({
  title: all.title,
  tagline: all.tagline,
  overview: all.overview,
  version: all.version,
  slug: all.slug,
  upstreamUrl: all.upstreamUrl,
  categories: all.categories,
  timeoutMs: all.timeoutMs,
  bodyBytesMax: all.bodyBytesMax,
  allowedIps: all.allowedIps,
  deniedIps: all.deniedIps,
})

const listsOf = ({ allowedIps, deniedIps }: Product) => ({
  allowedIps: listOf(allowedIps),
  deniedIps: listOf(deniedIps),
})
const columnsOf = ({ allowedIps, deniedIps, ...fields }: Fields) => ({
  ...fields,
  allowedIps: addressesText(allowedIps),
  deniedIps: addressesText(deniedIps),
})

/** Calls that are paid for never go to a server whose owner is not known. */
function provenStillIn(tx: Tx, before: Product, upstreamUrl: string): number | null {
  const host = hostOf(upstreamUrl)
  if (host === hostOf(before.upstreamUrl)) return before.hostProvenMs
  const proven = provenAtIn(tx, before.publisherId, host)
  if (proven === null && before.state === "published")
    refuseFields({
      upstreamUrl: `Prove first that ${host} is yours, under Settings, Servers. The product is published.`,
    })
  return proven
}

function secretProblems(
  input: { upstreamHeader?: string | null; upstreamSecret?: string | null },
  before?: Product,
): { upstreamHeader?: string | null; upstreamSecret?: string | null } {
  const header = input.upstreamHeader?.trim() ?? ""
  const secret = input.upstreamSecret ?? ""
  if (header === "") return { upstreamSecret: secret === "" ? null : "Say in which header it is sent." }
  const keeps = secret === "" && before?.upstreamSecret
  return {
    upstreamHeader: headerProblem(header),
    upstreamSecret: keeps
      ? null
      : /^[\x21-\x7e][\x20-\x7e]*$/.test(secret) && secret.length <= L.secretChars
        ? null
        : "Enter the value of the header: visible ASCII characters.",
  }
}

/** Without a header there is no secret; a secret that was not typed again stays. */
function secretsIn(
  core: Core,
  tx: Tx,
  before: Product,
  { upstreamHeader, upstreamSecret }: EditProduct,
): Pick<Product, "upstreamHeader" | "upstreamSecret"> {
  if (upstreamHeader === undefined) return before
  const header = upstreamHeader?.trim() ?? ""
  if (header === "") return { upstreamHeader: null, upstreamSecret: null }
  return {
    upstreamHeader: header,
    upstreamSecret: upstreamSecret
      ? sealIn(tx, core.keyring, SEALED_UPSTREAM, [before.publicId], upstreamSecret)
      : before.upstreamSecret,
  }
}

/** Gone with everything of it; what somebody subscribed to stays, unpublished. */
export function deleteProductIn(core: Core, tx: Tx, mine: Mine): void {
  const product = changeableIn(core, tx, mine)
  ensure(
    !wasSubscribed(tx, product.id),
    "conflict",
    "People subscribed to this product, and their invoices name it. Unpublish it instead.",
  )
  ensure(product.state !== "suspended", "conflict", "This product is suspended. Ask the people who run this service.")
  deleteProduct(tx, product.id)
  auditIn(tx, { action: "product.deleted", subject: product.publicId, before: told(product, []) })
}

/** A new key that signs for the publisher's server; the old one ends at once. */
export function rollSigningIn(core: Core, tx: Tx, mine: Mine): string {
  const product = changeableIn(core, tx, mine)
  const secret = randomSecret()
  const signingSecret = sealIn(tx, core.keyring, SEALED_SIGNING, [product.publicId], secret)
  saveProduct(tx, { ...product, signingSecret, updatedMs: tx.now })
  auditIn(tx, { action: "product.signing_rolled", subject: product.publicId, after: { title: product.title } })
  return secret
}

/** For the gateway alone, and for the publisher who asks for it. */
export const signingSecretOf = (core: Core, { publicId, signingSecret }: Product): string =>
  core.keyring.open(SEALED_SIGNING.purpose, SEALED_SIGNING.place(publicId), signingSecret)

export const upstreamSecretOf = (core: Core, { publicId, upstreamSecret }: Product): string | null =>
  upstreamSecret && core.keyring.open(SEALED_UPSTREAM.purpose, SEALED_UPSTREAM.place(publicId), upstreamSecret)

export { mineIn }
