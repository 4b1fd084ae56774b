// A product of the marketplace with one of everything, for the walks of all routes: the developer publishes it, the person subscribed to it.
// Every text that people write is hostile.
import type { User } from "../src/identity/index.ts"
import { CTX, type TestServer } from "./build.ts"

export interface MarketWorld {
  /** Address of the product: publishers' pages take it as well as its id. */
  product: string
  productId: string
  endpoint: string
  guide: string
  change: string
  question: string
  server: string
  /** A plan of the product. */
  tier: string
  subscription: string
  /** A key of the subscriber. */
  productKey: string
  /** Taken down: its author alone sees it. */
  review: string
  /** A call of the subscriber, by its request. */
  call: string
  /** What the subscriber was billed, by its number; and a payment of somebody else, by its invoice. */
  bill: string
  sale: string
  /** Something unusual about a key, that nobody looked at. */
  sign: string
}

type Tx = Parameters<Parameters<TestServer["app"]["store"]["write"]>[1]>[0]

interface People {
  developer: User
  person: User
  /** Pays for a plan. */
  buyer: User
  /** What people may name: markup, length and direction in it. */
  word: string
}

export async function openMarket({ app }: TestServer, people: People): Promise<MarketWorld> {
  const { store, marketplace } = app
  const { published, product } = await store.write(CTX, (tx) => publishIn(app, tx, people))
  const { subscription, key, review } = await store.write(CTX, (tx) => {
    const { id: userId } = people.person
    const planId = marketplace.plans.plansOf(product.id)[0]!.id
    const taken = marketplace.subscriptions.subscribeIn(tx, { userId, planId, key: "routes" })
    const said = { stars: 3, title: people.word.slice(0, 60), text: people.word }
    const written = marketplace.showcase.writeReviewIn(tx, { userId, productId: product.id, ...said })
    marketplace.showcase.decideReviewIn(tx, { publicId: written.publicId, because: people.word })
    return { ...taken, review: written.publicId }
  })
  const { calls } = marketplace
  const sign = await store.write(CTX, (tx) => addSign(tx, product.id, subscription.id))
  const keyId = calls.keysOf(subscription.id)[0]!.id
  await calls.forward(new Request("http://localhost/m/weather-people/weather/none"), {
    as: { keyId, caller: { userId: people.person.id, keyId: null } },
  })
  await calls.flush()
  return {
    ...published,
    subscription: subscription.publicId,
    productKey: key!.publicId,
    review,
    call: calls.callsOf(subscription.id, { limit: 1 })[0]!.requestId,
    sign: String(sign),
    bill: String(marketplace.subscriptions.billsOf(people.person.id, subscription.publicId)[0]!.id),
    sale: await sellTo(app, people.buyer, product.id),
  }
}

/** @returns the invoice of a plan that somebody paid for */
const sellTo = ({ store, ledger, marketplace }: TestServer["app"], { id: userId }: User, productId: number) =>
  store.write(CTX, (tx) => {
    const priceNano = 10_000_000_000 as never
    const terms = {
      cycle: "month",
      trialDays: 0,
      overageNano: null,
      overageCapNano: null,
      quotas: [],
      rates: [],
    } as const
    const plan = marketplace.plans.createPlanIn(tx, { productId, name: "Paid", terms: { ...terms, priceNano } })
    const lot = { mode: "live", type: "topup", bucket: "purchase", paid: true, key: "market:paid" } as const
    ledger.grantIn(tx, { owner: { kind: "principal", id: userId }, amountNano: priceNano, ...lot })
    const { subscription } = marketplace.subscriptions.subscribeIn(tx, { userId, planId: plan.id, key: "buyer" })
    return tx.get<{ invoice: string }>("SELECT invoice FROM market_bills WHERE subscription_id = ?", subscription.id)!
      .invoice
  })

/** @returns its number */
export const addSign = (tx: Tx, productId: number, subscriptionId: number): number =>
  Number(
    tx.run(
      `INSERT INTO market_signals (rule, product_id, subscription_id, key_id, seen, usual, first_ms, last_ms)
       VALUES ('networks', ?, ?, (SELECT 1 + count(*) FROM market_signals), 41, 25, ?, ?)`,
      productId,
      subscriptionId,
      tx.now,
      tx.now,
    ).lastInsertRowid,
  )

function publishIn({ marketplace }: TestServer["app"], tx: Tx, { developer, word }: People) {
  const { catalog, plans } = marketplace
  const ownerId = developer.id
  const name = word.slice(0, 60)
  const server = "weather.example.com"
  catalog.becomePublisherIn(tx, { ownerId, slug: "weather-people", name, organisation: name, about: word })
  const product = catalog.createProductIn(tx, {
    ownerId,
    title: name,
    slug: "weather",
    upstreamUrl: `https://${server}/v1`,
    tagline: name,
    overview: word,
    categories: ["weather"],
  })
  const mine = { ownerId, productPublicId: product.publicId }
  catalog.claimHostIn(tx, { ownerId, host: server })
  catalog.vouchForHostIn(tx, mine)
  const endpoint = catalog.saveEndpointIn(tx, {
    ...mine,
    method: "GET",
    path: "/weather/{city}",
    title: name,
    description: word,
    parameters: [
      { place: "path", name: "city", type: "string", required: true, description: word, example: "Oslo" },
      { place: "query", name: "units", type: "string", required: false, example: name },
    ],
    examples: [{ status: 200, meaning: name, body: JSON.stringify({ temperature: 7, words: word }) }],
  })
  const guide = catalog.saveGuideIn(tx, { ...mine, title: name, body: `# ${word}\n\n- ${word}` })
  const change = { version: "1.1.0", title: name, body: word, breaking: true, mail: false }
  const { publicId: changeId } = catalog.addChangeIn(tx, { ...mine, ...change })
  const question = catalog.saveQuestionIn(tx, { ...mine, question: name, answer: word })
  catalog.addContactIn(tx, { ...mine, level: "email", kind: "email", label: name, target: "help@example.com" })
  const terms = {
    cycle: "month",
    trialDays: 0,
    overageNano: null,
    overageCapNano: null,
    quotas: [],
    rates: [],
  } as const
  const plan = plans.createPlanIn(tx, {
    productId: product.id,
    name: word.slice(0, 30),
    terms: { ...terms, priceNano: 0 as never },
  })
  // The walks name it in an address.
  tx.run("UPDATE market_plans SET public_id = 'mpl_routes' WHERE id = ?", plan.id)
  catalog.setStateIn(tx, { productPublicId: product.publicId, state: "published", reason: null })
  const published = {
    product: product.slug,
    productId: product.publicId,
    endpoint: endpoint.publicId,
    guide: guide.publicId,
    change: changeId,
    question: question.publicId,
    server,
    tier: "mpl_routes",
  }
  return { product, published }
}
