// A trial's end is told once, three days before it, to whoever will pay for what follows.
import { afterEach, beforeEach, expect, test } from "bun:test"
import { DAY_MS, HOUR_MS } from "../../app/index.ts"
import { cents } from "../plans/testing.ts"
import { ANN, BOB, openSubscriptions } from "./testing.ts"

const START = Date.UTC(2026, 0, 31, 10, 30)
let k: Awaited<ReturnType<typeof openSubscriptions>>
let productId: number
beforeEach(async () => {
  k = await openSubscriptions(START)
  productId = await k.product("weather")
})
afterEach(() => k.close())

const pro = (trialDays: number, price = 3_000) =>
  k.plan(productId, `Pro ${trialDays}`, { priceNano: cents(price), trialDays })
const told = () => k.mails.filter(({ kind }) => kind === "market_trial_ends").map(({ to, data }) => [to, data.isShort])

test("three days before, once, with what it costs and whether credits are there", async () => {
  await k.subscribe(ANN, await pro(14))
  await k.at(START + 11 * DAY_MS - HOUR_MS)
  expect(told()).toEqual([])
  await k.at(START + 11 * DAY_MS)
  expect(told()).toEqual([["p1@example.com", true]])
  const { data } = k.mails.find(({ kind }) => kind === "market_trial_ends")!
  expect(data).toMatchObject({ product: "weather", priceNano: cents(3_000), endsMs: START + 14 * DAY_MS })
  await k.grant(ANN, cents(5_000))
  for (const hours of [1, 30, 71]) await k.at(START + 11 * DAY_MS + hours * HOUR_MS)
  expect(told()).toHaveLength(1)
  await k.at(START + 15 * DAY_MS)
  expect(told()).toHaveLength(1)
})

test("a server that slept tells late, but not after the end; a short trial is told in its middle", async () => {
  await k.grant(ANN, cents(5_000))
  await k.subscribe(ANN, await pro(2))
  await k.subscribe(BOB, await pro(14))
  await k.at(START + DAY_MS - HOUR_MS)
  expect(told()).toEqual([])
  await k.at(START + DAY_MS)
  expect(told()).toEqual([["p1@example.com", false]])
  await k.at(START + 13 * DAY_MS)
  expect(told()).toEqual([
    ["p1@example.com", false],
    ["p2@example.com", true],
  ])
})

test("nobody who cancelled, and nobody whose trial is over before the job comes", async () => {
  const plan = await pro(14)
  const { subscription } = await k.subscribe(ANN, plan)
  await k.subscribe(BOB, plan)
  await k.write((tx) => k.subscriptions.cancelIn(tx, { userId: ANN, subscription: subscription.publicId }))
  await k.at(START + 14 * DAY_MS)
  expect(told()).toEqual([])
})
