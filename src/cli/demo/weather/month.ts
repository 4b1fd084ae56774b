// A month and some days of somebody who uses the demo's API: subscribed, called day by day, once too fast, and above the quota at the end;
// renewed and billed. Every row is made by the product's own verbs, under a clock that begins in the past.
import { credits, DAY_MS, HOUR_MS, nano, type UserId } from "../../../app/index.ts"
import type { App } from "../../../compose.ts"
import { principal } from "../../../ledger/index.ts"
import type { PastClock } from "../past.ts"
import { publishWeather, type WeatherProduct } from "./product.ts"

const CTX = { actor: "cli", requestId: "demo", reason: "demo data" }

/** A month of any length and two days of the next. */
export const PAST_MS = 33 * DAY_MS + HOUR_MS
/** Pro's rate a minute, and some more. */
const BURST_CALLS = 320
const BURST_DAY = 11
const CITIES = ["London", "Oslo", "Lagos", "Lima", "Osaka", "Pune"] as const

export interface Month {
  app: App
  clock: PastClock
  upstreamUrl: string
  publisherId: UserId
  /** Takes the paid plan. */
  readerId: UserId
  /** What else happens on each day. */
  eachDay?(day: number): Promise<void>
}

/** @throws Error when a call is answered by something else than the API or a limit */
export async function liveThroughMonth(month: Month): Promise<WeatherProduct> {
  const { app, clock, readerId, publisherId: ownerId, upstreamUrl } = month
  const made = await publishWeather(app, CTX, { ownerId, upstreamUrl })
  const secret = await subscribe(month, made)
  for (let day = 0; !clock.isPresent; day++) {
    for (const paths of callsOfDay(day)) await callAll(app, secret, paths)
    await month.eachDay?.(day)
    clock.goOn(DAY_MS)
    await app.marketplace.subscriptions.renewDue(100)
    await app.marketplace.subscriptions.billOverages(100)
  }
  await app.marketplace.calls.flush()
  const { subscriptions } = app.marketplace
  const bills = subscriptions.billsOf(readerId, subscriptions.ofUser(readerId)[0]!.publicId)
  const isBilled = bills.every(({ state }) => state === "paid") && bills.some(({ kind }) => kind === "overage")
  if (!isBilled) throw new Error("the marketplace did not hold: a month of calls is billed and paid, with overages")
  return made
}

async function subscribe({ app, readerId }: Month, { plans }: WeatherProduct): Promise<string> {
  const planId = app.marketplace.plans.planByPublicId(plans.Pro)!.id
  const { key } = await app.store.write(CTX, (tx) => {
    app.ledger.grantIn(tx, {
      owner: principal(readerId),
      mode: "live",
      type: "topup",
      bucket: "purchase",
      amountNano: nano(credits(40_000)),
      paid: true,
      key: "demo-month",
    })
    return app.marketplace.subscriptions.subscribeIn(tx, { userId: readerId, planId, key: "demo-month" })
  })
  return key!.secret
}

/** Lists of paths that are called at once: busier within the week than at its end, and one burst. */
function callsOfDay(day: number): string[][] {
  const city = (at: number) => CITIES[(day + at) % CITIES.length]!
  const isWeekend = day % 7 > 4
  const current = Array.from({ length: isWeekend ? 3 : 8 + (day % 5) }, (_, at) => `/current/${city(at)}?units=metric`)
  const forecast = Array.from({ length: isWeekend ? 1 : 2 + (day % 3) }, (_, at) => `/forecast/${city(at)}?days=3`)
  const past = (isWeekend ? [] : [0, 1]).map((at) => `/historical/${city(at)}?date=2025-01-31`)
  // A day that does not exist as its parameter wants it.
  const wrong = day % 6 === 2 ? [`/historical/${city(day)}`] : []
  const burst = Array.from({ length: day === BURST_DAY ? BURST_CALLS : 0 }, () => "/current/Oslo")
  return [[...current, ...forecast, ...past, ...wrong], burst]
}

const EXPECTED: ReadonlySet<number> = new Set([200, 400, 429])

async function callAll(app: App, secret: string, paths: readonly string[]): Promise<void> {
  const AT_ONCE = 40
  for (let from = 0; from < paths.length; from += AT_ONCE)
    await Promise.all(
      paths.slice(from, from + AT_ONCE).map(async (path) => {
        const url = `http://localhost/m/paper-boat/weather${path}`
        const request = new Request(url, { headers: { authorization: `Bearer ${secret}` } })
        const answer = await app.marketplace.calls.forward(request)
        await answer.arrayBuffer()
        if (!EXPECTED.has(answer.status))
          throw new Error(`the marketplace did not hold: ${path} answered ${answer.status}`)
      }),
    )
}
