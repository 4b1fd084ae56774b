// A server that sells credits, and the processor that it sells them through, both in this process; webhooks go over HTTP.
import { type Log, randomSecret, VirtualClock } from "../../src/app/index.ts"
import type { Order } from "../../src/billing/index.ts"
import type { Overrides } from "../../src/compose.ts"
import type { User } from "../../src/identity/index.ts"
import { CTX, freePort, makeUser, startTestServer, type TestServer } from "../build.ts"
import { createFakeStripe, type FakeStripe } from "../fakes/stripe/index.ts"

export const SECRET_KEY = "sk_test_fake"
export const WEBHOOK_SECRET = "whsec_fake"

export interface Shop {
  server: TestServer
  clock: VirtualClock
  stripe: FakeStripe
  /** Where it answers, and to which key. */
  stripeOrigin: string
  secretKey: string
  /** How a server reaches it. */
  options: NonNullable<Overrides["stripe"]>
  person: User
  buy(slug?: string, key?: string): Promise<Order>
  order(id: string): Order
  /** n$ of the person's wallet that can be spent. */
  balance(): number
  /** Whose customer at the processor this is. */
  personOf(customerId: string): number | null
  /** What the processor sends, by hand. */
  post(body: string, signature: string): Promise<Response>
  close(): Promise<void>
}

export interface ShopOptions {
  dataDir?: string
  /** Of the server: a data folder that was served before names it. */
  port?: number
  env?: Record<string, string>
  /** "page": no key and no endpoint yet, as an admin finds a new server. */
  keys?: "page"
  log?: Log
  /** A live one sells for money, and the fake knows test mode alone. */
  secretKey?: string
  /** When it opens; apps hold what they are told of a sign-in against their own clock. */
  startMs?: number
  /** Between the house and the processor, which then stand at two ends of a line. */
  onTheWay?(request: Request, stripe: FakeStripe): Promise<Response>
}

export async function openShop({
  onTheWay,
  secretKey = SECRET_KEY,
  startMs = Date.UTC(2026, 5, 1, 12),
  ...given
}: ShopOptions = {}): Promise<Shop> {
  const clock = new VirtualClock(startMs)
  const port = freePort()
  const origin = `http://localhost:${port}`
  let url = ""
  const stripe = createFakeStripe({ now: () => clock.now(), origin, secretKey, taxOf })
  const options = {
    secretKey: given.keys ? null : secretKey,
    webhookSecret: given.keys ? null : WEBHOOK_SECRET,
    apiBase: origin,
    ...(onTheWay ? {} : { fetch: (request: Request) => stripe.fetch(request) }),
  }
  const line = onTheWay ? Bun.serve({ port, fetch: (request) => onTheWay(request, stripe) }) : null
  const server = await startTestServer({ clock, stripe: options, ...given })
  url = server.url
  if (!given.keys) stripe.listen({ url: `${url}/webhooks/stripe`, secret: WEBHOOK_SECRET })
  stripe.webhooks.delivery = { retries: [] }
  const { app } = server
  const person = await makeUser(app)
  const owner = { kind: "principal", id: person.id } as const
  return {
    server,
    clock,
    stripe,
    stripeOrigin: origin,
    secretKey,
    options,
    person,
    buy: (slug = "plus", key = randomSecret(9)) => app.billing.buy(CTX, { buyer: person, slug, key }),
    order: (id) => app.billing.order(person.id, id)!,
    balance: () => app.ledger.wallet(owner, "live").spendableNano,
    personOf: (customerId) =>
      app.store.read.get<{ id: number }>(
        "SELECT user_id AS id FROM billing_customers WHERE customer_id = ?",
        customerId,
      )?.id ?? null,
    post: (body, signature) =>
      fetch(`${url}/webhooks/stripe`, { method: "POST", headers: { "stripe-signature": signature }, body }),
    async close() {
      await server.close()
      await line?.stop(true)
    },
  }
}

/** Germany takes 19%: of the price, or within it. */
const taxOf = (cents: number, country: string | null, behavior: "exclusive" | "inclusive"): number =>
  country !== "DE" ? 0 : Math.round(behavior === "exclusive" ? cents * 0.19 : cents - cents / 1.19)
