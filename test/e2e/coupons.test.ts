// Coupons over real HTTP: by link, on /credits, at the checkout, by API, and what an admin does and sees of them.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { nano } from "../../src/app/index.ts"
import type { NewCoupon } from "../../src/billing/index.ts"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { usd } from "../../src/plans/testing.ts"
import { BLANK } from "../billing/coupon-kit.ts"
import { openShop, type Shop } from "../billing/world.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser } from "../build.ts"

const CARD = "4242424242424242"

let shop: Shop
let admin: User
const at = (path: string) => `${shop.server.url}${path}`
beforeAll(async () => {
  shop = await openShop()
  admin = await makeUser(shop.server.app, { isAdmin: true, name: "Grace Operator" })
}, 30_000)
afterAll(() => shop?.close())

const OFF = { kind: "percent", amountNano: nano(0), creditDays: null } as const
const coupons = () => shop.server.app.billing.coupons
const make = (more: Partial<NewCoupon>) =>
  shop.server.app.store.write(CTX, (tx) => coupons().createIn(tx, { ...BLANK, ...more }))
const balance = (who: User) => shop.server.app.ledger.wallet({ kind: "principal", id: who.id }, "live").spendableNano
const someone = async (): Promise<{ who: User; agent: WebAgent }> => {
  const who = await makeUser(shop.server.app)
  return { who, agent: await signedIn(shop.server, who.email) }
}
const keyOf = async (who: User, scopes: string[]) =>
  (await shop.server.app.keys.create(CTX, { userId: who.id, name: "Test", scopes })).secret

interface Sent {
  status: number
  headers: Headers
  body: Record<string, unknown>
}
async function api(method: string, path: string, key: string, body?: object, once?: string): Promise<Sent> {
  const headers = {
    authorization: `Bearer ${key}`,
    ...(body ? { "content-type": "application/json" } : {}),
    ...(once ? { "idempotency-key": once } : {}),
  }
  const answer = await fetch(at(path), { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Sent["body"] }
}

describe("by link", () => {
  test("somebody who is not known signs up first, and the code is still there; nothing is taken before they say so", async () => {
    await make({ code: "HELLO-10" })
    const { WebAgent: Agent } = await import("../../src/cli/demo/agent.ts")
    const agent = new Agent()
    const login = await agent.get(at("/redeem?code=hello-10"))
    expect(login.url).toContain("/login")
    const signup = await agent.get(login.url.replace("/login", "/signup"))
    const email = "newcomer@example.com"
    const verify = await agent.submit(signup, "/signup", { email, password: "ships and harbours", name: "New Comer" })
    await shop.server.app.outbox.flush()
    const mail = shop.server.app.mailer.mailbox.findLast(({ to }) => to === email)!
    const page = await agent.submit(verify, new URL(verify.url).pathname, { code: /\b\d{6}\b/.exec(mail.text)![0] })
    expect(new URL(page.url).pathname + new URL(page.url).search).toBe("/redeem?code=hello-10")
    expect(plainText(page.text)).toContain("10,000 credits, for 90 days")
    const who = shop.server.app.identity.userByEmail(email)!
    expect(balance(who)).toBe(nano(0))
    const done = await agent.submit(page, "/redeem")
    expect([
      new URL(done.url).pathname,
      plainText(done.text).includes("10,000 credits are yours, by the code HELLO-10."),
    ]).toEqual(["/credits", true])
    expect(balance(who)).toBe(usd(10))
    // The same form again is the same act.
    const again = await agent.submit(page, "/redeem")
    expect([new URL(again.url).pathname, balance(who)]).toEqual(["/credits", usd(10)])
    const used = await agent.get(at("/redeem?code=HELLO-10"))
    expect(plainText(used.text)).toContain("You have used this code already.")
  })

  test("a wrong one keeps what was typed and says so beside it; a page without one asks for it", async () => {
    const { agent } = await someone()
    const wrong = await agent.get(at(`/redeem?code=${encodeURIComponent('"><script>no</script>')}`))
    // Inside quotes only quotes mean something, and none of them got there.
    expect(wrong.text.replace(/"[^"]*"/g, "")).not.toContain("<script>no")
    expect(plainText(wrong.text)).toContain("This code does not work.")
    const empty = await agent.submit(await agent.get(at("/redeem")), "/redeem", { code: " " })
    expect([empty.status, plainText(empty.text).includes("Type the code.")]).toEqual([422, true])
    const typed = await agent.submit(await agent.get(at("/redeem")), "/redeem", { code: "NOPE-NOPE" })
    expect([typed.status, typed.text.includes('value="NOPE-NOPE"')]).toEqual([422, true])
  })

  test("a month of a plan says which, and what comes after it", async () => {
    await make({ code: "FREEMONTH", kind: "plan", planCode: "pro", amountNano: nano(0), creditDays: null })
    const { who, agent } = await someone()
    const page = await agent.get(at("/redeem?code=FREEMONTH"))
    expect(plainText(page.text)).toContain("A month of Pro")
    const done = await agent.submit(page, "/redeem")
    expect(plainText(done.text)).toContain("You are on Pro until")
    expect(shop.server.app.plans.standingOf(who.id)).toMatchObject({
      plan: { code: "pro" },
      pendingPlan: { code: "free" },
    })
  })
})

describe("on /credits", () => {
  test("credits at once; what is wrong stands beside the field", async () => {
    await make({ code: "LUNCH-5", amountNano: usd(5) })
    const { who, agent } = await someone()
    const wrong = await agent.submit(await agent.get(at("/credits")), "/credits/coupon", { code: "LUNCH-55" })
    expect([wrong.status, plainText(wrong.text).includes("This code does not work.")]).toEqual([422, true])
    const done = await agent.submit(wrong, "/credits/coupon", { code: "lunch 5" })
    expect([done.status, plainText(done.text).includes("5,000 credits are yours")]).toEqual([200, true])
    expect(balance(who)).toBe(usd(5))
  })

  test("a share of a price: packages with it, the order with it, paid with it", async () => {
    const coupon = await make({ code: "EARLYBIRD", ...OFF, percent: 15, onlyFor: ["package:plus", "package:large"] })
    const { who, agent } = await someone()
    const shown = await agent.submit(await agent.get(at("/credits")), "/credits/coupon", { code: "earlybird" })
    expect(new URL(shown.url).search).toBe("?coupon=EARLYBIRD")
    const text = plainText(shown.text)
    for (const words of ["EARLYBIRD takes 15% off one purchase", "$21.25", "in place of $25"])
      expect(text).toContain(words)
    // Not for this one: its price is as it was.
    expect(text).not.toContain("in place of $5.")
    const plus = shown.forms.find(({ action }) => action.endsWith("/packages/plus"))!
    const starter = shown.forms.find(({ action }) => action.endsWith("/packages/starter"))!
    expect([
      plus.fields.some(([name]) => name === "coupon"),
      starter.fields.some(([name]) => name === "coupon"),
    ]).toEqual([true, false])
    const away = new (await import("../../src/cli/demo/agent.ts")).WebAgent(
      (url) => url.host === new URL(shop.server.url).host,
    )
    for (const name of ["browser", "auth", "console"])
      away.setCookie(shop.server.url, `purser_${name}`, agent.cookie(shop.server.url, `_${name}`)!)
    const form = await away.get(at("/credits?coupon=EARLYBIRD"))
    await away.submit(form, "/credits/packages/plus")
    const [order] = shop.server.app.billing.ordersOf(who.id, 1)
    expect(order).toMatchObject({ discountNano: usd(3.75), state: "open" })
    const open = plainText((await agent.get(at(`/credits/orders/${order!.publicId}`))).text)
    for (const words of ["EARLYBIRD", "$3.75", "kept for you for an hour"]) expect(open).toContain(words)
    shop.stripe.pay(order!.sessionId!, { with: CARD })
    await shop.stripe.webhooks.idle()
    expect(balance(who)).toBe(usd(26.25))
    expect(coupons().byCode(coupon.code)).toMatchObject({ redeemed: 1, costNano: usd(3.75) })
    const spent = await agent.get(at("/credits?coupon=EARLYBIRD"))
    expect(plainText(spent.text)).toContain("You have used this code already.")
    expect(spent.status).toBe(200)
  })
})

describe("at /credits/plans", () => {
  test("the code goes along to the plan, what it takes off is said, and a wrong one stands beside its field", async () => {
    const coupon = await make({ code: "PLANS-50", ...OFF, percent: 50, onlyFor: ["plan:pro"] })
    const { who, agent } = await someone()
    const link = await agent.get(at("/redeem?code=PLANS-50"))
    expect(link.text).toContain('href="/credits/plans?coupon=PLANS-50"')
    expect(link.text).not.toContain("Choose a package")
    const plans = await agent.get(at("/credits/plans?coupon=PLANS-50"))
    expect(plans.text).toContain("/credits/plans/change?to=pro&by=month&coupon=PLANS-50")
    const change = await agent.get(at("/credits/plans/change?to=pro&by=month&coupon=PLANS-50"))
    expect(plainText(change.text)).toContain("takes $15.00 off: the first invoice is $14.99")
    const other = await agent.get(at("/credits/plans/change?to=basic&by=month&coupon=PLANS-50"))
    expect(plainText(other.text)).toContain("This code is for something else.")
    const wrong = await agent.submit(change, "/credits/plans/change", { coupon: "PLANS-51" })
    expect([wrong.status, plainText(wrong.text).includes("This code does not work.")]).toEqual([422, true])
    const { WebAgent: Agent } = await import("../../src/cli/demo/agent.ts")
    const away = new Agent((url) => url.host === new URL(shop.server.url).host)
    for (const name of ["browser", "auth", "console"])
      away.setCookie(shop.server.url, `purser_${name}`, agent.cookie(shop.server.url, `_${name}`)!)
    const form = await away.get(at("/credits/plans/change?to=pro&by=month&coupon=PLANS-50"))
    await away.submit(form, "/credits/plans/change")
    const [use] = coupons().usesOf(coupon, null, 1).rows
    expect(use).toMatchObject({ state: "reserved", subject: "plan:pro", userId: who.id })
    const signup = shop.server.app.billing.plans.signup(who.id, use!.ref.slice("signup:".length))!
    shop.stripe.pay(signup.sessionId!, { with: CARD })
    await shop.stripe.webhooks.idle()
    expect(coupons().byCode("PLANS-50")).toMatchObject({ redeemed: 1 })
    expect(shop.server.app.plans.planOf(who.id).code).toBe("pro")
  })
})

describe("what an admin sees", () => {
  test("adds one of each kind, sees who used it for what and what it cost, and ends it", async () => {
    const agent = await signedIn(shop.server, admin.email)
    expect(plainText((await agent.get(at("/admin/coupons/new?kind=plan"))).text)).toContain("One period of it")
    const form = await agent.get(at("/admin/coupons/new?kind=credits"))
    const wrong = await agent.submit(form, "/admin/coupons", { code: "NO!", credits: "", reason: "" })
    expect(wrong.status).toBe(422)
    for (const words of ["Use 4 to 32 letters", "Give a number of credits", "Give a reason"])
      expect(plainText(wrong.text)).toContain(words)
    const made = await agent.submit(wrong, "/admin/coupons", {
      code: "party-7",
      credits: "700",
      max_uses: "2",
      last_day: "2026-12-31",
      reason: "Office party",
    })
    expect([new URL(made.url).pathname, plainText(made.text).includes("PARTY-7 works from now on.")]).toEqual([
      "/admin/coupons/PARTY-7",
      true,
    ])
    expect(coupons().byCode("PARTY7")).toMatchObject({ amountNano: 700_000_000, expiresMs: Date.UTC(2027, 0, 1) })
    const { who, agent: theirs } = await someone()
    await theirs.submit(await theirs.get(at("/credits")), "/credits/coupon", { code: "party7" })
    const seen = plainText((await agent.get(at("/admin/coupons/party7"))).text)
    for (const words of ["1 of 2", "$0.70", who.name!, "Redeemed", "/redeem?code=PARTY-7"])
      expect(seen).toContain(words)
    const changed = await agent.submit(await agent.get(at("/admin/coupons/PARTY-7")), "/admin/coupons/PARTY-7", {
      max_uses: "",
      reason: "More",
    })
    expect(plainText(changed.text)).toContain("PARTY-7 now:")
    expect(coupons().byCode("PARTY7")).toMatchObject({ maxUses: null, expiresMs: Date.UTC(2027, 0, 1) })
    const ending = await agent.get(at("/admin/coupons/PARTY-7/ending"))
    const ended = await agent.submit(ending, "/admin/coupons/PARTY-7/ending", { reason: "Over" })
    expect(plainText(ended.text)).toContain("PARTY-7 is over.")
    expect((await agent.get(at("/admin/coupons/PARTY-7"))).forms.some(({ action }) => action.endsWith("PARTY-7"))).toBe(
      false,
    )
    expect((await theirs.get(at("/admin/coupons"))).status).toBe(404)
  })
})

describe("by API", () => {
  test("100 people at once, 10 uses: exactly 10 have it, the books say so, and nobody else learns more than that it does not work", async () => {
    const coupon = await make({ maxUses: 10, amountNano: usd(1) })
    const people: { who: User; key: string }[] = []
    for (let count = 0; count < 100; count++) {
      const who = await makeUser(shop.server.app)
      people.push({ who, key: await keyOf(who, ["manage"]) })
    }
    const answers = await Promise.all(
      people.map(({ key }) => api("POST", "/api/v1/coupons/redeem", key, { code: coupon.code })),
    )
    expect(answers.filter(({ status }) => status === 200).length).toBe(10)
    const refused = answers.filter(({ status }) => status !== 200)
    const said = refused.map(({ status, body, headers }) => [
      status,
      body.code,
      body.param,
      body.detail,
      headers.get("content-type"),
    ])
    expect(new Set(said.map(String)).size).toBe(1)
    expect(said[0]).toEqual([
      422,
      "validation_failed",
      "code",
      "This code does not work. Check it for a typing mistake; it may also be over.",
      "application/problem+json",
    ])
    expect(people.filter(({ who }) => balance(who) === usd(1)).length).toBe(10)
    expect(coupons().byCode(coupon.code)).toMatchObject({ taken: 10, redeemed: 10, costNano: usd(10) })
    expect((await shop.server.app.verification.run({ actor: "cli", requestId: "r", reason: "t" })).ok).toBe(true)
  })

  test("redeem: once for an Idempotency-Key, which another code may not have; a discount is for the checkout; test keys redeem nothing", async () => {
    const coupon = await make({ perPerson: null, amountNano: usd(1) })
    const off = await make({ ...OFF, percent: 5 })
    const who = await makeUser(shop.server.app)
    const key = await keyOf(who, ["manage"])
    const redeem = (code: string, once?: string) => api("POST", "/api/v1/coupons/redeem", key, { code }, once)
    const [first, again] = [await redeem(coupon.code, "k-1"), await redeem(coupon.code, "k-1")]
    expect([first.status, first.body.already, again.body.already, again.body.id === first.body.id]).toEqual([
      200,
      false,
      true,
      true,
    ])
    expect(balance(who)).toBe(usd(1))
    expect((await redeem(off.code, "k-1")).body.code).toBe("idempotency_mismatch")
    const discount = await redeem(off.code)
    expect([discount.status, discount.body.code]).toEqual([409, "conflict"])
    const test = await shop.server.app.keys.create(CTX, { userId: who.id, name: "T", scopes: ["manage"], mode: "test" })
    expect((await api("POST", "/api/v1/coupons/redeem", test.secret, { code: coupon.code })).status).toBe(409)
    for (let tries = 0; tries < 10; tries++) await redeem(`WRONG-${tries}`)
    const limited = await redeem(coupon.code)
    expect([limited.status, limited.body.code, limited.headers.get("retry-after")]).toEqual([
      429,
      "rate_limit_exceeded",
      "600",
    ])
  })

  test("validate: what a code gives and takes off, without taking it; wrong ones alike", async () => {
    const off = await make({ ...OFF, percent: 20, minimumNano: usd(20) })
    const over = await make({ ...OFF, percent: 20, expiresMs: shop.clock.now() })
    const key = await keyOf(await makeUser(shop.server.app), ["manage"])
    const check = async (query: string) => (await api("GET", `/api/v1/coupons/validate?${query}`, key)).body
    expect(await check(`code=${off.code.toLowerCase()}&package=plus`)).toMatchObject({
      valid: true,
      reason: null,
      gives: { kind: "percent", percent: 20 },
      discount: { credits: "5000" },
    })
    expect(await check(`code=${off.code}&package=starter`)).toMatchObject({
      valid: false,
      reason: expect.stringContaining("$20 or more"),
    })
    expect(await check(`code=${off.code}&plan=pro`)).toMatchObject({ valid: true, discount: { credits: "6000" } })
    expect(await check(`code=${over.code}`)).toEqual(await check("code=NO-SUCH-CODE"))
    expect((await api("GET", `/api/v1/coupons/validate?code=${off.code}&package=nothing`, key)).status).toBe(404)
    expect(coupons().byCode(off.code)!.taken).toBe(0)
  })

  test("create, list and end need an admin's permission; what is wrong is named", async () => {
    const ops = await keyOf(admin, ["admin:credits"])
    const own = await keyOf(admin, ["manage"])
    const create = (body: object, key = ops) => api("POST", "/api/v1/coupons/create", key, { reason: "Test", ...body })
    expect((await create({ kind: "percent", percent: 5 }, own)).status).toBe(403)
    const made = await create({
      code: "spring-5",
      kind: "amount",
      usd: "5",
      max_uses: 3,
      only_for: ["package:plus"],
      expires_at: "2030-01-01T00:00:00Z",
    })
    expect(made.body).toMatchObject({
      code: "SPRING-5",
      kind: "amount",
      amount: { nano: "5000000000" },
      state: "active",
      max_uses: 3,
      per_person: 1,
      only_for: ["package:plus"],
      expires_at: "2030-01-01T00:00:00.000Z",
    })
    const errors = async (body: object) => Object.keys((await create(body)).body.errors as object)
    expect(await errors({ kind: "credits" })).toEqual(["credits"])
    expect(await errors({ kind: "amount", usd: "0" })).toEqual(["usd"])
    expect(await errors({ kind: "plan", plan: "none" })).toEqual(["plan"])
    expect(await errors({ kind: "percent", percent: 5, only_for: ["package:none"] })).toEqual(["only_for"])
    expect(await errors({ code: "SPRlNG5", kind: "percent", percent: 5 })).toEqual(["code"])
    const list = (await api("GET", "/api/v1/coupons/list?limit=1", ops)).body as {
      data: { code: string }[]
      next: string
    }
    expect(list.data.map(({ code }) => code)).toEqual(["SPRING-5"])
    expect(typeof list.next).toBe("string")
    const ended = await api("DELETE", "/api/v1/coupons/Spring5", ops)
    expect([ended.status, ended.body.state]).toEqual([200, "ended"])
    expect((await api("DELETE", "/api/v1/coupons/NOTHING-HERE", ops)).status).toBe(404)
  })

  test("stripe/checkout under both names: the order, its page, its coupon; the same Idempotency-Key is the same order", async () => {
    const off = await make({ ...OFF, percent: 20 })
    const who = await makeUser(shop.server.app)
    const key = await keyOf(who, ["manage"])
    const buy = (body: object, once?: string, path = "/api/v1/stripe/checkout") => api("POST", path, key, body, once)
    const first = await buy({ package: "plus", coupon: off.code }, "c-1")
    expect(first.body).toMatchObject({
      object: "checkout",
      state: "open",
      discount: { credits: "5000" },
      url: expect.stringContaining("/pay/"),
    })
    expect((await buy({ package: "plus", coupon: off.code }, "c-1", "/api/ai-api/stripe/checkout")).body).toEqual(
      first.body,
    )
    expect((await buy({ package: "large", coupon: off.code }, "c-1")).body.code).toBe("idempotency_mismatch")
    expect((await buy({ package: "plus" }, "c-1")).body.code).toBe("idempotency_mismatch")
    expect((await buy({ package: "nothing" })).status).toBe(404)
    expect((await buy({ package: "plus", coupon: "NO-SUCH-1" })).body).toMatchObject({
      status: 422,
      code: "validation_failed",
      param: "code",
    })
    shop.stripe.pay(shop.server.app.billing.ordersOf(who.id, 1)[0]!.sessionId!, { with: CARD })
    await shop.stripe.webhooks.idle()
    expect((await buy({ package: "plus", coupon: off.code }, "c-1")).body).toMatchObject({ state: "paid", url: null })
  })

  test("stripe/webhook under both names: what is not signed is refused as a problem, what is signed is taken", async () => {
    for (const path of ["/api/v1/stripe/webhook", "/api/ai-api/stripe/webhook"]) {
      const refused = await fetch(at(path), { method: "POST", body: "{}" })
      expect([refused.status, refused.headers.get("content-type")]).toEqual([400, "application/problem+json"])
      const { signature } = await import("../fakes/stripe/index.ts")
      const { WEBHOOK_SECRET } = await import("../billing/world.ts")
      const body = JSON.stringify({
        id: `evt_${path}`,
        object: "event",
        type: "x.y",
        created: 1,
        livemode: false,
        data: { object: { id: "x" } },
      })
      const signed = signature(body, WEBHOOK_SECRET, Math.floor(shop.clock.now() / 1_000))
      const taken = await fetch(at(path), { method: "POST", headers: { "stripe-signature": signed }, body })
      expect([taken.status, await taken.json()]).toEqual([200, { received: true }])
    }
  })
})
