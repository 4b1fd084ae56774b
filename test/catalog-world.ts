// An API of the marketplace with one of everything, for the walks of all routes: the developer publishes it.
import { nano } from "../src/app/index.ts"
import type { User } from "../src/identity/index.ts"
import { CTX, type TestServer } from "./build.ts"

export interface CatalogWorld {
  /** Address of the product: publishers' pages take it as well as its id. */
  product: string
  productId: string
  endpoint: string
  guide: string
  change: string
  question: string
  server: string
}

/** @param word what people may name: markup, length and direction in it */
export async function openCatalogWorld({ app }: TestServer, developer: User, word: string): Promise<CatalogWorld> {
  const { catalog } = app.marketplace
  const ownerId = developer.id
  const name = word.slice(0, 60)
  const server = "weather.example.com"
  return app.store.write(CTX, (tx) => {
    if (!catalog.publisherOf(ownerId))
      catalog.becomePublisherIn(tx, { ownerId, slug: "weather-people", name, organisation: name, about: word })
    const upstreamUrl = `https://${server}/v1`
    const product = catalog.createProductIn(tx, {
      ownerId,
      title: name,
      slug: "catalog-weather",
      upstreamUrl,
      tagline: name,
      overview: word,
    })
    const mine = { ownerId, productPublicId: product.publicId }
    catalog.claimHostIn(tx, { ownerId, host: server })
    catalog.vouchForHostIn(tx, mine)
    const place = "query" as const
    const endpoint = catalog.saveEndpointIn(tx, {
      ...mine,
      method: "GET",
      path: "/weather/{city}",
      title: name,
      description: word,
      parameters: [
        { place: "path", name: "city", type: "string", required: true, description: word, example: "Oslo" },
        { place, name: "units", type: "string", required: false, example: name },
      ],
      examples: [{ status: 200, meaning: name, body: JSON.stringify({ temperature: 7, words: word }) }],
    })
    const guide = catalog.saveGuideIn(tx, { ...mine, title: name, body: `# ${word}\n\n- ${word}` })
    const change = catalog.addChangeIn(tx, {
      ...mine,
      version: "1.1.0",
      title: name,
      body: word,
      breaking: true,
      mail: false,
    })
    const question = catalog.saveQuestionIn(tx, { ...mine, question: name, answer: word })
    catalog.addContactIn(tx, { ...mine, level: "email", kind: "email", label: name, target: "help@example.com" })
    const free = {
      priceNano: nano(0),
      cycle: "month" as const,
      trialDays: 0,
      overageNano: null,
      overageCapNano: null,
      quotas: [],
      rates: [],
    }
    app.marketplace.plans.createPlanIn(tx, { productId: product.id, name: "Free", terms: free })
    catalog.setStateIn(tx, { productPublicId: product.publicId, state: "published", reason: null })
    return {
      product: product.slug,
      productId: product.publicId,
      endpoint: endpoint.publicId,
      guide: guide.publicId,
      change: change.publicId,
      question: question.publicId,
      server,
    }
  })
}
