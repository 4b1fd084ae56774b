// Coupons: exactly as many uses as there are, whoever asks at once; reserved while somebody pays, redeemed or free again; and a code that is
// guessed at tells nothing.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { DAY_MS, HOUR_MS, MINUTE_MS, nano, randomSecret } from "../../src/app/index.ts"
import type { Coupon, NewCoupon, Order } from "../../src/billing/index.ts"
import type { User } from "../../src/identity/index.ts"
import { usd } from "../../src/plans/testing.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser } from "../build.ts"
import { BLANK } from "./coupon-kit.ts"
import { openShop, type Shop } from "./world.ts"

const CARD = "4242424242424242"

let shop: Shop
let admin: User
const crowd: User[] = []
beforeAll(async () => {
  shop = await openShop()
  admin = await makeUser(shop.server.app, { isAdmin: true })
  for (let at = 0; at < 100; at++) crowd.push(await makeUser(shop.server.app))
})
afterAll(() => shop?.close())

const coupons = () => shop.server.app.billing.coupons
const make = (more: Partial<NewCoupon> = {}): Promise<Coupon> =>
  shop.server.app.store.write(CTX, (tx) => coupons().createIn(tx, { ...BLANK, ...more }))
const percent = (whole: number, more: Partial<NewCoupon> = {}) =>
  make({ kind: "percent", percent: whole, amountNano: nano(0), creditDays: null, ...more })
const someone = () => makeUser(shop.server.app)
const by = ({ id, publicId }: User, ip = "203.0.113.7") => ({ id, publicId, ip })
const redeem = (who: User, code: string, key = randomSecret(15)) => coupons().redeem(CTX, by(who), { code, key })
const buy = (who: User, code: string, slug = "plus", key = randomSecret(15)): Promise<Order> =>
  shop.server.app.billing.buy(CTX, { buyer: who, slug, key, coupon: { code, ip: "203.0.113.7" } })
const wallet = (who: User) => shop.server.app.ledger.wallet({ kind: "principal", id: who.id }, "live")
const lots = (who: User) =>
  wallet(who).lots.map(({ bucket, remainingNano, expiresMs }) => [bucket, remainingNano, expiresMs])
const orderOf = (who: User, { publicId }: Order) => shop.server.app.billing.order(who.id, publicId)!
const now = ({ code }: Coupon) => coupons().byCode(code)!
const settled = () => shop.stripe.webhooks.idle()
const pay = async (order: Order) => {
  shop.stripe.pay(order.sessionId!, { with: CARD })
  await settled()
}
const reasons = async (all: Promise<unknown>[]): Promise<string[]> =>
  (await Promise.allSettled(all)).map((one) => (one.status === "fulfilled" ? "done" : (one.reason as Error).message))
const countOf = (all: readonly string[], one: string): number => all.filter((each) => each === one).length

/** Sums on the coupon are those of its uses, and the books hold. */
async function inOrder(...all: Coupon[]): Promise<void> {
  for (const coupon of all) {
    const uses = coupons().usesOf(coupon, null, 1_000).rows
    const redeemed = uses.filter(({ state }) => state === "redeemed")
    const { taken, costNano, redeemed: count } = now(coupon)
    expect([coupon.code, taken, count, costNano as number]).toEqual([
      coupon.code,
      uses.filter(({ state }) => state !== "released").length,
      redeemed.length,
      redeemed.reduce((sum, use) => sum + use.costNano, 0),
    ])
  }
  expect((await shop.server.app.verification.run({ actor: "cli", requestId: "r", reason: "t" })).ok).toBe(true)
}

describe("exactly as many uses as there are", () => {
  test("100 people at once, 10 uses: 10 have credits, 90 are told that it does not work", async () => {
    const coupon = await make({ maxUses: 10 })
    const told = await reasons(crowd.map((who) => redeem(who, coupon.code.toLowerCase())))
    expect(countOf(told, "done")).toBe(10)
    expect(new Set(told).size).toBe(2)
    expect(crowd.filter((who) => wallet(who).spendableNano === usd(10)).length).toBe(10)
    expect(now(coupon)).toMatchObject({ taken: 10, redeemed: 10, costNano: usd(100) })
    await inOrder(coupon)
  })

  test("100 people at once to the checkout, 10 uses: 10 orders with a discount, and no others", async () => {
    const coupon = await percent(20, { maxUses: 10 })
    const told = await reasons(crowd.map((who) => buy(who, coupon.code)))
    expect(countOf(told, "done")).toBe(10)
    const orders = crowd.flatMap((who) => shop.server.app.billing.ordersOf(who.id, 9))
    expect(orders.map(({ discountNano }) => discountNano)).toEqual(Array.from({ length: 10 }, () => usd(5)))
    expect(now(coupon)).toMatchObject({ taken: 10, redeemed: 0 })
    await inOrder(coupon)
  })

  test("a code that is longer than the processor's names takes its part off all the same", async () => {
    const who = await someone()
    const order = await buy(who, (await percent(20, { code: "A-B-C-D-E-F-G-H-J-K-M-N-P-Q-R-S-T-V-W-X-Y-Z" })).code)
    await pay(order)
    expect(orderOf(who, order)).toMatchObject({ state: "paid", discountNano: usd(5) })
  })

  test("one person 50 times at once, three uses each: three", async () => {
    const coupon = await make({ perPerson: 3, amountNano: usd(1) })
    const who = await someone()
    const told = await reasons(Array.from({ length: 50 }, () => redeem(who, coupon.code)))
    expect([countOf(told, "done"), wallet(who).spendableNano]).toEqual([3, usd(3)])
    expect(countOf(told, "You have used this code already.")).toBe(47)
  })

  test("a form that is sent ten times is one use, and is answered alike", async () => {
    const coupon = await make({ perPerson: null })
    const who = await someone()
    const all = await Promise.all(Array.from({ length: 10 }, () => redeem(who, coupon.code, "the-same-form-000001")))
    expect(new Set(all.map(({ use }) => use.publicId)).size).toBe(1)
    expect([all.filter(({ already }) => !already).length, now(coupon).taken]).toEqual([1, 1])
  })
})

describe("what it gives", () => {
  test("credits: a promo lot of coupons that ends after its days, in the history as a coupon", async () => {
    const coupon = await make({ code: "WELCOME10" })
    const who = await someone()
    await redeem(who, "weIcome-l0")
    expect(lots(who)).toEqual([["coupon", usd(10), shop.clock.now() + 90 * DAY_MS]])
    const [row] = shop.server.app.ledger.history({ kind: "principal", id: who.id }, "live", { limit: 5 })
    expect(row).toMatchObject({ type: "coupon", amountNano: usd(10) })
    await expect(redeem(who, "WELCOME10")).rejects.toThrow("used this code already")
    await inOrder(coupon)
  })

  test("a plan for one period, then Free; not for somebody who is on one", async () => {
    const coupon = await make({
      kind: "plan",
      planCode: "professional",
      amountNano: nano(0),
      creditDays: null,
      code: "FREEMONTH",
    })
    const { plans } = shop.server.app
    const who = await someone()
    await redeem(who, "FREEMONTH")
    expect(plans.standingOf(who.id)).toMatchObject({
      plan: { code: "professional" },
      paid: false,
      pendingPlan: { code: "free" },
    })
    expect(lots(who).map(([bucket]) => bucket)).toEqual(["subscription"])
    expect(now(coupon).costNano).toBe(usd(50))
    const other = await someone()
    await plans.assign(CTX, { user: other, planCode: "basic" })
    await expect(redeem(other, "FREEMONTH")).rejects.toThrow("You are on Basic")
    expect(now(coupon).taken).toBe(1)
    await inOrder(coupon)
  })

  test("what takes something off a price is not redeemed alone", async () => {
    const coupon = await percent(10)
    await expect(redeem(await someone(), coupon.code)).rejects.toThrow("Use it when you buy")
    expect(now(coupon).taken).toBe(0)
  })
})

describe("at the checkout", () => {
  test("reserved with the order, shown by the processor, redeemed when paid; what came off is a lot nobody paid for", async () => {
    const coupon = await percent(15, { code: "EARLYBIRD" })
    const who = await someone()
    const order = await buy(who, "earlybird")
    expect(order).toMatchObject({ priceNano: usd(25), discountNano: usd(3.75), state: "open" })
    expect(now(coupon)).toMatchObject({ taken: 1, redeemed: 0, costNano: 0 })
    const session = shop.stripe.world.find<{
      id: string
      object: "checkout.session"
      created: number
      amount_total: number
    }>("checkout.session", order.sessionId!)
    expect([session.amount_total, shop.stripe.world.all("coupon").length > 0]).toEqual([2_125, true])
    await pay(order)
    expect(orderOf(who, order)).toMatchObject({ state: "paid", discountNano: usd(3.75) })
    expect(lots(who).toSorted()).toEqual([
      ["bonus", usd(1.25), null],
      ["coupon", usd(3.75), null],
      ["purchase", usd(21.25), null],
    ])
    expect(now(coupon)).toMatchObject({ taken: 1, redeemed: 1, costNano: usd(3.75) })
    await inOrder(coupon)
  })

  test("all of the price: nothing is paid, and all of it is a coupon's", async () => {
    const coupon = await percent(100)
    const who = await someone()
    await pay(await buy(who, coupon.code, "starter"))
    expect(lots(who)).toEqual([["coupon", usd(5), null]])
    await inOrder(coupon)
  })

  test("an amount, and a cent that the processor rounds the other way", async () => {
    const amount = await make({ kind: "amount", amountNano: usd(7), creditDays: null })
    const who = await someone()
    await pay(await buy(who, amount.code))
    expect(lots(who)[0]![1]).toBe(usd(7))
    const coupon = await percent(15)
    const order = await buy(who, coupon.code)
    const session = shop.stripe.world.find<{
      id: string
      object: "checkout.session"
      created: number
      amount_total: number
    }>("checkout.session", order.sessionId!)
    shop.stripe.webhooks.delivery = { holds: true, retries: [] }
    shop.stripe.pay(order.sessionId!, { with: CARD })
    session.amount_total = 2_124
    shop.stripe.webhooks.delivery = { retries: [] }
    await shop.stripe.webhooks.flush()
    expect(orderOf(who, order)).toMatchObject({ state: "paid", discountNano: usd(3.76) })
    expect(now(coupon).costNano).toBe(usd(3.76))
    await inOrder(amount, coupon)
  })

  test("nobody paid within the hour: free again, and somebody else has it", async () => {
    const coupon = await percent(50, { maxUses: 1 })
    const [one, two] = [await someone(), await someone()]
    const order = await buy(one, coupon.code)
    await expect(buy(two, coupon.code)).rejects.toThrow("does not work")
    shop.clock.advance(HOUR_MS + MINUTE_MS)
    shop.stripe.tick()
    await settled()
    expect([orderOf(one, order).state, now(coupon).taken]).toEqual(["expired", 0])
    await pay(await buy(two, coupon.code))
    expect(now(coupon)).toMatchObject({ taken: 1, redeemed: 1 })
    await inOrder(coupon)
  })

  test("the bank says no after days: free again; it says yes: redeemed", async () => {
    for (const isPaid of [false, true]) {
      const coupon = await percent(10)
      const who = await someone()
      const order = await buy(who, coupon.code)
      shop.stripe.pay(order.sessionId!, { with: "bank" })
      await settled()
      expect(now(coupon)).toMatchObject({ taken: 1, redeemed: 0 })
      await expect(buy(who, coupon.code, "large")).rejects.toThrow("reserved for an order")
      shop.stripe.settle(orderOf(who, order).paymentIntentId!, isPaid)
      await settled()
      expect([isPaid, now(coupon).taken, now(coupon).redeemed]).toEqual([isPaid, Number(isPaid), Number(isPaid)])
      await inOrder(coupon)
    }
  })

  test("the same purchase goes on where it was; another one takes the use along, and the first page is closed", async () => {
    const coupon = await percent(10, { maxUses: 1 })
    const who = await someone()
    const first = await buy(who, coupon.code, "plus")
    expect(await buy(who, coupon.code, "plus")).toEqual(first)
    const second = await buy(who, coupon.code, "large")
    expect([second.publicId !== first.publicId, second.discountNano]).toEqual([true, usd(5)])
    expect([orderOf(who, first).state, now(coupon).taken]).toEqual(["expired", 1])
    expect(() => shop.stripe.pay(first.sessionId!, { with: CARD })).toThrow()
    await pay(second)
    expect(now(coupon)).toMatchObject({ taken: 1, redeemed: 1 })
    await expect(buy(who, coupon.code, "plus")).rejects.toThrow("used this code already")
    await inOrder(coupon)
  })

  test("paid on the first page while another is asked for: it was used, and both know", async () => {
    const coupon = await percent(10)
    const who = await someone()
    shop.stripe.webhooks.delivery = { drops: () => true }
    const first = await buy(who, coupon.code, "plus")
    shop.stripe.pay(first.sessionId!, { with: CARD })
    await expect(buy(who, coupon.code, "large")).rejects.toThrow("reserved for an order")
    shop.stripe.webhooks.delivery = { retries: [] }
    expect([orderOf(who, first).state, now(coupon).redeemed]).toEqual(["paid", 1])
    await inOrder(coupon)
  })

  test("money that comes after the use went to somebody else keeps its price", async () => {
    const coupon = await percent(10, { maxUses: 1 })
    const [one, two] = [await someone(), await someone()]
    shop.stripe.webhooks.delivery = { holds: true, retries: [] }
    const late = await buy(one, coupon.code)
    shop.stripe.pay(late.sessionId!, { with: CARD })
    const paid = shop.stripe.webhooks.held.splice(0)
    // Released by hand: what a restore from before the payment would leave.
    await shop.server.app.store.write(CTX, (tx) => coupons().releasedIn(tx, `order:${late.publicId}`))
    shop.stripe.webhooks.delivery = { retries: [] }
    await pay(await buy(two, coupon.code))
    await shop.stripe.webhooks.flush(paid)
    expect(orderOf(one, late)).toMatchObject({ state: "paid", discountNano: usd(2.5) })
    expect(now(coupon)).toMatchObject({ taken: 2, redeemed: 2, maxUses: 1 })
    await inOrder(coupon)
  })

  test("the processor is down or loses its answers: the same press works later, with one use and one discount there", async () => {
    const coupon = await percent(10)
    const who = await someone()
    for (const trouble of [
      { on: /coupons/, status: 500, times: 3 },
      { on: /POST .*(coupons|sessions)/, loseAnswer: true, times: 9 },
    ]) {
      shop.stripe.trouble(trouble)
      await expect(buy(who, coupon.code, "plus", "a-form-of-this-kind-1")).rejects.toThrow("does not answer")
      shop.stripe.calm()
    }
    const order = await buy(who, coupon.code, "plus", "a-form-of-this-kind-1")
    expect([order.payUrl !== null, now(coupon).taken]).toEqual([true, 1])
    expect(
      shop.stripe.world
        .all<{ id: string; object: "coupon"; created: number }>("coupon")
        .filter(({ id }) => id === coupon.publicId).length,
    ).toBe(1)
    // A day later the processor has forgotten the key, and the discount is there all the same.
    shop.clock.advance(25 * HOUR_MS)
    expect((await buy(await someone(), coupon.code)).payUrl).not.toBeNull()
  })

  test("without a page, because the processor was down: another purchase takes the use along", async () => {
    const coupon = await percent(10)
    const who = await someone()
    shop.stripe.trouble({ on: /POST .*sessions/, status: 500, times: 3 })
    await expect(buy(who, coupon.code, "plus")).rejects.toThrow("does not answer")
    shop.stripe.calm()
    const order = await buy(who, coupon.code, "large")
    expect([order.payUrl !== null, now(coupon).taken]).toEqual([true, 1])
    expect(shop.server.app.billing.ordersOf(who.id, 9).map(({ state }) => state)).toEqual(["open", "expired"])
  })

  test("what it is not for is refused with the reason, and nothing is reserved or ordered", async () => {
    const only = await percent(10, { onlyFor: ["package:large", "plan:pro"] })
    const dear = await percent(10, { minimumNano: usd(50) })
    const who = await someone()
    await expect(buy(who, only.code)).rejects.toThrow("for something else")
    await expect(buy(who, dear.code)).rejects.toThrow("$50 or more")
    expect([now(only).taken, now(dear).taken, shop.server.app.billing.ordersOf(who.id, 9)]).toEqual([0, 0, []])
    await buy(who, only.code, "large")
    await buy(who, dear.code, "large")
  })
})

describe("at the checkout of a plan", () => {
  const subscribe = (who: User, code: string, planCode = "pro", key = randomSecret(15)) => {
    const coupon = { code, ip: "203.0.113.7" }
    const input = { buyer: who, planCode, months: 1 as const, choice: null, key, coupon }
    return shop.server.app.billing.plans.subscribe(CTX, input)
  }
  const signupOf = (who: User, publicId: string) => shop.server.app.billing.plans.signup(who.id, publicId)!

  test("off the first invoice: reserved with the page, which another press replaces; redeemed when it is paid", async () => {
    const coupon = await percent(50, { onlyFor: ["plan:pro"] })
    const who = await someone()
    const signup = await subscribe(who, coupon.code)
    expect(now(coupon)).toMatchObject({ taken: 1, redeemed: 0 })
    expect(await subscribe(who, coupon.code, "pro")).toMatchObject({ state: "open" })
    expect(signupOf(who, signup.publicId).state).toBe("expired")
    const open = await subscribe(who, coupon.code)
    shop.stripe.pay(open.sessionId!, { with: CARD })
    await settled()
    expect(signupOf(who, open.publicId).state).toBe("done")
    expect(now(coupon)).toMatchObject({ taken: 1, redeemed: 1, costNano: usd(15) })
    expect(shop.server.app.plans.standingOf(who.id)).toMatchObject({ plan: { code: "pro" }, paid: true })
    const bills = shop.stripe.world.all<{ id: string; object: "invoice"; created: number; amount_paid: number }>(
      "invoice",
    )
    expect(bills.at(-1)!.amount_paid).toBe(1_499)
    const { rows } = shop.server.app.billing.coupons.usesOf(coupon, null, 9)
    expect(rows.map(({ state, subject }) => [state, subject])).toEqual([
      ["redeemed", "plan:pro"],
      ["released", "plan:pro"],
      ["released", "plan:pro"],
    ])
    await expect(subscribe(await someone(), coupon.code, "basic")).rejects.toThrow("for something else")
    await inOrder(coupon)
  })

  test("nobody paid within the hour: free again", async () => {
    const coupon = await percent(50, { maxUses: 1 })
    const [one, two] = [await someone(), await someone()]
    const signup = await subscribe(one, coupon.code)
    await expect(subscribe(two, coupon.code)).rejects.toThrow("does not work")
    shop.clock.advance(HOUR_MS + MINUTE_MS)
    shop.stripe.tick()
    await settled()
    expect([signupOf(one, signup.publicId).state, now(coupon).taken]).toEqual(["expired", 0])
    await subscribe(two, coupon.code)
    await inOrder(coupon)
  })

  test("an order that waits with it gives it up", async () => {
    const coupon = await percent(10)
    const who = await someone()
    const order = await buy(who, coupon.code)
    await subscribe(who, coupon.code)
    expect([orderOf(who, order).state, now(coupon).taken]).toEqual(["expired", 1])
    await inOrder(coupon)
  })

  test("a plan on its way gives it up for what is bought now: its page is closed, and it is used once", async () => {
    const coupon = await percent(10)
    const who = await someone()
    const signup = await subscribe(who, coupon.code)
    const order = await buy(who, coupon.code)
    expect([signupOf(who, signup.publicId).state, now(coupon).taken]).toEqual(["expired", 1])
    expect(() => shop.stripe.pay(signup.sessionId!, { with: CARD })).toThrow()
    await pay(order)
    expect(now(coupon)).toMatchObject({ taken: 1, redeemed: 1 })
    await inOrder(coupon)
  })

  test("paid for a plan while a package is asked for with it: it was used, and both know", async () => {
    const coupon = await percent(10)
    const who = await someone()
    shop.stripe.webhooks.delivery = { drops: () => true }
    const signup = await subscribe(who, coupon.code)
    shop.stripe.pay(signup.sessionId!, { with: CARD })
    await expect(buy(who, coupon.code)).rejects.toThrow("used this code already")
    shop.stripe.webhooks.delivery = { retries: [] }
    expect([signupOf(who, signup.publicId).state, now(coupon).redeemed]).toEqual(["done", 1])
    await inOrder(coupon)
  })

  test("who holds it is said where it is typed and under Credits, and given up there it is free for others at once", async () => {
    const coupon = await percent(10, { maxUses: 1 })
    const [who, other] = [await someone(), await someone()]
    const signup = await subscribe(who, coupon.code)
    expect(coupons().heldBy(who.id)).toMatchObject([{ code: coupon.code, ref: `signup:${signup.publicId}` }])
    const agent = await signedIn(shop.server, who.email)
    const at = (path: string) => agent.get(`${shop.server.url}${path}`)
    const page = await at("/credits")
    expect(page.text).toContain(`href="/credits/signups/${signup.publicId}"`)
    const held = await at(`/credits/signups/${signup.publicId}`)
    expect(held.text).toContain("It is kept for you until")
    const done = await agent.submit(held, `/credits/signups/${signup.publicId}/end`, {})
    expect(done.text).toContain("It is given up, and nothing was charged.")
    expect([signupOf(who, signup.publicId).state, now(coupon).taken]).toEqual(["expired", 0])
    const order = await buy(other, coupon.code)
    const his = await signedIn(shop.server, other.email)
    const waiting = await his.get(`${shop.server.url}/credits/orders/${order.publicId}`)
    await his.submit(waiting, `/credits/orders/${order.publicId}/end`, {})
    expect([orderOf(other, order).state, now(coupon).taken]).toEqual(["expired", 0])
    expect(() => shop.stripe.pay(order.sessionId!, { with: CARD })).toThrow()
    await inOrder(coupon)
  })
})

describe("a code that is guessed at", () => {
  const told = async (who: User, code: string, ip?: string) => {
    try {
      await coupons().redeem(CTX, by(who, ip), { code, key: randomSecret(15) })
      return "done"
    } catch (error) {
      const { code: kind, message, extra } = error as { code: string; message: string; extra: object }
      return JSON.stringify([kind, message, extra])
    }
  }

  test("unknown, ended, expired and used-up ones are answered alike", async () => {
    const ended = await make()
    await shop.server.app.store.write(CTX, (tx) => coupons().endIn(tx, ended.code))
    const expired = await make({ expiresMs: shop.clock.now() + 1 })
    shop.clock.advance(1)
    const full = await make({ maxUses: 1 })
    await redeem(admin, full.code)
    const who = await someone()
    const answers = await Promise.all(
      ["NO-SUCH-CODE-1", "?", "", ended.code, expired.code, full.code].map((code) => told(who, code)),
    )
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toContain("does not work")
  })

  test("and take the same statements", async () => {
    const ended = await make()
    await shop.server.app.store.write(CTX, (tx) => coupons().endIn(tx, ended.code))
    const asked = async (code: string): Promise<string[]> => {
      const who = await someone()
      const seen: string[] = []
      const { store } = shop.server.app
      const write = store.write.bind(store)
      store.write = ((ctx: never, body: (tx: object) => unknown) =>
        write(ctx, (tx) => {
          const spy = new Proxy(tx, {
            get(target, name) {
              const value = Reflect.get(target, name) as unknown
              if (typeof value !== "function") return value
              return (...args: unknown[]) => {
                if (typeof args[0] === "string") seen.push(args[0])
                return (value as (...all: unknown[]) => unknown).apply(target, args)
              }
            },
          })
          return body(spy) as never
        })) as typeof store.write
      await told(who, code)
      store.write = write
      return seen
    }
    const [unknown, over] = [await asked("NO-SUCH-CODE-2"), await asked(ended.code)]
    expect(unknown.length).toBeGreaterThan(4)
    expect(over).toEqual(unknown)
  })

  test("ten times by one person: then even the right one waits, ten minutes for each try", async () => {
    const coupon = await make()
    const who = await someone()
    for (let at = 0; at < 10; at++) expect(await told(who, `WRONG-${at}`)).toContain("does not work")
    const limited = await told(who, coupon.code)
    expect(limited).toContain("rate_limit_exceeded")
    expect(limited).toContain("Wait 10 minutes")
    expect(await told(who, "WRONG-11")).toBe(limited)
    // Somebody else beside them is not kept from theirs.
    expect(await told(await someone(), coupon.code)).toBe("done")
    shop.clock.advance(10 * MINUTE_MS)
    expect(await told(who, coupon.code)).toBe("done")
  })

  test("right ones are not counted", async () => {
    const coupon = await make({ perPerson: null })
    const who = await someone()
    for (let at = 0; at < 25; at++) expect(await told(who, coupon.code)).toBe("done")
  })

  test("by many accounts of one network: 200, and then that network waits", async () => {
    const ip = "2001:db8:1:2::3"
    const all = await Promise.all(
      crowd.flatMap((who, at) => [0, 1, 2].map((round) => told(who, `WRONG-${at}-${round}`, ip))),
    )
    expect(all.filter((one) => one.includes("does not work")).length).toBe(200)
    expect(all.filter((one) => one.includes("rate_limit_exceeded")).length).toBe(100)
    const coupon = await make()
    expect(await told(await someone(), coupon.code, "2001:db8:1:2:ffff::1")).toContain("rate_limit_exceeded")
    expect(await told(await someone(), coupon.code, "2001:db8:1:3::1")).toBe("done")
  })
})

describe("what an admin may do", () => {
  const write = <T>(act: (tx: Parameters<Parameters<typeof shop.server.app.store.write>[1]>[0]) => T) =>
    shop.server.app.store.write(CTX, act as never) as Promise<T>

  test("two codes that look alike cannot both be; an empty one is made here", async () => {
    await make({ code: "SOLO-1" })
    await expect(make({ code: "S0L0I" })).rejects.toThrow("looks like it")
    expect((await make()).code).toMatch(/^\w{4}-\w{4}-\w{4}$/)
  })

  test("nonsense is refused by field", async () => {
    const errors = async (more: Partial<NewCoupon>) => {
      const error = (await make(more).catch((thrown: unknown) => thrown)) as { extra?: { formErrors?: object } }
      return Object.keys(error.extra?.formErrors ?? {})
    }
    expect(await errors({ code: "NO!" })).toEqual(["code"])
    expect(await errors({ amountNano: nano(0), creditDays: 0 })).toEqual(["amountNano", "creditDays"])
    expect(await errors({ kind: "percent", percent: 101 })).toEqual(["percent"])
    expect(await errors({ kind: "amount", amountNano: nano(1) })).toEqual(["amountNano"])
    expect(await errors({ kind: "plan", planCode: "nothing" })).toEqual(["planCode"])
    expect(await errors({ kind: "plan", planCode: "free" })).toEqual(["planCode"])
    expect(await errors({ maxUses: 0, perPerson: -1, minimumNano: nano(5) })).toEqual([
      "maxUses",
      "perPerson",
      "minimumNano",
    ])
    expect(await errors({ kind: "percent", percent: 5, onlyFor: ["package:nothing"] })).toEqual(["onlyFor"])
    expect(await errors({ kind: "percent", percent: 5, onlyFor: ["plan:pro", "user:1"] })).toEqual(["onlyFor"])
  })

  test("never fewer uses than there were; ended is for good; whoever pays with it still may", async () => {
    const coupon = await percent(10, { maxUses: 5 })
    const [one, two] = [await someone(), await someone()]
    const order = await buy(one, coupon.code)
    await pay(await buy(two, coupon.code))
    await expect(write((tx) => coupons().editIn(tx, { code: coupon.code, maxUses: 1 }))).rejects.toThrow(
      "2 times already",
    )
    await write((tx) => coupons().editIn(tx, { code: coupon.code.toLowerCase(), maxUses: 2, note: " for friends " }))
    expect(now(coupon)).toMatchObject({ maxUses: 2, note: "for friends" })
    await write((tx) => coupons().endIn(tx, coupon.code))
    await expect(write((tx) => coupons().editIn(tx, { code: coupon.code, note: "" }))).rejects.toThrow("ended")
    await pay(order)
    expect(orderOf(one, order).state).toBe("paid")
    expect(now(coupon)).toMatchObject({ taken: 2, redeemed: 2 })
    await inOrder(coupon)
  })
})
