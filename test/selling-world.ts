// A plan of the developer's API, and the person who subscribed to it, for the walks of all routes.
import { nano } from "../src/app/index.ts"
import type { User } from "../src/identity/index.ts"
import { CTX, type TestServer } from "./build.ts"

export interface SellingWorld {
  /** `prd_…` */
  product: string
  /** `mpl_…` */
  plan: string
  /** `msb_…` */
  subscription: string
}

const TERMS = {
  priceNano: nano(0),
  cycle: "month" as const,
  trialDays: 0,
  overageNano: nano(500_000),
  overageCapNano: null,
  quotas: [{ period: "month" as const, anchor: "calendar" as const, units: 1_000 }],
  rates: [{ endpointId: 0, span: "minute" as const, requests: 60 }],
}

/** @param slug of an API that the developer publishes already; it is made where there is none. @param word what people may name */
export function addSelling(
  { app }: TestServer,
  developer: User,
  person: User,
  word: string,
  slug: string,
): Promise<SellingWorld> {
  const { catalog, plans, subscriptions } = app.marketplace
  return app.store.write(CTX, (tx) => {
    const ownerId = developer.id
    const name = word.slice(0, 40)
    if (!catalog.publisherOf(ownerId)) catalog.becomePublisherIn(tx, { ownerId, slug: "weather-people", name })
    const product =
      catalog.productBySlug(slug) ??
      catalog.createProductIn(tx, { ownerId, title: name, slug, upstreamUrl: "https://weather.example.com/v1" })
    const plan = plans.createPlanIn(tx, { productId: product.id, name, features: word.slice(0, 200), terms: TERMS })
    const mine = { ownerId, productPublicId: product.publicId }
    if (catalog.endpointsOf(product.id).length === 0)
      catalog.saveEndpointIn(tx, { ...mine, method: "GET", path: "/weather", title: name })
    catalog.claimHostIn(tx, { ownerId, host: "weather.example.com" })
    catalog.vouchForHostIn(tx, mine)
    catalog.setStateIn(tx, { productPublicId: product.publicId, state: "published", reason: null })
    const { subscription } = subscriptions.subscribeIn(tx, { userId: person.id, planId: plan.id, key: "routes" })
    return { product: product.publicId, plan: plan.publicId, subscription: subscription.publicId }
  })
}
