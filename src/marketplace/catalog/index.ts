// The door of `catalog`: publishers, products, endpoints, what is written about them, and their import from OpenAPI documents.

import type { PrincipalId, UserId } from "../../app/index.ts"
import { type Proving, systemDns } from "../../http/index.ts"
import type { MarketplaceDeps } from "../deps.ts"
import { lookAgain } from "./again.ts"
import { commissionOf, decideIn, featureIn, setProductCommissionIn, setPublisherCommissionIn } from "./decide.ts"
import { moveEndpointIn, removeEndpointIn, saveEndpointIn, setEndpointsIn } from "./endpoints.ts"
import { checkHost, claimHostIn, dropHostIn, proofsOf, vouchForHostIn } from "./hosts.ts"
import {
  applyDocument,
  bringDocument,
  createFromDocument,
  dropWaitingIn,
  openapiOf,
  waitingDocument,
} from "./import.ts"
import { CATALOG_LIMITS as L } from "./limits.ts"
import { deliverChange } from "./mails.ts"
import {
  createProductIn,
  deleteProductIn,
  editProductIn,
  rollSigningIn,
  signingSecretOf,
  upstreamSecretOf,
} from "./products.ts"
import { becomePublisherIn, editPublisherIn, publisherAt } from "./publishers.ts"
import { lackingIn, publishIn, setStateIn, unpublishIn, withdrawIn } from "./states.ts"
import {
  categoriesOf,
  countByState,
  formerSlugs,
  listProducts,
  productById,
  productByPublicId,
  productBySlug,
  productOfOwner,
  productsOf,
  publisherById,
  publisherBySlug,
  publisherOf,
} from "./store.ts"
import { countEndpoints, endpointByPublicId, endpointsOf, planList } from "./store-endpoints.ts"
import {
  changeOf,
  changesOf,
  contactsOf,
  countFollowers,
  documentFacts,
  guideOf,
  guidesOf,
  isFollower,
  questionOf,
  questionsOf,
} from "./store-words.ts"
import { sweep } from "./sweep.ts"
import type { Mine, Product } from "./types.ts"
import {
  addChangeIn,
  addContactIn,
  editChangeIn,
  removeChangeIn,
  removeContactIn,
  removeGuideIn,
  removeQuestionIn,
  saveGuideIn,
  saveQuestionIn,
  setFollowIn,
} from "./words.ts"

export { METHODS, PLACES, TYPES } from "./endpoint-rules.ts"
export type { Waiting } from "./import.ts"
export { CATALOG_LIMITS } from "./limits.ts"
export { type Difference, type Differences, hasAddresses, type Imported } from "./openapi/index.ts"

export type * from "./types.ts"

export type Catalog = ReturnType<typeof createCatalog>

export const createCatalog = (core: MarketplaceDeps, dns: Proving = systemDns) => ({
  ...reading(core),
  ...writing(core, dns),
})

const reading = (core: MarketplaceDeps) => {
  const { read } = core.store
  return {
    publisherOf: (ownerId: PrincipalId) => publisherOf(read, ownerId),
    plansNamed: (productId: number) => planList(read, productId),
    publisherById: (id: number) => publisherById(read, id),
    publisherBySlug: (slug: string) => publisherBySlug(read, slug),
    /** Also by a former address; `moved` = links should name the present one. */
    publisherAt: (slug: string) => publisherAt(read, slug, core.clock.now()),
    formerSlugsOf: (publisherId: number) => formerSlugs(read, publisherId, core.clock.now()),

    product: (publicId: string) => productByPublicId(read, publicId),
    productById: (id: number) => productById(read, id),
    productBySlug: (slug: string) => productBySlug(read, slug),
    /** Null = not theirs, or none. */
    ownProduct: ({ ownerId, productPublicId }: Mine) => productOfOwner(read, ownerId, productPublicId),
    productsOf: (publisherId: number) => productsOf(read, publisherId, L.productsMax),
    categoriesOf: (productId: number) => categoriesOf(read, productId),
    /** Living ones in their order, with parameters and examples. */
    endpointsOf: (productId: number) => endpointsOf(read, productId),
    endpointCount: (productId: number) => countEndpoints(read, productId),
    endpoint: (productId: number, publicId: string) => endpointByPublicId(read, productId, publicId),
    /** What is to be done before it can be published. */
    lacking: (productPublicId: string) => {
      const product = productByPublicId(read, productPublicId)
      return product ? lackingIn(read, product) : []
    },

    guidesOf: (productId: number) => guidesOf(read, productId),
    guide: (productId: number, publicId: string) => guideOf(read, productId, publicId),
    /** Newest first. */
    changelogOf: (productId: number) => changesOf(read, productId, L.changesMax),
    change: (productId: number, publicId: string) => changeOf(read, productId, publicId),
    supportOf: (productId: number) => ({
      contacts: contactsOf(read, productId),
      questions: questionsOf(read, productId),
    }),
    question: (productId: number, publicId: string) => questionOf(read, productId, publicId),
    follows: (userId: UserId, productId: number) => isFollower(read, productId, userId),
    followers: (productId: number) => countFollowers(read, productId),

    /** What the addresses of a publisher's APIs begin with. */
    addressOfPublisher: ({ slug }: { slug: string }): string => `${core.publishedAt}/${slug}`,
    /** Where it is called, without a slash at the end. */
    addressOf: (product: Product): string =>
      `${core.publishedAt}/${publisherById(read, product.publisherId)?.slug ?? ""}/${product.slug}`,
    /** The product as OpenAPI 3.1, of its public address. */
    openapiOf: (product: Product) => openapiOf(core, read, product),
    /** The document that waits for its publisher's word, with what it would change. */
    waitingDocument: (mine: Mine) => waitingDocument(core, mine),
    importedFrom: (productId: number) => documentFacts(read, productId, "current"),

    /** For the operator. */
    list: (asked: Parameters<typeof listProducts>[1]) => listProducts(read, asked),
    countByState: () => new Map(countByState(read).map(({ state, n }) => [state, n])),

    proofsOf: (ownerId: PrincipalId) => proofsOf(core, ownerId),
    commissionOf: (productId: number) => commissionOf(core, read, productId),
  }
}

type Rest<F> = F extends (core: MarketplaceDeps, ...rest: infer R) => infer A ? (...rest: R) => A : never

const writing = (core: MarketplaceDeps, dns: Proving) => {
  /** Verbs take the house first; here it is given. */
  const given = <F extends (core: MarketplaceDeps, ...rest: never[]) => unknown>(verb: F): Rest<F> =>
    ((...rest: never[]) => verb(core, ...rest)) as Rest<F>
  return {
    becomePublisherIn: given(becomePublisherIn),
    editPublisherIn: given(editPublisherIn),
    createProductIn: given(createProductIn),
    editProductIn: given(editProductIn),
    deleteProductIn: given(deleteProductIn),
    rollSigningIn: given(rollSigningIn),
    signingSecretOf: given(signingSecretOf),
    upstreamSecretOf: given(upstreamSecretOf),
    saveEndpointIn: given(saveEndpointIn),
    removeEndpointIn: given(removeEndpointIn),
    moveEndpointIn: given(moveEndpointIn),
    setEndpointsIn: given(setEndpointsIn),
    createFromDocument: given(createFromDocument),
    bringDocument: given(bringDocument),
    applyDocument: given(applyDocument),
    dropWaitingIn: given(dropWaitingIn),
    publishIn: given(publishIn),
    unpublishIn: given(unpublishIn),
    withdrawIn: given(withdrawIn),
    /** An admin's, told to the publisher by mail. */
    decideIn: given(decideIn),
    setStateIn,
    featureIn,
    setProductCommissionIn,
    setPublisherCommissionIn,
    claimHostIn: given(claimHostIn),
    dropHostIn: given(dropHostIn),
    vouchForHostIn: given(vouchForHostIn),
    checkHost: (...[ctx, which]: [Parameters<typeof checkHost>[2], Parameters<typeof checkHost>[3]]) =>
      checkHost(core, dns, ctx, which),
    /** Looks again for the proofs that are due. @returns how many */
    lookAgain: (rows: number) => lookAgain(core, dns, rows),
    saveGuideIn: given(saveGuideIn),
    removeGuideIn: given(removeGuideIn),
    addChangeIn: given(addChangeIn),
    editChangeIn: given(editChangeIn),
    removeChangeIn: given(removeChangeIn),
    addContactIn: given(addContactIn),
    removeContactIn: given(removeContactIn),
    saveQuestionIn: given(saveQuestionIn),
    removeQuestionIn: given(removeQuestionIn),
    setFollowIn,
    deliverChange: given(deliverChange),
    sweep: given(sweep),
  }
}
