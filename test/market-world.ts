// A product of the marketplace with a subscriber, for the walks of all routes: every text that people write is hostile.
import type { User } from "../src/identity/index.ts"
import { CTX, type TestServer } from "./build.ts"

export interface MarketWorld {
  /** Of the product's address. */
  apiSlug: string
  productId: string
  endpointId: string
  guideId: string
  /** A key of the subscriber. */
  productKeyId: string
  subscriptionId: string
  /** Taken down: its author alone sees it. */
  reviewId: string
  /** A call of the subscriber, by its request. */
  callId: string
}

export async function addMarket(
  { app }: TestServer,
  { developer, person, words }: { developer: User; person: User; words: string },
): Promise<MarketWorld> {
  const { catalog, plans, subscriptions, showcase, calls } = app.marketplace
  const made = await app.store.write(CTX, (tx) => {
    catalog.becomePublisherIn(tx, { ownerId: developer.id, slug: "routes-house", name: words.slice(0, 60) })
    const product = catalog.createProductIn(tx, {
      ownerId: developer.id,
      title: words.slice(0, 60),
      slug: "routes-api",
      tagline: words,
      overview: words,
      upstreamUrl: "http://127.0.0.1:9/v1",
      categories: ["W".repeat(30)],
    })
    return { id: product.id, mine: { ownerId: developer.id, productPublicId: product.publicId } }
  })
  const { mine } = made
  return app.store
    .write(CTX, (tx) => {
      const terms = {
        cycle: "month",
        trialDays: 0,
        overageNano: null,
        overageCapNano: null,
        quotas: [],
        rates: [],
      } as const
      const plan = plans.createPlanIn(tx, {
        productId: made.id,
        name: words.slice(0, 30),
        terms: { ...terms, priceNano: 0 as never },
      })
      const endpoint = catalog.saveEndpointIn(tx, {
        ...mine,
        method: "GET",
        path: "/things/{id}",
        title: words.slice(0, 60),
        description: words,
      })
      const guide = catalog.saveGuideIn(tx, { ...mine, title: words.slice(0, 60), body: words })
      catalog.addChangeIn(tx, {
        ...mine,
        version: "1.0",
        title: words.slice(0, 60),
        body: words,
        breaking: true,
        mail: false,
      })
      catalog.publishIn(tx, mine)
      catalog.decideIn(tx, { productPublicId: mine.productPublicId, state: "published", reason: null })
      const { subscription, key } = subscriptions.subscribeIn(tx, { userId: person.id, planId: plan.id, key: "routes" })
      const draft = { userId: person.id, productId: made.id, stars: 3, title: words.slice(0, 60), text: words }
      const review = showcase.writeReviewIn(tx, draft)
      showcase.decideReviewIn(tx, { publicId: review.publicId, because: words })
      return { subscription, key, endpoint, guide, review }
    })
    .then(async ({ subscription, key, endpoint, guide, review }) => {
      await calls.forward(new Request("http://localhost/m/routes-house/routes-api/none"), {
        as: { keyId: calls.keysOf(subscription.id)[0]!.id },
      })
      await calls.flush()
      return {
        apiSlug: "routes-api",
        productId: mine.productPublicId,
        endpointId: endpoint.publicId,
        guideId: guide.publicId,
        productKeyId: key!.publicId,
        subscriptionId: subscription.publicId,
        reviewId: review.publicId,
        callId: calls.callsOf(subscription.id, { limit: 1 })[0]?.requestId ?? "req_none",
      }
    })
}
