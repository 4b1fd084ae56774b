// The marketplace in the demo: an API is published, subscribed to, called into its limits; what went above is billed, and its publisher
// earns. Told step by step; a step that does not hold throws.
import { credits, nano, type UserId } from "../../../app/index.ts"
import type { App } from "../../../compose.ts"
import { principal } from "../../../ledger/index.ts"
import type { WeatherProduct } from "./product.ts"

const CTX = { actor: "cli", requestId: "demo", reason: "demo data" }
const DAY_MS = 86_400_000
/** The quota of Pro in calls that weigh ten units each. */
const CALLS_OF_QUOTA = 100
const FREE_CALLS_A_MINUTE = 10

export interface WeatherStory {
  app: App
  /** Of the gateway, without a slash at the end. */
  apiUrl: string
  /** Published. */
  product: WeatherProduct
  publisherId: UserId
  /** Takes the paid plan. */
  readerId: UserId
  /** Takes the free one. */
  visitorId: UserId
  say(step: string, detail: string): void
}

const usd = (amount: number): string => `$${(amount / 1e9).toFixed(3)}`

function hold(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`the marketplace did not hold: ${what}`)
}

export async function runWeather(story: WeatherStory): Promise<void> {
  const { say, product: made } = story
  say("published", `Weather, three endpoints and three plans, at /marketplace/${made.slug}, with a consumer of a month`)
  await runIntoRate(story, made.plans.Free)
  await payOverage(story, made.plans.Pro)
}

async function subscribe(
  { app }: WeatherStory,
  userId: UserId,
  plan: string,
): Promise<{ id: number; publicId: string; key: string }> {
  const { plans, subscriptions } = app.marketplace
  const planId = plans.planByPublicId(plan)!.id
  const { subscription, key } = await app.store.write(CTX, (tx) =>
    subscriptions.subscribeIn(tx, { userId, planId, key: `demo-${userId}` }),
  )
  if (!key) throw new Error("the marketplace did not hold: the first key is shown")
  return { id: subscription.id, publicId: subscription.publicId, key: key.secret }
}

const call = async ({ apiUrl }: WeatherStory, key: string, path: string): Promise<Response> => {
  const response = await fetch(`${apiUrl}/m/paper-boat/weather${path}`, { headers: { authorization: `Bearer ${key}` } })
  await response.clone().arrayBuffer()
  return response
}

async function runIntoRate(story: WeatherStory, plan: string): Promise<void> {
  const { key } = await subscribe(story, story.visitorId, plan)
  const first = await call(story, key, "/current/London?units=metric")
  hold(first.status === 200, `the first call answered ${first.status}`)
  story.say(
    "free plan",
    `${((await first.json()) as { temperature: number }).temperature} °C in London, with a key that is shown once`,
  )
  const locked = await call(story, key, "/forecast/London")
  hold(locked.status === 403, `a locked endpoint answered ${locked.status}`)
  let last = first
  // A window may begin in between: two of them are more than twice what one takes.
  for (let n = 0; n <= FREE_CALLS_A_MINUTE * 2 && last.status !== 429; n++)
    last = await call(story, key, "/current/Oslo")
  hold(last.status === 429, `past the rate it answered ${last.status}`)
  story.say(
    "limits",
    `forecast is not in the plan (403), and ${FREE_CALLS_A_MINUTE} requests a minute are the most (429)`,
  )
}

async function payOverage(story: WeatherStory, plan: string): Promise<void> {
  const { app, readerId, say, publisherId: ownerId } = story
  await app.store.write(CTX, (tx) =>
    app.ledger.grantIn(tx, {
      owner: principal(readerId),
      mode: "live",
      type: "topup",
      bucket: "purchase",
      amountNano: nano(credits(20_000)),
      paid: true,
      key: "demo-market",
    }),
  )
  const { publicId, key } = await subscribe(story, readerId, plan)
  for (let n = 0; n <= CALLS_OF_QUOTA; n++) {
    const { status } = await call(story, key, "/historical/London?date=2025-01-31")
    hold(status === 200, `call ${n + 1} answered ${status}`)
  }
  const glance = app.marketplace.subscriptions.mine(readerId, publicId)
  hold(glance.overageNano === 20_000_000, `ten units above cost ${usd(glance.overageNano)}`)
  say("overage", `1,010 units of 1,000: ten above cost ${usd(glance.overageNano)}`)
  const [bill] = app.marketplace.subscriptions.billsOf(readerId, publicId)
  hold(bill?.state === "paid" && bill.invoice !== null, "the plan's bill is paid and has an invoice")
  say("invoice", `${bill.invoice}: Pro, ${usd(bill.amountNano)}`)
  const now = app.clock.now()
  const rows = app.marketplace.subscriptions.revenue({ ownerId, fromMs: now - 31 * DAY_MS, toMs: now + DAY_MS })
  const net = rows.reduce((sum, row) => sum + row.netNano, 0)
  hold(net > 0, "the publisher earned")
  say("publisher", `earned ${usd(net)} after the platform's commission`)
}
