// The measured Purser: a product with a plan, a rate and two quotas, and subscribers with keys.
import { PrincipalId, readConfig, silentLog, type UserId } from "../../src/app/index.ts"
import { compose } from "../../src/compose.ts"
import { productIn, subscribeIn } from "../../src/marketplace/calls/testing.ts"
import { addProduct } from "../../src/marketplace/showcase/testing.ts"
import { answerWords } from "../gateway/control.ts"
import { say } from "../measure.ts"

const CTX = { actor: "cli", requestId: "req_bench", reason: "benchmark data" }

export interface Sizes {
  /** That are searched. */
  products: number
  subscribers: number
  /** Of the one whose limit is run into. */
  limit: number
}

export async function server(dataDir: string, upstreamUrl: string, sizes: Sizes): Promise<void> {
  const env = { PURSER_PRODUCT_NETWORKS: "127.0.0.1" }
  const app = await compose(readConfig({ port: "0", "data-dir": dataDir, "base-url": "http://localhost:9" }, env), {
    log: silentLog,
  })
  const { store, keyring, identity, marketplace } = app
  const { calls } = marketplace
  const person = async (at: number): Promise<UserId> =>
    (
      await identity.createUser(CTX, {
        email: `p${at}@example.com`,
        password: "a long bench password",
        name: `P ${at}`,
      })
    ).id
  const owner = await person(0)
  const product = await store.write(CTX, (tx) =>
    productIn(tx, keyring, {
      slug: "weather",
      ownerId: owner,
      upstreamUrl,
      plans: [
        {
          quotas: [
            { period: "day", anchor: "calendar", units: 1_000_000_000 },
            { period: "month", anchor: "anniversary", units: 30_000_000_000 },
          ],
          rates: [{ endpointId: 0, span: "minute", requests: 100_000_000 }],
        },
        { quotas: [{ period: "month", anchor: "calendar", units: sizes.limit }] },
      ],
      endpoints: [{ path: "/w/{city}" }, { path: "/forecast/{city}/{days}" }, { path: "/history" }],
    }),
  )
  const subscribed = async (at: number, plan: number) => {
    const userId = await person(at)
    return store.write(CTX, (tx) => {
      const subscriptionId = subscribeIn(tx, product, userId, plan)
      return { subscriptionId, secret: calls.issueKeyIn(tx, { subscriptionId, userId, name: "Bench" }).secret }
    })
  }
  const keys: string[] = []
  for (let at = 1; at <= sizes.subscribers; at++) keys.push((await subscribed(at, 0)).secret)
  const limited = await subscribed(sizes.subscribers + 1, 1)
  const { port } = await app.listen()
  say({ port, keys, limited: limited.secret, path: `/m/${product.publisher}/${product.slug}/w/berlin` })
  const used = (where: string, ...params: number[]) =>
    store.read.get<{ n: number }>(
      `SELECT SUM(used) AS n FROM market_quota_use WHERE period = 'month' ${where}`,
      ...params,
    )!.n ?? 0
  await answerWords({
    /** Units of all, and of the one with a limit; calls as the log sums them. */
    async counted() {
      await calls.flush()
      const logged = store.read.get<{ n: number }>(
        "SELECT SUM(calls) AS n FROM market_call_days WHERE subscription_id = -1",
      )!.n
      return { all: used(""), limited: used("AND subscription_id = ?", limited.subscriptionId), logged }
    },
    /** So many more products, found at once. */
    async shop() {
      const count = sizes.products
      const publisherId = marketplace.catalog.publisherOf(PrincipalId(owner))!.id
      for (let from = 0; from < count; from += 500)
        await store.write(CTX, (tx) => {
          for (let at = from; at < Math.min(count, from + 500); at++) addProduct(tx, publisherId, productOf(at))
        })
      while (await marketplace.showcase.freshenAll());
      return { count }
    },
    decisions: () => decisions(app, keys[0]!, product),
  })
  await app.stop()
  say({ stopped: true })
  process.exit(0)
}

const WORDS = ["weather", "maps", "money", "ships", "trains", "music", "news", "health", "sports", "images", "mail"]
const CATEGORIES = ["weather", "finance", "travel", "media", "data"]
const wordOf = (at: number): string => WORDS[at % WORDS.length]!

const productOf = (at: number) => ({
  slug: `api-${at}`,
  title: `${wordOf(at)} ${wordOf(at * 7)} ${at}`,
  tagline: `All about ${wordOf(at * 3)}, with a forecast`,
  overview: `This API tells of ${wordOf(at * 5)}, quickly. `.repeat(6),
  categories: [CATEGORIES[at % CATEGORIES.length]!],
  prices: at % 2 === 0 ? [0, 9_000_000_000] : [5_000_000_000],
  endpoints: [`/${wordOf(at)}/{city}`, "/forecast/{days}"],
})
/** What somebody types: broad words, narrow ones, and two of both. */
export const SEARCHES = ["weather", "forecast", "ships 77", "mail health", "api of trains", ""]

/** Calls that are let through or refused without a line between: what a decision costs. */
async function decisions(
  { marketplace }: Awaited<ReturnType<typeof compose>>,
  key: string,
  product: { publisher: string; slug: string },
): Promise<{ perSecond: number }> {
  const url = `http://localhost/m/${product.publisher}/${product.slug}/nothing`
  const headers = { authorization: `Bearer ${key}` }
  const [rounds, atOnce] = [40, 256]
  const startedMs = performance.now()
  for (let round = 0; round < rounds; round++)
    await Promise.all(Array.from({ length: atOnce }, () => marketplace.calls.forward(new Request(url, { headers }))))
  return { perSecond: (rounds * atOnce) / ((performance.now() - startedMs) / 1_000) }
}
