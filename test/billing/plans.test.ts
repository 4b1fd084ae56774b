// Plans for money: what an invoice paid gives its months, whatever is twice, late, lost or in another order, and nothing else gives any.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { DAY_MS, HOUR_MS, nano, randomSecret } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser, type TestServer } from "../build.ts"
import type { Charge } from "../fakes/stripe/index.ts"
import { Prover } from "./flows/kit.ts"
import { asked, atProcessor, CARD, move, PLANS, signUp, subscribed } from "./flows/plans.ts"
import { openShop, type Shop } from "./world.ts"

setDefaultTimeout(120_000)
const usd = (dollars: number) => Math.round(dollars * 100) * 10_000_000

let shop: Shop
let prover: Prover
/** Flows have a server of their own: time goes on there. */
let flows: Shop
beforeAll(async () => {
  ;[shop, flows] = await Promise.all([openShop(), openShop()])
  prover = new Prover(flows)
})
afterAll(() => Promise.all([shop?.close(), flows?.close()]))

const settled = () => shop.stripe.webhooks.idle()
const app = () => shop.server.app
const balance = ({ id }: User) => app().ledger.wallet({ kind: "principal", id }, "live").spendableNano as number
const planOf = ({ id }: User) => app().plans.planOf(id).code
const own = ({ id }: User) => app().billing.plans.ownOf(id)

/** Time goes on, by steps that nobody overlooks. */
async function pass(ms: number): Promise<void> {
  shop.clock.advance(ms)
  shop.stripe.tick()
  await settled()
}
async function somebody(plan?: string, months: 1 | 12 = 1, card = CARD): Promise<User> {
  shop.stripe.webhooks.delivery = { retries: [1] }
  const person = await makeUser(app())
  if (plan) await subscribed(shop, person, plan, months, card)
  await settled()
  return person
}

async function differences({ app }: TestServer = shop.server) {
  const { statement } = app.billing
  await statement.read()
  const { differences: found, lines } = statement.compare(0, shop.clock.now() + 400 * DAY_MS)
  return [...found, ...lines.filter(({ differenceCents }) => differenceCents !== 0)]
}

describe("subscribing", () => {
  test("leads to a page; paid there, the plan and its credits are there by the webhook; the price was made when needed", async () => {
    const person = await somebody()
    const signup = await signUp(shop, person, "starter")
    expect(signup).toMatchObject({ state: "open", payUrl: expect.stringContaining("/pay/cs_") })
    expect([planOf(person), balance(person)]).toEqual(["free", 0])
    shop.stripe.pay(signup.sessionId!, { with: CARD })
    await settled()
    expect([planOf(person), balance(person)]).toEqual(["starter", usd(30)])
    expect(own(person)).toMatchObject({
      plan: { code: "starter" },
      months: 1,
      status: "active",
      endsMs: null,
      next: null,
    })
    expect(app().billing.plans.signup(person.id, signup.publicId)?.state).toBe("done")
    expect(shop.stripe.world.all("price").length).toBe(1)
    const other = await somebody("starter")
    expect(planOf(other)).toBe("starter")
    expect(shop.stripe.world.all("price").length).toBe(1)
  })

  test("twice by the same form is one page; another plan closes it; who pays already is told so", async () => {
    const person = await somebody()
    const both = await Promise.all([signUp(shop, person, "pro", 1, "form-1"), signUp(shop, person, "pro", 1, "form-1")])
    expect(new Set(both.map(({ sessionId }) => sessionId)).size).toBe(1)
    const other = await signUp(shop, person, "basic")
    expect(app().billing.plans.signup(person.id, both[0]!.publicId)?.state).toBe("expired")
    expect(() => shop.stripe.pay(both[0]!.sessionId!, { with: CARD })).toThrow("expired")
    shop.stripe.pay(other.sessionId!, { with: CARD })
    await settled()
    expect(planOf(person)).toBe("basic")
    await expect(signUp(shop, person, "pro")).rejects.toThrow("pay for a plan already")
  })

  test("no word of it: the return page asks, and where nobody returns, the job does", async () => {
    for (const isBack of [true, false]) {
      const person = await somebody()
      const signup = await signUp(shop, person, "starter")
      shop.stripe.webhooks.delivery = { drops: () => true }
      shop.stripe.pay(signup.sessionId!, { with: CARD })
      expect(planOf(person)).toBe("free")
      shop.clock.advance(6 * 60_000)
      if (isBack) await app().billing.plans.refreshSignup(app().billing.plans.signup(person.id, signup.publicId)!)
      else await app().billing.reconcile()
      expect([isBack, planOf(person), balance(person)]).toEqual([isBack, "starter", usd(30)])
    }
  })

  test("what is not sold so is refused: Free, a plan without a price a year, one that is closed", async () => {
    const person = await somebody()
    await expect(signUp(shop, person, "free")).rejects.toThrow("Choose another plan")
    await expect(signUp(shop, person, "pro", 12)).rejects.toThrow("Choose another plan")
    await expect(signUp(shop, person, "nope")).rejects.toThrow("no such plan")
  })
})

describe("a dearer plan", () => {
  test("costs what was shown, at once, and gives so much more", async () => {
    const person = await somebody("starter")
    await pass(15 * DAY_MS)
    const seen = await app().billing.plans.preview(person.id, { planCode: "professional", months: 1 })
    if (seen.kind !== "now") throw new Error(seen.kind)
    expect(seen.now).toMatchObject({ dueNano: usd(10), lines: [{ amountNano: -usd(15) }, { amountNano: usd(25) }] })
    expect(planOf(person)).toBe("starter")
    const input = { buyer: person, planCode: "professional", months: 1, key: "form-2" } as const
    const shown = { atMs: seen.now.atMs, dueNano: seen.now.dueNano as number }
    shop.clock.advance(5 * 60_000)
    await expect(app().billing.plans.change(CTX, { ...input, seen: { ...shown, dueNano: usd(9) } })).rejects.toThrow(
      "another amount",
    )
    await app().billing.plans.change(CTX, { ...input, seen: shown })
    expect([planOf(person), balance(person)]).toEqual(["professional", usd(40)])
    await settled()
    expect(balance(person)).toBe(usd(40))
    // The same form again is the same act.
    await app().billing.plans.change(CTX, { ...input, seen: shown })
    expect(balance(person)).toBe(usd(40))
  })

  test("that the bank does not pay for changes nothing, and says so", async () => {
    const person = await somebody("starter", 1, "4000000000000341")
    await pass(DAY_MS)
    await expect(move(shop, person, "professional")).rejects.toThrow("did not pay")
    await settled()
    expect([planOf(person), balance(person), own(person)?.plan.code]).toEqual(["starter", usd(30), "starter"])
  })

  test("for a year: from now on, a lot a month", async () => {
    await app().plans.updatePlan(CTX, { code: "starter", yearlyNano: usd(300) })
    const person = await somebody("starter")
    await pass(15 * DAY_MS)
    await move(shop, person, "starter", 12)
    expect(own(person)).toMatchObject({ months: 12, plan: { code: "starter" } })
    expect(balance(person)).toBe(usd(45))
    await pass(31 * DAY_MS)
    expect(planOf(person)).toBe("starter")
  })
})

describe("a cheaper plan, or none", () => {
  test("comes at the end of the period; until then it can be taken back", async () => {
    const person = await somebody("professional")
    const later = await app().billing.plans.preview(person.id, { planCode: "starter", months: 1 })
    expect(later).toMatchObject({ kind: "later", atMs: own(person)!.periodEndMs })
    await move(shop, person, "starter")
    expect(own(person)).toMatchObject({ plan: { code: "professional" }, next: { plan: { code: "starter" } } })
    expect(app().plans.standingOf(person.id).pendingPlan?.code).toBe("starter")
    await app().billing.plans.resume(CTX, person, randomSecret(9))
    expect(own(person)).toMatchObject({ next: null, endsMs: null })
    await move(shop, person, "basic")
    await move(shop, person, "starter")
    await pass(own(person)!.periodEndMs - shop.clock.now() + 2 * HOUR_MS)
    expect([planOf(person), own(person)?.plan.code, own(person)?.next]).toEqual(["starter", "starter", null])
    await settled()
    expect(balance(person)).toBe(usd(50) + usd(30)) // rolled over, and new
  })

  test("ended at the end of the period, resumed, ended again: then Free on the day itself", async () => {
    const person = await somebody("pro")
    const ended = await app().billing.plans.end(CTX, person, "k1")
    expect(ended.endsMs).toBe(ended.periodEndMs)
    expect((await app().billing.plans.resume(CTX, person, "k2")).endsMs).toBeNull()
    await app().billing.plans.end(CTX, person, "k3")
    shop.clock.advance(ended.periodEndMs - shop.clock.now() - 1)
    expect(planOf(person)).toBe("pro")
    shop.clock.advance(1)
    expect(planOf(person)).toBe("free")
    await pass(HOUR_MS)
    expect(own(person)).toBeNull()
    // It can be subscribed to anew.
    await subscribed(shop, person, "basic")
    await settled()
    expect(planOf(person)).toBe("basic")
  })
})

describe("a renewal that is not paid", () => {
  test("three days of grace, mails, the banner, then Free; a late payment brings it back", async () => {
    const person = await somebody("starter", 1, "4000000000000341")
    const end = own(person)!.periodEndMs
    await pass(end - shop.clock.now() + 2 * HOUR_MS)
    expect(own(person)).toMatchObject({ status: "past_due", isFailing: true, untilMs: end + 3 * DAY_MS })
    expect(planOf(person)).toBe("starter")
    expect(app().billing.plans.noticeOf(person.id)).toContain("failed")
    const page = await (await signedIn(shop.server, person.email)).get(`${shop.server.url}/dashboard`)
    expect(page.text).toContain("The payment for Starter failed")
    const told = () => app().billing.plans.remind()
    expect(await told()).toBe(0)
    shop.clock.advance(end + 2 * DAY_MS + HOUR_MS - shop.clock.now())
    expect([await told(), await told()]).toEqual([1, 0])
    shop.clock.advance(DAY_MS)
    expect([planOf(person), await told(), await told()]).toEqual(["free", 1, 0])
    expect(app().billing.plans.noticeOf(person.id)).toContain("you are on Free")
    expect(balance(person)).toBe(usd(30)) // rolled over, nothing new
    const url = await app().billing.plans.portal(person)
    const body = new URLSearchParams({ card: "1", number: CARD })
    await shop.stripe.fetch(new Request(url, { method: "POST", body }))
    await pass(DAY_MS)
    expect([planOf(person), balance(person), own(person)?.isFailing]).toEqual(["starter", usd(60), false])
    expect(app().billing.plans.noticeOf(person.id)).toBeUndefined()
  })
})

describe("with a coupon", () => {
  const make = (more: object) =>
    app().store.write(CTX, (tx) =>
      app().billing.coupons.createIn(tx, {
        code: "",
        note: "",
        kind: "percent",
        amountNano: nano(0),
        percent: 50,
        creditDays: null,
        planCode: null,
        maxUses: 1,
        perPerson: 1,
        minimumNano: nano(0),
        onlyFor: [],
        expiresMs: null,
        ...more,
      }),
    )
  const withCode = (buyer: User, planCode: string, code: string, key = randomSecret(9)) =>
    app().billing.plans.subscribe(CTX, {
      buyer,
      planCode,
      months: 1,
      choice: null,
      key,
      coupon: { code, ip: "192.0.2.1" },
    })
  const used = (code: string) => {
    const { taken, redeemed, costNano } = app().billing.coupons.byCode(code)!
    return [taken, redeemed, costNano as number]
  }

  test("it comes off the first payment alone; what it paid for are credits that are a gift", async () => {
    const { code } = await make({})
    const [person, other] = [await somebody(), await somebody()]
    const first = await withCode(person, "basic", code)
    expect(used(code)).toEqual([1, 0, 0])
    await expect(withCode(other, "starter", code)).rejects.toMatchObject({ extra: { param: "code" } })
    // Another plan takes the use over; the same form is the same page.
    const second = await withCode(person, "starter", code, "coupon-form")
    expect((await withCode(person, "starter", code, "coupon-form")).sessionId).toBe(second.sessionId)
    expect(app().billing.plans.signup(person.id, first.publicId)?.state).toBe("expired")
    shop.stripe.pay(second.sessionId!, { with: CARD })
    await settled()
    expect(used(code)).toEqual([1, 1, usd(15)])
    const lots = app().ledger.wallet({ kind: "principal", id: person.id }, "live").lots
    expect(lots.map(({ paid, grantedNano }) => [paid, grantedNano as number]).toSorted()).toEqual([
      [false, usd(15)],
      [true, usd(15)],
    ])
    await pass(own(person)!.periodEndMs - shop.clock.now() + 2 * HOUR_MS)
    expect(own(person)?.priceNano as number).toBe(usd(30))
    expect(used(code)).toEqual([1, 1, usd(15)])
    const [newest] = app().billing.invoices.list(person.id, {}).rows
    expect(newest?.totalNano as number).toBe(usd(30))
  })

  test("of a page that nobody pays on, it is free again; and what it is not for is refused", async () => {
    const { code } = await make({ onlyFor: ["plan:starter"] })
    const person = await somebody()
    await expect(withCode(person, "pro", code)).rejects.toThrow("something else")
    const signup = await withCode(person, "starter", code)
    expect(used(code)[0]).toBe(1)
    await pass(2 * HOUR_MS)
    expect(app().billing.plans.signup(person.id, signup.publicId)?.state).toBe("expired")
    expect(used(code)).toEqual([0, 0, 0])
  })
})

test("an end is final: what is told later does not bring it back", async () => {
  const person = await somebody("starter")
  const one = atProcessor(shop, person)
  shop.stripe.webhooks.delivery = { holds: true }
  await asked(shop, "DELETE", `subscriptions/${one.id}`)
  const ended = shop.stripe.webhooks.held.splice(0)
  shop.stripe.webhooks.delivery = { retries: [1] }
  await shop.stripe.webhooks.flush(ended)
  expect([planOf(person), own(person)]).toEqual(["free", null])
  one.status = "active"
  one.ended_at = null
  await shop.stripe.webhooks.flush(ended)
  expect([planOf(person), own(person)]).toEqual(["free", null])
  one.status = "canceled"
  one.ended_at = Math.floor(shop.clock.now() / 1_000)
})

describe("the processor's money and the books'", () => {
  test("are the same after plans with credits, without, and with more than they cost; raised, and given back", async () => {
    const person = await somebody("basic")
    const second = await somebody("enterprise")
    await somebody("pro")
    await pass(10 * DAY_MS)
    await move(shop, person, "professional")
    await settled()
    expect(await differences()).toEqual([])
    for (const one of [person, second]) {
      const charge = shop.stripe.world
        .all<Charge>("charge")
        .findLast(({ customer }) => customer !== null && shop.personOf(customer) === one.id)!
      shop.stripe.refund(charge.id, 500)
      await settled()
      shop.stripe.refund(charge.id)
      await settled()
    }
    await pass(2 * DAY_MS)
    expect(await differences()).toEqual([])
  })
})

describe("in whatever order events come, the same is left", () => {
  for (const flow of PLANS)
    test(flow.name, async () => {
      const { events } = await prover.prove(flow, 8)
      expect(events.length).toBeGreaterThan(0)
    })
})

test("the books hold, each invoice is one document, and nobody has to look", async () => {
  for (const { server } of [shop, flows]) {
    expect((await server.app.verification.run({ actor: "cli", requestId: "r", reason: "t" })).ok).toBe(true)
    expect(server.app.billing.events("parked", 10)).toEqual([])
    const count = (sql: string) => server.app.store.read.get<{ n: number }>(sql)!.n
    const paid = count("SELECT COUNT(*) AS n FROM billing_plan_invoices")
    expect(paid).toBeGreaterThan(10)
    expect(await differences(server)).toEqual([])
    expect(count("SELECT COUNT(*) AS n FROM invoices WHERE kind = 'plan'")).toBe(paid)
  }
})
