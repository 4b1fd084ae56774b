// The measured Purser: people with orders that are paid at a processor in this very process, which answers what it is asked from texts that
// were made beforehand. Its webhooks stand in a file, signed.
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { readConfig, silentLog } from "../../src/app/index.ts"
import { type App, compose } from "../../src/compose.ts"
import type { User } from "../../src/identity/index.ts"
import { copyDatabase } from "../../src/store/index.ts"
import { createFakeStripe, type FakeStripe, signature } from "../../test/fakes/stripe/index.ts"
import { answerWords } from "../gateway/control.ts"
import { say } from "../measure.ts"

const SECRET_KEY = "sk_test_bench"
const WEBHOOK_SECRET = "whsec_bench"
const CTX = { actor: "cli", requestId: "req_bench", reason: "benchmark data" }
/** Wallets that neighbours in time do not share. */
const PEOPLE = 50
const ORIGIN = "http://processor.test"

export const requestsFile = (folder: string): string => join(folder, "webhooks.json")
export const floorFile = (folder: string): string => join(folder, "floor.db")
export const dataFile = (folder: string): string => join(folder, "purser.db")

export async function server(dataDir: string, orders: number): Promise<void> {
  const stripe = createFakeStripe({ now: Date.now, origin: ORIGIN, secretKey: SECRET_KEY })
  stripe.webhooks.delivery = { holds: true }
  const known = new Map<string, string>()
  const options = {
    secretKey: SECRET_KEY,
    webhookSecret: WEBHOOK_SECRET,
    apiBase: ORIGIN,
    async fetch(request: Request) {
      const text = known.get(new URL(request.url).pathname)
      return text && request.method === "GET" ? new Response(text, { headers: JSON_TYPE }) : await stripe.fetch(request)
    },
  }
  const config = readConfig({ port: "0", "data-dir": dataDir, "base-url": "http://localhost:9" }, {})
  const app = await compose(config, { log: silentLog, stripe: options })
  await prepare(app, stripe, orders, known)
  const { port } = await app.listen()
  await app.reads.ask("bench.wait").catch(() => {})
  const requests = stripe.webhooks.held
    .filter(({ type }) => type === "checkout.session.completed")
    .map((event) => requestOf(port, JSON.stringify(event)))
  writeFileSync(requestsFile(dataDir), JSON.stringify(requests))
  // Not the file alone: while somebody reads, a part of what was committed is still in the log.
  copyDatabase(dataFile(dataDir), floorFile(dataDir))
  say({ port })
  await answerWords({
    mark: async () => ({ commits: app.store.stats.commits, writes: app.store.stats.mutations }),
    async proof() {
      const { ok } = await app.verification.run(CTX)
      return { ok, parked: app.billing.events("parked", 10).length }
    },
  })
  await app.stop()
  say({ stopped: true })
  process.exit(0)
}

const JSON_TYPE = { "content-type": "application/json" }

async function prepare(app: App, stripe: FakeStripe, orders: number, known: Map<string, string>): Promise<void> {
  const buyers: User[] = []
  for (let at = 0; at < PEOPLE; at++) {
    const password = "a long bench password"
    buyers.push(await app.identity.createUser(CTX, { email: `person${at}@example.com`, password, name: `P ${at}` }))
  }
  const one = async (at: number) => {
    const order = await app.billing.buy(CTX, { buyer: buyers[at % PEOPLE]!, slug: "plus", key: `bench-${at}` })
    stripe.pay(order.sessionId!, { with: "4242424242424242" })
    const path = `/v1/checkout/sessions/${order.sessionId}`
    const headers = { authorization: `Bearer ${SECRET_KEY}` }
    const answer = await stripe.fetch(new Request(`${ORIGIN}${path}?expand[0]=payment_intent`, { headers }))
    known.set(path, await answer.text())
  }
  // The first of each opens the wallet, so that every webhook that is measured writes the same rows.
  for (let at = 0; at < PEOPLE; at++) {
    await one(at)
    await app.billing.refresh(app.billing.ordersOf(buyers[at]!.id, 1)[0]!)
  }
  stripe.webhooks.held.splice(0)
  for (let at = PEOPLE; at < orders + PEOPLE; at += PEOPLE)
    await Promise.all(Array.from({ length: PEOPLE }, (_, next) => one(at + next)))
}

function requestOf(port: number, body: string): string {
  const signed = signature(body, WEBHOOK_SECRET, Math.floor(Date.now() / 1_000))
  return [
    "POST /webhooks/stripe HTTP/1.1",
    `Host: localhost:${port}`,
    "Content-Type: application/json; charset=utf-8",
    `Stripe-Signature: ${signed}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n")
}
