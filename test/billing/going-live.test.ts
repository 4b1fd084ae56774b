// From trying things out to selling: the test key is changed for a live one, which knows nobody and nothing that the test key made.
import { afterAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { nano } from "../../src/app/index.ts"
import { CTX, giveCredits, makeUser, ownerOf } from "../build.ts"
import type { FakeStripe } from "../fakes/stripe/index.ts"
import { openShop } from "./world.ts"

const dataDir = mkdtempSync(join(tmpdir(), "purser-live-"))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

/** The fake knows test mode alone: on the way everything becomes live. */
async function asLive(request: Request, stripe: FakeStripe): Promise<Response> {
  const answer = await stripe.fetch(request)
  const text = (await answer.text()).replaceAll('"livemode":false', '"livemode":true')
  return new Response(text, { status: answer.status, headers: { "content-type": "application/json" } })
}

test("who tried to buy under the test key buys under the live one: package, plan and portal", async () => {
  const trying = await openShop({ dataDir })
  const { person, stripe } = trying
  const paid = await trying.buy()
  stripe.pay(paid.sessionId!, { with: "4242424242424242" })
  await trying.server.app.billing.refresh(paid)
  const left = await trying.buy("starter")
  const wanted = { buyer: person, planCode: "starter", months: 1, choice: null } as const
  const signup = await trying.server.app.billing.plans.subscribe(CTX, { ...wanted, key: "tried" })
  stripe.pay(signup.sessionId!, { with: "4242424242424242" })
  await trying.server.app.billing.plans.refreshSignup(signup)
  expect(trying.server.app.billing.plans.ownOf(person.id)).not.toBeNull()
  // Somebody whose card was saved with the test key, and who buys nothing more.
  const other = await makeUser(trying.server.app)
  const { recharges, plans } = trying.server.app.billing
  await plans.subscribe(CTX, { ...wanted, buyer: other, key: "left open" })
  stripe.pay((await recharges.beginCard(CTX, other, "card")).split("/").at(-1)!, { with: "4242424242424242" })
  await stripe.webhooks.idle()
  const [belowNano, amountNano, monthNano] = [nano(1e9), nano(10e9), nano(100e9)]
  await giveCredits(trying.server.app, other, nano(2e9))
  await recharges.turnOn(CTX, other.id, { belowNano, amountNano, monthNano })
  await trying.server.app.stop()

  const port = Number(new URL(trying.server.url).port)
  const live = await openShop({ dataDir, port, secretKey: "sk_live_fake", onTheWay: asLive })
  try {
    // Ids of a processor are never those of another.
    for (let at = 0; at < 500; at++) live.stripe.world.id("x")
    const { billing } = live.server.app
    // The subscription of the trial is none here; what it gave stays until it is over.
    expect(billing.plans.ownOf(person.id)).toBeNull()
    const order = await billing.buy(CTX, { buyer: person, slug: "plus", key: "live" })
    live.stripe.pay(order.sessionId!, { with: "4242424242424242" })
    expect((await billing.refresh(order)).state).toBe("paid")
    const sold = await billing.plans.subscribe(CTX, { ...wanted, key: "live" })
    live.stripe.pay(sold.sessionId!, { with: "4242424242424242" })
    await billing.plans.refreshSignup(sold)
    expect(billing.plans.ownOf(person.id)?.plan.code).toBe("starter")
    expect(await billing.plans.portal(person)).toStartWith("http")

    // The live key knows no card of theirs: nothing is ordered, however often it is looked.
    const spent = { owner: ownerOf(other), mode: "live", balanceNano: nano(0), key: "spent" } as const
    await live.server.app.store.write(CTX, (tx) => void live.server.app.ledger.setBalanceIn(tx, spent))
    for (let at = 0; at < 3; at++) {
      await billing.recharges.lookAt(0, 100)
      await live.server.app.outbox.flush()
    }
    expect(billing.ordersOf(other.id, 10)).toEqual([])

    // Nor does a page of the trial that is left open keep its person from a plan.
    const again = await billing.plans.subscribe(CTX, { ...wanted, buyer: other, key: "live other" })
    expect(again.payUrl).toStartWith("http")

    // The page that nobody paid on is not known: it is over after a day, and keeps nobody else from being asked about.
    live.clock.advance(26 * 3_600_000)
    await billing.reconcile()
    expect(billing.order(person.id, left.publicId)?.state).toBe("expired")
  } finally {
    await live.close()
  }
})

test("orders that the processor does not answer for give way to others", async () => {
  let isAway = true
  const shop = await openShop({
    onTheWay: (request, stripe) =>
      isAway && request.method === "GET"
        ? Promise.resolve(Response.json({ error: { type: "api_error", message: "away" } }, { status: 500 }))
        : stripe.fetch(request),
  })
  try {
    const order = await shop.buy()
    shop.clock.advance(600_000)
    const { billing } = shop.server.app
    await billing.reconcile()
    expect(shop.order(order.publicId).askedMs).toBe(shop.clock.now())
    isAway = false
    shop.stripe.pay(order.sessionId!, { with: "4242424242424242" })
    shop.clock.advance(600_000)
    await billing.reconcile()
    expect(shop.order(order.publicId).state).toBe("paid")
  } finally {
    await shop.close()
  }
})
